//! Wrapping by what a terminal shows: wide characters count two, words longer than a line are broken, list items hang.
//! The words are textwrap's to lay; decided here is what hangs below what, and where a text is cut.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that `text` takes on a terminal. Lam and alef are two there: only print joins them.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.split_inclusive('\u{644}').map(str::width).sum()
}

/// `text` as lines that, behind `indent` spaces, end within `width`; without a width, its own lines, indented.
/// Each line of the text is a paragraph; the rest of one that begins a list item hangs below its first word.
#[must_use]
pub fn wrap(text: &str, width: Option<usize>, indent: usize) -> Vec<String> {
    let room = width.map(|width| width.saturating_sub(indent).max(1));
    let margin = " ".repeat(indent);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let paragraph = paragraph.replace('\t', "    ");
        let whole = paragraph.trim_end();
        match room {
            Some(room) if columns(whole) > room => fill(whole, room, &mut lines),
            // What fits keeps its spaces: people draw tables with them.
            _ => lines.push(whole.to_owned()),
        }
    }
    for line in &mut lines {
        if !line.is_empty() {
            line.insert_str(0, &margin);
        }
    }
    lines
}

/// A space that does not break: what it holds together is typed as one.
pub const HELD: &str = "\u{a0}";

/// A message that begins behind a label of `label` columns: its words fill lines of `width`, those below the first two
/// columns in. A word that is longer than a line stays whole, so that it can be copied; so do words that are [`HELD`].
#[must_use]
pub fn message(text: &str, width: Option<usize>, label: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let indent = if out.is_empty() { label } else { BELOW.len() };
        let lead = " ".repeat(indent);
        match width.filter(|width| columns(line) + indent > *width) {
            Some(width) => {
                let options = words(width).break_words(false).initial_indent(&lead);
                let lines = textwrap::wrap(line, options.subsequent_indent(BELOW));
                out.extend(lines.into_iter().map(Cow::into_owned));
            }
            None => out.push(format!("{lead}{line}")),
        }
    }
    // The label stands where the first line begins.
    out.join("\n").split_off(label.min(out.first().map_or(0, String::len))).replace(HELD, " ")
}

/// Before the lines of a message that are not its first.
const BELOW: &str = "  ";

/// Lines of `width` columns that are filled with words. Hyphens do not break: dates, numbers and ids stay whole.
fn words<'o>(width: usize) -> Options<'o> {
    Options::new(width)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}

/// A page of labels and quotes within `width`: what follows a label hangs below its first word, and the rest of a quoted
/// line (`  | `) stays behind its bar, so that nothing quoted can pass for the page's own words.
#[must_use]
pub fn page(text: &str, width: Option<usize>) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let (head, rest) = match line.strip_prefix(BAR) {
            Some(rest) => (BAR, rest),
            None => line.split_at(label(line)),
        };
        let indent = columns(head);
        let below = if head == BAR { BAR.to_owned() } else { " ".repeat(indent) };
        let room = width.map(|width| width.saturating_sub(indent).max(1));
        let parts = wrap(rest, room, 0);
        let margins = std::iter::once(head).chain(std::iter::repeat(below.as_str()));
        // A line of nothing is a line, too.
        let parts = parts.iter().map(String::as_str);
        let parts = parts.chain(rest.is_empty().then_some(""));
        for (margin, part) in margins.zip(parts) {
            out.push_str(format!("{margin}{part}").trim_end());
            out.push('\n');
        }
    }
    out
}

/// Before a quoted line.
const BAR: &str = "  | ";

/// Where the text begins behind a line's margin and its label, which two spaces end.
fn label(line: &str) -> usize {
    let body = line.trim_start();
    let margin = line.len() - body.len();
    match body.find("  ").filter(|&at| at <= 12) {
        Some(at) => line.len() - body[at..].trim_start().len(),
        None if body.starts_with("+ ") || body.starts_with("! ") => margin + 2,
        None => margin,
    }
}

/// A line in which styles are embedded, the first `before` columns of it taken by others: its words fill lines of `width`,
/// those below the first `indent` columns in. No word is broken.
#[must_use]
pub fn styled(line: &str, width: usize, before: usize, indent: usize) -> String {
    let (mut out, mut used) = (String::new(), before);
    for (at, word) in line.split(' ').enumerate() {
        let taken = columns(&unstyled(word));
        if at > 0 && used + 1 + taken > width && used > indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if at > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += taken;
    }
    out
}

/// A text without the styles that are embedded in it.
fn unstyled(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// `text` on one line of at most `width` columns, its end replaced by `…` when it is longer.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let Some(room) = width.checked_sub(1) else {
        return String::new();
    };
    let mut kept = head(text, room).trim_end().to_owned();
    kept.push('…');
    kept
}

/// The same, of whose words none is cut that is not wider than the line.
#[must_use]
pub fn cut_at_word(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let first = wrap(text, width.checked_sub(2), 0).into_iter().next().unwrap_or_default();
    format!("{first} …")
}

/// The first characters of `text`, at most `length` bytes.
pub(super) fn beginning(text: &str, length: usize) -> &str {
    (0..=length.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// The longest beginning of `text` that fits into `room` columns.
fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room {
            return &text[..at];
        }
    }
    text
}

/// Fills lines of `room` columns with the words of one paragraph.
fn fill(paragraph: &str, room: usize, lines: &mut Vec<String>) {
    let body = paragraph.trim_start();
    // A margin that leaves too little room to read is given up.
    let readable = |margin: &usize| margin * 2 <= room;
    let lead = Some(columns(paragraph) - columns(body)).filter(readable).unwrap_or(0);
    let hang = Some(lead + bullet(body)).filter(readable).unwrap_or(lead);
    let (first, rest) = (" ".repeat(lead), " ".repeat(hang));
    let options = words(room).initial_indent(&first).subsequent_indent(&rest);
    lines.extend(textwrap::wrap(body, options).into_iter().map(Cow::into_owned));
}

/// The columns of a list mark and the space behind it, zero when there is none.
fn bullet(body: &str) -> usize {
    let mark = body.split(' ').next().unwrap_or_default();
    let is_mark = matches!(mark, "-" | "*" | "•" | "–" | ">")
        || mark.strip_suffix(['.', ')']).is_some_and(|digits| {
            (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
    if is_mark && mark.len() < body.len() { columns(mark) + 1 } else { 0 }
}

/// What a shell takes for the end of a line on which a command goes on.
const GOES_ON: &str = if cfg!(windows) { " `" } else { " \\" };

/// A command on lines of so many columns that can be pasted as one: it goes on at a space that is not in quotes. A word
/// that is wider stays whole.
#[must_use]
pub fn pasted(command: &str, width: usize) -> Vec<String> {
    if columns(command) <= width {
        return vec![command.to_owned()];
    }
    let mut quote = None;
    let words = command.split(|letter| {
        quote = match quote {
            Some(open) => Some(open).filter(|open| *open != letter),
            None => Some(letter).filter(|letter| matches!(letter, '"' | '\'')),
        };
        letter == ' ' && quote.is_none()
    });
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) + GOES_ON.len() <= width => {
                line.push_str(&format!(" {word}"));
            }
            Some(line) => {
                line.push_str(GOES_ON);
                lines.push(word.to_owned());
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        for (text, wide) in
            [("plain", 5), ("日本", 4), ("e\u{301}", 1), ("שלום", 4), ("لا تعمل", 7), ("👋", 2)]
        {
            assert_eq!(columns(text), wide, "{text}");
        }
    }

    #[test]
    fn words_fill_lines_and_items_hang() {
        assert_eq!(
            wrap("The printer on floor two\n\n- replaced the roller and cleaned it", Some(20), 2),
            [
                "  The printer on",
                "  floor two",
                "",
                "  - replaced the",
                "    roller and",
                "    cleaned it",
            ]
        );
    }

    #[test]
    fn wide_characters_count_two_and_long_words_break() {
        assert_eq!(wrap("日本語のプリンター", Some(8), 0), ["日本語の", "プリンタ", "ー"]);
        assert_eq!(
            wrap("see https://example.com/x", Some(10), 0),
            ["see", "https://ex", "ample.com/", "x"]
        );
        assert_eq!(wrap("日", Some(1), 0), ["日"]);
    }

    #[test]
    fn without_a_width_lines_stay() {
        assert_eq!(wrap("a b\n\tc ", None, 1), [" a b", "     c"]);
    }

    #[test]
    fn quotes_stay_behind_their_bar_and_values_beside_their_label() {
        let text = "Bill\n\n  Customer  Nordlys Bakeri og Kafe\n  | Replaced the roller\n  |\n  + 0.5 h x Labor @ $75.00\n      \"Replaced the roller\"\n";
        assert_eq!(page(text, None), text);
        assert_eq!(page(text, Some(80)), text);
        assert_eq!(
            page(text, Some(20)),
            "\
Bill

  Customer  Nordlys
            Bakeri
            og Kafe
  | Replaced the
  | roller
  |
  + 0.5 h x Labor @
    $75.00
      \"Replaced the
      roller\"
"
        );
        assert_eq!(page("  | é\n+é", Some(1)), "  | é\n+\né\n");
    }

    #[test]
    fn a_message_is_wrapped_at_words_and_a_command_stays_on_one_line() {
        let text = "run `syncro\u{a0}--sandbox\u{a0}invoice\u{a0}show\u{a0}67410` to show it";
        assert_eq!(
            message(text, Some(40), 6),
            "run\n  `syncro --sandbox invoice show 67410`\n  to show it"
        );
        assert_eq!(message(text, Some(20), 6).lines().nth(1).map(str::len), Some(39));
        assert_eq!(message(text, None, 6), "run `syncro --sandbox invoice show 67410` to show it");
        assert_eq!(message("refused: no\nand why", Some(80), 7), "refused: no\n  and why");
        assert_eq!(message("", Some(80), 7), "");
        assert_eq!(message("long words", Some(3), 7), "long\n  words");
    }

    #[test]
    fn cutting_marks_the_end() {
        assert_eq!(cut("Printer jam", 11), "Printer jam");
        assert_eq!(cut("Printer jam", 9), "Printer…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 0), "");
        let command = "syncro bill 7 --labor \"on site\" --minutes 30";
        assert_eq!(pasted(command, 44), [command]);
        for width in 1..44 {
            let lines = pasted(command, width);
            assert_eq!(lines.join("\n").replace(&format!("{GOES_ON}\n"), " "), command);
            assert!(lines.iter().any(|line| line.contains("\"on site\"")), "{lines:?}");
        }
        let lines = pasted(command, 22);
        assert!(lines.iter().all(|line| columns(line) <= 22) && lines.len() == 3, "{lines:?}");
        let command = "syncro bill 7 --labor 'on \"site\" here' --minutes 30";
        let lines = pasted(command, 24);
        assert!(lines.iter().any(|line| line.contains("'on \"site\" here'")), "{lines:?}");
        assert_eq!(cut_at_word("Invoice 67410 was sent", 22), "Invoice 67410 was sent");
        assert_eq!(cut_at_word("Invoice 67410 was sent", 14), "Invoice …");
        assert_eq!(cut_at_word("Invoice 67410 was sent", 15), "Invoice 67410 …");
    }

    #[test]
    fn styles_take_no_room() {
        let line = "\u{1b}[1msyncro bill\u{1b}[0m [OPTIONS] [NUMBER]";
        assert_eq!(styled(line, 40, 7, 7), line);
        let narrow = "\u{1b}[1msyncro bill\u{1b}[0m\n       [OPTIONS]\n       [NUMBER]";
        assert_eq!(styled(line, 20, 7, 7), narrow);
        assert_eq!(styled("  --one-long-word two", 10, 0, 2), "  --one-long-word\n  two");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(
            text in "[a-z日ש 0-9.\\-\n]{0,200}", width in 12_usize..60, indent in 0_usize..6
        ) {
            let lines = wrap(&text, Some(width), indent);
            for line in &lines {
                prop_assert!(columns(line) <= width, "{line:?}");
            }
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }
    }
}
