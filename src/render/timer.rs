//! Timer entries: as rows, with what of them has not been charged in sum.

use anstyle::Style;
use jiff::Timestamp;

use super::appointment::NameOf;
use super::list::{Rows, Shape};
use super::{ATTENTION, Cell, Column, DIM, Look, counted, html, sanitise, when};
use crate::api::Record;
use crate::api::ids::{ProductId, TicketId};
use crate::api::resources::tickets::Timer;

/// What the rows show beside the timers themselves.
pub struct TimerRows<'a> {
    /// The timers, in their order.
    pub timers: &'a [Record<Timer>],
    /// How many of them are shown; the sum is that of all.
    pub shown: usize,
    /// What users are called.
    pub user: NameOf<'a>,
    /// What products are called.
    pub product: &'a dyn Fn(ProductId) -> String,
    /// Number and subject of tickets, where the timers are of several.
    pub ticket: Option<&'a dyn Fn(TicketId) -> Option<(String, String)>>,
}

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "timer list",
    one: "timer entry",
    several: "timer entries",
    columns: &[
        Column::id("Ticket").made("ticket"),
        Column::elastic("Subject").made("subject"),
        Column::text("State").like_text().made("state"),
        Column::date("Start").like_text().of("start_time"),
        Column::figures("Length").made("length"),
        Column::name("Technician").made("technician"),
        Column::name("Product").good_to_know().made("product"),
        Column::elastic("Notes").good_to_know().of("notes"),
        Column::id("Id").of("id"),
    ],
};

/// The rows, and the sum below them.
#[must_use]
pub fn rows(rows: &TimerRows<'_>, look: &Look) -> Rows {
    let mut table = LIST.table();
    for timer in rows.timers.iter().take(rows.shown) {
        let heading = heading(rows, timer.ticket_id);
        table.row(heading.into_iter().chain(cells(timer, rows, look)));
    }
    if rows.ticket.is_none() {
        table = table.without("ticket").without("subject");
    }
    Rows::from(table).remarking(uncharged(rows.timers, look))
}

/// Number and subject of a ticket; its id, where they are not known.
fn heading(rows: &TimerRows<'_>, ticket: Option<TicketId>) -> [Cell; 2] {
    let known = ticket.and_then(|id| rows.ticket?(id));
    match (known, ticket) {
        (Some((number, subject)), _) => {
            [Cell::from(format!("#{number}")).valued(Some(number)), Cell::from(subject)]
        }
        (None, Some(id)) => [Cell::from(format!("id:{id}")), Cell::default()],
        (None, None) => [Cell::default(), Cell::default()],
    }
}

/// Stopped time that is not charged yet: `45 min in 1 timer entry`.
#[must_use]
pub fn waiting<'t>(timers: impl IntoIterator<Item = &'t Record<Timer>>) -> Option<String> {
    let seconds =
        timers.into_iter().filter(|timer| timer.is_owed()).filter_map(|one| one.billable_seconds());
    let seconds: Vec<u64> = seconds.collect();
    let sum = seconds.iter().copied().fold(0, u64::saturating_add);
    let number = counted(seconds.len(), "timer entry", "timer entries");
    (sum > 0).then(|| format!("{} in {number}", when::length(sum / 60)))
}

/// How much of a stopped one is billable, where that is not all: `20 min of 45 min`.
#[must_use]
pub fn billable_part(timer: &Timer) -> Option<String> {
    let length = |seconds: u64| when::length(seconds / 60);
    let (part, all) = (length(timer.billable_part()?), length(timer.seconds()?));
    (part != all).then(|| format!("{part} of {all}"))
}

/// How long it took, or runs by now, and how much of that is billable.
pub(super) fn length(timer: &Timer, now: Timestamp) -> Option<String> {
    let part = billable_part(timer).map(|part| format!("{part} billable"));
    part.or_else(|| timer.minutes(now).map(when::length))
}

/// Whether it runs, whether it has been charged, and whether it may be.
pub(super) fn timer_state(timer: &Timer) -> (String, Style) {
    let (state, style) = state(timer);
    match timer.unreadable.among(&Timer::BILLABLE).filter(|_| timer.unclear().is_none()) {
        Some(found) => (format!("{state}, {}", sanitise::one_line(&found.to_string())), ATTENTION),
        None => (state.to_owned(), style),
    }
}

fn state(timer: &Timer) -> (&'static str, Style) {
    if timer.unclear().is_some() {
        return ("unreadable", ATTENTION);
    }
    if timer.is_paused() {
        return ("PAUSED", ATTENTION);
    }
    match (timer.is_running(), timer.is_charged(), timer.is_not_billable()) {
        (true, _, false) => ("RUNNING", ATTENTION),
        (true, _, true) => ("RUNNING, not billable", ATTENTION),
        (false, true, false) => ("charged", DIM),
        (false, true, true) => ("charged, not billable", DIM),
        (false, false, false) => ("not charged", ATTENTION),
        (false, false, true) => ("not billable", DIM),
    }
}

/// What of it cannot be understood, as it came.
pub(super) fn unclear(timer: &Timer) -> Option<String> {
    timer.unclear().map(|what| sanitise::one_line(&what.to_string()))
}

fn cells(timer: &Timer, rows: &TimerRows<'_>, look: &Look) -> Vec<Cell> {
    let (state, style) = timer_state(timer);
    let start = timer.start_time;
    let minutes = timer.minutes(look.now);
    vec![
        Cell::styled(&state, style),
        Cell::from(start.map_or_else(String::new, |at| when::at(at, &look.zone))),
        Cell::from(length(timer, look.now).or_else(|| unclear(timer)).unwrap_or("?".to_owned()))
            .valued(minutes.map(|minutes| minutes.to_string()).or_else(|| unclear(timer))),
        Cell::from(timer.user_id.map_or_else(String::new, rows.user)),
        Cell::from(match timer.unreadable.raw("product_id") {
            Some(raw) => format!("\"{}\"", sanitise::one_line(raw)),
            None => timer.product_id.map_or_else(String::new, rows.product),
        }),
        Cell::from(html::to_text(&timer.notes)),
        Cell::styled(&timer.id.to_string(), DIM),
    ]
}

/// `Not charged: 1 h 35 min in 2 timer entries, 1 running`.
fn uncharged(timers: &[Record<Timer>], look: &Look) -> String {
    let open: Vec<_> = timers.iter().filter(|timer| !timer.is_charged()).collect();
    if open.is_empty() {
        return "Not charged: nothing".to_owned();
    }
    let minutes = open.iter().filter_map(|timer| {
        let part = timer.billable_part().map(|seconds| seconds / 60);
        part.or_else(|| timer.minutes(look.now))
    });
    let length = when::length(minutes.fold(0, u64::saturating_add));
    let number = counted(open.len(), "timer entry", "timer entries");
    let paused = open.iter().filter(|timer| timer.is_paused()).count();
    let running = open.iter().filter(|timer| timer.goes_on() == Some(true)).count();
    let unknown = open.iter().filter(|timer| timer.minutes(look.now).is_none()).count();
    let mut text = format!("Not charged: {length} in {number}");
    let free = open.iter().filter(|timer| timer.is_not_billable()).count();
    let counts = [
        (running, "running"),
        (paused, "paused"),
        (unknown, "without a length"),
        (free, "not billable"),
    ];
    for (count, what) in counts {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}
