//! `syncro payment list`: payments. The server filters none of them: customer and days are looked at here.

use jiff::Zoned;

use crate::api::resources::payments::{self, Payment};
use crate::commands::answer::Shown;
use crate::commands::days::DayFlags;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg};
use crate::commands::sort::{By, SortFlags, SortKey, by};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List payments
///
/// Syncro cannot filter payments by customer or day. Pages are read until enough payments are found.
#[derive(Debug, Clone, clap::Args)]
#[command(mut_arg("sort", by(&FIELDS)), after_help = "\
Examples:
  syncro payment list
  syncro payment list --customer Mossgate --since 3m
  syncro payment list --since 2026-03-01 --until 2026-03-31 --sort amount
  syncro payment list --all --json | jq '.[].payment_amount'")]
pub struct ListArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    #[command(flatten)]
    days: DayFlags,
    #[command(flatten)]
    sort: SortFlags,
    #[command(flatten)]
    limit: Limit,
}

/// What payments can be sorted by.
static FIELDS: [By<Payment>; 4] = [
    By {
        name: "date",
        column: "applied_at",
        falls: true,
        key: |one| one.at().map(SortKey::Moment),
    },
    By {
        name: "amount",
        column: "payment_amount",
        falls: true,
        key: |one| one.dollars().map(SortKey::Amount),
    },
    By {
        name: "method",
        column: "payment_method",
        falls: false,
        key: |one| SortKey::word(&one.payment_method),
    },
    By {
        name: "customer",
        column: "customer.business_then_name",
        falls: false,
        key: |one| SortKey::word(one.customer.as_ref()?.name()),
    },
];

/// Runs `syncro payment list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = Zoned::now().with_time_zone(zone.clone());
    let days = args.days.days(&now)?;
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let list = payments::all();
    let list = match customer {
        None => list,
        Some(_) => list.keep(move |one| one.customer() == customer),
    };
    let list = match days.is_any() {
        true => list,
        false => list.keep(move |one| match one.is_undated() {
            true => None,
            false => Some(days.have(one.day(&zone))),
        }),
    };
    let sorting = args.sort.sorting(&FIELDS);
    let shown = Shown::sorted(&reader, list, args.limit, sorting.as_ref()).await?;
    shown.print(ctx, &render::payment::LIST, "no matching payments", render::payment::list)
}
