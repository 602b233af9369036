//! `syncro timer add`: a timer entry of work that is done.

use super::entry::{WorkArgs, known, person, sold, whole_minutes};
use crate::api::resources::timers::{self, NewTimer};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::commands::spent::{before, began, present};
use crate::context::Context;
use crate::error::{Result, naming_value};
use crate::operations::timer::written;
use crate::operations::{Guard, others};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::ReadSet;

/// Add time spent on a ticket
///
/// Adds a finished timer entry that can be charged later. Without --start, the entry ends now. Asks first if it overlaps
/// other time of the same user on this ticket or recent charged time on another, and says where it overlaps other recent time.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer add 32181 --minutes 30 --labor remote
  syncro timer add 32181 -t 1h15m --start \"yesterday 14:00\" --notes Printer
  syncro timer add 32181 -t 45 --start \"2h ago\" --assignee mika --yes --json")]
pub struct AddArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Time spent: 30 (whole minutes), 1h30m, 1.5h or 1:30
    #[arg(short = 't', long, value_name = "TIME", value_parser = naming_value(whole_minutes), allow_negative_numbers = true)]
    pub minutes: u64,
    /// When, what and by whom
    #[command(flatten)]
    pub work: WorkArgs,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        { guards(&[Guard::Overlap, Guard::Large, Guard::Disabled, Guard::AllowSecrets]) },
    >,
}

/// Runs `syncro timer add`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let goods = args.work.sold.checked(ctx).await?;
    let start = began(ctx, "--start", args.work.start.as_deref())?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    on.keep(&approval, "timer add", args.work.notes.as_deref())?;
    let turn = workflow::begin(ctx, &on.scope())?;
    // Without a start it began so long ago.
    let began = match &start {
        Some((start, _)) => *start,
        None => before(present(on.reader().now()), args.minutes)?,
    };
    let others = others(began, on.reader().now());
    let others = others.iter().fold(ReadSet::NOTHING, ReadSet::collection);
    let (seen, product, user) = tokio::try_join!(
        on.read(others),
        sold(ctx, &on, &goods),
        person(ctx, on.reader(), args.work.user.as_ref()),
    )?;
    let (start, note) = match start {
        Some((start, note)) => (start, note),
        None => (before(present(on.reader().now()), args.minutes)?, None),
    };
    let new = NewTimer {
        start: written(start, &ctx.settings().timezone),
        minutes: Some(args.minutes),
        notes: args.work.notes.clone(),
        product_id: product.as_ref().map(|product| product.id),
        user_id: user.as_ref().map_or(seen.me.user_id, |(id, _)| *id),
    };
    let request = timers::create(seen.ticket.id, &new);
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        remarks: Sheet::default().all_notices(&note),
        ..Writing::of("timer add", seen.scope(), request)?
    };
    let writing = Writing { known: known(seen, product, user), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}
