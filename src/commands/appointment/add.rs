//! `syncro appointment add <number>`: one more appointment for a ticket.

use jiff::{SignedDuration, Zoned};
use serde_json::json;

use crate::account::Lists;
use crate::api::Reader;
use crate::api::ids::{AppointmentTypeId, UserId};
use crate::api::resources::appointments::{self, NewAppointment};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{self, TicketArg, UserArg};
use crate::context::Context;
use crate::dates::{self, Moment};
use crate::error::{Error, Result};
use crate::operations::{Guard, calendar};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// How long an appointment lasts when nothing is said.
const LENGTH: SignedDuration = SignedDuration::from_mins(90);

/// Add an appointment to a ticket
///
/// Shows the weekday, the time zone and overlaps with other appointments. The customer is emailed only with --mail.
/// "Do not invite" can be set only on Syncro's web page.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment add 32181 --start \"tomorrow 2pm\"
  syncro appointment add 32181 --start \"fri 9:30\" --type onsite --yes")]
pub struct AddArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Start time ("tomorrow 2pm", "2026-05-23 14:00")
    #[arg(long, value_name = "WHEN")]
    pub start: String,
    /// End time ("15:30", "+45m") [default: 90 minutes later]
    #[arg(long, value_name = "WHEN")]
    pub end: Option<String>,
    /// Appointment type, from the account's list
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Assignee: a name, an id, or me [default: the ticket's assignee, or you]
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user", "owner"])]
    pub owner: Option<UserArg>,
    /// Location
    #[arg(long, value_name = "TEXT")]
    pub location: Option<String>,
    /// Summary [default: the ticket's subject]
    #[arg(long, value_name = "TEXT")]
    pub summary: Option<String>,
    /// Description of the appointment
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Have Syncro email the appointment to the customer
    #[arg(long)]
    pub mail: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::SameTime,
                Guard::Past,
                Guard::OtherContact,
                Guard::OptedOut,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro appointment add`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let (start, end, notes) = times(ctx, &args.start, args.end.as_deref(), LENGTH)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    on.keep(&approval, "appointment add", args.description.as_deref())?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let start = start.timestamp();
    let (kind, owner, seen) = tokio::try_join!(
        kind(ctx, on.reader(), args.kind.as_deref()),
        owner(ctx, on.reader(), args.owner.as_ref()),
        on.read(ReadSet::NOTHING.collection(&calendar::around(start))),
    )?;
    let ticket = &seen.ticket;
    let request = appointments::create(&NewAppointment {
        summary: args.summary.clone().unwrap_or_else(|| ticket.subject.clone()),
        start,
        end: end.timestamp(),
        ticket: Some(json!(ticket.id)),
        customer: ticket.customer_id,
        kind,
        owner: owner.or(ticket.user_id).or(Some(seen.me.user_id)),
        location: args.location.clone(),
        description: args.description.clone(),
        mailed: args.mail,
    });
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        remarks: Sheet::default().all_notices(&notes),
        ..Writing::of("appointment add", seen.scope(), request)?
    };
    let writing = Writing { known: seen.known(), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

async fn kind(
    ctx: &Context,
    reader: &Reader,
    typed: Option<&str>,
) -> Result<Option<AppointmentTypeId>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let mut lists = Lists::read(ctx, reader).await?;
    let (id, _) = lists.appointment_type(ctx, reader, typed).await?;
    Ok(Some(id))
}

async fn owner(ctx: &Context, reader: &Reader, typed: Option<&UserArg>) -> Result<Option<UserId>> {
    match typed {
        Some(typed) => Ok(Some(resolve::user(ctx, reader, typed).await?.0)),
        None => Ok(None),
    }
}

/// Start and end as typed, in the configured zone, and what should be said of them.
///
/// # Errors
/// Exit 2 for what cannot be understood.
pub fn times(
    ctx: &Context,
    start: &str,
    end: Option<&str>,
    length: SignedDuration,
) -> Result<(Zoned, Zoned, Vec<String>)> {
    let now = ctx.present();
    let start = dates::moment(start, &now).map_err(Error::usage)?;
    until(start, end, length, &now)
}

/// A start that was understood, its end as typed, and what should be said of them.
///
/// # Errors
/// Exit 2 for an end that cannot be understood.
pub fn until(
    start: Moment,
    end: Option<&str>,
    length: SignedDuration,
    now: &Zoned,
) -> Result<(Zoned, Zoned, Vec<String>)> {
    let mut notes: Vec<String> = start.note.map(|note| note.to_string()).into_iter().collect();
    let end = match end {
        Some(typed) => {
            let end = dates::end_seen_from(typed, &start.at, now).map_err(Error::usage)?;
            notes.extend(end.note.map(|note| note.to_string()));
            end.at
        }
        None => start.at.saturating_add(length),
    };
    Ok((start.at, end, notes))
}
