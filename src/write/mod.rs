//! The one door for writes. A write is a value (`Plan`), which is shown and confirmed (`confirm`), noted
//! (`journal`), sent once and looked at (`execute`), and finished later if it was cut off. Nothing else sends:
//! the sender asks for a `Permit`, and only a confirmation makes one.

mod checks;
mod confirm;
mod effect;
mod execute;
pub mod journal;
mod lock;
mod normal;
mod outcome;
mod place;
mod plan;
mod precondition;
mod record;
mod settle;
mod snapshot;
mod state;
mod verify;

pub use crate::api::fields::at as field_at;
pub use confirm::{Confirmed, Confirmer, Gathered, Mode, Permit, Reply, confirm};
pub use effect::{Effect, KnownLine, MatchContext, Observation, same_comment};
pub use execute::{Engine, Prompter};
pub use journal::{Found, Journal, Journals, Story};
pub use lock::TicketLock;
pub use normal::{same as same_value, text as normal_text};
pub use outcome::{
    CreatedRecords, Failure, Outcome, StepOutcome, StopReason, several_json, unsent_json,
};
pub use place::{Pool, RecordId, RecordRef, Space};
pub use plan::{Account, Baseline, Plan, PlanId, Request, Scope, Step};
pub use precondition::Precondition;
pub use record::{Change, Field, ReadAs, shown as field_shown};
pub use snapshot::{ReadSet, RetryPolicy, Snapshot, look, whole};
pub use state::{Clock, StepState};
