//! What to look at before a month is closed: a row a question.

use super::list::{Rows, Shape};
use super::report::{amount, named};
use super::{ATTENTION, BAD, Cell, Column, DIM};
use crate::reports::close::{DRIFT, Report, State};

/// What the report shows.
pub const CLOSE: Shape = Shape {
    command: "report close",
    one: "check",
    several: "checks",
    columns: &[
        Column::text("Check").stays().of("check"),
        Column::text("State").stays().of("state"),
        Column::figures("Count").of("count"),
        Column::figures("Amount").of("amount"),
        Column::text("At least").extra().made("at_least"),
        Column::text("Command").or_below().of("report"),
    ],
};

/// Its rows.
#[must_use]
pub fn close(report: &Report, program: &str) -> Rows {
    let mut table = CLOSE.table();
    for row in &report.rows {
        let state = match row.state {
            State::Loss => Cell::styled(State::Loss.name(), BAD),
            State::Look => Cell::styled(State::Look.name(), ATTENTION),
            State::Ok => Cell::styled(State::Ok.name(), DIM),
        };
        // What is fine needs none.
        let command = if row.state == State::Ok { String::new() } else { row.report.line(program) };
        // It has no past: what is asked is the present, whatever the month.
        let check = match row.check {
            DRIFT => "drift, today",
            check => check,
        };
        table.row([
            Cell::from(check),
            state,
            Cell::from(row.count.to_string()),
            Cell::from(row.amount.map_or_else(String::new, amount)),
            Cell::styled(&named(&row.json(program)["at_least"]), DIM),
            Cell::from(command),
        ]);
    }
    let found = report.found();
    Rows::from(table).summed((found > 0).then(|| format!("{found} to look at")))
}
