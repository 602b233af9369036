//! `syncro timer update`: changes when an entry began, how long it took, what was done and what it is sold as. A length
//! ends one that runs.

use serde_json::json;

use super::add::began;
use super::{
    KEPT, SoldArgs, Wanted, body, ended, find, person, product_name, sold, whole_minutes, written,
};
use crate::api::Record;
use crate::api::ids::TimerId;
use crate::api::resources::tickets::Timer;
use crate::api::resources::timers;
use crate::commands::bill::timers::{named, names};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{TicketArg, UserArg};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, Effect, Noun, ReadSet, Step};

/// Change a timer entry of a ticket
///
/// Setting --minutes stops a running entry. Setting --start keeps the duration of a finished entry, rounded up to whole
/// minutes.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer update 32168 48700003 --minutes 1h --notes \"And labelled the port\"
  syncro timer update 32168 48700003 --start \"yesterday 9:30\"
  syncro timer update 32162 48700002 --labor remote --yes --json")]
pub struct UpdateArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry id
    #[arg(value_name = "TIMER")]
    pub timer: u64,
    /// Time spent: 30 (whole minutes), 1h30m or 1.5h
    #[arg(long, value_name = "TIME", value_parser = whole_minutes, allow_negative_numbers = true)]
    pub minutes: Option<u64>,
    /// Start time: 9:30, "yesterday 14:00", "2h ago", "2026-05-23 14:00"
    #[arg(long, value_name = "WHEN")]
    pub start: Option<String>,
    /// Description of the work
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Product or labor type
    #[command(flatten)]
    pub sold: SoldArgs,
    /// User who spent the time: a name, an id, or me
    #[arg(long, value_name = "USER")]
    pub user: Option<UserArg>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::ChargedTimer, Guard::AllowSecrets]) }>,
}

/// Runs `syncro timer update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let product = args.sold.id(ctx.settings())?;
    let nothing = args.minutes.is_none()
        && args.start.is_none()
        && args.notes.is_none()
        && product.is_none()
        && args.user.is_none();
    if nothing {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --minutes, --start, --notes, --product, --labor, --user"));
    }
    let start = began(ctx, args.start.as_deref())?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &on, args, start.as_ref());
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &UpdateArgs,
    start: Option<&(jiff::Timestamp, Option<String>)>,
) -> Result<Proposal> {
    let product = args.sold.id(ctx.settings())?;
    let (seen, product, user) = tokio::try_join!(
        on.read(ReadSet::NOTHING),
        sold(on, product),
        person(on.reader(), args.user.as_ref()),
    )?;
    let zone = &ctx.settings().timezone;
    let timer = find(&seen.ticket, TimerId(args.timer))?;
    let names = names(ctx, on.reader(), &seen.ticket, &seen.me, [&timer.view]).await;
    let what = format!("timer entry {}", timer.id);
    let times = Times::of(timer, start.map(|(at, _)| *at), args.minutes)?;
    let mut changes: Vec<(Change, String)> = Vec::new();
    changes.extend(times.changes(timer, zone)?);
    let mut change = |at: &str, label: &str, to: serde_json::Value, shown: &str| {
        let change = Change::new(&timer.raw, at, label, to);
        changes.push((change, format!("{label} -> {shown}")));
    };
    if let Some(notes) = &args.notes {
        change("notes", "notes", json!(notes), notes);
    }
    if let Some(product) = &product {
        change("product_id", "product", json!(product.id), &product_name(product));
    }
    if let Some((id, name)) = &user {
        change("user_id", "user", json!(id), name);
    }
    changes.retain(|(change, _)| change.is_one());
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "{what} already has these values; nothing was written"
        )));
    }
    let mut sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Change", named(timer, &seen.ticket, &seen.me, &names, zone));
    for (_, says) in &changes {
        sheet = sheet.row("", says);
    }
    sheet = sheet.all_notices(start.and_then(|(_, note)| note.as_ref()));
    if timer.is_running() && args.minutes.is_some() {
        sheet = sheet.row("", "it is running; this stops it");
    }
    let says: Vec<String> = changes.iter().map(|(_, says)| says.clone()).collect();
    let says = says.join("; ");
    let wanted = Wanted {
        start: start.map(|(at, _)| written(*at, zone)),
        minutes: times.minutes,
        notes: args.notes.clone(),
        product_id: product.map(|product| product.id),
        user_id: user.map(|(id, _)| id),
    };
    let write = timers::update(seen.ticket.id, timer.id, body(timer, &wanted));
    let effect = Effect::updated(
        Noun::Timer.record(timer.id),
        &what,
        changes.into_iter().map(|(change, _)| change).collect(),
        &["active_duration", "billable_time"],
    );
    let step = Step::new("update_timer", format!("change {what}: {says}"), write, effect)
        .requires_unchanged(&timer.raw, &KEPT)
        .reports(says);
    let findings = charged(timer, "does not change");
    let title = format!("Change a timer entry of ticket #{}", seen.ticket.number);
    let plan = seen
        .plan("timer update", title)
        .noticing(sheet.notices())
        .previewed(sheet.text())
        .step(step);
    Ok(Proposal { plan, findings, me: seen.me.view, at: seen.at })
}

/// The question about an entry whose line item is made; `what` becomes of that.
pub(crate) fn charged(timer: &Timer, what: &str) -> Vec<Finding> {
    let line = timer.ticket_line_item_id;
    let line = line.map_or_else(|| "its line item".to_owned(), |id| format!("line item {id}"));
    let text = format!("timer entry {} is already charged; {line} {what}", timer.id);
    let finding = timer.recorded.then(|| Finding::new(Guard::ChargedTimer, text));
    finding.into_iter().collect()
}

/// When an entry is to begin, and for how long.
struct Times {
    start: Option<jiff::Timestamp>,
    /// To be sent, if anything is.
    minutes: Option<u64>,
    /// Whether another start was typed.
    begins: bool,
    /// Whether another end follows from what was typed.
    ends: bool,
}

impl Times {
    fn of(timer: &Timer, start: Option<jiff::Timestamp>, minutes: Option<u64>) -> Result<Self> {
        let kept = timer.end_time.zip(timer.start_time).map(|(end, start)| {
            let seconds = end.as_second() - start.as_second();
            u64::try_from(seconds).unwrap_or_default()
        });
        // Left out, the length of a finished one may be lost; a broken one cannot be sent unless it may change.
        let whole = kept.filter(|seconds| seconds % 60 == 0 || start.is_some());
        let kept = whole.map(|seconds| seconds.div_ceil(60).max(1));
        let from = start.or(timer.start_time);
        if from.is_none() && minutes.is_some() {
            return Err(Error::refused(format!(
                "timer entry {} has no start time; nothing was written",
                timer.id
            ))
            .hint("say when with --start"));
        }
        Ok(Self {
            start: from,
            minutes: minutes.or(kept),
            begins: start.is_some(),
            ends: minutes.is_some() || start.is_some(),
        })
    }

    fn changes(
        &self,
        timer: &Record<Timer>,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Vec<(Change, String)>> {
        let mut changes = Vec::new();
        let Some(start) = self.start.filter(|_| self.ends) else {
            return Ok(changes);
        };
        if self.begins {
            let at = written(start, zone);
            changes.push((
                Change::new(&timer.raw, "start_time", "start", at),
                format!("start -> {}", when::at_in_zone(start, zone)),
            ));
        }
        if let Some(minutes) = self.minutes {
            let end = ended(start, minutes)?;
            changes.push((
                Change::new(&timer.raw, "end_time", "end", written(end, zone)),
                format!(
                    "length -> {} ({})",
                    when::length(minutes),
                    when::range(start, Some(end), zone)
                ),
            ));
        }
        Ok(changes)
    }
}
