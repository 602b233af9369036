//! `syncro product list`: what is sold, or what of it something fits.

use crate::api::resources::products::{self, Product};
use crate::commands::answer::Search;
use crate::commands::listing::Limit;
use crate::commands::resolve::named::fits;
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
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let query = args.query.as_deref().map(str::trim);
    let query = query.filter(|query| !query.is_empty());
    let keep = |product: &Product| {
        query.is_none_or(|query| {
            let parts = [
                product.name.as_str(),
                &product.description,
                &product.long_description,
                product.category(),
                &product.upc_code,
            ];
            fits(query, parts)
        })
    };
    let search =
        Search { list: products::search(query), limit: args.limit, keep: &keep, same_filter: true };
    let shown = search.read(&reader).await?;
    shown.print(ctx, &render::product::LIST, "no matching products", |items, _| {
        render::product::rows(items)
    })
}
