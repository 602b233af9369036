//! `syncro invoice create <number>`: an invoice of the line items that wait on a ticket, with the guards and checks of
//! `bill`, of which it is the last part.

use std::collections::BTreeSet;

use crate::commands::bill::{self, guards::Guard};
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
    /// Make it although the ticket has an invoice
    #[arg(long)]
    pub again: bool,
    /// Allow a line that costs nothing
    #[arg(long)]
    pub zero: bool,
    /// Make it although a timer is running
    #[arg(long)]
    pub timer_running: bool,
    /// Allow amounts out of the ordinary
    #[arg(long)]
    pub large: bool,
    /// Mend a wrongly empty or $0.00 invoice that this made, with --yes too
    #[arg(long)]
    pub repair: bool,
}

/// Runs `syncro invoice create`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let allowed: BTreeSet<Guard> = [
        (args.again, Guard::Again),
        (args.zero, Guard::Zero),
        (args.timer_running, Guard::TimerRunning),
        (args.large, Guard::Large),
    ]
    .into_iter()
    .filter_map(|(given, guard)| given.then_some(guard))
    .collect();
    bill::invoice_pending_lines(ctx, &args.ticket, allowed, args.repair).await
}
