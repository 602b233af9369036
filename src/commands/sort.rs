//! `--sort` of a list: the fields are data, each with its key. The server sorts by none of them, so that all that is
//! wanted is read first.

use std::cmp::Reverse;
use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::api::Record;
use crate::names;
use crate::sorting;

/// A field that a list can be sorted by.
#[derive(Debug)]
pub struct By<T> {
    /// What is typed for it.
    pub name: &'static str,
    /// The key of the column that shows it.
    pub column: &'static str,
    /// Whether the greatest, or the latest, comes first.
    pub falls: bool,
    /// The place of a record; those without one come last.
    pub key: fn(&T) -> Option<SortKey>,
}

/// A place in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// Of numbers.
    Number(u64),
    /// Of amounts.
    Amount(Decimal),
    /// Of days.
    Day(Date),
    /// Of moments.
    Moment(Timestamp),
    /// Of words, as they are compared.
    Word(String),
}

impl SortKey {
    /// The place of a text; none of an empty one.
    #[must_use]
    pub fn word(text: &str) -> Option<Self> {
        let text = names::plain(text);
        (!text.is_empty()).then_some(Self::Word(text))
    }

    /// The place of what people number by digits.
    #[must_use]
    pub fn number(text: &str) -> Option<Self> {
        text.parse().map_or_else(|_| Self::word(text), |number| Some(Self::Number(number)))
    }
}

/// The flags of a list that can be sorted; the list names its fields with [`by`].
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SortFlags {
    #[arg(long, value_name = "FIELD", hide_possible_values = true)]
    sort: Option<String>,
    /// Reverse the order of --sort
    #[arg(long, requires = "sort")]
    reverse: bool,
}

/// What the flag takes: the names of the fields.
pub fn by<T>(fields: &'static [By<T>]) -> impl FnOnce(Arg) -> Arg {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    |flag| {
        let help = format!("By {}", names.join(", "));
        flag.help(help).value_parser(Shortened(names))
    }
}

/// One of few words, which may be shortened wherever it is clear.
#[derive(Debug, Clone)]
struct Shortened(Vec<&'static str>);

impl TypedValueParser for Shortened {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let typed = names::plain(&value.to_string_lossy());
        let mut begun = self.0.iter().filter(|word| word.starts_with(&typed));
        let meant = match (begun.next(), begun.next()) {
            (Some(only), None) => OsStr::new(*only),
            _ => value,
        };
        PossibleValuesParser::new(&self.0).parse_ref(command, arg, meant)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// How a list is sorted.
#[derive(Debug)]
pub struct Sorting<T: 'static> {
    field: &'static By<T>,
    reverse: bool,
}

impl SortFlags {
    /// How the list is sorted, if it is.
    #[must_use]
    pub fn sorting<T>(&self, fields: &'static [By<T>]) -> Option<Sorting<T>> {
        let field = fields.iter().find(|field| Some(field.name) == self.sort.as_deref())?;
        Some(Sorting { field, reverse: self.reverse })
    }
}

impl<T> Sorting<T> {
    /// The key of the column that shows by what it is sorted.
    #[must_use]
    pub const fn column(&self) -> &'static str {
        self.field.column
    }

    /// Sorts; equals stay as they were.
    pub fn sort(&self, items: &mut [Record<T>]) {
        let key = |one: &Record<T>| {
            let key = (self.field.key)(one);
            (key.is_none(), key)
        };
        match self.field.falls == self.reverse {
            true => sorting::sort_by_key(items, key),
            false => sorting::sort_by_key(items, |one| {
                let (none, key) = key(one);
                (none, Reverse(key))
            }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize)]
    struct One {
        id: u64,
        word: String,
    }

    static FIELDS: [By<One>; 2] = [
        By { name: "word", column: "word", falls: false, key: |one| SortKey::word(&one.word) },
        By { name: "id", column: "id", falls: true, key: |one| Some(SortKey::Number(one.id)) },
    ];

    #[test]
    fn those_without_a_value_come_last_either_way_and_equals_stay() {
        let sorted = |name: &str, reverse| -> Vec<u64> {
            let raw = [(1, "b"), (2, ""), (3, "A"), (4, "B")];
            let read = |(id, word)| Record::read(json!({"id": id, "word": word})).unwrap();
            let mut items: Vec<Record<One>> = raw.map(read).into();
            let flags = SortFlags { sort: Some(name.to_owned()), reverse };
            flags.sorting(&FIELDS).unwrap().sort(&mut items);
            items.iter().map(|one| one.id).collect()
        };
        assert_eq!(sorted("word", false), [3, 1, 4, 2]);
        assert_eq!(sorted("word", true), [1, 4, 3, 2]);
        assert_eq!(sorted("id", false), [4, 3, 2, 1]);
        assert_eq!(sorted("id", true), [1, 2, 3, 4]);
    }
}
