//! Tables of one line a row: columns as wide as what they show, and where a terminal is too narrow, the elastic ones
//! cut. Without a width nothing is cut. Cells hold text that has been sanitised, which happens on the way in. How wide a
//! column is and how a cell looks is decided here, by what a terminal shows.

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

/// A column: its title, its side, how it gives way where there is too little room.
#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    align: Align,
    give: Give,
}

/// How a column gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Give {
    /// First: half a subject is still one.
    Cut,
    /// Then, at last as a whole.
    Leave,
    /// Never while another one can: half an amount is a wrong one.
    Never,
}

impl Column {
    /// Text that is better read whole: statuses, days. With far too little room it is left out.
    #[must_use]
    pub fn text(title: &str) -> Self {
        Self { title: title.to_owned(), align: Align::Left, give: Give::Leave }
    }

    /// What other commands know a row by: numbers and ids, the last to be cut.
    #[must_use]
    pub fn id(title: &str) -> Self {
        Self { give: Give::Never, ..Self::text(title) }
    }

    /// Figures, leaning right, the last to be cut.
    #[must_use]
    pub fn figures(title: &str) -> Self {
        Self { align: Align::Right, give: Give::Never, ..Self::text(title) }
    }

    /// Text that is cut when there is too little room: subjects, names.
    #[must_use]
    pub fn elastic(title: &str) -> Self {
        Self { give: Give::Cut, ..Self::text(title) }
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
        Self { text: sanitise::one_line(text), style }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn is_styled(&self) -> bool {
        self.style != Style::new() && !self.text.is_empty()
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
    headed: bool,
}

/// Between two columns.
const GAP: usize = 2;
/// An elastic column is not cut below this while another one can give.
const LEAST: usize = 12;
/// No column is cut below this while another one can be left out.
const FEWEST: usize = 6;

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new(), headed: true }
    }

    /// The same without the line of titles.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.headed = false;
        self
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

    /// Whether it fits into `width` with `readable` columns left to each of the elastic ones that need as many.
    #[must_use]
    pub fn fits(&self, width: usize, readable: usize) -> bool {
        let widths = self.widths(None);
        let needed = widths.iter().zip(&self.columns);
        let needed: usize = needed
            .map(|(&width, column)| match column.give {
                Give::Cut => width.min(readable),
                Give::Leave | Give::Never => width,
            })
            .sum();
        needed + GAP * widths.len().saturating_sub(1) <= width
    }

    /// The lines, header first, each ending in a line feed and within `width` if there is one.
    #[must_use]
    pub fn render(&self, width: Option<usize>, colour: bool) -> String {
        let widths = self.widths(width);
        let header: Vec<Cell> =
            self.columns.iter().map(|column| Cell::styled(&column.title, BOLD)).collect();
        let mut out = String::new();
        for cells in self.headed.then_some(&header).into_iter().chain(&self.rows) {
            self.line(cells, &widths, colour, &mut out);
        }
        out
    }

    /// Adds a line of `cells`, each cut to its column and padded; nothing behind the last one that holds something.
    fn line(&self, cells: &[Cell], widths: &[usize], colour: bool, out: &mut String) {
        let mut behind = 0;
        for ((cell, &width), column) in cells.iter().zip(widths).zip(&self.columns) {
            if width == 0 {
                continue;
            }
            let text = cut(&cell.text, width);
            let room = width.saturating_sub(columns(&text));
            let (before, after) = match column.align {
                Align::Left => (0, room),
                Align::Right => (room, 0),
            };
            if text.is_empty() {
                behind += width + GAP;
                continue;
            }
            out.push_str(&" ".repeat(behind + before));
            if colour && cell.is_styled() {
                out.push_str(&format!("{0}{text}{0:#}", cell.style));
            } else {
                out.push_str(&text);
            }
            behind = after + GAP;
        }
        out.push('\n');
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
                    .chain(self.headed.then(|| columns(&column.title)))
                    .fold(1, usize::max)
            })
            .collect();
        let Some(room) = room else { return widths };
        self.leave(&mut widths, room);
        // First the elastic columns down to what is still readable, and figures last: one that is cut is marked as such.
        for (least, giving) in [
            (LEAST, &[Give::Cut][..]),
            (1, &[Give::Cut, Give::Leave]),
            (1, &[Give::Cut, Give::Leave, Give::Never]),
        ] {
            while needed(&widths) > room {
                let widest = widths
                    .iter()
                    .enumerate()
                    .filter(|&(at, &width)| {
                        width > least && giving.iter().any(|give| self.gives(at, *give))
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

    fn gives(&self, at: usize, give: Give) -> bool {
        self.columns.get(at).is_some_and(|column| column.give == give)
    }

    /// Takes away, from the right, what would have figures cut: first what is better read whole, then the rest.
    fn leave(&self, widths: &mut [usize], room: usize) {
        for give in [Give::Leave, Give::Cut] {
            for at in (0..widths.len()).rev() {
                let least: Vec<usize> = widths
                    .iter()
                    .enumerate()
                    .map(|(at, &width)| match self.gives(at, Give::Never) {
                        true => width,
                        false => width.min(FEWEST),
                    })
                    .collect();
                if needed(&least) <= room {
                    return;
                }
                let others = widths.iter().enumerate();
                let alone = others.filter(|(_, width)| **width > 0).count() == 1;
                if self.gives(at, give) && !alone {
                    widths[at] = 0;
                }
            }
        }
    }
}

/// What columns of these widths take; one without a width is not there.
fn needed(widths: &[usize]) -> usize {
    let there = widths.iter().filter(|width| **width > 0);
    let gaps = GAP * there.clone().count().saturating_sub(1);
    there.sum::<usize>() + gaps
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
            ["7", "In Progress", "東京ベーカリー株式会社", "プリンターが動かない"],
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
    fn ids_and_amounts_are_the_last_to_be_cut() {
        let mut table = Table::new([
            Column::id("Id"),
            Column::figures("Qty"),
            Column::figures("Price"),
            Column::figures("Amount"),
            Column::text("Tax"),
            Column::text("Invoiced"),
            Column::elastic("Item"),
        ]);
        let row = ["61200347", "2", "$122.25", "$244.50", "taxed", "#67409", "Fuser for the laser"];
        table.row(row.map(Cell::from));
        for width in [40, 42, 50, 60] {
            let text = table.render(Some(width), false);
            for whole in ["61200347", "$122.25", "$244.50"] {
                assert!(text.contains(whole), "{width}: {text}");
            }
        }
        assert_eq!(
            table.render(Some(44), false),
            "\
Id        Qty    Price   Amount  Item
61200347    2  $122.25  $244.50  Fuser for…
"
        );
        let bare = table.render(Some(30), false);
        assert!(bare.lines().all(|line| columns(line) <= 30), "{bare}");
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

    #[test]
    fn styles_take_no_room() {
        let mut table = tickets();
        table.row([
            Cell::styled("1", super::super::BAD),
            Cell::styled("", super::super::DIM),
            Cell::styled("日本 נ", super::super::GOOD),
            Cell::styled("A subject that is long", super::super::DIM),
        ]);
        for width in [None, Some(30), Some(50), Some(200)] {
            let coloured = table.render(width, true);
            assert_eq!(sanitise::text(&coloured), table.render(width, false), "{width:?}");
            assert_eq!(coloured.lines().count(), 5);
            for line in coloured.lines() {
                assert_eq!(line.matches("\u{1b}[0m").count() * 2, line.matches('\u{1b}').count());
            }
        }
    }

    #[test]
    fn a_row_is_a_line_however_long() {
        let mut table = Table::new([Column::elastic("Subject"), Column::text("")]);
        table.row([Cell::from("word ".repeat(4000)), Cell::from("x")]);
        table.row([]);
        let text = table.render(None, false);
        assert_eq!(text.lines().count(), 3);
        assert!(text.ends_with("word  x\n\n"));
    }
}
