//! `syncro config`: the settings, as they are in force and as they are written. A file a verb; no verb sends a request.

pub mod get;
pub mod list;
mod read;
pub mod set;

use crate::config::Settings;
use crate::context::Start;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, show and change settings
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro config list
  syncro config get tickets.priority
  syncro config set tickets.priority \"1 High\"
  syncro config unset tickets.priority")]
pub struct ConfigArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Get(get::GetArgs),
    Set(set::SetArgs),
    Unset(set::UnsetArgs),
}

/// The settings as far as they can be read without account and key: what asks for a setting needs neither.
///
/// # Errors
/// Exit 10 when the configuration cannot be read.
pub fn settings(start: &Start) -> Result<Settings> {
    Ok(read::read(start)?.1)
}

/// Runs the verb that was typed.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(start: &Start, args: &ConfigArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(_) => list::run(start),
        Verb::Get(args) => get::run(start, args),
        Verb::Set(args) => set::set(start, args).await,
        Verb::Unset(args) => set::unset(start, args).await,
    }
}
