//! `syncro contact create <customer> <name>`: one more contact of a customer, unless it is there already.

use std::time::Instant;

use serde_json::json;

use super::About;
use crate::api::Reader;
use crate::api::resources::contacts;
use crate::api::resources::customers::Customer;
use crate::api::resources::users;
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{
    Collection, Effect, Field, Plan, ReadSet, RetryPolicy, Scope, Snapshot, Step, same_value,
    snapshot,
};

/// Create a contact of a customer
///
/// Searches the customer's contacts for name and mail address first and stops on a match.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro contact create quillfeather \"Ada Finch\" --email ada@quillfeather.example --title Bookseller
  syncro contact create 31204551 \"Ada Finch\" --phone 555-0134 --yes --json")]
pub struct CreateArgs {
    /// Customer: a name, part of one, or an id
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// The contact's name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What is known of them
    #[command(flatten)]
    pub about: About,
    /// Guards answered beforehand
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::SameContact]) }>,
}

/// Runs `syncro contact create`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    if args.name.trim().is_empty() {
        return Err(Error::usage("a contact needs a name; nothing was written"));
    }
    let reader = ctx.reader()?;
    let customer = resolve::customer(ctx, &reader, &args.customer).await?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, &customer, args);
    let scope = Scope::of_customer(customer.id);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

async fn gather(
    ctx: &Context,
    reader: &Reader,
    customer: &Customer,
    args: &CreateArgs,
) -> Result<Proposal> {
    let at = Instant::now();
    let scope = Scope::of_customer(customer.id);
    let collection = Collection::contacts(customer.id.into());
    let needs = ReadSet::NOTHING.collection(&collection);
    let (view, me) = tokio::try_join!(
        snapshot(reader, &scope, needs, RetryPolicy::Retry),
        reader.get(users::me())
    )?;
    let fields = Fields::default().text("name", "name", Some(&args.name));
    let fields = args.about.add_to(fields);
    let mut body = fields.body();
    body.insert("customer_id".to_owned(), json!(customer.id));
    let mut check = fields.check();
    let mut sheet = fields.rows(Sheet::default().customer(customer).by(&me));
    if let Some(title) = &args.about.title {
        // It is sent as a field of its own and kept among the properties.
        body.insert("title".to_owned(), json!(title));
        check.push(Field::called("properties.title", "title", title.as_str()));
        sheet = sheet.row("Title", title);
    }
    let mut like = fields.like(&["name"]);
    like.push(Field::called("customer_id", "customer", customer.id.0));
    let findings = same(&view, &collection, &args.name, args.about.reach.email.as_deref());
    let effect = Effect::Created {
        collection,
        label: "contact".to_owned(),
        member: "contact".to_owned(),
        like,
        check,
        totals: None,
        by: None,
        wrapper: Some("contact".to_owned()),
    };
    let name = args.name.trim();
    let says = format!("make the contact {name}");
    let step = Step::new("contact", says, contacts::create(body), effect).reports(name);
    let title = format!("Create a contact of {}", customer.name());
    let plan = Plan::new("contact create", title, ctx.account(&me)?, scope)
        .over(view.baseline())
        .previewed(sheet.text())
        .step(step)
        .then(format!("contact list --customer {}", customer.id));
    Ok(Proposal { plan, findings: findings.into_iter().collect(), me: me.view, at })
}

/// A contact of the customer with the same name or address.
pub(crate) fn same(
    view: &Snapshot,
    collection: &Collection,
    name: &str,
    email: Option<&str>,
) -> Option<Finding> {
    let is = |record: &serde_json::Value, field: &str, text: &str| {
        let there = record[field].as_str().unwrap_or_default().to_lowercase();
        same_value(&json!(there), &json!(text.trim().to_lowercase()))
    };
    view.records(collection).into_iter().find_map(|one| {
        let by_name = is(one, "name", name);
        let by_mail = email.is_some_and(|email| is(one, "email", email));
        let why = match (by_name, by_mail) {
            (true, _) => "name",
            (_, true) => "mail address",
            _ => return None,
        };
        let name = one["name"].as_str().unwrap_or_default();
        let text = format!("contact {name} (id {}) has the same {why}", one["id"]);
        Some(Finding::new(Guard::SameContact, text))
    })
}
