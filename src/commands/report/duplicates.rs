//! `syncro report duplicates`: customers that may be one and the same, and contacts of several customers.

use serde_json::json;

use super::flags::CheckFlags;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::resources::{contacts, customers};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_duplicates::{self as render, DUPLICATES};
use crate::reports::duplicates::{Input, MEMBERS, report};
use crate::reports::{LeftOut, why};

/// Show customers and contacts that may be duplicates
///
/// Finds customers whose names differ only in case, accents, punctuation or a legal suffix such as Ltd, or that have the same email
/// address or phone number, and contacts of different customers with the same email address. Reads all customers that are not
/// disabled, and all contacts: about a request for 25 of them.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report duplicates
  syncro report duplicates --customer Quillfeather
  syncro report duplicates --jq '.rows[] | select(.because == \"name\").names'

Syncro's API cannot merge customers: do that in the browser.
More than 180 requests are asked about; --yes makes them without a question.")]
pub struct DuplicatesArgs {
    /// Only what this customer is a part of: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report duplicates`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &DuplicatesArgs) -> Result<()> {
    check_columns(ctx, &DUPLICATES, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let mut permission = Permission::of(&reader);
    let lists = (customers::all(), contacts::of_customer(None));
    let (customers, contacts) = reading::both(ctx, &reader, &mut permission, lists, |_| 0).await?;
    let (customers, mut left_out) = (customers?, LeftOut::default());
    if !customers.complete {
        left_out.add(why::CUSTOMERS, None);
    }
    let contacts = match contacts {
        Err(error) if error.stops_all() => return Err(error.into()),
        Ok(listing) if listing.complete => listing.items,
        contacts => {
            left_out.add(why::CONTACTS, None);
            contacts.map(|listing| listing.items).unwrap_or_default()
        }
    };
    let report =
        report(&Input { customers: &customers.items, contacts: &contacts, customer }, left_out);
    let program = ctx.program();
    let answer = Answer {
        shape: &DUPLICATES,
        name: "duplicates",
        as_of: ctx.now(),
        filters: json!({ "customer_id": customer }),
        found: report.rows.len(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::duplicates(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no customers or contacts are alike",
    };
    print(ctx, answer, args.check)
}
