//! Markup in a text: of HTML Syncro renders line breaks; lists and Markdown it shows as they are typed. Found, made plain
//! lines, and a text written as a body whose reader sees what was typed.

use crate::render::html;

/// Tags that are looked for, beside `<br>`, which renders.
const TAGS: [&str; 27] = [
    "ul",
    "ol",
    "li",
    "p",
    "b",
    "i",
    "u",
    "strong",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "div",
    "span",
    "table",
    "tr",
    "td",
    "th",
    "a",
    "code",
    "pre",
    "hr",
    "img",
    "blockquote",
    "font",
    "html",
];

/// Tags that are known to be shown as they are typed.
const LISTS: [&str; 3] = ["ul", "ol", "li"];

/// How deep in each other pairs of marks are taken away.
const NESTED: usize = 8;

/// What begins and ends code in Markdown.
const FENCE: &str = "```";

/// The tags in a text, each once, without `<br>`: `<ul>`, `<li>`.
#[must_use]
pub fn tags(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = text[at + 1..].trim_start_matches('/');
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let ends = rest[name.len()..].starts_with(['>', ' ', '/', '\n']);
        let name = name.to_ascii_lowercase();
        // "Press <b>" names a key; closed, it is markup.
        let closed = name.len() > 1 || text.to_ascii_lowercase().contains(&format!("</{name}>"));
        let shown = format!("<{name}>");
        if ends && closed && TAGS.contains(&name.as_str()) && !found.contains(&shown) {
            found.push(shown);
        }
    }
    found
}

/// A text as the body of a comment: each line break, and each `<br>` that was typed, is a `<br>`; the reader sees
/// everything else as it was typed.
#[must_use]
pub fn body(text: &str) -> String {
    let text = broken(text);
    let lines: Vec<String> = text.trim().lines().map(|line| escaped(line.trim_end())).collect();
    lines.join("<br>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text in which each `<br>` that was typed is a line break.
#[must_use]
pub fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let (written, length) = line_break(tag).map_or(("<", 1), |length| ("\n", length));
        out.push_str(written);
        rest = &tag[length..];
    }
    out.push_str(rest);
    out
}

/// How long the `<br>` is, also written `<BR/>`, that a text begins with.
fn line_break(text: &str) -> Option<usize> {
    let name = text.get(1..3).filter(|name| name.eq_ignore_ascii_case("br"))?;
    // Nothing but a blank and a slash stands in it.
    let end = text.bytes().take(8).position(|byte| byte == b'>')?;
    let between = text.get(1 + name.len()..end)?;
    matches!(between.trim(), "" | "/").then_some(end + 1)
}

/// The Markdown in a text, by its marks: `**`, `#`, `[ ](`, a fence.
#[must_use]
pub fn markdown(text: &str) -> Vec<&'static str> {
    let lines = || text.lines().map(str::trim_start);
    let paired = |mark: &str| text.lines().any(|line| pair(line, mark, 0).is_some());
    let marks = [
        ("**", paired("**")),
        ("__", paired("__")),
        ("# heading", lines().any(|line| heading(line).is_some())),
        ("[text](link)", text.lines().any(|line| link(line).is_some())),
        ("```", lines().any(|line| line.starts_with(FENCE))),
    ];
    marks.into_iter().filter_map(|(mark, there)| there.then_some(mark)).collect()
}

/// The heading behind its marks.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    let text = rest.strip_prefix(' ')?.trim();
    ((1..=6).contains(&marks) && !text.is_empty()).then_some(text)
}

/// A model's text as plain lines, without any markup.
#[must_use]
pub fn plain(text: &str) -> String {
    if tags(text).is_empty() { without_marks(text) } else { without_marks(&html::to_text(text)) }
}

/// A person's text with its lists and its Markdown as plain lines; other tags are text.
#[must_use]
pub fn lines(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::new();
    let mut done = 0;
    while let Some((start, end)) = list(&lower, done) {
        let before = text[done..start].trim_end();
        let items = html::to_text(&only_lists(&text[start..end]));
        for part in [before, items.trim()] {
            if !out.is_empty() && !part.is_empty() {
                out.push('\n');
            }
            out.push_str(part.trim_start_matches(['\r', '\n']));
        }
        done = end;
    }
    let rest = &text[done..];
    if done > 0 && !rest.trim().is_empty() {
        out.push('\n');
        out.push_str(rest.trim_start());
    } else if done == 0 {
        out.push_str(rest);
    }
    without_marks(&broken(&out))
}

/// Where the next list of a text in lower case begins and ends: an `<ul>` or `<ol>` that is closed again and has an item.
fn list(lower: &str, from: usize) -> Option<(usize, usize)> {
    let mut begins = None;
    let mut depth = 0_usize;
    for (at, _) in lower[from..].match_indices('<') {
        let at = from + at;
        let is = |tags: [&str; 2]| tags.iter().any(|tag| lower[at..].starts_with(tag));
        if is(["<ul>", "<ol>"]) {
            begins = begins.or(Some(at));
            depth += 1;
        } else if is(["</ul>", "</ol>"]) {
            depth = depth.saturating_sub(1);
        }
        if let Some(start) = begins.filter(|_| depth == 0) {
            let end = at + "</ul>".len();
            return lower[start..end].contains("<li>").then_some((start, end));
        }
    }
    None
}

/// A list in which all that is no list's tag and no line break is written so that it is read as it was typed.
fn only_lists(text: &str) -> String {
    let is_kept = |rest: &str| {
        let word = rest[1..].trim_start_matches('/');
        let list = LISTS.iter().any(|list| {
            word.get(..2).is_some_and(|name| name.eq_ignore_ascii_case(list))
                && word[2..].starts_with('>')
        });
        list || line_break(rest).is_some()
    };
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' if !is_kept(&text[at..]) => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
    out
}

/// Lines without the marks of Markdown: list items as `- item`.
fn without_marks(text: &str) -> String {
    let mut out = Vec::new();
    for line in text.lines() {
        let inner = line.trim_start();
        let indent = &line[..line.len() - inner.len()];
        let fenced = inner.strip_prefix(FENCE).map(|rest| rest.trim_start_matches('`').trim());
        let inner = match fenced {
            // What begins or ends a block says no more than its language.
            Some(rest) if !rest.contains([' ', '`']) => continue,
            Some(rest) => rest.trim_end_matches('`').trim_end(),
            None => inner,
        };
        let item = ["* ", "+ "].iter().find_map(|mark| inner.strip_prefix(mark));
        let line = match (heading(inner), item) {
            (Some(heading), _) => heading.to_owned(),
            (None, Some(item)) => format!("{indent}- {item}"),
            (None, None) => format!("{indent}{inner}"),
        };
        out.push(unmarked(line));
    }
    out.join("\n").trim_end().to_owned()
}

/// A line without pairs of `**`, `__` and backticks and without link brackets.
fn unmarked(mut line: String) -> String {
    for mark in ["**", "__", "`"] {
        // Pairs stand inside each other in no text that means anything by it.
        for _ in 0..NESTED {
            if pair(&line, mark, 0).is_none() {
                break;
            }
            line = unpaired(&line, mark);
        }
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some((before, text, target, behind)) = link(rest) {
        out.push_str(before);
        out.push_str(text);
        if text != target {
            out.push_str(&format!(" ({target})"));
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A line without the marks of each pair in it.
fn unpaired(line: &str, mark: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut done = 0;
    while let Some((start, end)) = pair(line, mark, done) {
        out.push_str(&line[done..start]);
        out.push_str(&line[start + mark.len()..end]);
        done = end + mark.len();
    }
    out.push_str(&line[done..]);
    out
}

/// Where the next two of a mark stand that make what is between them bold or code: at the edges of words, so that
/// `2 ** 3 ** 4`, `__init__.py` and the backtick of a shell stay what they are.
fn pair(line: &str, mark: &str, from: usize) -> Option<(usize, usize)> {
    let opens = |at: usize| {
        let before = line[..at].chars().next_back();
        let after = line[at + mark.len()..].chars().next();
        before.is_none_or(|c| c.is_whitespace() || "([\"'*_".contains(c))
            && after.is_some_and(|c| !c.is_whitespace() && !mark.starts_with(c))
    };
    let closes = |at: usize| {
        let before = line[..at].chars().next_back();
        let mut after = line[at + mark.len()..].chars();
        let ends = match after.next() {
            // A full stop that a word follows belongs to a name.
            Some('.') => after.next().is_none_or(char::is_whitespace),
            Some(c) => c.is_whitespace() || ",;:!?)]\"'*_".contains(c),
            None => true,
        };
        ends && before.is_some_and(|c| !c.is_whitespace())
    };
    let mut marks = line[from..].match_indices(mark).map(|(at, _)| from + at);
    let start = marks.find(|at| opens(*at))?;
    let end = marks.find(|at| closes(*at))?;
    Some((start, end))
}

/// The first `[text](https://target)` of a line, and what is around it.
fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    line.match_indices("](").find_map(|(at, middle)| {
        let (before, text) = line[..at].rsplit_once('[')?;
        let (target, behind) = line[at + middle.len()..].split_once(')')?;
        let is_link = ["http://", "https://", "mailto:"].iter().any(|way| target.starts_with(way));
        is_link.then_some((before, text, target, behind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sanitise;

    #[test]
    fn markup_is_seen() {
        assert_eq!(tags("<ul><li>one</li></UL>"), ["<ul>", "<li>"]);
        assert_eq!(tags("a<br>b<br/>c <server> 1 < 2 and <b> is a key"), [""; 0]);
        assert_eq!(tags("<b>bold</b>"), ["<b>"]);
        for (text, mark) in [
            ("we **did** it", "**"),
            ("# What was done\nx", "# heading"),
            ("see [the page](https://example.com)", "[text](link)"),
            ("```\ncode\n```", "```"),
        ] {
            assert_eq!(markdown(text), [mark], "{text}");
        }
        for text in [
            "2 ** 3",
            "2 ** 3 ** 4",
            "#32181 is done",
            "- one\n- two",
            "array[0](x)",
            "snake_case__name",
            "run __init__.py and __main__.py",
            "5 * 3",
            "Write `n`t",
            "the <ul> and <li> tags",
        ] {
            assert_eq!(markdown(text), [""; 0], "{text}");
            assert_eq!(lines(text), text);
        }
    }

    #[test]
    fn a_body_is_read_as_it_was_typed() {
        for (text, sent) in [
            ("a <b>x</b> & R&D", "a &lt;b&gt;x&lt;/b&gt; &amp; R&amp;D"),
            ("&lt;again&gt;", "&amp;lt;again&amp;gt;"),
            ("\n one  \ntwo\r\n\nthree\n", "one<br>two<br><br>three"),
            ("one<br>two <BR />three<br/>", "one<br>two<br>three"),
            ("<broken\n> <bread> <br", "&lt;broken<br>&gt; &lt;bread&gt; &lt;br"),
            ("1 < 2", "1 &lt; 2"),
        ] {
            assert_eq!(body(text), sent);
        }
    }

    #[test]
    fn markup_becomes_plain_lines() {
        for (marked, text) in [
            (
                "Done:\n<ul><li>new roller</li><li>cleaned</li></ul>",
                "Done:\n\n- new roller\n- cleaned",
            ),
            (
                "# Done\n* **new** roller\n  + cleaned\n\nSee [it](https://example.com)",
                "Done\n- new roller\n  - cleaned\n\nSee it (https://example.com)",
            ),
            ("```\nipconfig\n```", "ipconfig"),
            ("ran `ipconfig`", "ran ipconfig"),
            ("a\r\nb", "a\nb"),
        ] {
            assert_eq!(plain(marked), text, "{marked}");
            assert_eq!(markdown(&plain(marked)), [""; 0], "{marked}");
        }
    }

    #[test]
    fn of_a_persons_text_only_lists_and_markdown_change() {
        for (typed, text) in [
            (
                "Done:<ul>\n<li>new <b>roller</b></li>\n<li>R&D</li></ul>Bye\nSam",
                "Done:\n- new <b>roller</b>\n- R&D\nBye\nSam",
            ),
            ("<OL><li>a</li><li>b<ul><li>c</li></ul></li></OL>", "1. a\n2. b\n  - c"),
            ("a\nb\n<ul><li>c</li></ul>\n\nd\n<ol><li>e</li></ol>", "a\nb\n- c\nd\n1. e"),
            ("a <b>x</b> <p> &amp;", "a <b>x</b> <p> &amp;"),
            ("**bold** and __more__, 2 ** 3", "bold and more, 2 ** 3"),
            ("see [it](https://example.com).", "see it (https://example.com)."),
        ] {
            assert_eq!(lines(typed), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_plain(text in "[\\[\\]()*_#`<>/a-c \n]{0,60}|(<ul>|<li>|</ul>|</li>|<ol>|&|\n|a){0,12}|\\PC{0,60}") {
            let once = plain(&text);
            proptest::prop_assert!(once.len() <= text.len() * 4 + 8);
            let sent = body(&lines(&text));
            proptest::prop_assert!(!sent.replace("<br>", "").contains(['<', '>', '\n']));
            let read = html::as_read(&body(text.trim()));
            let typed = sanitise::text(&broken(&text));
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            proptest::prop_assert_eq!(words(&read), words(&typed));
        }
    }
}
