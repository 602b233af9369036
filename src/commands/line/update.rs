//! `syncro line update`: changes what a line item says or costs, as long as it is not invoiced.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::{find, spelled, still_open};
use crate::api::Record;
use crate::api::resources::line_items::{self, LineItem};
use crate::billing::typed;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, FieldKind, Noun, ReadSet, Step};

/// Change a line item of a ticket
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line update 32178 2964400007 --quantity 0.75
  syncro line update 32178 2964400007 --price 120 --description \"Replaced the fuser\" --yes")]
pub struct UpdateArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Line item id, as `syncro line list` shows it
    #[arg(value_name = "LINE")]
    pub line: u64,
    /// Quantity in hours or units
    #[arg(long, value_name = "QUANTITY", value_parser = typed::quantity, allow_negative_numbers = true)]
    pub quantity: Option<Decimal>,
    /// Unit price
    #[arg(long, value_name = "PRICE", value_parser = typed::amount, allow_negative_numbers = true)]
    pub price: Option<Decimal>,
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
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let nothing = args.quantity.is_none()
        && args.price.is_none()
        && args.name.is_none()
        && args.description.is_none()
        && args.taxable.is_none();
    if nothing {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --quantity, --price, --name, --description, --taxable"));
    }
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(&on, args);
    workflow::run(ctx, &approval, &on.scope(), allowed, gather).await
}

async fn gather(on: &OnTicket<'_>, args: &UpdateArgs) -> Result<Proposal> {
    let seen = on.read(ReadSet::NOTHING).await?;
    let line = find(&seen.ticket, args.line)?;
    let what = format!("line item {}", line.id);
    let changes: Vec<Change> = changes(line, args).into_iter().filter(Change::is_one).collect();
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "{what} already has these values; nothing was written"
        )));
    }
    let quantity = args.quantity.or(line.quantity).unwrap_or_default();
    let price = args.price.or(line.price()).unwrap_or_default();
    let name = args.name.as_ref().unwrap_or(&line.name);
    let mut sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Line item", spelled(quantity, name, price));
    for change in &changes {
        sheet = sheet.row("", change.says());
    }
    let write = line_items::update(seen.ticket.id, line.id, body(line, args));
    let of = Noun::LineItem.record(line.id);
    let step = Step::change("update_line", of, &what, changes, write)
        .with_side_effects(moves(args))
        .requires_unchanged(&line.raw, &["taxable"])
        .requires(still_open(line));
    let title = format!("Change a line item of ticket #{}", seen.ticket.number);
    let plan = seen.plan("line update", title).previewed(sheet.text()).step(step);
    Ok(Proposal {
        plan,
        findings: findings(line, args.price.is_some().then_some(price)),
        me: seen.me.view,
        at: seen.at,
    })
}

/// What speaks against the change of a line item, whose price is to be `price` where one is given.
pub(crate) fn findings(line: &LineItem, price: Option<Decimal>) -> Vec<Finding> {
    let what = format!("line item {}", line.id);
    let mut findings = Vec::new();
    if line.converted {
        let text =
            format!("{what} is already on an invoice; the change does not update the invoice");
        findings.push(Finding::new(Guard::InvoicedLine, text));
    }
    if price.is_some_and(|price| price.is_zero()) {
        findings.push(Finding::new(Guard::Zero, format!("{what} would be $0.00")));
    }
    findings
}

fn changes(line: &Record<LineItem>, args: &UpdateArgs) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut change = |at: &str, to: Option<Value>| {
        changes.extend(to.map(|to| Change::new(&line.raw, at, at, to)));
    };
    change("quantity", args.quantity.map(line_items::number));
    change("name", args.name.clone().map(Value::from));
    change("description", args.description.clone().map(Value::from));
    change("taxable", args.taxable.map(Value::from));
    changes.extend(args.price.map(|price| price_change(line, price)));
    changes
}

/// The change of a line item's price.
pub(crate) fn price_change(line: &Record<LineItem>, price: Decimal) -> Change {
    // Some accounts show the price in cents only.
    let cents = line.raw.get("price_retail").is_none_or(Value::is_null);
    let (at, to, read_as) = match cents {
        true => ("retail_cents", price * Decimal::ONE_HUNDRED, FieldKind::Cents),
        false => ("price_retail", price, FieldKind::Money),
    };
    Change::new(&line.raw, at, "price", line_items::number(to)).kind(read_as)
}

/// What changes, and the tax setting, which the server may otherwise set to its default.
fn body(line: &LineItem, args: &UpdateArgs) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        body.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("name", args.name.clone().map(Value::from));
    put("description", args.description.clone().map(Value::from));
    put("quantity", args.quantity.map(line_items::number));
    put("price_retail", args.price.map(line_items::number));
    put("taxable", Some(json!(args.taxable.unwrap_or(line.taxable))));
    body
}

/// Prices in cents and sums follow the price.
pub(crate) const FOLLOW: [&str; 4] = ["price_retail", "retail_cents", "price", "total"];

const fn moves(args: &UpdateArgs) -> &'static [&'static str] {
    if args.price.is_none() && args.quantity.is_none() {
        return &[];
    }
    &FOLLOW
}
