//! What the account says of itself: its currency, its zone beside the one that times are shown in, its business hours.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::check::Check;
use crate::account::AccountFacts;
use crate::api::resources::settings::BusinessDay;
use crate::config::{Settings, zones};
use crate::render::when;

/// What follows from an unknown currency.
pub(super) const NO_SYMBOL: &str = "amounts are shown without a symbol";

/// A line for each.
pub(super) fn checks(facts: &AccountFacts, settings: &Settings, now: Timestamp) -> Vec<Check> {
    vec![currency(facts), zone(facts, settings, now), hours(facts)]
}

fn currency(facts: &AccountFacts) -> Check {
    let name = "currency";
    match facts.currency() {
        Some(currency) => {
            let example = currency.show(Decimal::new(12_345, 1).round_dp(currency.most()));
            Check::ok(name, format!("{}, as in {example}", currency.symbol()))
        }
        None => Check::warning(name, "the account states no currency symbol that can be used")
            .hint(NO_SYMBOL),
    }
}

fn zone(facts: &AccountFacts, settings: &Settings, now: Timestamp) -> Check {
    let (name, stated) = ("zone", facts.locale.time_zone.as_str());
    let shown = when::zone_name(&settings.timezone, now);
    match zones::named(stated) {
        Err(_) if stated.is_empty() => {
            Check::warning(name, format!("the account states no time zone; times are in {shown}"))
        }
        Err(_) => {
            let text = format!("the account is in an unknown time zone, {stated}");
            Check::warning(name, format!("{text}; times are in {shown}"))
        }
        Ok(zone) if same_clock(&zone, &settings.timezone, now) => {
            Check::ok(name, format!("{stated}, the same time as here"))
        }
        Ok(_) => {
            let text = format!("the account is in {stated}, but times are understood and shown in");
            Check::warning(name, format!("{text} {shown}"))
                .hint(format!("to use the account's: timezone = \"{stated}\" in the configuration"))
        }
    }
}

/// Whether two zones have the same time, now and half a year from now, when clocks may have changed.
fn same_clock(one: &TimeZone, other: &TimeZone, now: Timestamp) -> bool {
    let later = now.saturating_add(jiff::SignedDuration::from_hours(24 * 182));
    let same = |at: Timestamp| one.to_offset(at) == other.to_offset(at);
    same(now) && later.is_ok_and(same)
}

fn hours(facts: &AccountFacts) -> Check {
    let name = "business hours";
    let days = &facts.business_hours;
    if days.is_empty() {
        return Check::ok(name, "the account has none");
    }
    let shown: Vec<String> = days.iter().map(day).collect();
    let text = shown.join(", ");
    match facts.hours() {
        Some(hours) if hours.is_clear() => Check::ok(name, text),
        _ => Check::warning(name, text).hint("what is unclear there is not judged by"),
    }
}

/// `Monday 09:00-17:00`, `Sunday closed`.
fn day(day: &BusinessDay) -> String {
    match day.closed {
        Some(true) => format!("{} closed", day.day),
        _ => format!("{} {}-{}", day.day, day.start, day.end),
    }
}
