//! Common parts of lists: words searched for, ids asked for, the order, and pages.
//!
//! Which fields a list searches is left to the list.

use std::cmp::{Ordering, Reverse};

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::kind::Kind;
use super::value::{Record, decimal, integer, parse_instant, record, text};

/// Returns true when all words of the query occur in these fields.
pub(super) fn mentions(record: &Record, fields: &[&str], query: &str) -> bool {
    let haystack =
        fields.iter().map(|field| text(record, field).to_lowercase()).collect::<Vec<_>>().join(" ");
    query.to_lowercase().split_whitespace().all(|word| haystack.contains(word))
}

/// Returns true unless the parameter of the same name asks for a text that the field does not contain.
pub(super) fn like(call: &Call, record: &Record, field: &str) -> bool {
    call.asked(field).is_none_or(|wanted| {
        let wanted = wanted.to_lowercase();
        text(record, field).to_lowercase().contains(&wanted)
    })
}

/// Returns true unless the parameter of the same name asks for another id.
pub(super) fn same_id(call: &Call, record: &Record, field: &str) -> bool {
    call.asked(field).is_none_or(|wanted| wanted.parse().ok() == integer(record, field))
}

/// Returns the ids that a parameter lists: repeated, with `[]` after its name, or with commas.
pub(super) fn ids(call: &Call, name: &str) -> Option<Vec<i64>> {
    let many = format!("{name}[]");
    let given: Vec<&str> = call
        .query
        .iter()
        .filter(|(known, value)| (known == name || *known == many) && !value.is_empty())
        .flat_map(|(_, value)| value.split(','))
        .collect();
    let read = given.iter().filter_map(|id| id.trim().parse().ok());
    (!given.is_empty()).then(|| read.collect())
}

/// Returns true when the record is among the ids of the first parameter and not among those of the second.
pub(super) fn chosen(call: &Call, record: &Record, these: &str, not_these: &str) -> bool {
    let own = integer(record, "id").unwrap_or_default();
    ids(call, these).is_none_or(|ids| ids.contains(&own))
        && ids(call, not_these).is_none_or(|ids| !ids.contains(&own))
}

/// Puts the records in the order that `sort` asks for, as `city DESC`; otherwise leaves them.
pub(super) fn sort(call: &Call, records: &mut [&Record]) {
    let mut words = call.asked("sort").unwrap_or("").split_whitespace();
    let Some(field) = words.next().filter(|field| !field.starts_with('_')) else {
        return;
    };
    let down = words.next().is_some_and(|way| way.eq_ignore_ascii_case("desc"));
    records.sort_by(|left, right| {
        let order = compare(left, right, field);
        if down { order.reverse() } else { order }
    });
}

/// Puts those that were made last first.
pub(super) fn newest_first(records: &mut [&Record]) {
    sorting::sort_by_key(records, |one| {
        Reverse((parse_instant(text(one, "created_at")), integer(one, "id")))
    });
}

fn compare(left: &Record, right: &Record, field: &str) -> Ordering {
    match (decimal(left, field), decimal(right, field)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => text(left, field).to_lowercase().cmp(&text(right, field).to_lowercase()),
    }
}

/// Returns true for a field that is missing, null or white space.
pub(super) fn is_blank(record: &Record, field: &str) -> bool {
    match record.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}

/// Returns true for a field that holds something other than an email address.
pub(super) fn bad_email(record: &Record, field: &str) -> bool {
    if is_blank(record, field) {
        return false;
    }
    let address = text(record, field);
    let parts = address.split_once('@');
    let whole = parts
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    !whole || address.contains(|sign: char| sign.is_whitespace() || ",;<>".contains(sign))
}

/// Returns one page of a list and its `meta`; counting starts at page one.
pub(super) fn page<T>(call: &Call, all: Vec<T>, per_page: usize) -> (Vec<T>, Record) {
    let per_page = per_page.max(1);
    let (page, total) = (number(call), all.len());
    let meta = record(json!({
        "total_pages": total.div_ceil(per_page),
        "page": page,
        "total_entries": total,
        "per_page": per_page,
    }));
    let place = place(call, per_page);
    let shown = all.into_iter().skip(place.start).take(place.len()).collect();
    (shown, meta)
}

/// Returns which page is asked for.
fn number(call: &Call) -> usize {
    call.asked("page").and_then(|written| written.parse::<usize>().ok()).unwrap_or(1).max(1)
}

/// Returns which records of a list the page has that is asked for.
pub(super) fn place(call: &Call, per_page: usize) -> std::ops::Range<usize> {
    let (first, count) = match call.fault {
        Some(Kind::LostRows) => (number(call), 0),
        Some(Kind::SamePage) => (1, per_page),
        _ => (number(call), per_page),
    };
    let start = (first - 1).saturating_mul(per_page);
    start..start.saturating_add(count)
}

/// The same, where `meta` does not count the entries.
pub(super) fn short_page<T>(call: &Call, all: Vec<T>, per_page: usize) -> (Vec<T>, Record) {
    let (shown, mut meta) = page(call, all, per_page);
    meta.remove("total_entries");
    meta.remove("per_page");
    (shown, meta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        let bad = |address: &str| bad_email(&record(json!({ "email": address })), "email");
        for address in ["sam@example.com", "a.b+c@host", ""] {
            assert!(!bad(address), "{address}");
        }
        for text in ["not an email", "@host", "sam@", "a@b@c", "a@b, c@d"] {
            assert!(bad(text), "{text}");
        }
    }
}
