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
    /// What the line item beside it says was done, where there is one.
    pub line: Option<String>,
}

/// What stands before the line item's description where both are edited.
const LINE: &str = "Line item: ";

/// A text, below what the line item beside it says.
#[must_use]
fn below_its_line(line: &str, text: &str) -> String {
    format!("{LINE}{line}\n\n{text}")
}

/// What the line item says, where a text stands below it, and the text.
#[must_use]
pub fn without_its_line(edited: &str) -> (Option<&str>, &str) {
    let (first, rest) = edited.split_once('\n').unwrap_or((edited, ""));
    let (line, text) = match first.strip_prefix(LINE.trim_end()) {
        Some(line) => (Some(line.trim()).filter(|line| !line.is_empty()), rest),
        None => (None, edited),
    };
    (line, text.trim_matches('\n'))
}

impl Wording {
    /// That of a comment.
    #[must_use]
    pub const fn of_comment(text: String, form: Form, drafted: Option<Drafted>) -> Self {
        Self { text, field: "body", form: Some(form), drafted, line: None }
    }

    /// One that is sent in a field of its own.
    #[must_use]
    pub fn of_field(field: &'static str, text: &str) -> Self {
        Self { text: text.to_owned(), field, form: None, drafted: None, line: None }
    }

    /// What a line item says was done, where that is edited.
    #[must_use]
    pub fn of_line(&self) -> Option<&str> {
        self.line.as_deref().or_else(|| (self.field == "description").then_some(self.text.as_str()))
    }

    /// What is edited: the text, below the line item's description where there is one.
    #[must_use]
    pub fn editable(&self) -> String {
        match &self.line {
            Some(line) => below_its_line(line, &self.text),
            None => self.text.clone(),
        }
    }

    /// The same as a person has edited it. What nothing is left of stays as it was.
    #[must_use]
    pub fn reworded(&self, edited: &str) -> Self {
        let (line, text) = match &self.line {
            Some(old) => {
                let (line, text) = without_its_line(edited);
                (Some(line.map_or_else(|| old.clone(), str::to_owned)), text)
            }
            None => (None, edited.trim_matches('\n')),
        };
        if text.trim().is_empty() || text == self.text {
            return Self { line, ..self.clone() };
        }
        let edited = |drafted: Drafted| Drafted { edited: true, ..drafted };
        let drafted = self.drafted.clone().map(edited);
        Self { text: text.to_owned(), drafted, line, ..self.clone() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_line_are_edited_in_one_file() {
        let of = |text: &str, line: Option<&str>| Wording {
            line: line.map(str::to_owned),
            ..Wording::of_comment(text.to_owned(), Form::Plain, None)
        };
        let both = of("Hi,\nfixed.", Some("fixed."));
        assert_eq!(both.editable(), "Line item: fixed.\n\nHi,\nfixed.");
        assert_eq!(both.reworded(&both.editable()), both);
        for (edited, text, line) in [
            ("Line item: Till\n\nHi,\nfixed.", "Hi,\nfixed.", "Till"),
            ("Line item:\n\nMended.", "Mended.", "fixed."),
            ("Line item: Till", "Hi,\nfixed.", "Till"),
            ("Mended.", "Mended.", "fixed."),
        ] {
            assert_eq!(both.reworded(edited), of(text, Some(line)), "{edited}");
        }
        let alone = of("Line item: 3 is gone", None);
        assert_eq!(alone.reworded("Line item: 4 is gone"), of("Line item: 4 is gone", None));
    }
}
