//! `syncro line remove`: takes a line item off its ticket. One that is invoiced stays, unless it is said twice.

use super::{find, spelled, still_open};
use crate::api::resources::line_items;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Effect, Noun, ReadSet, Step};

/// Remove a line item from a ticket
///
/// An invoiced line item requires --invoiced-line, because the invoice refers to it.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line remove 32178 2964400007
  syncro line remove 32178 2964400007 --yes --json")]
pub struct RemoveArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Line item id, as `syncro line list` shows it
    #[arg(value_name = "LINE")]
    pub line: u64,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::InvoicedLine]) }>,
}

/// Runs `syncro line remove`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &RemoveArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(&on, args);
    workflow::run(ctx, &approval, &on.scope(), allowed, gather).await
}

/// What removing the line item comes to.
///
/// # Errors
/// Exit 3 when the ticket has no such line item; those of the reads.
pub(crate) async fn gather(on: &OnTicket<'_>, args: &RemoveArgs) -> Result<Proposal> {
    let seen = on.read(ReadSet::NOTHING).await?;
    let line = find(&seen.ticket, args.line)?;
    let text =
        spelled(line.quantity.unwrap_or_default(), &line.name, line.price().unwrap_or_default());
    let what = format!("line item {}", line.id);
    let preview = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Remove", format!("{text}  ({what})"))
        .text();
    let findings = line.converted.then(|| {
        let text =
            format!("{what} is already on an invoice; removing it does not change the invoice");
        Finding::new(Guard::InvoicedLine, text)
    });
    let effect = Effect::Deleted { of: Noun::LineItem.record(line.id), label: what.clone() };
    let write = line_items::remove(seen.ticket.id, line.id);
    let step = Step::new("remove_line", format!("remove {what}"), write, effect)
        .requires(still_open(line));
    let title = format!("Remove a line item from ticket #{}", seen.ticket.number);
    let plan = seen.plan("line remove", title).previewed(preview).step(step);
    Ok(Proposal { plan, findings: findings.into_iter().collect(), me: seen.me.view, at: seen.at })
}
