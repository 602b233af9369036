//! `syncro open`: the address of a record's page in Syncro, opened where there is a display.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::asking::pick::answer;
use super::asking::there::There;
use super::asking::{Ask, Question};
use super::invoice::find::{InvoiceArg, find, find_or_customers};
use super::resolve::{self, CustomerArg, TicketArg, reading};
use crate::api::folder::{CUSTOMERS, Folder, INVOICES, TICKETS};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::output::OfflineFlag;
use crate::workflow::{Approval, web_page};

/// Open a ticket, invoice or customer in the browser
///
/// Prints the address of its page in Syncro, and opens it where there is a display; BROWSER names another browser than the
/// system's.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro open 32181
  syncro open invoice 67410
  syncro open customer quillfeather")]
pub struct OpenArgs {
    /// Ticket number; or `invoice` and its number, or `customer` and its name or id
    #[arg(value_name = "NUMBER", num_args = 1..=2, required = true)]
    what: Vec<String>,
    /// From where
    #[command(flatten)]
    offline: OfflineFlag,
}

/// `--web` of the commands that show a record.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct WebFlag {
    /// Print the address of its page in Syncro and open it, instead of showing it here
    #[arg(long)]
    pub web: bool,
}

/// Runs `syncro open`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &OpenArgs) -> Result<()> {
    let chosen = match args.what.as_slice() {
        [what] => which(ctx, what).await?,
        _ => None,
    };
    let what = args.what.iter().chain(&chosen);
    match what.map(String::as_str).collect::<Vec<_>>().as_slice() {
        [number] => match ticket(ctx, &typed(number)?).await {
            Err(error) if error.kind == Kind::NotFound => Err(or_invoice(ctx, number, error).await),
            opened => opened,
        },
        ["ticket", number] => ticket(ctx, &typed(number)?).await,
        ["invoice", number] => invoice(ctx, &typed(number)?).await,
        ["customer", name] => customer(ctx, &typed(name)?).await,
        [what, ..] => Err(Error::usage(format!("cannot open \"{what}\""))
            .nothing_sent()
            .hint("use a ticket number, `invoice` and its number, or `customer` and its name")),
        [] => Err(Error::usage("there is nothing to open").nothing_sent()),
    }
}

/// The record that a person chooses, where only its kind was typed; a script is told what is missing.
async fn which(ctx: &Context, what: &str) -> Result<Option<String>> {
    let Some((_, ask, lacks)) = KINDS.iter().find(|(kind, ..)| *kind == what) else {
        return Ok(None);
    };
    if !Approval::of_change(ctx).may_ask() {
        return Err(Error::usage(format!("the {lacks} is missing")).nothing_sent());
    }
    let given = BTreeMap::new();
    let question = Question {
        ask: *ask,
        fields: Vec::new(),
        given: &given,
        there: &There::default(),
        check: Arc::new(|_| Ok(())),
        written: Cell::default(),
    };
    let words = Box::pin(answer(ctx, &question)).await?;
    Ok(words.into_iter().next().map(|word| word.value))
}

/// The kinds of records that can be opened: how one is asked for, and what is missing where nobody can be.
const KINDS: [(&str, Ask, &str); 3] = [
    ("ticket", Ask::Ticket, "ticket number"),
    ("invoice", Ask::Invoice, "invoice number"),
    ("customer", Ask::Customer, "customer's name or id"),
];

/// The error for a number that no ticket has, with the way to the invoice that has it.
async fn or_invoice(ctx: &Context, number: &str, error: Error) -> Error {
    let (Ok(reader), Ok(wanted)) = (ctx.reader_to_show(), number.parse::<InvoiceArg>()) else {
        return error;
    };
    // Only a help: a look that fails changes nothing of what is said.
    match find(&reader, &wanted).await {
        Ok(found) => {
            error.next(format!("open invoice {}", found.number), "open the invoice of that number")
        }
        Err(_) => error,
    }
}

/// What was typed for a record.
fn typed<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T> {
    text.parse()
        .map_err(|why| Error::usage(format!("invalid value \"{text}\": {why}")).nothing_sent())
}

/// Opens a ticket's page.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub async fn ticket(ctx: &Context, typed: &TicketArg) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let ticket = reading::ticket(ctx, &reader, typed).await?;
    open(ctx, TICKETS, ticket.id.0)
}

/// Opens an invoice's page.
///
/// # Errors
/// Exit 3 when there is no such invoice.
pub async fn invoice(ctx: &Context, typed: &InvoiceArg) -> Result<()> {
    let invoice = find_or_customers(ctx, &ctx.reader_to_show()?, typed).await?;
    open(ctx, INVOICES, invoice.id.0)
}

/// Opens a customer's page.
///
/// # Errors
/// Exit 3 when there is no such customer.
pub async fn customer(ctx: &Context, typed: &CustomerArg) -> Result<()> {
    let customer = resolve::customer::customer(ctx, &ctx.reader_to_show()?, typed).await?;
    open(ctx, CUSTOMERS, customer.id.0)
}

fn open(ctx: &Context, folder: Folder, id: u64) -> Result<()> {
    let address = web_page(ctx, folder, id)?;
    match ctx.how().json {
        true => ctx.json(&json!({ "url": address.as_str() }))?,
        false => ctx.ui().stdout(address.as_str())?,
    }
    if ctx.is_sandbox() {
        ctx.ui().note("the practice server has no web pages; nothing was opened");
    } else {
        ctx.ui().open(address.as_str());
    }
    Ok(())
}
