//! What assets lack: a row an asset.

use super::list::{Rows, Shape};
use super::report::{TO_DO, said};
use super::{ATTENTION, BAD, Cell, Column, DIM, counted, when};
use crate::reports::patches::{Report, Row};

/// What the report of patches shows.
pub const PATCHES: Shape = Shape {
    command: "report patches",
    one: "asset",
    several: "assets",
    columns: &[
        Column::name("Customer").keeping(20).of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::name("Asset").of("asset"),
        Column::id("Asset id").extra().of("asset_id"),
        Column::figures("Missing").of("missing"),
        Column::figures("Failed").of("failed"),
        Column::figures("Critical").like_text().of("critical"),
        Column::figures("Security").like_text().of("security"),
        Column::figures("Rejected").good_to_know().of("rejected"),
        Column::date("Oldest").like_text().of("oldest"),
        Column::text("Looked at").extra().of("looked_at"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its rows, and what they come to.
#[must_use]
pub fn patches(report: &Report, program: &str) -> Rows {
    let mut table = PATCHES.table();
    for row in &report.rows {
        table.row(cells(row, program));
    }
    let sums = [
        (report.sum(|row| row.missing), "missing"),
        (report.sum(|row| row.failed), "failed"),
        (report.sum(|row| row.rejected), "rejected"),
    ];
    let mut sums = sums.map(|(count, what)| format!("{count} {what}")).to_vec();
    if report.unseen() > 0 {
        let unseen = counted(report.unseen(), "asset", "assets");
        sums.push(format!("{unseen} not looked at"));
    }
    Rows::from(table).summed(Some(sums.join(", ")))
}

fn cells(row: &Row, program: &str) -> [Cell; PATCHES.columns.len()] {
    let json = row.json(program);
    let figure = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    // Where nobody looks, nothing is known to be missing.
    let (missing, oldest) = match row.looked_at {
        true => (figure(row.missing), Cell::from(row.oldest.map_or_else(String::new, when::day))),
        false => ("?".to_owned(), Cell::styled("not looked at", DIM)),
    };
    [
        Cell::from(&row.whose.customer),
        Cell::styled(&said(&json["customer_id"]), DIM),
        Cell::from(&row.asset.name),
        Cell::styled(&said(&json["asset_id"]), DIM),
        Cell::styled(&missing, ATTENTION),
        Cell::styled(&figure(row.failed), BAD),
        Cell::styled(&figure(row.critical), BAD),
        Cell::styled(&figure(row.security), ATTENTION),
        Cell::styled(&figure(row.rejected), DIM),
        oldest,
        Cell::styled(&said(&json["looked_at"]), DIM),
        Cell::from(said(&json["mend"])),
    ]
}
