//! `syncro asset list`: everybody's assets, a customer's, or those that something fits.

use crate::api::resources::assets;
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List assets
///
/// Searches names, types, serial numbers, properties and customer names.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset list --customer Quillfeather
  syncro asset list till
  syncro asset list --all --json | jq '.[].name'")]
pub struct ListArgs {
    /// Search words
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro asset list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let query = args.query.as_deref().map(str::trim);
    let query = query.filter(|query| !query.is_empty());
    let list = assets::search(customer, query);
    let shown = Shown::read(&reader, list, args.limit).await?;
    shown.print(ctx, &render::asset::LIST, "no matching assets", |items, _| {
        render::asset::rows(items)
    })
}
