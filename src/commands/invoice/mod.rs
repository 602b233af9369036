//! `syncro invoice`: what was billed. A file a verb.

pub mod create;
pub mod delete;
pub mod email;
pub mod find;
pub mod list;
pub mod show;
pub mod update;

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

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(update::UpdateArgs),
    Email(email::EmailArgs),
    Delete(delete::DeleteArgs),
}

/// Runs `syncro invoice`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &InvoiceArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Email(args) => email::run(ctx, args).await,
        Verb::Delete(args) => delete::run(ctx, args).await,
    }
}
