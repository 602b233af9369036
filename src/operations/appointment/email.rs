//! Whom an appointment is emailed to. A request asks with `email_customer`, and no description of the API says more: the
//! customer's own address may be meant, or that of the contact of its ticket, as with a comment. So either may get it: both
//! are named and asked about, and the sending rests on both.

use super::super::comment::{opted_out, reached_at, recipient, strange_contact};
use super::super::guard::{Finding, Guard};
use crate::api::Record;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{Contact, Ticket};
use crate::render::fact::{APPOINTMENT, Fact};
use crate::render::preview::Mailing;
use crate::write::{Precondition, Step};

/// Whoever may get it.
pub(super) struct Recipients {
    contact: Option<Contact>,
    customer: Record<Customer>,
    /// To the contact, else the customer; then to the customer, where that is another address.
    ways: Vec<(bool, Mailing)>,
    /// That the ticket still names the contact.
    ticket: Option<Precondition>,
}

impl Recipients {
    /// Those of an appointment with a customer, on a ticket of that contact.
    pub(super) fn of(contact: Option<Contact>, customer: Record<Customer>) -> Self {
        let first = Mailing::to(contact.as_ref(), &customer);
        let own = Mailing::to(None, &customer);
        let is_other = own.address().is_some_and(|own| {
            first.address().is_none_or(|first| !first.eq_ignore_ascii_case(own))
        });
        let own = is_other.then_some((false, own));
        let ways = [(true, first)].into_iter().chain(own).collect();
        Self { contact, customer, ways, ticket: None }
    }

    /// Those of one on a ticket that was read.
    pub(super) fn on(ticket: &Record<Ticket>, customer: Record<Customer>) -> Self {
        let ticket_names = Some(recipient(ticket));
        Self { ticket: ticket_names, ..Self::of(ticket.contact.clone(), customer) }
    }

    fn addresses(&self) -> Vec<String> {
        self.ways.iter().filter_map(|(_, way)| way.address().map(str::to_owned)).collect()
    }

    /// The row of it.
    pub(super) fn fact(&self) -> Fact {
        let to = self.addresses();
        let says = match to.as_slice() {
            [] => "not emailed: no address".to_owned(),
            [one] => format!("Syncro is asked to email it to {one}"),
            several => format!(
                "Syncro is asked to email it to {}: the API does not say which",
                several.join(" or ")
            ),
        };
        Fact::Email { kind: APPOINTMENT, to, says }
    }

    /// What stands against each.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let found = self.ways.iter().flat_map(|(is_contacts, way)| {
            let contact = self.contact.as_ref().filter(|_| *is_contacts);
            let strange = strange_contact(contact, &self.customer, way);
            let strange = strange.map(|text| Finding::new(Guard::OtherContact, text));
            strange.into_iter().chain(opted_out(contact, &self.customer, way))
        });
        found.collect()
    }

    /// The step that has it emailed: what is asked, and that each is still as previewed.
    pub(super) fn asked(&self, mut step: Step) -> Step {
        let to = self.addresses();
        if !to.is_empty() {
            step = step.asked_as(format!("email the appointment to {}", to.join(" or ")));
        }
        let ways = self.ways.iter().filter_map(|(is_contacts, way)| {
            let contact = self.contact.as_ref().filter(|_| *is_contacts);
            Some(reached_at(&self.customer, contact, way.asked()?))
        });
        self.ticket.clone().into_iter().chain(ways).fold(step, Step::requires)
    }
}
