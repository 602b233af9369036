//! `syncro delete <number>`: removes a ticket for good. The number is typed again, and nothing is called deleted before
//! the ticket answers 404.

use crate::api::ids::TicketId;
use crate::api::resources::tickets;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::Guard;
use crate::ui::Ui;
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
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let again = args.number.as_ref();
    if again.is_some_and(|number| *number != args.ticket) {
        return Err(Error::usage("--number does not match the ticket").nothing_written());
    }
    if approval.mode() == Mode::Yes && again.is_none() && !approval.is_dry_run() {
        return Err(alone(&plain(&args.ticket)));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    if approval.may_ask() && again.is_none() && !approval.is_dry_run() {
        typed_again(ctx, &on, &plain(&args.ticket)).await?;
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
/// Exit 2 without the number in a script, and for another one; exit 9 for another one on a terminal.
pub(crate) async fn said_again(
    ctx: &Context,
    approval: &Approval,
    id: TicketId,
    again: Option<&TicketArg>,
) -> Result<()> {
    let on = OnTicket::find(ctx, &TicketArg::Id(id)).await?;
    if again.is_none() && approval.is_dry_run() {
        return Ok(());
    }
    if again.is_none() && approval.mode() == Mode::Ask {
        return typed_again(ctx, &on, "").await;
    }
    let number = on.read(ReadSet::NOTHING).await?.ticket.view.number;
    match again {
        None | Some(TicketArg::Id(_)) => Err(alone(&number.0)),
        Some(TicketArg::Number(typed)) if *typed == number => Ok(()),
        Some(_) => {
            Err(Error::usage(format!("--number does not match ticket #{number}")).nothing_written())
        }
    }
}

/// The refusal of `--yes` without the number.
fn alone(number: &str) -> Error {
    Error::usage("--yes alone does not delete a ticket")
        .nothing_written()
        .hint(format!("to proceed anyway: --yes --number {number}"))
}

fn plain(typed: &TicketArg) -> String {
    typed.to_string().trim_start_matches('#').to_owned()
}

/// Has the number typed once more, beside the ticket's own subject.
///
/// # Errors
/// Exit 9 for another one than the ticket's own, or than what was typed before.
async fn typed_again(ctx: &Context, on: &OnTicket<'_>, typed_before: &str) -> Result<()> {
    let seen = on.read(ReadSet::NOTHING).await?;
    ctx.ui().note(&crate::commands::resolve::heading(&seen.ticket));
    let ask = |ui: &Ui| {
        let question = "Type the ticket number to delete it (Enter to cancel)";
        ui.input(question, None, |typed| Ok(typed.to_owned()))
    };
    let typed = ctx.blocking(ask).await?;
    let same = typed.trim().trim_start_matches('#') == seen.ticket.number.0
        || typed.trim() == typed_before;
    if same {
        return Ok(());
    }
    let why = match typed.trim() {
        "" => "cancelled",
        _ => "the number does not match",
    };
    Err(Error::new(Kind::Cancelled, why).nothing_written())
}
