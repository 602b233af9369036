//! Invoices: made from a ticket's uninvoiced line items, one more at every POST.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::payments::Payment;
use crate::api::fields::{Said, Unread};
use crate::api::folder::INVOICES;
use crate::api::ids::{CustomerId, InvoiceId, Number, ProductId, TicketId, UserId};
use crate::api::request::{Get, List, Write};
use crate::api::{decode, fields, reading};
use crate::billing::discount::Discount;

/// An invoice. List entries and the answer to its POST carry no line items.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Invoice {
    /// The internal id.
    pub id: InvoiceId,
    /// The number that people see.
    pub number: Number,
    /// The ticket it was made from.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket_id: Option<TicketId>,
    /// Who pays.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The customer's business name, else the person's.
    #[serde(default, deserialize_with = "fields::text")]
    pub customer_business_then_name: String,
    /// Its day.
    #[serde(default, deserialize_with = "fields::day")]
    pub date: Option<Date>,
    /// When it should be paid.
    #[serde(default, deserialize_with = "fields::day")]
    pub due_date: Option<Date>,
    /// When it was made.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// The customer's order number.
    #[serde(default, deserialize_with = "fields::text")]
    pub po_number: String,
    /// What is printed below it.
    #[serde(default, deserialize_with = "fields::text")]
    pub note: String,
    /// Who made it, where the server says so.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user_id: Option<UserId>,
    /// Without tax.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub subtotal: Option<Decimal>,
    /// The tax.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub tax: Option<Decimal>,
    /// With tax.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub total: Option<Decimal>,
    /// What is still to be paid, as it is stated; older servers leave it out.
    #[serde(default)]
    pub balance_due: Value,
    /// Whether it has been paid.
    #[serde(default, deserialize_with = "fields::flag")]
    pub is_paid: bool,
    /// Whether it is a draft or published; empty where the account has no drafts.
    #[serde(default, deserialize_with = "fields::text")]
    pub status: String,
    /// The lines, on the invoice's own page.
    #[serde(default, deserialize_with = "fields::list")]
    pub line_items: Vec<InvoiceLine>,
    /// The payments, as they come; none where the record does not name them, as in a list.
    #[serde(default)]
    pub payments: Option<Vec<Value>>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Invoice {
    /// The fields that say what it comes to, and whether that is paid.
    pub const MONEY: [&str; 4] = ["subtotal", "total", "balance_due", "is_paid"];

    /// Whether somebody has paid for it, if only in part, or nobody can tell. A payment that failed is none.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_unclear = self.unreadable.raw("is_paid").is_some();
        self.is_paid || is_unclear || self.received().iter().any(Payment::counts)
    }

    /// What is due of it though it is marked as paid: it says both, and nobody can tell which is so. One of which that cannot
    /// be read may say both.
    #[must_use]
    pub fn due_though_paid(&self) -> Said<Decimal> {
        match reading::number(&self.balance_due) {
            _ if !self.is_paid || self.is_credit() => Said::Nothing,
            Said::Clear(due) if due <= Decimal::ZERO => Said::Nothing,
            due => due,
        }
    }

    /// Whether it is marked as paid, and may be due all the same.
    #[must_use]
    pub fn is_marked_alone(&self) -> bool {
        self.due_though_paid() != Said::Nothing
    }

    /// Whether it is not paid, or says that it is not besides that it is.
    fn may_be_open(&self) -> bool {
        !self.is_paid || self.is_marked_alone()
    }

    /// Whether it gives money back: nobody owes it.
    #[must_use]
    pub fn is_credit(&self) -> bool {
        self.total.is_some_and(|total| total < Decimal::ZERO)
    }

    /// Whether it is still to be paid; `None` where its mark cannot be read.
    #[must_use]
    pub fn is_owed(&self) -> Option<bool> {
        match self.is_credit() {
            true => Some(false),
            false => self.unreadable.judged("is_paid", self.may_be_open()),
        }
    }

    /// Whether nobody has published it yet, in an account that has drafts.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.status.eq_ignore_ascii_case(DRAFT)
    }

    /// Its day, or the one on which it was made; `None` where it has a day that cannot be read.
    #[must_use]
    pub fn day(&self, zone: &TimeZone) -> Option<Date> {
        let made = || Some(self.created_at?.to_zoned(zone.clone()).date());
        match self.unreadable.raw("date") {
            Some(_) => None,
            None => self.date.or_else(made),
        }
    }

    /// The payments as far as they are understood; one that is not has no amount.
    #[must_use]
    pub fn received(&self) -> Vec<Payment> {
        let payments = self.payments.iter().flatten();
        payments.map(|raw| decode::read(raw).unwrap_or_default()).collect()
    }
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct InvoiceLine {
    /// The product's name.
    #[serde(default, deserialize_with = "fields::text")]
    pub item: String,
    /// What was done.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// Units or hours.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub quantity: Option<Decimal>,
    /// The price of one unit.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub price: Option<Decimal>,
    /// The product.
    #[serde(default, deserialize_with = "fields::id")]
    pub product_id: Option<ProductId>,
    /// Whether tax is added; `None` when the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub taxable: Option<bool>,
    /// What is taken off, in percent, as it is stated.
    #[serde(default)]
    pub discount_percent: Value,
    /// The same under the name that it is written by.
    #[serde(default)]
    pub line_discount_percent: Value,
    /// What is taken off as an amount.
    #[serde(default)]
    pub discount_dollars: Value,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl InvoiceLine {
    /// What is taken off quantity times price; `None` where nobody can tell.
    #[must_use]
    pub fn discount(&self) -> Option<Discount> {
        let full = self.quantity.unwrap_or_default().saturating_mul(self.price.unwrap_or_default());
        let percents = [&self.discount_percent, &self.line_discount_percent];
        Discount::read(&percents, &self.discount_dollars, full)
    }

    /// Quantity times price, less the discount, to the cent.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        Some(self.discount()?.amount(self.quantity?, self.price?))
    }
}

/// `GET /invoices`: all, without their lines.
#[must_use]
pub fn all() -> List<Invoice> {
    INVOICES.list()
}

/// Those of a list that are paid, or those that are not: `paid=true` or `unpaid=true`. One whose mark cannot be read is
/// neither, and one that says both is among either.
#[must_use]
pub fn judged_by(list: List<Invoice>, paid: bool) -> List<Invoice> {
    let name = if paid { "paid" } else { "unpaid" };
    list.filter(name, Some(true), move |one: &Invoice| {
        let fits = if paid { one.is_paid } else { one.may_be_open() };
        one.unreadable.judged("is_paid", fits)
    })
}

/// `GET /invoices?unpaid=true`: what is still to be paid, everybody's.
#[must_use]
pub fn unpaid_of(customer: CustomerId) -> List<Invoice> {
    of_customer(all().near("unpaid", Some(true), Invoice::is_owed), Some(customer))
}

/// `GET /invoices?unpaid=true`: what is not paid, credits too, and what nobody can tell of.
#[must_use]
pub fn not_paid(customer: Option<CustomerId>) -> List<Invoice> {
    of_customer(perhaps_unpaid(all()), customer)
}

/// Those of a list that are not known to be paid: one whose mark cannot be read may be open.
#[must_use]
pub fn perhaps_unpaid(list: List<Invoice>) -> List<Invoice> {
    list.near("unpaid", Some(true), Invoice::may_be_open)
}

/// So many days may an invoice be dated ahead of its last change.
const AHEAD: i64 = 40;

/// What fits of a list, of which nothing fits that is dated before `first`: `since_updated_at=`, a good month earlier, as
/// hardly one is dated later than that after it last changed.
#[must_use]
pub fn dated_since<R: Into<Option<bool>>>(
    list: List<Invoice>,
    first: Option<Date>,
    fits: impl Fn(&Invoice) -> R + 'static,
) -> List<Invoice> {
    let asked = first.map(|day| day.saturating_sub(AHEAD.days()));
    list.near("since_updated_at", asked, fits)
}

/// Those of a list that may be a customer's. The specification knows no filter by customer; one is sent in case the server
/// does.
fn of_customer(list: List<Invoice>, customer: Option<CustomerId>) -> List<Invoice> {
    list.near("customer_id", customer, move |one| {
        // One that names nobody may be theirs.
        customer.is_none() || one.customer_id.is_none() || one.customer_id == customer
    })
}

/// `GET /invoices?ticket_id=`: the ticket's invoices.
#[must_use]
pub fn of_ticket(ticket: TicketId) -> List<Invoice> {
    all().filter("ticket_id", Some(ticket), move |one| one.ticket_id == Some(ticket))
}

/// `GET /invoices/{number}`, wrapped or flat: another invoice's where its *id* is that number: compare the answer's own number.
#[must_use]
pub fn by_number(number: &Number) -> Get<Invoice> {
    INVOICES.get(number).bare_too().or_number()
}

/// `GET /invoices/{id}`, wrapped or flat, which takes an id *or a number*: compare the answer's own id.
#[must_use]
pub fn get(id: InvoiceId) -> Get<Invoice> {
    INVOICES.get(id).bare_too().or_number()
}

/// `POST /invoices`: takes all uninvoiced line items of the ticket, timers not.
#[must_use]
pub fn create(ticket: TicketId, customer: CustomerId) -> Write {
    INVOICES.create(json!({
        "ticket_id": ticket,
        "customer_id": customer,
        "category": "Standard",
    }))
}

/// `PUT /invoices/{id}`: sets what `fields` names.
#[must_use]
pub fn update(id: InvoiceId, fields: Map<String, Value>) -> Write {
    INVOICES.update(id, fields)
}

/// The status of an invoice that its customer is yet to get.
pub const DRAFT: &str = "draft";
/// The status of all others.
pub const PUBLISHED: &str = "published";
/// What publishes a draft.
pub const PUBLISH: &str = "publish";
/// What makes a draft of a published one.
pub const WITHDRAW: &str = "convert_to_draft";

/// What has an invoice mailed.
pub const EMAIL: &str = "email";

/// `POST /invoices/{id}/email`: has Syncro mail the invoice to its customer. Nothing that a GET shows changes.
#[must_use]
pub fn email(id: InvoiceId) -> Write {
    INVOICES.act(id, EMAIL, json!({}))
}

/// `DELETE /invoices/{id}`: answers 200 even when nothing was deleted; only a 404 afterwards proves it.
#[must_use]
pub fn delete(id: InvoiceId) -> Write {
    INVOICES.delete(id)
}
