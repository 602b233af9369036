//! `syncro line`: a ticket's line items, which wait there to be invoiced. A file a verb.

pub mod add;
pub mod list;
pub mod remove;
pub mod update;

use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::ids::LineItemId;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::Ticket;
use crate::billing::money;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::write::{Field, Noun, Precondition};

/// List, add, change and remove a ticket's line items
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line list 32178
  syncro line add 32178 --labor remote --minutes 30")]
pub struct LineArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Add(add::AddArgs),
    Update(update::UpdateArgs),
    Remove(remove::RemoveArgs),
}

/// Runs `syncro line`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &LineArgs) -> Result<()> {
    match &args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Remove(args) => remove::run(ctx, args).await,
    }
}

/// One line item of the ticket.
///
/// # Errors
/// Exit 3, with the ids that are there.
pub(crate) fn find(ticket: &Record<Ticket>, id: u64) -> Result<&Record<LineItem>> {
    let lines = &ticket.line_items;
    lines.iter().find(|line| line.id == LineItemId(id)).ok_or_else(|| {
        let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
        let there = match ids.is_empty() {
            true => "it has no line items".to_owned(),
            false => format!("it has {}", ids.join(", ")),
        };
        Error::new(
            Kind::NotFound,
            format!("ticket #{} has no line item {id}; nothing was written", ticket.number),
        )
        .hint(there)
    })
}

/// That nobody has invoiced the line meanwhile: what was removed or changed then would be missing on the invoice.
pub(crate) fn still_open(line: &Record<LineItem>) -> Precondition {
    let invoiced = line.raw.get("converted");
    let still = invoiced.map(|now| Field::called("converted", "invoiced", now.clone()));
    let still = still.into_iter().collect();
    Precondition::new(Noun::LineItem.record(line.id), format!("line item {}", line.id), still)
        .recheck()
}

/// A line item in a line: "0.5 x Labor - Remote @ $120.00 = $60.00".
pub(crate) fn spelled(quantity: Decimal, name: &str, price: Decimal) -> String {
    format!(
        "{} x {name} @ {} = {}",
        quantity.normalize(),
        money::display(price),
        money::display(money::amount(quantity, price))
    )
}
