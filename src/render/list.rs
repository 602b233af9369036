//! Lists: what each of them shows is one value, a [`Shape`]; here they become text, as a table for people and as cells
//! for scripts. A column is named by the path of the API's member that it shows.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::cell::{Cell, Column};
use super::{DIM, Look, Table, counted, sanitise, when};
use crate::api::fields::{day_alone, to_decimal, to_instant};
use crate::billing::money;

/// What a list is: the command that prints it, what its rows are called, and its columns.
#[derive(Debug)]
pub struct Shape {
    /// The command that prints it: `invoice list`.
    pub command: &'static str,
    /// One of its rows: `invoice`.
    pub one: &'static str,
    /// Several of them.
    pub several: &'static str,
    /// Its columns, in their order.
    pub columns: &'static [Column],
}

impl Shape {
    /// A table of these columns, without rows.
    #[must_use]
    pub fn table(&self) -> Table {
        Table::new(self.columns.iter().copied())
    }

    /// The names of its columns for scripts.
    #[must_use]
    pub fn keys(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.key).collect()
    }

    /// The names of its columns, with the title where that is another word: `due_date (Due)`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = |column: &Column| match same_word(column.key) == same_word(column.title) {
            true => column.key.to_owned(),
            false => format!("{} ({})", column.key, column.title),
        };
        self.columns.iter().map(name).collect()
    }

    /// The columns that are meant by what was typed: a plain member of the records, as it is; else a column's name or its title,
    /// whatever the case, the spaces and the hyphens.
    #[must_use]
    pub fn meant(&self, typed: &[String], records: &[Value]) -> Vec<String> {
        let meant = |typed: &String| {
            let is_plain =
                |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
            let is_member = || records.iter().any(|record| at(record, typed).is_some_and(is_plain));
            if self.keys().contains(&typed.as_str()) || is_member() {
                return typed.clone();
            }
            let word = same_word(typed);
            let fits = |column: &&Column| {
                [column.key, column.title].iter().any(|name| same_word(name) == word)
            };
            let column = self.columns.iter().find(fits);
            column.map_or_else(|| typed.clone(), |column| column.key.to_owned())
        };
        typed.iter().map(meant).collect()
    }
}

/// A name without its case, spaces and hyphens.
fn same_word(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, ' ' | '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

/// The rows of a list as people see them, and what is said below them.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The rows.
    pub table: Table,
    /// What the amounts come to, on a terminal.
    pub sums: Option<String>,
    /// What the list says of itself as a whole, in a pipe too.
    pub remark: Option<String>,
}

impl From<Table> for Rows {
    fn from(table: Table) -> Self {
        Self { table, sums: None, remark: None }
    }
}

impl Rows {
    /// The same with what the amounts come to.
    #[must_use]
    pub fn summed(self, sums: Option<String>) -> Self {
        Self { sums, ..self }
    }

    /// The same with what the list says of itself.
    #[must_use]
    pub fn remarking(self, remark: String) -> Self {
        Self { remark: Some(remark), ..self }
    }

    /// The rows as text, titles above them. On a terminal their `count` is below them, what they come to, and the way to
    /// the `rest` of them.
    #[must_use]
    pub fn text(self, count: &str, rest: &str, look: &Look) -> String {
        let foot = look.width.map(|_| {
            let sums = self.sums.map(|sums| format!(": {sums}")).unwrap_or_default();
            format!("{count}{sums}{rest}")
        });
        let mut out = self.table.render(look.width, look.colour);
        let remark = self.remark.map(|text| (text, anstyle::Style::new()));
        for (text, style) in remark.into_iter().chain(foot.map(|text| (text, DIM))) {
            for line in super::wrap::wrap(&text, look.width, 0) {
                out.push_str(&look.paint(style, &line));
                out.push('\n');
            }
        }
        out
    }
}

/// Amounts in sum, and how many cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    total: Decimal,
    unread: usize,
    is_at_most: bool,
}

impl Sum {
    /// The sum of those that can be read.
    #[must_use]
    pub fn of(amounts: impl IntoIterator<Item = Option<Decimal>>) -> Self {
        let zero = Self { total: Decimal::ZERO, unread: 0, is_at_most: false };
        amounts.into_iter().fold(zero, |sum, amount| match amount {
            Some(amount) => Self { total: sum.total.saturating_add(amount), ..sum },
            None => Self { unread: sum.unread + 1, ..sum },
        })
    }

    /// The same, where the amounts may be less than that.
    #[must_use]
    pub fn at_most(self, is_at_most: bool) -> Self {
        Self { is_at_most, ..self }
    }

    /// `$60.00 open`, with what is not in it.
    #[must_use]
    pub fn says(&self, word: &str) -> String {
        let most = if self.is_at_most { "at most " } else { "" };
        let sum = format!("{most}{} {word}", money::display(self.total));
        match self.unread {
            0 => sum,
            unread => {
                format!(
                    "{sum} excluding {}",
                    counted(unread, "unreadable amount", "unreadable amounts")
                )
            }
        }
    }
}

/// Cells for scripts: the names of the columns, and the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The names.
    pub names: Vec<String>,
    /// A row for each record, a cell for each name.
    pub rows: Vec<Vec<String>>,
}

/// The value at a path of member names, joined by dots; a number takes an element of an array.
#[must_use]
pub fn at<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(record, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })
}

/// The members that are amounts, wherever they stand.
const AMOUNTS: [&str; 11] = [
    "amount",
    "balance_due",
    "cost",
    "payment_amount",
    "price",
    "price_cost",
    "price_retail",
    "price_wholesale",
    "subtotal",
    "tax",
    "total",
];

/// Whether a member is a day where no time is given with it: what is called by its moment, like `created_at` or
/// `start_time`, is none.
fn may_be_day(name: &str) -> bool {
    name == "applied_at" || !(name.ends_with("_at") || name.ends_with("_time"))
}

/// The member at a path as a script reads it in a cell: an amount like 45.00, a day as it is written, a moment with the
/// offset of the zone, and else as it came; what cannot be understood, too.
fn plain(value: Option<&Value>, path: &str, zone: &TimeZone) -> String {
    let name = path.rsplit('.').next().unwrap_or_default();
    let amount = |value: &Value| to_decimal(value).filter(|_| AMOUNTS.contains(&name));
    match value {
        None | Some(Value::Null) => String::new(),
        Some(value) if let Some(amount) = amount(value) => money::plain(amount),
        Some(value @ Value::String(text)) => {
            let day = day_alone(text).filter(|_| may_be_day(name));
            match (day, to_instant(value)) {
                (Some(day), _) => day.to_string(),
                (None, Some(moment)) => when::for_scripts(moment, zone),
                (None, None) => sanitise::text(text),
            }
        }
        Some(value) => value.to_string(),
    }
}

impl Grid {
    /// The columns that are named, or those that the list shows: each by its member in the API's own objects, moments in
    /// this zone, else by the value of what the list shows.
    #[must_use]
    pub fn of(table: &Table, records: &[Value], named: Option<&[String]>, zone: &TimeZone) -> Self {
        let shown = || table.columns.iter().map(|column| column.key.to_owned()).collect();
        let names: Vec<String> = named.map_or_else(shown, <[String]>::to_vec);
        let made: Vec<Option<usize>> = names
            .iter()
            .map(|name| table.place(name).filter(|&at| table.columns[at].made))
            .collect();
        let row = |(place, record): (usize, &Value)| {
            let cells = names.iter().zip(&made).map(|(name, made)| match made {
                Some(column) => shown_at(table, place, *column),
                None => plain(at(record, name), name, zone),
            });
            cells.collect()
        };
        let rows = records.iter().enumerate().map(row).collect();
        Self { names, rows }
    }

    /// RFC 4180, with a line of names. A text that a spreadsheet would take for a formula begins with `'`.
    ///
    /// # Errors
    /// None but those of memory.
    pub fn csv(&self) -> Result<String, csv::Error> {
        if self.names.is_empty() {
            return Ok(String::new());
        }
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.names)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| no_formula(cell)))?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Cells apart by tabs, rows by line feeds, with a line of names; a cell has neither. Spreadsheets open these, too, so that
    /// no cell is a formula.
    #[must_use]
    pub fn tsv(&self) -> String {
        let mut out = String::new();
        if self.names.is_empty() {
            return out;
        }
        for row in std::iter::once(&self.names).chain(&self.rows) {
            let cells: Vec<String> =
                row.iter().map(|cell| on_one_line(&no_formula(cell))).collect();
            out.push_str(&cells.join("\t"));
            out.push('\n');
        }
        out
    }
}

fn shown_at(table: &Table, row: usize, column: usize) -> String {
    let cell = table.rows.get(row).and_then(|row| row.get(column));
    cell.map(|cell| cell.value().to_owned()).unwrap_or_default()
}

/// Tabs and line breaks as spaces.
fn on_one_line(cell: &str) -> String {
    cell.replace(['\t', '\n', '\r'], " ")
}

fn no_formula(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// A number as JSON has it.
fn is_number(cell: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(cell).is_ok()
}

/// A table of the columns that are named: as the list shows them, else the API's own members.
#[must_use]
pub fn chosen(table: &Table, records: &[Value], named: &[String], zone: &TimeZone) -> Table {
    let grid = Grid::of(table, records, Some(named), zone);
    let places: Vec<Option<usize>> = named.iter().map(|name| table.place(name)).collect();
    let columns = places.iter().enumerate().map(|(at, place)| match place {
        Some(place) => table.columns[*place].asked_for(),
        None => own(grid.rows.iter().map(|row| row[at].as_str())),
    });
    let mut chosen = Table::new(columns);
    chosen.titles = named.to_vec();
    for (row, cells) in grid.rows.iter().enumerate() {
        chosen.row(places.iter().zip(cells).map(|(place, cell)| match place {
            Some(place) => table.rows[row].get(*place).cloned().unwrap_or_default(),
            None => Cell::from(cell),
        }));
    }
    chosen
}

/// The widest text without spaces that is taken for an id or a date.
const FACT: usize = 32;

/// A column of the API's own values: free text is cut where need be, ids, numbers and dates are not.
fn own<'c>(cells: impl IntoIterator<Item = &'c str>) -> Column {
    let is_fact = |cell: &str| cell.len() <= FACT && !cell.contains(char::is_whitespace);
    match cells.into_iter().all(is_fact) {
        true => Column::date(""),
        false => Column::elastic(""),
    }
}

/// Whether a record has a value at a path; `None` where nothing stands above it that could have one.
fn has(record: &Value, path: &str) -> Option<bool> {
    let above = path.rsplit_once('.').map_or(Some(record), |(above, _)| at(record, above));
    match (at(record, path), above) {
        (Some(_), _) => Some(true),
        (None, Some(Value::Null)) => None,
        (None, Some(Value::Array(_))) if path.ends_with(|c: char| c.is_ascii_digit()) => None,
        (None, Some(_)) => Some(false),
        // Nothing is above: that decides.
        (None, None) => has(record, path.rsplit_once('.')?.0).filter(|has| !has),
    }
}

/// The names that neither the list nor any record has, each with the nearest that there is. What would stand in
/// something that is empty everywhere may well be one.
#[must_use]
pub fn unknown(
    shape: &Shape,
    records: &[Value],
    named: &[String],
) -> Vec<(String, Option<String>)> {
    let keys = shape.keys();
    let is_missing = |name: &&String| {
        let has = || records.iter().filter_map(|record| has(record, name));
        !keys.contains(&name.as_str()) && has().next().is_some() && !has().any(|has| has)
    };
    let missing: Vec<&String> = named.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let mut paths: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    records.iter().for_each(|record| members(record, "", &mut paths));
    let nearest = |name: &str| {
        let apart = paths.iter().map(|path| (strsim::damerau_levenshtein(name, path), path));
        let near = apart.min().filter(|(apart, path)| *apart <= 1 + path.len() / 4);
        near.map(|(_, path)| path.clone())
    };
    missing.into_iter().map(|name| (name.clone(), nearest(name))).collect()
}

/// The paths of the members of an object, and of the objects in it.
fn members(value: &Value, above: &str, paths: &mut BTreeSet<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{above}{name}");
        members(value, &format!("{path}."), paths);
        paths.insert(path);
    }
}

/// The columns of records that no list knows: each member that is no list and no object.
#[must_use]
pub fn of_members(records: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, value) in records.iter().filter_map(Value::as_object).flatten() {
        if !value.is_array() && !value.is_object() && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
