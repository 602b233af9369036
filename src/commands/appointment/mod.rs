//! `syncro appointment`: when somebody goes somewhere. A file a verb; moving one is a command of its own.

pub mod add;
pub mod calendar;
pub mod cancel;

use crate::context::Context;
use crate::error::Result;

/// Appointments: list, show, add, cancel
#[derive(Debug, Clone, clap::Args)]
pub struct AppointmentArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    Add(add::AddArgs),
    Cancel(cancel::CancelArgs),
}

/// Runs `syncro appointment`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AppointmentArgs) -> Result<()> {
    match &args.verb {
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Cancel(args) => cancel::run(ctx, args).await,
    }
}
