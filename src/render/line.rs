//! Line items: what a ticket will put on its invoice, as a table and in sum.

use std::fmt::Write as _;

use anstyle::Style;

use super::list::{Rows, Shape};
use super::sheet::{count, dollars, plain_decimal, said};
use super::{ATTENTION, BAD, Cell, Column, DIM, Table, html};
use crate::api::Record;
use crate::api::resources::line_items::LineItem;
use crate::billing::discount::Discount;
use crate::billing::money;
use crate::billing::uninvoiced::{Unmarked, is_open};

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "line list",
    one: "line item",
    several: "line items",
    columns: &[
        Column::figures("Id").of("id"),
        Column::figures("Qty").of("quantity"),
        Column::figures("Price").of("price_retail"),
        Column::figures("Amount").made("amount"),
        Column::text("Tax").of("taxable"),
        Column::text("Invoiced").of("converted"),
        Column::elastic("Item").of("name"),
    ],
};

/// The line items of a ticket.
pub(super) fn lines_table(lines: &[Record<LineItem>], unmarked: &Unmarked) -> Table {
    rows(lines, unmarked).without("id")
}

fn rows(lines: &[Record<LineItem>], unmarked: &Unmarked) -> Table {
    let mut table = LIST.table();
    for line in lines {
        let id = Cell::from(line.id.to_string());
        table.row(std::iter::once(id).chain(cells(line, unmarked)));
    }
    table
}

fn cells(line: &LineItem, unmarked: &Unmarked) -> Vec<Cell> {
    let quantity = line.quantity.map_or_else(|| "?".to_owned(), plain_decimal);
    let amount = line.amount();
    let less = Discount::told(line.discount());
    let amount_style = match amount {
        Some(amount) if !amount.is_zero() => Style::new(),
        _ => BAD,
    };
    let item = match (line.name.trim(), line.description.trim()) {
        (name, "") => name.to_owned(),
        (name, text) if name == text => name.to_owned(),
        (name, text) => format!("{name}: {}", html::to_text(text)),
    };
    let field = |name: &str, shown: &str| said(&line.unreadable, name, shown.to_owned());
    let price = field("price_retail", &field("retail_cents", &dollars(line.price())));
    vec![
        Cell::from(field("quantity", &quantity)),
        Cell::from(format!("{price}{less}")),
        Cell::styled(&dollars(amount), amount_style).valued(amount.map(money::plain)),
        Cell::from(field("taxable", if line.taxable { "yes" } else { "no" })),
        match (line.unreadable.raw("converted"), unmarked.get(&line.id)) {
            (Some(raw), _) => Cell::styled(raw, ATTENTION),
            (_, Some(number)) => Cell::styled(&format!("#{number}"), DIM),
            (None, None) if line.converted => Cell::styled("yes", DIM),
            (None, None) => Cell::styled("no", ATTENTION),
        },
        Cell::from(item),
    ]
}

/// What waits for an invoice, in sum: `$134.50 uninvoiced in 2 lines`; nothing when nothing waits.
pub(super) fn uninvoiced(lines: &[Record<LineItem>], unmarked: &Unmarked) -> Option<String> {
    let is_open = |line: &&Record<LineItem>| is_open(line, unmarked);
    let open: Vec<_> = lines.iter().filter(is_open).collect();
    if open.is_empty() {
        return None;
    }
    let unknown = open.iter().filter(|line| line.amount().is_none()).count();
    let sum = money::sum(open.iter().filter_map(|line| line.amount()));
    let mut text = format!("{} uninvoiced in {}", money::display(sum), count(open.len(), "line"));
    if unknown > 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ", {unknown} of them without a clear amount");
    }
    Some(text)
}

/// The first `shown` lines of a ticket with their ids, by which they are changed and removed, and what of all of them
/// waits for an invoice.
#[must_use]
pub fn list(lines: &[Record<LineItem>], shown: usize, unmarked: &Unmarked) -> Rows {
    let sum = uninvoiced(lines, unmarked).unwrap_or_else(|| "Nothing uninvoiced".to_owned());
    let shown = lines.get(..shown).unwrap_or(lines);
    Rows::from(rows(shown, unmarked)).remarking(sum)
}
