//! One setting of the configuration's text, set or taken out as a person would, everything else left as it is.

use rust_decimal::Decimal;
use toml_edit::{Array, Value, value};

use super::edit::{entry, finished, no_table, parse, parts, replace};
use super::known::Kind;
use crate::error::{Error, Result};

/// What was typed, as the file has it. What cannot be of that kind stays a text, which the reading of the file refuses in
/// its own words.
#[must_use]
pub fn typed(kind: Kind, text: &str) -> Value {
    let found = match kind {
        Kind::Texts if text.trim_start().starts_with('[') => text.trim().parse().ok(),
        Kind::Texts => {
            let all = text.split(',').map(str::trim).filter(|one| !one.is_empty());
            Some(all.collect::<Array>().into())
        }
        Kind::Number => text.trim().parse::<Decimal>().ok().and_then(|_| text.trim().parse().ok()),
        Kind::Flag => text.trim().parse::<bool>().ok().map(Value::from),
        Kind::Text | Kind::Word(_) | Kind::Secret => None,
    };
    found.unwrap_or_else(|| text.into())
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
    let mut item = document.as_item_mut();
    for table in tables {
        let in_braces = item.is_inline_table();
        let all = item.as_table_like_mut().ok_or_else(|| no_table(name, table))?;
        if new.is_none() && !all.contains_key(table) {
            return Ok(text.unwrap_or_default().to_owned());
        }
        item = entry(all, table, in_braces);
    }
    let table = item.as_table_like_mut().ok_or_else(|| no_table(name, leaf))?;
    match new {
        Some(new) if table.contains_key(leaf) => replace(table, leaf, new),
        Some(new) => drop(table.insert(leaf, value(new))),
        None => drop(table.remove(leaf)),
    }
    finished(name, format!("{mark}{document}"), body, profile)
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
        changed(Some(FILE), profile, key, Some(typed(kind, text))).unwrap()
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
            ("write.timeout_seconds", Kind::Number, "1e9", "write.timeout_seconds must be"),
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
            let error = changed(Some(FILE), None, key, Some(typed(kind, text))).unwrap_err();
            assert!(error.message.starts_with(said) || error.message.contains(said), "{error}");
            assert!(!error.message.contains(":1") && !error.message.starts_with(':'), "{error}");
        }
    }
}
