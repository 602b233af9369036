//! `syncro asset show`: one asset with its properties.

use crate::commands::listing::look;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render;

/// Show one asset with its properties
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset show TILL-1
  syncro asset show 12400000 --json | jq .properties")]
pub struct ShowArgs {
    /// Asset: an id, a name or part of one, or a serial number
    #[arg(value_name = "ASSET")]
    pub asset: IdOrName,
    /// Customer it belongs to: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Runs `syncro asset show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let asset = super::find::find(ctx, &reader, &args.asset, customer).await?;
    if ctx.how().json {
        return ctx.json(&asset.raw);
    }
    ctx.ui().page(&render::asset::page(&asset, &look(ctx)))
}
