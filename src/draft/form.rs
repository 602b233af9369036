//! In which form a text is sent. Text is text: the customer reads what was typed, but for lists and Markdown, which would
//! be read with their marks.

use serde::{Deserialize, Serialize};

use super::markup;

/// How a text is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Lists and Markdown become plain lines; the rest is read as it was typed.
    #[default]
    Plain,
    /// All of it is read as it was typed.
    AsTyped,
    /// It is HTML already.
    Html,
}

impl Form {
    /// The body of a comment with this text.
    #[must_use]
    pub fn body(self, text: &str) -> String {
        match self {
            Self::Plain => markup::body(&markup::lines(text)),
            Self::AsTyped => markup::body(text),
            Self::Html => text.trim().to_owned(),
        }
    }

    /// What is said of a text that is not read as it was typed.
    #[must_use]
    pub fn changes(self, text: &str) -> Option<&'static str> {
        let changed = self == Self::Plain && markup::lines(text) != markup::broken(text).trim_end();
        changed.then_some("lists and Markdown are made plain lines (--as-typed keeps them)")
    }
}
