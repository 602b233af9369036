//! What of a ticket waits to be billed, what is invoiced, and what of that nobody can tell: once for all reports.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::{AtLeast, Why, why};
use crate::api::Record;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::billing::uninvoiced::{self, Unmarked};

/// A ticket from its own page, and which of its lines an invoice has without their mark.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The ticket.
    pub ticket: Record<Ticket>,
    /// The lines without the mark that stand on one of its invoices; or why that is not known. Where all lines are
    /// marked there are none.
    pub unmarked: Result<Unmarked, Why>,
}

/// The lines and timer entries of a ticket, each where it belongs.
#[derive(Debug, Default)]
pub struct Parts<'t> {
    /// Lines that no invoice has.
    pub waiting: Vec<&'t Record<LineItem>>,
    /// Lines that one has.
    pub invoiced: Vec<&'t Record<LineItem>>,
    /// Lines without a clear mark.
    pub unclear_lines: usize,
    /// Stopped entries that are not charged, with their billable seconds.
    pub owed: Vec<(&'t Record<Timer>, u64)>,
    /// The same that are marked as not billable.
    pub unmarked: Vec<(&'t Record<Timer>, u64)>,
    /// Entries that run.
    pub running: Vec<&'t Record<Timer>>,
    /// Entries of which nobody can tell what they are.
    pub unclear_timers: usize,
}

impl<'t> Parts<'t> {
    /// The parts of a ticket.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub fn of(seen: &'t Seen) -> Result<Self, Why> {
        let ticket = &seen.ticket;
        if !has_parts(ticket) {
            return Err(why::PARTS);
        }
        let mut parts = Self::default();
        let unmarked = seen.unmarked.as_ref().map_err(|why| *why)?;
        for line in &ticket.line_items {
            match line.unreadable.among(&["converted"]) {
                Some(_) => parts.unclear_lines += 1,
                None if uninvoiced::is_open(line, unmarked) => parts.waiting.push(line),
                None => parts.invoiced.push(line),
            }
        }
        for timer in &ticket.ticket_timers {
            parts.add(timer);
        }
        Ok(parts)
    }

    fn add(&mut self, timer: &'t Record<Timer>) {
        if timer.is_charged() {
            return;
        }
        let is_unclear =
            timer.unclear().is_some() || timer.unreadable.among(&Timer::BILLABLE).is_some();
        match (timer.runs(), timer.billable_seconds()) {
            _ if is_unclear => self.unclear_timers += 1,
            (Some(true), _) => self.running.push(timer),
            (Some(false), Some(_)) if !timer.waits() => {}
            (Some(false), Some(seconds)) if timer.is_not_billable() => {
                self.unmarked.push((timer, seconds));
            }
            (Some(false), Some(seconds)) => self.owed.push((timer, seconds)),
            _ => self.unclear_timers += 1,
        }
    }

    /// Whether nothing waits and nothing runs, as far as anybody can tell.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let timers = [self.owed.is_empty(), self.unmarked.is_empty(), self.running.is_empty()];
        self.waiting.is_empty() && timers.iter().all(|none| *none)
    }

    /// The same, and whether nothing of it is unclear.
    #[must_use]
    pub fn is_nothing_at_all(&self) -> bool {
        self.is_nothing() && self.unclear_lines == 0 && self.unclear_timers == 0
    }

    /// What the lines that wait come to.
    #[must_use]
    pub fn amount(&self) -> AtLeast {
        sum(&self.waiting).missing(self.unclear_lines > 0)
    }

    /// What the invoiced lines come to.
    #[must_use]
    pub fn invoiced_amount(&self) -> AtLeast {
        sum(&self.invoiced).missing(self.unclear_lines > 0)
    }

    /// The hours that are stopped and not charged.
    #[must_use]
    pub fn hours(&self) -> AtLeast {
        hours(&self.owed).missing(self.unclear_timers > 0)
    }

    /// The same that are marked as not billable.
    #[must_use]
    pub fn hours_unmarked(&self) -> AtLeast {
        hours(&self.unmarked).missing(self.unclear_timers > 0)
    }

    /// The oldest day of what waits, as the zone has it.
    #[must_use]
    pub fn oldest(&self, zone: &TimeZone) -> Option<Date> {
        let timers = self.owed.iter().chain(&self.unmarked).map(|(timer, _)| *timer);
        let timers = timers.chain(self.running.iter().copied()).filter_map(|one| one.start_time);
        let lines = self.waiting.iter().filter_map(|line| line.created_at);
        let oldest = timers.chain(lines).min()?;
        Some(oldest.to_zoned(zone.clone()).date())
    }
}

/// Whether a ticket's page lists what it is read for.
pub(super) fn has_parts(ticket: &Record<Ticket>) -> bool {
    ticket.raw["line_items"].is_array() && ticket.raw["ticket_timers"].is_array()
}

fn sum(lines: &[&Record<LineItem>]) -> AtLeast {
    let mut sum = AtLeast::default();
    lines.iter().for_each(|line| sum.add(line.amount()));
    sum
}

fn hours(timers: &[(&Record<Timer>, u64)]) -> AtLeast {
    let seconds = timers.iter().fold(0, |sum: u64, (_, seconds)| sum.saturating_add(*seconds));
    AtLeast { known: exact_hours(seconds), misses: false }
}

/// For how many seconds an entry has run that is not stopped; of one that is to go on later, as far as the server counts it.
pub(super) fn running_seconds(timer: &Timer, now: Timestamp) -> Option<u64> {
    if timer.is_paused() {
        return timer.elapsed_seconds?.to_u64();
    }
    u64::try_from(now.as_second() - timer.start_time?.as_second()).ok()
}

/// So many seconds in hours, not rounded.
pub(super) fn exact_hours(seconds: u64) -> Decimal {
    Decimal::from(seconds) / Decimal::from(3600)
}
