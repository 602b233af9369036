//! `syncro timer delete`: removes a timer entry. One that is charged stays, unless it is said twice.

use super::update::charged;
use super::{KEPT, find};
use crate::api::ids::TimerId;
use crate::api::resources::timers;
use crate::commands::bill::timers::{named, names};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::Result;
use crate::operations::Guard;
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Effect, Noun, Precondition, ReadSet, Step};

/// Delete a timer entry of a ticket
///
/// A charged entry requires --charged-timer; its line item stays on the ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer delete 32168 48700003
  syncro timer delete 32168 48700003 --yes --json")]
pub struct DeleteArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry id
    #[arg(value_name = "TIMER")]
    pub timer: u64,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::ChargedTimer]) }>,
}

/// Runs `syncro timer delete`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &on, args);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// What deleting the entry comes to.
///
/// # Errors
/// Exit 3 when the ticket has no such entry; those of the reads.
pub(crate) async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &DeleteArgs,
) -> Result<Proposal> {
    let seen = on.read(ReadSet::NOTHING).await?;
    let timer = find(&seen.ticket, TimerId(args.timer))?;
    let names = names(ctx, on.reader(), &seen.ticket, &seen.me, [&timer.view]).await;
    let what = format!("timer entry {}", timer.id);
    let zone = &ctx.settings().timezone;
    let state = match (timer.is_running(), timer.recorded, timer.seconds()) {
        (true, ..) => "running".to_owned(),
        (_, true, _) => "charged".to_owned(),
        (.., seconds) => format!("{}, not charged", when::length(seconds.unwrap_or(0) / 60)),
    };
    let preview = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Delete", named(timer, &seen.ticket, &seen.me, &names, zone))
        .row("", state)
        .maybe("Notes", Some(&timer.notes).filter(|notes| !notes.is_empty()))
        .text();
    let of = Noun::Timer.record(timer.id);
    let given = Precondition::kept(of.clone(), &what, &timer.raw, &KEPT).recheck();
    let effect = Effect::Deleted { of, label: what.clone() };
    let write = timers::delete(seen.ticket.id, timer.id);
    let step = Step::new("delete_timer", format!("delete {what}"), write, effect).requires(given);
    let findings = charged(timer, "would stay");
    let title = format!("Delete a timer entry of ticket #{}", seen.ticket.number);
    let plan = seen.plan("timer delete", title).previewed(preview).step(step);
    Ok(Proposal { plan, findings, me: seen.me.view, at: seen.at })
}
