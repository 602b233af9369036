//! Ticket numbers and ids once seen, remembered in the state folder, so that a second command on a ticket needs a round
//! trip less. Whoever uses a remembered id compares the ticket's own number.

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
}

/// More pairs than this are not kept; the lowest numbers, the oldest tickets, go first.
const MOST: usize = 2000;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Pairs {
    tickets: BTreeMap<u64, (TicketId, Option<CustomerId>)>,
}

impl TicketNumbers {
    /// The memory for `host` in `state_dir`.
    #[must_use]
    pub fn new(state_dir: &Path, host: &str) -> Self {
        Self { file: CacheFile::new(state_dir, "tickets", host) }
    }

    fn read(&self) -> Pairs {
        self.file.read().unwrap_or_default()
    }

    /// The number's ticket and customer when it was last seen.
    #[must_use]
    pub fn get(&self, number: &Number) -> Option<(TicketId, Option<CustomerId>)> {
        let number: u64 = number.0.parse().ok()?;
        self.read().tickets.get(&number).copied()
    }

    /// Keeps a ticket's number, id and customer. Never fatal: without it the next command asks again.
    pub fn remember(&self, ticket: &Record<Ticket>) {
        self.remember_all(std::slice::from_ref(ticket));
    }

    /// The same for all that a list shows: the next command on one of them needs a round trip less.
    pub fn remember_all(&self, tickets: &[Record<Ticket>]) {
        let mut pairs = self.read();
        let mut is_new = false;
        for ticket in tickets {
            let Ok(number) = ticket.number.0.parse::<u64>() else {
                continue;
            };
            let pair = (ticket.id, ticket.customer_id);
            is_new |= pairs.tickets.insert(number, pair) != Some(pair);
        }
        if !is_new {
            return;
        }
        while pairs.tickets.len() > MOST {
            pairs.tickets.pop_first();
        }
        self.file.write(&pairs);
    }
}
