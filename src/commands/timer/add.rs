//! `syncro timer add`: a timer entry of work that is done.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::start::effect;
use super::{Present, SoldArgs, ended, person, product_name, sold, whole_minutes, written};
use crate::api::ids::UserId;
use crate::api::resources::timers::{self, NewTimer};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::{TicketArg, UserArg};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{ReadSet, Step};

/// Add time spent on a ticket
///
/// Adds a finished timer entry that can be charged later. Without --start, the entry ends now. Asks first if it overlaps
/// other time of the same user on this ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer add 32181 --minutes 30 --labor remote
  syncro timer add 32181 --minutes 1h15m --start \"yesterday 14:00\" --notes \"Moved the printer\"
  syncro timer add 32181 --minutes 45 --start 9:30 --user mika --yes --json")]
pub struct AddArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Time spent: 30 (whole minutes), 1h30m or 1.5h
    #[arg(long, value_name = "TIME", value_parser = whole_minutes, allow_negative_numbers = true)]
    pub minutes: u64,
    /// Start time: 9:30, "yesterday 14:00", "2h ago", "2026-05-23 14:00" [default: now minus --minutes]
    #[arg(long, value_name = "WHEN")]
    pub start: Option<String>,
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
    pub overrides: Overrides<{ guards(&[Guard::Overlap, Guard::Large, Guard::AllowSecrets]) }>,
}

/// Runs `syncro timer add`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    args.sold.id(ctx.settings())?;
    let start = began(ctx, args.start.as_deref())?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let present = Present::default();
    let gather = || gather(ctx, &on, args, start.as_ref(), &present);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// When work began, as it was typed, and what should be said of it.
///
/// # Errors
/// Exit 2 for what cannot be understood, or lies ahead.
pub(super) fn began(
    ctx: &Context,
    typed: Option<&str>,
) -> Result<Option<(Timestamp, Option<String>)>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let now = Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let found =
        dates::past_moment(typed, &now).map_err(|why| Error::usage(format!("--start: {why}")))?;
    let note = found.note.map(|note| note.to_string());
    Ok(Some((found.at.timestamp(), note)))
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &AddArgs,
    typed: Option<&(Timestamp, Option<String>)>,
    present: &Present,
) -> Result<Proposal> {
    let product = args.sold.id(ctx.settings())?;
    let (seen, product, user) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        sold(on, product),
        person(on.reader(), args.user.as_ref()),
    )?;
    let zone = &ctx.settings().timezone;
    let length = when::length(args.minutes);
    let start = match typed {
        Some((start, _)) => *start,
        None => before(present.of(on.reader()), args.minutes)?,
    };
    let end = ended(start, args.minutes)?;
    let me = || (seen.me.user_id, seen.me.user_name.clone());
    let (user, name) = user.unwrap_or_else(me);
    let range = when::range(start, Some(end), zone);
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Time", format!("{length}, {range} {}", when::zone_name(zone, start)))
        .all_notices(typed.and_then(|(_, note)| note.as_ref()))
        .maybe("User", (user != seen.me.user_id).then_some(&name))
        .maybe("Notes", args.notes.as_ref())
        .maybe("Product", product.as_ref().map(product_name));
    let new = NewTimer {
        start: written(start, zone),
        minutes: Some(args.minutes),
        notes: args.notes.clone(),
        product_id: product.as_ref().map(|product| product.id),
        user_id: user,
    };
    let step = Step::new(
        "timer",
        format!("add {length} from {}", when::at_in_zone(start, zone)),
        timers::create(seen.ticket.id, &new),
        effect(&new, Some(written(end, zone))),
    )
    .reports(format!("{length}, {range}"));
    let title = format!("Add time to ticket #{}", seen.ticket.number);
    let plan =
        seen.plan("timer add", title).noticing(sheet.notices()).previewed(sheet.text()).step(step);
    Ok(Proposal {
        findings: findings(ctx, &seen, user, (start, end), args.minutes),
        plan,
        me: seen.me.view,
        at: seen.at,
    })
}

/// So many minutes before now.
fn before(now: Timestamp, minutes: u64) -> Result<Timestamp> {
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX);
    let length = jiff::SignedDuration::try_from_mins(minutes);
    length
        .and_then(|length| now.checked_sub(length).ok())
        .ok_or_else(|| Error::usage("the time is too long for a timer entry"))
}

/// What speaks against an entry of `user` from `start` to `end`.
pub(crate) fn findings(
    ctx: &Context,
    seen: &Seen,
    user: UserId,
    (start, end): (Timestamp, Timestamp),
    minutes: u64,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let zone = &ctx.settings().timezone;
    let overlapped = seen.ticket.ticket_timers.iter().find(|timer| {
        let until = timer.end_time.unwrap_or(Timestamp::MAX);
        let overlaps = timer.start_time.is_some_and(|from| from < end && start < until);
        overlaps && timer.user_id == Some(user)
    });
    if let Some(timer) = overlapped {
        let range = timer
            .start_time
            .map(|from| when::range(from, timer.end_time, zone))
            .unwrap_or_default();
        let text = format!("it overlaps timer entry {} of the same user ({range})", timer.id);
        findings.push(Finding::new(Guard::Overlap, text));
    }
    let most = ctx.settings().guards.large_hours;
    if Decimal::from(minutes) / Decimal::from(60) > most {
        let text = format!(
            "{} is unusually long (more than {} hours)",
            when::length(minutes),
            most.normalize()
        );
        findings.push(Finding::new(Guard::Large, text));
    }
    findings
}
