//! `syncro appointment cancel <id>`: removes an appointment, believed once a GET no longer finds it.

use std::time::Instant;

use super::calendar;
use crate::api::ids::AppointmentId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::users;
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::Allowed;
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Proposal};
use crate::write::{Effect, Noun, Plan, Precondition, Scope, Step};

/// Cancel an appointment
///
/// Removes the appointment from the calendar without sending an email.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment cancel 5560900001
  syncro appointment cancel 5560900001 --yes --json")]
pub struct CancelArgs {
    /// Appointment id, as `syncro appointment list` shows it
    #[arg(value_name = "ID")]
    pub id: u64,
}

/// Runs `syncro appointment cancel`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CancelArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let reader = ctx.reader()?;
    let id = AppointmentId(args.id);
    let found = read(&reader, id).await?;
    let scope = scope(&found);
    let gather = || gather(ctx, &reader, id);
    workflow::run(ctx, &approval, &scope, Allowed::new(), gather).await
}

/// The appointment of that id.
///
/// # Errors
/// Exit 3 when there is none.
pub async fn read(reader: &Reader, id: AppointmentId) -> Result<Record<Appointment>> {
    let none = || {
        Error::new(Kind::NotFound, format!("there is no appointment {id}"))
            .hint("`syncro appointment list` shows the coming ones with their ids")
    };
    match reader.get(appointments::get(id).fresh()).await {
        Ok(found) if found.id == id => Ok(found),
        Ok(_) | Err(crate::api::Error::NotFound { .. } | crate::api::Error::Another { .. }) => {
            Err(none())
        }
        Err(error) => Err(error.into()),
    }
}

/// What a plan about it is about: its ticket, else its customer.
#[must_use]
pub fn scope(appointment: &Appointment) -> Scope {
    let embedded = appointment.ticket.as_ref();
    Scope {
        ticket: appointment.ticket_id.or(embedded.map(|ticket| ticket.id)),
        number: embedded.map(|ticket| ticket.number.clone()),
        customer: appointment.customer(),
    }
}

/// What cancelling the appointment comes to.
///
/// # Errors
/// Exit 3 when there is none; those of the reads.
pub(crate) async fn gather(ctx: &Context, reader: &Reader, id: AppointmentId) -> Result<Proposal> {
    let at = Instant::now();
    let (found, me) =
        tokio::try_join!(read(reader, id), async { Ok(reader.get(users::me()).await?) })?;
    let what = format!("appointment {id}");
    let when = calendar::start(ctx, &found).map(|start| {
        let end = start.saturating_add(calendar::length(&found));
        calendar::span(&start, &end)
    });
    let customer = found.customer.as_ref();
    let preview = Sheet::default()
        .row("Cancel", format!("{} (id {id})", found.summary))
        .maybe("When", when.as_deref())
        .maybe("Customer", customer.map(|customer| customer.name()))
        .by(&me)
        .line("No email is sent")
        .text();
    let thing = Noun::Appointment.record(id);
    let effect = Effect::Deleted { of: thing.clone(), label: what.clone() };
    let step =
        Step::new("cancel_appointment", format!("cancel {what}"), appointments::delete(id), effect)
            .requires(
                Precondition::kept(
                    thing,
                    &what,
                    &found.raw,
                    &["start_at", "customer_id", "ticket_id"],
                )
                .recheck(),
            );
    let plan =
        Plan::new("appointment cancel", format!("Cancel {what}"), ctx.account(&me)?, scope(&found))
            .previewed(preview)
            .step(step)
            .then("appointment list");
    Ok(Proposal { plan, findings: Vec::new(), me: me.view, at })
}
