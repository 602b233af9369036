//! `syncro delete <number>`: removes a ticket for good. The number is typed again, and nothing is called deleted before
//! the ticket answers 404.

use crate::api::Record;
use crate::api::ids::TicketId;
use crate::api::resources::tickets::{self, Ticket};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{TicketArg, heading};
use crate::commands::typed_again::Again;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Mode, ReadSet};

/// Delete a ticket permanently
///
/// Also deletes its comments, timer entries and line items. To confirm, type the ticket number again; in a script, use
/// --number. A ticket with invoices requires --invoiced.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro delete 32181
  syncro delete 32181 --yes --number 32181")]
pub struct DeleteArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Ticket number again, to confirm in a script
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<TicketArg>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Invoiced]) }>,
}

/// Runs `syncro delete`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let again = args.number.as_ref();
    if again.is_some_and(|number| *number != args.ticket) {
        return Err(Error::usage("--number does not match the ticket").nothing_written());
    }
    if approval.mode() == Mode::Yes && again.is_none() && !approval.is_dry_run() {
        let is = plain(&args.ticket);
        return Err(Again {
            noun: "ticket",
            what: "number",
            flag: "number",
            is: &is,
            heading: String::new(),
        }
        .alone());
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    if approval.may_ask() && again.is_none() && !approval.is_dry_run() {
        again_of(&on.read(ReadSet::NOTHING).await?.ticket).ask(ctx).await?;
    }
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = on.read(ReadSet::NOTHING.comments().invoices()).await?;
    let writing = Writing {
        next: Some("tickets".to_owned()),
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("delete", seen.scope(), tickets::delete(seen.ticket.id))?
    };
    let writing = Writing { known: seen.known(), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

/// Has the number of a ticket said again that was named by its id.
///
/// # Errors
/// Those of [`Again::confirm`]; exit 2 for an id in place of a number.
pub(crate) async fn said_again(
    ctx: &Context,
    approval: &Approval,
    id: TicketId,
    again: Option<&str>,
) -> Result<()> {
    let on = OnTicket::find(ctx, &TicketArg::Id(id)).await?;
    if again.is_none() && approval.is_dry_run() {
        return Ok(());
    }
    let seen = on.read(ReadSet::NOTHING).await?;
    let ticket = again_of(&seen.ticket);
    match again.map(str::parse) {
        Some(Ok(TicketArg::Number(number))) => ticket.confirm(ctx, approval, Some(&number.0)).await,
        // An id is what the path has said already.
        Some(_) => Err(ticket.alone()),
        None => ticket.confirm(ctx, approval, None).await,
    }
}

fn again_of(ticket: &Record<Ticket>) -> Again<'_> {
    let heading = heading(ticket);
    Again { noun: "ticket", what: "number", flag: "number", is: &ticket.number.0, heading }
}

fn plain(typed: &TicketArg) -> String {
    typed.to_string().trim_start_matches('#').to_owned()
}
