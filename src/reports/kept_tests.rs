//! What is kept of records is what reports rest on. Their other tests read no more of a record than is kept of it; here
//! nothing is kept in vain.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::*;
use crate::reports::{ar, close, drift, prepaid, recurring, stale, time, uninvoiced};

/// Changes a record, of which it is told what that is.
pub(in crate::reports) type Change<'c> = dyn Fn(&str, &mut Value) + 'c;

/// Changes the records of these parts of an account, each with what they are.
pub(in crate::reports) fn change(account: &mut Value, parts: &[(&str, &str)], how: &Change<'_>) {
    for (part, kind) in parts {
        account[*part].as_array_mut().unwrap().iter_mut().for_each(|record| how(kind, record));
    }
}

/// The worked examples of the reports.
const SHOWN: [fn(&Change<'_>) -> Value; 8] = [
    ar::tests::shown,
    close::tests::shown,
    drift::tests::many::shown,
    prepaid::tests::shown,
    recurring::tests::shown,
    stale::tests::shown,
    time::tests::shown,
    uninvoiced::tests::shown,
];

/// Fields, each with what it is for.
type Reasons = &'static [(&'static str, &'static str)];

/// What is kept, and what of it no example shows to be needed.
const KEPT: [(&str, &[&str], Reasons); 9] = [
    (
        "ticket",
        &TICKET,
        &[
            ("created_at", "a month leaves out losses on tickets that were made later"),
            ("line_items.name", "labor by the piece, and what is free"),
            ("line_items.description", "which line an entry has become"),
            ("line_items.retail_cents", "the price, where price_retail is missing"),
            ("ticket_timers.notes", "which line an entry has become"),
            ("ticket_timers.elapsed_seconds", "a timer that is paused"),
            ("ticket_timers.status", "a timer that is paused"),
        ],
    ),
    ("open", &OPEN, &[("created_at", "a ticket on which nobody has said a word")]),
    ("comment", &COMMENT, &[]),
    (
        "invoice",
        &INVOICE,
        &[("created_at", "whether it is older than a line"), ("status", "a draft")],
    ),
    (
        "payment",
        &PAYMENT,
        &[
            ("id", "one that two pages bring is one"),
            ("created_at", "a payment without a day"),
            ("invoice_ids.id", "invoices that are given in place of their ids"),
        ],
    ),
    (
        "customer",
        &CUSTOMER,
        &[
            ("business_name", "one without business_then_name"),
            ("fullname", "one without business_then_name"),
        ],
    ),
    ("product", &PRODUCT, &[("category_path", "one without product_category")]),
    ("schedule", &SCHEDULE, &[("lines.device_ids.id", "how many devices there are")]),
    ("asset", &ASSET, &[]),
];

/// Puts something in the place of a member, or takes it out, in each element of what is a list. One that another record is
/// known by may be there in both forms.
fn put(value: &mut Value, path: &str, new: Option<&Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, path, new)),
        Value::Object(members) => match path.split_once('.') {
            Some((name, rest)) => {
                let inner = members.entry(name).or_insert(Value::Null);
                if inner.is_null() && new.is_some() {
                    *inner = json!({});
                }
                put(inner, rest, new);
            }
            None => {
                members.shift_remove(path);
                path.strip_suffix("_id").map(|whole| members.shift_remove(whole));
                members.extend(new.map(|new| (path.to_owned(), new.clone())));
            }
        },
        _ => {}
    }
}

#[test]
fn nothing_is_kept_in_vain() {
    let right = SHOWN.map(|shown| shown(&|_, _| ()));
    let day = "2020-02-02T02:00:00.000Z";
    let others = [json!({}), json!("7"), json!(7), json!(true), json!(false), json!(day)];
    let others: Vec<Option<&Value>> = [None].into_iter().chain(others.iter().map(Some)).collect();
    let has_reason = |reasons: Reasons, path: &str| reasons.iter().any(|(one, _)| *one == path);
    let mut vain = Vec::new();
    for (kind, paths, reasons) in KEPT {
        // A record is none without what it is known by.
        let is_own = |path: &str| path.ends_with(".id") || path == "id" || path == "number";
        for path in paths.iter().filter(|path| !is_own(path) || has_reason(reasons, path)) {
            let is_read = |new: &Option<&Value>| {
                let other = |one: &str, record: &mut Value| {
                    if one == kind {
                        put(record, path, *new);
                    }
                };
                // Some records are none without it.
                SHOWN.iter().zip(&right).any(|(shown, right)| {
                    let is = catch_unwind(AssertUnwindSafe(|| shown(&other)));
                    is.map_or(true, |is| is != *right)
                })
            };
            if others.iter().any(is_read) == has_reason(reasons, path) {
                vain.push(format!("{kind} {path}"));
            }
        }
    }
    assert!(vain.is_empty(), "{vain:#?}");
}
