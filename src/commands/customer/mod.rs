//! `syncro customer`: one customer. A file a verb.

pub mod show;

use crate::context::Context;
use crate::error::Result;

/// One customer, with all that belongs to it
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer show quillfeather
  syncro customer show 31204551 --json | jq .unpaid_invoices

`syncro customers` lists them.")]
pub struct CustomerArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    Show(show::ShowArgs),
}

/// Runs `syncro customer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CustomerArgs) -> Result<()> {
    match &args.verb {
        Verb::Show(args) => show::run(ctx, args).await,
    }
}
