//! When an account works: the hours of each day of the week, by the clock of its own zone. Of holidays nothing is known.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::clock::{self, Clock};

/// Weekdays by the letters that tell them apart.
const DAYS: [(&str, Weekday); 7] = [
    ("sunday", Weekday::Sunday),
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
];

/// A day as the account states it: its name, from when until when, and whether nobody works then, where that is clear.
pub type StatedDay<'s> = (&'s str, &'s str, &'s str, Option<bool>);

/// The hours of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessHours {
    zone: TimeZone,
    /// What is known of each day; a day may have several spans.
    days: Vec<(Weekday, Option<Span>)>,
}

/// A part of a day in which somebody works; none where nobody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Closed,
    /// Up to another time of the same day.
    Within(Time, Time),
    /// Past midnight, up to a time of the next day.
    Over(Time, Time),
    /// To the end of the day.
    From(Time),
}

impl BusinessHours {
    /// The hours that an account states; none where no day is told of on which somebody works.
    #[must_use]
    pub fn new<'s>(zone: TimeZone, stated: impl Iterator<Item = StatedDay<'s>>) -> Option<Self> {
        let days: Vec<_> = stated.filter_map(|day| Some((weekday(day.0)?, span(day)))).collect();
        let works = days.iter().any(|(_, span)| span.is_some_and(|span| span != Span::Closed));
        works.then_some(Self { zone, days })
    }

    /// The zone by whose clock they are meant.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether everything that was stated of them is understood.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.days.iter().all(|(_, span)| span.is_some())
    }

    /// Whether that is so, and every day of the week was told of.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is_told = |day: Weekday| self.days.iter().any(|(one, _)| *one == day);
        self.is_clear() && DAYS.iter().all(|(_, day)| is_told(*day))
    }

    /// Whether somebody works on that day of the week; nothing where that is not known.
    #[must_use]
    pub fn works(&self, day: Weekday) -> Option<bool> {
        let of = self.days.iter().filter(|(one, _)| *one == day).map(|(_, span)| *span);
        let spans: Vec<Span> = of.collect::<Option<_>>()?;
        (!spans.is_empty()).then(|| spans.iter().any(|span| *span != Span::Closed))
    }

    /// Whether nobody works at that moment. What cannot be understood of the hours is not judged by.
    #[must_use]
    pub fn is_outside(&self, at: Timestamp) -> bool {
        let at = at.to_zoned(self.zone.clone());
        let (today, yesterday) = (at.weekday(), at.weekday().previous());
        let now = at.time();
        let is_in = |span: Span, is_today: bool| match (span, is_today) {
            (Span::Within(from, to), true) => from <= now && now < to,
            (Span::Over(from, _) | Span::From(from), true) => from <= now,
            (Span::Over(_, to), false) => now < to,
            _ => false,
        };
        let of = |day: Weekday| self.days.iter().filter(move |(one, _)| *one == day);
        let is_clear =
            |day: Weekday| of(day).next().is_some() && of(day).all(|(_, span)| span.is_some());
        let begins = of(today).filter_map(|(_, span)| span.and_then(Span::begins)).min();
        // The day before may reach into this one until that begins.
        let is_past_yesterday = begins.is_some_and(|begins| now >= begins);
        let is_known = is_clear(today) && (is_past_yesterday || is_clear(yesterday));
        let mut spans = of(today).map(|(_, span)| (span, true));
        let mut before = of(yesterday).map(|(_, span)| (span, false));
        let works = |(span, is_today): (&Option<Span>, bool)| {
            span.is_some_and(|span| is_in(span, is_today))
        };
        is_known && !spans.any(works) && !before.any(works)
    }

    /// The seconds between two moments in which somebody works; nothing where that is not known of a day of the week.
    #[must_use]
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> Option<u64> {
        if !self.is_whole() {
            return None;
        }
        let last = to.to_zoned(self.zone.clone()).date();
        // What began the day before may reach into the first one.
        let mut day = from.to_zoned(self.zone.clone()).date().yesterday().ok()?;
        let (mut seconds, mut counted) = (0_u64, from);
        while day <= last {
            let spans = self.days.iter().filter(|(weekday, _)| *weekday == day.weekday());
            let mut spans: Vec<_> =
                spans.filter_map(|(_, span)| span.and_then(|span| self.on(span, day))).collect();
            spans.sort_unstable();
            for (begins, ends) in spans {
                let (begins, ends) = (begins.max(counted), ends.min(to));
                if begins < ends {
                    let more = ends.as_second().saturating_sub(begins.as_second());
                    seconds = seconds.saturating_add(more.unsigned_abs());
                    counted = ends;
                }
            }
            day = day.tomorrow().ok()?;
        }
        Some(seconds)
    }

    /// From when until when a span of a day is.
    fn on(&self, span: Span, day: Date) -> Option<(Timestamp, Timestamp)> {
        let at = |day: Date, time: Time| {
            let at = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
            Some(at.timestamp())
        };
        let next = || day.tomorrow().ok();
        match span {
            Span::Closed => None,
            Span::Within(from, to) => Some((at(day, from)?, at(day, to)?)),
            Span::Over(from, to) => Some((at(day, from)?, at(next()?, to)?)),
            Span::From(from) => Some((at(day, from)?, at(next()?, Time::midnight())?)),
        }
    }

    /// `outside business hours (Sat 20:10)`, where that moment is; with the zone where `shown`, in which times are shown, has
    /// another time then.
    #[must_use]
    pub fn outside(&self, at: Timestamp, shown: &TimeZone) -> Option<String> {
        if !self.is_outside(at) {
            return None;
        }
        let here: Zoned = at.to_zoned(self.zone.clone());
        let is_same = here.datetime() == at.to_zoned(shown.clone()).datetime();
        let zone = if is_same { "" } else { " %Z" };
        let when = here.strftime(&format!("%a %H:%M{zone}")).to_string();
        Some(format!("outside business hours ({when})"))
    }
}

impl Span {
    fn begins(self) -> Option<Time> {
        match self {
            Self::Closed => None,
            Self::Within(from, _) | Self::Over(from, _) | Self::From(from) => Some(from),
        }
    }
}

/// `Monday`, `monday` or `Mon`.
fn weekday(stated: &str) -> Option<Weekday> {
    let stated = stated.trim().to_lowercase();
    let is_it = |name: &str| name == stated || (stated.len() == 3 && name.starts_with(&stated));
    DAYS.iter().find(|(name, _)| is_it(name)).map(|(_, day)| *day)
}

/// The hours of a day; nothing where they cannot be understood.
fn span((_, start, end, closed): StatedDay<'_>) -> Option<Span> {
    if closed? {
        return Some(Span::Closed);
    }
    let (from, to) = (time(start)?, time(end)?);
    let is_end = to == Time::midnight() || to >= Time::constant(23, 59, 0, 0);
    match () {
        () if is_end => Some(Span::From(from)),
        () if from < to => Some(Span::Within(from, to)),
        () if from > to => Some(Span::Over(from, to)),
        () => None,
    }
}

/// `09:00`, `9:00 AM`, `17:00:00`; `24:00` is the midnight that ends the day.
fn time(stated: &str) -> Option<Time> {
    let stated = stated.trim().to_lowercase();
    if stated == "24:00" || stated == "24:00:00" {
        return Some(Time::midnight());
    }
    let words: Vec<String> = stated.split_whitespace().map(str::to_owned).collect();
    match clock::read(&words) {
        Clock::At(time) => Some(time),
        Clock::Wrong(_) | Clock::No => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn hours(days: &[StatedDay<'_>]) -> Option<BusinessHours> {
        BusinessHours::new(TimeZone::get("Europe/Berlin").unwrap(), days.iter().copied())
    }

    /// Whether these moments by the account's clock are outside.
    fn outside(hours: &BusinessHours, moments: &[&str]) -> Vec<bool> {
        let at = |text: &&str| format!("{text}[Europe/Berlin]").parse::<Zoned>().unwrap();
        moments.iter().map(|text| hours.is_outside(at(text).timestamp())).collect()
    }

    /// Monday to Friday from nine to five, Saturday until one, Sunday closed.
    const WEEK: [StatedDay<'_>; 7] = [
        ("Sunday", "09:00", "17:00", Some(true)),
        ("Monday", "09:00", "17:00", Some(false)),
        ("Tuesday", "9:00 AM", "5:00 PM", Some(false)),
        ("wed", "09:00:00", "17:00:00", Some(false)),
        ("THURSDAY", "9am", "5pm", Some(false)),
        ("Friday", "09:00", "17:00", Some(false)),
        ("Saturday", "09:00", "13:00", Some(false)),
    ];

    #[test]
    fn a_moment_is_judged_by_the_accounts_clock() {
        let week = hours(&WEEK).unwrap();
        for (moment, is_outside) in [
            ("2026-03-16T08:59:59", true),
            ("2026-03-16T09:00", false),
            ("2026-03-16T16:59:59", false),
            ("2026-03-16T17:00", true),
            ("2026-03-17T12:00", false),
            ("2026-03-18T12:00", false),
            ("2026-03-19T17:00", true),
            ("2026-03-21T12:59", false),
            ("2026-03-21T20:10", true),
            // Closed, and the day on which the clocks go forward; the day on which they go back.
            ("2026-03-29T12:00", true),
            ("2026-03-30T08:30", true),
            ("2026-03-30T09:00", false),
            ("2026-10-26T08:59", true),
            ("2026-10-26T16:59", false),
        ] {
            assert_eq!(outside(&week, &[moment]), [is_outside], "{moment}");
        }
        // Nine there is eight o'clock in UTC in winter and seven in summer.
        for (at, is_outside) in [
            ("2026-03-16T07:30:00Z", true),
            ("2026-03-16T08:00:00Z", false),
            ("2026-07-06T06:59:00Z", true),
            ("2026-07-06T07:00:00Z", false),
        ] {
            assert_eq!(week.is_outside(at.parse().unwrap()), is_outside, "{at}");
        }
    }

    #[test]
    fn a_day_of_the_week_is_open_where_somebody_works_on_it() {
        let week = hours(&WEEK).unwrap();
        assert_eq!(week.works(Weekday::Saturday), Some(true));
        assert_eq!(week.works(Weekday::Sunday), Some(false));
        let unclear =
            [("Mon", "9:00", "17:00", Some(false)), ("Tue", "late", "17:00", Some(false))];
        let some = hours(&unclear).unwrap();
        let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday];
        assert_eq!(days.map(|day| some.works(day)), [Some(true), None, None]);
    }

    #[test]
    fn hours_may_end_at_midnight_after_it_or_never() {
        let around = |start, end| {
            let days = DAYS.map(|(name, _)| (name, start, end, Some(false)));
            hours(&days).unwrap()
        };
        let moments = ["2026-03-16T00:00", "2026-03-16T12:00", "2026-03-16T23:59:30"];
        for (start, end) in [("00:00", "24:00"), ("00:00", "00:00"), ("00:00", "23:59")] {
            assert_eq!(outside(&around(start, end), &moments), [false; 3], "{start} {end}");
        }
        let late = around("18:00", "02:00");
        let moments = [
            "2026-03-16T01:59",
            "2026-03-16T02:00",
            "2026-03-16T17:59",
            "2026-03-16T18:00",
            "2026-03-29T01:30",
            "2026-03-29T03:00",
        ];
        assert_eq!(outside(&late, &moments), [false, true, true, false, false, true]);
        assert_eq!(outside(&around("12:00", "00:00"), &moments[2..4]), [false, false]);
        // A break at noon: a day that is listed twice.
        let twice = [
            ("Mon", "09:00", "12:00", Some(false)),
            ("Mon", "13:00", "17:00", Some(false)),
            ("Sun", "", "", Some(true)),
        ];
        let moments = ["2026-03-16T11:00", "2026-03-16T12:30", "2026-03-16T13:00"];
        assert_eq!(outside(&hours(&twice).unwrap(), &moments), [false, true, false]);
    }

    #[test]
    fn only_hours_in_which_somebody_works_are_counted() {
        let at =
            |text: &str| format!("{text}[Europe/Berlin]").parse::<Zoned>().unwrap().timestamp();
        let office = |start, end| {
            DAYS.map(|(name, day)| {
                let is_free = matches!(day, Weekday::Saturday | Weekday::Sunday);
                (name, start, end, Some(is_free))
            })
        };
        let minutes = |days: &[StatedDay<'_>], from: &str, to: &str| {
            hours(days).unwrap().worked(at(from), at(to)).map(|seconds| seconds / 60)
        };
        let day = office("09:00", "17:00");
        for (from, to, worked) in [
            // Friday to Monday, over a night when the clocks are changed.
            ("2026-03-27T16:00", "2026-03-30T10:00", 120),
            ("2026-03-17T10:00", "2026-03-17T11:30", 90),
            ("2026-03-17T06:00", "2026-03-17T23:00", 480),
            ("2026-03-14T00:00", "2026-03-15T23:00", 0),
            ("2026-03-17T11:00", "2026-03-17T10:00", 0),
            ("2026-03-02T09:00", "2026-03-30T09:00", 20 * 480),
        ] {
            assert_eq!(minutes(&day, from, to), Some(worked), "{from} {to}");
        }
        // Past midnight, where the next day begins before that ends, and around the clock.
        let night = office("20:00", "02:00");
        assert_eq!(minutes(&night, "2026-03-18T01:00", "2026-03-18T21:00"), Some(120));
        let long = office("08:00", "07:00");
        assert_eq!(minutes(&long, "2026-03-17T00:00", "2026-03-19T00:00"), Some(46 * 60));
        assert_eq!(minutes(&night, "2026-03-28T12:00", "2026-03-29T12:00"), Some(0));
        let late = DAYS.map(|(name, _)| (name, "20:00", "04:00", Some(false)));
        // An hour is missing that night, and comes twice in October.
        assert_eq!(minutes(&late, "2026-03-28T12:00", "2026-03-29T12:00"), Some(7 * 60));
        assert_eq!(minutes(&late, "2026-10-24T12:00", "2026-10-25T12:00"), Some(9 * 60));
        // A day that is told of twice, its spans overlapping each other and those of the day before.
        let mut both = DAYS.map(|(name, _)| (name, "", "", Some(true))).to_vec();
        both.retain(|(name, ..)| !["tuesday", "wednesday"].contains(name));
        both.extend([
            ("Tue", "20:00", "10:00", Some(false)),
            ("Wed", "09:00", "11:00", Some(false)),
            ("Wed", "09:30", "10:30", Some(false)),
        ]);
        assert_eq!(minutes(&both, "2026-03-17T22:00", "2026-03-18T23:00"), Some(13 * 60));
        // A day that is not told of, by no name that is known, or in no known way.
        assert_eq!(minutes(&both[1..], "2026-03-17T22:00", "2026-03-18T23:00"), None);
        both[0].0 = "Sonntag";
        assert_eq!(minutes(&both, "2026-03-17T22:00", "2026-03-18T23:00"), None);
        both[0] = ("Sunday", "9h", "17:00", Some(false));
        assert_eq!(minutes(&both, "2026-03-17T22:00", "2026-03-18T23:00"), None);
    }

    #[test]
    fn what_is_not_understood_is_not_judged() {
        let night = ["2026-03-17T03:00", "2026-03-17T22:00"];
        for (monday, tuesday, right) in [
            // Clear days.
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Tue", "9:00", "17:00", Some(false)),
                [true, true],
            ),
            // Tuesday is unreadable.
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Tue", "9h", "17h", Some(false)),
                [false, false],
            ),
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Tue", "9:00", "", Some(false)),
                [false, false],
            ),
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Tue", "9:00", "9:00", Some(false)),
                [false, false],
            ),
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Tue", "9:00", "25:00", Some(false)),
                [false, false],
            ),
            (("Mon", "9:00", "17:00", Some(false)), ("Tue", "9:00", "17:00", None), [false, false]),
            (
                ("Mon", "9:00", "17:00", Some(false)),
                ("Dienstag", "9:00", "17:00", Some(false)),
                [false, false],
            ),
            // Monday is, and may reach into Tuesday until that begins.
            (
                ("Mon", "?", "17:00", Some(false)),
                ("Tue", "9:00", "17:00", Some(false)),
                [false, true],
            ),
            (("Mon", "?", "17:00", Some(false)), ("Tue", "", "", Some(true)), [false, false]),
        ] {
            let all = [monday, tuesday, ("Fri", "9:00", "17:00", Some(false))];
            assert_eq!(outside(&hours(&all).unwrap(), &night), right, "{monday:?} {tuesday:?}");
        }
        let closed = DAYS.map(|(name, _)| (name, "09:00", "17:00", Some(true)));
        let odd = DAYS.map(|(name, _)| (name, "early", "late", Some(false)));
        for none in [&[][..], &closed[..], &odd[..], &[("", "9:00", "17:00", Some(false))][..]] {
            assert_eq!(hours(none), None, "{none:?}");
        }
    }

    #[test]
    fn the_zone_is_named_where_its_time_is_another() {
        let week = hours(&WEEK).unwrap();
        let at = "2026-03-21T19:10:00Z".parse().unwrap();
        let says = |zone: &str| week.outside(at, &TimeZone::get(zone).unwrap()).unwrap();
        assert_eq!(says("Europe/Oslo"), "outside business hours (Sat 20:10)");
        assert_eq!(says("America/Chicago"), "outside business hours (Sat 20:10 CET)");
    }
}
