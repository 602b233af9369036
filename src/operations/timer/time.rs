//! What the writes of timer entries share: which one it is, an entry by its id and in a line, the questions about it, and
//! instants as they are sent.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::ids::{ProductId, TicketId, TimerId, UserId};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::users::Me;
use crate::billing::money;
use crate::billing::quantity::Minutes;
use crate::config::LaborType;
use crate::error::{Error, Kind, Result};
use crate::operations::charged_line::Mended;
use crate::operations::guard::{Finding, Guard};
use crate::operations::names::Names;
use crate::operations::rule::Env;
use crate::render::hidden::{TIMERS, refuse_hidden};
use crate::render::timer::billable_part;
use crate::render::when;
use crate::write::Snapshot;

/// What a PUT sends along or a preview shows, and whether it is charged already.
pub(super) const KEPT: [&str; 10] = [
    "start_time",
    "end_time",
    "notes",
    "product_id",
    "user_id",
    "recorded",
    "ticket_line_item_id",
    "billable",
    "billable_time",
    "billable_override",
];

/// That the account charges another price than the labor type says.
pub(super) fn not_the_rate(
    product: Option<ProductId>,
    price: Decimal,
    env: &Env<'_>,
) -> Option<String> {
    let labor = labor_of(product, env)?;
    let rate = labor.rate.filter(|rate| *rate != price)?;
    let (key, rate) = (&labor.key, money::display(rate));
    Some(format!("Syncro charges the product's price, not the rate of {key}, {rate}"))
}

/// That the account charges other hours than the labor type's minimum and increment make of the time, which nothing that is
/// sent with a stop can change.
pub(super) fn not_the_rounding(
    (product, ticket): (Option<ProductId>, &Ticket),
    seconds: u64,
    charged: Decimal,
    env: &Env<'_>,
) -> Option<String> {
    let labor = labor_of(product, env)?;
    let (billed, note) = labor.rounding.up(Minutes::of_seconds(seconds)?);
    let (note, hours) = (note?, billed.quantity(Decimal::ONE));
    let update = format!("line update {} LINE --quantity {}", ticket.number, hours.normalize());
    Some(format!(
        "Syncro charges {} hours, but {} bills {} ({note}): once it is stopped, {}",
        charged.normalize(),
        labor.key,
        hours.normalize(),
        env.account.command(&update)
    ))
}

fn labor_of<'s>(product: Option<ProductId>, env: &Env<'s>) -> Option<&'s LaborType> {
    env.settings.labor.iter().find(|labor| Some(labor.product_id) == product)
}

/// From when until when an entry is; without an end it runs.
pub(super) type Times = (Timestamp, Option<Timestamp>);

/// A write of a timer entry of a ticket.
#[derive(Debug)]
pub(super) struct Time {
    pub(super) ticket: TicketId,
    pub(super) act: Act,
    /// What it is to be charged as, where that is said.
    pub(super) product: Option<ProductId>,
    /// Whose time it is, where that is said.
    pub(super) user: Option<UserId>,
    /// The contents that the request behind a charge gives its line.
    pub(super) mended: Option<Mended>,
    /// Whether the requests behind a new one make a line item of it, which says what it is.
    pub(super) is_logged: bool,
    /// From when until when a new one that is over was, or one that is changed is to be, where that can be read.
    pub(super) times: Option<Times>,
    /// The minutes that one is to take which is changed, where that is said.
    pub(super) minutes: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Start,
    Add,
    Update(TimerId),
    Charge(TimerId),
    Delete(TimerId),
}

impl Time {
    /// The entry that it is about, where that is there.
    pub(super) fn timer<'s>(&self, seen: &'s Snapshot) -> Option<&'s Record<Timer>> {
        let (Act::Update(id) | Act::Charge(id) | Act::Delete(id)) = self.act else {
            return None;
        };
        seen.ticket()?.ticket_timers.iter().find(|timer| timer.id == id)
    }

    /// The product that the preview names.
    pub(super) fn sold(&self, seen: &Snapshot) -> Option<ProductId> {
        match self.act {
            Act::Start | Act::Add => self.product,
            Act::Update(_) => {
                let timer = self.timer(seen)?;
                self.product.filter(|product| timer.product_id != Some(*product))
            }
            Act::Charge(_) => match &self.mended {
                Some(mended) => mended.product,
                None => self.timer(seen)?.product_id,
            },
            Act::Delete(_) => None,
        }
    }
}

/// One timer entry of the ticket.
///
/// # Errors
/// Exit 3, with the ids that are there.
pub fn find(ticket: &Record<Ticket>, id: TimerId) -> Result<&Record<Timer>> {
    let timers = &ticket.ticket_timers;
    refuse_hidden(ticket, TIMERS)?;
    timers.iter().find(|timer| timer.id == id).ok_or_else(|| {
        let ids: Vec<String> = timers.iter().map(|timer| timer.id.to_string()).collect();
        let there = match ids.is_empty() {
            true => "it has no timer entries".to_owned(),
            false => format!("it has {}", ids.join(", ")),
        };
        let number = &ticket.number;
        let text = format!("ticket #{number} has no timer entry {id}");
        Error::new(Kind::NotFound, text).nothing_written().hint(there)
    })
}

/// The question about more time than is usual.
pub(super) fn large(minutes: u64, env: &Env<'_>) -> Option<Finding> {
    let most = env.settings.guards.large_hours;
    let hours = Decimal::from(minutes) / Decimal::from(60);
    (hours > most).then(|| {
        let (length, most) = (when::length(minutes), most.normalize());
        let text = format!("{length} is unusually long (more than {most} hours)");
        Finding::new(Guard::Large, text)
    })
}

/// A line item of a time, as what is asked about it calls it: of a moment, no hundredth of an hour is left, in which accounts
/// count.
pub(super) fn its_line(seconds: u64, quantity: Decimal) -> String {
    match money::cents(quantity).is_zero() {
        true => format!("{} rounds to 0.00 hours: the line item", when::clock_seconds(seconds)),
        false => "the line item".to_owned(),
    }
}

/// The question about a moment's time that comes to something all the same.
pub(super) fn moment(seconds: u64, quantity: Decimal, amount: Decimal) -> Option<Finding> {
    let comes_to =
        || format!("{} would be {}", its_line(seconds, quantity), money::display(amount));
    let is_moment = money::cents(quantity).is_zero() && !amount.is_zero();
    is_moment.then(|| Finding::new(Guard::Zero, comes_to()))
}

/// An entry for people: "timer entry 48700001, Tue 2026-03-17 08:00-08:45, Robin Ashgrove".
#[must_use]
pub fn named(timer: &Timer, ticket: &Ticket, me: &Me, names: &Names, zone: &TimeZone) -> String {
    let when = timer.start_time.map(|start| when::range(start, timer.end_time, zone));
    let when = when.map_or_else(String::new, |when| format!(", {when}"));
    // Its minutes do not show it.
    let moment = timer.seconds().filter(|seconds| *seconds < 60);
    let moment = moment.map(|seconds| format!(" ({})", when::clock_seconds(seconds)));
    let moment = moment.unwrap_or_default();
    let who = timer.user_id.map(|user| who(user, ticket, me, names));
    let who = who.map_or_else(String::new, |who| format!(", {who}"));
    let of = billable_part(timer).map_or_else(String::new, |part| format!(", {part} billable"));
    let free = if timer.is_not_billable() { ", not billable" } else { &of };
    format!("timer entry {}{when}{moment}{who}{free}", timer.id)
}

/// What a user is called, whom the key and the ticket may tell, too.
pub(super) fn who(user: UserId, ticket: &Ticket, me: &Me, names: &Names) -> String {
    match &ticket.user {
        _ if user == me.user_id => me.user_name.clone(),
        Some(assignee) if assignee.id == Some(user) => assignee.full_name.clone(),
        _ => names.user(user),
    }
}

/// An instant as it is sent: with the offset of the technician's zone.
#[must_use]
pub fn written(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}

/// So many minutes after `start`.
///
/// # Errors
/// Exit 2 beyond the end of time.
pub fn ended(start: Timestamp, minutes: u64) -> Result<Timestamp> {
    let length = i64::try_from(minutes).ok().and_then(SignedDuration::try_from_mins);
    length
        .and_then(|length| start.checked_add(length).ok())
        .ok_or_else(|| Error::usage("the time is too long for a timer entry"))
}

/// The minutes that a finished one has taken; a part of one cannot be sent, and counts as a whole one only where the end
/// may move.
pub(super) fn length(timer: &Timer, may_move: bool) -> Option<u64> {
    let (start, end) = (timer.start_time?, timer.end_time?);
    let seconds = u64::try_from(end.as_second() - start.as_second()).unwrap_or_default();
    (may_move || seconds % 60 == 0).then(|| seconds.div_ceil(60).max(1))
}

/// What is said of time that is not over yet. Two clocks may differ by a minute.
pub(super) fn ahead(ends: Timestamp, env: &Env<'_>) -> Option<String> {
    let is_ahead = ends.duration_since(env.now) > SignedDuration::from_mins(1);
    let at = || when::at_in_zone(ends, &env.settings.timezone);
    is_ahead.then(|| format!("it ends in the future: {}", at()))
}
