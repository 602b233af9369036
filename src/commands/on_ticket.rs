//! What a command on one ticket begins with: the number resolved, the ticket read together with whatever else the
//! command rests on and with the key's owner, and the ticket's own number compared with what was typed.

use std::cell::RefCell;
use std::time::Instant;

use crate::api::ids::TicketId;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::users::{self, Me};
use crate::api::{Error as ApiError, Reader, Record, Write};
use crate::commands::resolve::{self, Candidate, IdOrName, Target, TicketArg, named};
use crate::context::Context;
use crate::error::Result;
use crate::operations::{self, Allowed};
pub use crate::operations::{customer_of, whose};
use crate::texts::Place;
use crate::workflow::{self, Approval, Known, Writing};
use crate::write::{Account, Noun, ReadSet, RetryPolicy, Scope, Snapshot, snapshot};

/// A ticket that was typed, and whose id is known or believed to be.
pub struct OnTicket<'a> {
    ctx: &'a Context,
    reader: Reader,
    typed: TicketArg,
    target: RefCell<Target>,
}

/// The ticket as it was read, and what was read with it.
#[derive(Debug)]
pub struct Seen {
    /// The ticket.
    pub ticket: Record<Ticket>,
    /// The key's owner.
    pub me: Record<Me>,
    /// Everything that the look has shown.
    pub view: Snapshot,
    /// The account, for the plan.
    pub account: Account,
    /// When the first read began.
    pub at: Instant,
}

impl Seen {
    /// What a plan on this ticket is about.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let ticket = &self.ticket;
        Scope::of_ticket(ticket.id, ticket.number.clone(), ticket.customer_id)
    }

    /// The same as what a write knows already.
    #[must_use]
    pub fn known(self) -> Known {
        Known { view: self.view, me: Some(self.me), names: None, at: self.at }
    }
}

/// What a ticket has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What will be on its invoice.
    LineItem,
    /// Time spent on it.
    TimerEntry,
}

impl Part {
    /// Those of a ticket, as they are told apart.
    #[must_use]
    pub fn candidates(self, ctx: &Context, ticket: &Ticket) -> Vec<Candidate> {
        let timer = |one: &Record<Timer>| Candidate::timer(one, ctx.settings(), ctx.now());
        match self {
            Self::LineItem => ticket.line_items.iter().map(|one| Candidate::line(one)).collect(),
            Self::TimerEntry => ticket.ticket_timers.iter().map(timer).collect(),
        }
    }

    /// The id of the one that was meant.
    ///
    /// # Errors
    /// Exit 3 when nothing is called so, exit 2 when several are and nobody can be asked.
    pub async fn id_of(self, ctx: &Context, ticket: &Ticket, typed: &IdOrName) -> Result<u64> {
        let noun = match self {
            Self::LineItem => "line item",
            Self::TimerEntry => "timer",
        };
        let whose = format!("ticket #{}", ticket.number);
        named::id_of(ctx, (&whose, noun), typed, &self.candidates(ctx, ticket)).await
    }
}

impl<'a> OnTicket<'a> {
    /// Resolves the number: no request when it is remembered, else one.
    ///
    /// # Errors
    /// Exit 3 when there is no such ticket.
    pub async fn find(ctx: &'a Context, typed: &TicketArg) -> Result<Self> {
        let reader = ctx.reader()?;
        let target = resolve::target(&reader, &ctx.ticket_numbers()?, typed).await?;
        Ok(Self { ctx, reader, typed: typed.clone(), target: RefCell::new(target) })
    }

    /// The reader.
    #[must_use]
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What the command works on, as far as it is known before the ticket is read.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let target = self.target.borrow();
        Scope { ticket: Some(target.id), customer: target.customer, ..Scope::default() }
    }

    /// Where a text waits that was written for `command` and this ticket.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn place(&self, command: &str) -> Result<Place> {
        self.ctx.place(command, self.target.borrow().id.0)
    }

    /// Has the text of `command` kept from now on, for the case that nothing comes of it.
    ///
    /// # Errors
    /// As [`Context::host`].
    pub fn keep(&self, approval: &Approval, command: &str, text: Option<&str>) -> Result<()> {
        let id = self.target.borrow().id.0;
        workflow::keep(self.ctx, approval, command, id, text)
    }

    /// Reads the ticket, `more` and the key's owner at once. A remembered id that turns out to be another ticket's is
    /// looked up anew.
    ///
    /// # Errors
    /// Exit 3 when the ticket is not there; those of the reads.
    pub async fn read(&self, more: ReadSet) -> Result<Seen> {
        let at = Instant::now();
        let first = self.look(more.clone()).await;
        let wrong = match &first {
            Ok((view, _)) => !self.proves(view),
            // What was read for the remembered id or customer was another record.
            Err(error) => matches!(
                error,
                ApiError::NotFound { .. }
                    | ApiError::Another { .. }
                    | ApiError::Unread { .. }
                    | ApiError::Foreign { .. }
                    | ApiError::TooLarge { .. }
            ),
        };
        let remembered = self.target.borrow().remembered;
        let (view, me) = match (&self.typed, wrong) {
            (TicketArg::Number(number), true) if remembered => {
                let found = resolve::find(&self.reader, number).await?;
                self.target.replace(found);
                self.look(more).await?
            }
            _ => first?,
        };
        let ticket = view.ticket().cloned().ok_or_else(|| resolve::not_found(&self.typed))?;
        if !self.proves(&view) {
            return Err(resolve::another(&self.typed, &ticket));
        }
        self.ctx.ticket_numbers()?.remember(&ticket);
        Ok(Seen { account: self.ctx.account(&me)?, ticket, me, view, at })
    }

    /// The same with its customer beside it, where that is known already.
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub async fn read_with_customer(&self, more: ReadSet) -> Result<Seen> {
        let customer = self.target.borrow().customer;
        let customer = customer.map(|id| Noun::Customer.record(id));
        self.read(customer.iter().fold(more, ReadSet::record)).await
    }

    /// What was read, and with it what tells which of the ticket's lines are on an invoice.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn with_invoices(&self, seen: Snapshot) -> Result<Snapshot> {
        let mut view = seen;
        loop {
            let more = view.lacks(operations::invoiced_reads(&view));
            if more.is_nothing() {
                return Ok(view);
            }
            view = view.and(self.look_up(more).await?);
        }
    }

    /// Reads what is lacking yet; nothing, where nothing is.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn look_up(&self, more: ReadSet) -> Result<Snapshot> {
        if more.is_nothing() {
            return Ok(Snapshot::default());
        }
        let ticket = self.scope().ticket;
        Ok(snapshot(&self.reader, ticket, more, RetryPolicy::Retry).await?)
    }

    /// Carries out a write to one of the ticket's own records, of which `request` is made once the ticket is read, and reports
    /// it. For a command that needs nothing else to make it.
    ///
    /// # Errors
    /// See `syncro help exit-codes`.
    pub async fn write_to(
        &self,
        approval: &Approval,
        (command, allowed): (&str, &Allowed),
        (part, typed): (Part, &IdOrName),
        request: impl FnOnce(TicketId, u64) -> Write,
    ) -> Result<()> {
        let turn = workflow::begin(self.ctx, &self.scope())?;
        let seen = self.read(ReadSet::NOTHING).await?;
        let id = part.id_of(self.ctx, &seen.ticket, typed).await?;
        let writing = Writing {
            allowed: allowed.clone(),
            ..Writing::of(command, seen.scope(), request(seen.ticket.id, id))?
        };
        let writing = Writing { known: seen.known(), ..writing };
        workflow::write_in_turn(self.ctx, approval, &writing, turn).await
    }

    fn proves(&self, view: &Snapshot) -> bool {
        let ticket = view.ticket();
        ticket.is_some_and(|ticket| resolve::proves(&self.typed, ticket))
    }

    async fn look(&self, more: ReadSet) -> std::result::Result<(Snapshot, Record<Me>), ApiError> {
        let view = snapshot(&self.reader, self.scope().ticket, more.ticket(), RetryPolicy::Retry);
        tokio::try_join!(view, self.reader.get(users::me()))
    }
}
