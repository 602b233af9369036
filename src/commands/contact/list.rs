//! `syncro contact list`: everybody's contacts, or a customer's.

use crate::api::resources::contacts;
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List contacts
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact list --customer Quillfeather
  syncro contact list --all --json | jq '.[].email'")]
pub struct ListArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro contact list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let list = contacts::of_customer(customer);
    let shown = Shown::read(&reader, list, args.limit).await?;
    shown.print(ctx, &render::contact::LIST, "no matching contacts", |items, look| {
        // An id tells people nothing.
        render::contact::rows(items, customer.is_none() && look.width.is_none())
    })
}
