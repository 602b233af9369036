//! Columns and cells of a table: how a column gives way; sanitized text; and its style, which is marked while the text
//! is laid out, since comfy-table knows no styles without a terminal of its own.

use anstyle::{Reset, Style};
use comfy_table::CellAlignment;

use super::wrap::{cut, cut_at_word, pasted};
use super::{ATTENTION, BAD, BOLD, DIM, GOOD, REPLY, sanitise};

/// What becomes of a text that is wider than its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// There is none: the column is as wide as its widest text.
    Whole,
    /// It ends in `…`.
    Cut,
    /// The same, but it is the last text that is cut.
    CutLast,
    /// It goes on below.
    Wrap,
    /// There is none; where no room is left for the whole column beside the others, it is [`Fit::Under`].
    Beside,
    /// A command that is not as wide as it is whole: on lines of its own below its row, as a shell takes them for one.
    Under,
    /// On a terminal it is no column: it has a line of its own below its row, shortened at a word.
    Below,
}

/// A column: what it shows, its title, its side, and how it gives way.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name for scripts: the path of the API's member that it shows.
    pub(super) key: &'static str,
    /// Whether no member of the API says it.
    pub(super) made: bool,
    pub(super) title: &'static str,
    pub(super) align: CellAlignment,
    pub(super) fit: Fit,
    /// The rank in which columns leave; of one rank, the rightmost leaves first.
    pub(super) leaves: u8,
    /// Its text gives way down to so many columns before another column leaves.
    pub(super) keeps: u16,
}

/// What any text gives way to before a column leaves that its list is about.
pub(super) const LEAST: u16 = 8;
/// What a short word gives way to: two statuses can still be told apart.
const WORD: u16 = 11;
/// What a name gives way to.
const NAME: u16 = 12;
/// What free text gives way to.
const TEXT: u16 = 24;

impl Column {
    /// Short words, shown whole: statuses, phones.
    #[must_use]
    pub const fn text(title: &'static str) -> Self {
        Self {
            key: "",
            made: false,
            title,
            align: CellAlignment::Left,
            fit: Fit::Whole,
            leaves: 2,
            keeps: LEAST,
        }
    }

    /// Short words that may be cut, after all other text: the account's own statuses.
    #[must_use]
    pub const fn words(title: &'static str) -> Self {
        Self { fit: Fit::CutLast, keeps: WORD, ..Self::text(title) }
    }

    /// Free text, cut before any column leaves: subjects, descriptions.
    #[must_use]
    pub const fn elastic(title: &'static str) -> Self {
        Self { fit: Fit::Cut, leaves: 3, keeps: TEXT, ..Self::text(title) }
    }

    /// Free text of which less is enough: who it is, or of what kind.
    #[must_use]
    pub const fn name(title: &'static str) -> Self {
        Self { keeps: NAME, ..Self::elastic(title) }
    }

    /// Free text that goes on below: nothing of it is cut.
    #[must_use]
    pub const fn prose(title: &'static str) -> Self {
        Self { fit: Fit::Wrap, ..Self::elastic(title) }
    }

    /// The column as one that a terminal of any width shows: a line below each row.
    #[must_use]
    pub const fn below(self) -> Self {
        Self { fit: Fit::Below, ..self }
    }

    /// The column as one that is always shown: where there is no room for it, as a line below each row.
    #[must_use]
    pub const fn or_below(self) -> Self {
        Self { leaves: 4, fit: Fit::Beside, ..self }
    }

    /// Days and moments, shown whole.
    #[must_use]
    pub const fn date(title: &'static str) -> Self {
        Self { leaves: 4, ..Self::text(title) }
    }

    /// Quantities and amounts, shown whole, leaning right.
    #[must_use]
    pub const fn figures(title: &'static str) -> Self {
        Self { align: CellAlignment::Right, ..Self::date(title) }
    }

    /// Numbers and ids, by which other commands know a row: shown whole, and the last to leave.
    #[must_use]
    pub const fn id(title: &'static str) -> Self {
        Self { leaves: 5, ..Self::text(title) }
    }

    /// The column as one that its list is about: it leaves after the free text.
    #[must_use]
    pub const fn stays(self) -> Self {
        Self { leaves: 4, ..self }
    }

    /// The column as one that leaves in its turn with the free text, the rightmost first: what a narrow list can do
    /// without sooner than the text on its left.
    #[must_use]
    pub const fn like_text(self) -> Self {
        Self { leaves: 3, ..self }
    }

    /// The column as one that its list can do without sooner than any text, however little of that is left.
    #[must_use]
    pub const fn before_text(self) -> Self {
        Self { leaves: 2, ..self }
    }

    /// The column as one that is good to know: shown only while the text beside it keeps enough to be read, and only
    /// where it says something.
    #[must_use]
    pub const fn good_to_know(self) -> Self {
        Self { leaves: 1, ..self }
    }

    /// The column with so much of its text before anything that is further stands beside it.
    #[must_use]
    pub(super) const fn keeping(self, keeps: u16) -> Self {
        Self { keeps, ..self }
    }

    /// The column as an extra: the first to leave.
    #[must_use]
    pub const fn extra(self) -> Self {
        Self { leaves: 0, ..self }
    }

    /// The column as one that was asked for by name.
    #[must_use]
    pub(super) const fn asked_for(self) -> Self {
        let fit = if matches!(self.fit, Fit::Below) { Fit::Cut } else { self.fit };
        Self { leaves: 4, fit, ..self }
    }

    /// The column as the one that its list is sorted by: the last to leave.
    #[must_use]
    pub(super) const fn sorted(self) -> Self {
        Self { leaves: 5, ..self }
    }

    /// What it takes on a narrow line, of the `whole` that it needs; less before a column leaves that its list is
    /// about.
    pub(super) fn kept(&self, whole: u16, leaver: &Self) -> u16 {
        match self.fit {
            Fit::Whole | Fit::Beside => whole,
            _ if leaver.is_further() => self.keeps.min(whole),
            _ => LEAST.min(whole),
        }
    }

    /// Whether its list can do without it, and does where it says nothing.
    pub(super) const fn is_further(&self) -> bool {
        self.leaves <= 1
    }

    /// The column with the path of the API's member that it shows.
    #[must_use]
    pub const fn of(self, member: &'static str) -> Self {
        Self { key: member, ..self }
    }

    /// The column with a name of its own: no member of the API says what it shows.
    #[must_use]
    pub const fn made(self, key: &'static str) -> Self {
        Self { key, made: true, ..self }
    }
}

/// One cell: text, one of the room's styles, which counts only where there is color, and what scripts read instead.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    text: String,
    style: Style,
    value: Option<String>,
}

impl Cell {
    /// A cell with a style.
    pub fn styled(text: &str, style: Style) -> Self {
        Self { text: sanitise::one_line(text), style, value: None }
    }

    /// A cell of several lines, for a column of prose.
    pub fn lines<'t>(lines: impl IntoIterator<Item = &'t String>) -> Self {
        let lines: Vec<_> = lines.into_iter().map(|line| sanitise::one_line(line)).collect();
        Self { text: lines.join("\n"), ..Self::default() }
    }

    /// The cell with the value that scripts read: a number, an amount without its currency, a moment with its offset.
    /// Nothing is an empty one.
    #[must_use]
    pub fn valued(self, value: Option<impl ToString>) -> Self {
        let value = value.map_or_else(String::new, |value| value.to_string());
        Self { value: Some(sanitise::one_line(&value)), ..self }
    }

    /// What scripts read: its value, else its text.
    pub(super) fn value(&self) -> &str {
        self.value.as_deref().unwrap_or(&self.text)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text below its row, two columns in, within `width`: cut at a word, or where it `is_whole` going on below.
    pub(super) fn below(&self, width: usize, colour: bool, is_whole: bool) -> String {
        const MARGIN: &str = "  ";
        let room = width.saturating_sub(MARGIN.len());
        let lines = match is_whole {
            true => pasted(&self.text, room),
            false => vec![cut_at_word(&self.text, room)],
        };
        let styled = |text: &String| match colour {
            true => format!("{MARGIN}{DIM}{text}{Reset}\n"),
            false => format!("{MARGIN}{text}\n"),
        };
        lines.iter().map(styled).collect()
    }

    /// The text as it is laid out: no longer than can be shown of it, its style marked.
    pub(super) fn marked(&self, longest: Option<usize>, colour: bool) -> String {
        let text = longest.map_or_else(|| self.text.clone(), |longest| cut(&self.text, longest));
        let text = text.replace(LAM, &format!("{LAM}{UNJOINED}"));
        let mark =
            MARKS.iter().find(|(_, style)| colour && *style == self.style && !self.is_empty());
        match mark {
            Some((mark, _)) => format!("{mark}{text}{UNMARKED}"),
            None => text,
        }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text.as_ref(), Style::new())
    }
}

/// What stands for a style while it is laid out: of no width, and in no sanitized text.
const MARKS: [(char, Style); 6] = [
    ('\u{2061}', BOLD),
    ('\u{2062}', DIM),
    ('\u{2063}', GOOD),
    ('\u{2064}', ATTENTION),
    ('\u{2065}', BAD),
    ('\u{2067}', REPLY),
];
/// The end of what is marked.
pub(super) const UNMARKED: char = '\u{2066}';
/// comfy-table takes lam and alef for one column. Only print joins them.
const LAM: char = '\u{644}';
const UNJOINED: char = '\u{200c}';

/// A line that was laid out, with the styles that its marks stand for.
pub(super) fn painted(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 1);
    let mut open = false;
    for c in line.chars() {
        match MARKS.iter().find(|(mark, _)| *mark == c) {
            Some((_, style)) => {
                open = true;
                out.push_str(&style.render().to_string());
            }
            None if c == UNMARKED && open => {
                open = false;
                out.push_str(&Reset.render().to_string());
            }
            None if matches!(c, UNMARKED | UNJOINED) => {}
            None => out.push(c),
        }
    }
    if open {
        out.push_str(&Reset.render().to_string());
    }
    out.push('\n');
    out
}
