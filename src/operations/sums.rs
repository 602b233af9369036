//! The money and the quantities of a body, whichever record it is of: by the one rule for what people type, before anything
//! is read. What each field is for is its rule's to know. Pure.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::rule::Call;
use super::{body, figures, sold};
use crate::api::folder::{CONTRACTS, ESTIMATES, INVOICES, PAYMENTS, PRODUCTS, SCHEDULES, TICKETS};
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

/// Refuses money and quantities that no command would send, and lines that are called nothing.
///
/// # Errors
/// Exit 2; exit 5 for those lines.
pub(super) fn sound(call: &Call) -> Result<()> {
    const FOLDERS: [crate::api::Folder; 7] =
        [TICKETS, INVOICES, ESTIMATES, CONTRACTS, SCHEDULES, PAYMENTS, PRODUCTS];
    let Some((folder, _)) = call.place().filter(|(folder, _)| FOLDERS.contains(folder)) else {
        return Ok(());
    };
    let own = call.fields.get(folder.one()).and_then(Value::as_object);
    let records = [Some(&call.fields), own].into_iter().flatten();
    let lines = sold::lines(&call.fields);
    let called = if folder == SCHEDULES { "name" } else { "item" };
    lines.iter().try_for_each(|line| body::is_named(line, called))?;
    let lines = lines.into_iter().chain(sold::bodies(&call.fields));
    for fields in records.chain(lines) {
        match folder == PRODUCTS {
            true => not_empty(fields)?,
            false => not_null(fields)?,
        }
        each(fields)?;
        if folder == PRODUCTS {
            not_negative(fields)?;
        }
    }
    Ok(())
}

fn each(fields: &Map<String, Value>) -> Result<()> {
    MONEY.iter().try_for_each(|name| figures::price(fields, name).map(drop))?;
    IN_CENTS.iter().try_for_each(|name| figures::in_dollars(fields, name).map(drop))?;
    if figures::decimal(fields, AGREED).is_ok() {
        figures::price(fields, AGREED)?;
    }
    figures::quantity(fields, QUANTITY).map(drop)
}

/// A figure of a product is cleared by null; of an empty text nobody knows what a server makes.
fn not_empty(fields: &Map<String, Value>) -> Result<()> {
    let is_empty = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    match MONEY.iter().find(|name| fields.get(**name).is_some_and(is_empty)) {
        Some(name) => Err(Error::usage(format!("{name} is empty"))
            .nothing_sent()
            .hint(format!("to clear it, use -F {name}=null"))),
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
        if figures::price(fields, name)?.is_some_and(|price| price < Decimal::ZERO) {
            let text = format!("invalid {name} {}: use 0.00 or more", fields[name]);
            return Err(Error::usage(text).nothing_sent());
        }
    }
    Ok(())
}
