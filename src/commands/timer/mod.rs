//! `syncro timer`: time spent on tickets, charged or not. A file a verb.

pub mod add;
pub mod charge;
pub mod delete;
mod entry;
pub mod list;
pub mod start;
pub mod stop;
pub mod update;

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

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Start(start::StartArgs),
    Stop(stop::StopArgs),
    Add(add::AddArgs),
    Update(update::UpdateArgs),
    Charge(charge::ChargeArgs),
    Delete(delete::DeleteArgs),
}

/// Runs `syncro timer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &TimerArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Start(args) => start::run(ctx, args).await,
        Verb::Stop(args) => stop::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Charge(args) => charge::run(ctx, args).await,
        Verb::Delete(args) => delete::run(ctx, args).await,
    }
}
