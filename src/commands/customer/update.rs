//! `syncro customer update|disable <customer>`: changes what is known of a customer, or puts it out of use.

use std::time::Instant;

use crate::api::fields::keep;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::{invoices, tickets, users};
use crate::api::{Reader, Record};
use crate::commands::fields::{Fields, something};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Allowed, Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Noun, Plan, Scope, Step};

/// Booleans that a PUT may set to their defaults when they are left out.
pub(crate) const BOOLEANS: [&str; 4] = ["get_sms", "opt_out", "no_email", "disabled"];

/// Names that Syncro makes of others.
pub(crate) const NAMES_MOVE: [&str; 3] =
    ["business_then_name", "business_and_full_name", "fullname"];

/// Change a customer
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer update quillfeather --phone 555-0199
  syncro customer update 31204551 --email office@quillfeather.example --no-email false --yes")]
pub struct UpdateArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Business name
    #[arg(long, value_name = "NAME")]
    pub business: Option<String>,
    /// Customer details
    #[command(flatten)]
    pub about: super::About,
}

/// Disable a customer
///
/// A disabled customer can be found only by id. Asks first if there are open tickets or unpaid invoices.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer disable quillfeather
  syncro customer disable 31204551 --open-work --yes")]
pub struct DisableArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::OpenWork]) }>,
}

/// Runs `syncro customer update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let fields = Fields::default().text("business_name", "business", args.business.as_deref());
    let fields = args.about.add_to(fields);
    something(&fields, "use at least one field, like --phone; --help lists them")?;
    let reader = ctx.reader()?;
    let id = resolve::customer(ctx, &reader, &args.customer).await?.id;
    let gather = || async {
        let at = Instant::now();
        let (customer, me) =
            tokio::try_join!(read(&reader, id), async { Ok(reader.get(users::me()).await?) })?;
        let plan = plan(ctx, &customer, &fields, "customer update", &me)?;
        Ok(Proposal { plan, findings: Vec::new(), me: me.view, at })
    };
    let scope = Scope::of_customer(id);
    let allowed = Allowed::new();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// Runs `syncro customer disable`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn disable(ctx: &Context, args: &DisableArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let fields = Fields::default().flag("disabled", "disabled", Some(true));
    let reader = ctx.reader()?;
    let id = resolve::customer(ctx, &reader, &args.customer).await?.id;
    let gather = || async {
        let at = Instant::now();
        let (customer, findings, me) =
            tokio::try_join!(read(&reader, id), open_work(ctx, &reader, id), async {
                Ok(reader.get(users::me()).await?)
            },)?;
        let plan = plan(ctx, &customer, &fields, "customer disable", &me)?;
        Ok(Proposal { plan, findings: findings.into_iter().collect(), me: me.view, at })
    };
    let allowed = args.overrides.allowed.clone();
    let scope = Scope::of_customer(id);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// What is left to be done and paid for a customer, as a guard's finding.
///
/// # Errors
/// Those of the reads.
pub async fn open_work(ctx: &Context, reader: &Reader, id: CustomerId) -> Result<Option<Finding>> {
    let (open, unpaid) = tokio::try_join!(
        reader.all(tickets::open_of(id).fresh()),
        reader.all(invoices::unpaid_of(id).fresh()),
    )?;
    let closed = &ctx.settings().tickets.closed;
    let mut open = open.items;
    open.retain(|one| one.customer_id == Some(id) && !closed.contains(&one.status));
    let mut unpaid = unpaid.items;
    unpaid.retain(|one| one.customer_id == Some(id) && !one.is_paid);
    let (open, unpaid) = (open.len(), unpaid.len());
    Ok((open + unpaid > 0).then(|| {
        let tickets = if open == 1 { "ticket" } else { "tickets" };
        let invoices = if unpaid == 1 { "invoice" } else { "invoices" };
        let text = format!("it has {open} open {tickets} and {unpaid} unpaid {invoices}");
        Finding::new(Guard::OpenWork, text)
    }))
}

/// The customer, read anew.
///
/// # Errors
/// Exit 3 when there is none.
pub(crate) async fn read(reader: &Reader, id: CustomerId) -> Result<Record<Customer>> {
    match reader.get(customers::get(id).fresh()).await {
        Ok(customer) if customer.id == id => Ok(customer),
        Ok(_) | Err(crate::api::Error::NotFound { .. } | crate::api::Error::Another { .. }) => Err(
            Error::new(Kind::NotFound, format!("there is no customer {id}; nothing was written")),
        ),
        Err(error) => Err(error.into()),
    }
}

fn plan(
    ctx: &Context,
    customer: &Record<Customer>,
    fields: &Fields,
    command: &str,
    me: &users::Me,
) -> Result<Plan> {
    let what = format!("customer {}", customer.name());
    let (changes, mut body) = fields.changes(&customer.raw);
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "{what} already has these values; nothing was written"
        )));
    }
    keep(&mut body, &customer.raw, &BOOLEANS);
    let mut sheet = Sheet::default().customer(customer).by(me);
    for change in &changes {
        sheet = sheet.row("Change", change.says());
    }
    let write = customers::update(customer.id, body);
    let of = Noun::Customer.record(customer.id);
    let step = Step::change("update_customer", of, &what, changes, write)
        .with_side_effects(&NAMES_MOVE)
        .requires_unchanged(&customer.raw, &BOOLEANS);
    let scope = Scope::of_customer(customer.id);
    Ok(Plan::new(command, format!("Change {what}"), ctx.account(me)?, scope)
        .previewed(sheet.text())
        .step(step)
        .then(format!("customer show {}", customer.id)))
}
