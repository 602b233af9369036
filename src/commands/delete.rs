//! `syncro delete <number>`: removes a ticket for good. The number is typed again, and nothing is called deleted before
//! the ticket answers 404.

use crate::api::resources::tickets;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Finding, Guard};
use crate::render::counted;
use crate::render::preview::Sheet;
use crate::ui::Ui;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Effect, Mode, Noun, Precondition, ReadSet, Snapshot, Step};

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
        return Err(Error::usage("--number does not match the ticket; nothing was written"));
    }
    if approval.mode() == Mode::Yes && again.is_none() && !approval.is_dry_run() {
        return Err(alone(&plain(&args.ticket)));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    if approval.may_ask() && again.is_none() && !approval.is_dry_run() {
        typed_again(ctx, &on, &plain(&args.ticket)).await?;
    }
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(&on);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// The refusal of `--yes` without the number.
pub(crate) fn alone(number: &str) -> Error {
    Error::usage("--yes alone does not delete a ticket; nothing was written")
        .hint(format!("to proceed anyway: --yes --number {number}"))
}

fn plain(typed: &TicketArg) -> String {
    typed.to_string().trim_start_matches('#').to_owned()
}

/// Has the number typed once more, beside the ticket's own subject.
///
/// # Errors
/// Exit 9 for another one than the ticket's own, or than what was typed before.
pub(crate) async fn typed_again(
    ctx: &Context,
    on: &OnTicket<'_>,
    typed_before: &str,
) -> Result<()> {
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
    Err(Error::new(Kind::Cancelled, format!("{why}; nothing was written")))
}

/// What deleting the ticket comes to.
///
/// # Errors
/// Those of the reads.
pub(crate) async fn gather(on: &OnTicket<'_>) -> Result<Proposal> {
    let seen = on.read(ReadSet::NOTHING.comments().invoices()).await?;
    let ticket = &seen.ticket;
    let what = format!("ticket #{}", ticket.number);
    let lost = [
        counted(seen.view.comments().len(), "comment", "comments"),
        counted(ticket.line_items.len(), "line item", "line items"),
        counted(ticket.ticket_timers.len(), "timer entry", "timer entries"),
        counted(ticket.appointments.len(), "appointment", "appointments"),
    ];
    let lost = lost.join(", ");
    let preview = Sheet::default()
        .ticket(ticket)
        .whose(ticket)
        .by(&seen.me)
        .row("Status", &ticket.status)
        .row("Delete", format!("permanently, with {lost}"))
        .text();
    let findings = invoiced(&seen.view, &what);
    let thing = Noun::Ticket.record(ticket.id);
    let effect = Effect::Deleted { of: thing.clone(), label: what.clone() };
    let step =
        Step::new("delete_ticket", format!("delete {what}"), tickets::delete(ticket.id), effect)
            .requires(
                Precondition::kept(thing, &what, &ticket.raw, &["subject", "customer_id"])
                    .recheck(),
            );
    let plan =
        seen.plan("delete", format!("Delete {what}")).previewed(preview).step(step).then("tickets");
    Ok(Proposal { plan, findings: findings.into_iter().collect(), me: seen.me.view, at: seen.at })
}

/// An invoice of the ticket, as a guard's finding.
#[must_use]
pub fn invoiced(view: &Snapshot, what: &str) -> Option<Finding> {
    view.invoices().first().map(|invoice| {
        let text =
            format!("{what} has invoice #{}, which would stay without a ticket", invoice.number);
        Finding::new(Guard::Invoiced, text)
    })
}
