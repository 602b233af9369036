//! The one door for writes. A write is a value (`Plan`), which is shown and confirmed (`confirm`), noted
//! (`journal`), sent once and looked at (`execute`), and finished later if it was cut off. Nothing else sends:
//! the sender asks for a `Permit`, and only a confirmation makes one.

mod check;
mod checks;
mod collection;
mod confirm;
mod effect;
mod execute;
pub mod journal;
mod matching;
mod noun;
mod outcome;
mod plan;
mod precondition;
mod prepare;
mod preview;
mod read_set;
mod reasons;
mod record;
mod records;
mod rounding;
mod send;
mod settle;
mod snapshot;
mod state;
mod step;
mod story;
mod verify;
mod which;

pub use crate::api::fields::at as field_at;
pub use crate::api::same::{same as same_value, text as normal_text};
pub use crate::billing::contents::{Contents, KnownLine};
pub use check::{Check, MayBeRounded};
pub use collection::{BACK, Baseline, Collection, Owner, lately};
pub use confirm::{Confirmed, Confirmer, Gathered, Mode, Permit, Reply, confirm, confirm_or_edit};
pub use effect::Effect;
pub use execute::{Engine, Notice, Prompter, Question};
pub use journal::{Doing, Found, Journal, JournalError, Journals, Unread};
pub use matching::{MatchContext, Observation};
pub use noun::Noun;
pub use outcome::{CreatedRecords, Doubt, Outcome, Shown, StepOutcome, StopReason};
pub use plan::{Account, Plan, PlanId, Scope};
pub use precondition::Precondition;
pub use preview::{LineKind, Preview};
pub use read_set::ReadSet;
pub use reasons::{Changed, Failure, Rounded, Warning, Why};
pub(crate) use record::is_yes;
pub use record::{Conflict, Difference, Field, FieldKind, shown as field_shown};
pub use records::{RecordId, RecordRef};
pub use snapshot::{RetryPolicy, Snapshot, snapshot, whole};
pub use state::{Clock, StepState};
pub use step::{Request, Step};
pub use story::Story;
pub use verify::changed_since;
pub use which::Which;
