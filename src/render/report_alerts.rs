//! Alerts of assets: a row for those of one asset that say the same.

use super::list::{Rows, Shape};
use super::report::{TO_DO, said};
use super::tickets::ago;
use super::{ATTENTION, BAD, Cell, Column, DIM, Look};
use crate::reports::alerts::{Report, Row};

/// What the report of alerts shows.
pub const ALERTS: Shape = Shape {
    command: "report alerts",
    one: "kind of alert",
    several: "kinds of alerts",
    columns: &[
        Column::name("Customer").keeping(20).of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::name("Asset").of("asset"),
        Column::id("Asset id").extra().of("asset_id"),
        Column::elastic("Description").of("description"),
        Column::figures("Count").of("count"),
        Column::figures("Open").of("open"),
        Column::figures("Repeats").like_text().of("repeats"),
        Column::figures("No ticket").of("orphans"),
        Column::date("First").extra().of("first"),
        Column::date("Last").good_to_know().of("last"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its rows, and what they come to.
#[must_use]
pub fn alerts(report: &Report, look: &Look, program: &str) -> Rows {
    let mut table = ALERTS.table();
    for row in &report.rows {
        table.row(cells(row, look, program));
    }
    let sums = [
        (report.sum(|row| row.count), "made"),
        (report.sum(|row| row.open), "open"),
        (report.sum(|row| row.orphans), "for a day without a ticket"),
    ];
    let sums = sums.map(|(count, what)| format!("{count} {what}"));
    Rows::from(table).summed(Some(sums.join(", ")))
}

fn cells(row: &Row, look: &Look, program: &str) -> [Cell; ALERTS.columns.len()] {
    let json = row.json(program);
    let figure = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    let age = |at| Cell::styled(&ago(at, look), DIM);
    [
        Cell::from(&row.whose.customer),
        Cell::styled(&said(&json["customer_id"]), DIM),
        Cell::from(&row.asset),
        Cell::styled(&said(&json["asset_id"]), DIM),
        Cell::from(&row.description),
        Cell::from(row.count.to_string()),
        Cell::from(figure(row.open)),
        Cell::styled(&figure(row.repeats), ATTENTION),
        Cell::styled(&figure(row.orphans), BAD),
        age(row.first),
        age(row.last),
        Cell::from(said(&json["mend"])),
    ]
}
