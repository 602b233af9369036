//! `syncro asset`: customers' computers and other things. A file a verb.

pub mod create;
pub mod find;
pub mod list;
pub mod patches;
pub mod show;

use crate::commands::verbs::verbs;
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

verbs! {
    AssetArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
    Create(create::CreateArgs) => create::run,
    Update(create::UpdateArgs) => create::update,
    Patches(patches::PatchesArgs) => patches::run,
}
