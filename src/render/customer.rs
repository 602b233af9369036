//! Customers: as rows, and one on a page with its people, machines, open tickets and unpaid invoices.

use rust_decimal::Decimal;

use super::list::Shape;
use super::sheet::{OPTED_OUT, Sheet, count, marked, plain_decimal, said};
use super::{
    ATTENTION, BOLD, Cell, Column, DIM, Look, Table, TicketRows, asset, contact, invoice, sanitise,
    tickets,
};
use crate::api::Record;
use crate::api::resources::assets::Asset;
use crate::api::resources::contacts::Contact;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;

/// What a list adds to a customer when it is asked for details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Prepaid hours left, if there ever were any.
    pub prepaid: Option<Decimal>,
    /// How many tickets are open.
    pub open_tickets: usize,
}

/// The column that is read for each customer.
pub const OPEN_TICKETS: &str = "open_tickets_count";

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "customers",
    one: "customer",
    several: "customers",
    columns: &[
        Column::elastic("Name").of("business_then_name"),
        Column::id("Id").of("id"),
        Column::text("Phone").of("phone"),
        Column::elastic("Email").of("email"),
        Column::figures("Prepaid").of("prepay_hours"),
        Column::figures("Open tickets").made(OPEN_TICKETS),
    ],
};

/// Customers, one line each. `standings` are those of the first ones; without any, their columns are left out.
#[must_use]
pub fn rows(customers: &[Record<Customer>], standings: &[Standing]) -> Table {
    let mut table = LIST.table();
    for (at, customer) in customers.iter().enumerate() {
        let mut cells = vec![
            name(customer),
            Cell::from(customer.id.to_string()),
            Cell::from(phone(customer)),
            Cell::from(&customer.email),
        ];
        if let Some(standing) = standings.get(at) {
            cells.extend([
                Cell::from(said(
                    &customer.unreadable,
                    "prepay_hours",
                    prepaid(standing.prepaid).unwrap_or_else(|| "-".to_owned()),
                )),
                Cell::from(standing.open_tickets.to_string()),
            ]);
        }
        table.row(cells);
    }
    match standings.is_empty() {
        true => table.without("prepay_hours").without("open_tickets_count"),
        false => table,
    }
}

fn name(customer: &Customer) -> Cell {
    let disabled = (Customer::DISABLED, customer.disabled);
    let name = format!("{}{}", customer.name(), marked(&customer.unreadable, disabled, "disabled"));
    Cell::styled(&name, if customer.disabled { DIM } else { BOLD })
}

fn phone(customer: &Customer) -> &str {
    match customer.phone.trim() {
        "" => customer.mobile.trim(),
        phone => phone,
    }
}

/// `12.5 h`; nothing where there never were any.
fn prepaid(hours: Option<Decimal>) -> Option<String> {
    hours.map(|hours| format!("{} h", plain_decimal(hours)))
}

/// A part of the page.
#[derive(Debug)]
pub struct Part<'a, T> {
    /// What there is of it.
    pub records: &'a [Record<T>],
    /// Whether some of it could not be read.
    pub is_short: bool,
}

/// What the page of a customer shows. A part that could not be read is `None`, and left out.
#[derive(Debug)]
pub struct CustomerPage<'a> {
    /// The customer, from its own page.
    pub customer: &'a Record<Customer>,
    /// Its people.
    pub contacts: Option<Part<'a, Contact>>,
    /// Its machines.
    pub assets: Option<Part<'a, Asset>>,
    /// Its open tickets, newest first.
    pub open_tickets: Option<Part<'a, Ticket>>,
    /// What it has yet to pay.
    pub unpaid_invoices: Option<Part<'a, Invoice>>,
    /// The statuses that count as closed.
    pub closed: &'a [String],
}

/// The page's text, each line within the look's width.
#[must_use]
pub fn page(page: &CustomerPage<'_>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    header(&mut sheet, page);
    if let Some(contacts) = &page.contacts {
        part(&mut sheet, contacts, "contact", |contacts| contact::rows(contacts, false));
    }
    if let Some(assets) = &page.assets {
        part(&mut sheet, assets, "asset", asset::rows);
    }
    if let Some(tickets) = &page.open_tickets {
        part(&mut sheet, tickets, "open ticket", |tickets| {
            let closed = page.closed;
            let rows = TicketRows { tickets, closed, of_one: true, details: None, sorted: None };
            tickets::rows(&rows, look)
        });
    }
    if let Some(invoices) = &page.unpaid_invoices {
        part(&mut sheet, invoices, "unpaid invoice", |invoices| invoice::rows(invoices, look));
        let of = if invoices.is_short { ", of those that could be read" } else { "" };
        if invoices.records.len() > 1 || invoices.is_short {
            sheet.line(&format!("  {}{of}", invoice::sums(invoices.records, look)));
        }
    }
    sheet.out()
}

fn header(sheet: &mut Sheet<'_>, page: &CustomerPage<'_>) {
    let customer = page.customer;
    sheet.title(customer.name());
    let is_disabled = match customer.unreadable.among(&[Customer::DISABLED]) {
        Some(found) => sanitise::one_line(&found.to_string()),
        None if customer.disabled => "disabled customer".to_owned(),
        None => String::new(),
    };
    if !is_disabled.is_empty() {
        let look = sheet.look;
        sheet.line(&look.paint(ATTENTION, &is_disabled));
    }
    sheet.field("Id", &customer.id.to_string());
    if customer.fullname.trim() != customer.name().trim() {
        sheet.said("Full name", &customer.fullname);
    }
    sheet.said("Phone", &customer.phone);
    sheet.said("Mobile", &customer.mobile);
    let mut marks =
        customer.silent().into_iter().map(|flag| marked(&customer.unreadable, flag, OPTED_OUT));
    let opted_out = marks.find(|mark| !mark.is_empty()).unwrap_or_default();
    sheet.said("Email", &format!("{}{opted_out}", customer.email));
    let hours = prepaid(customer.prepay_hours).unwrap_or_default();
    sheet.field("Prepaid", &said(&customer.unreadable, "prepay_hours", hours));
    addresses(sheet, page);
    sheet.address();
    sheet.text("Notes", &customer.notes);
}

/// The customer's own address, and those that its people have besides.
fn addresses(sheet: &mut Sheet<'_>, page: &CustomerPage<'_>) {
    let own = sanitise::one_line(&page.customer.address_line());
    sheet.field("Address", &own);
    let mut seen = vec![own];
    for contact in page.contacts.as_ref().map_or(&[][..], |contacts| contacts.records) {
        let address = sanitise::one_line(&contact.address());
        if !address.is_empty() && !seen.contains(&address) {
            let name = sanitise::one_line(&contact.name);
            sheet.field("", &format!("{address} ({name})"));
            seen.push(address);
        }
    }
}

/// `2 contacts` and their rows; a part without any is said in its heading.
fn part<T>(
    sheet: &mut Sheet<'_>,
    part: &Part<'_, T>,
    word: &str,
    rows: impl FnOnce(&[Record<T>]) -> Table,
) {
    let read = if part.is_short { " that could be read" } else { "" };
    if part.records.is_empty() {
        sheet.heading(&format!("No {word}s{read}"));
        return;
    }
    let heading = format!("{}{read}", count(part.records.len(), word));
    sheet.heading(&super::sentence(&heading));
    sheet.table(&rows(part.records));
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_of_people_stand_below_the_customers_own() {
        let customer = Record::read(json!({
            "id": 7, "business_name": "Harbor Dental", "fullname": "Ada Quist", "address": "1 Quay", "city": "Larkham",
            "email": "ada@harbor.example", "no_email": true, "disabled": true, "prepay_hours": "2.50",
        }));
        let contact = |id: u64, name: &str, street: &str| {
            let raw = json!({"id": id, "name": name, "address1": street, "city": "Larkham"});
            Record::read(raw).unwrap()
        };
        let contacts =
            [contact(1, "Ada", "1 Quay"), contact(2, "Bo", "2 Quay"), contact(3, "Cy", "2 Quay")];
        let shown = CustomerPage {
            customer: &customer.unwrap(),
            contacts: Some(Part { records: &contacts, is_short: false }),
            assets: None,
            open_tickets: Some(Part { records: &[], is_short: false }),
            unpaid_invoices: None,
            closed: &[],
        };
        let look = Look {
            width: None,
            zone: jiff::tz::TimeZone::UTC,
            now: jiff::Timestamp::UNIX_EPOCH,
            colour: false,
            all_comments: false,
            links: false,
            address: None,
        };
        let text = page(&shown, &look);
        let (head, rest) = text.split_once("\n\n").unwrap();
        assert_eq!(
            head,
            "\
Harbor Dental
disabled customer
Id         7
Full name  Ada Quist
Email      ada@harbor.example (opted out)
Prepaid    2.5 h
Address    1 Quay, Larkham
           2 Quay, Larkham (Bo)"
        );
        assert!(
            rest.starts_with("3 contacts\n") && rest.ends_with("\n\nNo open tickets\n"),
            "{rest}"
        );
        assert!(!rest.contains("asset"), "{rest}");
    }
}
