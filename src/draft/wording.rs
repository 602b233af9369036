//! A text that a person wrote or a model drafted, with the form in which it is sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Form;

/// Who drafted a text, for the preview: `Drafted by qwen3:14b on localhost:11434, edited by you`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The model.
    pub model: String,
    /// Where it runs.
    pub host: String,
    /// Whether a person changed it.
    pub edited: bool,
}

impl fmt::Display for Drafted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let edited = if self.edited { "edited by you" } else { "not edited" };
        write!(f, "Drafted by {} on {}, {edited}", self.model, self.host)
    }
}

/// A text as it was typed, and how it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The text, with line breaks as typed.
    pub text: String,
    /// The field of a request that it is sent in.
    pub field: &'static str,
    /// How it is sent; as it is, where nothing is said.
    pub form: Option<Form>,
    /// Who drafted it, if a model did.
    pub drafted: Option<Drafted>,
}

impl Wording {
    /// That of a comment.
    #[must_use]
    pub const fn of_comment(text: String, form: Form, drafted: Option<Drafted>) -> Self {
        Self { text, field: "body", form: Some(form), drafted }
    }

    /// One that is sent in a field of its own.
    #[must_use]
    pub fn of_field(field: &'static str, text: &str) -> Self {
        Self { text: text.to_owned(), field, form: None, drafted: None }
    }

    /// The same with another text, which a person wrote.
    #[must_use]
    pub fn reworded(&self, text: &str) -> Self {
        let edited = |drafted: Drafted| Drafted { edited: true, ..drafted };
        let drafted = self.drafted.clone().map(edited);
        Self { text: text.to_owned(), drafted, ..self.clone() }
    }

    /// What its form makes of it, for the preview.
    #[must_use]
    pub fn changes(&self) -> Option<&'static str> {
        self.form.and_then(|form| form.changes(&self.text))
    }

    /// What is sent.
    #[must_use]
    pub fn body(&self) -> String {
        self.form.map_or_else(|| self.text.clone(), |form| form.body(&self.text))
    }
}
