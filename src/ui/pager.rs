//! Pages that are taller than the screen, through the person's own pager. They are kept until the command is done, so that
//! nothing waits for whoever reads; a pager that is left early is a quiet end.

use std::io::{ErrorKind, Write as _};
use std::process::Stdio;
use std::sync::PoisonError;

use super::interrupt::with_program;
use super::terminal::{Modal, Ui};
use super::words::{set, words};
use crate::error::{Error, Kind, Result};
use crate::programs::{self, Programs};
use crate::render::without_links;

/// What is used where no pager was chosen: it ends by itself with a page that fits, keeps colors, and leaves the page on
/// the screen.
const LESS: &str = "FRX";

impl Ui {
    /// Writes a page to stdout: at the end of the command, through a pager, where it is a terminal's and taller than that.
    ///
    /// # Errors
    /// As for [`Ui::stdout`].
    pub fn page(&self, text: &str) -> Result<()> {
        if self.width().is_none() || self.flags().no_pager {
            return self.stdout(text);
        }
        self.keep(text);
        Ok(())
    }

    /// Keeps a text that comes after a page, so that it is shown below it; says whether it did.
    pub(super) fn follows_page(&self, text: &str) -> bool {
        let has_page = !self.0.page.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if has_page {
            self.keep(text);
        }
        has_page
    }

    fn keep(&self, text: &str) {
        self.clear_status();
        let mut page = self.0.page.lock().unwrap_or_else(PoisonError::into_inner);
        page.push_str(text);
        if !text.is_empty() && !text.ends_with('\n') {
            page.push('\n');
        }
    }

    /// Shows the page that was kept, if one was, and nobody has ended the program.
    ///
    /// # Errors
    /// As for [`Ui::stdout`]; exit 130 where a signal ends the pager.
    pub fn show_page(&self) -> Result<()> {
        if self.ended_by().is_some() {
            return Ok(());
        }
        let page = std::mem::take(&mut *self.0.page.lock().unwrap_or_else(PoisonError::into_inner));
        let is_tall = self.0.terminal.rows.is_some_and(|rows| page.lines().count() >= rows);
        let pager = if is_tall { chosen() } else { None };
        match pager.as_deref() {
            Some([program, args @ ..]) => self.through(program, args, &page),
            _ => self.screen().write_out(&page),
        }
    }

    fn through(&self, program: &str, args: &[String], page: &str) -> Result<()> {
        let _modal = self.enter(Modal::Editor);
        let mut command = programs::command(program);
        command.args(args).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", LESS);
        }
        let mut pager = match command.spawn() {
            Ok(pager) => pager,
            Err(error) => {
                let why = error.kind();
                self.note(&format!(
                    "cannot run the pager \"{program}\" ({why}); set SYNCRO_PAGER, or use --no-pager"
                ));
                return self.screen().write_out(page);
            }
        };
        // Closed behind the text: the pager waits for its end.
        // Older ones show links as they are written.
        let page = without_links(page);
        let (written, ended) = with_program(self, pager.id(), || {
            let pipe = pager.stdin.take();
            let written = pipe.map_or(Ok(()), |mut pipe| pipe.write_all(page.as_bytes()));
            (written, pager.wait())
        });
        if self.ended_by().is_some() {
            return Err(Error::interrupted());
        }
        match written.and(ended.map(drop)) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let text = format!("the pager \"{program}\" failed: {}", error.kind());
                Err(Error::new(Kind::Failure, text))
            }
            _ => Ok(()),
        }
    }
}

/// The pager's words: `SYNCRO_PAGER`, else `PAGER`, else `less` where there is one. Nothing where none is wanted.
fn chosen() -> Option<Vec<String>> {
    match set("SYNCRO_PAGER").or_else(|| set("PAGER")) {
        Some(typed) => words(&typed).filter(|words| !words.is_empty() && *words != ["cat"]),
        // It would say that the terminal is not fully functional, and wait.
        None if set("TERM").as_deref() == Some("dumb") => None,
        None => {
            let less = Programs::of_process().find("less");
            less.map(|_| vec!["less".to_owned(), format!("-{LESS}")])
        }
    }
}
