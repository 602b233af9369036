//! Ticket numbers and ids once seen, remembered in the state folder, so that a second command on a ticket needs a round
//! trip less. Whoever uses a remembered id compares the ticket's own number.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::cache::CacheFile;
use crate::api::Record;
use crate::api::ids::{CustomerId, Number, TicketId};
use crate::api::resources::tickets::Ticket;

/// Numbers and ids that belong together, per API host, in a small file. A broken or missing file is an empty one.
#[derive(Debug, Clone)]
pub struct TicketNumbers {
    file: CacheFile,
    /// What was read last: seen again as it was, it is not written again.
    read: Cell<Option<(u64, Pair)>>,
}

/// A ticket and its customer, as plain numbers: those that the server sends may be texts, and are read with more care.
type Pair = (u64, Option<u64>);

/// More pairs than this are not kept; the lowest numbers, the oldest tickets, go first.
const MOST: usize = 2000;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Pairs {
    tickets: BTreeMap<u64, Pair>,
}

impl TicketNumbers {
    /// The memory for `host` in `state_dir`.
    #[must_use]
    pub fn new(state_dir: &Path, host: &str) -> Self {
        Self { file: CacheFile::new(state_dir, "tickets", host), read: Cell::default() }
    }

    /// The same, which keeps nothing: what it is given may be old.
    #[must_use]
    pub fn unkept(self) -> Self {
        Self { file: self.file.unkept(), ..self }
    }

    fn read(&self) -> Pairs {
        self.file.read().unwrap_or_default()
    }

    /// The number's ticket and customer when it was last seen.
    #[must_use]
    pub fn get(&self, number: &Number) -> Option<(TicketId, Option<CustomerId>)> {
        let number: u64 = number.0.parse().ok()?;
        let pair = *self.read().tickets.get(&number)?;
        self.read.set(Some((number, pair)));
        Some((TicketId(pair.0), pair.1.map(CustomerId)))
    }

    /// Keeps a ticket's number, id and customer. Never fatal: without it the next command asks again.
    pub fn remember(&self, ticket: &Record<Ticket>) {
        self.remember_all(std::slice::from_ref(ticket));
    }

    /// The same for all that a list shows: the next command on one of them needs a round trip less.
    pub fn remember_all(&self, tickets: &[Record<Ticket>]) {
        let seen = tickets.iter().filter_map(|ticket| {
            let number = ticket.number.0.parse().ok()?;
            Some((number, (ticket.id.0, ticket.customer_id.map(|customer| customer.0))))
        });
        let seen: Vec<(u64, Pair)> = seen.collect();
        if seen.iter().all(|one| Some(*one) == self.read.get()) {
            return;
        }
        let mut pairs = self.read();
        if seen.iter().all(|(number, pair)| pairs.tickets.get(number) == Some(pair)) {
            return;
        }
        pairs.tickets.extend(seen);
        while pairs.tickets.len() > MOST {
            pairs.tickets.pop_first();
        }
        self.file.write(&pairs);
    }
}
