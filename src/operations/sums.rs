//! The money and the quantities of a body, whichever record it is of: by the one rule for what people type, before anything
//! is read. What each field is for is its rule's to know. Pure.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::rule::Call;
use super::{body, figures, sold};
use crate::api::Folder;
use crate::api::folder::{CONTRACTS, ESTIMATES, INVOICES, PAYMENTS, PRODUCTS, SCHEDULES, TICKETS};
use crate::billing::discount::Discount;
use crate::billing::typed::{self, Decimals};
use crate::error::{Error, Result};

/// Fields of money, in dollars.
const MONEY: [&str; 7] = [
    "price_retail",
    "price_cost",
    "price_wholesale",
    "price",
    "discount_dollars",
    "payment_amount",
    "amount",
];

/// Money, or words: "45 a month".
const AGREED: &str = "contract_amount";

/// The same in cents.
const IN_CENTS: [&str; 4] = ["retail_cents", "price_retail_cents", "rate_cents", "cost_cents"];

/// Fields of quantities.
const QUANTITY: &str = "quantity";

/// Whether something is taxed.
const TAXABLE: &str = "taxable";

/// Folders whose records have them, or have lines.
const FOLDERS: [Folder; 7] =
    [TICKETS, INVOICES, ESTIMATES, CONTRACTS, SCHEDULES, PAYMENTS, PRODUCTS];

/// Refuses money and quantities that no command would send, and lines that no guard reads or that are called nothing. The
/// account's currency is perhaps not known yet: [`in_currency`] refuses what only it tells.
///
/// # Errors
/// Exit 2; exit 5 for lines without a name.
pub(super) fn sound(call: &Call) -> Result<()> {
    let Some((folder, _)) = call.place().filter(|(folder, _)| FOLDERS.contains(folder)) else {
        return Ok(());
    };
    sold::readable(call, folder)?;
    not_wrapped(&call.fields)?;
    for fields in records(call) {
        match folder == PRODUCTS {
            true => not_empty(fields)?,
            false => not_null(fields)?,
        }
        each(fields, typed::at_first())?;
        figures::quantity(fields, QUANTITY)?;
        figures::is_flag(fields, TAXABLE)?;
        if folder == PRODUCTS {
            not_negative(fields)?;
        }
    }
    let (_, called) = sold::words(folder);
    let mut lines = sold::lines(call).into_iter();
    lines.try_for_each(|line| body::is_called(line, &[called, "name"]))
}

/// Refuses money with more decimals than the account's currency has, once that was read.
///
/// # Errors
/// Exit 2.
pub(super) fn in_currency(call: &Call) -> Result<()> {
    let folder = call.place().map(|(folder, _)| folder).filter(|one| FOLDERS.contains(one));
    let records = folder.into_iter().flat_map(|_| records(call));
    { records }.try_for_each(|fields| {
        each(fields, typed::money())?;
        paid(fields)
    })
}

/// What a payment comes to, and what each invoice gets of it.
fn paid(fields: &Map<String, Value>) -> Result<()> {
    figures::in_dollars(fields, "amount_cents")?;
    let shares = fields.get("apply_payments").and_then(Value::as_object);
    shares.map_or(Ok(()), |shares| {
        shares.keys().try_for_each(|id| figures::in_dollars(shares, id).map(drop))
    })
}

/// What a line costs stands beside its name, where the guards look, and not under the name of a line.
fn not_wrapped(fields: &Map<String, Value>) -> Result<()> {
    let names = || MONEY.iter().chain(&IN_CENTS).chain([&QUANTITY]).chain(&Discount::FIELDS);
    for (wrapper, line) in sold::wrapped(fields) {
        if let Some(name) = names().find(|name| line.contains_key(**name)) {
            let text = format!("{name} is inside {wrapper}, where it is not checked");
            let hint = format!("use -F {name}=..., not -F {wrapper}[{name}]=...");
            return Err(Error::usage(text).nothing_sent().hint(hint));
        }
    }
    Ok(())
}

/// The body, what it wraps in the record's own name, and the lines that it brings along.
fn records(call: &Call) -> impl Iterator<Item = &Map<String, Value>> {
    sold::parts(call).into_iter().chain(sold::lines(call))
}

fn each(fields: &Map<String, Value>, money: &Decimals) -> Result<()> {
    MONEY.iter().try_for_each(|name| figures::bounded(fields, name, money).map(drop))?;
    IN_CENTS.iter().try_for_each(|name| figures::in_dollars(fields, name).map(drop))?;
    if figures::decimal(fields, AGREED).is_ok() {
        figures::bounded(fields, AGREED, money)?;
    }
    Ok(())
}

/// Of an empty text nobody knows what a server makes, nor whether it has a way to clear a figure of a product.
fn not_empty(fields: &Map<String, Value>) -> Result<()> {
    let is_empty = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    match MONEY.iter().find(|name| fields.get(**name).is_some_and(is_empty)) {
        Some(name) => Err(Error::usage(format!("{name} is empty"))
            .nothing_sent()
            .hint(format!("use a number, or leave {name} out to keep it as it is"))),
        None => Ok(()),
    }
}

/// What a line costs and how many there are is a number, or not said: null is neither, and would pass every guard.
fn not_null(fields: &Map<String, Value>) -> Result<()> {
    let named = ["price", "price_retail", "payment_amount", "amount_cents", QUANTITY];
    let named = named.iter().chain(&IN_CENTS);
    match { named }.find(|name| fields.get(**name).is_some_and(Value::is_null)) {
        Some(name) => Err(Error::usage(format!("{name} null is no number"))
            .nothing_sent()
            .hint(format!("leave {name} out to keep it as it is"))),
        None => Ok(()),
    }
}

/// What is sold costs something, or nothing.
fn not_negative(fields: &Map<String, Value>) -> Result<()> {
    for name in MONEY {
        if figures::decimal(fields, name)?.is_some_and(|price| price < Decimal::ZERO) {
            let text = format!("invalid {name} {}: use 0.00 or more", fields[name]);
            return Err(Error::usage(text).nothing_sent());
        }
    }
    Ok(())
}
