//! `syncro invoice create <number>`: an invoice of the line items that wait on a ticket, with the guards and checks of
//! `bill`, of which it is the last part.

use crate::operations::Guard;
use crate::workflow::{Overrides, guards};

use crate::commands::bill;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::Result;

/// Make an invoice of the line items that wait on a ticket
///
/// The same guards and checks as `syncro bill`: what it will say is shown first, and compared afterwards. Timer entries
/// are no line items: bill them with `syncro bill --from-timers`. The ticket's status stays.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice create 32178
  syncro invoice create 32178 --yes --json")]
pub struct CreateArgs {
    /// Ticket number, as on its page
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Mend a wrongly empty or $0.00 invoice that this made, with --yes too
    #[arg(long)]
    pub repair: bool,
    /// Guards answered beforehand
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
