//! The flags of a comment besides its text, alike in all commands that write one.

use crate::error::{Error, Result};

/// What a comment is besides its text, as it was typed; a command flattens them into its own.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CommentFlags {
    /// Comment subject [default: Update, or Resolution when closing]
    #[arg(long, value_name = "TEXT")]
    pub subject: Option<String>,
    /// Make the comment private: the customer cannot see it and gets no email
    #[arg(long, alias = "private")]
    pub hidden: bool,
    /// Make the comment public, but do not email it
    #[arg(long)]
    pub no_email: bool,
}

impl CommentFlags {
    /// The flags of a comment, its text's among them: none of them goes with no comment.
    pub const ALL: [&str; 6] = ["message", "file", "draft", "subject", "hidden", "no_email"];

    /// That they can be meant.
    ///
    /// # Errors
    /// Exit 2 for a subject of several lines, or of none.
    pub fn check(&self) -> Result<()> {
        one_line("--subject", self.subject.as_deref())
    }
}

/// That what was typed after a flag is one line.
///
/// # Errors
/// Exit 2 for several, or none.
pub fn one_line(flag: &str, typed: Option<&str>) -> Result<()> {
    let typed = typed.unwrap_or("-");
    if typed.trim().is_empty() || typed.contains(['\n', '\r']) {
        return Err(Error::usage(format!("{flag} must be one line and not empty")));
    }
    Ok(())
}
