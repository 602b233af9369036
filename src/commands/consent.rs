//! The yes to what changes something on this machine alone: nothing is sent, so that no plan is made.

use crate::context::Start;
use crate::error::{Error, Result};

/// Asks a person, unless `--yes` has answered.
///
/// # Errors
/// Exit 9 for no, 2 without terminal and `--yes`; those of the prompt.
pub(super) async fn confirm(start: &Start, question: &'static str) -> Result<()> {
    if start.run.yes {
        return Ok(());
    }
    if !start.ui.is_interactive() {
        return Err(Error::unconfirmed().nothing_written());
    }
    match start.blocking(move |ui| ui.ask_question(question)).await? {
        true => Ok(()),
        false => Err(Error::cancelled()),
    }
}
