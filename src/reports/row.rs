//! Whose a row is, and the members that all rows begin with.

use serde_json::{Map, Value, json};

use crate::api::ids::CustomerId;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;

/// Whose a row is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// The members of a row that say it.
    #[must_use]
    pub fn members(&self) -> Map<String, Value> {
        let members = json!({ "customer": self.customer, "customer_id": self.id });
        members.as_object().cloned().unwrap_or_default()
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
