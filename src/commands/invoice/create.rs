//! `syncro invoice create <number>`: an invoice of the line items that wait on a ticket, with the guards and checks of
//! `bill`, of which it is the last part.

use crate::operations::Guard;
use crate::workflow::{Overrides, guards};

use crate::commands::bill;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::Result;

/// Create an invoice from a ticket's uninvoiced line items
///
/// Uses the same guards and checks as `syncro bill`. To bill timer entries, use `syncro bill --from-timers`. The ticket
/// status does not change.
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
    pub overrides:
        Overrides<{ guards(&[Guard::Again, Guard::Zero, Guard::TimerRunning, Guard::Large]) }>,
}

/// Runs `syncro invoice create`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    bill::invoice_pending_lines(ctx, &args.ticket, args.overrides.allowed.clone(), args.repair)
        .await
}
