//! Instants as people read them: weekday, date and time in the reader's zone, and how long ago that was.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub use crate::dates::in_words as length;

/// `Thu 2026-11-19 14:05`.
#[must_use]
pub fn at(instant: Timestamp, zone: &TimeZone) -> String {
    minute(&instant.to_zoned(zone.clone()))
}

/// `2026-11-19T14:05:00+01:00`: with the offset, for scripts.
#[must_use]
pub fn for_scripts(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `14:05` today, else `Thu 2026-11-19 14:05`.
#[must_use]
pub fn clock(instant: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (zoned, today) = (instant.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    match zoned.date() == today.date() {
        true => zoned.strftime("%H:%M").to_string(),
        false => minute(&zoned),
    }
}

/// `Thu 2026-11-19 14:05 CET`: with the zone's name, for where a page names it once.
#[must_use]
pub fn at_in_zone(instant: Timestamp, zone: &TimeZone) -> String {
    format!("{} {}", at(instant, zone), abbreviation(zone, instant))
}

/// `CET`: what the zone is called in short at `at`.
#[must_use]
pub fn abbreviation(zone: &TimeZone, at: Timestamp) -> String {
    at.to_zoned(zone.clone()).strftime("%Z").to_string()
}

/// `Europe/Oslo`, or what the zone is called at `at` where it has no such name: for the head of a column of times.
#[must_use]
pub fn zone_name(zone: &TimeZone, at: Timestamp) -> String {
    match zone.iana_name() {
        Some(name) => name.to_owned(),
        None => abbreviation(zone, at),
    }
}

/// `Thu 2026-11-19`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%a %Y-%m-%d").to_string()
}

/// `Thu 2026-11-19 14:05-15:00`, or both whole when they are not the same day.
#[must_use]
pub fn range(start: Timestamp, end: Option<Timestamp>, zone: &TimeZone) -> String {
    let first = start.to_zoned(zone.clone());
    match end.map(|end| end.to_zoned(zone.clone())) {
        None => minute(&first),
        Some(last) if last.date() == first.date() => {
            format!("{}-{}", minute(&first), last.strftime("%H:%M"))
        }
        Some(last) => format!("{} - {}", minute(&first), minute(&last)),
    }
}

/// `just now`, `5 min ago`, `2 h ago`, `3 days ago`, `in 2 h`: whole units, rounded down.
#[must_use]
pub fn age(instant: Timestamp, now: Timestamp) -> String {
    since(instant, now, [" day", " days", " months", " years"])
}

/// `just now`, `5 min ago`, `3 d ago`, `5 mo ago`: the same for a column of a table.
#[must_use]
pub fn short_age(instant: Timestamp, now: Timestamp) -> String {
    since(instant, now, [" d", " d", " mo", " y"])
}

fn since(instant: Timestamp, now: Timestamp, [day, several, months, years]: [&str; 4]) -> String {
    let seconds = now.as_second().saturating_sub(instant.as_second());
    let future = seconds < 0;
    let minutes = seconds.unsigned_abs() / 60;
    let (hours, days) = (minutes / 60, minutes / (60 * 24));
    let text = match days {
        0 if minutes == 0 => return "just now".to_owned(),
        0 if hours == 0 => format!("{minutes} min"),
        0 => format!("{hours} h"),
        1 => format!("1{day}"),
        2..=59 => format!("{days}{several}"),
        60..=729 => format!("{}{months}", days / 30),
        _ => format!("{}{years}", days / 365),
    };
    if future { format!("in {text}") } else { format!("{text} ago") }
}

/// `today`, `tomorrow`, `in 3 days`, `2 days ago`: a day as it is seen from another.
#[must_use]
pub fn day_from(day: Date, today: Date) -> String {
    let days = today.until(day).map_or(0, |span| span.get_days());
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2..=59 => format!("in {days} days"),
        -59..=-2 => format!("{} days ago", -days),
        60.. => format!("in {} months", days / 30),
        _ => format!("{} months ago", days / -30),
    }
}

/// `1:30`, `0:45`: a length of time in whole minutes as a clock has it.
#[must_use]
pub fn clock_length(minutes: u64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// `0:00:12`: the same to the second.
#[must_use]
pub fn clock_seconds(seconds: u64) -> String {
    format!("{}:{:02}", clock_length(seconds / 60), seconds % 60)
}

fn minute(zoned: &Zoned) -> String {
    zoned.strftime("%a %Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_seen_from_today() {
        let today: Date = "2026-03-17".parse().unwrap();
        for (day, seen) in [
            ("2026-03-17", "today"),
            ("2026-03-18", "tomorrow"),
            ("2026-03-16", "yesterday"),
            ("2026-03-20", "in 3 days"),
            ("2026-02-20", "25 days ago"),
            ("2026-07-20", "in 4 months"),
            ("2024-03-17", "24 months ago"),
        ] {
            assert_eq!(day_from(day.parse().unwrap(), today), seen, "{day}");
        }
    }

    #[test]
    fn dates_carry_weekday_and_zone() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let summer = instant("2026-07-01T22:30:00Z");
        assert_eq!(at(summer, &oslo), "Thu 2026-07-02 00:30");
        let thursday = instant("2026-11-19T08:05:00-05:00");
        assert_eq!(at(thursday, &oslo), "Thu 2026-11-19 14:05");
        assert_eq!(at_in_zone(thursday, &oslo), "Thu 2026-11-19 14:05 CET");
        assert_eq!(for_scripts(thursday, &oslo), "2026-11-19T14:05:00+01:00");
        assert_eq!(day(Date::constant(2026, 11, 19)), "Thu 2026-11-19");
        assert_eq!(zone_name(&oslo, thursday), "Europe/Oslo");
        let fixed = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(zone_name(&fixed, thursday), "-05");
    }

    #[test]
    fn ranges_name_the_day_once() {
        let zone = TimeZone::UTC;
        let start = instant("2026-11-19T14:00:00Z");
        assert_eq!(range(start, None, &zone), "Thu 2026-11-19 14:00");
        let end = |text| Some(instant(text));
        assert_eq!(range(start, end("2026-11-19T15:30:00Z"), &zone), "Thu 2026-11-19 14:00-15:30");
        assert_eq!(
            range(start, end("2026-11-20T09:00:00Z"), &zone),
            "Thu 2026-11-19 14:00 - Fri 2026-11-20 09:00"
        );
    }

    #[test]
    fn ages() {
        let now = instant("2026-11-19T14:00:00Z");
        for (then, text) in [
            ("2026-11-19T13:59:30Z", "just now"),
            ("2026-11-19T14:00:20Z", "just now"),
            ("2026-11-19T13:55:00Z", "5 min ago"),
            ("2026-11-19T12:00:00Z", "2 h ago"),
            ("2026-11-18T13:00:00Z", "1 day ago"),
            ("2026-11-16T13:00:00Z", "3 days ago"),
            ("2026-06-19T13:00:00Z", "5 months ago"),
            ("2023-06-19T13:00:00Z", "3 years ago"),
            ("2026-11-19T16:10:00Z", "in 2 h"),
        ] {
            assert_eq!(age(instant(then), now), text);
            let short = text.replace(" days", " d").replace(" day", " d");
            let short = short.replace(" months", " mo").replace(" years", " y");
            assert_eq!(short_age(instant(then), now), short);
        }
        assert_eq!([length(45), length(60), length(90)], ["45 min", "1 h", "1 h 30 min"]);
        assert_eq!(
            [clock_length(5), clock_length(60), clock_length(690)],
            ["0:05", "1:00", "11:30"]
        );
    }
}
