//! `syncro timer`: time spent on tickets, charged or not. A file a verb.

pub mod list;

use crate::context::Context;
use crate::error::Result;

/// Timer entries of tickets
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer list 32175
  syncro timer list --mine")]
pub struct TimerArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
}

/// Runs `syncro timer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &TimerArgs) -> Result<()> {
    match &args.verb {
        Verb::List(args) => list::run(ctx, args).await,
    }
}
