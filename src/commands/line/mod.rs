//! `syncro line`: a ticket's line items, which wait there to be invoiced. A file a verb.

pub mod add;
pub mod list;
pub mod remove;
pub mod update;

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

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Add(add::AddArgs),
    Update(update::UpdateArgs),
    Remove(remove::RemoveArgs),
}

/// Runs `syncro line`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &LineArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Remove(args) => remove::run(ctx, args).await,
    }
}
