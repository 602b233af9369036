//! Tables of one line a row: columns as wide as what they show, and where a terminal is too narrow, the elastic ones
//! cut. Without a width nothing is cut. Cells hold text that has been sanitised, which happens on the way in.

use anstyle::Style;

use super::wrap::{columns, cut};
use super::{BOLD, sanitise};

/// Which side a column's text leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column: its title, its side, whether it may be cut.
#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    align: Align,
    elastic: bool,
}

impl Column {
    /// Text that must be read whole: numbers of tickets, statuses.
    #[must_use]
    pub fn text(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            align: Align::Left,
            elastic: false,
        }
    }

    /// Figures, leaning right.
    #[must_use]
    pub fn figures(title: &str) -> Self {
        Self {
            align: Align::Right,
            ..Self::text(title)
        }
    }

    /// Text that is cut when there is too little room: subjects, names.
    #[must_use]
    pub fn elastic(title: &str) -> Self {
        Self {
            elastic: true,
            ..Self::text(title)
        }
    }
}

/// One cell: text on one line, and how it looks.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell with a style, which counts only where there is colour.
    #[must_use]
    pub fn styled(text: &str, style: Style) -> Self {
        Self {
            text: sanitise::one_line(text),
            style,
        }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text.as_ref(), Style::new())
    }
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// Between two columns.
const GAP: usize = 2;
/// An elastic column is not cut below this while another one can give.
const LEAST: usize = 12;

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; cells beyond the columns are dropped, missing ones are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut cells: Vec<Cell> = cells.into_iter().collect();
        cells.resize(self.columns.len(), Cell::default());
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, header first, each ending in a line feed and within `width` if there is one.
    #[must_use]
    pub fn render(&self, width: Option<usize>, colour: bool) -> String {
        let widths = self.widths(width);
        let header: Vec<Cell> = self
            .columns
            .iter()
            .map(|column| Cell::styled(&column.title, BOLD))
            .collect();
        let mut out = String::new();
        for row in std::iter::once(&header).chain(&self.rows) {
            let mut line = Line::default();
            for ((cell, column), &width) in row.iter().zip(&self.columns).zip(&widths) {
                line.cell(cell, column.align, width, colour);
            }
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    /// What each column gets: all it needs, or with too little room, the widest elastic ones less.
    fn widths(&self, room: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cells = self.rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| columns(&cell.text))
                    .chain([columns(&column.title)])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let Some(room) = room else { return widths };
        let gaps = GAP * widths.len().saturating_sub(1);
        let room = room.saturating_sub(gaps);
        // First the elastic columns down to what is still readable, then anything: a figure cut is marked as such.
        for (least, all) in [(LEAST, false), (1, true)] {
            while widths.iter().sum::<usize>() > room {
                let widest = widths
                    .iter()
                    .enumerate()
                    .filter(|&(at, &width)| {
                        width > least && (all || self.columns.get(at).is_some_and(|c| c.elastic))
                    })
                    .max_by_key(|&(_, &width)| width)
                    .map(|(at, _)| at);
                let Some(width) = widest.and_then(|at| widths.get_mut(at)) else {
                    break;
                };
                *width -= 1;
            }
        }
        widths
    }
}

/// A line being filled; space is owed until text follows, so that no line ends in it.
#[derive(Default)]
struct Line {
    text: String,
    owed: usize,
    begun: bool,
}

impl Line {
    fn cell(&mut self, cell: &Cell, align: Align, width: usize, colour: bool) {
        if std::mem::replace(&mut self.begun, true) {
            self.owed += GAP;
        }
        let text = cut(&cell.text, width);
        let pad = width.saturating_sub(columns(&text));
        if text.is_empty() {
            self.owed += pad;
            return;
        }
        if align == Align::Right {
            self.owed += pad;
        }
        self.text.extend(std::iter::repeat_n(' ', self.owed));
        self.owed = if align == Align::Left { pad } else { 0 };
        if colour && cell.style != Style::new() {
            let style = cell.style;
            self.text.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.text.push_str(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets() -> Table {
        let mut table = Table::new([
            Column::figures("Number"),
            Column::text("Status"),
            Column::elastic("Customer"),
            Column::elastic("Subject"),
        ]);
        for row in [
            [
                "32181",
                "New",
                "Nordlys Bakeri",
                "Printer in the front office prints blank pages only",
            ],
            [
                "7",
                "In Progress",
                "東京ベーカリー株式会社",
                "プリンターが動かない",
            ],
            ["812", "", "מאפייה צפונית", "\u{1b}[31mred\u{1b}[0m\nalert"],
        ] {
            table.row(row.map(Cell::from));
        }
        table
    }

    #[test]
    fn a_pipe_gets_everything() {
        assert_eq!(
            tickets().render(None, false),
            "\
Number  Status       Customer                Subject
 32181  New          Nordlys Bakeri          Printer in the front office prints blank pages only
     7  In Progress  東京ベーカリー株式会社  プリンターが動かない
   812               מאפייה צפונית           red alert
"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_what_is_elastic() {
        assert_eq!(
            tickets().render(Some(50), false),
            "\
Number  Status       Customer        Subject
 32181  New          Nordlys Bakeri  Printer in t…
     7  In Progress  東京ベーカリ…   プリンターが…
   812               מאפייה צפונית   red alert
"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 10..120 {
            for line in tickets().render(Some(width), false).lines() {
                assert!(columns(line) <= width, "{width}: {line:?}");
                assert_eq!(line, line.trim_end());
            }
        }
    }

    #[test]
    fn styles_only_where_there_is_colour() {
        let mut table = Table::new([Column::text("Status")]);
        table.row([Cell::styled("New", super::super::GOOD)]);
        assert_eq!(table.render(None, false), "Status\nNew\n");
        assert!(table.render(None, true).contains("\u{1b}[32mNew\u{1b}[0m"));
    }
}
