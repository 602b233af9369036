//! Estimates, contracts and schedules: what a customer has agreed to, or may. Of each only its fields are known here; how
//! an estimate becomes an invoice is in `estimate`, their lines are in `document_line`.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::body;
use super::guard::{Finding, Guard};
use super::resource::{Resource, ResourceField};
use crate::api::fields::{at, day_alone, to_day, to_decimal, to_instant};
use crate::api::resources::line_items::BELOW;
use crate::error::{Error, Result};
use crate::render::when;
use crate::write::{Collection, FieldKind, Noun, field_shown};

/// Estimates.
pub(super) const ESTIMATE: Resource = Resource {
    noun: Noun::Estimate,
    name: |fields| {
        let said = body::said(fields, "number").or_else(|| body::said(fields, "name"));
        said.unwrap_or("(no number)").to_owned()
    },
    list: |fields| of_customer(Noun::Estimate, fields),
    fields: &[
        ResourceField::new("number", "number").identifying(),
        ResourceField::new("name", "name").identifying(),
        ResourceField::new("date", "date").kind(FieldKind::Day),
        ResourceField::new("status", "status"),
        ResourceField::new("note", "note").kind(FieldKind::Prose),
        ResourceField::new("ticket_id", "ticket"),
    ],
    ignored: &[BELOW],
    telling: &["name", "status"],
    typed_again: Some("number"),
    stays: true,
    ..Resource::PLAIN
};

/// Contracts.
pub(super) const CONTRACT: Resource = Resource {
    noun: Noun::Contract,
    list: |fields| of_customer(Noun::Contract, fields),
    fields: &[
        ResourceField::new("name", "name").identifying(),
        ResourceField::new("contract_amount", "amount"),
        ResourceField::new("start_date", "start").kind(FieldKind::Day),
        ResourceField::new("end_date", "end").kind(FieldKind::Day),
        ResourceField::new("primary_contact", "primary contact"),
        ResourceField::new("description", "description").kind(FieldKind::Prose),
        ResourceField::new("status", "status"),
        ResourceField::new("likelihood", "likelihood"),
        ResourceField::new(PRICES, "prices").kind(FieldKind::Entries),
        ResourceField::new(NOT_BILLED, "products not billed").kind(FieldKind::Entries),
    ],
    resets: &["apply_to_all"],
    telling: &["contract_amount", "start_date", "end_date", "status"],
    typed_again: Some("name"),
    stays: true,
    sound: has_sound_prices,
    ..Resource::PLAIN
};

/// A contract's own prices, and what it does not bill. What is sent replaces all that there was.
const PRICES: &str = "product_price_overrides";
const NOT_BILLED: &str = "non_billable_product_ids";

/// Refuses what Syncro answers with 422: a list that is null, and a discount that is none or more than all.
///
/// # Errors
/// Exit 5.
fn has_sound_prices(fields: &Map<String, Value>, _: Date) -> Result<Option<Finding>> {
    let is_null = |list: &&str| fields.get(*list).is_some_and(Value::is_null);
    if let Some(list) = [PRICES, NOT_BILLED].into_iter().find(is_null) {
        let error = Error::refused(format!("{list} cannot be null")).nothing_written();
        return Err(error.hint("use [] to remove all entries, or leave it out to keep them"));
    }
    let prices = fields.get(PRICES).and_then(Value::as_array).into_iter().flatten();
    let discounts = prices.map(|price| at(price, "discount_percentage"));
    let is_wrong = |discount: &&Value| {
        let percent = to_decimal(discount);
        !discount.is_null()
            && percent
                .is_none_or(|percent| percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED)
    };
    let Some(wrong) = discounts.into_iter().find(is_wrong) else { return Ok(None) };
    let text = format!("a discount_percentage cannot be {wrong}");
    Err(Error::refused(text).nothing_written().hint("use a number above 0, and at most 100"))
}

/// Schedules. A PUT changes only what is sent.
pub(super) const SCHEDULE: Resource = Resource {
    noun: Noun::Schedule,
    list: |fields| of_customer(Noun::Schedule, fields),
    fields: &[
        ResourceField::new("name", "name").identifying(),
        ResourceField::new("frequency", "frequency").identifying(),
        ResourceField::new(NEXT_RUN, "next run").kind(FieldKind::Day),
        ResourceField::new("paused", "paused").kind(FieldKind::Flag),
        ResourceField::new("email_customer", "emails the customer").kind(FieldKind::Flag),
        ResourceField::new("charge_mop", "charges a stored payment method").kind(FieldKind::Flag),
    ],
    ignored: &[BELOW, "lines"],
    emails: Some("email_customer"),
    side_effects: &[NEXT_RUN],
    telling: &["frequency", NEXT_RUN, "subtotal"],
    typed_again: Some("name"),
    stays: true,
    sound: runs_later,
    ..Resource::PLAIN
};

/// The day on which a schedule makes its next invoice.
const NEXT_RUN: &str = "next_run";

/// The question about a next run that is over already.
///
/// # Errors
/// Exit 2 for one that is no day.
fn runs_later(fields: &Map<String, Value>, today: Date) -> Result<Option<Finding>> {
    let fields = body::inside(fields.clone(), Noun::Schedule.label());
    let Some(said) = fields.get(NEXT_RUN).filter(|said| !said.is_null()) else {
        return Ok(None);
    };
    let alone = said.as_str().and_then(day_alone);
    // What only begins with a day is none.
    let day = alone.or_else(|| to_instant(said).and_then(|_| to_day(said))).ok_or_else(|| {
        Error::usage(format!("{NEXT_RUN} ({}) is not a day", field_shown(said)))
            .nothing_sent()
            .hint(format!("like -f {NEXT_RUN}=2027-03-01"))
    })?;
    let text = || format!("its next run, {}, would be in the past", when::day(day));
    Ok((day < today).then(|| Finding::new(Guard::Past, text())))
}

/// The list of the customer whom a body names.
fn of_customer(noun: Noun, fields: &Map<String, Value>) -> Option<Collection> {
    Some(Collection::of_customer(noun, body::reference(fields, "customer_id")?))
}
