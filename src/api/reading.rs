//! Single values of an answer in every spelling that servers have for them: dates, days, flags and numbers. The one
//! reading for the whole program, with a third state: what is there and cannot be understood is neither absent nor
//! guessed. It is shown as it came, and no write rests on it.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822;
use jiff::fmt::temporal::Pieces;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reference::to_id;

/// A value of an answer, as far as it is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<T> {
    /// Null, or an empty text.
    Nothing,
    /// Understood.
    Clear(T),
    /// There, in no known spelling.
    Unreadable,
}

impl<T> Said<T> {
    /// The value, where it is understood.
    pub fn clear(self) -> Option<T> {
        match self {
            Self::Clear(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    fn of(value: &Value, read: impl FnOnce(&Value) -> Option<T>) -> Self {
        let is_nothing =
            value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        match read(value) {
            _ if is_nothing => Self::Nothing,
            Some(value) => Self::Clear(value),
            None => Self::Unreadable,
        }
    }
}

/// The kinds of values that have several spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// A moment.
    Instant,
    /// A day.
    Day,
    /// True or false.
    Flag,
    /// An amount, a price, hours.
    Number,
    /// A reference to another record.
    Id,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Instant, Self::Day, Self::Flag, Self::Number, Self::Id];

    /// The name by which a field's reader tells the deserializer what it reads.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Instant => "date and time",
            Self::Day => "date",
            Self::Flag => "yes or no",
            Self::Number => "number",
            Self::Id => "id",
        }
    }

    /// What a value that cannot be understood is not.
    #[must_use]
    pub const fn refusal(self) -> &'static str {
        match self {
            Self::Instant => "no clear date and time",
            Self::Day => "no clear date",
            Self::Flag => "neither true nor false",
            Self::Number => "no clear number",
            Self::Id => "no clear id",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }

    pub(super) fn is_unreadable(self, value: &Value) -> bool {
        match self {
            Self::Instant => instant(value) == Said::Unreadable,
            Self::Day => day(value) == Said::Unreadable,
            Self::Flag => flag(value) == Said::Unreadable,
            Self::Number => number(value) == Said::Unreadable,
            Self::Id => Said::of(value, to_id) == Said::Unreadable,
        }
    }
}

/// A field that is there and cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Where, like `price_retail` or `line_items[2].price`.
    pub place: String,
    /// What should be there.
    pub sort: Sort,
    /// What is there, as it came.
    pub raw: String,
}

impl Unreadable {
    pub(super) fn new(sort: Sort, value: &Value) -> Self {
        let raw = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self { place: String::new(), sort, raw }
    }
}

/// The field and what it says, like `price_retail "95,50"`.
impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\"", self.place, self.raw)
    }
}

/// The fields of a view that are there and cannot be understood. A view that has a field of this type and of the name
/// `unreadable` is given it with its other fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unread(pub Vec<Unreadable>);

impl Unread {
    /// The first of these fields that cannot be understood.
    #[must_use]
    pub fn among(&self, fields: &[&str]) -> Option<&Unreadable> {
        self.0.iter().find(|one| fields.contains(&one.place.as_str()))
    }

    /// Whether a record is wanted, as far as this field tells: `None` where it cannot be understood.
    #[must_use]
    pub fn judged(&self, field: &str, fits: bool) -> Option<bool> {
        match self.raw(field) {
            Some(_) => None,
            None => Some(fits),
        }
    }

    /// A flag of a record as it came, and that it cannot be understood, if so.
    #[must_use]
    pub fn flag(raw: &Value, field: &str) -> (Self, bool) {
        let value = &raw[field];
        match flag(value) {
            Said::Unreadable => {
                let found =
                    Unreadable { place: field.to_owned(), ..Unreadable::new(Sort::Flag, value) };
                (Self(vec![found]), false)
            }
            said => (Self::default(), said.clear().unwrap_or_default()),
        }
    }

    /// A number of a record as it came.
    ///
    /// # Errors
    /// The field, where it is left out or cannot be understood.
    pub fn number(raw: &Value, field: &str) -> Result<Decimal, Unreadable> {
        let unread =
            || Unreadable { place: field.to_owned(), ..Unreadable::new(Sort::Number, &raw[field]) };
        number(&raw[field]).clear().ok_or_else(unread)
    }

    /// What a field says that cannot be understood.
    #[must_use]
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.among(&[field]).map(|one| one.raw.as_str())
    }
}

/// A moment: RFC 3339 with a blank or a `T`, an offset with or without its colon and a blank before it, any number of
/// decimals, or `UTC`; RFC 2822.
#[must_use]
pub(super) fn instant(value: &Value) -> Said<Timestamp> {
    Said::of(value, |value| moment(value.as_str()?.trim()))
}

fn moment(text: &str) -> Option<Timestamp> {
    let read = joined(text).parse().ok();
    read.or_else(|| in_words(text).map(|at| at.timestamp()))
}

/// A moment with its offset right behind its time, and no more decimals than are read.
fn joined(text: &str) -> String {
    let universal = ["UTC", "GMT"].iter().find_map(|zone| text.strip_suffix(zone));
    let joined = match (universal, text.rsplit_once(' ')) {
        (Some(time), _) => format!("{}Z", time.trim_end()),
        (None, Some((time, offset))) if offset.starts_with(['+', '-']) => format!("{time}{offset}"),
        _ => text.to_owned(),
    };
    shortened(&joined)
}

/// A time with at most as many decimals as a moment holds.
fn shortened(text: &str) -> String {
    const MOST: usize = 9;
    let Some((whole, rest)) = text.split_once('.') else {
        return text.to_owned();
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (decimals, rest) = rest.split_at(digits);
    format!("{whole}.{}{rest}", decimals.get(..MOST).unwrap_or(decimals))
}

/// The day that a text names, as it is written there: a day is given as its midnight, and another zone would make it the
/// day before.
#[must_use]
pub(super) fn day(value: &Value) -> Said<Date> {
    Said::of(value, |value| {
        let text = value.as_str()?.trim();
        first_day(text).or_else(|| Some(in_words(text)?.date()))
    })
}

/// The day of a text that names no time with it: it is written as that day's midnight, and another zone would make it the
/// day before.
#[must_use]
pub fn day_alone(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, time) = match first_day(text) {
        Some(day) => (day, Pieces::parse(&joined(text)).ok()?.time().unwrap_or_default()),
        None => in_words(text).map(|at| (at.date(), at.time()))?,
    };
    (time == Time::midnight()).then_some(day)
}

/// The day that a text begins with.
fn first_day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// A moment of RFC 2822, with the offset that it is written with.
fn in_words(text: &str) -> Option<Zoned> {
    rfc2822::DateTimeParser::new().parse_zoned(text).ok()
}

/// True or false, as a word, in quotes, or as 1 or 0.
#[must_use]
pub fn flag(value: &Value) -> Said<bool> {
    Said::of(value, |value| match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(_) => match decimal(value)? {
            one if one == Decimal::ONE => Some(true),
            zero if zero.is_zero() => Some(false),
            _ => None,
        },
        _ => None,
    })
}

/// A number, exactly; in a text also with marks of thousands where nothing else can be meant by them, and with the sign
/// of a currency.
#[must_use]
pub(super) fn number(value: &Value) -> Said<Decimal> {
    Said::of(value, decimal)
}

/// Whether a number is written with digits alone: marks of thousands and signs of currencies are for people, and a
/// server that is sent them takes them for nothing at all.
#[must_use]
pub fn is_plain(value: &Value) -> bool {
    value.as_str().is_none_or(|text| !text.contains(',') && !text.contains(SIGNS))
}

/// Signs of currencies that numbers come with.
const SIGNS: [char; 4] = ['$', '\u{20ac}', '\u{a3}', '\u{a5}'];

fn decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::String(text) => written(text.trim())?,
        // With arbitrary precision the number still is the text that the server sent.
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The number of a text without what stands there for people.
fn written(text: &str) -> Option<String> {
    if text.contains('_') {
        return None;
    }
    let (minus, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let bare = match rest.strip_prefix(SIGNS).or_else(|| rest.strip_suffix(SIGNS)) {
        // `$-5` as well as `-$5`; but one minus.
        Some(amount) if minus.is_empty() => amount.trim().to_owned(),
        Some(amount) if amount.trim().starts_with(['-', '+']) => return None,
        Some(amount) => format!("-{}", amount.trim()),
        None => text.to_owned(),
    };
    if bare.contains(',') { ungrouped(&bare) } else { Some(bare) }
}

/// A number without its marks of thousands, where nothing else can be meant by them: `1,234.50` and `1,234,567`, not
/// `1,500`, which is one and a half to some.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, decimals) =
        text.split_once('.').map_or((text, None), |(one, two)| (one, Some(two)));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (first, groups) = whole.trim_start_matches('-').split_once(',')?;
    let groups: Vec<&str> = groups.split(',').collect();
    let grouped = (1..=3).contains(&first.len())
        && digits(first)
        && groups.iter().all(|group| group.len() == 3 && digits(group));
    let clear = groups.len() > 1 || decimals.is_some_and(digits);
    (grouped && clear).then(|| text.replace(',', ""))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_has_many_spellings() {
        let at: Timestamp = "2026-04-24T01:45:00Z".parse().unwrap();
        for written in [
            "2026-04-24T01:45:00Z",
            "2026-04-24t01:45:00z",
            "2026-04-24T01:45:00.000Z",
            "2026-04-24T01:45:00.0000000000000001Z",
            "2026-04-24 01:45:00Z",
            "2026-04-24 01:45:00 UTC",
            "2026-04-24 01:45:00UTC",
            "2026-04-24T01:45:00 GMT",
            "2026-04-23T20:45:00-05:00",
            "2026-04-23T20:45:00-0500",
            "2026-04-23 20:45:00 -0500",
            "2026-04-23 20:45:00 -05:00",
            "2026-04-24T07:15:00.123456789012+05:30",
            "Fri, 24 Apr 2026 01:45:00 GMT",
            "Fri, 24 Apr 2026 01:45:00 +0000",
            "23 Apr 2026 20:45:00 -0500",
            " 2026-04-24T01:45:00Z\n",
        ] {
            let read = instant(&json!(written)).clear().map(Timestamp::as_second);
            assert_eq!(read, Some(at.as_second()), "{written}");
        }
        for nothing in [json!(null), json!(""), json!("  ")] {
            assert_eq!(instant(&nothing), Said::Nothing, "{nothing}");
        }
        for odd in [
            json!("soon"),
            json!("04/24/2026 1:45 AM"),
            json!("2026-04-24T01:45:00"),
            json!("2026-13-24T01:45:00Z"),
            json!("2026-04-24 01:45:00 EST5"),
            json!("UTC"),
            json!(" -05:00"),
            json!(".5Z"),
            json!(1_777_000_000),
            json!(true),
            json!({}),
            json!([]),
        ] {
            assert_eq!(instant(&odd), Said::Unreadable, "{odd}");
        }
    }

    #[test]
    fn a_day_is_the_one_that_is_written() {
        for text in [
            "2026-11-06",
            "2026-11-06T00:00:00.000Z",
            "2026-11-06T00:00:00-08:00",
            "2026-11-06 00:00:00 UTC",
            "Fri, 6 Nov 2026 00:00:00 -0800",
        ] {
            assert_eq!(day(&json!(text)).clear().unwrap().to_string(), "2026-11-06", "{text}");
        }
        assert_eq!(day(&json!(null)), Said::Nothing);
        for odd in [json!("soon"), json!("2026-13-01"), json!("日本語の日付"), json!(7)] {
            assert_eq!(day(&odd), Said::Unreadable, "{odd}");
        }
    }

    #[test]
    fn a_flag_has_three_states() {
        for (said, read) in [
            (json!(true), Said::Clear(true)),
            (json!(1), Said::Clear(true)),
            (json!("1"), Said::Clear(true)),
            (json!(1.0), Said::Clear(true)),
            (json!(" True "), Said::Clear(true)),
            (json!(false), Said::Clear(false)),
            (json!(0), Said::Clear(false)),
            (json!("0"), Said::Clear(false)),
            (json!("FALSE"), Said::Clear(false)),
            (json!(null), Said::Nothing),
            (json!(""), Said::Nothing),
            (json!(2), Said::Unreadable),
            (json!("yes"), Said::Unreadable),
            (json!("t"), Said::Unreadable),
            (json!([]), Said::Unreadable),
            (json!({}), Said::Unreadable),
        ] {
            assert_eq!(flag(&said), read, "{said}");
        }
    }

    #[test]
    fn a_comma_that_may_be_one_of_decimals_is_unreadable() {
        for (written, read) in [
            ("1234.5", "1234.5"),
            (" 81.53 ", "81.53"),
            ("0.33333333", "0.33333333"),
            ("1,234.50", "1234.50"),
            ("-1,234.50", "-1234.50"),
            ("1,234,567", "1234567"),
            ("1e3", "1000"),
            ("$95.50", "95.50"),
            ("-$95.50", "-95.50"),
            ("$-95.50", "-95.50"),
            ("$ 1,095.50", "1095.50"),
            ("95.50 \u{20ac}", "95.50"),
            ("\u{a3}95", "95"),
        ] {
            assert_eq!(number(&json!(written)), Said::Clear(read.parse().unwrap()), "{written}");
        }
        for odd in [
            "1,5",
            "1,500",
            "$1,500",
            "12,50",
            "95,50",
            "95,50 \u{20ac}",
            "1,2345.00",
            "1.234,50",
            "1.250,00",
            "1234,567.00",
            ",500.00",
            "1,500.x",
            "1_000",
            "$",
            "$$5",
            "-$-5",
            "--5",
            "five",
            "1 250.00",
        ] {
            assert_eq!(number(&json!(odd)), Said::Unreadable, "{odd}");
        }
        for odd in [json!(true), json!([1]), json!({"cents": 5})] {
            assert_eq!(number(&odd), Said::Unreadable, "{odd}");
        }
        assert_eq!(number(&json!(95.5)), Said::Clear("95.5".parse().unwrap()));
        assert_eq!(number(&json!("")), Said::Nothing);
        assert_eq!(number(&json!(null)), Said::Nothing);
    }
}
