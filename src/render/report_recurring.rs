//! Recurring invoices to look at: a row a finding.

use super::list::{Rows, Shape};
use super::report::{TO_DO, said};
use super::{ATTENTION, BAD, Cell, Column, DIM, when};
use crate::api::fields::to_day;
use crate::billing::money;
use crate::reports::recurring::{Finding, Report, Row};

/// What the report of recurring invoices shows.
pub const RECURRING: Shape = Shape {
    command: "report recurring",
    one: "finding",
    several: "findings",
    columns: &[
        Column::text("Finding").stays().of("finding"),
        Column::name("Schedule").of("schedule"),
        Column::id("Id").extra().of("schedule_id"),
        Column::name("Customer").of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::figures("Subtotal").of("subtotal"),
        Column::date("Next run").like_text().of("next_run"),
        Column::text("Frequency").good_to_know().of("frequency"),
        Column::figures("Charged").like_text().of("fixed"),
        Column::figures("Assets").like_text().of("counted"),
        Column::text("Paused").extra().of("paused"),
        Column::text("Takes").extra().of("takes"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its findings, and how many there are of each kind.
#[must_use]
pub fn recurring(report: &Report, program: &str) -> Rows {
    let mut table = RECURRING.table();
    for row in &report.rows {
        table.row(cells(row, program));
    }
    let counts = Finding::ALL.map(|one| (report.count(one), one.name()));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, name)| format!("{count} {name}")).collect();
    Rows::from(table).summed(Some(counts.join(", ")))
}

fn cells(row: &Row, program: &str) -> [Cell; RECURRING.columns.len()] {
    let json = row.json(program);
    let style = match row.finding {
        Finding::DidNotRun | Finding::Zero => BAD,
        Finding::Miscounted => ATTENTION,
        Finding::Paused => DIM,
    };
    let subtotal = row.schedule.subtotal.map(money::cents).map(money::display);
    [
        Cell::styled(row.finding.name(), style),
        Cell::from(&row.schedule.name),
        Cell::styled(&said(&json["schedule_id"]), DIM),
        Cell::from(&row.whose.customer),
        Cell::styled(&said(&json["customer_id"]), DIM),
        Cell::from(subtotal.unwrap_or_default()),
        Cell::from(to_day(&row.schedule.next_run).map_or_else(String::new, when::day)),
        Cell::from(&row.schedule.frequency),
        Cell::from(said(&json["fixed"])),
        Cell::from(said(&json["counted"])),
        Cell::from(said(&json["paused"])),
        Cell::from(said(&json["takes"])),
        Cell::from(said(&json["mend"])),
    ]
}
