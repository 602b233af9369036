//! What is removed for good is named again first: on a terminal by typing it, in a script by a flag. One rule for all that
//! is severe.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::article;
use crate::ui::Ui;
use crate::workflow::Approval;
use crate::write::Mode;

/// What is to be removed, and what of it is typed again.
pub(crate) struct Again<'a> {
    /// "ticket".
    pub(crate) noun: &'a str,
    /// "number" or "name", which is the flag's name, too; "id" of what has no name.
    pub(crate) what: &'a str,
    /// The flag that says it in a script.
    pub(crate) flag: &'a str,
    /// What it says.
    pub(crate) is: &'a str,
    /// Shown before the question.
    pub(crate) heading: String,
}

impl Again<'_> {
    /// Has it typed again, where no flag has said it: `given`.
    ///
    /// # Errors
    /// Exit 2 without it in a script, and for another one; exit 9 for another one on a terminal.
    pub(crate) async fn confirm(
        &self,
        ctx: &Context,
        approval: &Approval,
        given: Option<&str>,
    ) -> Result<()> {
        let (noun, flag) = (self.noun, self.flag);
        match given {
            Some(given) if self.is_it(given) => Ok(()),
            Some(_) => {
                let text = format!("--{flag} does not match {noun} {}", self.shown());
                Err(Error::usage(text).nothing_written())
            }
            None if approval.is_dry_run() => Ok(()),
            None if approval.mode() == Mode::Ask => self.ask(ctx).await,
            None => Err(self.alone()),
        }
    }

    /// The refusal of `--yes` without it.
    pub(crate) fn alone(&self) -> Error {
        let (noun, flag) = (self.noun, self.flag);
        let is =
            if self.is.contains(' ') { format!("\"{}\"", self.is) } else { self.is.to_owned() };
        Error::usage(format!("--yes alone does not delete {}", article(noun)))
            .nothing_written()
            .hint(format!("to proceed anyway: --yes --{flag} {is}"))
    }

    /// Asks for it, beside what it is the name of.
    ///
    /// # Errors
    /// Exit 9 for another one.
    pub(crate) async fn ask(&self, ctx: &Context) -> Result<()> {
        ctx.ui().note(&self.heading);
        let (noun, what) = (self.noun, self.what);
        let question = format!("Type the {noun} {what} to delete it (Enter to cancel)");
        let ask = move |ui: &Ui| ui.input(&question, None, |typed| Ok(typed.to_owned()));
        let typed = ctx.blocking(ask).await?;
        match typed.trim() {
            typed if self.is_it(typed) => Ok(()),
            "" => Err(Error::cancelled()),
            _ => Err(Error::cancelled_as(format!("the {what} does not match"))),
        }
    }

    fn is_it(&self, typed: &str) -> bool {
        let typed = typed.trim();
        let typed = if self.what == "number" { typed.trim_start_matches('#') } else { typed };
        !typed.is_empty() && typed == self.is.trim()
    }

    fn shown(&self) -> String {
        match self.what {
            "number" => format!("#{}", self.is),
            _ => self.is.to_owned(),
        }
    }
}
