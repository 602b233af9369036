//! `syncro product`: what is sold, labor among it. A file a verb.

pub mod find;
pub mod list;
pub mod show;

use crate::commands::verbs::verbs;
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

verbs! {
    ProductArgs:
    List(list::ListArgs) => list::run,
    Show(show::ShowArgs) => show::run,
}
