//! `syncro line update`: changes what a line item says or costs, as long as it is not invoiced.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::account::currency;
use crate::api::ids::LineItemId;
use crate::api::resources::line_items;
use crate::billing::typed::{self, TypedAmount};
use crate::commands::on_ticket::{OnTicket, Part};
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::context::Context;
use crate::error::{Error, Result, naming_value};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, guards};

/// Change a line item of a ticket
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line update 32178 2964400000 --quantity 0.75
  syncro line update 32178 2964400000 --price 120 --yes")]
pub struct UpdateArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Line item: an id, a name or part of one
    #[arg(value_name = "LINE")]
    pub line: IdOrName,
    /// Quantity in hours or units
    #[arg(long, value_name = "QUANTITY", value_parser = naming_value(typed::quantity), allow_negative_numbers = true)]
    pub quantity: Option<Decimal>,
    /// Unit price
    #[arg(long, value_name = "PRICE", value_parser = naming_value(typed::amount), allow_negative_numbers = true)]
    pub price: Option<TypedAmount>,
    /// Name shown on the invoice
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Description of the work
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Charge tax
    #[arg(long, value_name = "true|false")]
    pub taxable: Option<bool>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        { guards(&[Guard::InvoicedLine, Guard::Zero, Guard::Large, Guard::AllowSecrets]) },
    >,
}

/// Runs `syncro line update`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let nothing = args.quantity.is_none()
        && args.price.is_none()
        && args.name.is_none()
        && args.description.is_none()
        && args.taxable.is_none();
    if nothing {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --quantity, --price, --name, --description, --taxable"));
    }
    let price = currency::maybe_amount(ctx, args.price.as_ref()).await?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let id = args.line.id().unwrap_or_default();
    workflow::keep(ctx, &approval, "line update", id, args.description.as_deref())?;
    let request = |ticket, line| line_items::update(ticket, LineItemId(line), body(args, price));
    let command = ("line update", &args.overrides.allowed);
    on.write_to(&approval, command, (Part::LineItem, &args.line), request).await
}

/// What was typed, as it is sent.
fn body(args: &UpdateArgs, price: Option<Decimal>) -> Map<String, Value> {
    let fields = [
        ("description", args.description.clone().map(Value::from)),
        ("name", args.name.clone().map(Value::from)),
        ("price_retail", price.map(line_items::number)),
        ("quantity", args.quantity.map(line_items::number)),
        ("taxable", args.taxable.map(Value::from)),
    ];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    given.collect()
}
