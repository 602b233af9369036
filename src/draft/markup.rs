//! Markup in a text: of HTML Syncro renders line breaks, lists and Markdown it shows as they are typed, and what else
//! stands in angle brackets may vanish. Found, written so that it is shown, and made plain lines where a person wants that.

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

/// Where anything that a browser takes for a tag begins and ends, but for line breaks, which render, and lists, which are
/// shown as they are typed.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        at = start + 1;
        let inner = &text[at..];
        let begins = inner.strip_prefix('/').unwrap_or(inner);
        let word = begins.starts_with(|c: char| c.is_ascii_alphabetic()) || inner.starts_with('!');
        let Some(end) = inner.find(['>', '\n']).filter(|_| word) else {
            continue;
        };
        if !inner[end..].starts_with('>') {
            continue;
        }
        let tag = begins.split(['>', ' ', '/']).next().unwrap_or_default();
        at += end + 1;
        let is = |name: &&str| tag.eq_ignore_ascii_case(name);
        if !LISTS.iter().any(is) && !is(&"br") {
            found.push((start, at));
        }
    }
    found
}

/// The text with what stands in angle brackets written so that it is shown: `&lt;hostname&gt;`.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in brackets(text) {
        out.push_str(&text[done..start]);
        let inside = text[start..end].replace('<', "&lt;");
        out.push_str(&inside.replace('>', "&gt;"));
        done = end;
    }
    out.push_str(&text[done..]);
    out
}

/// The Markdown in a text, by its marks: `**`, `#`, `[ ](`, a fence.
#[must_use]
pub fn markdown(text: &str) -> Vec<&'static str> {
    let lines = || text.lines().map(str::trim_start);
    let paired = |mark: &str| {
        text.lines().any(|line| {
            let mut parts = line.split(mark);
            parts.next();
            parts.next().is_some_and(|inside| {
                parts.next().is_some() && !inside.is_empty() && inside.trim() == inside
            })
        })
    };
    let link = text.split("](").count() > 1 && text.contains('[') && {
        let after = text.split("](").nth(1).unwrap_or_default();
        after.starts_with("http") || after.starts_with("mailto:")
    };
    let marks = [
        ("**", paired("**")),
        ("__", paired("__")),
        ("# heading", lines().any(|line| heading(line).is_some())),
        ("[text](link)", link),
        ("```", lines().any(|line| line.starts_with("```"))),
    ];
    marks.into_iter().filter_map(|(mark, there)| there.then_some(mark)).collect()
}

/// What of a person's text customers would see literally.
#[must_use]
pub fn literal(text: &str) -> Vec<String> {
    let lists =
        tags(text).into_iter().filter(|tag| LISTS.iter().any(|list| *tag == format!("<{list}>")));
    lists.chain(markdown(text).into_iter().map(str::to_owned)).collect()
}

/// The heading behind its marks.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    let text = rest.strip_prefix(' ')?.trim();
    ((1..=6).contains(&marks) && !text.is_empty()).then_some(text)
}

/// The text as plain lines: list items as `- item`, everything else without its marks.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = if tags(text).is_empty() { text.replace("\r\n", "\n") } else { html::to_text(text) };
    let mut out = Vec::new();
    for line in text.lines() {
        let inner = line.trim_start();
        let indent = &line[..line.len() - inner.len()];
        if inner.starts_with("```") {
            continue;
        }
        let item = ["* ", "+ "].iter().find_map(|mark| inner.strip_prefix(mark));
        let line = match (heading(inner), item) {
            (Some(heading), _) => heading.to_owned(),
            (None, Some(item)) => format!("{indent}- {item}"),
            (None, None) => line.to_owned(),
        };
        out.push(unmarked(&line));
    }
    out.join("\n").trim_end().to_owned()
}

/// A line without `**`, `__`, backticks and link brackets.
fn unmarked(line: &str) -> String {
    let mut line = line.to_owned();
    for mark in ["**", "__", "`"] {
        if line.matches(mark).count() >= 2 {
            line = line.replace(mark, "");
        }
    }
    while let Some((before, text, target, behind)) = link(&line) {
        line = if text == target {
            format!("{before}{text}{behind}")
        } else {
            format!("{before}{text} ({target}){behind}")
        };
    }
    line
}

/// The first `[text](target)` of a line, and what is around it.
fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let (left, right) = line.split_once("](")?;
    let (before, text) = left.rsplit_once('[')?;
    let (target, behind) = right.split_once(')')?;
    Some((before, text, target, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_seen() {
        assert_eq!(tags("<ul><li>one</li></UL>"), ["<ul>", "<li>"]);
        assert_eq!(tags("a<br>b<br/>c <server> 1 < 2 and <b> is a key"), [""; 0]);
        assert_eq!(tags("<b>bold</b>"), ["<b>"]);
        assert_eq!(literal("<p>fine</p>"), [""; 0]);
        for (text, mark) in [
            ("we **did** it", "**"),
            ("# What was done\nx", "# heading"),
            ("see [the page](https://example.com)", "[text](link)"),
            ("```\ncode\n```", "```"),
        ] {
            assert_eq!(markdown(text), [mark], "{text}");
        }
        for text in
            ["2 ** 3", "#32181 is done", "- one\n- two", "array[0](x)", "snake_case__name", "5 * 3"]
        {
            assert_eq!(markdown(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_stands_in_angle_brackets_is_written_so_that_it_is_shown() {
        for (text, shown) in [
            ("ping <hostname> twice", "ping &lt;hostname&gt; twice"),
            ("press <b> now", "press &lt;b&gt; now"),
            ("mail <imelda@quillfeather.example>", "mail &lt;imelda@quillfeather.example&gt;"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("so </end>", "so &lt;/end&gt;"),
            ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
            ("<ulna> <lift/>", "&lt;ulna&gt; &lt;lift/&gt;"),
        ] {
            assert_eq!(escaped(text), shown);
            assert_eq!(escaped(shown), shown);
        }
        for text in [
            "one<br>two<br/>three<BR />",
            "1 < 2 and 3 > 2",
            "a <- b -> c",
            "<ul><li>x</li></UL>",
            "<broken\n>",
            "5 <6 and 7> 3",
        ] {
            assert_eq!(escaped(text), text);
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
            assert_eq!(literal(&plain(marked)), [""; 0], "{marked}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_plain(text in "[\\[\\]()*_#`<>/a-c \n]{0,60}|\\PC{0,60}") {
            let once = plain(&text);
            proptest::prop_assert!(brackets(&escaped(&once)).is_empty());
            proptest::prop_assert!(once.len() <= text.len() * 4 + 8);
        }
    }
}
