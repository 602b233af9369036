//! Contents made comparable: the server gives back what it was sent in other clothes (`<br>` or newline, entities,
//! white space), and two texts are the same when only the clothes differ.

use jiff::civil::Date;
use serde_json::Value;

use super::fields::{Said, to_day, to_decimal, to_flag, to_instant};
use crate::names;

/// Whether two values mean the same: decimals by their amount, instants by the moment, a date by the day it names, text
/// without its clothes; nothing is the same as an empty text.
#[must_use]
pub fn same(one: &Value, other: &Value) -> bool {
    if one == other || is_nothing(one) && is_nothing(other) {
        return true;
    }
    if let (Some(one), Some(other)) = (to_instant(one), to_instant(other)) {
        return one == other;
    }
    if let Some(same) = same_day(one, other).or_else(|| same_day(other, one)) {
        return same;
    }
    if let (Some(one), Some(other)) = (to_decimal(one), to_decimal(other)) {
        return one == other;
    }
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            text(one) == text(other) || is_digits_of(one, other) || is_digits_of(other, one)
        }
        (Value::Bool(flag), other) | (other, Value::Bool(flag)) => {
            to_flag(other) == Said::Clear(*flag)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => false,
    }
}

/// Whether a person who wants `to` has it in `from`: as [`same`], but texts are compared as they are written, but for white
/// space around them, the moment that they name, and the digits of a telephone number.
#[must_use]
pub fn unchanged(from: &Value, to: &Value) -> bool {
    let (Value::String(one), Value::String(other)) = (from, to) else {
        return same(from, to);
    };
    let same_moment = || to_instant(from).is_some_and(|at| to_instant(to) == Some(at));
    let same_day = || same_day(from, to).or_else(|| same_day(to, from)) == Some(true);
    one.trim() == other.trim()
        || same_moment()
        || same_day()
        || is_digits_of(one, other)
        || is_digits_of(other, one)
}

/// Whether `digits` is all that the server stores of the telephone number `typed`: its digits.
fn is_digits_of(digits: &str, typed: &str) -> bool {
    let is_number = typed.chars().all(|sign| sign.is_ascii_digit() || " +-().".contains(sign));
    digits.len() >= 6 && is_number && digits.chars().eq(typed.chars().filter(char::is_ascii_digit))
}

/// Whether two telephone numbers have the same digits, however they are written.
#[must_use]
pub fn same_digits(one: &Value, other: &Value) -> bool {
    let digits = |value: &Value| -> String {
        let text = value.as_str().unwrap_or_default();
        text.chars().filter(char::is_ascii_digit).collect()
    };
    let (one, other) = (digits(one), digits(other));
    !one.is_empty() && one == other
}

/// Whether a text is an amount or an instant rather than words. A time without its zone is words: what the server makes
/// of it is its own.
pub(crate) fn is_measure(text: &str) -> bool {
    let value = Value::from(text);
    to_decimal(&value).is_some() || to_instant(&value).is_some()
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// A day beside an instant: the day that the instant is written with, in its own offset.
fn same_day(day: &Value, instant: &Value) -> Option<bool> {
    let day: Date = day.as_str().filter(|day| day.len() == 10)?.parse().ok()?;
    to_instant(instant)?;
    Some(to_day(instant)? == day)
}

/// How often a text may have been escaped: as it was typed, as it was sent, and by whoever showed it.
const ESCAPED: usize = 4;

/// `text` without markup, entities resolved, white space collapsed. A `<word>` that was sent as entities comes back bare,
/// and is taken for a tag then: on both sides alike, as are entities that were typed.
#[must_use]
pub fn text(text: &str) -> String {
    let mut plain = without_tags(text);
    for _ in 0..ESCAPED {
        if !plain.contains('&') {
            break;
        }
        let resolved = plain
            .replace("&nbsp;", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&apos;", "'")
            .replace("&amp;", "&");
        plain = without_tags(&resolved);
    }
    names::spaced(&plain)
}

/// Replaces what looks like a tag by a space; a lone `<` stays.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let name = tail[1..].trim_start_matches('/');
        let is_tag = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        match tail.find('>') {
            Some(end) if is_tag => {
                out.push(' ');
                rest = &tail[end + 1..];
            }
            _ => {
                out.push('<');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
