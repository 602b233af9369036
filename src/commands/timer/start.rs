//! `syncro timer start`: a timer entry that runs from now on.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Present, SoldArgs, person, product_name, sold, written};
use crate::api::Record;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::{self, Timer};
use crate::api::resources::timers::{self, NewTimer};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::{TicketArg, UserArg};
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Collection, Effect, Field, ReadSet, Step};

/// How far back running timers are looked for on other tickets, and how many pages of them at most.
const BACK: SignedDuration = SignedDuration::from_hours(72);
const PAGES: u64 = 8;

/// Start a timer on a ticket
///
/// Starts now, by the server's clock. Asks first if the same user already has a timer running on this ticket, or one
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
    #[arg(long, value_name = "USER")]
    pub user: Option<UserArg>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::TimerRunning, Guard::AllowSecrets]) }>,
}

/// Runs `syncro timer start`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &StartArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    args.sold.id(ctx.settings())?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let present = Present::default();
    let gather = || gather(ctx, &on, args, &present);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &StartArgs,
    present: &Present,
) -> Result<Proposal> {
    let product = args.sold.id(ctx.settings())?;
    let (seen, running, product, user) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        running(on),
        sold(on, product),
        person(on.reader(), args.user.as_ref()),
    )?;
    let zone = &ctx.settings().timezone;
    let now = present.of(on.reader());
    let me = || (seen.me.user_id, seen.me.user_name.clone());
    let (user, name) = user.unwrap_or_else(me);
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Timer", format!("running from {}", when::at_in_zone(now, zone)))
        .maybe("User", (user != seen.me.user_id).then_some(&name))
        .maybe("Notes", args.notes.as_ref())
        .maybe("Product", product.as_ref().map(product_name));
    let new = NewTimer {
        start: written(now, zone),
        minutes: None,
        notes: args.notes.clone(),
        product_id: product.as_ref().map(|product| product.id),
        user_id: user,
    };
    let since = when::at_in_zone(now, zone);
    let step = Step::new(
        "timer",
        format!("start a timer at {since}"),
        timers::create(seen.ticket.id, &new),
        effect(&new, None),
    )
    .reports(format!("running since {since}"));
    let title = format!("Start a timer on ticket #{}", seen.ticket.number);
    let plan = seen
        .plan("timer start", title)
        .previewed(sheet.text())
        .step(step)
        .then(format!("timer stop {}", seen.ticket.number));
    Ok(Proposal {
        findings: findings(ctx, on, &seen, &running, user).await?,
        plan,
        me: seen.me.view,
        at: seen.at,
    })
}

/// A new entry: ours by whose it is and when it begins. What it says may be lost on the way, which is only pointed out.
pub(super) fn effect(new: &NewTimer, end: Option<String>) -> Effect {
    let mut like = vec![
        Field::called("start_time", "start", new.start.as_str()),
        Field::called("user_id", "user", new.user_id.0).identifying(),
    ];
    let end = Field::called("end_time", "end", end.map_or(Value::Null, Value::from));
    let mut check = like.clone();
    check.push(end.clone());
    if !end.expected.is_null() {
        like.push(end);
    }
    let notes = new.notes.as_deref();
    check.extend(notes.map(|notes| Field::new("notes", notes).advisory()));
    let product = new.product_id;
    check.extend(product.map(|id| Field::called("product_id", "product", id.0).advisory()));
    Effect::created(Collection::TIMERS).like(like).check(check)
}

/// Everybody's timers that run, as far as they were entered of late: the list cannot be asked for those alone.
///
/// # Errors
/// Those of the reads.
pub(crate) async fn running(on: &OnTicket<'_>) -> Result<Vec<Record<Timer>>> {
    let since = Timestamp::now().checked_sub(BACK).unwrap_or(Timestamp::MIN);
    let list = tickets::timers()
        .with("created_at_gt", since.strftime("%Y-%m-%d"))
        .unless_longer_than(PAGES)
        .fresh();
    let found = on.reader().matching(list, Timer::is_running).await?;
    Ok(found.items)
}

/// The question about another timer of `user` that runs.
///
/// # Errors
/// Those of the reads.
pub(crate) async fn findings(
    ctx: &Context,
    on: &OnTicket<'_>,
    seen: &Seen,
    everywhere: &[Record<Timer>],
    user: UserId,
) -> Result<Vec<Finding>> {
    let theirs = |timer: &&Record<Timer>| timer.is_running() && timer.user_id == Some(user);
    let here = seen.ticket.ticket_timers.iter().find(theirs);
    let elsewhere = || {
        let mut others = everywhere.iter().filter(theirs);
        others.find(|timer| timer.ticket_id.is_some_and(|id| id != seen.ticket.id))
    };
    let Some(timer) = here.or_else(elsewhere) else {
        return Ok(Vec::new());
    };
    let place = match timer.ticket_id.filter(|id| *id != seen.ticket.id) {
        Some(other) => named(on, other).await?,
        None => "this ticket".to_owned(),
    };
    let whose = match user == seen.me.user_id {
        true => "your timer".to_owned(),
        false => format!("a timer of user {user}"),
    };
    let zone = &ctx.settings().timezone;
    let since = timer.start_time.map(|at| when::at_in_zone(at, zone));
    let since = since.map_or_else(String::new, |since| format!(" since {since}"));
    let text = format!("{whose} is running on {place}{since} ({})", timer.id);
    Ok(vec![Finding::new(Guard::TimerRunning, text)])
}

/// Another ticket by the number that people know it by.
async fn named(on: &OnTicket<'_>, id: TicketId) -> Result<String> {
    let ticket = on.reader().get(tickets::get(id)).await?;
    Ok(format!("ticket #{}", ticket.number))
}
