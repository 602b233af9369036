//! `--since` and `--until` of a list: days as they were typed, first and last one included.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::dates::{self, Lean};
use crate::error::{Error, Result};

/// The flags of a list whose records have a date.
#[derive(Debug, Clone, clap::Args)]
pub struct DayFlags {
    /// Only those dated on or after this day: 2026-03-01, monday, 30d
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only those dated on or before this day
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
}

impl DayFlags {
    /// The days that were typed.
    ///
    /// # Errors
    /// As for [`Days::typed`].
    pub fn days(&self, now: &Zoned) -> Result<Days> {
        Days::typed(self.since.as_deref(), self.until.as_deref(), now)
    }
}

/// Days, first and last one included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    first: Option<(Date, Timestamp)>,
    /// The last day, and the instant at which it is over.
    last: Option<(Date, Timestamp)>,
}

impl Days {
    /// The days that were typed after the two flags.
    ///
    /// # Errors
    /// Exit 2 for what is no day, and when the first comes after the last.
    pub fn typed(since: Option<&str>, until: Option<&str>, now: &Zoned) -> Result<Self> {
        let day = |flag: &str, typed: Option<&str>| -> Result<Option<Date>> {
            let day = typed.map(|typed| dates::day(typed, now, Lean::Past));
            day.transpose().map_err(|why| Error::usage(format!("{flag}: {why}")))
        };
        Self::new(day("--since", since)?, day("--until", until)?, now.time_zone())
    }

    /// The same, from so many days before the last one, or before today, where no first day was typed.
    ///
    /// # Errors
    /// As for [`Days::typed`].
    pub fn recent(
        since: Option<&str>,
        until: Option<&str>,
        days: i64,
        now: &Zoned,
    ) -> Result<Self> {
        let typed = Self::typed(since, until, now)?;
        if typed.first.is_some() {
            return Ok(typed);
        }
        let last = typed.last().unwrap_or_else(|| now.date());
        Self::new(Some(last.saturating_sub(days.days())), typed.last(), now.time_zone())
    }

    /// The same of what has happened.
    ///
    /// # Errors
    /// Exit 2 where the first of them is in the future.
    pub fn begun(self, now: &Zoned) -> Result<Self> {
        match self.first().filter(|first| *first > now.date()) {
            Some(first) => Err(Error::usage(format!(
                "{first} is in the future: use an earlier day for --since or --until"
            ))),
            None => Ok(self),
        }
    }

    /// The days from `since` to `until`, as `zone` has them.
    ///
    /// # Errors
    /// Exit 2 when the first comes after the last.
    pub fn new(since: Option<Date>, until: Option<Date>, zone: &TimeZone) -> Result<Self> {
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Error::usage(format!("--since {since} is after --until {until}")));
        }
        let begins = |day: Date| {
            day.to_zoned(zone.clone())
                .map(|zoned| zoned.timestamp())
                .map_err(|error| Error::usage(format!("{day}: {error}")))
        };
        let ends = |day: Date| begins(day.saturating_add(1.day()));
        Ok(Self {
            first: since.map(|day| begins(day).map(|at| (day, at))).transpose()?,
            last: until.map(|day| ends(day).map(|at| (day, at))).transpose()?,
        })
    }

    /// The first day, where there is one.
    #[must_use]
    pub fn first(&self) -> Option<Date> {
        self.first.map(|(day, _)| day)
    }

    /// The last day, where there is one.
    #[must_use]
    pub fn last(&self) -> Option<Date> {
        self.last.map(|(day, _)| day)
    }

    /// Whether there is no limit.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }

    /// Whether an instant is in them; none is not.
    #[must_use]
    pub fn hold(&self, instant: Option<Timestamp>) -> bool {
        instant.is_some_and(|instant| {
            self.first.is_none_or(|(_, first)| instant >= first)
                && self.last.is_none_or(|(_, end)| instant < end)
        })
    }

    /// Whether the last one was over at an instant.
    #[must_use]
    pub fn were_over(&self, instant: Timestamp) -> bool {
        self.last.is_some_and(|(_, end)| instant >= end)
    }

    /// Whether a day is one of them; none is not.
    #[must_use]
    pub fn have(&self, day: Option<Date>) -> bool {
        day.is_some_and(|day| {
            self.first.is_none_or(|(first, _)| day >= first)
                && self.last.is_none_or(|(last, _)| day <= last)
        })
    }

    /// The day to ask the server for. It does not say in which zone it reads a day, nor whether that day is in or out:
    /// two days earlier is early enough in any case.
    #[must_use]
    pub fn asked(&self) -> Option<Date> {
        self.first.map(|(day, _)| day.saturating_sub(2.days()))
    }
}
