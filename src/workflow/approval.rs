//! What stands for the confirmation of a run: a person at a terminal, or a flag.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::write::Mode;

/// What stands for the confirmation of this run.
#[derive(Debug, Clone, Copy)]
pub struct Approval {
    mode: Mode,
    dry_run: bool,
    may_ask: bool,
}

impl Approval {
    /// By flags and terminal; refused before the first request when nobody could confirm.
    ///
    /// # Errors
    /// Exit 2 without terminal, `--yes` and `--dry-run`.
    pub fn of(ctx: &Context) -> Result<Self> {
        let run = ctx.how();
        let terminal = ctx.ui().is_interactive();
        if !terminal && !run.yes && !run.dry_run {
            return Err(Error::usage("cannot ask for confirmation without a terminal")
                .nothing_sent()
                .hint("use --yes to confirm, or --dry-run to preview"));
        }
        Ok(Self {
            mode: if run.yes { Mode::Yes } else { Mode::Ask },
            dry_run: run.dry_run,
            may_ask: terminal && !run.yes,
        })
    }

    /// Prompt or `--yes`.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether nothing is to be sent.
    #[must_use]
    pub const fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        self.may_ask
    }
}
