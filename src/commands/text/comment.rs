//! A comment as it was typed, and as the API takes it.

use serde::{Deserialize, Serialize};

use super::{Drafted, Form};
use crate::api::resources::comments::NewComment;
use crate::draft::Wording;

/// A comment as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    /// Its headline.
    pub subject: String,
    /// Its text, with line breaks as typed.
    pub text: String,
    /// How it is sent.
    pub form: Form,
    /// Whether the customer cannot see it.
    pub hidden: bool,
    /// Whether it is mailed.
    pub email: bool,
    /// Who drafted it, if a model did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted: Option<Drafted>,
}

impl Prose {
    /// The comment as the API takes it; a hidden one is never mailed.
    #[must_use]
    pub fn to_comment(&self) -> NewComment {
        NewComment {
            subject: self.subject.trim().to_owned(),
            body: self.form.body(&self.text),
            hidden: self.hidden,
            do_not_email: self.hidden || !self.email,
            tech: None,
        }
    }

    /// Its text, for whoever edits it at the preview.
    #[must_use]
    pub fn wording(&self) -> Wording {
        Wording::of_comment(self.text.clone(), self.form, self.drafted.clone())
    }
}

/// What is done with a comment, for whoever writes it.
#[must_use]
pub const fn fate(hidden: bool, email: bool) -> &'static str {
    match (hidden, email) {
        (true, _) => "It is private: the customer cannot see it.",
        (false, true) => "It is emailed to the customer.",
        (false, false) => "It is public, and not emailed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_br_and_a_hidden_comment_is_never_mailed() {
        let mut prose = Prose {
            subject: " Update ".to_owned(),
            text: "\none  \ntwo\n\n- three\n".to_owned(),
            form: Form::Plain,
            hidden: false,
            email: true,
            drafted: None,
        };
        let comment = prose.to_comment();
        assert_eq!(comment.body, "one<br>two<br><br>- three");
        assert_eq!(comment.subject, "Update");
        assert!(!comment.do_not_email);
        prose.hidden = true;
        assert!(prose.to_comment().do_not_email);
    }
}
