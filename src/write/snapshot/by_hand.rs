//! What a snapshot shows, put together and made by hand: for whoever has read it already, and for tests.

use jiff::Timestamp;
use serde_json::Value;

use super::{Listed, Snapshot};
use crate::api::Record;
use crate::api::resources::tickets::Ticket;
use crate::write::collection::Collection;
use crate::write::noun::Noun;
use crate::write::records::{RecordRef, id_of};

impl Snapshot {
    /// Both; what `later` has read counts.
    pub fn and(mut self, later: Self) -> Self {
        self.ticket = later.ticket.or(self.ticket);
        self.records.extend(later.records);
        self.collections.extend(later.collections);
        self.server_date = later.server_date.or(self.server_date);
        self
    }

    /// The same without lines, timer entries, comments, invoices and other listed records that are known.
    pub fn without(mut self, is_known: impl Fn(&Collection, u64) -> bool) -> Self {
        if let Some(ticket) = &mut self.ticket {
            ticket.view.line_items.retain(|line| !is_known(&Collection::LINES, line.id.0));
            ticket.view.ticket_timers.retain(|timer| !is_known(&Collection::TIMERS, timer.id.0));
        }
        for (collection, listed) in &mut self.collections {
            let id = |record: &Value| record.get("id").and_then(id_of);
            listed.records.retain(|one| id(one).is_none_or(|id| !is_known(collection, id)));
        }
        self
    }

    /// And the plan's ticket.
    pub fn with_ticket(mut self, ticket: Record<Ticket>) -> Self {
        self.ticket = Some(ticket);
        self
    }

    /// And one record; `None` for one that is gone.
    pub fn with_record(mut self, of: RecordRef, record: Option<Value>) -> Self {
        self.records.insert(of, record);
        self
    }

    /// And the records of a list, all of them.
    pub fn with_collection(mut self, collection: Collection, records: Vec<Value>) -> Self {
        self.collections.insert(collection, Listed { records, ..Listed::default() });
        self
    }

    /// And what time it is by the server's clock.
    pub const fn with_server_date(mut self, date: Timestamp) -> Self {
        self.server_date = Some(date);
        self
    }

    /// The same, each record as `alter` leaves it, which can ask what it is; a ticket that could not be read stays as it is.
    pub fn altered(mut self, alter: &mut dyn FnMut(&dyn Fn() -> String, &mut Value)) -> Self {
        if let Some(ticket) = &mut self.ticket {
            let mut raw = ticket.raw.clone();
            alter(&|| format!("{:?}", Noun::Ticket.record(ticket.id)), &mut raw);
            if raw != ticket.raw
                && let Ok(read) = Record::read(raw)
            {
                *ticket = read;
            }
        }
        for (of, record) in &mut self.records {
            if let Some(record) = record {
                alter(&|| format!("{of:?}"), record);
            }
        }
        for (collection, listed) in &mut self.collections {
            for record in &mut listed.records {
                let id = record.get("id").and_then(id_of);
                alter(&|| format!("{collection:?} {id:?}"), record);
            }
        }
        self
    }

    /// And the ends of a list, of which the upper one begins at an id.
    pub fn with_ends(mut self, collection: Collection, records: Vec<Value>, upper: u64) -> Self {
        self.collections
            .insert(collection, Listed { records, upper_end: Some(upper), ..Listed::default() });
        self
    }
}
