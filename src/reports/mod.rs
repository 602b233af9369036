//! Reports: what the account's own records say of money that slipped. Pure: records and the day come in, rows, sums and
//! what could not be judged go out. Reading is the business of `commands/report`, showing that of `render/report`.
//!
//! What cannot be read is not absent: a case of which a part is missing is left out, and counted with the reason; a sum
//! that misses something says so.

pub mod uninvoiced;

mod at_least;
mod left_out;
mod mend;
mod parts;
mod takes;

pub use at_least::AtLeast;
pub use left_out::{LeftOut, why};
pub use mend::Mend;
pub use parts::Parts;
pub use takes::{Taken, Takes};

use serde_json::{Map, Value, json};

use crate::api::Record;
use crate::api::ids::CustomerId;
use crate::api::resources::tickets::Ticket;
use crate::billing::uninvoiced::Unmarked;

/// Why something is not known.
pub type Why = &'static str;

/// A ticket from its own page, and which of its lines an invoice has without their mark.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The ticket.
    pub ticket: Record<Ticket>,
    /// The lines without the mark that stand on one of its invoices; or why that is not known. Where all lines are
    /// marked there are none.
    pub unmarked: Result<Unmarked, Why>,
}

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

    /// The members of a row that say it.
    #[must_use]
    pub fn members(&self) -> Map<String, Value> {
        let members = json!({ "customer": self.customer, "customer_id": self.id });
        members.as_object().cloned().unwrap_or_default()
    }
}

/// A row with the members that all rows begin with, and those of its own.
fn row(whose: &Whose, ticket: Option<&Ticket>, own: Value) -> Value {
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
