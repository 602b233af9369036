//! Customers, with their prepaid hours.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::tickets::Contact;
use crate::api::fields::{self, Unread};
use crate::api::folder::CUSTOMERS;
use crate::api::ids::{AddressId, CustomerId};
use crate::api::record::Record;
use crate::api::request::{Get, List, Write};
use crate::names;

/// A customer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Customer {
    /// Which.
    pub id: CustomerId,
    /// The business name, else the person's.
    #[serde(default, deserialize_with = "fields::text")]
    pub business_then_name: String,
    /// The business name.
    #[serde(default, deserialize_with = "fields::text")]
    pub business_name: String,
    /// The person's name.
    #[serde(default, deserialize_with = "fields::text")]
    pub fullname: String,
    /// Where mail goes when the ticket has no contact.
    #[serde(default, deserialize_with = "fields::text")]
    pub email: String,
    /// The phone number.
    #[serde(default, deserialize_with = "fields::text")]
    pub phone: String,
    /// The mobile phone.
    #[serde(default, deserialize_with = "fields::text")]
    pub mobile: String,
    /// Street and number.
    #[serde(default, deserialize_with = "fields::text")]
    pub address: String,
    /// The rest of it.
    #[serde(default, deserialize_with = "fields::text")]
    pub address_2: String,
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
    /// Whether Syncro never mails them.
    #[serde(default, deserialize_with = "fields::flag")]
    pub no_email: bool,
    /// Whether they want no mail.
    #[serde(default, deserialize_with = "fields::flag")]
    pub opt_out: bool,
    /// Whether it is a customer no more.
    #[serde(default, deserialize_with = "fields::flag")]
    pub disabled: bool,
    /// Hours paid ahead; a string or null.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub prepay_hours: Option<Decimal>,
    /// The people there.
    #[serde(default, deserialize_with = "fields::list")]
    pub contacts: Vec<Contact>,
    /// Where else it is; not every look shows them.
    #[serde(default, deserialize_with = "fields::readable")]
    pub addresses: Vec<Address>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// One of a customer's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// Which.
    pub id: AddressId,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
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
}

impl Address {
    /// It in a line.
    #[must_use]
    pub fn line(&self) -> String {
        super::address([&self.address1, &self.address2], [&self.city, &self.state, &self.zip])
    }
}

impl Customer {
    /// What stands for the name of one that has none.
    pub const NAMELESS: &'static str = "(no name)";
    /// The fields that name it, the first one that says something first.
    pub const NAMES: [&'static str; 3] = ["business_then_name", "business_name", "fullname"];
    /// The fields that say that Syncro was told not to email it.
    pub const SILENT: [&'static str; 2] = ["no_email", "opt_out"];
    /// The field that says whether it is a customer no more.
    pub const DISABLED: &'static str = "disabled";
    /// The same in a record that carries its customer.
    pub const DISABLED_IN: &'static str = "customer.disabled";

    /// The name that people use.
    #[must_use]
    pub fn name(&self) -> &str {
        self.named().map_or(Self::NAMELESS, |(_, name)| name)
    }

    /// What each of [`Self::SILENT`] says.
    #[must_use]
    pub const fn silent(&self) -> [(&'static str, bool); 2] {
        [(Self::SILENT[0], self.no_email), (Self::SILENT[1], self.opt_out)]
    }

    /// Whether Syncro was told not to email it.
    #[must_use]
    pub const fn is_silent(&self) -> bool {
        self.no_email || self.opt_out
    }

    /// The field that says it.
    #[must_use]
    pub fn name_field(&self) -> &'static str {
        self.named().map_or("business_then_name", |(field, _)| field)
    }

    fn named(&self) -> Option<(&'static str, &str)> {
        let names = [
            ("business_then_name", &self.business_then_name),
            ("business_name", &self.business_name),
            ("fullname", &self.fullname),
        ];
        let mut said = names.into_iter().filter(|(_, name)| !name.is_empty());
        said.next().map(|(field, name)| (field, name.as_str()))
    }

    /// The address in a line.
    #[must_use]
    pub fn address_line(&self) -> String {
        super::address([&self.address, &self.address_2], [&self.city, &self.state, &self.zip])
    }

    /// Whether all words of a text occur in its names and addresses, or in those of its people; phone numbers are compared by
    /// their digits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let mut parts = vec![
            &self.business_name,
            &self.business_then_name,
            &self.fullname,
            &self.email,
            &self.phone,
        ];
        for contact in &self.contacts {
            parts.extend([&contact.name, &contact.email, &contact.phone]);
        }
        let whole: Vec<String> = parts.iter().map(|part| names::plain(part)).collect();
        let whole = whole.join(" ");
        let number = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let phones = |wanted: &str| {
            let is_number = wanted.len() >= 5 && wanted.bytes().all(|byte| byte.is_ascii_digit());
            is_number && parts.iter().any(|part| number(part).contains(wanted))
        };
        names::plain(text).split(' ').all(|word| whole.contains(word) || phones(word))
    }

    /// Whether a word is found there, in where else it is reached, or in what is noted of it.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        let more = [&self.address_line(), &self.mobile, &self.notes];
        self.fits(word)
            || more.iter().any(|text| names::plain(text).contains(word))
            || self.id.to_string() == word
    }

    /// Prepaid hours left; zero when there never were any.
    #[must_use]
    pub fn prepaid(&self) -> Decimal {
        self.prepay_hours.unwrap_or_default()
    }
}

/// `GET /customers/{id}`.
#[must_use]
pub fn get(id: CustomerId) -> Get<Customer> {
    CUSTOMERS.get(id)
}

/// What the fast look-up finds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Found {
    /// The first few.
    #[serde(deserialize_with = "fields::list")]
    pub customers: Vec<Record<Customer>>,
}

/// `GET /customers/autocomplete?query=`: the fast look-up. It finds a handful, perhaps not all, and leaves out prepaid
/// hours.
#[must_use]
pub fn autocomplete(query: &str) -> Get<Found> {
    Get::new("/customers/autocomplete", None).asking("query", query)
}

/// `GET /customers?query=`: the full look-up, all pages; disabled customers are left out.
#[must_use]
pub fn search(query: &str) -> List<Customer> {
    let words: Vec<String> = query.split_whitespace().map(names::plain).collect();
    let fits = move |one: &Customer| words.iter().all(|word| one.mentions(word));
    CUSTOMERS.list().filter("query", Some(query), fits)
}

/// `GET /customers?query=&include_disabled=`: the same with the disabled ones.
#[must_use]
pub fn search_with_disabled(query: &str) -> List<Customer> {
    search(query).asking("include_disabled", true)
}

/// `GET /customers?sort=`: all of them but the disabled ones, by name where the server sorts.
#[must_use]
pub fn all() -> List<Customer> {
    CUSTOMERS.list().asking("sort", "business_name ASC")
}

/// `POST /customers`: one more customer, however many have that name.
#[must_use]
pub fn create(fields: Map<String, Value>) -> Write {
    CUSTOMERS.create(fields)
}

/// `PUT /customers/{id}`: sets what `fields` names; booleans that are left out may fall back to their defaults.
#[must_use]
pub fn update(id: CustomerId, fields: Map<String, Value>) -> Write {
    CUSTOMERS.update(id, fields)
}
