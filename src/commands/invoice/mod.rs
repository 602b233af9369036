//! `syncro invoice`: what was billed. A file a verb.

pub mod create;
pub mod delete;
pub mod email;
pub mod find;
pub mod list;
pub mod show;
pub mod update;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List, create, change and email invoices
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice list --unpaid
  syncro invoice show 67410
  syncro invoice create 32178")]
pub struct InvoiceArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

verbs! {
    InvoiceArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
    Create(create::CreateArgs) => create::run,
    Update(update::UpdateArgs) => update::run,
    Email(email::EmailArgs) => email::run,
    Delete(delete::DeleteArgs) => delete::run,
}
