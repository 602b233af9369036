//! Where a text comes from: the flags for it, and what they give.

use std::path::{Path, PathBuf};

use super::{FormArgs, read};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::sanitise::is_unsafe;
use crate::ui::Ui;
use crate::workflow::Approval;

/// The text of a file, or of standard input for `-`, whatever system wrote it.
///
/// # Errors
/// Exit 2 when it cannot be read or is no text.
pub fn from(ui: &Ui, file: &Path) -> Result<String> {
    if file.as_os_str() == "-" {
        return read::standard_input(ui);
    }
    read::file(file)
}

/// The flags for a text; a command flattens them into its own.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ProseArgs {
    /// Text [default: open the editor]
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Read the text from a file (UTF-8, or UTF-16 with a byte order mark); - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "message")]
    pub file: Option<PathBuf>,
    /// Have the configured local model write the text from these notes; opens the editor
    #[arg(long, value_name = "NOTES", conflicts_with_all = ["message", "file"])]
    pub draft: Option<String>,
    /// Form of the text
    #[command(flatten)]
    pub form: FormArgs,
}

/// Where a text comes from, once the flags are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is here.
    Given(String),
    /// A model is to make it of these notes.
    Draft(String),
    /// Nobody has said; a person is to be asked.
    Missing,
}

impl ProseArgs {
    /// Reads what was given: `argument` is the text as an argument of its own, where a command has one; there, `-` is
    /// standard input.
    ///
    /// # Errors
    /// Exit 2 for a text that is empty or cannot be read, and for a draft that nobody would see before it is sent.
    pub fn source(
        &self,
        ctx: &Context,
        approval: &Approval,
        argument: Option<&str>,
    ) -> Result<Source> {
        if let Some(notes) = &self.draft {
            return draft(notes, approval);
        }
        let (text, whose) = match (argument, &self.message, &self.file) {
            (Some("-"), _, _) => (piped(ctx, approval)?, "standard input".to_owned()),
            (Some(text), _, _) => (text.to_owned(), "the argument".to_owned()),
            (None, Some(text), _) => (text.clone(), "-m".to_owned()),
            (None, None, Some(path)) if path.as_os_str() == "-" => {
                (piped(ctx, approval)?, "standard input".to_owned())
            }
            (None, None, Some(path)) => (read::file(path)?, path.display().to_string()),
            (None, None, None) => return Ok(Source::Missing),
        };
        if text.chars().all(|c| c.is_whitespace() || is_unsafe(c)) {
            return Err(Error::usage(format!("the text from {whose} is empty")));
        }
        Ok(Source::Given(text.replace("\r\n", "\n")))
    }
}

/// Standard input, which nobody can read a second time.
fn piped(ctx: &Context, approval: &Approval) -> Result<String> {
    let text = read::standard_input(ctx.ui())?;
    if !approval.is_dry_run() {
        ctx.texts().hold_early(&text, false);
    }
    Ok(text)
}

/// A draft needs somebody who reads it.
fn draft(notes: &str, approval: &Approval) -> Result<Source> {
    if notes.trim().is_empty() {
        return Err(Error::usage("--draft needs notes"));
    }
    if !approval.may_ask() && !approval.is_dry_run() {
        return Err(Error::usage(
            "--draft needs someone to review the draft, so it cannot be used with --yes or without a terminal",
        ).nothing_sent()
        .hint("use -m to pass the text, or --dry-run to see a draft"));
    }
    Ok(Source::Draft(notes.to_owned()))
}
