//! Whose a row is, and the members that all rows begin with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{LeftOut, Why, why};
use crate::api::ids::CustomerId;
use crate::api::resources::assets::Asset;
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
    pub fn of_asset(asset: &Asset) -> Self {
        let customer = asset.customer.as_ref().map(|customer| customer.name().to_owned());
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

/// Names the customers of rows. What is not known is noted once for each of them; `nobody` is what is said of rows that name
/// none.
pub(super) fn name<'r>(
    rows: impl Iterator<Item = &'r mut Whose>,
    names: &BTreeMap<CustomerId, String>,
    nobody: Why,
    left_out: &mut LeftOut,
) {
    let mut unnamed = BTreeSet::new();
    for whose in rows {
        let name = whose.id.and_then(|id| names.get(&id)).cloned();
        if name.is_none() && unnamed.insert(whose.id) {
            left_out.note(if whose.id.is_some() { why::NAME } else { nobody }, whose.id);
        }
        whose.customer = name.unwrap_or_default();
    }
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
