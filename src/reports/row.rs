//! Whose a row is, and the members that all rows begin with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{LeftOut, Why, why};
use crate::api::Record;
use crate::api::ids::CustomerId;
use crate::api::resources::assets::Asset;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;

/// Whose a row is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    /// The customer's name.
    pub customer: String,
    /// Its id.
    pub id: Option<CustomerId>,
}

impl Whose {
    /// The customer of a ticket.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        let customer = ticket.customer_business_then_name.clone();
        Self { customer, id: ticket.customer_id }
    }

    /// The customer of an invoice.
    #[must_use]
    pub fn of_invoice(invoice: &Invoice) -> Self {
        let customer = invoice.customer_business_then_name.clone();
        Self { customer, id: invoice.customer_id }
    }

    /// The customer of an asset, as far as it comes with it.
    #[must_use]
    pub fn of_asset(asset: &Record<Asset>) -> Self {
        let customer = customer_name(&asset.raw["customer"]);
        Self { customer: customer.unwrap_or_default(), id: asset.customer() }
    }

    /// A customer of which the name is not known yet.
    #[must_use]
    pub const fn unnamed(id: Option<CustomerId>) -> Self {
        Self { customer: String::new(), id }
    }

    /// The members of a row that say it.
    #[must_use]
    pub fn members(&self) -> Map<String, Value> {
        let members = json!({ "customer": self.customer, "customer_id": self.id });
        members.as_object().cloned().unwrap_or_default()
    }
}

/// What stands for a name that cannot be read.
pub const UNKNOWN: &str = "?";

/// What a customer is called, by its record; nothing where that cannot be read, which is not to have no name.
#[must_use]
pub fn customer_name(raw: &Value) -> Option<String> {
    let said: Vec<&Value> = Customer::NAMES.iter().filter_map(|name| raw.get(*name)).collect();
    let text = |value: &&Value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let has_none = !said.is_empty() && said.iter().all(|one| one.is_null() || *one == "");
    let none = || has_none.then(|| Customer::NAMELESS.to_owned());
    said.iter().find_map(text).or_else(none)
}

/// Marks the customers of rows that are known by their ids alone, and notes each of them once.
pub(super) fn mark_unnamed<'r>(rows: impl Iterator<Item = &'r mut Whose>, left_out: &mut LeftOut) {
    let mut noted = BTreeSet::new();
    for whose in rows.filter(|whose| whose.id.is_some() && whose.customer.is_empty()) {
        UNKNOWN.clone_into(&mut whose.customer);
        if noted.insert(whose.id) {
            left_out.note(why::NAME, whose.id);
        }
    }
}

/// Names the customers of rows. What is not known is noted once for each of them; `nobody` is what is said of rows that name
/// none.
pub(super) fn name<'r>(
    rows: impl Iterator<Item = &'r mut Whose>,
    names: &BTreeMap<CustomerId, String>,
    nobody: Why,
    left_out: &mut LeftOut,
) {
    let mut rows: Vec<&mut Whose> = rows.collect();
    for whose in &mut rows {
        whose.customer = whose.id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    }
    if rows.iter().any(|whose| whose.id.is_none()) {
        left_out.note(nobody, None);
    }
    mark_unnamed(rows.into_iter(), left_out);
}

/// A row with the members that all rows begin with, and those of its own.
pub(super) fn row(whose: &Whose, ticket: Option<&Ticket>, own: Value) -> Value {
    let mut row = whose.members();
    if let Some(ticket) = ticket {
        row.insert("ticket".to_owned(), json!(ticket.number));
        row.insert("ticket_id".to_owned(), json!(ticket.id));
    }
    if let Value::Object(own) = own {
        row.extend(own);
    }
    Value::Object(row)
}
