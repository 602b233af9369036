//! One setting of the configuration's text, set or taken out as a person would, everything else left as it is.

use std::ops::Range;

use rust_decimal::Decimal;
use toml_edit::{Array, Document, DocumentMut, Value, value};

use super::edit::{entry, finished, no_table, parse, parts, replace};
use super::known::Kind;
use crate::error::{Error, Result};

/// What was typed, as the file has it. What cannot be of that kind stays a text, which the reading of the file refuses in
/// its own words.
///
/// # Errors
/// A number that people do not write so, like `1e3`: as they do.
pub fn typed(kind: Kind, text: &str) -> std::result::Result<Value, String> {
    if matches!(kind, Kind::Number | Kind::Decimal) {
        let number = text.trim().parse::<Decimal>().ok().filter(|_| !is_plain(text.trim()));
        number.map_or(Ok(()), |number| Err(number.normalize().to_string()))?;
    }
    let found = match kind {
        Kind::Texts if text.trim_start().starts_with('[') => text.trim().parse().ok(),
        Kind::Texts => {
            let all = text.split(',').map(str::trim).filter(|one| !one.is_empty());
            Some(all.collect::<Array>().into())
        }
        Kind::Number => text.trim().parse::<Decimal>().ok().and_then(|_| text.trim().parse().ok()),
        Kind::Flag => text.trim().parse::<bool>().ok().map(Value::from),
        Kind::Text | Kind::Decimal | Kind::File | Kind::Word(_) | Kind::Secret => None,
    };
    Ok(found.unwrap_or_else(|| text.into()))
}

/// Whether a number has digits and a point at most, as the file may have it.
fn is_plain(number: &str) -> bool {
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0'))
}

/// `text` with the setting called `key` set to `new`, or taken out; in a profile where one is named. No text is that of a
/// file that is not there yet.
///
/// # Errors
/// Exit 10 when `text` is no configuration, or would not be one afterwards: an error that names no file, since the text
/// is in none.
pub(super) fn changed(
    text: Option<&str>,
    profile: Option<&str>,
    key: &str,
    new: Option<Value>,
) -> Result<String> {
    let name = "";
    let (mark, body) = parts(text.unwrap_or_default());
    let mut document = parse(name, body)?;
    let within = profile.map(|profile| ["profiles", profile]);
    let path: Vec<&str> = within.into_iter().flatten().chain(key.split('.')).collect();
    let Some((leaf, tables)) = path.split_last() else {
        return Err(Error::usage("no setting is named"));
    };
    let changed = match new {
        Some(new) => {
            put(name, &mut document, tables, leaf, new)?;
            document.to_string()
        }
        None => match line_of(body, tables, leaf) {
            Some(line) => without_empty(without(body, line), tables),
            None if remove(&mut document, tables, leaf) => document.to_string(),
            None => return Ok(text.unwrap_or_default().to_owned()),
        },
    };
    finished(name, (mark, &changed), body, profile)
}

/// Sets a value, in tables that are made where there are none.
fn put(
    name: &str,
    document: &mut DocumentMut,
    tables: &[&str],
    leaf: &str,
    new: Value,
) -> Result<()> {
    let mut item = document.as_item_mut();
    for table in tables {
        let in_braces = item.is_inline_table();
        let all = item.as_table_like_mut().ok_or_else(|| no_table(name, table))?;
        item = entry(all, table, in_braces);
    }
    let table = item.as_table_like_mut().ok_or_else(|| no_table(name, leaf))?;
    match table.contains_key(leaf) {
        true => replace(table, leaf, new),
        false => drop(table.insert(leaf, value(new))),
    }
    Ok(())
}

/// Takes a value out that stands between braces; whether it was there.
fn remove(document: &mut DocumentMut, tables: &[&str], leaf: &str) -> bool {
    let mut item = Some(document.as_item_mut());
    for table in tables {
        item = item.and_then(|item| item.get_mut(table));
    }
    let table = item.and_then(|item| item.as_table_like_mut());
    table.is_some_and(|table| table.remove(leaf).is_some())
}

/// Where the lines of a value are that stands on lines of its own.
fn line_of(body: &str, tables: &[&str], leaf: &str) -> Option<Range<usize>> {
    let document = Document::parse(body).ok()?;
    let mut item = document.as_item();
    for table in tables {
        item = item.get(table).filter(|item| !item.is_inline_table())?;
    }
    let (key, found) = item.as_table()?.get_key_value(leaf)?;
    let (start, end) = (key.span()?.start, found.as_value()?.span()?.end);
    let start = body.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = body.get(end..)?.find('\n').map_or(body.len(), |at| end + at + 1);
    Some(start..end)
}

/// A text without the header of a table in which nothing is left, not even a comment. A profile is one all the same.
fn without_empty(body: String, tables: &[&str]) -> String {
    let line = header_of(&body, tables).filter(|_| tables.first() != Some(&"profiles"));
    let Some(line) = line else { return body };
    let (above, below) = (&body[..line.start], &body[line.end..]);
    let is_blank = |line: &&str| line.trim().is_empty();
    let next = below.lines().find(|line| !is_blank(line));
    let is_empty = next.is_none_or(|next| next.trim_start().starts_with('['));
    let is_alone = above.lines().next_back().is_none_or(|line| is_blank(&line));
    if !(is_empty && is_alone) {
        return body;
    }
    // The blank lines around it become those before it.
    let begins = below.len() - below.trim_start_matches(['\r', '\n']).len();
    match (above.trim().is_empty(), next.is_none()) {
        (true, _) => below[begins..].to_owned(),
        (false, true) => format!("{}{}", above.trim_end(), above_end(above)),
        (false, false) => format!("{above}{}", &below[begins..]),
    }
}

/// The end of the last line with something in it.
fn above_end(above: &str) -> &str {
    let end = &above[above.trim_end().len()..];
    end.split_inclusive('\n').next().unwrap_or_default()
}

/// Where the line is that begins a table of which nothing else stands in the text.
fn header_of(body: &str, tables: &[&str]) -> Option<Range<usize>> {
    tables.first()?;
    let document = Document::parse(body).ok()?;
    let mut item = document.as_item();
    for table in tables {
        item = item.get(table)?;
    }
    let table = item.as_table().filter(|table| table.is_empty() && !table.is_implicit())?;
    let at = table.span()?;
    let start = body.get(..at.start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = body.get(at.end..)?.find('\n').map_or(body.len(), |next| at.end + next + 1);
    Some(start..end)
}

/// Whether a comment is a setting, or the header of a table, that is turned off.
fn is_turned_off(comment: &str) -> bool {
    let line = comment.trim_start_matches([' ', '\t', '#']);
    let is_key = |key: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || "_-.*".contains(c);
        !key.is_empty() && key.chars().all(letter)
    };
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| is_key(key.trim()))
}

/// A text without some of its lines, and without the comment just above them. What a blank line keeps apart, or begins
/// the file, is about more than that; what is turned off there stays.
fn without(body: &str, lines: Range<usize>) -> String {
    let above: Vec<&str> = body[..lines.start].split_inclusive('\n').collect();
    let is_comment = |line: &&&str| line.trim_start().starts_with('#') && !is_turned_off(line);
    let own = above.iter().rev().take_while(is_comment).count();
    let mut kept = above.len() - if own == above.len() { 0 } else { own };
    let below = &body[lines.end..];
    let is_blank = |line: Option<&str>| line.is_none_or(|line| line.trim().is_empty());
    if kept > 0 && is_blank(above.get(kept - 1).copied()) && is_blank(below.lines().next()) {
        kept -= 1;
    }
    format!("{}{below}", above[..kept].concat())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    const FILE: &str = "\
# Ours.
subdomain = \"acme\" # the shop

[tickets] # words
# Most urgent first.
priority = '2 Normal'   # of new tickets
closed = [\"Resolved\"]

[labor.remote]
product_id = 9001
when_prepaid = { labor = \"onsite\", multiplier = \"1.5\" }

[labor.onsite]
product_id = 9002

[profiles.sam]
user = \"sam\"
";

    fn with(profile: Option<&str>, key: &str, kind: Kind, text: &str) -> String {
        changed(Some(FILE), profile, key, Some(typed(kind, text).unwrap())).unwrap()
    }

    #[test]
    fn one_line_changes_and_comments_stay() {
        for (key, kind, text, old, new) in [
            (
                "tickets.priority",
                Kind::Text,
                "1 High",
                "priority = '2 Normal'   # of new tickets",
                "priority = \"1 High\"   # of new tickets",
            ),
            (
                "tickets.closed",
                Kind::Texts,
                "Resolved, Closed",
                "closed = [\"Resolved\"]",
                "closed = [\"Resolved\", \"Closed\"]",
            ),
            (
                "labor.remote.when_prepaid.multiplier",
                Kind::Text,
                "2",
                "multiplier = \"1.5\" }",
                "multiplier = \"2\" }",
            ),
            ("labor.remote.product_id", Kind::Number, "7", "9001", "7"),
            (
                "labor.onsite.taxable",
                Kind::Flag,
                "true",
                "product_id = 9002\n",
                "product_id = 9002\ntaxable = true\n",
            ),
        ] {
            assert_eq!(with(None, key, kind, text), FILE.replace(old, new), "{key}");
        }
        let sam = with(Some("sam"), "tickets.priority", Kind::Text, "1 High");
        assert_eq!(sam, format!("{FILE}\n[profiles.sam.tickets]\npriority = \"1 High\"\n"));
        let sam = with(Some("sam"), "auth", Kind::Word(&[]), "bearer");
        assert_eq!(sam, format!("{FILE}auth = \"bearer\"\n"));
    }

    #[test]
    fn what_is_taken_out_takes_nothing_with_it() {
        let without = |key: &str| changed(Some(FILE), None, key, None).unwrap();
        let gone = "# Most urgent first.\npriority = '2 Normal'   # of new tickets\n";
        assert_eq!(without("tickets.priority"), FILE.replace(gone, ""));
        assert_eq!(without("draft.model"), FILE);
        assert_eq!(without("ca_file"), FILE);
        let within = changed(Some(FILE), None, "labor.remote.when_prepaid.labor", None);
        assert!(within.unwrap_err().message.contains("needs a labor"));
    }

    #[test]
    fn comments_that_are_about_more_than_a_line_stay() {
        for (text, key, left) in [
            // The head of the file, whether a blank line follows or not.
            (
                "# Ours.\n\n# Key.\nuser = 'a'\nauth = 'query'\n",
                "user",
                "# Ours.\n\nauth = 'query'\n",
            ),
            ("# Ours.\nuser = 'a'\nauth = 'query'\n", "user", "# Ours.\nauth = 'query'\n"),
            ("# Ours.\nuser = 'a'\n", "user", "# Ours.\n"),
            ("user = 'a' # me\n", "user", ""),
            // What a blank line keeps apart.
            (
                "auth = 'query'\n# All.\n\n# One.\nuser = 'a'\n\n[tickets]\npriority = ''\n",
                "user",
                "auth = 'query'\n# All.\n\n[tickets]\npriority = ''\n",
            ),
            (
                "[tickets]\n# Words.\n\npriority = ''\n# Last.\n",
                "tickets.priority",
                "[tickets]\n# Words.\n\n# Last.\n",
            ),
            // The last one of a table, and one of several lines.
            ("[tickets]\npriority = ''\n# End.", "tickets.priority", "[tickets]\n# End."),
            (
                "tickets.closed = [\n  'a', # one\n  'b',\n] # all\nuser = 'a'",
                "tickets.closed",
                "user = 'a'",
            ),
        ] {
            assert_eq!(changed(Some(text), None, key, None).unwrap(), left, "{text}");
        }
    }

    #[test]
    fn settings_that_are_turned_off_stay() {
        for (text, key, left) in [
            (
                "user = 'a'\n\n[tickets]\n# Of new tickets.\n# priority = '1 High'\npriority = ''\nclosed = []\n",
                "tickets.priority",
                "user = 'a'\n\n[tickets]\n# Of new tickets.\n# priority = '1 High'\nclosed = []\n",
            ),
            (
                "user = 'a'\n#auth = 'bearer'\n# Words.\ntimezone = 'UTC'\n",
                "timezone",
                "user = 'a'\n#auth = 'bearer'\n",
            ),
        ] {
            assert_eq!(changed(Some(text), None, key, None).unwrap(), left, "{text}");
        }
    }

    #[test]
    fn an_empty_table_goes_with_its_last_line() {
        for (text, key, left) in [
            ("user = 'a'\n\n[tickets]\npriority = ''\n", "tickets.priority", "user = 'a'\n"),
            (
                "user = 'a'\r\n\r\n[tickets] # words\r\npriority = ''\r\n\r\n[write]\r\nsettle_seconds = 5\r\n",
                "tickets.priority",
                "user = 'a'\r\n\r\n[write]\r\nsettle_seconds = 5\r\n",
            ),
            (
                "[tickets]\npriority = ''\n\n[write]\nsettle_seconds = 5\n",
                "tickets.priority",
                "[write]\nsettle_seconds = 5\n",
            ),
            // What says more than the line stays.
            ("# Ours.\n[tickets]\npriority = ''\n", "tickets.priority", "# Ours.\n[tickets]\n"),
            (
                "[tickets]\n# closed = []\npriority = ''\n",
                "tickets.priority",
                "[tickets]\n# closed = []\n",
            ),
            (
                "[tickets]\npriority = ''\nclosed = []\n",
                "tickets.priority",
                "[tickets]\nclosed = []\n",
            ),
        ] {
            assert_eq!(changed(Some(text), None, key, None).unwrap(), left, "{text}");
        }
        let sam = "user = 'a'\n\n[profiles.sam]\nuser = 'sam'\n";
        let left = changed(Some(sam), Some("sam"), "user", None).unwrap();
        assert_eq!(left, "user = 'a'\n\n[profiles.sam]\n");
    }

    #[test]
    fn a_profile_of_one_line_goes_with_it() {
        for text in ["profiles.sam.user = 'a'\n", "[profiles]\nsam.user = 'a'\n"] {
            let left = changed(Some(text), Some("sam"), "user", None).unwrap();
            assert!(!left.contains("sam"), "{left}");
        }
        let others = "profiles.sam.user = 'a'\nprofiles.sam.auth = 'query'\n";
        let left = changed(Some(others), Some("sam"), "user", None).unwrap();
        assert_eq!(left, "profiles.sam.auth = 'query'\n");
    }

    #[test]
    fn each_line_keeps_the_end_that_it_has() {
        let mixed =
            "# Ours.\r\nuser = 'a'\nauth = 'query'\r\n\n[tickets]\r\npriority = ''\nclosed = []";
        let set =
            |key: &str, text: &str| changed(Some(mixed), None, key, Some(text.into())).unwrap();
        assert_eq!(set("auth", "bearer"), mixed.replace("'query'", "\"bearer\""));
        assert_eq!(set("tickets.priority", "x"), mixed.replace("''", "\"x\""));
        let new = set("tickets.after_bill", "x");
        assert_eq!(new, format!("{mixed}\nafter_bill = \"x\"\n"));
        let new = set("ca_file", "x");
        assert_eq!(new, mixed.replace("'query'\r\n", "'query'\r\nca_file = \"x\"\r\n"));
        let without = changed(Some(mixed), None, "auth", None).unwrap();
        assert_eq!(without, mixed.replace("auth = 'query'\r\n", ""));
    }

    #[test]
    fn a_number_is_typed_as_people_write_it() {
        for kind in [Kind::Number, Kind::Decimal] {
            for (text, near) in [
                ("1e3", "1000"),
                ("2.5E-1", "0.25"),
                ("1_000", "1000"),
                ("+5", "5"),
                ("030", "30"),
                (".5", "0.5"),
                ("5.", "5"),
            ] {
                assert_eq!(typed(kind, text).unwrap_err(), near, "{text}");
            }
            for text in ["0", "-5", "0.50", " 20 ", "100.25", "many", "1e99", ""] {
                assert!(typed(kind, text).is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn line_ends_and_mark_stay() {
        let windows = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
        let new = changed(Some(&windows), None, "subdomain", Some("other".into())).unwrap();
        assert_eq!(new, windows.replace("\"acme\"", "\"other\""));
    }

    #[test]
    fn what_would_not_be_read_is_refused_in_the_readings_words() {
        for (key, kind, text, said) in [
            ("auth", Kind::Text, "basic", "auth must be \"query\" or \"bearer\""),
            (
                "rate_limit.requests",
                Kind::Number,
                "many",
                "rate_limit.requests must be a whole number",
            ),
            ("rate_limit.requests", Kind::Number, "0", "must be between 1 and 100000"),
            ("write.timeout_seconds", Kind::Number, "1e99", "write.timeout_seconds must be"),
            (
                "labor.remote.taxable",
                Kind::Flag,
                "maybe",
                "labor.remote.taxable must be true or false",
            ),
            ("labor.remote.rate", Kind::Text, "1.234", "labor.remote.rate must be in whole cents"),
            ("labor.new.rate", Kind::Text, "1.23", "labor.new needs a product_id"),
            (
                "labor.remote.when_prepaid.labor",
                Kind::Text,
                "onsight",
                "labor \"onsight\" does not",
            ),
            ("tickets.closed", Kind::Texts, "[1, 2]", "tickets.closed must be a list of strings"),
        ] {
            let new = typed(kind, text).unwrap();
            let error = changed(Some(FILE), None, key, Some(new)).unwrap_err();
            assert!(error.message.starts_with(said) || error.message.contains(said), "{error}");
            assert!(!error.message.contains(":1") && !error.message.starts_with(':'), "{error}");
        }
    }
}
