//! A moment that lies behind: when work began. The same words as for plans, read the other way round.

use jiff::{RoundMode, Unit, Zoned, ZonedRound};

use super::day::{day, weekday};
use super::length::length;
use super::moment::{Moment, Which, instant, plain, resolve, split};
use super::typed::{Lean, spelled, words};

const EXAMPLES: &str = "9:30, yesterday 14:00, 2026-05-23 14:00 or 2h ago";

/// The moment that was typed for something that has begun, in the zone of `now`.
///
/// Understood are a time alone (today's), a day that leans back with a time before or after it, `2h ago`, `now`, and
/// ISO 8601. What lies ahead is refused.
///
/// # Errors
/// A sentence with an example.
pub fn past_moment(typed: &str, now: &Zoned) -> Result<Moment, String> {
    let found = read(typed, now)?;
    if found.at <= *now {
        return Ok(found);
    }
    Err(format!("{} is in the future: use {EXAMPLES}", spelled(&found.at)))
}

fn read(typed: &str, now: &Zoned) -> Result<Moment, String> {
    if let Some(at) = instant(typed, now)? {
        return Ok(at);
    }
    let text = typed.trim().to_lowercase();
    let minute = ZonedRound::new().smallest(Unit::Minute).mode(RoundMode::Floor);
    if text == "now" {
        return now.round(minute).map(plain).map_err(|error| error.to_string());
    }
    let ago = text.strip_suffix("ago").map(str::trim);
    if let Some(length) = ago.and_then(length) {
        let at = now.checked_sub(length).and_then(|at| at.round(minute));
        return at.map(plain).map_err(|_| format!("the time is too far back: use {EXAMPLES}"));
    }
    let parts = split(&words(typed))?;
    let Some(time) = parts.time else {
        return Err(match day(typed, now, Lean::Past) {
            Ok(_) => format!("\"{0}\" has no time: use \"{0} 14:00\"", typed.trim()),
            Err(_) => {
                format!("invalid time \"{}\": use {EXAMPLES}", typed.trim())
            }
        });
    };
    let date = match parts.day.as_slice() {
        [] => now.date(),
        [word] if weekday(word) == Some(now.weekday()) => {
            return Err(format!(
                "today is also a {}: use only the time, or add a date",
                now.strftime("%A")
            ));
        }
        words => day(&words.join(" "), now, Lean::Past)?,
    };
    let wanted = date.to_datetime(time);
    // Within an hour that comes twice, the later one, unless that is still to come.
    let second = resolve(wanted, now, Which::Second)?;
    match second.at <= *now {
        true => Ok(second),
        false => resolve(wanted, now, Which::First),
    }
}
