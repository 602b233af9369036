//! What stands for the confirmation of a run: a person at a terminal, or a flag.

use crate::context::Context;
use crate::write::Mode;

/// What stands for the confirmation of this run.
#[derive(Debug, Clone, Copy)]
pub struct Approval {
    mode: Mode,
    dry_run: bool,
    may_ask: bool,
}

impl Approval {
    /// By flags and terminal. When nobody could confirm, the command is refused at its first request, so that what is wrong
    /// with its values is said first.
    #[must_use]
    pub fn of(ctx: &Context) -> Self {
        let approval = Self::of_change(ctx);
        if !approval.may_confirm() {
            ctx.cannot_confirm();
        }
        approval
    }

    /// The same for a change of what is there: only its reads show whether there is anything to confirm, so that the command
    /// is refused after them.
    #[must_use]
    pub fn of_change(ctx: &Context) -> Self {
        let run = ctx.how();
        Self {
            mode: if run.yes { Mode::Yes } else { Mode::Ask },
            dry_run: run.dry_run,
            may_ask: ctx.ui().is_interactive() && !run.yes,
        }
    }

    /// Whether anything confirms what would be written, or nothing is.
    #[must_use]
    pub fn may_confirm(&self) -> bool {
        self.may_ask || self.dry_run || self.mode == Mode::Yes
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
