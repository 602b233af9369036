//! Customers and contacts that are alike: a row for those who have the same in common.

use super::list::{Rows, Shape};
use super::report::{TO_DO, named, said};
use super::{ATTENTION, Cell, Column, DIM};
use crate::reports::duplicates::{Because, Kind, Member, Report, Row};

/// What the report of duplicates shows.
pub const DUPLICATES: Shape = Shape {
    command: "report duplicates",
    one: "group",
    several: "groups",
    columns: &[
        Column::text("Kind").like_text().of("kind"),
        Column::elastic("Names").keeping(40).made("names"),
        Column::text("Ids").extra().made("ids"),
        Column::text("Same").stays().of("because"),
        Column::name("Shared").like_text().made("shared"),
        Column::name("Customer").extra().of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        // Beside the rows only where all of them is shown.
        TO_DO.good_to_know(),
    ],
};

/// Its rows, and how many there are of each kind.
#[must_use]
pub fn duplicates(report: &Report, program: &str) -> Rows {
    let mut table = DUPLICATES.table();
    for row in &report.rows {
        table.row(cells(row, program));
    }
    let counts = [(Kind::Customers, "of customers"), (Kind::Contacts, "of contacts")];
    let counts = counts.map(|(kind, whose)| format!("{} {whose}", report.count(kind)));
    Rows::from(table).summed(Some(counts.join(", ")))
}

fn cells(row: &Row, program: &str) -> [Cell; DUPLICATES.columns.len()] {
    let json = row.json(program);
    let each =
        |of: fn(&Member) -> String| row.members.iter().map(of).collect::<Vec<_>>().join(", ");
    let names = match row.kind {
        Kind::Customers => each(|one| one.name.clone()),
        Kind::Contacts => each(|one| format!("{} ({})", one.name, one.whose.customer)),
    };
    let kind = match row.kind {
        Kind::Customers => Cell::from(row.kind.name()),
        Kind::Contacts => Cell::styled(row.kind.name(), DIM),
    };
    let shared: Vec<&str> = row
        .because
        .iter()
        .filter(|(because, _)| *because != Because::Name)
        .map(|(_, written)| written.as_str())
        .collect();
    [
        kind,
        Cell::from(names).valued(Some(named(&json["names"]))),
        Cell::styled(&each(|one| one.id.to_string()), DIM),
        Cell::styled(&said(&json["because"]), ATTENTION),
        // What names have in common stands in the names.
        Cell::from(shared.join(", ")).valued(Some(named(&json["shared"]))),
        Cell::from(said(&json["customer"])),
        Cell::styled(&said(&json["customer_id"]), DIM),
        Cell::from(said(&json["mend"])),
    ]
}
