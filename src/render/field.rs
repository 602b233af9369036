//! Fields of records, for people: what one says, a change of it, and how it differs.

use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value;

use super::sanitise;
use super::wrap::cut;
use crate::api::fields::{to_day, to_decimal};
use crate::api::secret;
use crate::billing::money;
use crate::write::{Difference, Field, FieldKind, field_shown, is_yes};

impl Field {
    /// A change: "priority 2 Normal -> 1 High".
    #[must_use]
    pub fn says(&self) -> String {
        let from = self.from.as_ref().map(|from| shown(self, from));
        let from = from.map_or_else(String::new, |from| format!("{from} "));
        format!("{} {from}-> {}", self.label, self.shows())
    }

    /// What it says.
    #[must_use]
    pub fn shows(&self) -> String {
        shown(self, &self.expected)
    }
}

impl Difference {
    /// What the field says.
    pub(super) fn now(&self) -> String {
        shown(&self.field, &self.now)
    }

    /// What it should say.
    pub(super) fn expected(&self) -> String {
        shown(&self.field, &self.field.expected)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, expected) = (self.now(), self.expected());
        write!(f, "{} is {now}, but {expected} was sent", self.field.label)
    }
}

/// Changes in one line, for a question: the end of a long text gives way to what stands after it. No date, amount, name
/// or address is as long as that.
#[must_use]
pub fn in_brief(says: &[String]) -> String {
    let says: Vec<String> = says.iter().map(|says| cut(&sanitise::one_line(says), LONG)).collect();
    says.join("; ")
}

/// From so many columns on, a change is one of a text.
const LONG: usize = 160;

fn shown(field: &Field, value: &Value) -> String {
    let value = &secret::shown(&field.path, value);
    let amount = match field.kind {
        FieldKind::Day => return day(value),
        FieldKind::Flag => {
            return is_yes(value)
                .map_or_else(|| field_shown(value), |flag| field_shown(&flag.into()));
        }
        FieldKind::Plain | FieldKind::Prose | FieldKind::Phone | FieldKind::Entries => None,
        FieldKind::Money => to_decimal(value),
        FieldKind::Cents => to_decimal(value).map(|cents| cents / Decimal::ONE_HUNDRED),
    };
    amount.map_or_else(|| field_shown(value), money::display)
}

/// A value of which nothing is known: a text that is a day gets its weekday.
#[must_use]
pub fn with_weekday(value: &Value) -> String {
    let is_day = value.as_str().is_some_and(|text| text.len() == 10);
    if is_day { day(value) } else { field_shown(value) }
}

/// A day with its weekday; anything else as it is.
fn day(value: &Value) -> String {
    to_day(value).map_or_else(|| field_shown(value), |day| day.strftime("%a %Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_text_gives_way_to_what_stands_after_it() {
        let length = "length -> 102 h 8 min (Sun 2026-03-15 10:00 - Thu 2026-03-19 16:08)";
        let notes = format!("notes -> {}", "word ".repeat(60));
        let brief = in_brief(&[length.to_owned(), notes, "user -> Robin".to_owned()]);
        assert!(brief.starts_with(length), "{brief}");
        assert!(brief.ends_with(" word…; user -> Robin"), "{brief}");
    }
}
