//! `syncro contact`: the people at customers. A file a verb.

mod about;
pub mod create;
mod find;
pub mod list;
pub mod show;
pub mod update;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// Manage customer contacts
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact list --customer Quillfeather
  syncro contact show \"Imelda Quill\"")]
pub struct ContactArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(update::UpdateArgs),
    Disable(update::DisableArgs),
    Delete(update::DeleteArgs),
}

/// Runs `syncro contact`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ContactArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Disable(args) => update::disable(ctx, args).await,
        Verb::Delete(args) => update::delete(ctx, args).await,
    }
}
