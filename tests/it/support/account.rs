//! The account through its plain API, by a client of the tests' own, so that a mistake in the program's own reading
//! shows.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{MESSAGE, TRAINEE, ticket_id};

/// One user's way into the account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    address: String,
    key: &'static str,
}

/// Another customer than the one that most tests are about, and its contact.
pub(crate) const OTHER: (i64, i64) = (31_204_602, 7_804_602);

/// A ticket with all that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct TicketState {
    pub(crate) ticket: Value,
    pub(crate) comments: Vec<Value>,
    pub(crate) lines: Vec<Value>,
    /// Each with its own lines.
    pub(crate) invoices: Vec<Value>,
}

impl Account {
    pub(crate) fn new(base: &str, key: &'static str) -> Self {
        let address = base.trim_start_matches("http://").trim_end_matches("/api/v1");
        Self { address: address.to_owned(), key }
    }

    /// One request on a connection of its own.
    pub(crate) fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.key,
            body.len(),
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.unwrap(), serde_json::from_str(body).unwrap_or_default())
    }

    /// What a GET answers with 200.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, value) = self.call("GET", path, None);
        assert_eq!(status, 200, "GET {path}");
        value
    }

    /// Writes, and is believed.
    pub(crate) fn write(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, value) = self.call(method, path, Some(body));
        assert_eq!(status, 200, "{method} {path}: {value}");
        value
    }

    /// The ticket with that number, with everything.
    pub(crate) fn ticket(&self, number: i64) -> TicketState {
        let id = ticket_id(number);
        let mut ticket = self.get(&format!("/tickets/{id}?all_comments=true"))["ticket"].take();
        let mut taken = |name: &str| list(ticket[name].take());
        let (comments, lines) = (taken("comments"), taken("line_items"));
        let listed = list(self.get(&format!("/invoices?ticket_id={id}"))["invoices"].take());
        let invoices = listed
            .iter()
            .map(|one| self.get(&format!("/invoices/{}", one["id"]))["invoice"].take())
            .collect();
        TicketState { ticket, comments, lines, invoices }
    }

    /// Adds a comment.
    pub(crate) fn comment(&self, number: i64, subject: &str, body: &str) -> Value {
        let path = format!("/tickets/{}/comment", ticket_id(number));
        self.write(
            "POST",
            &path,
            &json!({"subject": subject, "body": body, "hidden": false, "do_not_email": true}),
        )
    }

    /// Adds a line of remote labor.
    pub(crate) fn line(
        &self,
        number: i64,
        quantity: &str,
        price: &str,
        description: &str,
    ) -> Value {
        let path = format!("/tickets/{}/add_line_item", ticket_id(number));
        self.write(
            "POST",
            &path,
            &json!({
                "product_id": 17_340_021, "name": "Labor - Remote", "description": description,
                "quantity": quantity, "price_retail": price, "taxable": false,
            }),
        )
    }

    /// Makes an invoice of the ticket.
    pub(crate) fn invoice(&self, number: i64) -> Value {
        let ticket = self.get(&format!("/tickets/{}", ticket_id(number)))["ticket"].take();
        self.write(
            "POST",
            "/invoices",
            &json!({"ticket_id": ticket["id"], "customer_id": ticket["customer_id"], "category": "Standard"}),
        )
    }

    /// Starts a timer.
    pub(crate) fn timer(&self, number: i64) {
        let path = format!("/tickets/{}/timer_entry", ticket_id(number));
        let body = json!({"start_at": "2026-03-17T14:00:00Z", "notes": "On the phone"});
        self.write("POST", &path, &body);
    }

    /// Enters a timer of these fields, whatever they are.
    pub(crate) fn clock(&self, number: i64, fields: &Value) -> Value {
        let path = format!("/tickets/{}/timer_entry", ticket_id(number));
        self.write("POST", &path, fields)
    }

    /// Enters so many minutes of remote labor, begun with the account's day.
    pub(crate) fn today(&self, number: i64, minutes: u64) -> Value {
        let start = jiff::Zoned::now().in_tz("America/Chicago").unwrap().start_of_day().unwrap();
        let start = start.timestamp().to_string();
        let time = json!({
            "start_at": start, "duration_minutes": minutes, "notes": "Spool", "product_id": 17_340_021,
        });
        self.clock(number, &time)
    }

    /// The ticket's timers.
    pub(crate) fn timers(&self, number: i64) -> Vec<Value> {
        let path = format!("/tickets/{}", ticket_id(number));
        list(self.get(&path)["ticket"]["ticket_timers"].take())
    }

    /// Hands the ticket to the second customer of these tests, and to its contact.
    pub(crate) fn hand_over(&self, id: i64) {
        let other = json!({"customer_id": OTHER.0, "contact_id": OTHER.1});
        self.write("PUT", &format!("/tickets/{id}"), &other);
    }

    /// The customer's tickets of that subject.
    pub(crate) fn tickets_about(&self, customer: i64, subject: &str) -> Vec<Value> {
        let path = format!("/tickets?customer_id={customer}");
        let mut tickets = list(self.get(&path)["tickets"].take());
        tickets.retain(|ticket| ticket["subject"] == subject);
        tickets
    }

    /// The customer's contacts of that name.
    pub(crate) fn contacts_named(&self, customer: &Value, name: &str) -> Vec<Value> {
        let path = format!("/contacts?customer_id={customer}");
        let mut contacts = list(self.get(&path)["contacts"].take());
        contacts.retain(|contact| contact["name"] == name);
        contacts
    }

    /// Enters a check of twenty dollars for the invoice.
    pub(crate) fn pay(&self, invoice: &Value) {
        let body = json!({
            "customer_id": invoice["customer_id"], "amount_cents": 2000, "payment_method": "Check",
            "apply_payments": {invoice["id"].to_string(): 2000},
        });
        self.write("POST", "/payments", &body);
    }

    /// The payments for the invoice.
    pub(crate) fn paid(&self, invoice: &Value) -> Vec<Value> {
        let mut payments = list(self.get("/payments")["payments"].take());
        payments.retain(|one| {
            let ids = one["invoice_ids"].as_array().unwrap();
            ids.contains(&invoice["id"])
        });
        payments
    }

    /// Sets the status.
    pub(crate) fn status(&self, number: i64, status: &str) {
        let path = format!("/tickets/{}", ticket_id(number));
        self.write("PUT", &path, &json!({ "status": status }));
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

impl TicketState {
    pub(crate) fn status(&self) -> &str {
        self.ticket["status"].as_str().unwrap()
    }

    /// The owner's comments that say `body`.
    pub(crate) fn said(&self, body: &str) -> usize {
        mine(&self.comments)
            .filter(|comment| comment["body"].as_str().is_some_and(|text| text.contains(body)))
            .count()
    }

    /// The owner's line items.
    pub(crate) fn my_lines(&self) -> Vec<&Value> {
        mine(&self.lines).collect()
    }

    /// The owner's invoices.
    pub(crate) fn my_invoices(&self) -> Vec<&Value> {
        mine(&self.invoices).collect()
    }

    /// How many of our comments, lines and invoices there are.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.said(MESSAGE), self.my_lines().len(), self.my_invoices().len())
    }

    /// The same, and the status.
    pub(crate) fn ours(&self) -> (usize, usize, usize, &str) {
        let (comments, lines, invoices) = self.counts();
        (comments, lines, invoices, self.status())
    }

    /// Everything that makes it another state, in a form that can be compared.
    pub(crate) fn figures(&self) -> (usize, usize, usize, String) {
        (self.comments.len(), self.lines.len(), self.invoices.len(), self.status().to_owned())
    }
}

fn mine(records: &[Value]) -> impl Iterator<Item = &Value> {
    records.iter().filter(|record| record["user_id"] == TRAINEE)
}

/// An amount however the API writes it.
pub(crate) fn money(value: &Value) -> Decimal {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse::<Decimal>().unwrap().normalize()
}
