//! The configuration's text as a tree that knows its lines: every error names file, line and field, and none shows a
//! value, since a value may be the key. What the fields mean is `file`'s business.

use std::time::Duration;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use toml::de::{DeTable, DeValue};

use crate::billing::typed::MOST;
use crate::error::{Error, Result};
use crate::sorting;

/// What a path of Windows needs: in double quotes, a backslash begins an escape.
const BACKSLASHES: &str = r"put a path with backslashes in single quotes: 'C:\Users\sam\logs'";

/// A configuration text and what to call it in errors.
pub(super) struct Source<'a> {
    /// The file's path, or what stands for one; empty for a text that is in no file.
    pub(super) name: &'a str,
    /// The whole text.
    pub(super) text: &'a str,
}

impl<'a> Source<'a> {
    /// Parses the text into its tree.
    pub(super) fn parse(&self) -> Result<DeTable<'a>> {
        DeTable::parse(self.text)
            .map(toml::Spanned::into_inner)
            // Only the parser's own words: its full report quotes the line, and the line may hold the key.
            .map_err(|error| {
                let offset = error.span().map_or(0, |span| span.start);
                let message = error.message().replace('\n', ", ");
                let error = Error::configuration(format!("{}{message}", self.place(offset)));
                if self.is_escape(offset) { error.hint(BACKSLASHES) } else { error }
            })
    }

    /// Whether a backslash in double quotes stands at this byte, or just before it: there the parser gives up on a path.
    fn is_escape(&self, offset: usize) -> bool {
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let at = self.text.get(offset..).unwrap_or_default();
        line.contains('"')
            && (at.starts_with('\\') || line.trim_end_matches(['u', 'U', 'x']).ends_with('\\'))
    }

    /// `file:line: ` of a byte offset; nothing in a text that stands nowhere yet.
    fn place(&self, offset: usize) -> String {
        if self.name.is_empty() {
            return String::new();
        }
        let before = self.text.as_bytes().iter().take(offset);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        format!("{}:{line}: ", self.name)
    }
}

/// One table of the text.
pub(super) struct Section<'a> {
    source: &'a Source<'a>,
    /// `labor.remote`; empty for the whole file.
    path: String,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn root(source: &'a Source<'a>, table: &'a DeTable<'a>) -> Self {
        Self { source, path: String::new(), table }
    }

    /// Refuses every key that is not `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        for (key, field) in self.entries() {
            if !known.contains(&key) {
                let error = field.error("is not a setting");
                return Err(match nearest(key, known) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("known settings: {}", known.join(", "))),
                });
            }
        }
        Ok(())
    }

    /// The field called `key`.
    pub(super) fn field(&self, key: &str) -> Option<Field<'a>> {
        self.entries().into_iter().find_map(|(name, field)| (name == key).then_some(field))
    }

    /// The table called `key`.
    pub(super) fn section(&self, key: &str) -> Result<Option<Self>> {
        self.field(key).map(|field| field.section()).transpose()
    }

    /// All fields in the file's order.
    pub(super) fn entries(&self) -> Vec<(&'a str, Field<'a>)> {
        let mut keys: Vec<_> = self.table.iter().collect();
        sorting::sort_by_key(&mut keys, |(key, _)| key.span().start);
        keys.into_iter()
            .map(|(key, value)| {
                let name: &str = key.get_ref();
                let path = if self.path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{}.{name}", self.path)
                };
                let field = Field {
                    source: self.source,
                    path,
                    value: value.get_ref(),
                    at: key.span().start,
                };
                (name, field)
            })
            .collect()
    }
}

/// One value of the text.
pub(super) struct Field<'a> {
    source: &'a Source<'a>,
    path: String,
    value: &'a DeValue<'a>,
    at: usize,
}

impl<'a> Field<'a> {
    /// `file:line: path`, for errors that are found later.
    pub(super) fn place(&self) -> String {
        format!("{}{}", self.source.place(self.at), self.path)
    }

    /// An error that names file, line and field.
    pub(super) fn error(&self, message: &str) -> Error {
        Error::configuration(format!("{} {message}", self.place()))
    }

    /// A table.
    pub(super) fn section(&self) -> Result<Section<'a>> {
        match self.value {
            DeValue::Table(table) => {
                Ok(Section { source: self.source, path: self.path.clone(), table })
            }
            _ => Err(self.wrong("a table")),
        }
    }

    /// A string.
    pub(super) fn text(&self) -> Result<String> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong("a string"))
    }

    /// A string with something in it.
    pub(super) fn filled(&self) -> Result<String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return Err(self.error("is empty"));
        }
        // "C:\tools\new" is a tab and a line break: an escape that nobody meant.
        if text.contains(char::is_control) {
            return Err(self.error("contains a control character").hint(BACKSLASHES));
        }
        Ok(text)
    }

    /// One of a few words; what it means.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T> {
        let typed = self.text()?;
        let found = words.iter().find(|(word, _)| *word == typed);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
            self.error(&format!("must be {}", words.join(" or ")))
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    /// A list of strings.
    pub(super) fn texts(&self) -> Result<Vec<String>> {
        let wrong = || self.wrong("a list of strings");
        self.value
            .as_array()
            .ok_or_else(wrong)?
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned).ok_or_else(wrong))
            .collect()
    }

    /// A whole number in `range`.
    pub(super) fn whole(&self, range: std::ops::RangeInclusive<u64>) -> Result<u64> {
        let DeValue::Integer(number) = self.value else {
            return Err(self.wrong("a whole number"));
        };
        i128::from_str_radix(number.as_str(), number.radix())
            .ok()
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                self.error(&format!("must be between {} and {}", range.start(), range.end()))
            })
    }

    /// A decimal between `least` and `most`, as a string: TOML's own fractions are binary, which money is not.
    pub(super) fn decimal(&self, least: Decimal, most: Decimal) -> Result<Decimal> {
        let number = match self.value {
            DeValue::Float(_) => {
                return Err(self.error("is a bare fraction; use a string, like \"1.50\""));
            }
            _ => self.any_number("a decimal as a string, like \"1.50\"")?,
        };
        self.within(number, least, most)
    }

    /// Seconds, more than none and at most `most`.
    pub(super) fn seconds(&self, most: u32) -> Result<Duration> {
        let number = self.any_number("a number of seconds")?;
        let nanos = (number * Decimal::from(1_000_000_000_u32)).to_u64().filter(|&nanos| nanos > 0);
        match nanos {
            Some(nanos) if number <= Decimal::from(most) => Ok(Duration::from_nanos(nanos)),
            _ => Err(self.error(&format!("must be more than 0 and at most {most} seconds"))),
        }
    }

    fn within(&self, number: Decimal, least: Decimal, most: Decimal) -> Result<Decimal> {
        if number < least || number > most {
            return Err(self.error(&format!("must be between {least} and {most}")));
        }
        Ok(number)
    }

    /// A number however it is written. One far beyond any use is the largest there is: its bounds refuse that, too, and
    /// nothing overflows.
    fn any_number(&self, expected: &str) -> Result<Decimal> {
        let text = match self.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            // Nobody writes a price or a length with an exponent.
            DeValue::String(text) if !text.contains(['e', 'E']) => text.trim(),
            _ => return Err(self.wrong(expected)),
        };
        let number = text.parse::<Decimal>().map_err(|_| self.wrong(expected))?;
        Ok(number.clamp(-MOST, MOST))
    }

    /// The kind of value that is there is named, the value is not.
    fn wrong(&self, expected: &str) -> Error {
        let kind = self.value.type_str();
        self.error(&format!("must be {expected}; this {kind} is not"))
    }
}

/// The known word nearest to `word`, if one is near enough to be meant.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
