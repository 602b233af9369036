//! `syncro timer`: time spent on tickets, charged or not. A file a verb.

pub mod add;
pub mod charge;
pub mod delete;
mod entry;
pub mod list;
mod live;
pub mod pause;
pub mod start;
pub mod stop;
pub mod update;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// Start, stop, add and charge time on tickets
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer start 32181 --labor remote
  syncro timer stop 32181 --notes \"Copied the layout back\"
  syncro timer add 32181 --minutes 45 --start \"yesterday 14:00\" --labor remote
  syncro timer charge 32168 --all
  syncro timer list --mine")]
pub struct TimerArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

impl TimerArgs {
    /// Whether it only shows entries.
    #[must_use]
    pub fn reads(&self) -> bool {
        matches!(*self.verb, Verb::List(_))
    }
}

verbs! {
    TimerArgs:
    List(list::ListArgs) => list::run,
    Start(start::StartArgs) => start::run,
    Stop(stop::StopArgs) => stop::run,
    Pause(pause::PauseArgs) => pause::pause,
    Resume(pause::ResumeArgs) => pause::resume,
    Add(add::AddArgs) => add::run,
    Update(update::UpdateArgs) => update::run,
    Charge(charge::ChargeArgs) => charge::run,
    Delete(delete::DeleteArgs) => delete::run,
}
