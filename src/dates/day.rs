//! A day: `today`, `fri`, `7d`, `last week`, `23 may`, `2026-05-23`. A weekday's name never means today, which has a
//! name of its own; weeks begin on Monday; what could be two days is refused.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use super::order::{self, Figures};
use super::typed::{Lean, sane, words};
use crate::render::when;

/// The day that was typed, as the zone of `now` has it.
///
/// Understood are `today`, `yesterday`, `tomorrow`; weekdays (`fri`: with [`Lean::Past`] the last one before today,
/// with [`Lean::Future`] the next one after it, so that on a Friday `fri` is a week away); `7d`, `2w`, `3m`, `1y` in
/// the direction of `lean`, or of `ago` or `in` beside them; `this`, `last` or `next` before `week`, `month` or `year`,
/// as its first day; `23 may`, `may 23`, with or without a year or a weekday; `2026-05-23`.
///
/// # Errors
/// A sentence with an example of what is understood.
pub fn day(typed: &str, now: &Zoned, lean: Lean) -> Result<Date, String> {
    let words = words(typed);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let today = now.date();
    let found = match words.as_slice() {
        [word] => single(word, today, lean),
        [which @ ("this" | "last" | "next"), what] => period(which, what, today),
        _ => None,
    };
    found
        .or_else(|| counted(&words, today, lean))
        .or_else(|| named(&words, today, lean))
        .unwrap_or_else(|| Err(unknown(typed, &words, lean)))
        .and_then(sane)
}

type Found = Option<Result<Date, String>>;

fn single(word: &str, today: Date, lean: Lean) -> Found {
    match word {
        "today" | "now" => return Some(Ok(today)),
        "yesterday" => return Some(moved(today, 0, 0, -1)),
        "tomorrow" => return Some(moved(today, 0, 0, 1)),
        _ => {}
    }
    if let Some(weekday) = weekday(word) {
        return Some(Ok(nearest(weekday, today, lean)));
    }
    numbers(word)
}

/// The last `weekday` before `today`, or the next one after it.
pub(super) fn nearest(weekday: Weekday, today: Date, lean: Lean) -> Date {
    // Saturating only beyond the year 9999, which `sane` refuses anyway.
    match lean {
        Lean::Past => match today.weekday().since(weekday) {
            0 => today.saturating_sub(7.days()),
            days => today.saturating_sub(i64::from(days).days()),
        },
        Lean::Future => match today.weekday().until(weekday) {
            0 => today.saturating_add(7.days()),
            days => today.saturating_add(i64::from(days).days()),
        },
    }
}

/// Dates in figures, with a whole year: it comes first, or the order of the others is told by them or by the account.
fn numbers(word: &str) -> Found {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let figures = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() < 2 || !parts.iter().all(figures) {
        return None;
    }
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => Some(calendar(word, year, month, day)),
        [one, two, year] if year.len() == 4 => {
            Some(match order::read(one, two, year, order::current()) {
                Figures::Date(date) => Ok(date),
                Figures::Never => Err(format!("invalid day {word}: use 2026-05-23")),
                Figures::Either => Err(format!(
                    "ambiguous day \"{word}\": the account does not say whether the month comes first; \
                     use 23 may 2026 or 2026-05-23"
                )),
            })
        }
        _ => Some(Err(format!("ambiguous day \"{word}\": use 23 may or 2026-05-23"))),
    }
}

fn calendar(typed: &str, year: &str, month: &str, day: &str) -> Result<Date, String> {
    let date = || Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    date().ok_or_else(|| format!("invalid day {typed}: use 2026-05-23"))
}

/// `last week`: its Monday; `this month`: its first day; `last fri`: the one before today.
fn period(which: &str, what: &str, today: Date) -> Found {
    let step = match which {
        "last" => -1,
        "next" => 1,
        _ => 0,
    };
    if let Some(weekday) = weekday(what) {
        return Some(match which {
            "last" => Ok(nearest(weekday, today, Lean::Past)),
            "next" => Err(two_weeks(which, what, weekday, today)),
            _ => {
                Ok(monday(today).saturating_add(i64::from(weekday.to_monday_zero_offset()).days()))
            }
        });
    }
    let (start, months, days) = match what {
        "week" => (monday(today), 0, step * 7),
        "month" => (today.first_of_month(), step, 0),
        "year" => (today.first_of_year(), step * 12, 0),
        _ => return None,
    };
    Some(moved(start, 0, months, days))
}

fn two_weeks(which: &str, what: &str, weekday: Weekday, today: Date) -> String {
    let first = nearest(weekday, today, Lean::Future);
    let second = first.saturating_add(7.days());
    format!(
        "\"{which} {what}\" could be {} or {}: use the date",
        when::day(first),
        when::day(second)
    )
}

/// The Monday on or before a date.
pub(super) fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// `7d`, `2 weeks`, `in 3m`, `+2d`, `10 days ago`.
fn counted(words: &[&str], today: Date, lean: Lean) -> Found {
    let (words, lean) = match words {
        ["in", rest @ ..] => (rest, Lean::Future),
        [rest @ .., "ago"] => (rest, Lean::Past),
        _ => (words, lean),
    };
    let text = words.concat();
    let (text, lean) = match text.strip_prefix('+') {
        Some(rest) => (rest, Lean::Future),
        None => (text.as_str(), lean),
    };
    let (years, months, days) = count(text)?;
    let sign = if lean == Lean::Past { -1 } else { 1 };
    Some(moved(today, sign * years, sign * months, sign * days))
}

/// Years, months and days of `7d`, `2weeks`, `3m`, `1y`.
pub(super) fn count(text: &str) -> Option<(i64, i64, i64)> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at(unit);
    if digits.len() > 4 {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    match unit {
        "d" | "day" | "days" => Some((0, 0, number)),
        "w" | "wk" | "week" | "weeks" => Some((0, 0, number * 7)),
        "m" | "mo" | "month" | "months" => Some((0, number, 0)),
        "y" | "year" | "years" => Some((number, 0, 0)),
        _ => None,
    }
}

/// A date so many years, months and days away; the last of a month that is too short.
pub(super) fn moved(date: Date, years: i64, months: i64, days: i64) -> Result<Date, String> {
    date.checked_add(years.years().months(months).days(days))
        .map_err(|_| "the date is too far away: use a date like 2026-05-23".to_owned())
        .and_then(sane)
}

/// `23 may`, `may 23`, `23rd may 2026`, `sat 23 may`, and a weekday before a date in figures.
fn named(words: &[&str], today: Date, lean: Lean) -> Found {
    let (stated, rest) = match words {
        [first, rest @ ..] if !rest.is_empty() => match weekday(first) {
            Some(weekday) => (Some(weekday), rest),
            None => (None, words),
        },
        _ => (None, words),
    };
    let rest: Vec<&str> = rest.iter().copied().filter(|word| *word != "of").collect();
    let found = match rest.as_slice() {
        [word] if stated.is_some() => numbers(word)?,
        [one, two, year @ ..] if year.len() <= 1 => {
            let (number, month) = match (month(one), month(two)) {
                (None, Some(month)) => (ordinal(one)?, month),
                (Some(month), None) => (ordinal(two)?, month),
                _ => return None,
            };
            match year {
                [] => yearless(number, month, today, lean),
                [year, ..] => dated(year, number, month)?,
            }
        }
        _ => return None,
    };
    Some(found.and_then(|date| match stated {
        Some(stated) if date.weekday() != stated => Err(format!(
            "{} is a different weekday: use the date alone, like 23 may or 2026-05-23",
            when::day(date)
        )),
        _ => Ok(date),
    }))
}

fn dated(year: &str, number: i8, month: i8) -> Found {
    let year = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    let none = |_| format!("month {month} of {year} has no day {number}: use 23 may or 2026-05-23");
    Some(Date::new(year, month, number).map_err(none))
}

/// The nearest such day of any year; today is one.
fn yearless(number: i8, month: i8, today: Date, lean: Lean) -> Result<Date, String> {
    let years = 0..=8_i16;
    let candidate = |step: i16| {
        let year = match lean {
            Lean::Past => today.year().checked_sub(step),
            Lean::Future => today.year().checked_add(step),
        };
        Date::new(year?, month, number).ok()
    };
    let fits = |date: &Date| match lean {
        Lean::Past => *date <= today,
        Lean::Future => *date >= today,
    };
    years
        .filter_map(candidate)
        .find(fits)
        .ok_or_else(|| format!("month {month} has no day {number}: use 23 may or 2026-05-23"))
}

fn ordinal(word: &str) -> Option<i8> {
    let ends = ["st", "nd", "rd", "th", "."];
    let digits = ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

/// The weekday of a name or its abbreviation.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "weds" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month of a name or its abbreviation.
pub(super) fn month(word: &str) -> Option<i8> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let word = if word == "sept" { "sep" } else { word };
    let index = MONTHS.iter().position(|name| *name == word || name.get(..3) == Some(word))?;
    i8::try_from(index + 1).ok()
}

fn unknown(typed: &str, words: &[&str], lean: Lean) -> String {
    let typed = typed.trim();
    let examples = match lean {
        Lean::Past => "today, yesterday, fri, 7d, last week, 23 may or 2026-05-23",
        Lean::Future => "today, tomorrow, fri, 7d, next week, 23 may or 2026-05-23",
    };
    match words.iter().find_map(|word| near_miss(word)) {
        _ if typed.is_empty() => format!("missing day: use {examples}"),
        Some(near) => format!("invalid day \"{typed}\": did you mean {near}?"),
        None => format!("invalid day \"{typed}\": use {examples}"),
    }
}

/// The word that was probably meant.
fn near_miss(word: &str) -> Option<&'static str> {
    let known = [
        "today",
        "yesterday",
        "tomorrow",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
    ];
    known
        .into_iter()
        .chain(MONTHS)
        .filter(|_| word.len() >= 4)
        .map(|name| (strsim::damerau_levenshtein(name, word), name))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .filter(|(distance, _)| *distance > 0)
        .map(|(_, name)| name)
}
