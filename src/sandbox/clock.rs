//! The account's own time zone: what a time without one means here, and how times are labelled.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::value::instant;

/// Time zone of the company, as in `GET /settings`.
pub(super) const ZONE: &str = "America/Chicago";

/// Returns the account's time zone; UTC where the system knows no zones.
pub(super) fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// Returns the account's own day at an instant, as days are written: its midnight in UTC.
pub(super) fn day(at: Timestamp) -> Timestamp {
    let day = at.to_zoned(zone()).date().to_zoned(TimeZone::UTC);
    day.map_or(at, |day| day.timestamp())
}

/// Reads a time; one without a zone, or a bare date, is meant in the account's own.
pub(super) fn read(written: &str) -> Option<Timestamp> {
    let written = written.trim();
    written.parse().ok().or_else(|| {
        let local: DateTime = written.parse().ok()?;
        Some(local.to_zoned(zone()).ok()?.timestamp())
    })
}

/// Returns a field that holds a time as it is stored: nothing for what is no time.
pub(super) fn stored(value: &Value) -> Value {
    let read = value.as_str().and_then(read);
    read.map_or(Value::Null, |at| Value::String(instant(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_is_not_the_next_day() {
        for (at, midnight) in [
            ("2026-07-02T04:59:00Z", "2026-07-01T00:00:00.000Z"),
            ("2026-07-02T05:00:00Z", "2026-07-02T00:00:00.000Z"),
            ("2026-12-02T05:59:00Z", "2026-12-01T00:00:00.000Z"),
        ] {
            assert_eq!(read(at).map(|at| instant(day(at))), Some(midnight.to_owned()));
        }
    }

    #[test]
    fn a_time_without_a_zone_is_the_accounts_own() {
        let read = |written: &str| read(written).map(instant);
        let noon = Some("2026-07-01T17:00:00.000Z".to_owned());
        assert_eq!(read("2026-07-01 12:00"), noon);
        assert_eq!(read("2026-07-01T12:00:00-05:00"), noon);
        assert_eq!(read("2026-07-01T17:00:00Z"), noon);
        let midnight = Some("2026-12-01T06:00:00.000Z".to_owned());
        assert_eq!(read("2026-12-01"), midnight);
        assert_eq!(read("soon"), None);
    }
}
