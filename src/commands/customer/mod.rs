//! `syncro customer`: one customer. A file a verb.

mod about;
pub mod create;
pub mod show;
pub mod update;

use crate::commands::verbs::verbs;
use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// Show, create, change and disable customers
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer show quillfeather
  syncro customer show 31204551 --json | jq .unpaid_invoices
  syncro customer create \"Bluebird Bakery\" --email hello@bluebird.example

To list customers, use `syncro customers`.")]
pub struct CustomerArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

verbs! {
    CustomerArgs:
    Show(show::ShowArgs) => show::run,
    Create(create::CreateArgs) => create::run,
    Update(update::UpdateArgs) => update::run,
    Disable(update::DisableArgs) => update::disable,
}
