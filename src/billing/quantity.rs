//! Time as people type it, and the quantity that it becomes: minutes over sixty, times any multiplier, rounded once.

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Minutes of work; more than none. `1.33h` makes a broken number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(Decimal);

/// The most that one entry can be: a year. Beyond it a typing error is certain.
const MOST: Decimal = Decimal::from_parts(525_600, 0, 0, false, 0);

/// Why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid time \"{0}\": use 30, 90m, 1h30m or 1.5h")]
pub struct NotMinutes(String);

impl Minutes {
    /// What `seconds` are; none for no time at all, and for more than can be meant.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Option<Self> {
        let minutes = Decimal::from(seconds) / Decimal::from(60);
        (minutes > Decimal::ZERO && minutes <= MOST).then_some(Self(minutes))
    }

    /// How many they are, where they are whole.
    #[must_use]
    pub fn whole(self) -> Option<u64> {
        let whole = self.0.fract().is_zero();
        whole.then(|| self.0.to_u64()).flatten()
    }

    /// Hours, times `multiplier`, to four places, half up: rounded once, here.
    #[must_use]
    pub fn quantity(self, multiplier: Decimal) -> Decimal {
        (self.0.saturating_mul(multiplier) / Decimal::from(60))
            .round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} min", self.0.normalize())
    }
}

impl FromStr for Minutes {
    type Err = NotMinutes;

    fn from_str(typed: &str) -> Result<Self, NotMinutes> {
        let wrong = || NotMinutes(typed.trim().to_owned());
        let text = joined(&typed.to_lowercase()).ok_or_else(wrong)?;
        let total = match text.split_once('h') {
            None => whole(text.strip_suffix("min").or(text.strip_suffix('m')).unwrap_or(&text)),
            Some((hours, "")) => {
                plain(hours).and_then(|hours| hours.checked_mul(Decimal::from(60)))
            }
            // With minutes beside them the hours are whole: "1.5h30m" could mean two things.
            Some((hours, minutes)) => whole(hours)
                .zip(whole(
                    minutes.strip_suffix("min").or(minutes.strip_suffix('m')).unwrap_or(minutes),
                ))
                .filter(|(_, minutes)| *minutes < Decimal::from(60))
                .and_then(|(hours, minutes)| {
                    hours.checked_mul(Decimal::from(60))?.checked_add(minutes)
                }),
        };
        total.filter(|total| *total > Decimal::ZERO && *total <= MOST).map(Self).ok_or_else(wrong)
    }
}

/// The text without its spaces; none when that would join two numbers: "1 30" is not 130.
fn joined(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let joins = |pair: &[&str]| digit(pair[0].chars().next_back()) && digit(pair[1].chars().next());
    (!words.windows(2).any(joins)).then(|| words.concat())
}

/// A number of pieces: whole or decimal, more than none, with the four decimals that a quantity has.
///
/// # Errors
/// A sentence for people.
pub fn units(typed: &str) -> Result<Decimal, String> {
    plain(typed.trim())
        .filter(|units| *units > Decimal::ZERO && *units <= Decimal::from(100_000))
        .filter(|units| units.scale() <= 4)
        .map(|units| units.normalize())
        .ok_or_else(|| format!("invalid quantity \"{}\": use a number, like 2", typed.trim()))
}

fn whole(text: &str) -> Option<Decimal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Digits with at most one point or comma; no sign, no exponent.
fn plain(text: &str) -> Option<Decimal> {
    // A comma may be decimal or thousands: with three digits behind it nobody can tell.
    let text = match text.split_once(',') {
        Some((_, behind)) if behind.len() == 3 => return None,
        _ => text.replacen(',', ".", 1),
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (digits && text.bytes().any(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn quantity(typed: &str, multiplier: &str) -> String {
        let minutes: Minutes = typed.parse().unwrap();
        minutes.quantity(multiplier.parse().unwrap()).to_string()
    }

    #[test]
    fn what_people_type() {
        assert_eq!(quantity("30", "1"), "0.5");
        assert_eq!(quantity("1h30m", "1"), "1.5");
        assert_eq!(quantity(" 1 h 5 min", "1"), "1.0833");
        assert_eq!(quantity("1.5h", "1"), "1.5");
        assert_eq!(quantity("1,5h", "1"), "1.5");
        assert_eq!(quantity("90m", "1"), "1.5");
        assert_eq!(quantity("20", "1"), "0.3333");
        assert_eq!(Minutes::of_seconds(1234).unwrap().quantity(Decimal::ONE).to_string(), "0.3428");
        assert_eq!("1h5m".parse::<Minutes>().unwrap().whole(), Some(65));
        assert_eq!("1.33h".parse::<Minutes>().unwrap().whole(), None);
        assert!(Minutes::of_seconds(0).is_none() && Minutes::of_seconds(u64::MAX).is_none());
        // Rounded once: 0.3333 x 1.5 would be 0.49995.
        assert_eq!(quantity("20", "1.5"), "0.5");
        assert_eq!(quantity("50", "1"), "0.8333");
        assert_eq!(quantity("0.00005h", "1"), "0.0001");
    }

    #[test]
    fn what_is_no_time() {
        for typed in [
            "",
            "0",
            "0h",
            "-5",
            "1.5",
            "1e3",
            "1 30",
            "1,000h",
            "h",
            "1h60m",
            "1.5h30m",
            "abc",
            "99999999999999999999999h",
            "30x",
            ".",
            ".h",
        ] {
            assert!(typed.parse::<Minutes>().is_err(), "{typed}");
        }
        assert!(units("0").is_err() && units("-1").is_err() && units("x").is_err());
        assert_eq!(units("2").unwrap(), Decimal::from(2));
        assert_eq!(units("0.3333").unwrap(), Decimal::new(3333, 4));
        assert!(units("0.33333").is_err() && units("1.2345678901234567890123456789012").is_err());
    }
}
