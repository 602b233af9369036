//! `syncro payment list`: payments. The server filters none of them: customer and day are looked at here.

use crate::api::resources::payments;
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::render;

/// List payments
///
/// Syncro cannot filter payments by customer or day. Pages are read until enough payments are found.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro payment list
  syncro payment list --customer Mossgate --since 3m
  syncro payment list --all --json | jq '.[].payment_amount'")]
pub struct ListArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Only payments dated on or after this day: 2026-03-01, monday, 30d
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro payment list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = jiff::Zoned::now().with_time_zone(zone.clone());
    let day = |typed: &String| dates::day(typed, &now, Lean::Past).map_err(Error::usage);
    let since = args.since.as_ref().map(day).transpose()?;
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let list = payments::all();
    let list = match customer {
        None => list,
        Some(_) => list.keep(move |one| one.customer() == customer),
    };
    let list = match since {
        None => list,
        Some(_) => list.keep(move |one| one.day(&zone) >= since),
    };
    let shown = Shown::read(&reader, list, args.limit).await?;
    shown.print(ctx, &render::payment::LIST, "no matching payments", render::payment::list)
}
