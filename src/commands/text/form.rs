//! The flags for the form in which a text is sent.

use crate::draft::Form;

/// The flags for the form of a text.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct FormArgs {
    /// Keep lists and Markdown as typed [default: make them plain lines]
    #[arg(long, conflicts_with = "html")]
    as_typed: bool,
    /// Send the text as HTML, unchanged
    #[arg(long)]
    html: bool,
}

impl FormArgs {
    /// The form that was asked for.
    #[must_use]
    pub const fn form(self) -> Form {
        match (self.html, self.as_typed) {
            (true, _) => Form::Html,
            (false, true) => Form::AsTyped,
            (false, false) => Form::Plain,
        }
    }
}
