//! `syncro contact`: the people at customers. A file a verb.

mod about;
pub mod create;
pub(crate) mod find;
pub mod list;
pub mod show;
pub mod update;

use crate::commands::verbs::verbs;
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

verbs! {
    ContactArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
    Create(create::CreateArgs) => create::run,
    Update(update::UpdateArgs) => update::run,
    Disable(update::DisableArgs) => update::disable,
    Delete(update::DeleteArgs) => update::delete,
}
