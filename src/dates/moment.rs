//! A moment: a day and a time, or a length of time from the present; and the end of something that has a start. Where
//! the clocks are put forward or back, a note says which instant was taken.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{RoundMode, SignedDuration, Timestamp, Unit, Zoned, ZonedRound};

use super::clock::{self, Clock};
use super::day::{day, weekday};
use super::length::length;
use super::typed::{Lean, sane, spelled, words};
use crate::render::when;

/// An instant, and what should be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The instant, in the zone of the present that it was read with.
    pub at: Zoned,
    /// What a person should know before it is used.
    pub note: Option<Note>,
}

/// Why an instant may not be what was meant; as text a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The typed time does not exist that day; the clocks skip it.
    Gap {
        /// What was typed.
        typed: DateTime,
        /// What is used instead: as much later as the clocks are put forward.
        used: Zoned,
    },
    /// The typed time exists twice that day.
    Fold {
        /// The one that is used.
        used: Zoned,
        /// The other one.
        other: Zoned,
    },
    /// Today's own weekday was typed; next week's is used.
    NextWeek {
        /// What is used.
        used: Zoned,
    },
    /// A time of the night was typed without its half of the day.
    Night {
        /// What is used.
        used: Zoned,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { typed, used } => write!(
                f,
                "{} does not exist on {} because clocks go forward; using {}",
                typed.strftime("%H:%M"),
                when::day(typed.date()),
                spelled(used)
            ),
            Self::Fold { used, other } => write!(
                f,
                "{} occurs twice on {} because clocks go back; using UTC{}; for the other one, use {}",
                used.strftime("%H:%M"),
                when::day(used.date()),
                used.strftime("%:z"),
                other.strftime("%Y-%m-%dT%H:%M%:z")
            ),
            Self::NextWeek { used } => write!(
                f,
                "today is also a {}; using next week's, {}",
                used.strftime("%A"),
                spelled(used)
            ),
            Self::Night { used } => write!(
                f,
                "{} is at night; for the afternoon, use {}",
                used.strftime("%H:%M"),
                used.strftime("%-I:%Mpm")
            ),
        }
    }
}

/// The hour at which the night ends.
pub(super) const DAWN: i8 = 7;

const EXAMPLES: &str = "tomorrow 2pm, fri 9:30, 2026-05-23 14:00 or +2h";

/// The moment that was typed, in the zone of `now`.
///
/// Understood are a day as [`day`] reads it (leaning ahead) with a time before or after it; a time alone while it is
/// still ahead today; `+2h`, `in 90m` (whole minutes from now); `now`; ISO 8601, with an offset or without.
///
/// # Errors
/// A sentence with an example. A day without a time is refused.
pub fn moment(typed: &str, now: &Zoned) -> Result<Moment, String> {
    if let Some(at) = instant(typed, now)? {
        return Ok(at);
    }
    if let Some(length) = from_now(typed) {
        return later(now, length).map(plain);
    }
    let words = words(typed);
    if words == ["now"] {
        return later(now, SignedDuration::ZERO).map(plain);
    }
    let parts = split(&words)?;
    let Some(time) = parts.time else {
        return Err(match day(typed, now, Lean::Future) {
            Ok(_) => format!("\"{0}\" has no time: use \"{0} 14:00\"", typed.trim()),
            Err(why) if typed.trim().is_empty() || parts.day.len() > 1 => {
                bare_hour(&parts.day, now)
                    .unwrap_or_else(|| format!("{why}, with a time: {EXAMPLES}"))
            }
            Err(_) => {
                format!("invalid time \"{}\": use {EXAMPLES}", typed.trim())
            }
        });
    };
    if parts.day.is_empty() {
        let found = resolve(now.date().to_datetime(time), now, Which::First)?;
        return if found.at > *now {
            Ok(found.marked(&parts))
        } else {
            Err(format!(
                "{} has already passed today: use \"tomorrow {}\", or add a date",
                time.strftime("%H:%M"),
                typed.trim()
            ))
        };
    }
    let date = day(&parts.day.join(" "), now, Lean::Future)?;
    let mut found = resolve(date.to_datetime(time), now, Which::First)?;
    let own = parts.day.len() == 1 && weekday(&parts.day[0]) == Some(now.weekday());
    if own && found.note.is_none() {
        found.note = Some(Note::NextWeek { used: found.at.clone() });
    }
    Ok(found.marked(&parts))
}

/// What is said of a day and an hour alone, `monday 9`: it may be of either half of the day.
fn bare_hour(words: &[String], now: &Zoned) -> Option<String> {
    let (hour, before) = words.split_last()?;
    let number = hour.parse::<u8>().ok().filter(|number| *number < 24)?;
    let before = before.join(" ");
    day(&before, now, Lean::Future).ok()?;
    let evening = match number {
        // At 12 both spellings are one time.
        0 | 12 => String::new(),
        number => {
            let of_twelve = if number > 12 { number - 12 } else { number };
            format!(" or \"{before} {of_twelve}pm\"")
        }
    };
    Some(format!("\"{before} {hour}\" has no minutes: use \"{before} {number}:00\"{evening}"))
}

impl Moment {
    /// The same with the note that it is at night, where nothing that was typed says that it is meant to be.
    pub(super) fn marked(self, typed: &Parts) -> Self {
        let note = typed.is_night().then(|| Note::Night { used: self.at.clone() });
        Self { note: self.note.or(note), ..self }
    }
}

/// The end that was typed for something that starts at `start`: a time of the same day, a length (`+45m`, `1h30m`), or
/// a moment with a date or a weekday, the first one from the start's day on. After the start in any case.
///
/// # Errors
/// A sentence with an example; `today` and `tomorrow` need [`end_seen_from`].
pub fn end(typed: &str, start: &Zoned) -> Result<Moment, String> {
    read_end(typed, start, None)
}

/// The same for a caller who knows the present: days counted from today are understood too.
///
/// # Errors
/// A sentence with an example.
pub fn end_seen_from(typed: &str, start: &Zoned, now: &Zoned) -> Result<Moment, String> {
    read_end(typed, start, Some(now))
}

fn read_end(typed: &str, start: &Zoned, now: Option<&Zoned>) -> Result<Moment, String> {
    let typed = typed.trim();
    let found = match length(typed.strip_prefix('+').unwrap_or(typed)) {
        Some(length) => plain(
            start
                .checked_add(length)
                .map_err(|_| format!("\"{typed}\" is too long: use a duration like +45m"))?,
        ),
        None => match instant(typed, start)? {
            Some(found) => found,
            None => timed_end(typed, start, now)?,
        },
    };
    if found.at > *start {
        return Ok(found);
    }
    Err(format!(
        "the end, {}, is not after the start, {}: use a later time, a duration (+45m), or add a date",
        spelled(&found.at),
        spelled(start)
    ))
}

fn timed_end(typed: &str, start: &Zoned, now: Option<&Zoned>) -> Result<Moment, String> {
    let parts = split(&words(typed))?;
    let Some(time) = parts.time else {
        return Err(format!("invalid end \"{typed}\": use 15:30, +45m, 1h30m or 2026-05-23 15:30"));
    };
    let date = match parts.day.as_slice() {
        [] => start.date(),
        // The start's own weekday is the start's own day: "fri 14:00" to "fri 15:00".
        [word] if weekday(word) == Some(start.weekday()) => start.date(),
        words if weekday(&words[0]).is_some() => day(&words.join(" "), start, Lean::Future)?,
        words => match now {
            Some(now) => day(&words.join(" "), now, Lean::Future)?,
            None => absolute(words, start)?,
        },
    };
    // Within an hour that comes twice, the end is the first one that is after the start.
    let wanted = date.to_datetime(time);
    let first = resolve(wanted, start, Which::First)?;
    if first.at > *start {
        return Ok(first);
    }
    resolve(wanted, start, Which::Second)
}

/// A date that reads the same whatever day it is.
fn absolute(words: &[String], start: &Zoned) -> Result<Date, String> {
    let text = words.join(" ");
    let found = day(&text, start, Lean::Future)?;
    let in_figures = |word: &str| word.split(['-', '/', '.']).count() == 3;
    let fixed = |word: &String| super::day::month(word).is_some() || in_figures(word);
    if !words.iter().any(fixed) {
        return Err(format!(
            "\"{text}\" counts from today, not from the start: use only the time, or a date (2026-05-23 15:30)"
        ));
    }
    Ok(found)
}

pub(super) fn plain(at: Zoned) -> Moment {
    Moment { at, note: None }
}

/// ISO 8601 with an offset.
pub(super) fn instant(typed: &str, now: &Zoned) -> Result<Option<Moment>, String> {
    let typed = typed.trim();
    if typed.contains('[') {
        return Ok(None);
    }
    let Ok(timestamp) = typed.parse::<Timestamp>() else {
        return Ok(None);
    };
    let at = timestamp.to_zoned(now.time_zone().clone());
    sane(at.date())?;
    Ok(Some(plain(at)))
}

/// `+2h`, `in 90m`.
pub(super) fn from_now(typed: &str) -> Option<SignedDuration> {
    let text = typed.trim().to_lowercase();
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("in "))?;
    length(rest)
}

/// So much later, on the whole minute.
fn later(now: &Zoned, length: SignedDuration) -> Result<Zoned, String> {
    let minute = ZonedRound::new().smallest(Unit::Minute).mode(RoundMode::Floor);
    now.checked_add(length)
        .and_then(|at| at.round(minute))
        .map_err(|_| "the time is too far away: use a time like +2h".to_owned())
}

pub(super) struct Parts {
    pub(super) day: Vec<String>,
    pub(super) time: Option<Time>,
    /// Whether the time may be of a clock of twelve hours or of twenty-four: `1:30`.
    is_bare: bool,
}

impl Parts {
    /// Whether it is a time of the night that may be meant for the afternoon.
    fn is_night(&self) -> bool {
        self.is_bare && self.time.is_some_and(|time| (1..DAWN).contains(&time.hour()))
    }
}

/// The words of the day and the time behind or before them.
pub(super) fn split(words: &[String]) -> Result<Parts, String> {
    let is_iso = words.iter().any(|word| apart(word).len() > 1);
    let words: Vec<String> = words
        .iter()
        .flat_map(|word| apart(word))
        .filter(|word| word != "at" && word != "@")
        .collect();
    for (behind, count) in [(true, 2), (true, 1), (false, 2), (false, 1)] {
        let Some(rest) = words.len().checked_sub(count) else {
            continue;
        };
        let (time, day) = if behind {
            let (day, time) = words.split_at(rest);
            (time, day)
        } else {
            words.split_at(count)
        };
        // Two words are a time only as a number and its half of the day.
        let halves = ["am", "pm", "a.m.", "p.m."];
        if count == 2 && !halves.contains(&time[1].as_str()) {
            continue;
        }
        match clock::read(time) {
            Clock::At(found) => {
                let word = time.concat();
                let is_figure = |letter: char| letter.is_ascii_digit();
                // `01:30` is of a clock of twenty-four hours.
                let is_bare = !is_iso && word.ends_with(is_figure) && !word.starts_with('0');
                let time = found;
                return Ok(Parts { day: day.to_vec(), time: Some(time), is_bare });
            }
            Clock::Wrong(why) => return Err(why),
            Clock::No => {}
        }
    }
    Ok(Parts { day: words, time: None, is_bare: false })
}

/// `2026-05-23t14:00` as two words.
fn apart(word: &str) -> Vec<String> {
    let figure = |c: char| c.is_ascii_digit();
    match word.split_once('t') {
        Some((date, time))
            if date.len() == 10 && date.starts_with(figure) && time.starts_with(figure) =>
        {
            vec![date.to_owned(), time.to_owned()]
        }
        _ => vec![word.to_owned()],
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    First,
    Second,
}

/// The instant of a time on the wall, in the zone of `now`.
pub(super) fn resolve(wanted: DateTime, now: &Zoned, which: Which) -> Result<Moment, String> {
    let none =
        |_: jiff::Error| format!("{wanted} does not exist: use a time like 2026-05-23 14:00");
    let found = now.time_zone().to_ambiguous_zoned(wanted);
    let offsets = found.offset();
    let first = found.clone().compatible().map_err(none)?;
    Ok(match offsets {
        AmbiguousOffset::Unambiguous { .. } => plain(first),
        AmbiguousOffset::Gap { .. } => {
            Moment { note: Some(Note::Gap { typed: wanted, used: first.clone() }), at: first }
        }
        AmbiguousOffset::Fold { .. } => {
            let second = found.later().map_err(none)?;
            let (used, other) = match which {
                Which::First => (first, second),
                Which::Second => (second, first),
            };
            Moment { note: Some(Note::Fold { used: used.clone(), other }), at: used }
        }
    })
}
