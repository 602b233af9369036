//! `syncro appointment`: who goes where and when. A file a verb; moving one is a command of its own.

pub mod add;
pub mod cancel;
pub mod find;
pub mod list;
pub mod show;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, show, add and cancel appointments
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment list --mine
  syncro appointment list --date \"next week\" --customer Mossgate
  syncro appointment show 5560900000")]
pub struct AppointmentArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

impl AppointmentArgs {
    /// Whether it only shows them.
    #[must_use]
    pub fn reads(&self) -> bool {
        matches!(*self.verb, Verb::List(_) | Verb::Show(_))
    }
}

verbs! {
    AppointmentArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
    Add(add::AddArgs) => add::run,
    Cancel(cancel::CancelArgs) => cancel::run,
}
