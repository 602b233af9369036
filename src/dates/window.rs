//! A window of whole days: `this week`, `next 7d`, `2026-05-23..2026-05-30`, or one day.

use jiff::Zoned;
use jiff::civil::Date;

use super::day::{count, day, moved};
use super::typed::{Lean, words};
use crate::render::when;

/// The first and the last day of the window that was typed, both part of it.
///
/// Understood are a day as [`day`] reads it (leaning ahead); `this`, `last` or `next` before `week`, `month` or
/// `year`; `next 7d` (today and the seven days after it; `7d` alone is the same), `last 7d`; two days with `..` between
/// them.
///
/// # Errors
/// A sentence with an example.
pub fn window(typed: &str, now: &Zoned) -> Result<(Date, Date), String> {
    if let Some((first, last)) = typed.split_once("..") {
        let (first, last) = (first.trim(), last.trim());
        if first.is_empty() || last.is_empty() {
            return Err(format!(
                "\"{}\" has no end: use both days, 2026-05-23..2026-05-30",
                typed.trim()
            ));
        }
        let first = day(first, now, Lean::Future)?;
        let last = day(last, now, Lean::Future)?;
        return if first <= last {
            Ok((first, last))
        } else {
            Err(format!(
                "{} is after {}: use the earlier day first",
                when::day(first),
                when::day(last)
            ))
        };
    }
    let words = words(typed);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let today = now.date();
    let ahead = |rest: &[&str]| count(&rest.concat());
    match words.as_slice() {
        ["this" | "last" | "next", what @ ("week" | "month" | "year")] => {
            let first = day(typed, now, Lean::Future)?;
            let (months, days) = match *what {
                "week" => (0, 7),
                "month" => (1, 0),
                _ => (12, 0),
            };
            Ok((first, moved(moved(first, 0, months, days)?, 0, 0, -1)?))
        }
        ["last" | "past", rest @ ..] if ahead(rest).is_some() => {
            let (years, months, days) = ahead(rest).unwrap_or_default();
            Ok((moved(today, -years, -months, -days)?, today))
        }
        ["next", rest @ ..] | rest if ahead(rest).is_some() => {
            let (years, months, days) = ahead(rest).unwrap_or_default();
            Ok((today, moved(today, years, months, days)?))
        }
        _ => day(typed, now, Lean::Future).map(|day| (day, day)),
    }
}
