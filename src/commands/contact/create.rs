//! `syncro contact create <customer> <name>`: one more contact of a customer, unless it is there already.

use serde_json::json;

use super::about::About;
use crate::api::resources::contacts;
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Known, Overrides, Writing, guards};
use crate::write::{Noun, Scope, Snapshot};

/// Create a contact of a customer
///
/// Searches the customer's contacts for the name and the email address first and stops on a match.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact create quillfeather \"Ada Finch\" --email ada@quill.example
  syncro contact create 31204551 \"Ada Finch\" --phone 555-0134 --yes --json")]
pub struct CreateArgs {
    /// Customer: a name, part of one, or an id
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// The contact's name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Contact details
    #[command(flatten)]
    pub about: About,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::SameContact, Guard::Disabled]) }>,
}

/// Runs `syncro contact create`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    if args.name.trim().is_empty() {
        return Err(Error::usage("a contact needs a name").nothing_written());
    }
    let reader = ctx.reader()?;
    let customer = resolve::customer(ctx, &reader, &args.customer).await?;
    let fields = Fields::default().text("name", Some(&args.name));
    let mut body = args.about.add_to(fields).body();
    body.insert("customer_id".to_owned(), json!(customer.id));
    let scope = Scope::of_customer(customer.id);
    let of = Noun::Customer.record(customer.id);
    let writing = Writing {
        next: Some(format!("contact list --customer {}", customer.id)),
        known: Known {
            view: Snapshot::default().with_record(of, Some(customer.raw)),
            ..Known::default()
        },
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("contact create", scope, contacts::create(body))?
    };
    workflow::write(ctx, &approval, &writing).await
}
