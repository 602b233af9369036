//! Contacts: as rows, and one on a page.

use super::list::Shape;
use super::sheet::{OPTED_OUT, Sheet, marked};
use super::{BOLD, Cell, Column, DIM, Look, Table, when};
use crate::api::Record;
use crate::api::resources::contacts::Contact;

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "contact list",
    one: "contact",
    several: "contacts",
    columns: &[
        Column::id("Id").of("id"),
        Column::name("Name").of("name"),
        Column::name("Title").extra().of("properties.title"),
        Column::elastic("Email").of("email"),
        Column::text("Phone").of("phone"),
        Column::id("Customer").good_to_know().of("customer_id"),
    ],
};

/// Contacts, one line each; with the customer's id where they are of several, and a script may read it.
#[must_use]
pub fn rows(contacts: &[Record<Contact>], of_several: bool) -> Table {
    let mut table = LIST.table();
    for contact in contacts {
        let customer = contact.customer_id.map(|id| id.to_string());
        table.row([
            Cell::styled(&contact.id.to_string(), DIM),
            Cell::styled(&contact.name, BOLD),
            Cell::from(contact.title()),
            Cell::from(&contact.email),
            Cell::from(phone(contact)),
            Cell::from(customer.unwrap_or_default()),
        ]);
    }
    match of_several {
        true => table,
        false => table.without("customer_id"),
    }
}

/// The phone with its extension, else the mobile one.
fn phone(contact: &Contact) -> String {
    match (contact.phone.trim(), contact.extension.trim()) {
        ("", _) => contact.mobile.trim().to_owned(),
        (phone, "") => phone.to_owned(),
        (phone, extension) => format!("{phone} x{extension}"),
    }
}

/// One contact; `customer` is where they are, in a line.
#[must_use]
pub fn page(contact: &Record<Contact>, customer: Option<&str>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    sheet.name(&contact.name);
    sheet.said("Title", contact.title());
    sheet.said("Customer", customer.unwrap_or_default());
    let opted_out = marked(&contact.unreadable, ("opt_out", contact.opt_out), OPTED_OUT);
    sheet.said("Email", &format!("{}{opted_out}", contact.email));
    if !contact.phone.trim().is_empty() {
        sheet.said("Phone", &phone(contact));
    }
    sheet.said("Mobile", &contact.mobile);
    sheet.said("Address", &contact.address());
    if let Some(since) = contact.created_at {
        sheet.field("Created", &when::at_in_zone(since, &look.zone));
    }
    sheet.field("Id", &contact.id.to_string());
    sheet.properties(&contact.properties, &["title"]);
    sheet.text("Notes", &contact.notes);
    sheet.out()
}
