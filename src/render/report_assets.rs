//! Assets that need attention: a row a finding.

use super::list::{Rows, Shape};
use super::report::{TO_DO, said};
use super::tickets::ago;
use super::{ATTENTION, BAD, Cell, Column, DIM, Look};
use crate::reports::assets::{Finding, Report, Row};

/// What the report of assets shows.
pub const ASSETS: Shape = Shape {
    command: "report assets",
    one: "finding",
    several: "findings",
    columns: &[
        Column::text("Finding").stays().of("finding"),
        Column::name("Asset").of("asset"),
        Column::id("Id").extra().of("asset_id"),
        Column::name("Customer").keeping(20).of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::text("Type").good_to_know().of("type"),
        Column::text("Serial").like_text().of("serial"),
        Column::id("Contact id").extra().of("contact"),
        Column::date("Seen").like_text().of("seen"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its findings, and how many there are of each kind.
#[must_use]
pub fn assets(report: &Report, look: &Look, program: &str) -> Rows {
    let mut table = ASSETS.table();
    for row in &report.rows {
        table.row(cells(row, look, program));
    }
    let counts = Finding::ALL.map(|one| (report.count(one), one.name()));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, name)| format!("{count} {name}")).collect();
    Rows::from(table).summed(Some(counts.join(", ")))
}

fn cells(row: &Row, look: &Look, program: &str) -> [Cell; ASSETS.columns.len()] {
    let json = row.json(program);
    let style = match row.finding {
        Finding::DisabledCustomer => BAD,
        Finding::SameSerial | Finding::NotSeen => ATTENTION,
        Finding::NoContact => DIM,
    };
    [
        Cell::styled(row.finding.name(), style),
        Cell::from(&row.asset.name),
        Cell::styled(&said(&json["asset_id"]), DIM),
        Cell::from(&row.whose.customer),
        Cell::styled(&said(&json["customer_id"]), DIM),
        Cell::from(&row.asset.asset_type),
        Cell::from(&row.asset.asset_serial),
        Cell::styled(&said(&json["contact"]), DIM),
        Cell::styled(&row.seen.map(|at| ago(at, look)).unwrap_or_default(), DIM),
        Cell::from(said(&json["mend"])),
    ]
}
