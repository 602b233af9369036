//! Contacts: as rows, and one on a page.

use super::sheet::Sheet;
use super::{BOLD, Cell, Column, DIM, Look, Table, when};
use crate::api::request::Record;
use crate::api::resources::contacts::Contact;

/// Contacts, one line each; with the customer's id where they are of several.
#[must_use]
pub fn rows(contacts: &[Record<Contact>], of_several: bool, look: &Look) -> String {
    let mut columns = vec![
        Column::id("Id"),
        Column::elastic("Name"),
        Column::elastic("Title"),
        Column::elastic("Email"),
        Column::text("Phone"),
    ];
    if of_several {
        columns.push(Column::id("Customer"));
    }
    let mut table = Table::new(columns);
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
    table.render(look.width, look.colour)
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
    let opted_out = if contact.opt_out { " (opted out)" } else { "" };
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
