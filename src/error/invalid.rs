//! What is wrong with a value that was typed, in a sentence.

use std::fmt;

/// What is wrong with a value, in a sentence that names it. Other parsers of values only say what to use instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue(String);

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}

/// The same parser for an argument, where it says such a sentence.
pub fn naming_value<T>(
    parse: fn(&str) -> Result<T, String>,
) -> impl Fn(&str) -> Result<T, InvalidValue> + Clone + Send + Sync + 'static
where
    T: 'static,
{
    move |typed| parse(typed).map_err(InvalidValue)
}
