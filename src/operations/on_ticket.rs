//! What all writes on a ticket have alike: the ticket is read, its preview begins with it, and it must still be the ticket
//! of the preview, and the same customer's, when anything is sent. Whose anything else is is shown and kept likewise.

use serde_json::{Map, Value};

use super::body;
use super::clear::state;
use super::guard::{Finding, Guard};
use super::rule::{Call, Env, digits, gone};
use crate::api::Record;
use crate::api::fields::{at, to_flag, to_id};
use crate::api::folder::TICKETS;
use crate::api::ids::{ContactId, CustomerId, TicketId};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{Contact, Ticket};
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{
    Field, FieldKind, Noun, Precondition, ReadSet, RecordId, RecordRef, Scope, Snapshot,
    field_shown,
};

/// The ticket that a path is below, and what it says after that: `/tickets/7/comment`.
pub(super) fn below(call: &Call) -> Option<(TicketId, &str)> {
    let (TICKETS, parts) = call.place()? else {
        return None;
    };
    match parts.as_slice() {
        [id, verb] => Some((TicketId(digits(id)?), verb)),
        _ => None,
    }
}

/// The token of the step that makes the ticket of a body, where that is not made yet.
pub(super) fn token(fields: &Map<String, Value>) -> Option<String> {
    let token = fields.get("ticket_id")?.as_str()?;
    RecordId::token(token).map(|id| id.to_string())
}

/// What a write on a ticket is about, before the ticket was read.
pub(super) fn scope_of(id: TicketId) -> Scope {
    Scope { ticket: Some(id), ..Scope::default() }
}

/// The ticket that was read.
///
/// # Errors
/// Exit 3 where there is none.
pub(super) fn ticket(seen: &Snapshot, id: TicketId) -> Result<&Record<Ticket>> {
    let ticket = seen.ticket().filter(|ticket| ticket.id == id);
    ticket.ok_or_else(|| gone("ticket", id.0))
}

/// The ticket and its customer, which may be known before the ticket is read.
pub(super) fn with_customer(seen: &Snapshot, scope: &Scope) -> ReadSet {
    let customer = seen.ticket().map_or(scope.customer, |ticket| ticket.customer_id);
    of_customer(customer).ticket()
}

/// A customer, where one is known.
pub(super) fn of_customer(customer: Option<CustomerId>) -> ReadSet {
    let customer = customer.map(|id| Noun::Customer.record(id));
    customer.iter().fold(ReadSet::NOTHING, ReadSet::record)
}

/// A customer who is read to be asked about alone: one that this key may not read stands against nothing.
pub(super) fn asked_of(id: CustomerId) -> RecordRef {
    RecordRef::Asked { noun: Noun::Customer, id: id.0 }
}

/// The customer of a ticket, as it was read.
///
/// # Errors
/// Exit 5 where it has none, exit 3 where there is none.
pub(super) fn customer(seen: &Snapshot, ticket: &Ticket) -> Result<Record<Customer>> {
    read_customer(seen, customer_of(ticket)?)
}

/// A customer that was read.
///
/// # Errors
/// Exit 3 where there is none.
pub(super) fn read_customer(seen: &Snapshot, id: CustomerId) -> Result<Record<Customer>> {
    let customer = seen.typed_record(&Noun::Customer.record(id));
    customer.ok_or_else(|| gone("customer", id.0))
}

/// What stands against writing for a customer who is none any more.
#[must_use]
pub fn disabled(customer: &Customer) -> Option<Finding> {
    let flag = (&customer.unreadable, Customer::DISABLED, customer.disabled);
    state(Guard::Disabled, flag, format_args!("the customer, {},", customer.name()), "disabled")
}

/// The same of the ticket's customer, as far as somebody has read that record: the ticket carries one, too.
#[must_use]
pub fn disabled_on(seen: &Snapshot, ticket: &Record<Ticket>) -> Option<Finding> {
    let read = ticket.customer_id.and_then(|id| read_customer(seen, id).ok());
    let carried =
        || shown_in(&ticket.raw).filter(|customer| Some(customer.id) == ticket.customer_id);
    read.or_else(carried).and_then(|customer| disabled(&customer))
}

/// A contact of a customer.
///
/// # Errors
/// Exit 3 where the customer has no such contact.
pub(super) fn contact_of(customer: &Customer, id: ContactId) -> Result<&Contact> {
    let theirs = customer.contacts.iter().find(|contact| contact.id == Some(id));
    theirs.ok_or_else(|| {
        let text = format!("{} has no contact {id}", customer.name());
        Error::new(Kind::NotFound, text).nothing_written()
    })
}

/// That the contact whom a body names, if it names one, is the customer's.
///
/// # Errors
/// Exit 3 where it is not.
pub(super) fn named_contact(fields: &Map<String, Value>, customer: &Customer) -> Result<()> {
    let named = body::number(fields, "contact_id").map(ContactId);
    named.map(|id| contact_of(customer, id)).transpose().map(drop)
}

/// The customer of a ticket that must have one.
///
/// # Errors
/// Exit 5 where it has none.
pub fn customer_of(ticket: &Ticket) -> Result<CustomerId> {
    ticket.customer_id.ok_or_else(|| {
        Error::new(Kind::Refused, format!("ticket #{} has no customer", ticket.number))
            .nothing_written()
    })
}

/// That a body which names a customer beside a ticket names the ticket's.
///
/// # Errors
/// Exit 5 where it does not.
pub(super) fn not_anothers(fields: &Map<String, Value>, ticket: &Ticket) -> Result<()> {
    let named = body::number(fields, "customer_id").map(CustomerId);
    let what = format!("ticket #{}", ticket.number);
    named.map_or(Ok(()), |customer| belongs(&what, ticket.customer_id, customer))
}

fn belongs(what: &str, whose: Option<CustomerId>, customer: CustomerId) -> Result<()> {
    if whose == Some(customer) {
        return Ok(());
    }
    let whose = whose.map_or_else(|| "nobody".to_owned(), |id| format!("customer {id}"));
    let text = format!("{what} belongs to {whose}, not to customer {customer}");
    Err(Error::refused(text).nothing_written())
}

/// The ticket, the assets and the contract that a body names.
fn named_records(fields: &Map<String, Value>) -> impl Iterator<Item = RecordRef> {
    let assets = fields.get("asset_ids").and_then(Value::as_array).into_iter().flatten();
    let assets = assets.filter_map(to_id).map(|id| Noun::Asset.record(RecordId::Id(id)));
    let ticket = body::number(fields, "ticket_id").map(|id| Noun::Ticket.record(RecordId::Id(id)));
    let contract = body::number(fields, "contract_id");
    let contract = contract.map(|id| RecordRef::Asked { noun: Noun::Contract, id });
    assets.chain(ticket).chain(contract)
}

/// What is read to know whose they are.
pub(super) fn named_reads(fields: &Map<String, Value>) -> ReadSet {
    named_records(fields).fold(ReadSet::NOTHING, |needs, of| needs.record(&of))
}

/// That they are the customer's, as far as they say whose they are.
///
/// # Errors
/// Exit 5 where one is another customer's, exit 3 where one is not there; not every account has contracts.
pub(super) fn named_theirs(
    fields: &Map<String, Value>,
    seen: &Snapshot,
    customer: Option<CustomerId>,
) -> Result<()> {
    let Some(customer) = customer else { return Ok(()) };
    named_records(fields).try_for_each(|of| {
        let (noun, id) = (of.noun().map_or("", Noun::label), of.id().unwrap_or_default());
        let raw = match seen.record(&of) {
            Some(raw) => raw,
            None if matches!(of, RecordRef::Asked { .. }) => return Ok(()),
            None => return Err(gone(noun, id)),
        };
        let whose = to_id(at(raw, "customer_id")).map(CustomerId);
        let what = match of.noun() {
            Some(Noun::Ticket) => format!("ticket #{}", field_shown(at(raw, "number"))),
            _ => format!("{noun} {} (id {id})", body::shown_name(raw)),
        };
        whose.map_or(Ok(()), |whose| belongs(&what, Some(whose), customer))
    })
}

/// What a plan on a ticket is about.
pub(super) fn scope(ticket: &Record<Ticket>) -> Scope {
    Scope::of_ticket(ticket.id, ticket.number.clone(), ticket.customer_id)
}

/// How a preview of a write on it begins.
pub(super) fn sheet(ticket: &Record<Ticket>, env: &Env<'_>) -> Sheet {
    Sheet::default().ticket(ticket).whose(ticket).by(env.me)
}

/// What a preview shows of every ticket.
const SHOWN: [&str; 4] = ["customer_id", "number", "subject", "customer_business_then_name"];

/// That a ticket is still the customer's whose it was in the preview, and called what it was there.
pub fn whose(ticket: &Record<Ticket>) -> Precondition {
    let still = SHOWN.map(|name| Field::new(name, at(&ticket.raw, name).clone())).to_vec();
    Precondition::new(Noun::Ticket.record(ticket.id), format!("ticket #{}", ticket.number), still)
}

/// That a customer is still called what the preview says.
pub(super) fn named(customer: &Record<Customer>) -> Precondition {
    shown_of(customer, &[customer.name_field()])
}

/// That a record which shows its customer still shows one of that name.
pub(super) fn named_in(of: RecordRef, label: &str, raw: &Value) -> Option<Precondition> {
    let customer = shown_in(raw)?;
    let name = format!("customer.{}", customer.name_field());
    let still = Field::called(&name, "customer name", at(raw, &name).clone());
    Some(Precondition::new(of, label, vec![still]))
}

/// That a contact of a customer is.
pub(super) fn named_as(customer: &Record<Customer>, contact: ContactId) -> Precondition {
    shown_of(customer, &[&format!("contacts.{contact}.name")])
}

/// That a customer still says what the preview shows of these fields.
pub(super) fn shown_of(customer: &Record<Customer>, names: &[&str]) -> Precondition {
    let label = format!("customer {}", customer.name());
    Precondition::kept(Noun::Customer.record(customer.id), &label, &customer.raw, names)
}

/// What `raw` says at `path` of whether a customer is disabled: as little as in the preview, however it is spelled.
pub(super) fn enabled(raw: &Value, path: &str) -> Field {
    Field::called(path, Customer::DISABLED, at(raw, path).clone()).kind(FieldKind::Flag)
}

/// That a customer is as little disabled as in the preview, just before the sending; nothing of one that does not say.
pub(super) fn as_enabled(customer: &Record<Customer>) -> Option<Precondition> {
    let label = format!("customer {}", customer.name());
    let still = enabled(&customer.raw, Customer::DISABLED);
    let of = Noun::Customer.record(customer.id);
    let says = !at(&customer.raw, Customer::DISABLED).is_null();
    says.then(|| Precondition::new(of, label, vec![still]).recheck())
}

/// The same of a customer whom another record shows, as it does; nothing where it shows somebody else, or where that cannot
/// be read there.
pub(super) fn enabled_in(
    of: RecordRef,
    raw: &Value,
    whose: Option<CustomerId>,
) -> Option<Precondition> {
    let shown = shown_in(raw).filter(|shown| whose.is_none_or(|whose| whose == shown.id))?;
    let says = to_flag(at(raw, Customer::DISABLED_IN)).clear().is_some();
    let label = format!("customer {}", shown.name());
    says.then(|| Precondition::new(of, label, vec![enabled(raw, Customer::DISABLED_IN)]).recheck())
}

/// The customer whom a record shows.
pub(super) fn shown_in(raw: &Value) -> Option<Record<Customer>> {
    Record::read(raw.get("customer")?.clone()).ok()
}

/// Refuses a change that gives a record to another customer.
///
/// # Errors
/// Exit 5.
pub(super) fn stays(
    fields: &Map<String, Value>,
    what: &str,
    customer: Option<CustomerId>,
) -> Result<()> {
    let named = body::number(fields, "customer_id").map(CustomerId);
    if !fields.contains_key("customer_id") || customer.is_some() && named == customer {
        return Ok(());
    }
    let text = match customer {
        Some(customer) => {
            format!("{what} belongs to customer {customer}, and stays with that customer")
        }
        None => format!("{what} does not show whose it is, and is given to nobody here"),
    };
    Err(Error::refused(text).nothing_written())
}

/// A ticket that an earlier step of the same plan makes.
pub(super) struct NewTicket {
    id: RecordId,
    /// Whose it will be.
    pub(super) customer: Record<Customer>,
    contact: Option<ContactId>,
}

impl NewTicket {
    /// The one that `token` stands for.
    ///
    /// # Errors
    /// For a token of no step: a defect. Exit 3 where there is no such customer.
    pub(super) fn of(token: &str, seen: &Snapshot, env: &Env<'_>) -> Result<Self> {
        let id = RecordId::Later(token.to_owned());
        let mut before = env.before.iter();
        let step = before.find(|step| RecordId::later(&step.name) == id);
        let made = step.map(|step| body::fields(&step.request)).unwrap_or_default();
        let customer = body::number(&made, "customer_id").map(CustomerId);
        let unknown = || Error::new(Kind::Failure, format!("no step makes {token}"));
        Ok(Self {
            id,
            customer: read_customer(seen, customer.ok_or_else(unknown)?)?,
            contact: body::number(&made, "contact_id").map(ContactId),
        })
    }

    /// Its contact, of whom the customer tells.
    pub(super) fn contact(&self) -> Option<&Contact> {
        let id = self.contact?;
        self.customer.contacts.iter().find(|contact| contact.id == Some(id))
    }

    /// That it is the customer's and, where the contact is emailed, names the one that was previewed: automation and an
    /// answer that names another ticket must not lead an email elsewhere.
    pub(super) fn whose(&self, is_emailed: bool) -> Precondition {
        let mut still = vec![Field::called("customer_id", "customer", self.customer.id.0)];
        if is_emailed {
            let contact = self.contact.map(|id| id.0);
            still.push(Field::called("contact_id", "contact", contact));
        }
        Precondition::new(Noun::Ticket.record(self.id.clone()), "the new ticket", still)
    }
}
