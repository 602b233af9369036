//! Collections: the lists in which new records appear, by what they hold and whose they are; and the ids that are known
//! of each. Values only.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::noun::Noun;
use super::records::{RecordId, RecordRef, id_of};
use crate::api::List;
use crate::api::fields::{at, to_instant};
use crate::api::folder::TIMERS;
use crate::api::ids::TicketId;
use crate::api::resources::line_items;
use crate::api::resources::tickets::NOT_CLOSED;
use crate::names;

/// How many pages are read of a list of which a part is enough.
const PAGES: u64 = 8;

/// Whose records a collection holds, and which of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The plan's ticket, also while an earlier step is yet to make it.
    Ticket,
    /// One customer.
    Customer(RecordId),
    /// One customer; only records made since this day.
    CustomerSince(RecordId, Date),
    /// One customer; only records that are not closed.
    OpenOf(RecordId),
    /// One customer, where the account has the list and shows it to this key.
    IfReadable(RecordId),
    /// One record, which shows them, or by which they are listed.
    On(Noun, RecordId),
    /// Everybody; only records of these days.
    Days(Date, Date),
    /// Everybody; only records in which this field has this value.
    Matching(String, String),
    /// Everybody; only records made of late, by the server's clock when they are read.
    Lately,
    /// Everybody; only records made since this day, where the account has the list and shows it to this key.
    SinceIfReadable(Date),
    /// Everybody; only the newest are read.
    Everybody,
}

/// A list in which a new record appears.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Collection {
    /// What it holds.
    pub noun: Noun,
    /// Whose.
    pub owner: Owner,
}

impl Collection {
    /// All comments of the plan's ticket: a list of its own, since the ticket may show the first one only.
    pub const COMMENTS: Self = Self::of_ticket(Noun::Comment);
    /// All line items of the plan's ticket, invoiced ones too; read with the ticket.
    pub const LINES: Self = Self::of_ticket(Noun::LineItem);
    /// All timer entries of the plan's ticket; read with the ticket.
    pub const TIMERS: Self = Self::of_ticket(Noun::Timer);
    /// All appointments of the plan's ticket; read with the ticket.
    pub const APPOINTMENTS: Self = Self::of_ticket(Noun::Appointment);
    /// All invoices of the plan's ticket: a list of its own.
    pub const INVOICES: Self = Self::of_ticket(Noun::Invoice);
    /// The account's newest payments.
    pub const PAYMENTS: Self = Self { noun: Noun::Payment, owner: Owner::Everybody };

    /// Everybody's timer entries that were entered of late; as many of them as a few pages hold. The list cannot be asked for
    /// those alone that run.
    pub const LATE_TIMERS: Self = Self { noun: Noun::Timer, owner: Owner::Lately };
    /// Everybody's timer entries; the newest where they are too many.
    pub const NEWEST_TIMERS: Self = Self { noun: Noun::Timer, owner: Owner::Everybody };
    /// The account's newest invoices.
    pub const ALL_INVOICES: Self = Self { noun: Noun::Invoice, owner: Owner::Everybody };

    pub(super) const fn of_ticket(noun: Noun) -> Self {
        Self { noun, owner: Owner::Ticket }
    }

    /// A customer's tickets made since a day; never by `query=`, whose index may lag.
    pub const fn tickets(customer: RecordId, since: Date) -> Self {
        Self { noun: Noun::Ticket, owner: Owner::CustomerSince(customer, since) }
    }

    /// A customer's open tickets.
    pub const fn open_tickets(customer: RecordId) -> Self {
        Self { noun: Noun::Ticket, owner: Owner::OpenOf(customer) }
    }

    /// A customer's unpaid invoices.
    #[must_use]
    pub const fn unpaid_invoices(customer: RecordId) -> Self {
        Self { noun: Noun::Invoice, owner: Owner::OpenOf(customer) }
    }

    /// The lines of an invoice, an estimate or a schedule.
    #[must_use]
    pub fn lines_on(on: Noun, of: impl Into<RecordId>) -> Self {
        Self { noun: on.lines(), owner: Owner::On(on, of.into()) }
    }

    /// The list that shows a record which no GET shows by itself.
    pub(super) fn around(of: &RecordRef) -> Option<Self> {
        match of {
            RecordRef::Line { on, of, .. } => Some(Self::lines_on(*on, of.clone())),
            RecordRef::Listed { noun, .. } => Some(Self { noun: *noun, owner: Owner::Everybody }),
            _ => None,
        }
    }

    /// The customer whose list it is; none where it is everybody's, or a ticket's.
    #[must_use]
    pub const fn customer(&self) -> Option<&RecordId> {
        match &self.owner {
            Owner::Customer(id)
            | Owner::CustomerSince(id, _)
            | Owner::OpenOf(id)
            | Owner::IfReadable(id) => Some(id),
            Owner::Ticket
            | Owner::On(..)
            | Owner::Days(..)
            | Owner::Matching(..)
            | Owner::Lately
            | Owner::SinceIfReadable(_)
            | Owner::Everybody => None,
        }
    }

    /// A customer's records of a noun.
    #[must_use]
    pub const fn of_customer(noun: Noun, customer: RecordId) -> Self {
        Self { noun, owner: Owner::Customer(customer) }
    }

    /// The same of a noun that not every account has, of which nothing rests but what is asked besides.
    #[must_use]
    pub const fn of_customer_if_readable(noun: Noun, customer: RecordId) -> Self {
        Self { noun, owner: Owner::IfReadable(customer) }
    }

    /// A customer's contacts.
    pub const fn contacts(customer: RecordId) -> Self {
        Self::of_customer(Noun::Contact, customer)
    }

    /// A customer's assets.
    pub const fn assets(customer: RecordId) -> Self {
        Self::of_customer(Noun::Asset, customer)
    }

    /// Everybody's appointments between two days.
    pub const fn appointments(from: Date, to: Date) -> Self {
        Self { noun: Noun::Appointment, owner: Owner::Days(from, to) }
    }

    /// Everybody's timer entries that were entered since a day, of which nothing rests but what is asked besides: an account may
    /// lack the list, and where it cannot be read, that is asked about.
    #[must_use]
    pub const fn other_timers(day: Date) -> Self {
        Self { noun: Noun::Timer, owner: Owner::SinceIfReadable(day) }
    }

    /// The customers in which `field` is `value`; `field` is a filter that compares whole values: `business_name`, `email`,
    /// `lastname`.
    pub fn customers(field: &str, value: &str) -> Self {
        let owner = Owner::Matching(field.to_owned(), value.to_owned());
        Self { noun: Noun::Customer, owner }
    }

    /// Whether the ticket's own GET shows it.
    pub fn is_part_of_ticket(&self) -> bool {
        self.owner == Owner::Ticket
            && matches!(self.noun, Noun::LineItem | Noun::Timer | Noun::Appointment)
    }

    /// Whether a new record's id is higher than all that were there: lists of which not everything is read.
    pub fn grows_upwards(&self) -> bool {
        matches!(self.noun, Noun::Ticket | Noun::Payment) || *self == Self::ALL_INVOICES
    }

    /// Whether it is the list of a record that an earlier step is yet to make, and so has nothing in it before that;
    /// `ticket` is the plan's own, if it is known.
    pub(super) fn is_unresolved(&self, ticket: Option<TicketId>) -> bool {
        self.owner == Owner::Ticket && ticket.is_none() || !self.is_known()
    }

    /// Whether whose it is is there already.
    pub(super) fn is_known(&self) -> bool {
        match &self.owner {
            Owner::Customer(id)
            | Owner::CustomerSince(id, _)
            | Owner::OpenOf(id)
            | Owner::IfReadable(id)
            | Owner::On(_, id) => id.id().is_some(),
            Owner::Ticket
            | Owner::Days(..)
            | Owner::Matching(..)
            | Owner::Lately
            | Owner::SinceIfReadable(_)
            | Owner::Everybody => true,
        }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        if let Owner::Customer(id)
        | Owner::CustomerSince(id, _)
        | Owner::OpenOf(id)
        | Owner::IfReadable(id)
        | Owner::On(_, id) = &mut self.owner
        {
            id.fill(ids);
        }
    }

    /// The read of a list that is not a ticket's own, at a time that is `now`.
    pub(super) fn read(&self, now: Timestamp) -> Option<List<Value>> {
        let list = match self.noun {
            Noun::DocumentLine => line_items::listed(),
            Noun::Timer => TIMERS.list().unless_longer_than(PAGES),
            noun => noun.folder()?.list(),
        };
        let list = match self.noun {
            Noun::Appointment => list.unwrapping("appointment"),
            Noun::Payment | Noun::Invoice => list.ends(),
            _ => list,
        };
        let customer = self.customer().cloned();
        let theirs = move |record: &Value| customer.as_ref().is_none_or(|id| is_theirs(record, id));
        let since = |field, day| move |record: &Value| is_since(record, field, day);
        Some(match self.owner.clone() {
            Owner::Ticket => return None,
            // Only an estimate does not show its lines itself. A list that was filtered by it has no invoice's.
            Owner::On(Noun::Estimate, id) => {
                list.filter("estimate_id", Some(id.clone()), move |record| {
                    let named = id_of(at(record, "estimate_id"));
                    named.is_none_or(|named| Some(named) == id.id())
                        && at(record, "invoice_id").is_null()
                })
            }
            Owner::On(..) => return None,
            Owner::Customer(id) | Owner::IfReadable(id) => {
                list.filter("customer_id", Some(id), theirs)
            }
            Owner::CustomerSince(id, day) => list.filter("customer_id", Some(id), theirs).filter(
                "created_after",
                Some(day),
                since("created_at", day),
            ),
            // Which statuses are closed, nobody knows here: whoever reads the list looks again.
            Owner::OpenOf(id) => {
                list.filter("customer_id", Some(id), theirs).asking("status", NOT_CLOSED)
            }
            Owner::Days(from, to) => list
                .filter("date_from", Some(from), since("start_at", from))
                .filter("date_to", Some(to), move |record| is_until(record, "start_at", to)),
            // A disabled customer of the same name is one, too.
            Owner::Matching(field, value) => {
                let (name, wanted) = (field.clone(), Some(value.clone()));
                list.asking("include_disabled", true).filter(name, wanted, move |record| {
                    let there = record.get(&field).and_then(Value::as_str);
                    there.is_some_and(|there| names::same(there, &value))
                })
            }
            Owner::Lately | Owner::SinceIfReadable(_) => {
                let day = match self.owner {
                    Owner::SinceIfReadable(day) => day,
                    _ => lately(now),
                };
                list.filter("created_at_gt", Some(day), since("created_at", day))
            }
            Owner::Everybody => list,
        })
    }
}

/// How far back time is looked for on all tickets.
pub const BACK: SignedDuration = SignedDuration::from_hours(72);

/// The day since which that is, where it is `now`.
#[must_use]
pub fn lately(now: Timestamp) -> Date {
    now.checked_sub(BACK).unwrap_or(Timestamp::MIN).to_zoned(TimeZone::UTC).date()
}

/// Whether a record is a customer's; one that names none may be.
fn is_theirs(record: &Value, customer: &RecordId) -> bool {
    let id = id_of(at(record, "customer_id"));
    id.is_none() || id == customer.id()
}

/// The server's zone is not known: so far may its days be from ours.
const SLACK: i64 = 2;

/// Whether a moment of a record may be on this day or later; one that cannot be read may.
fn is_since(record: &Value, field: &str, day: Date) -> bool {
    let first = day.saturating_sub(SLACK.days());
    this_day(record, field).is_none_or(|day| day >= first)
}

/// Whether a moment of a record may be on this day or earlier; one that cannot be read may.
fn is_until(record: &Value, field: &str, day: Date) -> bool {
    let last = day.saturating_add(SLACK.days());
    this_day(record, field).is_none_or(|day| day <= last)
}

fn this_day(record: &Value, field: &str) -> Option<Date> {
    let instant = to_instant(at(record, field))?;
    Some(instant.to_zoned(TimeZone::UTC).date())
}

/// The ids that are known of each list; of one that is not among them nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(Collection, BTreeSet<u64>)>", into = "Vec<(Collection, BTreeSet<u64>)>")]
pub struct Baseline(BTreeMap<Collection, BTreeSet<u64>>);

impl From<Vec<(Collection, BTreeSet<u64>)>> for Baseline {
    fn from(lists: Vec<(Collection, BTreeSet<u64>)>) -> Self {
        Self(lists.into_iter().collect())
    }
}

impl From<Baseline> for Vec<(Collection, BTreeSet<u64>)> {
    fn from(baseline: Baseline) -> Self {
        baseline.0.into_iter().collect()
    }
}

impl Baseline {
    /// The ids of one list; none for a step that makes no record.
    pub fn ids(&self, collection: Option<&Collection>) -> BTreeSet<u64> {
        collection.and_then(|collection| self.0.get(collection)).cloned().unwrap_or_default()
    }

    /// Whether a list is known to hold this id.
    pub fn has(&self, collection: &Collection, id: u64) -> bool {
        self.0.get(collection).is_some_and(|ids| ids.contains(&id))
    }

    /// Whether the list was read, so that what is not among its ids is new.
    pub fn knows(&self, collection: &Collection) -> bool {
        self.0.contains_key(collection)
    }

    /// The lists that are known.
    pub fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.0.keys()
    }

    /// Takes `ids` as those that are there now.
    pub fn set(&mut self, collection: &Collection, ids: BTreeSet<u64>) {
        self.0.insert(collection.clone(), ids);
    }

    /// Adds one id to a list.
    pub(super) fn add(&mut self, collection: &Collection, id: u64) {
        self.0.entry(collection.clone()).or_default().insert(id);
    }
}
