//! `syncro invoice create <number>`: an invoice of the line items that wait on a ticket, guarded, checked and repaired as
//! that of a bill.

use crate::api::resources::invoices;
use crate::commands::bill::repair;
use crate::commands::on_ticket::{OnTicket, customer_of};
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Result, quoted};
use crate::names;
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// Create an invoice from a ticket's uninvoiced line items
///
/// Uses the same guards and checks as `syncro bill`. To bill timer entries, use `syncro bill --from-timers`. The ticket
/// status does not change: the command that sets it follows.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice create 32178
  syncro invoice create 32178 --yes --json")]
pub struct CreateArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Repair an empty or $0.00 invoice created by this command, even with --yes
    #[arg(long)]
    pub repair: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::Again,
                Guard::Zero,
                Guard::TimerRunning,
                Guard::LeaveTimers,
                Guard::Large,
                Guard::Disabled,
            ])
        },
    >,
}

/// Runs `syncro invoice create`.
///
/// # Errors
/// Exit 5 when nothing waits.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = on.read_with_customer(ReadSet::NOTHING.invoices()).await?;
    let request = invoices::create(seen.ticket.id, customer_of(&seen.ticket)?);
    let scope = seen.scope();
    let status = ctx.settings().tickets.after_bill.as_ref();
    let status = status.filter(|status| !names::same(status, &seen.ticket.status));
    let writing = Writing {
        next: status.map(|status| format!("update {} {}", seen.ticket.number, quoted(status))),
        known: seen.known(),
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("invoice create", scope, request)?
    };
    match workflow::write_steps(ctx, &approval, &writing, turn).await? {
        Some(outcome) => repair::report(ctx, &approval, args.repair, outcome).await,
        None => Ok(()),
    }
}
