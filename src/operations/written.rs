//! The guards of what a request carries, whoever makes it: text that looks like a credential where a customer reads it,
//! and more hours or money than is usual. Pure.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{Finding, Guard};
use crate::api::Method;
use crate::api::fields::{may_be_yes, to_decimal, to_id};
use crate::api::folder::{APPOINTMENTS, ESTIMATES, INVOICES, PAYMENTS, SCHEDULES, TICKETS, TIMERS};
use crate::api::ids::ProductId;
use crate::api::resources::line_items::{self, LineItem};
use crate::api::resources::timers;
use crate::config::{Settings, Unit};
use crate::draft::credentials;
use crate::error::{Error, Result};
use crate::render::html;
use crate::write::{Request, normal_text};

/// Fields that customers read, on an invoice, in the portal or in an email, by the end of the path they are sent to.
/// Comments are not among them: whether a customer reads one depends on more than its text.
const READ_BY_CUSTOMERS: &[(&str, &str, &[&str])] = &[
    (TICKETS.name(), "the ticket", &["subject", "body"]),
    (line_items::ADD, "the line item", &["name", "description"]),
    (line_items::UPDATE, "the line item", &["name", "description"]),
    (timers::ADD, "the timer entry", &["notes"]),
    (timers::UPDATE, "the timer entry", &["notes"]),
    (TIMERS.name(), "the timer entry", &["notes"]),
    (line_items::BELOW, "the line item", &["item", "name", "description"]),
    (INVOICES.name(), "the invoice", &["note", "po_number", "item", "name"]),
    (ESTIMATES.name(), "the estimate", &["name", "note", "item"]),
    (SCHEDULES.name(), "the schedule", SCHEDULE),
    (PAYMENTS.name(), "the payment", &["ref_num"]),
    (APPOINTMENTS.name(), "the appointment", &["summary", "description", "location"]),
];

/// Those of a schedule, whose lines may stand in it.
const SCHEDULE: &[&str] = &["name", "memo", "generated_invoice_name", "item", "description"];

/// What stands against a request as it is, besides what is on the server.
#[must_use]
pub fn findings(request: &Request, settings: &Settings) -> Vec<Finding> {
    if request.method == Method::Delete {
        return Vec::new();
    }
    let found = [credential(request), payment(request), hours_sent(request, settings)];
    found.into_iter().flatten().collect()
}

/// How the fields are called that hold a payment card, without their marks and their capitals.
const CARD: [&str; 7] =
    ["creditcardnumber", "cardnumber", "ccnumber", "cvv", "cvv2", "cvc", "cvc2"];

/// Refuses a payment card, wherever it is in a body: it would be in the preview and in the journal.
///
/// # Errors
/// Exit 2.
pub(super) fn no_card(fields: &Map<String, Value>) -> Result<()> {
    let is_said = |value: &Value| !value.is_null() && value.as_str() != Some("");
    for (name, value) in fields {
        // `payment[cvv]` is a name, too.
        let last = name.trim_end_matches(']').rsplit('[').next().unwrap_or_default();
        let plain = last.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
        if CARD.contains(&plain.as_str()) && is_said(value) {
            let error = Error::usage(format!("{name} is card data, which is not sent"));
            return Err(error.nothing_sent().hint("take card payments on Syncro's web page"));
        }
        match value {
            Value::Object(inner) => no_card(inner)?,
            Value::Array(list) => list.iter().filter_map(Value::as_object).try_for_each(no_card)?,
            _ => {}
        }
    }
    Ok(())
}

/// The noun or verb that a path ends in: an id at its end names a record of the folder before it.
fn end(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default().trim_matches('/');
    let is_id =
        |part: &&str| part.starts_with('{') || part.bytes().all(|byte| byte.is_ascii_digit());
    path.rsplit('/').find(|part| !is_id(part)).unwrap_or_default()
}

fn credential(request: &Request) -> Option<Finding> {
    let (_, whose, names) =
        READ_BY_CUSTOMERS.iter().find(|(folder, ..)| *folder == end(&request.path))?;
    let mut texts = Vec::new();
    collect(request.body.as_ref()?, names, &mut texts);
    let what = texts.into_iter().find_map(credential_in)?;
    let text = format!("{whose}: {what}, and the customer will read it");
    Some(Finding::new(Guard::AllowSecrets, text))
}

/// What looks like a credential in texts that a customer will read, in words for a guard; `whose` is what they belong
/// to, "the comment".
#[must_use]
pub(super) fn secret(whose: &str, texts: &[&str]) -> Option<String> {
    let what = texts.iter().find_map(|text| credential_in(text))?;
    Some(format!("{whose}: {what}, and the customer can read it"))
}

/// The same in whatever texts a field holds.
#[must_use]
pub(super) fn secret_in(whose: &str, field: Option<&Value>) -> Option<String> {
    let mut texts = Vec::new();
    all_texts(field?, &mut texts);
    secret(whose, &texts)
}

/// What looks like a credential in a text, also where its markup, its lines or characters that nobody sees divide it.
fn credential_in(text: &str) -> Option<String> {
    let text = format!("{text}<br>");
    let in_text = |text: &str| credentials::find(text).or_else(|| credentials::find_across(text));
    credentials::find(&text.replace("<br>", "\n"))
        .or_else(|| in_text(&html::to_text(&text)))
        .or_else(|| in_text(&html::all_text(&text)))
}

/// Fields by which money is taken along the way, by the end of the path they are sent to, and what each does.
const TAKE_PAYMENT: &[(&str, &str, &str)] = &[
    (INVOICES.name(), "paid", "takes the payment of the invoice at once"),
    (INVOICES.name(), "is_paid", SETTLES),
    (INVOICES.name(), "tech_marked_paid", SETTLES),
    (INVOICES.name(), "verified_paid", SETTLES),
    (SCHEDULES.name(), "charge_mop", CHARGES_STORED),
    (SCHEDULES.name(), "charge_on_due_date", CHARGES_STORED),
    (SCHEDULES.name(), "schedule_retry_card_on_failed_billing", CHARGES_STORED),
];

const SETTLES: &str = "marks the invoice as paid, without a payment";
const CHARGES_STORED: &str = "lets the schedule charge the customer's stored payment method";

/// A payment that a field takes, which may stand in the record's own name.
fn payment(request: &Request) -> Option<Finding> {
    let body = request.body.as_ref()?.as_object()?;
    let parts = || std::iter::once(body).chain(body.values().filter_map(Value::as_object));
    let may_take = |name: &str| parts().any(|part| part.get(name).is_some_and(may_be_yes));
    let end = end(&request.path);
    let mut fields = TAKE_PAYMENT.iter();
    let (_, name, does) = fields.find(|(folder, name, _)| *folder == end && may_take(name))?;
    Some(Finding::new(Guard::TakePayment, format!("{name} {does}")))
}

/// The texts of fields of these names, also where the body wraps them in the record's own name.
fn collect<'b>(body: &'b Value, names: &[&str], texts: &mut Vec<&'b str>) {
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            _ if names.contains(&name.as_str()) => all_texts(value, texts),
            Value::Object(_) => collect(value, names, texts),
            Value::Array(list) => list.iter().for_each(|one| collect(one, names, texts)),
            _ => {}
        }
    }
}

/// The texts of a value, however deep they are in it.
fn all_texts<'b>(value: &'b Value, texts: &mut Vec<&'b str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Object(parts) => parts.values().for_each(|part| all_texts(part, texts)),
        Value::Array(list) => list.iter().for_each(|one| all_texts(one, texts)),
        _ => {}
    }
}

/// More hours of hourly labor on one line than is usual.
fn hours_sent(request: &Request, settings: &Settings) -> Option<Finding> {
    if !matches!(end(&request.path), line_items::ADD | line_items::UPDATE) {
        return None;
    }
    let body = request.body.as_ref()?;
    let quantity = to_decimal(body.get("quantity")?)?;
    let product = body.get("product_id").and_then(to_id)?;
    hours(ProductId(product), quantity, settings)
}

/// The same of so many of a product.
pub(super) fn hours(product: ProductId, quantity: Decimal, settings: &Settings) -> Option<Finding> {
    let mut labor = settings.labor.iter();
    let is_hourly = labor.any(|one| one.product_id == product && one.unit == Unit::Hour);
    let most = settings.guards.large_hours;
    (is_hourly && quantity > most).then(|| {
        let (quantity, most) = (quantity.normalize(), most.normalize());
        let text = format!("{quantity} hours on one line is unusual (more than {most})");
        Finding::new(Guard::Large, text)
    })
}

/// Whether a line item on a ticket is the one that is to be added: the same quantity of the same product (by its name where
/// none is given), and unless it is open, the same description, too. Every guard against adding a line twice asks here.
#[must_use]
pub(super) fn is_same_line(
    there: &LineItem,
    is_open: bool,
    (product, name): (Option<ProductId>, &str),
    quantity: Decimal,
    description: &str,
) -> bool {
    let same_product = match product {
        Some(product) => there.product_id == Some(product),
        None => normal_text(&there.name) == normal_text(name),
    };
    same_product
        && there.quantity.map(|quantity| quantity.normalize()) == Some(quantity.normalize())
        && (is_open || normal_text(&there.description) == normal_text(description))
}
