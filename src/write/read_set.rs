//! Read sets: which reads a look makes, as a value. Those of several steps are put together before anything is asked.

use std::collections::BTreeSet;

use super::collection::Collection;
use super::records::RecordRef;

/// Which reads a snapshot makes: records and collections, each once however many ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ReadSet {
    /// The plan's ticket, with the lists that are part of it.
    pub(super) ticket: bool,
    pub(super) records: BTreeSet<RecordRef>,
    pub(super) collections: BTreeSet<Collection>,
}

impl ReadSet {
    /// No read at all.
    pub const NOTHING: Self =
        Self { ticket: false, records: BTreeSet::new(), collections: BTreeSet::new() };

    /// And the plan's ticket with its line items, timer entries and appointments. It must be there.
    pub fn ticket(mut self) -> Self {
        self.ticket = true;
        self
    }

    /// And all comments of the plan's ticket.
    pub fn comments(self) -> Self {
        self.collection(&Collection::COMMENTS)
    }

    /// And all invoices of the plan's ticket.
    pub fn invoices(self) -> Self {
        self.collection(&Collection::INVOICES)
    }

    /// And one record; what belongs to the ticket is read with it.
    pub fn record(mut self, of: &RecordRef) -> Self {
        if of.is_of_ticket() {
            return self.ticket();
        }
        match Collection::around(of) {
            Some(list) => return self.collection(&list),
            None => self.records.insert(of.clone()),
        };
        self
    }

    /// And the list that a new record appears in.
    pub fn collection(mut self, collection: &Collection) -> Self {
        if collection.is_part_of_ticket() {
            return self.ticket();
        }
        self.collections.insert(collection.clone());
        self
    }

    /// The lists among it that are not a ticket's.
    pub fn lists(&self) -> impl Iterator<Item = &Collection> {
        self.collections.iter()
    }

    /// Both.
    pub fn and(mut self, other: Self) -> Self {
        self.ticket |= other.ticket;
        self.records.extend(other.records);
        self.collections.extend(other.collections);
        self
    }

    /// Whether all that `other` reads is among it.
    pub fn covers(&self, other: &Self) -> bool {
        (self.ticket || !other.ticket)
            && self.records.is_superset(&other.records)
            && self.collections.is_superset(&other.collections)
    }

    /// Whether there is nothing to read.
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }
}
