//! `syncro product list`: what is sold, or what of it something fits.

use crate::api::resources::products;
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List products
///
/// Searches names, descriptions, categories and bar codes.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro product list
  syncro product list labor
  syncro product list --all --json | jq '.[] | {id, name, price_retail}'")]
pub struct ListArgs {
    /// Search words
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro product list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let query = args.query.as_deref().map(str::trim);
    let query = query.filter(|query| !query.is_empty());
    let shown = Shown::read(&reader, products::search(query), args.limit).await?;
    shown.print(ctx, &render::product::LIST, "no matching products", |items, _| {
        render::product::rows(items)
    })
}
