//! `syncro timer start`: a timer entry that runs from now on.

use super::entry::{SoldArgs, known, person, sold};
use super::list::headings;
use super::live::is_newer;
use crate::api::resources::timers::{self, NewTimer};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::{TicketArg, UserArg};
use crate::commands::spent::{forgotten, present};
use crate::context::Context;
use crate::error::Result;
use crate::operations::timer::{running, written};
use crate::operations::{Guard, running_since};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// Start a timer on a ticket
///
/// Starts now, by the server's clock; your paused timer on the ticket goes on instead. Asks first if the same user already has a timer running on this ticket, or one
/// started in the last three days on another ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer start 32181
  syncro timer start 32181 --labor remote --notes \"On the phone\"
  syncro timer start 32181 --yes --timer-running --json")]
pub struct StartArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Description of the work; used for the line item when the time is charged
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Product or labor type
    #[command(flatten)]
    pub sold: SoldArgs,
    /// User who spent the time: a name, an id, or me [default: me]
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user", "owner"])]
    pub user: Option<UserArg>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides:
        Overrides<{ guards(&[Guard::TimerRunning, Guard::Disabled, Guard::AllowSecrets]) }>,
}

/// Runs `syncro timer start`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &StartArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let goods = args.sold.checked(ctx).await?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    on.keep(&approval, "timer start", args.notes.as_deref())?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let (seen, product, user) = tokio::try_join!(
        on.read(ReadSet::NOTHING.collection(&running())),
        sold(ctx, &on, &goods),
        person(ctx, on.reader(), args.user.as_ref()),
    )?;
    let new = NewTimer {
        start: written(present(on.reader().now()), &ctx.settings().timezone),
        minutes: None,
        notes: args.notes.clone(),
        product_id: product.as_ref().map(|product| product.id),
        user_id: user.as_ref().map_or(seen.me.user_id, |(id, _)| *id),
    };
    // The newer way is the key's owner's alone.
    let is_own = new.user_id == seen.me.user_id;
    let request = match is_own && is_newer(&seen.view) {
        true => timers::begin(seen.ticket.id, new.notes.as_deref(), new.product_id),
        false => timers::create(seen.ticket.id, &new),
    };
    if is_own && !seen.view.shows_none(&running()) {
        mention_forgotten(ctx, &on, &seen).await;
    }
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        next: Some(format!("timer stop {}", seen.ticket.number)),
        ..Writing::of("timer start", seen.scope(), request)?
    };
    let writing = Writing { known: known(seen, product, user), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

/// Names the timers of the key's owner that somebody has forgotten to stop on other tickets.
async fn mention_forgotten(ctx: &Context, on: &OnTicket<'_>, seen: &Seen) {
    let timers = match forgotten(on.reader(), seen.me.user_id, seen.ticket.id).await {
        Ok(timers) => timers,
        // Nothing of the start rests on it.
        Err(why) => {
            let text = "cannot tell whether you forgot to stop a timer on another ticket";
            return ctx.ui().warn(&format!("{text}: {why}"));
        }
    };
    let tickets = timers.iter().filter_map(|timer| timer.ticket_id);
    let numbers = headings(ctx, on.reader(), tickets).await;
    for timer in timers {
        let Some(ticket) = timer.ticket_id else { continue };
        let number = numbers.get(&ticket).map(|(number, _)| number.clone());
        let number = number.unwrap_or_else(|| format!("id:{ticket}"));
        let stop = seen.account.command(&format!("timer stop {number} {}", timer.id));
        let since = running_since(&timer, &ctx.settings().timezone);
        ctx.ui().warn(&format!("your {since}: {stop}"));
    }
}
