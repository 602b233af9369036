//! The figures of a body: amounts, quantities and discounts, by the one rule for what people type. Pure.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::api::fields::{Said, is_plain, to_decimal, to_flag};
use crate::api::secret;
use crate::billing::discount::Discount;
use crate::billing::typed::{self, Decimals, PARTS};
use crate::error::{Error, Result};
use crate::write::{Check, Effect, field_shown};

/// An amount or a quantity of a body.
///
/// # Errors
/// Exit 2 for one that cannot be read: what the guards cannot judge, they must not let pass.
pub(super) fn decimal(fields: &Map<String, Value>, name: &str) -> Result<Option<Decimal>> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let unread = || {
        Error::usage(format!("{name} {} is no number", secret::shown(name, value)))
            .nothing_sent()
            .hint(format!("like -F {name}=1.5, with a point and without marks of thousands"))
    };
    to_decimal(value).filter(|_| is_plain(value)).map(Some).ok_or_else(unread)
}

/// That a body can be read wherever the record has a yes or no, or a number, also in the record's own name that wraps it.
///
/// # Errors
/// Exit 2 for what is neither: nobody knows what a server makes of it.
pub(super) fn readable(fields: &Map<String, Value>, raw: &Value) -> Result<()> {
    for (name, value) in fields {
        match (raw.get(name), value) {
            (None, Value::Object(inside)) => readable(inside, raw)?,
            (Some(Value::Number(_)), _) => drop(decimal(fields, name)?),
            (Some(Value::Bool(_)), _) => is_flag(fields, name)?,
            _ => {}
        }
    }
    Ok(())
}

/// That a yes or no of a body is one, where it is there.
///
/// # Errors
/// Exit 2.
pub(super) fn is_flag(fields: &Map<String, Value>, name: &str) -> Result<()> {
    match fields.get(name) {
        Some(value) if to_flag(value) == Said::Unreadable => {
            let value = secret::shown(name, value);
            let text = format!("{name} {value} is neither true nor false");
            let hint = format!("use -F {name}=true or -F {name}=false");
            Err(Error::usage(text).nothing_sent().hint(hint))
        }
        _ => Ok(()),
    }
}

/// A price of a body.
///
/// # Errors
/// Exit 2 for one that cannot be read, or that a server would round, or beyond all bounds.
pub(super) fn price(fields: &Map<String, Value>, name: &str) -> Result<Option<Decimal>> {
    bounded(fields, name, typed::money())
}

/// How many there are of something, by a body.
///
/// # Errors
/// As for [`price`].
pub(super) fn quantity(fields: &Map<String, Value>, name: &str) -> Result<Option<Decimal>> {
    bounded(fields, name, &PARTS)
}

/// A number of a body, by the one rule for what people type and what a request says.
///
/// # Errors
/// As for [`price`].
pub(super) fn bounded(
    fields: &Map<String, Value>,
    name: &str,
    decimals: &Decimals,
) -> Result<Option<Decimal>> {
    let Some(number) = decimal(fields, name)? else {
        return Ok(None);
    };
    // 33.330 is in whole cents.
    typed::bounded(number.normalize(), decimals).map_err(|bound| {
        Error::usage(format!("{name} {number} {}", bound.is))
            .nothing_sent()
            .hint(format!("use {}", bound.usual))
    })?;
    Ok(Some(number))
}

/// A price of a body, which may stand there in cents.
///
/// # Errors
/// Those of [`price`].
pub(super) fn price_or_cents(
    fields: &Map<String, Value>,
    name: &str,
    in_cents: Option<&str>,
) -> Result<Option<Decimal>> {
    let price = price(fields, name)?;
    let Some(in_cents) = in_cents else {
        return Ok(price);
    };
    Ok(price.or(in_dollars(fields, in_cents)?))
}

/// Cents of a body in dollars; in a currency without cents they come to a whole amount.
///
/// # Errors
/// As for [`price`].
pub(super) fn in_dollars(fields: &Map<String, Value>, name: &str) -> Result<Option<Decimal>> {
    let Some(cents) = decimal(fields, name)? else {
        return Ok(None);
    };
    let dollars = cents / Decimal::ONE_HUNDRED;
    typed::bounded(dollars.normalize(), typed::in_cents())
        .map_err(|bound| Error::usage(format!("{name} {cents} {}", bound.is)).nothing_sent())?;
    Ok(Some(dollars))
}

/// The discount that a body states for so many at a price; none where it states none.
///
/// # Errors
/// Exit 2 for one of which nobody can tell what it comes to, or that a server would round.
pub(super) fn discount(
    fields: &Map<String, Value>,
    quantity: Decimal,
    price: Decimal,
) -> Result<Option<Discount>> {
    if discounts(fields).next().is_none() {
        return Ok(None);
    }
    let discount = Discount::stated(fields, quantity.saturating_mul(price));
    let discount = discount.ok_or_else(|| {
        Error::usage("the discount of the line is unclear")
            .nothing_sent()
            .hint("use one: a percentage from 0 to 100, or dollars up to what the line costs")
    })?;
    self::price(fields, DOLLARS)?;
    Ok(Some(discount))
}

/// The amount of a discount.
const DOLLARS: &str = "discount_dollars";

/// The fields of a body that state a discount.
pub(super) fn discounts(
    fields: &Map<String, Value>,
) -> impl Iterator<Item = (&'static str, &Value)> {
    let given = |name| Some((name, fields.get(name).filter(|value| !value.is_null())?));
    Discount::FIELDS.into_iter().filter_map(given)
}

/// A new line of which the discount that a body states must be as it was sent.
pub(super) fn discounted(line: Effect, fields: &Map<String, Value>) -> Effect {
    let sent: Map<String, Value> =
        discounts(fields).map(|(name, value)| (name.to_owned(), value.clone())).collect();
    if sent.is_empty() { line } else { line.totals(Check::Discount(sent)) }
}

/// The discount of a line that is there, once a body has changed it: what it leaves out stays. `None` where nobody can tell,
/// and the body has not to do with it.
///
/// # Errors
/// Exit 5 where what it states makes an unclear discount with what stays; those of [`discount`].
pub(super) fn discount_then(
    fields: &Map<String, Value>,
    line: &Value,
    quantity: Decimal,
    price: Decimal,
) -> Result<Option<Discount>> {
    let given = discount(fields, quantity, price)?;
    let mut then = line.as_object().cloned().unwrap_or_default();
    // A percentage takes the place of the one that is there, whichever name that has.
    if discounts(fields).any(|(name, _)| name != DOLLARS) {
        then.retain(|name, _| name == DOLLARS || !Discount::FIELDS.contains(&name.as_str()));
    }
    then.extend(discounts(fields).map(|(name, value)| (name.to_owned(), value.clone())));
    let becomes = Discount::stated(&then, quantity.saturating_mul(price));
    if given.is_none() || becomes.is_some() {
        return Ok(becomes);
    }
    let there = line.as_object().into_iter().flat_map(discounts);
    let there: Vec<String> =
        there.map(|(name, value)| format!("{name} {}", field_shown(value))).collect();
    let there = there.join(", ");
    let text = format!("the discount of the line would be unclear: it already has {there}");
    Err(Error::refused(text)
        .nothing_written()
        .hint("set the other one to 0 in the same request, like -F line_discount_percent=0"))
}
