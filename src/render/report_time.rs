//! Time by user and day: a row a day, or a row a part of it.

use serde_json::Value;

use super::list::{Rows, Shape};
use super::report::{hours, named, said, whole_hours};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, when};
use crate::reports::time::{By, Report, Row, Sums};

/// What the report of time shows.
pub const TIME: Shape =
    Shape { command: "report time", one: "day", several: "days", columns: &DAYS };

/// The same for one user and today.
pub const TODAY: Shape = Shape { command: "today", ..TIME };

/// The same, a row a customer.
const BY_CUSTOMER: Shape = Shape { one: "row", several: "rows", columns: &CUSTOMERS, ..TIME };

/// The same, a row a ticket.
const BY_TICKET: Shape = Shape { columns: &TICKETS, ..BY_CUSTOMER };

const TODAY_BY_CUSTOMER: Shape = Shape { command: TODAY.command, ..BY_CUSTOMER };

const TODAY_BY_TICKET: Shape = Shape { command: TODAY.command, ..BY_TICKET };

/// The list that is printed.
#[must_use]
pub fn shape(shape: &'static Shape, by: By) -> &'static Shape {
    let is_today = shape.command == TODAY.command;
    match (by, is_today) {
        (By::Day, _) => shape,
        (By::Customer, false) => &BY_CUSTOMER,
        (By::Customer, true) => &TODAY_BY_CUSTOMER,
        (By::Ticket, false) => &BY_TICKET,
        (By::Ticket, true) => &TODAY_BY_TICKET,
    }
}

const USER: Column = Column::text("User").stays().of("user");
const USER_ID: Column = Column::id("Id").extra().of("user_id");
const DAY: Column = Column::date("Day").of("day");
const TICKET: Column = Column::id("Ticket").of("ticket");
const CUSTOMER: Column = Column::name("Customer").of("customer");
const CUSTOMER_ID: Column = Column::id("Customer id").extra().of("customer_id");
const LOGGED: Column = Column::figures("Logged").of("logged");
const CHARGED: Column = Column::figures("Charged").of("charged");
const INVOICED: Column = Column::figures("Invoiced").good_to_know().of("invoiced");
const NOT_BILLABLE: Column = Column::figures("Not billable").good_to_know().of("not_billable");
const RUNNING: Column = Column::figures("Running").good_to_know().of("running");
const LINES: Column = Column::figures("No entry").of("lines_without_entry");
const CLOCKED: Column = Column::figures("Clocked").like_text().of("clocked");
const USED: Column = Column::figures("Used").like_text().of("utilisation");
const NOTES: Column = Column::elastic("Notes").below().made("notes");
const AT_LEAST: Column = Column::text("At least").extra().made("at_least");
const MEND: Column = Column::text("To do").extra().of("mend");

const DAYS: [Column; 14] = [
    USER,
    USER_ID,
    DAY,
    LOGGED,
    CHARGED,
    INVOICED,
    NOT_BILLABLE,
    RUNNING,
    LINES,
    CLOCKED,
    USED,
    NOTES,
    AT_LEAST,
    MEND,
];

const CUSTOMERS: [Column; 14] = [
    USER,
    USER_ID,
    DAY,
    CUSTOMER,
    CUSTOMER_ID,
    LOGGED,
    CHARGED,
    INVOICED,
    NOT_BILLABLE,
    RUNNING,
    LINES,
    NOTES,
    AT_LEAST,
    MEND,
];

const TICKETS: [Column; 15] = [
    USER,
    USER_ID,
    DAY,
    TICKET,
    CUSTOMER,
    CUSTOMER_ID,
    LOGGED,
    CHARGED,
    INVOICED,
    NOT_BILLABLE,
    RUNNING,
    LINES,
    NOTES,
    AT_LEAST,
    MEND,
];

/// Its rows in that shape, and what they come to.
#[must_use]
pub fn time(report: &Report, shape: &Shape, program: &str) -> Rows {
    let mut table = shape.table();
    for row in &report.rows {
        let json = row.json(program);
        table.row(shape.columns.iter().map(|column| cell(column, row, &json)));
    }
    Rows::from(table).summed(Some(sums(report)))
}

fn cell(column: &Column, row: &Row, json: &Value) -> Cell {
    let sums = &row.sums;
    match column.key {
        "day" => Cell::from(when::day(row.day)),
        "ticket" => {
            let number = row.ticket.as_ref().map(|ticket| format!("#{}", ticket.number));
            Cell::styled(&number.unwrap_or_default(), BOLD)
        }
        "logged" => Cell::styled(&hours(sums.logged), BOLD),
        "charged" => Cell::from(hours(sums.charged)),
        "invoiced" => Cell::from(hours(sums.invoiced)),
        "not_billable" => Cell::styled(&hours(sums.not_billable), DIM),
        "running" => Cell::styled(&hours(sums.running), ATTENTION),
        "lines_without_entry" => Cell::styled(&hours(sums.lines_without_entry), ATTENTION),
        "clocked" => Cell::from(sums.clocked.map(hours).unwrap_or_default()),
        "utilisation" => Cell::from(used(sums)),
        "notes" => {
            let style = if row.notes.iter().any(|note| note.is_finding) { BAD } else { DIM };
            Cell::styled(&named(&json["notes"]), style)
        }
        "at_least" => Cell::styled(&named(&json["at_least"]), DIM),
        name if name.ends_with("_id") => Cell::styled(&said(&json[name]), DIM),
        name => Cell::from(said(&json[name])),
    }
}

/// How much of the time at work is billable.
fn used(sums: &Sums) -> String {
    sums.utilisation().map_or_else(String::new, |percent| format!("{}%", percent.normalize()))
}

/// What they come to in all, and how much of their time at work that is of each user's.
fn sums(report: &Report) -> String {
    let totals = &report.totals;
    let mut parts = vec![
        format!("{} h logged", whole_hours(totals.logged)),
        format!("{} h charged", whole_hours(totals.charged)),
    ];
    for (sum, what) in
        [(totals.running, "running"), (totals.lines_without_entry, "without an entry")]
    {
        if sum.misses || !sum.known.is_zero() {
            parts.push(format!("{} h {what}", whole_hours(sum)));
        }
    }
    let of_users = report.users.iter().filter_map(|(_, name, sums)| {
        let used = Some(used(sums)).filter(|used| !used.is_empty())?;
        Some(format!("{name} {used}"))
    });
    let used: Vec<String> = of_users.collect();
    match used.as_slice() {
        [] => parts.join(", "),
        users => format!("{}; of the time at work: {}", parts.join(", "), users.join(", ")),
    }
}
