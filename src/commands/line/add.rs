//! `syncro line add`: one more line item on a ticket, of a product or of a configured labor type.

use rust_decimal::Decimal;

use crate::account::currency;
use crate::api::ids::ProductId;
use crate::api::resources::customers;
use crate::api::resources::line_items::{self, NewLineItem};
use crate::api::resources::products::{self, Product};
use crate::api::{Error as ApiError, Record};
use crate::billing::labor::{self, Amount, Work};
use crate::billing::money;
use crate::billing::quantity::Minutes;
use crate::billing::typed::{self, TypedAmount};
use crate::commands::bill::ask::unsold;
use crate::commands::bill::labor_name::{key_of, labor_type, unknown_labor};
use crate::commands::on_ticket::{OnTicket, Seen, customer_of};
use crate::commands::product::find::product_id;
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::config::{LaborType, Unit};
use crate::context::Context;
use crate::error::{Error, Hint, Result, naming_value};
use crate::operations::readable;
use crate::operations::{Guard, product_ref};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Noun, ReadSet};

/// Add a line item to a ticket
///
/// Adds a product (--product, by id or name) or a configured labor type (--labor NAME). The price comes from the product or the
/// configuration unless you use --price. Tax follows the product or the labor type unless you use --taxable.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line add 32181 -l remote -t 30 --description \"Checked the backups\"
  syncro line add 32181 --product 17340101 --quantity 2
  syncro line add 32181 --product \"SSD 1 TB\" --taxable=false --yes
  syncro line add 32181 --labor travel --yes --json")]
pub struct AddArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Product: an id or a name
    #[arg(long, value_name = "PRODUCT", conflicts_with = "labor")]
    pub product: Option<IdOrName>,
    /// Labor type, from the configured [labor.NAME]
    #[arg(short, long, value_name = "NAME")]
    pub labor: Option<String>,
    /// Time spent, for hourly labor: 30 (whole minutes), 1h30m, 1.5h or 1:30
    #[arg(
        short = 't',
        long,
        value_name = "TIME",
        requires = "labor",
        conflicts_with_all = ["quantity", "product"],
        allow_negative_numbers = true
    )]
    pub minutes: Option<Minutes>,
    /// Add the exact time, without the labor type's minimum and increment
    #[arg(long, requires = "minutes")]
    pub exact: bool,
    /// Quantity [default: 1]
    #[arg(long, value_name = "QUANTITY", value_parser = naming_value(typed::quantity), allow_negative_numbers = true)]
    pub quantity: Option<Decimal>,
    /// Unit price [default: the product's price]
    #[arg(long, value_name = "PRICE", value_parser = naming_value(typed::amount), allow_negative_numbers = true)]
    pub price: Option<TypedAmount>,
    /// Name shown on the invoice [default: the product's name]
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Description of the work [default: the name]
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Charge tax [default: set by the product or labor type]
    #[arg(
        long,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub taxable: Option<bool>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::SameLine,
                Guard::Zero,
                Guard::Stacked,
                Guard::LeaveTimers,
                Guard::ChargedToday,
                Guard::Large,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro line add`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    if args.product.is_none() && args.labor.is_none() {
        return Err(
            Error::usage("the product or labor type is missing").nothing_written().hint(
                Hint::from("use --labor NAME for a configured labor type, or --product ID for any other product (")
                    .command("product list")
                    .text(")"),
            ),
        );
    }
    let labor = named_labor(ctx, args).await?;
    let price = currency::maybe_amount(ctx, args.price.as_ref()).await?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    on.keep(&approval, "line add", args.description.as_deref())?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let writing = match labor {
        Some(labor) => of_labor(ctx, &on, (args, price), labor).await?,
        None => of_product(ctx, &on, (args, price)).await?,
    };
    let writing = Writing { allowed: args.overrides.allowed.clone(), ..writing };
    workflow::write_in_turn(ctx, &approval, &writing, turn).await
}

/// The labor type that was named, if one was, with the amount that fits it.
async fn named_labor<'c>(ctx: &'c Context, args: &AddArgs) -> Result<Option<&'c LaborType>> {
    let Some(name) = &args.labor else {
        return Ok(None);
    };
    let settings = ctx.settings();
    let labor = labor_type(settings, &key_of(ctx, name).await?)?;
    match labor.unit {
        Unit::Hour if args.minutes.is_none() => {
            Err(Error::usage(format!("labor type \"{name}\" is billed by the hour"))
                .hint("use --minutes 30"))
        }
        Unit::Each if args.minutes.is_some() => {
            Err(Error::usage(format!("labor type \"{name}\" is billed by unit, not by time"))
                .hint("use --quantity 2"))
        }
        _ => Ok(Some(labor)),
    }
}

/// The prepaid rule may choose another product, so the customer is read first.
async fn of_labor<'w>(
    ctx: &Context,
    on: &OnTicket<'_>,
    (args, price): (&AddArgs, Option<Decimal>),
    labor: &LaborType,
) -> Result<Writing<'w>> {
    let settings = ctx.settings();
    let seen = on.read(ReadSet::NOTHING).await?;
    let work = Work {
        labor: labor.key.clone(),
        amount: match args.minutes {
            Some(minutes) => Amount::Minutes(minutes),
            None => Amount::Units(args.quantity.unwrap_or(Decimal::ONE)),
        },
        exact: args.exact,
    };
    let id = customer_of(&seen.ticket)?;
    let customer = on.reader().get(customers::get(id).fresh()).await?;
    readable(&customer.unreadable, &["prepay_hours"], format_args!("customer {id}"))?;
    let resolved = labor::resolve(&settings.labor, &work, customer.prepaid())
        .ok_or_else(|| unknown_labor(settings, &labor.key))?;
    let product = product(on, resolved.labor.product_id).await?;
    let description = args.description.as_deref().unwrap_or_default();
    let line = labor::line(&resolved, &labor.key, Some(&product), description)
        .map_err(|lacks| unsold(&lacks))?;
    let free = Some(line.product_id).filter(|_| price.is_none() && line.is_free());
    let new = NewLineItem {
        product_id: line.product_id,
        name: args.name.clone().unwrap_or(line.name),
        description: line.description,
        quantity: line.quantity,
        price: price.unwrap_or(line.rate),
        taxable: args.taxable.unwrap_or(line.taxable),
    };
    let writing = adding(seen, &new, &product, line.note)?;
    let writing = Writing { free: free.into_iter().collect(), ..writing };
    let rule = labor.when_prepaid.as_ref().map(|_| {
        let label = format!("customer {}", customer.name());
        (Noun::Customer.record(id), label)
    });
    Ok(match rule {
        Some((of, label)) => writing.made_of(of, &label, &customer.raw, &["prepay_hours"]),
        None => writing,
    })
}

async fn of_product<'w>(
    ctx: &Context,
    on: &OnTicket<'_>,
    (args, price): (&AddArgs, Option<Decimal>),
) -> Result<Writing<'w>> {
    let id = match &args.product {
        Some(typed) => product_id(ctx, on.reader(), typed).await?,
        None => return Err(Error::usage("the product is missing")),
    };
    let (seen, product) = tokio::try_join!(on.read(ReadSet::NOTHING), product(on, id))?;
    if price.is_none() {
        readable(&product.unreadable, &["price_retail"], format_args!("product {id}"))?;
    }
    let price = price.or(product.price_retail).ok_or_else(|| {
        Error::refused(format!("product {id} has no price")).nothing_written().hint("use --price")
    })?;
    if !money::is_kept(price) {
        let usual = typed::money().usual();
        let text = format!("product {id} costs {price}, but line items need {usual}");
        let error = Error::refused(text).nothing_written();
        return Err(error.hint("use --price"));
    }
    let own = Some(&product.name).filter(|name| !name.trim().is_empty());
    let name = args.name.as_ref().or(own).cloned().ok_or_else(|| {
        Error::refused(format!("product {id} has no name")).nothing_written().hint("use --name")
    })?;
    // Labor that is named by its product is labor still.
    let mut labor = ctx.settings().labor.iter();
    let labor = labor.find(|labor| labor.product_id == id);
    let own = labor.map_or(product.taxable, |labor| Some(labor.taxable));
    let new = NewLineItem {
        product_id: id,
        description: args.description.clone().unwrap_or_else(|| name.clone()),
        name,
        quantity: args.quantity.unwrap_or(Decimal::ONE),
        price,
        taxable: args.taxable.or(own).unwrap_or_default(),
    };
    adding(seen, &new, &product, None)
}

/// The line item of a product, made of what that says.
fn adding<'w>(
    seen: Seen,
    new: &NewLineItem,
    product: &Record<Product>,
    note: Option<String>,
) -> Result<Writing<'w>> {
    let request = line_items::create(seen.ticket.id, new);
    let writing = Writing::of("line add", seen.scope(), request)?;
    let remarks = Sheet::default().maybe("", note);
    let writing = Writing { known: seen.known(), remarks, ..writing };
    let of = product_ref(product.id);
    let label = format!("product {}", product.id);
    Ok(writing.made_of(of, &label, &product.raw, &["name", "price_retail", "taxable", "disabled"]))
}

/// One product, and no other that may have answered for it.
///
/// # Errors
/// Those of the read; exit 5 for another product.
pub async fn product(on: &OnTicket<'_>, id: ProductId) -> Result<Record<Product>> {
    let product = on.reader().get(products::get(id)).await;
    let product = product.map_err(|error| match error {
        ApiError::NotFound { .. } => {
            Error::none(format!("product {id}")).nothing_written().next("product list", "list ids")
        }
        other => other.into(),
    })?;
    if product.id != id {
        return Err(Error::refused(format!(
            "asked for product {id}, but Syncro returned {}",
            product.id
        ))
        .nothing_written());
    }
    Ok(product)
}
