//! What people type and what it becomes, case by case; and what holds whatever is typed.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use proptest::prelude::*;

use super::*;

/// A Wednesday, in the afternoon.
fn now() -> Zoned {
    "2026-05-20T15:20:42-04:00[America/New_York]".parse().unwrap()
}

/// A Friday morning.
fn friday() -> Zoned {
    "2026-05-22T08:00[America/New_York]".parse().unwrap()
}

fn past(typed: &str) -> String {
    day(typed, &now(), Lean::Past).map_or_else(|why| why, |day| day.to_string())
}

fn future(typed: &str) -> String {
    day(typed, &now(), Lean::Future).map_or_else(|why| why, |day| day.to_string())
}

fn at(typed: &str) -> String {
    moment(typed, &now()).map_or_else(|why| why, |found| spelled(&found.at))
}

#[test]
fn days_that_point_one_way() {
    for (typed, meant) in [
        ("today", "2026-05-20"),
        (" Yesterday ", "2026-05-19"),
        ("TOMORROW", "2026-05-21"),
        ("this week", "2026-05-18"),
        ("last week", "2026-05-11"),
        ("next week", "2026-05-25"),
        ("this month", "2026-05-01"),
        ("last month", "2026-04-01"),
        ("next month", "2026-06-01"),
        ("this year", "2026-01-01"),
        ("2026-05-23", "2026-05-23"),
        ("2026/5/3", "2026-05-03"),
        ("23 may 2025", "2025-05-23"),
        ("May 23rd, 2025", "2025-05-23"),
        ("sat 23 may 2026", "2026-05-23"),
        ("saturday, 2026-05-23", "2026-05-23"),
        ("7d ago", "2026-05-13"),
        ("in 2 weeks", "2026-06-03"),
        ("+1d", "2026-05-21"),
        ("last fri", "2026-05-15"),
        ("this fri", "2026-05-22"),
        ("0d", "2026-05-20"),
        ("3/17/2026", "2026-03-17"),
        ("17.3.2026", "2026-03-17"),
        ("17-03-2026", "2026-03-17"),
        ("tue 3/17/2026", "2026-03-17"),
        ("4/4/2026", "2026-04-04"),
    ] {
        assert_eq!(past(typed), meant, "{typed}");
        assert_eq!(future(typed), meant, "{typed}");
    }
}

#[test]
fn days_that_lean() {
    for (typed, behind, ahead) in [
        ("fri", "2026-05-15", "2026-05-22"),
        ("Tuesday", "2026-05-19", "2026-05-26"),
        ("tues", "2026-05-19", "2026-05-26"),
        // Today has a name of its own.
        ("wed", "2026-05-13", "2026-05-27"),
        ("7d", "2026-05-13", "2026-05-27"),
        ("2w", "2026-05-06", "2026-06-03"),
        ("3m", "2026-02-20", "2026-08-20"),
        ("1 year", "2025-05-20", "2027-05-20"),
        ("23 may", "2025-05-23", "2026-05-23"),
        ("may 19", "2026-05-19", "2027-05-19"),
        ("20 may", "2026-05-20", "2026-05-20"),
        ("1st of sept", "2025-09-01", "2026-09-01"),
        ("29 feb", "2024-02-29", "2028-02-29"),
    ] {
        assert_eq!(past(typed), behind, "{typed}");
        assert_eq!(future(typed), ahead, "{typed}");
    }
    let last_of_may: Zoned = "2026-05-31T12:00[UTC]".parse().unwrap();
    let month_ago = day("3m", &last_of_may, Lean::Past).unwrap();
    assert_eq!(month_ago, date(2026, 2, 28));
}

#[test]
fn refusals_say_what_is_understood() {
    for (typed, says) in [
        ("5/23", "ambiguous day"),
        ("23.05", "ambiguous day"),
        ("05-23-26", "ambiguous day"),
        (
            "5/6/2026",
            "ambiguous day \"5/6/2026\": the account does not say whether the month comes first",
        ),
        ("13/13/2026", "invalid day 13/13/2026"),
        ("2/30/2026", "invalid day 2/30/2026"),
        ("0/4/2026", "invalid day 0/4/2026"),
        ("tommorow", "did you mean tomorrow?"),
        ("next fri", "could be Fri 2026-05-22 or Fri 2026-05-29"),
        ("fri 23 may 2026", "Sat 2026-05-23 is a different weekday"),
        ("2026-02-30", "invalid day 2026-02-30"),
        ("31 june", "month 6 has no day 31"),
        ("29 feb 2026", "month 2 of 2026 has no day 29"),
        ("0226-05-23", "invalid year 226"),
        ("", "missing day"),
        ("14:00", "2026-05-23"),
        ("9999y", "use "),
        ("999y", "invalid year"),
        ("7", "invalid day"),
        ("-7d", "invalid day"),
    ] {
        for answer in [past(typed), future(typed)] {
            assert!(answer.contains(says), "{typed}: {answer}");
        }
    }
}

#[test]
fn moments() {
    for (typed, meant) in [
        ("2026-05-23 14:00", "Sat 2026-05-23 14:00 EDT"),
        ("2026-05-23T14:00", "Sat 2026-05-23 14:00 EDT"),
        ("2026-05-23T14:00:00-04:00", "Sat 2026-05-23 14:00 EDT"),
        ("2026-05-23T18:00Z", "Sat 2026-05-23 14:00 EDT"),
        ("2026-12-23 18:00+01:00", "Wed 2026-12-23 12:00 EST"),
        ("tomorrow 2pm", "Thu 2026-05-21 14:00 EDT"),
        ("tomorrow at 2 PM", "Thu 2026-05-21 14:00 EDT"),
        ("2pm tomorrow", "Thu 2026-05-21 14:00 EDT"),
        ("fri 9:30", "Fri 2026-05-22 09:30 EDT"),
        ("23 may noon", "Sat 2026-05-23 12:00 EDT"),
        ("may 23 12am", "Sat 2026-05-23 00:00 EDT"),
        ("sat, may 23, 9:05 a.m.", "Sat 2026-05-23 09:05 EDT"),
        ("in 3 days 14:00", "Sat 2026-05-23 14:00 EDT"),
        ("3:21pm", "Wed 2026-05-20 15:21 EDT"),
        ("+2h", "Wed 2026-05-20 17:20 EDT"),
        ("in 90m", "Wed 2026-05-20 16:50 EDT"),
        ("in 1 hour 5 min", "Wed 2026-05-20 16:25 EDT"),
        ("now", "Wed 2026-05-20 15:20 EDT"),
        ("5/23/2026 2pm", "Sat 2026-05-23 14:00 EDT"),
        ("in 45 minutes", "Wed 2026-05-20 16:05 EDT"),
    ] {
        assert_eq!(at(typed), meant, "{typed}");
    }
    let start = moment("+2h", &now()).unwrap();
    assert_eq!((start.at.second(), start.note), (0, None));
}

#[test]
fn new_times_keep_what_is_not_said() {
    let old: Zoned = "2026-05-22T09:30[America/New_York]".parse().unwrap();
    let found = |typed: &str, day: Option<Date>, time: Option<jiff::civil::Time>| {
        new_time(typed, &now())
            .and_then(|new| new.seen_from(day, time, &now()))
            .map_or_else(|why| why, |found| spelled(&found.at))
    };
    let (day, time) = (Some(old.date()), Some(old.time()));
    for (typed, meant) in [
        ("3pm", "Fri 2026-05-22 15:00 EDT"),
        ("14:00", "Fri 2026-05-22 14:00 EDT"),
        ("at noon", "Fri 2026-05-22 12:00 EDT"),
        ("tomorrow", "Thu 2026-05-21 09:30 EDT"),
        ("next week", "Mon 2026-05-25 09:30 EDT"),
        ("sat", "Sat 2026-05-23 09:30 EDT"),
        ("2d", "Fri 2026-05-22 09:30 EDT"),
        ("5/23/2026", "Sat 2026-05-23 09:30 EDT"),
        ("tomorrow 3pm", "Thu 2026-05-21 15:00 EDT"),
        ("2026-05-23T18:00Z", "Sat 2026-05-23 14:00 EDT"),
        ("+2h", "Wed 2026-05-20 17:20 EDT"),
        ("now", "Wed 2026-05-20 15:20 EDT"),
    ] {
        assert_eq!(found(typed, day, time), meant, "{typed}");
    }
    for (typed, says) in [
        ("", "tomorrow 2pm"),
        ("someday", "invalid time"),
        ("25:00", "invalid time"),
        ("tomorow", "invalid time"),
        ("5/6/2026", "ambiguous day"),
    ] {
        let answer = found(typed, day, time);
        assert!(answer.contains(says), "{typed}: {answer}");
    }
    // What has no day keeps none, and what has no time neither.
    assert_eq!(found("4pm", None, None), "Wed 2026-05-20 16:00 EDT");
    assert!(found("tomorrow", day, None).contains("\"tomorrow\" has no time"));
}

#[test]
fn no_moments() {
    for (typed, says) in [
        ("2pm", "14:00 has already passed today: use \"tomorrow 2pm\""),
        ("tomorrow", "\"tomorrow\" has no time: use \"tomorrow 14:00\""),
        ("2026-05-23", "has no time"),
        ("in 2d", "has no time"),
        ("13pm", "invalid time"),
        ("tomorrow 25:00", "invalid time"),
        ("tomorrow 24:00", "00:00 with the next day"),
        ("fri midnight", "00:00 with the day that it starts"),
        ("5/23 14:00", "ambiguous day"),
        ("tomorrow 14", "tomorrow 2pm"),
        ("tomorow 2pm", "did you mean tomorrow?"),
        ("monday 9", "\"monday 9\" has no minutes: use \"monday 9:00\" or \"monday 9pm\""),
        ("2026-05-23 15", "\"2026-05-23 15\" has no minutes: use \"2026-05-23 15:00\""),
        ("monday xyz", "invalid day \"monday xyz\": use"),
        ("", "tomorrow 2pm"),
        ("later", "tomorrow 2pm"),
        ("9026-05-23T14:00Z", "invalid year 9026"),
    ] {
        let answer = at(typed);
        assert!(answer.contains(says), "{typed}: {answer}");
    }
    assert_eq!(at("monday 12"), "\"monday 12\" has no minutes: use \"monday 12:00\"");
}

#[test]
fn moments_that_lie_behind() {
    let then =
        |typed: &str| past_moment(typed, &now()).map_or_else(|why| why, |found| spelled(&found.at));
    for (typed, meant) in [
        ("9:30", "Wed 2026-05-20 09:30 EDT"),
        ("today 3:20pm", "Wed 2026-05-20 15:20 EDT"),
        ("yesterday 14:00", "Tue 2026-05-19 14:00 EDT"),
        ("fri 9:30", "Fri 2026-05-15 09:30 EDT"),
        ("23 may 9:30", "Fri 2025-05-23 09:30 EDT"),
        ("2026-05-19T14:00:00Z", "Tue 2026-05-19 10:00 EDT"),
        ("2h ago", "Wed 2026-05-20 13:20 EDT"),
        ("1h30m ago", "Wed 2026-05-20 13:50 EDT"),
        ("now", "Wed 2026-05-20 15:20 EDT"),
    ] {
        assert_eq!(then(typed), meant, "{typed}");
    }
    for (typed, says) in [
        ("16:00", "Wed 2026-05-20 16:00 EDT is in the future"),
        ("2026-05-23 14:00", "is in the future"),
        ("wed 9:30", "today is also a Wednesday"),
        ("yesterday", "use \"yesterday 14:00\""),
        ("soon", "invalid time"),
        ("25:00", "invalid time"),
        ("", "invalid time"),
    ] {
        let answer = then(typed);
        assert!(answer.contains(says), "{typed}: {answer}");
    }
    // The hour that came twice: the later one, once it has been.
    let after: Zoned = "2026-11-01T12:00[America/New_York]".parse().unwrap();
    let found = past_moment("1:30", &after).unwrap();
    assert_eq!(found.at.strftime("%H:%M %Z").to_string(), "01:30 EST");
    assert!(matches!(found.note, Some(Note::Fold { .. })));
}

#[test]
fn todays_own_weekday_is_next_weeks_and_says_so() {
    let found = moment("fri 9:30", &friday()).unwrap();
    assert_eq!(spelled(&found.at), "Fri 2026-05-29 09:30 EDT");
    assert_eq!(
        found.note.unwrap().to_string(),
        "today is also a Friday; using next week's, Fri 2026-05-29 09:30 EDT"
    );
    assert_eq!(moment("sat 9:30", &friday()).unwrap().note, None);
}

#[test]
fn clocks_put_forward_and_back() {
    let found = moment("2027-03-14 2:30", &now()).unwrap();
    assert_eq!(spelled(&found.at), "Sun 2027-03-14 03:30 EDT");
    assert_eq!(
        found.note.unwrap().to_string(),
        "02:30 does not exist on Sun 2027-03-14 because clocks go forward; using Sun 2027-03-14 03:30 EDT"
    );
    let found = moment("1 nov 1:30", &now()).unwrap();
    assert_eq!(spelled(&found.at), "Sun 2026-11-01 01:30 EDT");
    assert_eq!(
        found.note.unwrap().to_string(),
        "01:30 occurs twice on Sun 2026-11-01 because clocks go back; using UTC-04:00; for the other one, use \
         2026-11-01T01:30-05:00"
    );
    let second = moment("2026-11-01T01:30-05:00", &now()).unwrap();
    assert_eq!(second.at.duration_since(&found.at).as_mins(), 60);
    // From the second 01:30 on, 01:45 can only be the second one.
    let ended = end("1:45", &second.at).unwrap();
    assert_eq!(ended.at.duration_since(&second.at).as_mins(), 15);
}

#[test]
fn ends() {
    let start: Zoned = "2026-05-23T14:00[America/New_York]".parse().unwrap();
    let ended = |typed: &str| end(typed, &start).map_or_else(|why| why, |end| spelled(&end.at));
    for (typed, meant) in [
        ("15:30", "Sat 2026-05-23 15:30 EDT"),
        ("3pm", "Sat 2026-05-23 15:00 EDT"),
        ("+45m", "Sat 2026-05-23 14:45 EDT"),
        ("1h30m", "Sat 2026-05-23 15:30 EDT"),
        ("1.5 hours", "Sat 2026-05-23 15:30 EDT"),
        ("1 hour 15 min", "Sat 2026-05-23 15:15 EDT"),
        ("5/24/2026 9:00", "Sun 2026-05-24 09:00 EDT"),
        ("2026-05-24 9:00", "Sun 2026-05-24 09:00 EDT"),
        ("sat 15:00", "Sat 2026-05-23 15:00 EDT"),
        ("sun 15:00", "Sun 2026-05-24 15:00 EDT"),
        ("24 may 15:00", "Sun 2026-05-24 15:00 EDT"),
        ("2026-05-23T20:00Z", "Sat 2026-05-23 16:00 EDT"),
    ] {
        assert_eq!(ended(typed), meant, "{typed}");
    }
    for (typed, says) in [
        ("14:00", "is not after the start, Sat 2026-05-23 14:00 EDT"),
        ("2026-05-22 15:00", "is not after the start"),
        ("tomorrow 15:00", "counts from today, not from the start"),
        ("2 days 15:00", "counts from today, not from the start"),
        ("45", "invalid end"),
        ("0m", "invalid end"),
        ("", "invalid end"),
        ("-45m", "invalid end"),
    ] {
        assert!(ended(typed).contains(says), "{typed}: {}", ended(typed));
    }
    let seen = end_seen_from("sat 15:00", &start, &now()).unwrap();
    assert_eq!(spelled(&seen.at), "Sat 2026-05-23 15:00 EDT");
    let seen = end_seen_from("in 3 days 15:00", &start, &now()).unwrap();
    assert_eq!(spelled(&seen.at), "Sat 2026-05-23 15:00 EDT");
}

#[test]
fn windows() {
    let read = |typed: &str| match window(typed, &now()) {
        Ok((first, last)) => format!("{first} {last}"),
        Err(why) => why,
    };
    for (typed, meant) in [
        ("today", "2026-05-20 2026-05-20"),
        ("fri", "2026-05-22 2026-05-22"),
        ("this week", "2026-05-18 2026-05-24"),
        ("next week", "2026-05-25 2026-05-31"),
        ("last month", "2026-04-01 2026-04-30"),
        ("this year", "2026-01-01 2026-12-31"),
        ("next 7d", "2026-05-20 2026-05-27"),
        ("next 2 weeks", "2026-05-20 2026-06-03"),
        ("7d", "2026-05-20 2026-05-27"),
        ("last 7d", "2026-05-13 2026-05-20"),
        ("in 7d", "2026-05-27 2026-05-27"),
        ("2026-05-23..2026-05-30", "2026-05-23 2026-05-30"),
        ("today .. fri", "2026-05-20 2026-05-22"),
    ] {
        assert_eq!(read(typed), meant, "{typed}");
    }
    for (typed, says) in [
        ("2026-05-30..2026-05-23", "is after"),
        ("2026-05-30..", "has no end"),
        ("5/23..5/24", "ambiguous day"),
        ("whenever", "invalid day"),
    ] {
        assert!(read(typed).contains(says), "{typed}: {}", read(typed));
    }
}

/// Presents in zones of both hemispheres, clocks and half hours.
fn presents() -> impl Strategy<Value = Zoned> {
    let zones = ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
    (0..zones.len(), 1_577_836_800_i64..2_208_988_800).prop_map(move |(zone, second)| {
        let zone = TimeZone::get(zones[zone]).unwrap();
        jiff::Timestamp::from_second(second).unwrap().to_zoned(zone)
    })
}

/// Texts made of the words that mean something, and of figures.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "today", "tomorrow", "fri", "last", "next", "this", "week", "month", "may", "feb",
            "in", "ago", "at", "am", "pm", "noon", "..", "d", "w", "m", "h", "+", "-", "/", ":",
            ".", ",", "T", "Z", "[", "]",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,10}",
        "\\PC{0,3}",
    ];
    (prop::collection::vec(word, 0..8), prop::sample::select(vec!["", " "]))
        .prop_map(|(words, between)| words.join(between))
}

proptest! {
    #[test]
    fn nothing_panics_and_every_no_is_a_sentence(typed in prop_oneof![texts(), "\\PC*"], now in presents()) {
        for lean in [Lean::Past, Lean::Future] {
            if let Err(why) = day(&typed, &now, lean) {
                prop_assert!(why.len() > 10, "{why}");
            }
        }
        if let Ok(found) = moment(&typed, &now) {
            prop_assert_eq!(found.at.time_zone(), now.time_zone());
            if let Some(note) = found.note {
                prop_assert!(note.to_string().len() > 10);
            }
        }
        if let Ok(ended) = end(&typed, &now) {
            prop_assert!(ended.at > now);
        }
        if let Ok((first, last)) = window(&typed, &now) {
            prop_assert!(first <= last);
        }
    }

    #[test]
    fn dates_mean_themselves(days in 0_i32..50_000, now in presents()) {
        let meant = date(1990, 1, 1).checked_add(days.days()).unwrap();
        for typed in [meant.to_string(), meant.strftime("%-d %b %Y").to_string(), meant.strftime("%A, %B %d, %Y").to_string()] {
            for lean in [Lean::Past, Lean::Future] {
                prop_assert_eq!(day(&typed, &now, lean), Ok(meant));
            }
        }
    }

    #[test]
    fn a_weekday_is_at_most_a_week_away_and_never_today(index in 0_i8..7, now in presents()) {
        let weekday = jiff::civil::Weekday::from_monday_zero_offset(index).unwrap();
        let typed = format!("{weekday:?}");
        let before = day(&typed, &now, Lean::Past).unwrap();
        let after = day(&typed, &now, Lean::Future).unwrap();
        for found in [before, after] {
            prop_assert_eq!(found.weekday(), weekday);
        }
        let apart = |a: Date, b: Date| a.until(b).unwrap().get_days();
        prop_assert!((1..=7).contains(&apart(before, now.date())));
        prop_assert!((1..=7).contains(&apart(now.date(), after)));
    }

    #[test]
    fn a_day_without_a_year_is_the_nearest(day_of_year in 1_i16..=365, now in presents()) {
        let some = Date::new(2025, 1, 1).unwrap().checked_add(i64::from(day_of_year - 1).days()).unwrap();
        let typed = some.strftime("%d %B").to_string();
        let before = day(&typed, &now, Lean::Past).unwrap();
        let after = day(&typed, &now, Lean::Future).unwrap();
        prop_assert!(before <= now.date() && now.date() <= after);
        prop_assert!(before == after || before.year() + 1 == after.year());
    }

    #[test]
    fn a_typed_wall_time_is_kept_unless_a_note_says_so(minutes in 0_i64..5_256_000, now in presents()) {
        let wanted: DateTime = date(2026, 1, 1).to_datetime(jiff::civil::Time::midnight()).checked_add(minutes.minutes()).unwrap();
        let found = moment(&wanted.strftime("%Y-%m-%d %H:%M").to_string(), &now).unwrap();
        match found.note {
            Some(Note::Gap { typed, used }) => {
                prop_assert_eq!(typed, wanted);
                prop_assert!(used.datetime() > wanted);
                prop_assert_eq!(used, found.at);
            }
            Some(Note::Fold { used, other }) => {
                prop_assert_eq!(used.datetime(), wanted);
                prop_assert_eq!(other.datetime(), wanted);
                prop_assert!(used < other);
                prop_assert_eq!(used, found.at);
            }
            note => {
                prop_assert!(note.is_none());
                prop_assert_eq!(found.at.datetime(), wanted);
            }
        }
    }

    #[test]
    fn an_end_given_as_a_length_is_that_long(hours in 0_i64..48, minutes in 1_i64..60, start in presents()) {
        let ended = end(&format!("{hours}h{minutes}m"), &start).unwrap();
        prop_assert_eq!(ended.at.duration_since(&start).as_mins(), hours * 60 + minutes);
        let plus = end(&format!("+{}m", hours * 60 + minutes), &start).unwrap();
        prop_assert_eq!(plus.at, ended.at);
    }
}
