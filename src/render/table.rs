//! Tables, laid out by comfy-table. Decided here is what gives way on a narrow terminal: free text is cut first, as far as
//! it can be read, then columns leave in the order of their ranks, and a date, number, id or amount is shown whole or not
//! at all. Without a width everything is shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Width, presets};

use crate::sorting;

use super::BOLD;
use super::cell::{Cell, Column, Fit, LEAST, UNMARKED, painted};

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) titles: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    headed: bool,
}

/// Spaces between two columns.
const GAP: u16 = 2;
/// A name that has less than so much room beside a command gets more: the command goes below.
const NAMED: u16 = 16;
/// Prose goes on for so many lines on a terminal.
const LINES: usize = 40;
/// A text in a pipe goes on for so many letters: more are no text, and each is in memory several times while it is laid
/// out.
const LONGEST: usize = 1_000_000;
/// comfy-table counts in 16 bits. What is longer, in a pipe, goes on below.
const WIDEST: u16 = 60_000;

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        let columns: Vec<Column> = columns.into_iter().collect();
        let titles = columns.iter().map(|column| column.title.to_owned()).collect();
        Self { columns, titles, rows: Vec::new(), headed: true }
    }

    /// The same with another title above the column `key`.
    pub fn titled(mut self, key: &str, title: String) -> Self {
        if let Some(at) = self.place(key) {
            self.titles[at] = title;
        }
        self
    }

    /// The same without the column `key`.
    pub fn without(mut self, key: &str) -> Self {
        if let Some(at) = self.place(key) {
            self.drop_column(at);
        }
        self
    }

    /// The same with a column before the column `key` that only people see: it has no name.
    #[must_use]
    pub fn beside(
        mut self,
        key: &str,
        column: Column,
        cells: impl IntoIterator<Item = Cell>,
    ) -> Self {
        let at = self.place(key).unwrap_or(self.columns.len());
        self.columns.insert(at, column);
        self.titles.insert(at, column.title.to_owned());
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.insert(at.min(row.len()), cell);
        }
        self
    }

    /// Keeps the column `key`, which the rows are sorted by, as long as any.
    pub fn keep(&mut self, key: &str) {
        if let Some(at) = self.place(key) {
            self.columns[at] = self.columns[at].sorted();
        }
    }

    /// Where the column `key` stands.
    pub(super) fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    fn drop_column(&mut self, at: usize) {
        self.columns.remove(at);
        self.titles.remove(at);
        for row in self.rows.iter_mut().filter(|row| row.len() > at) {
            row.remove(at);
        }
    }

    /// The same without the further columns in which nothing stands.
    fn without_empty_extras(&self) -> Self {
        let mut table = self.clone();
        let is_empty = |at: usize| {
            self.columns[at].is_further()
                && self.rows.iter().all(|row| row.get(at).is_none_or(Cell::is_empty))
        };
        for at in (0..self.columns.len()).rev().filter(|&at| is_empty(at)) {
            table.drop_column(at);
        }
        table
    }

    /// The same without the line of titles.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.headed = false;
        self
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, header first, each ending in a line feed and within `width` if there is one.
    pub fn render(&self, width: Option<usize>, colour: bool) -> String {
        match width {
            Some(line) => self.without_empty_extras().lowered(line).with_lines_below(line, colour),
            // In a pipe the columns are always the same.
            None => self.laid_out(width, colour).concat(),
        }
    }

    /// The same with the column below its rows that has no room beside them.
    fn lowered(mut self, width: usize) -> Self {
        let Some(at) = self.columns.iter().position(|column| column.fit == Fit::Beside) else {
            return self;
        };
        let needs = self.layout(Some(width), false).column_max_content_widths();
        let shown = self.shown(&needs, Some(counted(width)));
        let widths = self.widths(&needs, &shown, counted(width));
        let is_pressed = |(at, column): (usize, &Column)| {
            let has = widths.get(&at).copied().unwrap_or_default();
            column.fit == Fit::Cut && has < needs[at].min(NAMED)
        };
        if !shown.contains(&at) || self.columns.iter().enumerate().any(is_pressed) {
            self.columns[at].fit = Fit::Under;
        }
        self
    }

    /// The lines of a terminal, each row with its line below, where it has one.
    fn with_lines_below(mut self, width: usize, colour: bool) -> String {
        let is_below = |column: &Column| matches!(column.fit, Fit::Below | Fit::Under);
        let Some(at) = self.columns.iter().position(is_below) else {
            return self.laid_out(Some(width), colour).concat();
        };
        let is_whole = self.columns[at].fit == Fit::Under;
        let below = |row: &Vec<Cell>| row.get(at).filter(|cell| !cell.is_empty()).cloned();
        let below: Vec<Option<Cell>> = self.rows.iter().map(below).collect();
        self.drop_column(at);
        let mut lines = self.laid_out(Some(width), colour);
        let heads = usize::from(self.headed);
        for (line, cell) in lines.iter_mut().skip(heads).zip(below) {
            line.extend(cell.map(|cell| cell.below(width, colour, is_whole)));
        }
        lines.concat()
    }

    /// The rows, not yet within a width.
    fn layout(&self, width: Option<usize>, colour: bool) -> comfy_table::Table {
        let row = |cells: &[Cell]| {
            let cells = cells.iter().zip(&self.columns);
            let longest = |column: &Column| match column.fit {
                Fit::Whole | Fit::Beside => None,
                Fit::Cut | Fit::CutLast | Fit::Below | Fit::Under => Some(width.unwrap_or(LONGEST)),
                Fit::Wrap => Some(width.map_or(LONGEST, |width| width.saturating_mul(LINES))),
            };
            let mut row =
                Row::from(cells.map(|(cell, column)| cell.marked(longest(column), colour)));
            if width.is_some() && self.columns.iter().all(|column| column.fit != Fit::Wrap) {
                row.max_height(1);
            }
            row
        };
        let mut layout = comfy_table::Table::new();
        layout.load_style(presets::NOTHING).set_truncation_indicator(&format!("…{UNMARKED}"));
        if self.headed {
            let titles = self.titles.iter().map(|title| Cell::styled(title, BOLD));
            layout.set_header(row(&titles.collect::<Vec<_>>()));
        }
        layout.add_rows(self.rows.iter().map(|cells| row(cells)));
        layout
    }

    fn laid_out(&self, width: Option<usize>, colour: bool) -> Vec<String> {
        let mut layout = self.layout(width, colour);
        let needs = layout.column_max_content_widths();
        let width = width.map(counted);
        let shown = self.shown(&needs, width);
        let widths = width.map(|width| self.widths(&needs, &shown, width));
        if let Some(width) = width {
            // The last column is padded, too; that is trimmed.
            layout.set_content_arrangement(ContentArrangement::Dynamic).set_width(width + GAP);
        }
        for (at, (laid, column)) in layout.column_iter_mut().zip(&self.columns).enumerate() {
            laid.set_padding((0, GAP)).set_cell_alignment(column.align);
            let Some(widths) = &widths else {
                laid.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(WIDEST)));
                continue;
            };
            laid.set_constraint(match widths.get(&at) {
                Some(width) => ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(GAP))),
                None => ColumnConstraint::Hidden,
            });
            match column.fit {
                Fit::Wrap => laid.set_delimiter(' '),
                // Cut within words, too: no text has this character between them.
                _ => laid.set_delimiter('\0'),
            };
        }
        layout.lines().map(|line| painted(line.trim_end())).collect()
    }

    /// The same, two columns in.
    pub fn indented(&self, width: Option<usize>, colour: bool) -> String {
        let rows = self.render(width.map(|width| width.saturating_sub(2)), colour);
        rows.lines().map(|line| format!("  {line}\n")).collect()
    }

    /// The columns that stay, given what each of them needs to be whole.
    fn shown(&self, needs: &[u16], width: Option<u16>) -> Vec<usize> {
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        let mut leaving: Vec<_> = self.columns.iter().enumerate().collect();
        sorting::sort_by_key(&mut leaving, |(at, column)| (column.leaves, Reverse(*at)));
        for (leaves, leaver) in leaving {
            let columns = self.columns.iter().zip(needs).enumerate();
            let needed: usize = columns
                .filter(|(at, _)| shown.contains(at))
                .map(|(_, (column, &whole))| column.kept(whole, leaver))
                .map(|needed| usize::from(needed) + usize::from(GAP))
                .sum();
            let fits = |width| needed <= usize::from(width) + usize::from(GAP);
            if shown.len() == 1 || width.is_none_or(fits) {
                break;
            }
            shown.retain(|&at| at != leaves);
        }
        shown
    }

    /// What each of the `shown` columns gets of `width`. What must be whole is; the room that is left goes to the texts:
    /// first what each keeps while others leave, then the words, then the rest, the narrowest first.
    fn widths(&self, needs: &[u16], shown: &[usize], width: u16) -> BTreeMap<usize, u16> {
        let columns = || shown.iter().map(|&at| (at, &self.columns[at], needs[at]));
        let least = |column: &Column, whole: u16| match column.fit {
            Fit::Whole | Fit::Beside => whole,
            _ => whole.min(LEAST),
        };
        let keeps = |column: &Column, whole: u16| match column.fit {
            Fit::Whole | Fit::Beside => whole,
            _ => whole.min(column.keeps),
        };
        let words = |column: &Column, whole: u16| match column.fit {
            Fit::CutLast => whole,
            _ => keeps(column, whole),
        };
        let all = |_: &Column, whole: u16| whole;
        let mut widths: BTreeMap<usize, u16> =
            columns().map(|(at, column, whole)| (at, least(column, whole))).collect();
        let taken = widths.values().map(|&taken| usize::from(taken) + usize::from(GAP));
        let mut room = (usize::from(width) + usize::from(GAP)).saturating_sub(taken.sum());
        type Wish<'w> = &'w dyn Fn(&Column, u16) -> u16;
        for wished in [&keeps as Wish<'_>, &words, &all] {
            while room > 0 {
                let has = |at: usize| widths.get(&at).copied().unwrap_or_default();
                let wanting =
                    columns().filter(|&(at, column, whole)| has(at) < wished(column, whole));
                let Some((at, ..)) = wanting.min_by_key(|&(at, ..)| has(at)) else {
                    break;
                };
                *widths.entry(at).or_default() += 1;
                room -= 1;
            }
        }
        widths
    }
}

/// A width as comfy-table counts it.
fn counted(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(WIDEST).min(WIDEST)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
