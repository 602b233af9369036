//! Lengths of time in hours and minutes, as people type them: `90m`, `1h30m`, `1.5h`, `1:30`, `45 minutes`. The one
//! place where they are read.

use jiff::SignedDuration;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// How hours are written.
const HOURS: [&str; 5] = ["h", "hr", "hrs", "hour", "hours"];

/// How minutes are written.
const MINUTES: [&str; 5] = ["m", "min", "mins", "minute", "minutes"];

/// Minutes in an hour.
const HOUR: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hours,
    Minutes,
    Unsaid,
}

/// The minutes of a length; a number alone is whole minutes, and with minutes beside them the hours are whole. None when it
/// is something else.
#[must_use]
pub fn minutes(typed: &str) -> Option<Decimal> {
    let text = joined(&typed.to_lowercase())?;
    if let Some((hours, minutes)) = text.split_once(':') {
        return (minutes.len() == 2).then(|| together(whole(hours)?, whole(minutes)?)).flatten();
    }
    let (first, unit, rest) = part(&text)?;
    if rest.is_empty() {
        return match unit {
            Unit::Hours => number(first)?.checked_mul(HOUR),
            Unit::Minutes | Unit::Unsaid => whole(first),
        };
    }
    // "1.5h30m" could mean two things.
    let (second, smaller, rest) = part(rest)?;
    let fits = unit == Unit::Hours && smaller != Unit::Hours && rest.is_empty();
    fits.then(|| together(whole(first)?, whole(second)?)).flatten()
}

/// A length with its units, more than none and at most a year.
#[must_use]
pub fn length(typed: &str) -> Option<SignedDuration> {
    if !typed.trim().ends_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let seconds = minutes(typed)?.checked_mul(HOUR)?.trunc().to_i64()?;
    let length = SignedDuration::from_secs(seconds);
    let year = SignedDuration::from_hours(366 * 24);
    (length >= SignedDuration::from_mins(1) && length <= year).then_some(length)
}

/// `1 h 30 min`, `45 min`: a length in whole minutes, as people read it.
#[must_use]
pub fn in_words(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn together(hours: Decimal, minutes: Decimal) -> Option<Decimal> {
    let fits = minutes < HOUR;
    fits.then(|| hours.checked_mul(HOUR)?.checked_add(minutes)).flatten()
}

/// The first number, its unit, and what follows.
fn part(text: &str) -> Option<(&str, Unit, &str)> {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let (number, rest) = text.split_at(text.find(|c| !is_figure(c)).unwrap_or(text.len()));
    let (unit, rest) = rest.split_at(rest.find(is_figure).unwrap_or(rest.len()));
    let unit = match unit {
        "" => Unit::Unsaid,
        _ if HOURS.contains(&unit) => Unit::Hours,
        _ if MINUTES.contains(&unit) => Unit::Minutes,
        _ => return None,
    };
    Some((number, unit, rest))
}

/// The text without its spaces; none when that would join two numbers: "1 30" is not 130.
fn joined(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let joins = |pair: &[&str]| digit(pair[0].chars().next_back()) && digit(pair[1].chars().next());
    (!words.windows(2).any(joins)).then(|| words.concat())
}

fn whole(text: &str) -> Option<Decimal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Digits with at most one point or comma; no sign, no exponent.
#[must_use]
pub fn number(text: &str) -> Option<Decimal> {
    // A comma may be decimal or thousands: with three digits behind it nobody can tell.
    let text = match text.split_once(',') {
        Some((_, behind)) if behind.len() == 3 => return None,
        _ => text.replacen(',', ".", 1),
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (digits && text.bytes().any(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_lengths() {
        for (typed, meant) in [
            ("30", 30),
            ("90m", 90),
            ("1h30m", 90),
            ("1h30", 90),
            ("1:30", 90),
            ("0:05", 5),
            (" 01:05 ", 65),
            ("45 minutes", 45),
            ("1 minute", 1),
            ("45 mins", 45),
            ("1 hour", 60),
            ("2 Hours", 120),
            ("1 hour 15 min", 75),
            ("1 hr 15 minutes", 75),
            ("1.5 hours", 90),
            ("1,5h", 90),
        ] {
            assert_eq!(minutes(typed), Some(Decimal::from(meant)), "{typed}");
        }
        for typed in [
            "",
            ":",
            "1:",
            ":30",
            "1:3",
            "1:60",
            "1:300",
            "1:30:00",
            "1:30m",
            "1.5:30",
            "1 30",
            "1.5",
            "1.5h30m",
            "15 min 1 hour",
            "1h30m5",
            "1 hour hour",
            "1 day",
            "1 fortnight",
            "-1:30",
            "1,000h",
            "1h 60 minutes",
        ] {
            assert_eq!(minutes(typed), None, "{typed}");
        }
    }
}
