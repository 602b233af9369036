//! What customers owe, by how long it is late: a row a customer, or a row an invoice.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::list::{Rows, Shape};
use super::report::{TO_DO, amount, named, said, whole};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, when};
use crate::billing::money;
use crate::reports::AtLeast;
use crate::reports::ar::{AGES, Report, Sums};

/// What the report of what is owed shows.
pub const AR: Shape = Shape {
    command: "report ar",
    one: "customer",
    several: "customers",
    columns: &[
        Column::name("Customer").of("customer"),
        Column::id("Id").good_to_know().of("customer_id"),
        Column::figures("Current").before_text().of("current"),
        Column::figures(TITLES[1]).before_text().of("d1_30"),
        Column::figures(TITLES[2]).like_text().of("d31_60"),
        Column::figures(TITLES[3]).like_text().of("d61_90"),
        Column::figures("Over 90").of("over_90"),
        Column::figures("Open").of("open"),
        Column::date("Oldest").good_to_know().of("oldest_due"),
        Column::date("Last payment").good_to_know().of("last_payment"),
        Column::text("At least").extra().made("at_least"),
        // Beside the rows only where all of them is shown: the ages come first.
        TO_DO.good_to_know(),
    ],
};

/// The same, a row an invoice.
pub const SINGLY: Shape = Shape {
    command: "report ar",
    one: "invoice",
    several: "invoices",
    columns: &[
        Column::id("Invoice").of("invoice"),
        Column::name("Customer").of("customer"),
        Column::id("Customer id").extra().of("customer_id"),
        Column::date("Due").like_text().of("due"),
        Column::figures("Days").like_text().of("days"),
        Column::figures("Total").like_text().of("total"),
        Column::figures("Open").of("open"),
        Column::date("Last payment").good_to_know().of("last_payment"),
        TO_DO,
    ],
};

/// What the ages are called, in days.
const TITLES: [&str; AGES.len()] = ["current", "1-30", "31-60", "61-90", "over 90"];

/// How the ages are drawn, the darker the later.
const SHADES: [&str; AGES.len()] = ["\u{2591}", "\u{2592}", "\u{2593}", "\u{2588}", "\u{2588}"];

/// A bar takes so many columns.
const WIDEST: u8 = 16;

/// Its customers, and what they come to; `with_bars` on a terminal.
#[must_use]
pub fn customers(report: &Report, program: &str, with_bars: bool) -> Rows {
    let mut table = AR.table();
    for row in &report.rows {
        let json = row.json(program);
        let [current, d1_30, d31_60, d61_90, over_90] = row.sums.ages.map(amount);
        table.row([
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::from(current),
            Cell::from(d1_30),
            Cell::styled(&d31_60, ATTENTION),
            Cell::styled(&d61_90, ATTENTION),
            Cell::styled(&over_90, BAD),
            Cell::styled(&amount(row.sums.open), BOLD),
            Cell::from(row.oldest_due.map_or_else(String::new, when::day)),
            Cell::from(row.last_payment.map_or_else(String::new, when::day)),
            Cell::styled(&named(&json["at_least"]), DIM),
            Cell::from(said(&json["mend"])),
        ]);
    }
    if with_bars {
        let most = report.rows.iter().map(|row| row.sums.open.known).max().unwrap_or_default();
        let bars = report.rows.iter().map(|row| Cell::from(bar(&row.sums, most)));
        table = table.beside("mend", Column::text("").extra(), bars);
    }
    Rows::from(table).summed(Some(sums(report)))
}

/// Its invoices, and what they come to.
#[must_use]
pub fn singly(report: &Report, program: &str) -> Rows {
    let mut table = SINGLY.table();
    for (row, owed) in report.singly() {
        let json = row.one_json(owed, program);
        let style = if owed.age() == 0 { BOLD } else { BAD };
        table.row([
            Cell::styled(&format!("#{}", owed.number), BOLD),
            Cell::from(&row.whose.customer),
            Cell::styled(&said(&json["customer_id"]), DIM),
            Cell::from(owed.due.map_or_else(String::new, when::day)),
            Cell::from(said(&json["days"])),
            Cell::from(owed.total.map_or_else(String::new, money::display)),
            Cell::styled(&money::display(owed.open), style),
            Cell::from(row.last_payment.map_or_else(String::new, when::day)),
            Cell::from(said(&json["mend"])),
        ]);
    }
    Rows::from(table).summed(Some(sums(report)))
}

/// What is open in all, by how late it is, and what is not in that.
fn sums(report: &Report) -> String {
    let is_any = |sum: &AtLeast| sum.misses || !sum.known.is_zero();
    let ages = TITLES.iter().zip(report.totals.ages).filter(|(_, sum)| is_any(sum));
    let ages: Vec<String> = ages.map(|(title, sum)| format!("{} {title}", whole(sum))).collect();
    let beside = [("credits", report.credits), ("drafts", report.drafts)];
    let beside: Vec<String> = beside
        .iter()
        .filter(|(_, sum)| is_any(sum))
        .map(|(what, sum)| format!("{} in {what}", whole(*sum)))
        .collect();
    let beside = match beside.as_slice() {
        [] => String::new(),
        some => format!("; not counted: {}", some.join(", ")),
    };
    format!("{} open: {}{beside}", whole(report.totals.open), ages.join(", "))
}

/// What a customer owes as a bar, of which `most` takes the whole width; each age has its part, if only one column.
fn bar(sums: &Sums, most: Decimal) -> String {
    let columns = |sum: &AtLeast| {
        let part = sum.known.checked_mul(Decimal::from(WIDEST))?.checked_div(most)?;
        let least = usize::from(!sum.known.is_zero());
        Some(part.round().to_usize()?.max(least))
    };
    let parts = sums.ages.iter().zip(SHADES);
    parts.map(|(sum, shade)| shade.repeat(columns(sum).unwrap_or_default())).collect()
}
