//! Comments as text. Most are plain and pass as they are, even with a `<` in them; those with HTML lose their tags and
//! keep their lines, lists, cells and links. The result is sanitised, the work grows with the length only.
//!
//! nanohtml2text, whose knowledge of character names is used here, drops `<sam@example.com>` as a tag, merges the
//! `<br><br>` between paragraphs, gives list items no mark and each table cell a line: to keep those it would have to be
//! fed by all of what is below. html2text keeps them, for 31 more packages and seconds of work on deeply nested tags.

use std::borrow::Cow;

use super::entities::entities;
use super::html_tags::{Tag, Tags, known};
use super::sanitise;
use super::wrap::beginning;

/// More than this of one comment is not read: pasted mails with pictures inside reach megabytes.
const LONGEST: usize = 256 * 1024;

/// How an address begins that is its own content.
const DATA: &str = "data:";
/// Data in an address that is longer is not shown.
const LONG_DATA: usize = 500;

/// Names of tags that also stand for something else: alone they make a text HTML only when they are closed, too.
const AMBIGUOUS: &[&str] = &[
    "a", "b", "i", "q", "s", "u", "audio", "button", "caption", "code", "details", "form",
    "header", "input", "label", "link", "main", "mark", "picture", "source", "summary", "title",
    "track", "video",
];
/// Tags whose content is not text.
const HIDDEN: &[&str] = &["script", "style", "svg", "head", "title"];

/// The text of a comment: of its HTML if it is HTML, else itself. Sanitised either way, without blank runs.
#[must_use]
pub fn to_text(body: &str) -> String {
    text_of(body, true)
}

/// All that a body may come to, whoever shows it: with scripts, styles and what is in a picture, and without whatever
/// looks like a tag.
#[must_use]
pub fn all_text(body: &str) -> String {
    text_of(body, false)
}

fn text_of(body: &str, hides: bool) -> String {
    let body = &*without_data(body);
    let (body, cut) =
        if body.len() > LONGEST { (beginning(body, LONGEST), true) } else { (body, false) };
    let mut text = match Shape::of(body) {
        Shape::Plain if hides => sanitise::text(body),
        shape => {
            let mut writer = Writer::new(shape == Shape::Lines, hides);
            writer.read(body);
            tidy(&sanitise::text(&writer.out))
        }
    };
    if cut {
        text.push_str("\n[the rest of this text is not shown]");
    }
    text.trim_matches('\n').trim_end().to_owned()
}

/// What the customer reads of a body that is sent: HTML, even where only its line breaks and entities say so.
#[must_use]
pub fn as_read(body: &str) -> String {
    let mut tags = Tags::of(body);
    if !tags.all(|tag| tag.is("br") || known(&tag).is_none()) {
        return to_text(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for tag in Tags::of(body).filter(|tag| tag.is("br")) {
        out.push_str(&entities(&body[done..tag.start]));
        out.push('\n');
        done = tag.end;
    }
    out.push_str(&entities(&body[done..]));
    sanitise::text(&out)
}

/// What kind of text a body is.
#[derive(PartialEq)]
enum Shape {
    /// No HTML.
    Plain,
    /// Plain lines, with `<br>` and perhaps emphasis: its line feeds mean something.
    Lines,
    /// HTML with blocks, where a line feed is a space.
    Blocks,
}

impl Shape {
    fn of(body: &str) -> Self {
        let mut shape = Self::Plain;
        let mut opened: Vec<&str> = Vec::new();
        for tag in Tags::of(body) {
            let Some(known) = known(&tag) else {
                continue;
            };
            if AMBIGUOUS.contains(&known) {
                if !tag.closing {
                    opened.push(known);
                } else if opened.contains(&known) && shape == Self::Plain {
                    shape = Self::Lines;
                }
                opened.truncate(AMBIGUOUS.len());
            } else if matches!(known, "br" | "strong" | "em" | "span" | "font" | "img") {
                if shape == Self::Plain {
                    shape = Self::Lines;
                }
            } else {
                return Self::Blocks;
            }
        }
        shape
    }
}

/// Writes the text of HTML.
struct Writer {
    out: String,
    /// Whether line feeds of the source are lines.
    keep_lines: bool,
    /// Line ends owed before the next text.
    breaks: usize,
    /// Whether a space is owed before the next text.
    space: bool,
    /// A line feed of the source right behind a `<br>` is the same line's end.
    after_br: bool,
    /// Open `<pre>`.
    pre: usize,
    /// Open lists: the next number, or `None` for bullets.
    lists: Vec<Option<usize>>,
    /// The open link: address, and where its text begins.
    link: Option<(String, usize)>,
    /// Whether the row has had a cell.
    cell: bool,
    /// Whether it leaves out what is not text.
    hides: bool,
    /// Whether what HTML has no tag of is one, too.
    strips: bool,
}

impl Writer {
    const fn new(keep_lines: bool, hides: bool) -> Self {
        Self {
            hides,
            strips: !hides,
            out: String::new(),
            keep_lines,
            breaks: 0,
            space: false,
            after_br: false,
            pre: 0,
            lists: Vec::new(),
            link: None,
            cell: false,
        }
    }

    fn read(&mut self, body: &str) {
        let mut done = 0;
        let mut hidden: Option<&str> = None;
        for tag in Tags::of(body) {
            if let Some(name) = hidden {
                if tag.closing && tag.is(name) {
                    hidden = None;
                    done = tag.end;
                }
                continue;
            }
            // Names with a colon or a mark come from word processors and declarations; others are text: `<none>`.
            let is_one = self.strips || tag.name.contains([':', '!', '?']);
            let Some(name) = known(&tag).or_else(|| is_one.then_some("")) else {
                continue;
            };
            self.text(body.get(done..tag.start).unwrap_or_default());
            done = tag.end;
            let is_empty = name == "svg" && tag.rest.ends_with('/');
            if self.hides && HIDDEN.contains(&name) && !tag.closing && !is_empty {
                hidden = Some(name);
            } else {
                self.tag(name, &tag);
            }
        }
        let rest = body.get(done..).unwrap_or_default();
        match hidden {
            // What never ends hides nothing.
            Some(_) => {
                self.hides = false;
                self.read(rest);
            }
            None => self.text(rest),
        }
        self.link_ends();
    }

    fn tag(&mut self, name: &str, tag: &Tag<'_>) {
        let opens = !tag.closing;
        match name {
            "br" => {
                self.breaks += 1;
                self.after_br = true;
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "dl" => {
                self.block(2);
            }
            "div" | "tr" | "dt" | "dd" | "section" | "article" | "address" | "header"
            | "footer" | "main" | "nav" | "figure" | "center" | "aside" | "form" | "details"
            | "summary" | "figcaption" | "caption" => {
                self.block(1);
                self.cell = false;
            }
            "pre" => {
                self.block(1);
                self.pre = if opens { self.pre + 1 } else { self.pre.saturating_sub(1) };
            }
            "hr" => {
                self.block(1);
                self.push("---");
                self.block(1);
            }
            "ul" | "ol" => {
                self.block(if self.lists.is_empty() { 2 } else { 1 });
                if opens {
                    self.lists.push((name == "ol").then_some(1));
                } else {
                    self.lists.pop();
                }
                if !opens && self.lists.is_empty() {
                    self.block(2);
                }
            }
            "li" if opens => self.item(),
            "li" => self.block(1),
            "td" | "th" if opens => {
                let first = !std::mem::replace(&mut self.cell, true);
                if !first {
                    self.push(" | ");
                }
            }
            "img" if opens => {
                let alt = attribute(tag.rest, "alt").unwrap_or_default();
                match alt.trim() {
                    "" if is_tracker(tag.rest) => {}
                    "" => self.push("[picture]"),
                    alt => self.text(&format!("[{alt}]")),
                }
            }
            "a" if opens => {
                // Links do not nest: a new one ends one that was left open.
                self.link_ends();
                // Space and lines before the link are not its text.
                self.owed();
                let address =
                    attribute(tag.rest, "href").map(|raw| entities(&raw)).unwrap_or_default();
                self.link = Some((address, self.out.len()));
            }
            "a" => self.link_ends(),
            _ => {}
        }
    }

    /// At least `lines` line ends before the next text; one ends a line, two leave a blank one.
    fn block(&mut self, lines: usize) {
        self.breaks = self.breaks.max(lines);
        self.after_br = false;
    }

    fn item(&mut self) {
        self.block(1);
        let depth = self.lists.len().saturating_sub(1).min(8);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            _ => "- ".to_owned(),
        };
        self.push(&format!("{}{mark}", "  ".repeat(depth)));
    }

    fn link_ends(&mut self) {
        let Some((address, start)) = self.link.take() else {
            return;
        };
        let text = self.out.get(start..).unwrap_or_default().trim();
        let bare = |address: &str| {
            let address = address.strip_prefix("mailto:").unwrap_or(address);
            address.trim_end_matches('/').to_owned()
        };
        let wanted = ["http://", "https://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| address.starts_with(scheme));
        if wanted && bare(text) != bare(&address) {
            let shown = if text.is_empty() { address } else { format!(" ({address})") };
            self.push(&shown);
        }
    }

    /// Line ends and space that were owed.
    fn owed(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        self.after_br = false;
        if self.out.is_empty() {
            self.space = false;
        } else if breaks > 0 {
            self.out.extend(std::iter::repeat_n('\n', breaks.min(2)));
            self.space = false;
        } else if std::mem::take(&mut self.space) && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
    }

    fn push(&mut self, text: &str) {
        self.owed();
        self.out.push_str(text);
    }

    fn text(&mut self, raw: &str) {
        for c in entities(raw).chars() {
            match c {
                '\r' => {}
                '\n' if self.pre > 0 || self.keep_lines => {
                    if !std::mem::take(&mut self.after_br) {
                        self.breaks += 1;
                    }
                }
                ' ' | '\t' if self.pre > 0 => {
                    self.owed();
                    self.out.push(c);
                }
                ' ' | '\t' | '\n' => self.space = true,
                '\u{a0}' => self.push(" "),
                _ => {
                    self.owed();
                    self.out.push(c);
                }
            }
        }
    }
}

/// Whether a picture is one that nobody sees: a point that tells who has read a mail.
fn is_tracker(rest: &str) -> bool {
    let is_point = |name| attribute(rest, name).is_some_and(|size| matches!(&*size, "0" | "1"));
    is_point("width") || is_point("height")
}

/// A text with each long data URI in it named by its size: one that was pasted is noise to a reader, inside a tag and
/// outside.
fn without_data(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (start, _) in text.match_indices(DATA) {
        let inner = &text[start..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+/=;:,.-_%".contains(c);
        let length = inner.find(|c| !is_part(c)).unwrap_or(inner.len());
        if start < done || length < LONG_DATA || !inner[..length].contains(";base64,") {
            continue;
        }
        out.push_str(&text[done..start]);
        out.push_str(&format!("[data, {} kB]", (length + 500) / 1000));
        done = start + length;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The value of an attribute, quoted or not.
fn attribute(rest: &str, name: &str) -> Option<String> {
    let mut tail = rest;
    loop {
        let equals = tail.find('=')?;
        let key =
            tail[..equals].trim_end().rsplit(|c: char| c.is_whitespace() || c == '/').next()?;
        let value = tail[equals + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value.to_owned());
        }
        tail = after;
    }
}

/// No space at line ends, no more than one blank line in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
