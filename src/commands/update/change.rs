//! What is wished of a ticket, and the change that it comes to: shown old and new, sent as far as it is one.

use serde_json::{Map, Value};

use crate::api::resources::tickets;
use crate::commands::on_ticket::Seen;
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::Proposal;
use crate::write::{Change, Effect, Noun, Step, field_at, field_shown};

/// A field as it will be sent, with the words that people know its value by.
#[derive(Debug)]
pub(crate) struct TicketChange {
    /// Its name in the API.
    pub(crate) field: String,
    /// What people call it.
    pub(crate) label: String,
    /// What it is to be.
    pub(crate) to: Value,
    /// The same, for people.
    pub(crate) shown: String,
}

impl TicketChange {
    /// A wish.
    pub(crate) fn new(field: &str, label: &str, to: impl Into<Value>, shown: &str) -> Self {
        Self {
            field: field.to_owned(),
            label: label.to_owned(),
            to: to.into(),
            shown: shown.to_owned(),
        }
    }

    /// The change of the ticket; perhaps none.
    pub(super) fn change(&self, seen: &Seen) -> Change {
        Change::new(&seen.ticket.raw, &self.field, &self.label, self.to.clone())
    }
}

/// What the ticket says of a field now, in the words that people know it by.
fn now(seen: &Seen, wish: &TicketChange) -> String {
    let ticket = &seen.ticket;
    let raw = || field_shown(field_at(&ticket.raw, &wish.field));
    match wish.field.as_str() {
        "user_id" => ticket.assignee().map_or_else(raw, str::to_owned),
        "customer_id" => ticket.customer_business_then_name.clone(),
        "contact_id" => match &ticket.contact {
            Some(contact) => contact.name.clone(),
            None => raw(),
        },
        "ticket_type_id" if !ticket.ticket_type().is_empty() => ticket.ticket_type().to_owned(),
        "due_date" => {
            let now = raw();
            let day = now.get(..10).and_then(|day| day.parse().ok());
            day.map_or(now, when::day)
        }
        _ => raw(),
    }
}

/// The change of the ticket to what is wished.
pub(crate) fn proposal(seen: Seen, wishes: &[TicketChange]) -> Proposal {
    let mut sheet = Sheet::default().ticket(&seen.ticket).whose(&seen.ticket);
    sheet = sheet.by(&seen.me);
    let (mut changes, mut body, mut says) = (Vec::new(), Map::new(), Vec::new());
    for wish in wishes {
        let change = wish.change(&seen);
        if !change.is_one() {
            sheet = sheet.line(format!("{} is already {}", wish.label, wish.shown));
            continue;
        }
        let text = format!("{} {} -> {}", wish.label, now(&seen, wish), wish.shown);
        sheet = sheet.row("Change", &text);
        says.push(text);
        body.insert(wish.field.clone(), wish.to.clone());
        changes.push(change);
    }
    let number = seen.ticket.number.clone();
    let says = says.join("; ");
    let effect = Effect::updated(
        Noun::Ticket.record(seen.ticket.id),
        &format!("ticket #{number}"),
        changes,
        &["user_id", "contact_fullname", "customer_business_then_name"],
    );
    let write = tickets::update(&seen.ticket, body);
    let step =
        Step::new("update_ticket", format!("change ticket #{number}: {says}"), write, effect)
            .requires_unchanged(&seen.ticket.raw, &["customer_reply"])
            .reports(says);
    let plan =
        seen.plan("update", format!("Change ticket #{number}")).previewed(sheet.text()).step(step);
    Proposal { plan, findings: Vec::new(), me: seen.me.view, at: seen.at }
}
