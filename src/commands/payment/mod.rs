//! `syncro payment`: what customers have paid. A file a verb.

pub mod add;
pub mod list;
pub mod show;

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

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Add(add::AddArgs),
}

/// Runs `syncro payment`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &PaymentArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
    }
}
