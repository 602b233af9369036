//! `syncro product show`: one product, with the labor type that it is billed as.

use crate::account::names::labor_of;
use crate::commands::listing::look;
use crate::commands::resolve::IdOrName;
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render;

/// Show one product: price, cost, tax
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro product show 17340021
  syncro product show \"Labor - Remote\" --json | jq .price_retail")]
pub struct ShowArgs {
    /// Product: an id, a name, or part of a name
    #[arg(value_name = "PRODUCT")]
    pub product: IdOrName,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Runs `syncro product show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let product = super::find::find(ctx, &reader, &args.product).await?;
    if ctx.how().json {
        return ctx.json(&product.raw);
    }
    let labor = labor_of(ctx.settings(), product.id);
    let page = render::product::page(&product, labor, &look(ctx));
    ctx.ui().page(&page)
}
