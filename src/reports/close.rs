//! What is to be looked at before a month is closed: a line for each question, with its answer from the other reports.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::received::names_invoices;
use super::recurring::has_not_run;
use super::{AtLeast, LeftOut, Mend, Seen, Why, drift, prepaid, uninvoiced, why};
use crate::api::Record;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments::Payment;
use crate::api::resources::schedules::Schedule;

/// What the report is made of. Where a list could not be read, why.
#[derive(Debug)]
pub struct Input<'i> {
    /// The last day of the month.
    pub last: Date,
    /// The present day.
    pub today: Date,
    /// The zone that days are in.
    pub zone: &'i TimeZone,
    /// The day from which tickets were read, where that is not the other reports' own.
    pub since: Option<Date>,
    /// Where status and invoices disagree.
    pub drift: &'i drift::Report,
    /// What is done by then and not invoiced.
    pub uninvoiced: &'i uninvoiced::Report,
    /// What prepaid blocks have left beside that.
    pub prepaid: &'i prepaid::Report,
    /// The invoices that are not paid.
    pub unpaid: Result<&'i [Record<Invoice>], Why>,
    /// The recurring invoices.
    pub schedules: Result<&'i [Record<Schedule>], Why>,
    /// The payments.
    pub payments: Result<&'i [Record<Payment>], Why>,
}

/// The line about losses, which are those of the present.
pub const DRIFT: &str = "drift";

/// What a line says, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Money is lost as it stands.
    Loss,
    /// Somebody has to look.
    Look,
    /// Nothing was found.
    Ok,
}

impl State {
    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Look => "look",
            Self::Ok => "ok",
        }
    }
}

/// A line.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was asked.
    pub check: &'static str,
    /// The answer.
    pub state: State,
    /// How many were found.
    pub count: usize,
    /// Whether there may be more.
    pub misses: bool,
    /// What they come to, where records say that.
    pub amount: Option<AtLeast>,
    /// The command that lists them.
    pub report: Mend,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The lines, always the same ones.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// What one question found.
#[derive(Default)]
struct Found {
    count: usize,
    amount: Option<AtLeast>,
    left_out: LeftOut,
}

/// The report; `left_out` is what of tickets could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: &LeftOut) -> Report {
    let since = input.since.map_or_else(String::new, |day| format!(" --since {day}"));
    let of_tickets = |name: &str| format!("report {name}{since}");
    let until = format!("--until {}", input.last);
    // What hides behind a ticket that is not known is any of these.
    let with = |found: Found| {
        let mut all = left_out.clone();
        all.join_new(found.left_out);
        Found { left_out: all, ..found }
    };
    let (waiting, running) = input.waiting();
    let mut report = Report::default();
    report.add(DRIFT, with(input.losses()), of_tickets("drift"));
    report.add("uninvoiced", with(waiting), of_tickets("uninvoiced"));
    report.add("running", with(running), of_tickets("uninvoiced"));
    report.add("prepaid-over", with(input.over()), "report prepaid".to_owned());
    report.add("unpaid-zero", input.unpaid_zero(), format!("invoice list --unpaid {until}"));
    report.add("recurring", input.not_run(), "report recurring".to_owned());
    report.add("payments", input.unapplied(), format!("payment list {until}"));
    report
}

/// Takes out of a ticket what is of a day after `last`: the month is closed without it. What has no known day stays.
pub fn leave_later(seen: &mut Seen, last: Date, zone: &TimeZone) {
    let is_due =
        |at: Option<Timestamp>| at.is_none_or(|at| at.to_zoned(zone.clone()).date() <= last);
    let ticket = &mut seen.ticket.view;
    ticket.ticket_timers.retain(|timer| is_due(timer.start_time));
    // What was done by then may be charged later.
    let of_timers: Vec<_> =
        ticket.ticket_timers.iter().filter_map(|timer| timer.ticket_line_item_id).collect();
    ticket.line_items.retain(|line| is_due(line.created_at) || of_timers.contains(&line.id));
}

impl Report {
    fn add(&mut self, check: &'static str, found: Found, report: String) {
        let Found { count, amount, left_out } = found;
        let misses = left_out.is_missed();
        let state = match (count, check) {
            (1.., DRIFT) => State::Loss,
            (1.., _) => State::Look,
            (0, _) if misses => State::Look,
            (0, _) => State::Ok,
        };
        let amount = amount.map(|amount| amount.missing(misses));
        self.left_out.join_new(left_out);
        self.rows.push(Row { check, state, count, misses, amount, report: Mend(report) });
    }

    /// The worst of its lines.
    #[must_use]
    pub fn state(&self) -> State {
        self.rows.iter().map(|row| row.state).min().unwrap_or(State::Ok)
    }

    /// How many lines found something.
    #[must_use]
    pub fn found(&self) -> usize {
        self.rows.iter().filter(|row| row.count > 0).count()
    }

    /// Its sum for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        json!({ "state": self.state().name() })
    }
}

impl Input<'_> {
    /// Whether what is of that day is to be settled with the month; what has no known day is.
    fn is_due(&self, day: Option<Date>) -> bool {
        day.is_none_or(|day| day <= self.last)
    }

    /// The losses on tickets that were there by then: when a ticket was last touched says nothing of its money.
    fn losses(&self) -> Found {
        let made =
            |row: &drift::Row| Some(row.ticket.created_at?.to_zoned(self.zone.clone()).date());
        let due = self.drift.rows.iter().filter(|row| self.is_due(made(row)));
        let due = drift::Report { rows: due.cloned().collect(), left_out: LeftOut::default() };
        let count = due.of(drift::Level::Loss).count();
        Found { count, amount: Some(due.losses()), left_out: self.drift.left_out.clone() }
    }

    /// What waits, and what still runs.
    fn waiting(&self) -> (Found, Found) {
        let left_out = &self.uninvoiced.left_out;
        let waits: Vec<_> = self.uninvoiced.rows.iter().filter(|row| row.waits()).collect();
        let mut amount = AtLeast::default();
        for row in &waits {
            amount.join(row.sums.amount);
            amount.join(row.sums.value);
        }
        let (count, amount) = (waits.len(), Some(amount));
        let waiting = Found { count, amount, left_out: left_out.clone() };
        let count = self.uninvoiced.totals.running;
        (waiting, Found { count, amount: None, left_out: left_out.clone() })
    }

    fn over(&self) -> Found {
        let count = self.prepaid.count(prepaid::Flag::Over);
        Found { count, amount: None, left_out: self.prepaid.left_out.clone() }
    }

    /// Invoices of nothing that stand among the unpaid ones.
    fn unpaid_zero(&self) -> Found {
        let mut found = Found::default();
        let unpaid = self.unpaid.unwrap_or_else(|why| {
            found.left_out.add(why, None);
            &[]
        });
        for invoice in unpaid {
            match invoice.total.map(|total| total.is_zero()) {
                _ if !self.is_due(invoice.day(self.zone)) => {}
                Some(false) => {}
                Some(true) => found.count += 1,
                None => found.left_out.add(why::MONEY, invoice.customer_id),
            }
        }
        found
    }

    /// Recurring invoices that were to run by the end of the month, and have not.
    fn not_run(&self) -> Found {
        let mut found = Found::default();
        let mut amount = AtLeast::default();
        let schedules = self.schedules.unwrap_or_else(|why| {
            found.left_out.add(why, None);
            &[]
        });
        for schedule in schedules {
            match has_not_run(schedule, self.today) {
                Ok(Some(day)) if self.is_due(Some(day)) => {
                    found.count += 1;
                    amount.add(schedule.subtotal);
                }
                Ok(_) => {}
                Err(why) => found.left_out.add(why, schedule.customer_id),
            }
        }
        found.amount = Some(amount);
        found
    }

    /// Payments that pay no invoice.
    fn unapplied(&self) -> Found {
        let mut found = Found::default();
        let mut amount = AtLeast::default();
        let payments = self.payments.unwrap_or_else(|why| {
            found.left_out.add(why, None);
            &[]
        });
        for payment in payments.iter().filter(|payment| payment.counts()) {
            match names_invoices(payment) {
                _ if !self.is_due(payment.day(self.zone)) => {}
                false => found.left_out.add(why::PAID_FOR, payment.customer()),
                true if !payment.invoice_ids.is_empty() => {}
                true => {
                    found.count += 1;
                    amount.add(payment.received());
                }
            }
        }
        found.amount = Some(amount);
        found
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 6] = ["check", "state", "count", "amount", "report", "at_least"];

impl Row {
    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let misses_amount = self.amount.is_some_and(|amount| amount.misses);
        let at_least = [("count", self.misses), ("amount", misses_amount)];
        let at_least: Vec<&str> =
            at_least.iter().filter(|(_, misses)| *misses).map(|(name, _)| *name).collect();
        json!({
            "check": self.check,
            "state": self.state.name(),
            "count": self.count,
            "amount": self.amount.map(|amount| amount.json()),
            "report": self.report.line(program),
            "at_least": at_least,
        })
    }
}

#[cfg(test)]
#[path = "close_tests.rs"]
pub(in crate::reports) mod tests;
