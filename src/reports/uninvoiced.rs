//! What is done and not on an invoice: stopped time that is not charged, and lines that no invoice has; a row a ticket,
//! sums for each customer.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::parts::{exact_hours, running_seconds};
use super::row::row;
use super::{AtLeast, LeftOut, Mend, Parts, Seen, Takes, Whose, why};
use crate::api::Record;
use crate::api::ids::{CustomerId, LineItemId, ProductId, TimerId};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::billing::{money, quantity};
use crate::sorting;

/// What products cost an hour, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// The prices.
    pub by: BTreeMap<ProductId, Decimal>,
    /// What time without a product is sold as, where the account says so.
    pub default: Option<ProductId>,
}

impl Prices {
    /// The product as which an entry's time is sold; `None` also where nobody can tell.
    #[must_use]
    pub fn product(&self, timer: &Timer) -> Option<ProductId> {
        timer.product_id.or(self.default.filter(|_| Self::is_unsaid(timer)))
    }

    /// Whether an entry says that it is sold as nothing.
    #[must_use]
    pub fn is_unsaid(timer: &Timer) -> bool {
        timer.product_id.is_none() && timer.unreadable.raw("product_id").is_none()
    }

    /// What an entry's time is worth; `None` where no price is known for it.
    fn value(&self, timer: &Timer, seconds: u64) -> Option<Decimal> {
        let price = self.by.get(&self.product(timer)?)?;
        Some(money::amount(quantity::hours(seconds), *price))
    }
}

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The tickets.
    pub seen: &'i [Seen],
    /// Which customers' recurring invoices take what waits.
    pub takes: &'i Takes,
    /// What time is worth.
    pub prices: &'i Prices,
    /// What time without a product is sold as, where it is billed, and only one will do.
    pub labor: Option<&'i str>,
    /// The present.
    pub as_of: Timestamp,
    /// The zone that days are in.
    pub zone: &'i TimeZone,
}

/// A ticket on which something waits.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The ticket.
    pub ticket: Ticket,
    /// The sums.
    pub sums: Sums,
    /// The oldest day of it.
    pub oldest: Option<Date>,
    /// Whether a recurring invoice takes the lines; nothing where that is not known.
    pub takes: Option<bool>,
    /// The timer entries.
    pub timers: Vec<TimerId>,
    /// The lines.
    pub line_ids: Vec<LineItemId>,
    /// What mends it.
    pub mend: Option<Mend>,
}

/// What waits: on a ticket, for a customer, or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Hours stopped and not charged.
    pub hours: AtLeast,
    /// The same that are marked as not billable.
    pub hours_unmarked: AtLeast,
    /// Hours of what runs, until now.
    pub hours_running: AtLeast,
    /// How many entries run.
    pub running: usize,
    /// How many lines wait.
    pub lines: usize,
    /// What they come to.
    pub amount: AtLeast,
    /// What the hours are worth.
    pub value: AtLeast,
}

impl Sums {
    fn join(&mut self, other: &Self) {
        self.hours.join(other.hours);
        self.hours_unmarked.join(other.hours_unmarked);
        self.hours_running.join(other.hours_running);
        self.running += other.running;
        self.lines += other.lines;
        self.amount.join(other.amount);
        self.value.join(other.value);
    }

    /// The same, where something may be missing in each.
    fn missing(self, misses: bool) -> Self {
        Self {
            hours: self.hours.missing(misses),
            hours_unmarked: self.hours_unmarked.missing(misses),
            hours_running: self.hours_running.missing(misses),
            amount: self.amount.missing(misses),
            value: self.value.missing(misses),
            ..self
        }
    }

    fn named(&self) -> [(&'static str, AtLeast); 5] {
        [
            ("hours", self.hours),
            ("hours_unmarked", self.hours_unmarked),
            ("hours_running", self.hours_running),
            ("amount", self.amount),
            ("value", self.value),
        ]
    }
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The tickets, those with the largest amounts first.
    pub rows: Vec<Row>,
    /// The sums of each customer.
    pub customers: Vec<(Whose, Sums)>,
    /// All of it.
    pub totals: Sums,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    for seen in input.seen {
        let whose = Whose::of(&seen.ticket);
        match Parts::of(seen) {
            Err(why) => report.left_out.add(why, whose.id),
            Ok(parts) => {
                for _ in 0..parts.unclear_lines {
                    report.left_out.add(why::LINE, whose.id);
                }
                for _ in 0..parts.unclear_timers {
                    report.left_out.add(why::TIMER, whose.id);
                }
                let row = ticket_row(input, &seen.ticket, whose, &parts, &mut report.left_out);
                report.rows.extend(row);
            }
        }
    }
    let key = |row: &Row| {
        let sums = row.sums;
        (Reverse(sums.amount.known), Reverse(sums.value.known), Reverse(sums.hours.known))
    };
    sorting::sort_by_key(&mut report.rows, key);
    report.add_up();
    report
}

fn ticket_row(
    input: &Input<'_>,
    ticket: &Record<Ticket>,
    whose: Whose,
    parts: &Parts<'_>,
    left_out: &mut LeftOut,
) -> Option<Row> {
    let mut value = AtLeast::default();
    parts.owed.iter().for_each(|(timer, seconds)| value.add(input.prices.value(timer, *seconds)));
    let mut hours_running = AtLeast::default();
    let until = |timer: &Record<Timer>| running_seconds(timer, input.as_of).map(exact_hours);
    parts.running.iter().for_each(|timer| hours_running.add(until(timer)));
    let sums = Sums {
        hours: parts.hours(),
        hours_unmarked: parts.hours_unmarked(),
        hours_running: hours_running.missing(parts.unclear_timers > 0),
        running: parts.running.len(),
        lines: parts.waiting.len(),
        amount: parts.amount(),
        value: value.missing(parts.unclear_timers > 0),
    };
    if parts.is_nothing() {
        return None;
    }
    let takes = input.takes.by(whose.id).map(|taken| taken.is_some());
    let takes = takes.inspect_err(|why| left_out.note(why, whose.id)).ok();
    let timers = parts.owed.iter().chain(&parts.unmarked).map(|(timer, _)| timer.id);
    Some(Row {
        mend: Mend::of_waiting(ticket, parts, takes, input.labor),
        whose,
        ticket: ticket.view.clone(),
        sums,
        oldest: parts.oldest(input.zone),
        takes,
        timers: timers.chain(parts.running.iter().map(|timer| timer.id)).collect(),
        line_ids: parts.waiting.iter().map(|line| line.id).collect(),
    })
}

impl Report {
    fn add_up(&mut self) {
        let mut customers: BTreeMap<Option<CustomerId>, (Whose, Sums)> = BTreeMap::new();
        for row in &self.rows {
            let (_, sums) = customers
                .entry(row.whose.id)
                .or_insert_with(|| (row.whose.clone(), Sums::default()));
            sums.join(&row.sums);
            self.totals.join(&row.sums);
        }
        self.totals = self.totals.missing(self.left_out.is_missed());
        self.customers = customers
            .into_values()
            .map(|(whose, sums)| {
                let misses = self.left_out.is_missed_by(whose.id);
                (whose, sums.missing(misses))
            })
            .collect();
        sorting::sort_by_key(&mut self.customers, |(_, sums)| Reverse(sums.amount.known));
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let customer = |(whose, sums): &(Whose, Sums)| row(whose, None, sums.json());
        let mut totals = self.totals.json();
        totals["running"] = json!(self.totals.running);
        totals["customers"] = self.customers.iter().map(customer).collect();
        totals
    }
}

impl Sums {
    fn json(&self) -> Value {
        json!({
            "hours": self.hours.json(),
            "hours_unmarked": self.hours_unmarked.json(),
            "hours_running": self.hours_running.json(),
            "lines": self.lines,
            "amount": self.amount.json(),
            "value": self.value.json(),
            "value_is_lower_bound": self.value.misses,
            "at_least": AtLeast::names(&self.named()),
        })
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 18] = [
    "customer",
    "customer_id",
    "ticket",
    "ticket_id",
    "hours",
    "hours_unmarked",
    "hours_running",
    "lines",
    "amount",
    "value",
    "oldest",
    "takes",
    "subject",
    "status",
    "timer_ids",
    "line_ids",
    "mend",
    "at_least",
];

impl Row {
    /// Whether something of it is stopped and not invoiced, and not marked as not billable.
    #[must_use]
    pub fn waits(&self) -> bool {
        let AtLeast { known, misses } = self.sums.hours;
        self.sums.lines > 0 || misses || !known.is_zero()
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let sums = &self.sums;
        let own = json!({
            "hours": sums.hours.json(),
            "hours_unmarked": sums.hours_unmarked.json(),
            "hours_running": sums.hours_running.json(),
            "lines": sums.lines,
            "amount": sums.amount.json(),
            "value": sums.value.json(),
            "oldest": self.oldest,
            "takes": self.takes,
            "subject": self.ticket.subject,
            "status": self.ticket.status,
            "timer_ids": self.timers,
            "line_ids": self.line_ids,
            "mend": self.mend.as_ref().map(|mend| mend.line(program)),
            "at_least": AtLeast::names(&sums.named()),
        });
        row(&self.whose, Some(&self.ticket), own)
    }
}

#[cfg(test)]
#[path = "uninvoiced_tests.rs"]
pub(in crate::reports) mod tests;
