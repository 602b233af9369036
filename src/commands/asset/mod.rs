//! `syncro asset`: customers' computers and other things. A file a verb.

pub mod create;
mod find;
pub mod list;
pub mod patches;
pub mod show;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// Manage customer assets
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset list --customer Quillfeather
  syncro asset show TILL-1
  syncro asset patches TILL-1")]
pub struct AssetArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(create::UpdateArgs),
    Patches(patches::PatchesArgs),
}

/// Runs `syncro asset`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AssetArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => create::update(ctx, args).await,
        Verb::Patches(args) => patches::run(ctx, args).await,
    }
}
