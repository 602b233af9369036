//! A new appointment: on a ticket that is there or that an earlier step makes, of a customer, or of nobody.

use serde_json::Value;

use super::super::calendar::{self, Times};
use super::super::guard::{Finding, Guard};
use super::super::on_ticket::{self, NewTicket};
use super::super::rule::{Call, Env, Proposed};
use super::email::Recipients;
use super::fields::{AppointmentFields, past};
use crate::api::ids::{CustomerId, TicketId, UserId};
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::write::{Collection, Effect, Field, Noun, ReadSet, Scope, Snapshot, Step, same_value};

/// What a new one belongs to.
#[derive(Debug)]
pub(super) enum Parent {
    Ticket(TicketId),
    /// A ticket that an earlier step makes.
    NewTicket(String),
    Customer(CustomerId),
    Nobody,
}

/// A new appointment.
#[derive(Debug)]
pub(super) struct New {
    pub(super) parent: Parent,
    /// Where it will be found: among those of its ticket, else in the calendar.
    pub(super) list: Collection,
}

impl New {
    /// The one that `fields` make; none where nothing tells it from others.
    pub(super) fn of(fields: &AppointmentFields) -> Option<Self> {
        fields.get("summary")?;
        let (ticket, customer) = (fields.number("ticket_id"), fields.number("customer_id"));
        let parent = match (on_ticket::token(&fields.0), ticket, customer) {
            (Some(token), ..) => Parent::NewTicket(token),
            (None, Some(ticket), _) => Parent::Ticket(TicketId(ticket)),
            (None, None, Some(customer)) => Parent::Customer(CustomerId(customer)),
            (None, None, None) => Parent::Nobody,
        };
        fields.get("start_at")?;
        let list = match &parent {
            Parent::Ticket(_) | Parent::NewTicket(_) => Collection::APPOINTMENTS,
            // One that cannot be read is refused before anything is.
            _ => calendar::around(fields.start().unwrap_or_default()),
        };
        Some(Self { parent, list })
    }

    /// What is read besides the calendar.
    pub(super) fn reads(&self, scope: &Scope) -> ReadSet {
        match self.parent {
            Parent::NewTicket(_) => on_ticket::of_customer(scope.customer),
            Parent::Customer(id) => on_ticket::of_customer(Some(id)).collection(&self.list),
            Parent::Ticket(_) | Parent::Nobody => ReadSet::NOTHING.collection(&self.list),
        }
    }

    /// What a new one comes to.
    pub(super) fn propose(
        &self,
        fields: &AppointmentFields,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
    ) -> Result<Proposed> {
        let times = fields.times(&env.settings.timezone);
        let owners = match fields.owners() {
            none if none.is_empty() => vec![env.me.user_id],
            owners => owners,
        };
        let overlaps = match &times {
            Some(times) => fields.overlaps(seen, times, &owners, None)?,
            None => Vec::new(),
        };
        let says = times.as_ref().map(Times::says);
        let names: Vec<String> = owners.iter().map(|id| owner_name(*id, env)).collect();
        let kind = fields.kind().map(|id| match env.names.appointment_type(id) {
            Some(name) => name.to_owned(),
            None => format!("id {id}"),
        });
        let to = self.recipients(fields, seen, env)?;
        let rows = Sheet::default()
            .maybe("Appointment", says.as_deref())
            .row("Summary", fields.said("summary").unwrap_or_default())
            .row("Owner", names.join(", "))
            .maybe("Type", kind)
            .maybe("Location", fields.said("location"));
        let rows = fields
            .emailed(rows, to.as_ref())
            .all_notices(&overlaps)
            .line("\"Do not invite\" can be set only on Syncro's web page");
        let report = says.unwrap_or_default();
        let effect = self.effect(fields);
        let step = call.step("appointment", format!("make the appointment of {report}"), effect);
        let mut proposed = self.under(fields, seen, env, rows, step.reports(report))?;
        if let Some(to) = to {
            proposed.findings.extend(to.findings());
            proposed.step = to.asked(proposed.step);
        }
        Ok(proposed)
    }

    /// Whoever may get it, where it is emailed to somebody.
    fn recipients(
        &self,
        fields: &AppointmentFields,
        seen: &Snapshot,
        env: &Env<'_>,
    ) -> Result<Option<Recipients>> {
        if !fields.is_emailed() {
            return Ok(None);
        }
        Ok(match &self.parent {
            Parent::Ticket(id) => {
                let ticket = on_ticket::ticket(seen, *id)?;
                Some(Recipients::on(ticket, on_ticket::customer(seen, ticket)?))
            }
            Parent::NewTicket(token) => {
                let ticket = NewTicket::of(token, seen, env)?;
                Some(Recipients::of(ticket.contact().cloned(), ticket.customer))
            }
            Parent::Customer(id) => {
                Some(Recipients::of(None, on_ticket::read_customer(seen, *id)?))
            }
            Parent::Nobody => None,
        })
    }

    /// The step that makes it, with what it belongs to.
    fn under(
        &self,
        fields: &AppointmentFields,
        seen: &Snapshot,
        env: &Env<'_>,
        rows: Sheet,
        step: Step,
    ) -> Result<Proposed> {
        let mut proposed = Proposed {
            title: "Add an appointment".to_owned(),
            sheet: Sheet::default(),
            findings: self.findings(fields, seen, env),
            step,
            whose: None,
            scope: Scope::default(),
        };
        let head = match &self.parent {
            Parent::Ticket(id) => {
                let ticket = on_ticket::ticket(seen, *id)?;
                // Syncro might email that one, and show it the appointment.
                on_ticket::not_anothers(&fields.0, ticket)?;
                proposed.findings.extend(on_ticket::disabled_on(seen, ticket));
                let of = Noun::Ticket.record(ticket.id);
                let read = on_ticket::customer(seen, ticket).ok();
                let enabled = on_ticket::enabled_in(of, &ticket.raw, ticket.customer_id);
                let enabled = enabled.or_else(|| on_ticket::as_enabled(read.as_ref()?));
                proposed.step = enabled.into_iter().fold(proposed.step, Step::requires);
                proposed.title = format!("Add an appointment to ticket #{}", ticket.number);
                proposed.whose = Some(on_ticket::whose(ticket));
                proposed.scope = on_ticket::scope(ticket);
                Sheet::default().ticket(ticket).whose(ticket)
            }
            Parent::NewTicket(token) => {
                let ticket = NewTicket::of(token, seen, env)?;
                proposed.scope = Scope::of_customer(ticket.customer.id);
                proposed.step = proposed.step.requires(ticket.whose(fields.is_emailed()));
                proposed.whose = Some(on_ticket::named(&ticket.customer));
                Sheet::default().customer(&ticket.customer)
            }
            Parent::Customer(id) => {
                let customer = on_ticket::read_customer(seen, *id)?;
                proposed.scope = Scope::of_customer(*id);
                proposed.whose = Some(on_ticket::named(&customer));
                proposed.findings.extend(on_ticket::disabled(&customer));
                let enabled = on_ticket::as_enabled(&customer).into_iter();
                proposed.step = enabled.fold(proposed.step, Step::requires);
                Sheet::default().customer(&customer)
            }
            Parent::Nobody => Sheet::default().row("Customer", "none"),
        };
        proposed.sheet = head.by(env.me).and(rows);
        Ok(proposed)
    }

    /// The new one: on a ticket it is known by its start alone, in everybody's calendar by its summary, too.
    fn effect(&self, fields: &AppointmentFields) -> Effect {
        let field = |name: &str| Some(Field::new(name, fields.get(name)?.clone()));
        let summary = field("summary");
        let (like, check) = match self.list.is_part_of_ticket() {
            true => (None, summary.map(Field::advisory)),
            false => (summary, None),
        };
        let end = fields.get("end_at");
        let end = end.map(|end| Field::called("end_at", "end", end.clone()));
        Effect::created(self.list.clone())
            .like(field("start_at").into_iter().chain(like))
            .check(end.into_iter().chain(check))
    }

    fn findings(&self, fields: &AppointmentFields, seen: &Snapshot, env: &Env<'_>) -> Vec<Finding> {
        let Some(start) = fields.start() else {
            return Vec::new();
        };
        let begins = Value::from(start.to_string());
        let of_ticket = match &self.parent {
            Parent::Ticket(_) => seen.records(&Collection::APPOINTMENTS),
            _ => Vec::new(),
        };
        let same = of_ticket.into_iter().any(|one| same_value(&one["start_at"], &begins));
        let same = same.then(|| {
            let text = "the ticket has an appointment that begins at the same time";
            Finding::new(Guard::SameTime, text)
        });
        same.into_iter().chain(past(start, env)).collect()
    }
}

fn owner_name(id: UserId, env: &Env<'_>) -> String {
    match id == env.me.user_id {
        true => env.me.user_name.clone(),
        false => env.names.user(id),
    }
}
