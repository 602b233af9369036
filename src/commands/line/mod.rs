//! `syncro line`: a ticket's line items, which wait there to be invoiced. A file a verb.

pub mod add;
pub mod list;
pub mod remove;
pub mod update;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, add, change and remove a ticket's line items
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line list 32178
  syncro line add 32178 --labor remote --minutes 30")]
pub struct LineArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

verbs! {
    LineArgs:
    List(list::ListArgs) => list::run,
    Add(add::AddArgs) => add::run,
    Update(update::UpdateArgs) => update::run,
    Remove(remove::RemoveArgs) => remove::run,
}
