//! `syncro customers <query>`: customers, a line each; with `--details` what they have paid ahead and what is open.

use serde_json::Value;

use super::answer::{self, Printed};
use super::listing::{Limit, Total};
use super::verbs;
use crate::account::offers;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::api::{Error as ApiError, List, Listing, Reader, Record};
use crate::commands::tickets::{
    self,
    filter::{Filter, Status},
};
use crate::context::Context;
use crate::error::{Result, quoted};
use crate::names;
use crate::render::customer::{LIST, OPEN_TICKETS, Standing, rows};
use crate::sorting;

/// List customers: name, id, phone, email
///
/// Searches for any part of a name, email address, phone number or id. Without a query, lists all customers.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customers
  syncro customers quill
  syncro customers brindlewood --details
  syncro customers quill --json | jq '.[].id'")]
pub struct CustomersArgs {
    /// Search words
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Maximum rows
    #[command(flatten)]
    pub limit: Limit,
    /// Show prepaid hours and open tickets for the first ten
    #[arg(long)]
    pub details: bool,
}

/// So many are looked at in detail.
const DETAILED: usize = 10;

/// What the table shows of a customer.
const ROW: [&str; 9] = [
    "id",
    "business_then_name",
    "business_name",
    "fullname",
    "phone",
    "mobile",
    "email",
    "disabled",
    "prepay_hours",
];
/// What open tickets are counted by.
const COUNTED: [&str; 3] = ["id", "number", "created_at"];

/// A customer looked at in detail.
struct Detailed {
    customer: Record<Customer>,
    open_tickets: Vec<Value>,
}

/// Runs `syncro customers`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CustomersArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let query = args.query.join(" ");
    let limit = args.limit.count();
    let mut listing = read(&reader, query.trim(), limit, answer::is_plain(ctx)).await?;
    let total = Total::of(&listing);
    listing.items.truncate(limit);
    let mut shown = listing.items;
    let is_detailed = args.details || answer::is_named(ctx, &LIST, OPEN_TICKETS);
    let detailed = match is_detailed {
        true => details(ctx, &reader, &shown).await?,
        false => Vec::new(),
    };
    let standings: Vec<Standing> = detailed
        .iter()
        .map(|one| Standing {
            prepaid: one.customer.prepay_hours,
            open_tickets: one.open_tickets.len(),
        })
        .collect();
    // Their own pages know more than the list.
    for (slot, one) in shown.iter_mut().zip(&detailed) {
        slot.clone_from(&one.customer);
    }
    let rows = rows(&shown, &standings).into();
    if is_detailed && shown.len() > DETAILED {
        let note =
            format!("prepaid hours and open tickets are shown for the first {DETAILED} customers");
        ctx.ui().note(&note);
    }
    let list = Printed { shape: &LIST, records: records(shown, detailed), rows, total };
    offers::keep(ctx, LIST.command, &list.records);
    answer::print(ctx, list, &format!("no matching customers{}", meant(ctx, &args.query)))
}

/// The command that was meant by a verb which was taken for a name, and found nobody.
fn meant(ctx: &Context, query: &[String]) -> String {
    let program = ctx.program();
    match query.split_first() {
        Some((verb, _)) if verbs::LIST.contains(&verb.as_str()) => {
            format!("; `{program} customers` lists all of them")
        }
        Some((verb, of)) if verbs::SHOW.contains(&verb.as_str()) && !of.is_empty() => {
            format!("; `{program} customer show {}` shows one", quoted(&of.join(" ")))
        }
        _ => String::new(),
    }
}

/// The customers that fit, the best first; one whose id was typed before all others. Of those in a plain table only what it
/// shows is kept.
async fn read(
    reader: &Reader,
    query: &str,
    limit: usize,
    is_plain: bool,
) -> Result<Listing<Customer>, ApiError> {
    let list = |list: List<Customer>| {
        let list = list.enough(limit).partly();
        if is_plain { list.keeping(&ROW) } else { list }
    };
    if query.is_empty() {
        let mut listing = reader.all(list(customers::all())).await?;
        if listing.complete {
            sorting::sort_by_key(&mut listing.items, |one| names::plain(one.name()));
        }
        return Ok(listing);
    }
    let id: Option<u64> = query.parse().ok();
    let with_id = async {
        match id.map(CustomerId) {
            None => Ok(None),
            Some(id) => reader.find(customers::get(id), |found| found.id == id).await,
        }
    };
    let searched = reader.all(list(customers::search(&names::folded(query))));
    let (with_id, mut listing) = tokio::try_join!(with_id, searched)?;
    sorting::sort_by_key(&mut listing.items, |one| rank(one, query));
    if let Some(found) = with_id {
        listing.items.retain(|one| one.id != found.id);
        listing.items.insert(0, found);
    }
    Ok(listing)
}

/// The whole name, its beginning, a part of it, anything else; then by name.
fn rank(customer: &Customer, query: &str) -> (u8, String) {
    let (name, query) = (names::plain(customer.name()), names::plain(query));
    let how_far = match () {
        () if name == query => 0,
        () if name.starts_with(&query) => 1,
        () if name.contains(&query) => 2,
        () => 3,
    };
    (how_far, name)
}

/// Own page and open tickets of the first customers; the page only where the list leaves the prepaid hours out.
async fn details(
    ctx: &Context,
    reader: &Reader,
    shown: &[Record<Customer>],
) -> Result<Vec<Detailed>, ApiError> {
    let closed = &ctx.settings().tickets.closed;
    let is_plain = answer::is_plain(ctx);
    let first = shown.get(..shown.len().min(DETAILED)).unwrap_or_default();
    let detailed = async |reader: &Reader, one: &Record<Customer>| {
        let filter = Filter {
            status: Status::Open(closed.clone()),
            customer: Some(one.id),
            kept: is_plain.then_some(&COUNTED),
            ..Filter::default()
        };
        // One after the other: each may take all of the memory that the reader has.
        let customer = match one.raw.get("prepay_hours") {
            Some(_) => one.clone(),
            None if is_plain => reader.get(customers::get(one.id).keeping(&ROW)).await?,
            None => reader.get(customers::get(one.id)).await?,
        };
        let tickets = tickets::read(reader, &filter, usize::MAX).await?;
        let open_tickets = tickets.items.into_iter().map(|ticket| ticket.raw).collect();
        Ok::<_, ApiError>(Detailed { customer, open_tickets })
    };
    reader.each(first, detailed).await
}

/// The API's own customers; those looked at in detail with their `open_tickets`.
fn records(shown: Vec<Record<Customer>>, detailed: Vec<Detailed>) -> Vec<Value> {
    let mut records: Vec<Value> = shown.into_iter().map(|one| one.raw).collect();
    for (record, one) in records.iter_mut().zip(detailed) {
        record["open_tickets"] = Value::Array(one.open_tickets);
    }
    records
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_whole_name_comes_first_and_notes_last() {
        let one = |id: u64, name: &str, notes: &str| -> Record<Customer> {
            let raw = json!({"id": id, "business_then_name": name, "notes": notes});
            Record::read(raw).unwrap()
        };
        let mut all = [
            one(1, "Old Harbor", ""),
            one(2, "Zed", "near the harbor"),
            one(3, "Harbor Dental", ""),
            one(4, "harbor", ""),
            one(5, "Harbor Cafe", ""),
        ];
        assert!(all.iter().all(|one| one.mentions("harbor")));
        assert!(!all[0].mentions("dental"));
        sorting::sort_by_key(&mut all, |one| rank(one, "Harbor"));
        let ids: Vec<u64> = all.iter().map(|one| one.id.0).collect();
        assert_eq!(ids, [4, 5, 3, 1, 2]);
    }
}
