//! Line items: what a ticket will put on its invoice.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::fields::{self, Unread};
use crate::api::folder::TICKETS;
use crate::api::ids::{LineItemId, ProductId, TicketId, UserId};
use crate::api::request::{List, Method, Write};
use crate::billing::discount::Discount;

/// A line item of a ticket.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LineItem {
    /// Which.
    pub id: LineItemId,
    /// What is sold.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// What was done.
    #[serde(default, deserialize_with = "fields::text")]
    pub description: String,
    /// Units or hours.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub quantity: Option<Decimal>,
    /// The price of one unit, the only price the server keeps.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub price_retail: Option<Decimal>,
    /// The same in cents; some answers have only this one.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub retail_cents: Option<Decimal>,
    /// What is taken off, in percent, as it is stated.
    #[serde(default)]
    pub line_discount_percent: Value,
    /// What is taken off as an amount.
    #[serde(default)]
    pub discount_dollars: Value,
    /// Whether tax is added.
    #[serde(default, deserialize_with = "fields::flag")]
    pub taxable: bool,
    /// Whether an invoice has taken it.
    #[serde(default, deserialize_with = "fields::flag")]
    pub converted: bool,
    /// The product, if it is one.
    #[serde(default, deserialize_with = "fields::id")]
    pub product_id: Option<ProductId>,
    /// Who added it.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user_id: Option<UserId>,
    /// When.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl LineItem {
    /// The fields that say what it comes to, and whether that is invoiced.
    pub const MONEY: [&str; 5] =
        ["quantity", "price_retail", "retail_cents", "taxable", "converted"];

    /// The price of one unit; from the cents where the price itself is missing.
    #[must_use]
    pub fn price(&self) -> Option<Decimal> {
        if self.unreadable.raw("price_retail").is_some() {
            return None;
        }
        self.price_retail.or_else(|| self.retail_cents.map(|cents| cents / Decimal::ONE_HUNDRED))
    }

    /// What is taken off quantity times price; `None` where nobody can tell.
    #[must_use]
    pub fn discount(&self) -> Option<Discount> {
        let price = self.price().unwrap_or_default();
        self.discount_at(self.quantity.unwrap_or_default(), price)
    }

    /// The same, were it so many at another price.
    #[must_use]
    pub fn discount_at(&self, quantity: Decimal, price: Decimal) -> Option<Discount> {
        let full = quantity.saturating_mul(price);
        Discount::read(&[&self.line_discount_percent], &self.discount_dollars, full)
    }

    /// Quantity times price, less the discount, to the cent.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        Some(self.discount()?.amount(self.quantity?, self.price()?))
    }
}

/// A line item to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLineItem {
    /// The product.
    pub product_id: ProductId,
    /// Its name; required even with a product.
    pub name: String,
    /// What was done; required.
    pub description: String,
    /// Units or hours.
    pub quantity: Decimal,
    /// The price of one unit.
    pub price: Decimal,
    /// Whether tax is added; left out would mean yes.
    pub taxable: bool,
}

/// A decimal as a JSON number, digit for digit.
#[must_use]
pub fn number(decimal: Decimal) -> Value {
    serde_json::from_str(&decimal.to_string()).unwrap_or(Value::Null)
}

/// What adds a line to a ticket.
pub const ADD: &str = "add_line_item";
/// What changes one.
pub const UPDATE: &str = "update_line_item";
/// What takes one off.
pub const REMOVE: &str = "remove_line_item";
/// The field that names one.
pub const ID: &str = "ticket_line_item_id";

/// Below an invoice, an estimate or a schedule: what adds one, and where one is.
pub const BELOW: &str = "line_items";

/// `GET /line_items`: those of invoices and of estimates.
#[must_use]
pub fn listed<T>() -> List<T> {
    List::new("/line_items", "line_items")
}

/// `POST /tickets/{id}/add_line_item`: adds a line; `price_retail` is the only price name that the server keeps.
#[must_use]
pub fn create(ticket: TicketId, line: &NewLineItem) -> Write {
    let body = json!({
        "product_id": line.product_id,
        "name": line.name,
        "description": line.description,
        "quantity": number(line.quantity),
        "price_retail": number(line.price),
        "taxable": line.taxable,
    });
    TICKETS.act(ticket, ADD, body)
}

/// `POST /tickets/{id}/remove_line_item`: takes a line item off the ticket. The answer says success either way; a look
/// tells.
#[must_use]
pub fn remove(ticket: TicketId, line: LineItemId) -> Write {
    TICKETS.act(ticket, REMOVE, json!({ ID: line }))
}

/// `PUT /tickets/{id}/update_line_item`: sets what `fields` names.
#[must_use]
pub fn update(ticket: TicketId, line: LineItemId, fields: Map<String, Value>) -> Write {
    update_later(ticket, json!(line), fields)
}

/// The same for a line that is yet to be made: `line` is what stands for its id until then.
#[must_use]
pub fn update_later(ticket: TicketId, line: Value, fields: Map<String, Value>) -> Write {
    let mut body = Map::new();
    body.insert(ID.to_owned(), line);
    body.extend(fields);
    let path = TICKETS.below(ticket, UPDATE);
    Write { method: Method::Put, path, body: Some(body.into()) }
}

/// `PUT /tickets/{id}/update_line_item`: gives a line its price back. A PUT applies defaults to booleans that are left
/// out, so `taxable` goes with it: labor would be taxed.
#[must_use]
pub fn reprice(ticket: TicketId, line: LineItemId, price: Decimal, taxable: bool) -> Write {
    let mut fields = Map::new();
    fields.insert("price_retail".to_owned(), number(price));
    fields.insert("taxable".to_owned(), json!(taxable));
    update(ticket, line, fields)
}
