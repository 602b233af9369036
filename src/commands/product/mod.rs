//! `syncro product`: what is sold, labor among it. A file a verb.

mod find;
pub mod list;
pub mod show;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::Result;

/// List and show products, including labor
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro product list labor
  syncro product show \"Labor - Remote\"")]
pub struct ProductArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
}

/// Runs `syncro product`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ProductArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
    }
}
