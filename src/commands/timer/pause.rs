//! `syncro timer pause` and `syncro timer resume`: where the account shows what a timer does.

use super::live::{is_told, live};
use super::stop::chosen;
use crate::api::resources::tickets::Timer;
use crate::api::resources::timers;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::context::Context;
use crate::error::{Error, Hint, Result};
use crate::operations::timer::running;
use crate::operations::{Allowed, Guard};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// Pause a running timer of a ticket
///
/// Only for accounts that can pause timers; elsewhere, stop it.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer pause 32181
  syncro timer pause 32181 --yes --json")]
pub struct PauseArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry, if several are running [default: your running timer]
    #[arg(value_name = "TIMER")]
    pub timer: Option<IdOrName>,
}

/// Resume a paused timer of a ticket
///
/// Asks first if the same user has a timer running that was started in the last three days.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer resume 32181
  syncro timer resume 32181 --yes --json")]
pub struct ResumeArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry, if several are paused [default: your paused timer]
    #[arg(value_name = "TIMER")]
    pub timer: Option<IdOrName>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::TimerRunning]) }>,
}

/// Runs `syncro timer pause`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn pause(ctx: &Context, args: &PauseArgs) -> Result<()> {
    let what = (&args.ticket, args.timer.as_ref(), &Allowed::new());
    set(ctx, what, (timers::PAUSE, Timer::PAUSED), ("timer pause", "timer resume")).await
}

/// Runs `syncro timer resume`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn resume(ctx: &Context, args: &ResumeArgs) -> Result<()> {
    let what = (&args.ticket, args.timer.as_ref(), &args.overrides.allowed);
    set(ctx, what, (timers::START, Timer::RUNNING), ("timer resume", "timer stop")).await
}

async fn set(
    ctx: &Context,
    (ticket, named, allowed): (&TicketArg, Option<&IdOrName>, &Allowed),
    (verb, to): (&str, &str),
    (command, next): (&str, &str),
) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let on = OnTicket::find(ctx, ticket).await?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = on.read(ReadSet::NOTHING.collection(&running())).await?;
    let timer = chosen(ctx, &seen, named).await?;
    let number = &seen.ticket.number;
    is_told(&seen.view)?;
    let shown = live(&seen.view, timer).filter(|_| !seen.view.has_no_such(&running()));
    let Some(shown) = shown else {
        let text = format!("this account does not show whether timer entry {} is paused", timer.id);
        let stop = Hint::from("to stop it: ").line(format!("timer stop {number} {}", timer.id));
        return Err(Error::refused(text).nothing_written().hint(stop));
    };
    if shown["status"] == to {
        let is = to.trim_start_matches("status_");
        return workflow::already(ctx, &format!("Timer entry {} is already {is}", timer.id), false);
    }
    let writing = Writing {
        allowed: allowed.clone(),
        next: Some(format!("{next} {number}")),
        ..Writing::of(command, seen.scope(), timers::act(timer.id, verb))?
    };
    let writing = Writing { known: seen.known(), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}
