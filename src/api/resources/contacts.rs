//! Contacts: the people at a customer. Their title lives in `properties`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::fields::{self, Unread};
use crate::api::folder::CONTACTS;
use crate::api::ids::{ContactId, CustomerId};
use crate::api::request::{Get, List, Write};

/// A contact, as its own list and page have it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Contact {
    /// Who.
    pub id: ContactId,
    /// The full name.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// Where.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// Where replies are mailed.
    #[serde(default, deserialize_with = "fields::text")]
    pub email: String,
    /// The phone number.
    #[serde(default, deserialize_with = "fields::text")]
    pub phone: String,
    /// The phone's extension.
    #[serde(default, deserialize_with = "fields::text")]
    pub extension: String,
    /// The mobile phone.
    #[serde(default, deserialize_with = "fields::text")]
    pub mobile: String,
    /// Street and number.
    #[serde(default, deserialize_with = "fields::text")]
    pub address1: String,
    /// The rest of it.
    #[serde(default, deserialize_with = "fields::text")]
    pub address2: String,
    /// The city.
    #[serde(default, deserialize_with = "fields::text")]
    pub city: String,
    /// The state.
    #[serde(default, deserialize_with = "fields::text")]
    pub state: String,
    /// The postal code.
    #[serde(default, deserialize_with = "fields::text")]
    pub zip: String,
    /// What somebody wrote about them.
    #[serde(default, deserialize_with = "fields::text")]
    pub notes: String,
    /// Whatever else the account keeps, the title among it.
    #[serde(default)]
    pub properties: Value,
    /// Whether they want no mail.
    #[serde(default, deserialize_with = "fields::flag")]
    pub opt_out: bool,
    /// Since when.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Contact {
    /// What they are there, from the properties; empty when that is not known.
    #[must_use]
    pub fn title(&self) -> &str {
        let title = self.properties.get("title").and_then(Value::as_str);
        title.unwrap_or_default().trim()
    }

    /// The address in a line.
    #[must_use]
    pub fn address(&self) -> String {
        super::address([&self.address1, &self.address2], [&self.city, &self.state, &self.zip])
    }
}

/// `GET /contacts`: everybody's, 50 a page.
fn all() -> List<Contact> {
    CONTACTS.list()
}

/// `GET /contacts?customer_id=`: a customer's.
#[must_use]
pub fn of_customer(customer: Option<CustomerId>) -> List<Contact> {
    all().filter("customer_id", customer, move |one| one.customer_id == customer)
}

/// `GET /contacts/{id}`, wrapped or bare.
#[must_use]
pub fn get(id: ContactId) -> Get<Contact> {
    CONTACTS.get(id).bare_too()
}

/// `POST /contacts`, flat in and out. A `title` is kept in `properties`, which a write does not take.
#[must_use]
pub fn create(fields: Map<String, Value>) -> Write {
    CONTACTS.create(fields)
}

/// `PUT /contacts/{id}`: sets what `fields` names; the specification asks for the name. A `title` is kept in `properties`,
/// which a write does not take.
#[must_use]
pub fn update(id: ContactId, fields: Map<String, Value>) -> Write {
    CONTACTS.update(id, fields)
}

/// `DELETE /contacts/{id}`: afterwards a GET finds nothing.
#[must_use]
pub fn delete(id: ContactId) -> Write {
    CONTACTS.delete(id)
}
