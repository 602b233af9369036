//! The outcome of a plan: each step's fate, what was made, what went wrong. Values only; the report is made of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::plan::{Plan, PlanId};
use super::reasons::{Changed, Failure, Warning, Why};
use super::state::StepState;
use super::step::Step;
use crate::error::{Error, Kind};

/// Why it is not known whether a step landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why no answer tells; none where Syncro said yes.
    pub why: Option<Why>,
    /// What looking for it has shown.
    pub shown: Shown,
}

/// What looking for a step in doubt has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Nothing of it.
    Nothing,
    /// New records, or a charged timer, that may or may not be its own.
    Perhaps(Vec<u64>),
    /// No look came through.
    Failed(String),
    /// There is nothing to look at.
    Unverifiable,
}

/// Why an execution ended before its end.
#[derive(Debug, Clone, PartialEq)]
pub enum StopReason {
    /// The API said no.
    Refused {
        /// The status.
        status: u16,
        /// The API's own words.
        message: String,
    },
    /// 404, in words that are not the API's, and nothing has landed: an account may lack what was asked for.
    NotFoundPage(String),
    /// 429, three times.
    RateLimited(String),
    /// The connection could not be made, twice.
    NeverLeft(String),
    /// A step may or may not have landed.
    Unconfirmed(Doubt),
    /// A read before sending failed.
    Unread(Error),
    /// Something is not as it was previewed.
    Changed(Changed),
    /// What landed is not what was planned.
    CheckFailed(Failure),
    /// More than one record where one was sent.
    Duplicate(Vec<u64>),
    /// Ctrl-C.
    Interrupted,
    /// The journal could not be written before sending.
    NoJournal(Error),
    /// The journal could not be written after sending.
    JournalLost(Error),
}

impl StopReason {
    /// Whether the step itself failed, rather than being left undone or in doubt.
    const fn is_failure(&self) -> bool {
        match self {
            Self::CheckFailed(failure) => {
                !matches!(failure, Failure::Unclear(..) | Failure::Charged(_))
            }
            Self::Duplicate(_)
            | Self::Refused { .. }
            | Self::NotFoundPage(_)
            | Self::RateLimited(_)
            | Self::NeverLeft(_) => true,
            _ => false,
        }
    }
}

/// What became of one step, in the words of `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Landed, and a GET has shown it.
    Done,
    /// Found by looking, not named by an answer.
    Adopted,
    /// It may have landed.
    Unconfirmed,
    /// It did not land, or not as planned.
    Failed,
    /// Nothing was sent.
    NotSent,
}

impl StepOutcome {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Adopted => "adopted",
            Self::Unconfirmed => "unconfirmed",
            Self::Failed => "failed",
            Self::NotSent => "not_sent",
        }
    }
}

/// Records as the API's GETs showed them, for `--json`.
#[derive(Debug, Clone, Default)]
pub struct CreatedRecords {
    /// The records by the member that shows them: one, or a list where the member ends in "s". A ticket that steps were
    /// looked for on is among them, as it was seen last.
    pub records: BTreeMap<String, Vec<Value>>,
    /// Prepaid hours before and after the invoice.
    pub prepaid: Option<(Decimal, Decimal)>,
    /// The API's answer to what no GET shows.
    pub answer: Option<Value>,
    /// The API's latest yes, whole.
    pub last: Option<Value>,
}

impl CreatedRecords {
    /// The record of a member that is no list.
    pub fn one(&self, member: &str) -> Option<&Value> {
        self.records.get(member)?.last()
    }
}

/// What became of a plan.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The plan.
    pub plan: Plan,
    /// What is known of each step.
    pub states: Vec<StepState>,
    /// Why it ended early, and at which step.
    pub stopped: Option<(usize, StopReason)>,
    /// What does not stop anything but should be seen.
    pub warnings: Vec<Warning>,
    /// The records.
    pub made: CreatedRecords,
    /// Why nothing can repair it, where that was found out.
    pub no_repair: Option<String>,
}

impl Outcome {
    /// What became of step `index`.
    pub fn fate(&self, index: usize) -> StepOutcome {
        let stopped = self.stopped.as_ref().filter(|(at, _)| *at == index).map(|(_, stop)| stop);
        match (self.states.get(index), stopped) {
            (Some(StepState::Unknown { .. }), Some(StopReason::Duplicate(_))) => {
                StepOutcome::Failed
            }
            (Some(StepState::Unknown { .. }), _) => StepOutcome::Unconfirmed,
            (_, Some(stop)) if stop.is_failure() => StepOutcome::Failed,
            (None | Some(StepState::NotSent), _) => StepOutcome::NotSent,
            (Some(StepState::Landed { .. }), _) => StepOutcome::Unconfirmed,
            (Some(StepState::Checked { adopted: true, .. }), _) => StepOutcome::Adopted,
            (Some(StepState::Checked { adopted: false, .. }), _) => StepOutcome::Done,
        }
    }

    fn unconfirmed(&self) -> bool {
        (0..self.states.len()).any(|index| self.fate(index) == StepOutcome::Unconfirmed)
    }

    /// The record that the step of this name has made, or found made.
    pub fn id_of(&self, step: &str) -> Option<u64> {
        let steps = self.plan.steps.iter().zip(&self.states);
        steps.filter(|(planned, _)| planned.name == step).find_map(|(_, state)| state.id())
    }

    /// The step of a request that the API has answered as if there were no such thing, before anything was written.
    pub fn not_found(&self) -> Option<&Step> {
        match &self.stopped {
            Some((at, StopReason::Refused { status: 404, .. })) if !self.has_traces() => {
                self.plan.steps.get(*at)
            }
            _ => None,
        }
    }

    /// The path of that request.
    pub fn path_not_found(&self) -> Option<&str> {
        self.not_found().map(|step| step.request.path.as_str())
    }

    /// Whether something was written or may have been.
    pub fn has_traces(&self) -> bool {
        self.states.iter().any(|state| *state != StepState::NotSent)
    }

    /// The plan that this one has replaced: only once it has written something, or the old one is still to be finished.
    pub fn supersedes(&self) -> Option<PlanId> {
        self.plan.supersedes.clone().filter(|_| self.has_traces())
    }

    /// Whether the plan stays in the journal for `syncro resume`.
    pub fn is_pending(&self) -> bool {
        match &self.stopped {
            None => false,
            // Confirmed, refused only for the moment: worth finishing.
            Some((_, StopReason::RateLimited(_))) => true,
            Some((_, StopReason::CheckFailed(failure))) if failure.is_final() => self.is_left(),
            Some(_) => self.has_traces(),
        }
    }

    /// Whether a step is left that no GET has shown.
    fn is_left(&self) -> bool {
        self.states.iter().any(|state| !matches!(state, StepState::Checked { .. }))
    }

    /// The kind of failure, if it is one.
    pub fn kind(&self) -> Option<Kind> {
        let (_, stop) = self.stopped.as_ref()?;
        Some(match stop {
            StopReason::Interrupted => Kind::Interrupted,
            StopReason::Duplicate(_) => Kind::Failure,
            StopReason::Unconfirmed(_) | StopReason::JournalLost(_) => Kind::Unconfirmed,
            _ if self.unconfirmed() => Kind::Unconfirmed,
            StopReason::CheckFailed(_) => Kind::Failure,
            StopReason::Refused { status: 401 | 403, .. } => Kind::NotAuthorised,
            StopReason::Refused { status: 404, .. } | StopReason::NotFoundPage(_) => Kind::NotFound,
            StopReason::Refused { .. } | StopReason::Changed(_) => Kind::Refused,
            StopReason::RateLimited(_) => Kind::RateLimited,
            StopReason::NeverLeft(_) => Kind::Unavailable,
            // Something was sent before, and how far it got can no longer be noted.
            StopReason::NoJournal(_) if self.has_traces() => Kind::Unconfirmed,
            StopReason::Unread(error) | StopReason::NoJournal(error) => error.kind,
        })
    }

    /// The word of `--json` for the whole.
    pub fn word(&self) -> &'static str {
        match self.kind() {
            None => "done",
            Some(Kind::Unconfirmed) => "unconfirmed",
            Some(Kind::Cancelled) => "cancelled",
            Some(Kind::Interrupted) if self.unconfirmed() => "unconfirmed",
            Some(Kind::Interrupted) => "cancelled",
            Some(_) => "failed",
        }
    }
}
