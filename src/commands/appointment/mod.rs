//! `syncro appointment`: who goes where and when. A file a verb; moving one is a command of its own.

pub mod add;
pub mod cancel;
pub mod list;
pub mod show;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, show, add and cancel appointments
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment list --mine
  syncro appointment list --date \"next week\" --customer Mossgate
  syncro appointment show 5560900001")]
pub struct AppointmentArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Add(add::AddArgs),
    Cancel(cancel::CancelArgs),
}

/// Runs `syncro appointment`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AppointmentArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Cancel(args) => cancel::run(ctx, args).await,
    }
}
