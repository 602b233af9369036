//! The confirmation: the only place where a [`Confirmed`] plan is made, and with it the [`Permit`] that the sender
//! asks for. A plan that nobody has confirmed cannot be sent, because nothing else makes either type.

use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;

use super::plan::Plan;
use super::reasons::Changed;
use crate::error::{Error, Result};

/// Shown to the sender with each write; made only with a [`Confirmed`].
///
/// ```compile_fail
/// let permit = syncro::write::Permit(());
/// ```
#[derive(Debug)]
pub struct Permit(());

impl Permit {
    /// For the tests of the sender, which no person confirms.
    #[cfg(test)]
    pub(crate) const fn for_tests() -> Self {
        Self(())
    }
}

/// A plan with the moment at which all that it rests on was read.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The plan.
    pub plan: Plan,
    /// When the first of its reads began.
    pub at: Instant,
}

/// A plan that a person, or `--yes`, has confirmed after it was previewed.
///
/// ```compile_fail
/// fn seal(plan: syncro::write::Plan) -> syncro::write::Confirmed {
///     syncro::write::Confirmed { plan }
/// }
/// ```
#[derive(Debug)]
#[must_use = "a confirmed plan that is not executed was confirmed for nothing"]
pub struct Confirmed {
    pub(super) plan: Plan,
    pub(super) gathered_at: Instant,
    /// Whether a person thought it over since then, or another process wrote: what it rests on is read once more, however little time that took.
    pub(super) answered: bool,
    pub(super) permit: Permit,
}

impl Confirmed {
    /// The plan.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// When the first read began of all that it rests on.
    #[must_use]
    pub const fn gathered_at(&self) -> Instant {
        self.gathered_at
    }

    /// The same, where that may have changed since then, however short that is ago.
    pub fn to_be_read_again(self) -> Self {
        Self { answered: true, ..self }
    }
}

/// What a person says to a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Go on.
    Yes,
    /// Stop here.
    No,
    /// Show the exact payloads, then ask again.
    Payloads,
    /// Change the text, and plan anew.
    Edit,
}

/// Whoever shows previews and asks.
pub trait Confirmer {
    /// Shows the plan; `again` when something in it has changed since it was last shown.
    fn preview(&self, plan: &Plan, again: bool);
    /// Shows what exactly would be sent.
    fn payloads(&self, plan: &Plan);
    /// Asks; `Ok(Reply::Yes)` only if a person said so.
    ///
    /// # Errors
    /// When there is nobody to ask, or Ctrl-C.
    fn ask<'a>(&'a self, plan: &'a Plan) -> LocalBoxFuture<'a, Result<Reply>>;
}

/// What stands for the confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A prompt on a terminal.
    Ask,
    /// `--yes`.
    Yes,
}

/// Previews a plan and has it confirmed. What it rests on is gathered again when that is older than `fresh` by
/// the time of the answer; if the preview would differ it is shown and asked again, or, with `--yes`, refused.
///
/// # Errors
/// Exit 9 for No, 130 for Ctrl-C, 5 when with `--yes` the second gathering differs, and those of `gather`.
pub async fn confirm<'a>(
    confirmer: &dyn Confirmer,
    mode: Mode,
    gathered: Gathered,
    gather: &dyn Fn() -> LocalBoxFuture<'a, Result<Gathered>>,
    fresh: Duration,
) -> Result<Confirmed> {
    confirm_or_edit(confirmer, mode, gathered, gather, fresh).await?.ok_or_else(Error::cancelled)
}

/// The same for a plan whose text may be edited; nothing where that is wanted.
///
/// # Errors
/// As for [`confirm`].
pub async fn confirm_or_edit<'a>(
    confirmer: &dyn Confirmer,
    mode: Mode,
    mut gathered: Gathered,
    gather: &dyn Fn() -> LocalBoxFuture<'a, Result<Gathered>>,
    fresh: Duration,
) -> Result<Option<Confirmed>> {
    confirmer.preview(&gathered.plan, false);
    loop {
        if mode == Mode::Ask {
            match confirmer.ask(&gathered.plan).await? {
                Reply::Yes => {}
                Reply::Payloads => {
                    confirmer.payloads(&gathered.plan);
                    continue;
                }
                Reply::Edit => return Ok(None),
                Reply::No => return Err(Error::cancelled()),
            }
        }
        if gathered.at.elapsed() <= fresh {
            return Ok(Some(sealed(gathered, mode == Mode::Ask)));
        }
        let mut again = gather().await?;
        if again.plan.same_as(&gathered.plan) {
            // The name in the journal stays the one that was shown.
            again.plan.id = gathered.plan.id;
            return Ok(Some(sealed(again, false)));
        }
        if mode == Mode::Yes {
            return Err(Changed::Meanwhile.into());
        }
        gathered = again;
        confirmer.preview(&gathered.plan, true);
    }
}

fn sealed(gathered: Gathered, answered: bool) -> Confirmed {
    Confirmed { plan: gathered.plan, gathered_at: gathered.at, answered, permit: Permit(()) }
}
