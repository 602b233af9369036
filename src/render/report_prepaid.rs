//! Prepaid blocks: a row a customer.

use rust_decimal::Decimal;

use super::list::{Rows, Shape};
use super::report::{TO_DO, hours, named, said};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM};
use crate::billing::money;
use crate::reports::prepaid::{Flag, Report, Row};

/// What the report of prepaid hours shows.
pub const PREPAID: Shape = Shape {
    command: "report prepaid",
    one: "customer",
    several: "customers",
    columns: &[
        Column::name("Customer").of("customer"),
        Column::id("Id").of("customer_id"),
        Column::figures("Left").of("left"),
        Column::figures("Waiting").like_text().of("waiting"),
        Column::figures("After").of("after"),
        Column::figures("30 days").good_to_know().of("burned_30"),
        Column::figures("90 days").good_to_know().of("burned_90"),
        Column::figures("Bought").good_to_know().of("bought_90"),
        Column::figures("Weeks").before_text().of("weeks"),
        Column::text("State").stays().of("flag"),
        Column::text("At least").extra().made("at_least"),
        TO_DO,
    ],
};

/// Its blocks, and how many are low and over.
#[must_use]
pub fn prepaid(report: &Report, program: &str) -> Rows {
    let mut table = PREPAID.table();
    for row in &report.rows {
        let json = row.json(program);
        table.row([
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::styled(&plain(row.left), BOLD),
            Cell::from(hours(row.waiting)),
            Cell::from(row.after().map_or_else(|| "?".to_owned(), plain)),
            Cell::from(hours(row.burned_30)),
            Cell::from(hours(row.burned_90)),
            Cell::from(hours(row.bought_90)),
            Cell::from(said(&json["weeks"])),
            state(row),
            Cell::styled(&named(&json["at_least"]), DIM),
            Cell::from(said(&json["mend"])),
        ]);
    }
    let flags = [Flag::Over, Flag::Low].map(|flag| (report.count(flag), flag.name()));
    let flags = flags.iter().filter(|(count, _)| *count > 0);
    let flags: Vec<String> = flags.map(|(count, name)| format!("{count} {name}")).collect();
    let sums = if flags.is_empty() { "none low".to_owned() } else { flags.join(", ") };
    Rows::from(table).summed(Some(sums))
}

/// What is to be said of a block; of one that is over, the hours that the next bill asks for in money.
fn state(row: &Row) -> Cell {
    match row.flag {
        Some(Flag::Over) => {
            let lacks =
                row.after().map_or_else(String::new, |after| format!(" by {} h", plain(-after)));
            Cell::styled(&format!("over{lacks}"), BAD)
        }
        Some(Flag::Low) => Cell::styled(Flag::Low.name(), ATTENTION),
        None => Cell::default(),
    }
}

fn plain(hours: Decimal) -> String {
    money::plain(money::cents(hours))
}
