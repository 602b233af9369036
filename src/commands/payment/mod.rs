//! `syncro payment`: what customers have paid. A file a verb.

pub mod add;
pub mod list;
pub mod received;
pub mod show;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, show and add payments
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro payment list --since 30d
  syncro payment show 61200001
  syncro payment add 67409 --full --method Check")]
pub struct PaymentArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

verbs! {
    PaymentArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
    Add(add::AddArgs) => add::run,
}
