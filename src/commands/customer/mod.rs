//! `syncro customer`: one customer. A file a verb.

mod about;
pub mod create;
pub mod show;
pub mod update;

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

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(update::UpdateArgs),
    Disable(update::DisableArgs),
}

/// Runs `syncro customer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CustomerArgs) -> Result<()> {
    match &*args.verb {
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Disable(args) => update::disable(ctx, args).await,
    }
}
