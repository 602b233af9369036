//! Writes on a ticket that no route leads to yet: a step as its command made it, and the ticket's status after a bill.

use super::on_ticket;
use super::rule::{Call, Env, Proposed, Rule};
use crate::api::ids::TicketId;
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::write::{ReadSet, Scope, Snapshot, Step};

/// A write of which its command knows the step.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) ticket: TicketId,
    pub(super) write: Write,
}

#[derive(Debug)]
pub(super) enum Write {
    /// A step, and what is shown of it.
    Step(Box<Step>, Sheet),
    /// The ticket gets this status.
    Status(String),
}

impl Rule for Given {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        ReadSet::NOTHING.ticket()
    }

    fn propose(&self, _call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let sheet = on_ticket::sheet(ticket, env);
        let (sheet, step) = match &self.write {
            Write::Step(step, rows) => (sheet.and(rows.clone()), Step::clone(step)),
            Write::Status(to) => {
                let step = Step::status(ticket, to);
                (sheet.row("Change", &step.report), step)
            }
        };
        Ok(Proposed {
            title: step.description.clone(),
            sheet,
            findings: Vec::new(),
            step,
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}
