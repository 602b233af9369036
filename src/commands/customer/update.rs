//! `syncro customer update|disable <customer>`: changes what is known of a customer, or puts it out of use.

use super::about::About;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::commands::fields::{Fields, something};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Allowed, Guard};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::Scope;

/// Change a customer
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer update quillfeather --phone 555-0199
  syncro customer update 31204551 --email office@quillfeather.example --yes")]
pub struct UpdateArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Business name
    #[arg(long, value_name = "NAME")]
    pub business: Option<String>,
    /// Customer details
    #[command(flatten)]
    pub about: About,
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
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let fields = Fields::default().text("business_name", args.business.as_deref());
    let fields = args.about.add_to(fields);
    something(&fields, "use at least one field, like --phone; --help lists them")?;
    let id = resolve::customer(ctx, &ctx.reader()?, &args.customer).await?.id;
    change(ctx, &approval, "customer update", id, (&fields, Allowed::new())).await
}

/// Runs `syncro customer disable`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn disable(ctx: &Context, args: &DisableArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let fields = Fields::default().flag(Customer::DISABLED, Some(true));
    let allowed = args.overrides.allowed.clone();
    // Whoever is disabled already is called as before.
    let found = resolve::customer_or_disabled(ctx, &ctx.reader()?, &args.customer).await?;
    change(ctx, &approval, "customer disable", found.id, (&fields, allowed)).await
}

async fn change(
    ctx: &Context,
    approval: &Approval,
    command: &str,
    id: CustomerId,
    (fields, allowed): (&Fields, Allowed),
) -> Result<()> {
    let request = customers::update(id, fields.body());
    let writing = Writing { allowed, ..Writing::of(command, Scope::of_customer(id), request)? };
    workflow::write(ctx, approval, &writing).await
}
