//! Reports as rows, each ending with the command that mends what it says, and their sums.

use rust_decimal::Decimal;
use serde_json::Value;

use super::list::{Rows, Shape};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, counted, when};
use crate::billing::money;
use crate::reports::drift::{self, Level};
use crate::reports::{AtLeast, Taken, uninvoiced};

/// What the report of uninvoiced work shows.
pub const UNINVOICED: Shape = Shape {
    command: "report uninvoiced",
    one: "ticket",
    several: "tickets",
    columns: &[
        Column::name("Customer").of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::id("Ticket").of("ticket"),
        Column::figures("Hours").of("hours"),
        Column::figures("Not billable").good_to_know().of("hours_unmarked"),
        Column::figures("Running").good_to_know().of("hours_running"),
        Column::figures("Lines").like_text().of("lines"),
        Column::figures("Amount").of("amount"),
        Column::figures("Value").like_text().of("value"),
        Column::date("Oldest").like_text().of("oldest"),
        Column::text("Recurring").good_to_know().of("takes"),
        Column::text("At least").extra().made("at_least"),
        TO_DO,
    ],
};

/// The command that mends what a row says: each row ends with it.
pub(super) const TO_DO: Column = Column::text("To do").or_below().of("mend");

/// What stands there where nothing is to be done.
const TAKEN: &str = "a recurring invoice takes it";

/// The same under its short name.
pub const UNBILLED: Shape = Shape { command: "unbilled", ..UNINVOICED };

/// What the report of contradictions shows.
pub const DRIFT: Shape = Shape {
    command: "report drift",
    one: "finding",
    several: "findings",
    columns: &[
        Column::text("Finding").stays().of("code"),
        Column::id("Ticket").of("ticket"),
        Column::text("Level").extra().of("level"),
        Column::words("Status").of("status"),
        Column::name("Customer").of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::figures("Amount").of("amount"),
        Column::figures("Hours").like_text().of("hours"),
        Column::date("Since").good_to_know().of("since"),
        Column::text("At least").extra().made("at_least"),
        Column::text("Schedule").extra().of("schedule"),
        Column::date("Next run").extra().of("next_run"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its rows, and how many there are of each kind.
#[must_use]
pub fn drift(report: &drift::Report, program: &str) -> Rows {
    let mut table = DRIFT.table();
    for row in &report.rows {
        let json = row.json(program);
        let style = match row.code.level() {
            Level::Loss => BAD,
            Level::Doubt => ATTENTION,
            Level::Note => DIM,
        };
        table.row([
            Cell::styled(row.code.name(), style),
            Cell::styled(&format!("#{}", row.ticket.number), BOLD),
            Cell::from(row.code.level().name()),
            Cell::from(&row.ticket.status),
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::from(row.amount.map_or_else(String::new, amount)),
            Cell::from(hours(row.hours)),
            Cell::from(row.since.map_or_else(String::new, when::day)),
            Cell::styled(&named(&json["at_least"]), DIM),
            Cell::styled(&said(&json["schedule"]), DIM),
            Cell::styled(&said(&json["next_run"]), DIM),
            Cell::from(to_do(row, &json)),
        ]);
    }
    Rows::from(table).summed(Some(counts(report)))
}

/// What the losses come to, and how many findings there are of each code of each level.
fn counts(report: &drift::Report) -> String {
    let of = |level: Level| {
        let counts = report.counts(level).into_iter();
        let counts = counts.map(|(code, count)| format!("{count} {}", code.name()));
        counts.collect::<Vec<_>>().join(", ")
    };
    let (losses, hours) = (report.losses(), report.hours());
    let time = match hours.known.is_zero() {
        true => String::new(),
        false => format!(" and {} h", whole_hours(hours)),
    };
    let losses = match of(Level::Loss) {
        none if none.is_empty() => "no losses".to_owned(),
        lost => format!("losses of {}{time} in {lost}", whole(losses)),
    };
    let others = [("doubts", Level::Doubt), ("notes", Level::Note)].map(|(what, level)| {
        let of = of(level);
        if of.is_empty() { of } else { format!("; {what}: {of}") }
    });
    format!("{losses}{}", others.concat())
}

/// What mends it; what takes it, where nothing is to be done.
fn to_do(row: &drift::Row, json: &Value) -> String {
    let next = |taken: &Taken| {
        let on = taken.next_run.map(|day| format!(" on {}", when::day(day)));
        format!("{} takes it{}", taken.schedule, on.unwrap_or_default())
    };
    row.taken.as_ref().map_or_else(|| said(&json["mend"]), next)
}

/// Its rows, and what they come to.
#[must_use]
pub fn uninvoiced(report: &uninvoiced::Report, program: &str) -> Rows {
    let mut table = UNINVOICED.table();
    for row in &report.rows {
        let sums = &row.sums;
        let json = row.json(program);
        table.row([
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::styled(&format!("#{}", row.ticket.number), BOLD),
            Cell::from(hours(sums.hours)),
            Cell::from(hours(sums.hours_unmarked)),
            Cell::from(hours(sums.hours_running)),
            Cell::from(if sums.lines == 0 { String::new() } else { sums.lines.to_string() }),
            Cell::styled(&amount(sums.amount), ATTENTION),
            Cell::from(amount(sums.value)),
            Cell::from(row.oldest.map_or_else(String::new, when::day)),
            Cell::from(recurring(row.takes)),
            Cell::styled(&named(&json["at_least"]), DIM),
            Cell::from(match (&row.mend, row.takes) {
                (None, Some(true)) => TAKEN.to_owned(),
                _ => said(&json["mend"]),
            }),
        ]);
    }
    let totals = &report.totals;
    let customers = counted(report.customers.len(), "customer", "customers");
    let mut sums = vec![format!("{} in lines", whole(totals.amount))];
    let time = format!("{} h worth {}", whole_hours(totals.hours), whole(totals.value));
    sums.push(time);
    if totals.running > 0 {
        sums.push(counted(totals.running, "running timer", "running timers"));
    }
    Rows::from(table).summed(Some(format!("{customers} with {}", sums.join(", "))))
}

/// A plain value of a row.
pub(super) fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The names of a list.
pub(super) fn named(names: &Value) -> String {
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    names.collect::<Vec<_>>().join(", ")
}

fn recurring(takes: Option<bool>) -> &'static str {
    match takes {
        Some(true) => "yes",
        Some(false) => "",
        None => "?",
    }
}

/// An amount; nothing where there is none, and what is known of it where it is a lower bound.
pub(super) fn amount(sum: AtLeast) -> String {
    shown(sum, money::display(money::cents(sum.known)))
}

pub(super) fn hours(sum: AtLeast) -> String {
    shown(sum, money::plain(money::cents(sum.known)))
}

fn shown(sum: AtLeast, known: String) -> String {
    match (sum.misses, sum.known == Decimal::ZERO) {
        (false, true) => String::new(),
        (false, false) => known,
        (true, true) => "?".to_owned(),
        (true, false) => format!("at least {known}"),
    }
}

/// An amount in a sum: nothing is said as well.
pub(super) fn whole(sum: AtLeast) -> String {
    bound(sum, &money::display(money::cents(sum.known)))
}

pub(super) fn whole_hours(sum: AtLeast) -> String {
    bound(sum, &money::plain(money::cents(sum.known)))
}

fn bound(sum: AtLeast, known: &str) -> String {
    if sum.misses { format!("at least {known}") } else { known.to_owned() }
}
