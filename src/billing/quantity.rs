//! Time as people type it, and the quantity that it becomes: minutes over sixty, times any multiplier, rounded once.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::money;
use crate::dates;

/// Minutes of work; more than none. `1.33h` makes a broken number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(Decimal);

/// The most that one entry can be: a year. Beyond it a typing error is certain.
const MOST: Decimal = Decimal::from_parts(525_600, 0, 0, false, 0);

/// How a length of time may be typed.
const TYPED: &str = "30, 90m, 1h30m, 1.5h or 1:30";

/// The question how long something took.
pub const MINUTES: &str = "Minutes (30, 1h30m, 1:30)";

/// What is said of that where one is asked for.
#[must_use]
pub fn how_long() -> String {
    format!("type how long: {TYPED}")
}

/// Why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid time \"{0}\": use {typed}", typed = TYPED)]
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

    /// How many have begun.
    #[must_use]
    pub fn begun(self) -> u64 {
        self.0.ceil().to_u64().unwrap_or(u64::MAX)
    }

    /// Hours, times `multiplier`, to four places, half up: rounded once, here.
    #[must_use]
    pub fn quantity(self, multiplier: Decimal) -> Decimal {
        (self.0.saturating_mul(multiplier) / Decimal::from(60))
            .round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }
}

/// How time is rounded up before it is billed: to whole steps, and to no less than a minimum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rounding {
    /// What is billed at least.
    pub minimum: Option<Minutes>,
    /// The steps in which time is counted.
    pub increment: Option<Minutes>,
}

impl Rounding {
    /// The time that is billed for `spent`, and how it came to be more, as people read it: `10 min -> 60 min, minimum`.
    #[must_use]
    pub fn up(self, spent: Minutes) -> (Minutes, Option<String>) {
        let stepped = self.increment.and_then(|step| {
            let steps = spent.0.checked_div(step.0)?.ceil();
            Some(Minutes(steps.checked_mul(step.0)?.max(spent.0)))
        });
        let stepped = stepped.unwrap_or(spent);
        let (billed, why) = match self.minimum {
            Some(least) if least.0 > stepped.0 => (least, "minimum".to_owned()),
            _ => {
                let step = self.increment.unwrap_or(stepped);
                (stepped, format!("in steps of {step}"))
            }
        };
        let note = (billed != spent).then(|| format!("{spent} -> {billed}, {why}"));
        (billed, note)
    }
}

/// The steps in which accounts round time, in minutes.
const STEPS: [u64; 7] = [5, 6, 10, 15, 20, 30, 60];

/// So many seconds in hours, as a server makes a line item of them: to four places.
#[must_use]
pub fn hours(seconds: u64) -> Decimal {
    (Decimal::from(seconds) / Decimal::from(3600)).round_dp(4).normalize()
}

/// What an account that rounds time up, down or to the nearest step may make of so many seconds, in hours: the whole steps
/// around it, of any length that is usual, in two or four places. Nothing is not among it, nor what rounding to the next
/// hundredth of an hour makes.
#[must_use]
pub fn rounded(seconds: u64) -> Vec<Decimal> {
    let exact = Decimal::from(seconds) / Decimal::from(3600);
    let is_other = |hours: &Decimal| !hours.is_zero() && *hours != money::cents(exact).normalize();
    let steps = STEPS.iter().filter(|step| !seconds.is_multiple_of(**step * 60));
    let around = steps.flat_map(|step| {
        let below = seconds / (step * 60);
        [(below, Ordering::Less), (below.saturating_add(1), Ordering::Greater)]
            .map(|(steps, side)| (steps.checked_mul(*step), side))
    });
    let mut all: Vec<Decimal> = around
        .filter_map(|(minutes, side)| Some((Decimal::from(minutes?) / Decimal::from(60), side)))
        .flat_map(|(hours, side)| [4, 2].map(|places| (hours.round_dp(places).normalize(), side)))
        .filter(|(hours, side)| hours.cmp(&exact) == *side && is_other(hours))
        .map(|(hours, _)| hours)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
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
        let total = dates::minutes(typed);
        total.filter(|total| *total > Decimal::ZERO && *total <= MOST).map(Self).ok_or_else(wrong)
    }
}

/// A number of pieces: whole or decimal, more than none, with the four decimals that a quantity has.
///
/// # Errors
/// A sentence for people.
pub fn units(typed: &str) -> Result<Decimal, String> {
    dates::number(typed.trim())
        .filter(|units| *units > Decimal::ZERO && *units <= Decimal::from(100_000))
        .filter(|units| units.scale() <= 4)
        .map(|units| units.normalize())
        .ok_or_else(|| format!("invalid quantity \"{}\": use a number, like 2", typed.trim()))
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
    fn what_accounts_make_of_time() {
        for (seconds, hours) in [
            (8 * 60, "0.08 0.0833 0.1 0.1667 0.17 0.2 0.25 0.33 0.3333 0.5 1"),
            (25 * 60, "0.25 0.33 0.3333 0.4 0.5 0.6667 0.67 1"),
            (50 * 60, "0.5 0.6667 0.67 0.75 0.8 0.9 1"),
            (55 * 60, "0.5 0.6667 0.67 0.75 0.83 0.8333 0.9 1"),
            (60 * 60, ""),
            (65 * 60, "1 1.1 1.1667 1.17 1.25 1.33 1.3333 1.5 2"),
            // 0.2494 hours are 0.25 in two places, which is no rounding to a step.
            (898, "0.1667 0.17 0.2 0.3 0.33 0.3333 0.5 1"),
            (1, "0.08 0.0833 0.1 0.1667 0.17 0.25 0.33 0.3333 0.5 1"),
            (0, ""),
        ] {
            let all: Vec<String> = rounded(seconds).iter().map(Decimal::to_string).collect();
            assert_eq!(all.join(" "), hours, "{seconds} s");
        }
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
    fn time_is_rounded_up() {
        let parsed = |typed: &str| typed.parse::<Minutes>().ok();
        // Minimum, increment, time; what is billed and why.
        for (minimum, increment, spent, billed, why) in [
            ("", "", "10", "10", ""),
            ("60m", "", "10", "60", "10 min -> 60 min, minimum"),
            ("60m", "", "60", "60", ""),
            ("60m", "", "61", "61", ""),
            ("", "15m", "1", "15", "1 min -> 15 min, in steps of 15 min"),
            ("", "15m", "15", "15", ""),
            ("", "15m", "16", "30", "16 min -> 30 min, in steps of 15 min"),
            ("30m", "15m", "10", "30", "10 min -> 30 min, minimum"),
            ("30m", "15m", "31", "45", "31 min -> 45 min, in steps of 15 min"),
            ("20m", "15m", "3", "20", "3 min -> 20 min, minimum"),
            ("20m", "15m", "16", "30", "16 min -> 30 min, in steps of 15 min"),
            ("", "6m", "1.33h", "84", "79.8 min -> 84 min, in steps of 6 min"),
        ] {
            let rounding = Rounding { minimum: parsed(minimum), increment: parsed(increment) };
            let (found, note) = rounding.up(spent.parse().unwrap());
            let expected: Minutes = billed.parse().unwrap();
            assert_eq!(found.0.normalize(), expected.0, "{minimum} {increment} {spent}");
            assert_eq!(note.unwrap_or_default(), why, "{minimum} {increment} {spent}");
        }
    }

    proptest::proptest! {
        /// What an account may make of time is less than a step away from it, on either side, and never nothing.
        #[test]
        fn what_an_account_makes_of_time_is_near_it(seconds in 0u64..400_000) {
            let all = rounded(seconds);
            // In tenths of a second: the hour is the longest step, and two places are within 18 seconds of one.
            for hours in &all {
                let made = (hours * Decimal::from(36_000)).to_u64().unwrap();
                proptest::prop_assert!(made > 0 && made.abs_diff(seconds * 10) < 36_180);
                let is_step = STEPS.iter().any(|step| {
                    let past = made % (step * 600);
                    past.min(step * 600 - past) <= 180
                });
                proptest::prop_assert!(is_step, "{hours} of {seconds} s");
            }
            // Whatever quarter an account rounds to by any of the three ways is known.
            let (below, part) = (seconds / 900, seconds % 900);
            let nearest = below + u64::from(part >= 450);
            for quarters in [below, below + u64::from(part > 0), nearest] {
                let hours = (Decimal::from(quarters) / Decimal::from(4)).normalize();
                let is_plain = money::cents(Decimal::from(seconds) / Decimal::from(3600)) == hours;
                proptest::prop_assert_eq!(all.contains(&hours), quarters > 0 && part > 0 && !is_plain);
            }
        }

        /// Never less than was spent, never a whole step more, and rounded once it stays.
        #[test]
        fn rounding_up_gives_nothing_away(
            spent in 1u64..2_000_000,
            minimum in proptest::option::of(1u64..600),
            increment in proptest::option::of(1u64..600),
        ) {
            let whole = |minutes: u64| Minutes(Decimal::from(minutes));
            let spent = Minutes::of_seconds(spent).unwrap();
            let rounding =
                Rounding { minimum: minimum.map(whole), increment: increment.map(whole) };
            let (billed, note) = rounding.up(spent);
            let least = minimum.map_or(Decimal::ZERO, Decimal::from);
            let step = increment.map_or(Decimal::ZERO, Decimal::from);
            proptest::prop_assert!(billed.0 >= spent.0 && billed.0 >= least);
            proptest::prop_assert!(billed.0 == least || billed.0 - spent.0 < step.max(Decimal::new(1, 9)));
            proptest::prop_assert_eq!(note.is_some(), billed != spent);
            let again = rounding.up(billed).0;
            // A minimum that is no whole number of steps is one all the same.
            proptest::prop_assert!(again == billed || billed.0 == least);
        }
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
