//! From the number that people see to the id that paths take. Pairs once seen are remembered in the state folder; the
//! ticket's own number, read with everything else, proves them, so a second command needs a round trip less.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::api::ids::{CustomerId, Number, TicketId};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Reader, Record};
use crate::error::{Error, Kind, Result};

/// A ticket as it is typed: `32181`, `#32181`, or `id:108443837`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketArg {
    /// The number that people see.
    Number(Number),
    /// The internal id.
    Id(TicketId),
}

impl FromStr for TicketArg {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let text = typed.trim();
        let digits = |text: &str| {
            (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.to_owned())
        };
        if let Some(id) = text.strip_prefix("id:") {
            let id = digits(id).and_then(|id| id.parse().ok());
            return id
                .map(|id| Self::Id(TicketId(id)))
                .ok_or_else(|| "after id: come digits".to_owned());
        }
        let number = text.strip_prefix('#').unwrap_or(text);
        digits(number)
            .map(|number| Self::Number(Number(number.trim_start_matches('0').to_owned())))
            .filter(|number| *number != Self::Number(Number(String::new())))
            .ok_or_else(|| "a ticket is its number (32181), or id: and its internal id".to_owned())
    }
}

impl std::fmt::Display for TicketArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "#{number}"),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// A ticket whose id is known, or believed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: TicketId,
    /// Its customer when last seen.
    pub customer: Option<CustomerId>,
    /// Whether the id was remembered, so that the answer's number must prove it.
    pub remembered: bool,
    /// The ticket in a line, where it was just read.
    pub heading: Option<String>,
}

/// A ticket in a line: what a person needs to know that it is the right one.
#[must_use]
pub fn heading(ticket: &Ticket) -> String {
    let customer = &ticket.customer_business_then_name;
    format!("#{} {customer} - {}", ticket.number, ticket.subject)
}

/// The number's id as remembered, or as the API says: no request, or one.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub async fn target(reader: &Reader, known: &Known, typed: &TicketArg) -> Result<Target> {
    match typed {
        TicketArg::Id(id) => Ok(Target {
            id: *id,
            customer: None,
            remembered: false,
            heading: None,
        }),
        TicketArg::Number(number) => match known.get(number) {
            Some(target) => Ok(target),
            None => find(reader, number).await,
        },
    }
}

/// `GET /tickets?number=`. The server ignores filters that it does not know, so the numbers are compared here.
///
/// # Errors
/// Exit 3 when no ticket has this number.
pub async fn find(reader: &Reader, number: &Number) -> Result<Target> {
    let found = reader.get(tickets::by_number(number)).await?;
    let ticket = found.tickets.iter().find(|ticket| ticket.number == *number);
    let ticket = ticket.ok_or_else(|| not_found(&TicketArg::Number(number.clone())))?;
    Ok(Target {
        id: ticket.id,
        customer: ticket.customer_id,
        remembered: false,
        heading: Some(heading(ticket)),
    })
}

/// The error for a ticket that is not there.
#[must_use]
pub fn not_found(typed: &TicketArg) -> Error {
    Error::new(Kind::NotFound, format!("there is no ticket {typed}"))
        .hint("a ticket is named by the number on its page; `id:` names an internal id")
}

/// Whether the ticket that was read is the one that was typed.
#[must_use]
pub fn proves(typed: &TicketArg, ticket: &Ticket) -> bool {
    match typed {
        TicketArg::Number(number) => ticket.number == *number,
        TicketArg::Id(id) => ticket.id == *id,
    }
}

/// Numbers and ids that belong together, per API host, in a small file. A broken or missing file is an empty one.
#[derive(Debug, Clone)]
pub struct Known {
    path: PathBuf,
}

/// More pairs than this are not kept; the lowest numbers, the oldest tickets, go first.
const MOST: usize = 2000;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Pairs {
    tickets: BTreeMap<u64, (TicketId, Option<CustomerId>)>,
}

impl Known {
    /// The memory for `host` in `state_dir`.
    #[must_use]
    pub fn new(state_dir: &Path, host: &str) -> Self {
        let host: String = host
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        Self {
            path: state_dir.join(format!("tickets-{host}.json")),
        }
    }

    fn read(&self) -> Pairs {
        fs::read(&self.path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn get(&self, number: &Number) -> Option<Target> {
        let number: u64 = number.0.parse().ok()?;
        let (id, customer) = self.read().tickets.get(&number).copied()?;
        Some(Target {
            id,
            customer,
            remembered: true,
            heading: None,
        })
    }

    /// Keeps a ticket's number, id and customer. Never fatal: without it the next command asks again.
    pub fn remember(&self, ticket: &Record<Ticket>) {
        let Ok(number) = ticket.number.0.parse::<u64>() else {
            return;
        };
        let mut pairs = self.read();
        if pairs
            .tickets
            .insert(number, (ticket.id, ticket.customer_id))
            == Some((ticket.id, ticket.customer_id))
        {
            return;
        }
        while pairs.tickets.len() > MOST {
            pairs.tickets.pop_first();
        }
        let Ok(json) = serde_json::to_vec(&pairs) else {
            return;
        };
        // Renamed into place, so that a second process never reads half a file.
        let fresh = self
            .path
            .with_extension(format!("{}.tmp", std::process::id()));
        let parent = self.path.parent().unwrap_or_else(|| Path::new("."));
        let written = fs::create_dir_all(parent)
            .and_then(|()| fs::write(&fresh, json))
            .and_then(|()| fs::rename(&fresh, &self.path));
        if written.is_err() {
            fs::remove_file(&fresh).unwrap_or_default();
        }
    }
}
