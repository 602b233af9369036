//! A new time for what has one: a time alone keeps the day, a day alone keeps the time.

use jiff::Zoned;
use jiff::civil::{Date, Time};

use super::day::day;
use super::moment::{DAWN, Moment, Which, from_now, instant, moment, resolve, split};
use super::order::needs_order;
use super::typed::{Lean, words};

/// What was typed for the new time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewTime {
    /// Both.
    At(Moment),
    /// A time; the day stays.
    Time(Time, String),
    /// A day; the time stays.
    Day(Date, String),
}

/// The new time that was typed: a moment as [`moment`] reads it, a time, or a day that leans ahead.
///
/// # Errors
/// A sentence with an example.
pub fn new_time(typed: &str, now: &Zoned) -> Result<NewTime, String> {
    let words = words(typed);
    let is_whole = words == ["now"] || from_now(typed).is_some() || instant(typed, now)?.is_some();
    if !is_whole {
        let parts = split(&words)?;
        match parts.time {
            Some(time) if parts.day.is_empty() => return Ok(NewTime::Time(time, typed.to_owned())),
            None => match day(typed, now, Lean::Future) {
                Ok(day) => return Ok(NewTime::Day(day, typed.to_owned())),
                // A date in figures says more of what is wrong with it than a moment would.
                Err(why) if needs_order(typed) => return Err(why),
                Err(_) => {}
            },
            Some(_) => {}
        }
    }
    moment(typed, now).map(NewTime::At)
}

impl NewTime {
    /// The moment, for what is on that day and at that time until now, where it has them.
    ///
    /// # Errors
    /// A sentence with an example, where what should stay is not there.
    pub fn seen_from(
        &self,
        old_day: Option<Date>,
        old_time: Option<Time>,
        now: &Zoned,
    ) -> Result<Moment, String> {
        match (self, old_day, old_time) {
            (Self::At(at), ..) => Ok(at.clone()),
            (Self::Time(time, typed), Some(day), old) => {
                let found = resolve(day.to_datetime(*time), now, Which::First)?;
                // What is at night already is meant to be.
                match old.is_some_and(|old| old.hour() < DAWN) {
                    true => Ok(found),
                    false => Ok(found.marked(&split(&words(typed))?)),
                }
            }
            (Self::Day(day, _), _, Some(time)) => resolve(day.to_datetime(time), now, Which::First),
            (Self::Time(_, typed) | Self::Day(_, typed), ..) => moment(typed, now),
        }
    }
}
