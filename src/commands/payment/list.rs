//! `syncro payment list`: payments. The server filters none of them: customer and days are looked at here.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::api::Reader;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices::{self, Invoice};
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
/// Syncro cannot filter payments by customer or day. Pages are read until enough payments are found; --overdue reads the
/// list of invoices, too.
#[derive(Debug, Clone, clap::Args)]
#[command(mut_arg("sort", by(&FIELDS)), after_help = "\
Examples:
  syncro payment list
  syncro payment list --customer Mossgate --since 3m
  syncro payment list --overdue --since 3m
  syncro payment list --since 2026-03-01 --until 2026-03-31 --sort amount
  syncro payment list --all --json | jq '.[].payment_amount'")]
pub struct ListArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Only payments made after the due date of an invoice that they pay
    #[arg(long)]
    pub overdue: bool,
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
    let now = ctx.present();
    let days = args.days.days(&now)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let list = payments::all();
    let list = match customer {
        None => list,
        Some(_) => list.keep(move |one| one.customer() == customer),
    };
    let list = match args.overdue {
        false => list,
        true => {
            let due = due_days(&reader, customer, days.asked()).await?;
            let zone = zone.clone();
            list.keep(move |one| is_late(one, &due, &zone))
        }
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

/// When an invoice is due; `None` where that cannot be read, and an inner one where it has no such day.
type Due = HashMap<InvoiceId, Option<Option<Date>>>;

/// When the invoices are due that a payment since `since` may pay: one that is paid changes then, or later.
async fn due_days(
    reader: &Reader,
    customer: Option<CustomerId>,
    since: Option<Date>,
) -> Result<Due> {
    let list = invoices::all();
    let list = match customer {
        None => list,
        Some(_) => list.near("customer_id", customer, move |one| one.customer_id == customer),
    };
    let list = match since {
        None => list,
        Some(_) => list.near("since_updated_at", since, |_| true),
    };
    let found = reader.all(list).await?;
    let due = |one: &Invoice| one.unreadable.judged("due_date", true).map(|_| one.due_date);
    Ok(found.items.iter().map(|one| (one.id, due(one))).collect())
}

/// Whether it came in after an invoice was due that it pays; `None` where a day is unknown that decides it. One that it
/// is late for is enough, whatever is known of the others.
fn is_late(payment: &Payment, due: &Due, zone: &TimeZone) -> Option<bool> {
    if !payment.counts() {
        return Some(false);
    }
    let paid = payment.day(zone)?;
    let late_for = |id| Some(due.get(id).copied().flatten()?.is_some_and(|due| due < paid));
    let each: Vec<Option<bool>> = payment.invoice_ids.iter().map(late_for).collect();
    match each.contains(&Some(true)) {
        true => Some(true),
        false => (!each.contains(&None)).then_some(false),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_known_late_invoice_is_enough() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        // Invoices 1 and 2 are due on a day, 3 on none, and of 4 the day cannot be read.
        let known = [
            (1, Some(Some(day("2026-05-01")))),
            (2, Some(Some(day("2026-05-09")))),
            (3, Some(None)),
            (4, None),
        ];
        let due: Due = known.into_iter().map(|(id, day)| (InvoiceId(id), day)).collect();
        let (yes, no) = (Some(true), Some(false));
        for (applied_at, success, invoices, late) in [
            ("2026-05-03", json!(true), vec![1], yes),
            ("2026-05-01", json!(true), vec![1], no),
            ("2026-05-03", json!(true), vec![2, 3], no),
            ("2026-05-03", json!(true), vec![4], None),
            ("2026-05-03", json!(true), vec![9], None),
            ("2026-05-03", json!(true), vec![2, 4], None),
            ("2026-05-03", json!(true), vec![1, 4], yes),
            ("2026-05-03", json!(true), vec![4, 1], yes),
            ("2026-05-03", json!(null), vec![9, 1], yes),
            ("2026-05-03", json!(false), vec![1, 4], no),
            ("2026-05-03", json!("0"), vec![4], no),
            ("soon", json!(true), vec![1], None),
            ("2026-05-03", json!(true), vec![], no),
        ] {
            let raw =
                json!({"applied_at": applied_at, "success": success, "invoice_ids": invoices});
            let payment: Payment = serde_json::from_value(raw.clone()).unwrap();
            assert_eq!(is_late(&payment, &due, &TimeZone::UTC), late, "{raw}");
        }
    }
}
