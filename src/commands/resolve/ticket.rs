//! From the number that people see to the id that paths take: remembered, or asked for. The ticket's own number, read
//! with everything else, proves a remembered id.

use std::str::FromStr;

use crate::account::TicketNumbers;
use crate::api::Reader;
use crate::api::ids::{CustomerId, Number, TicketId};
use crate::api::resources::invoices;
use crate::api::resources::tickets::{self, Ticket};
use crate::error::{Error, Kind, Result};
use crate::operations::{self, Finding};
use crate::render::timer;
use crate::write::Scope;

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
                .ok_or_else(|| "use digits after id:".to_owned());
        }
        let number = text.strip_prefix('#').unwrap_or(text);
        digits(number)
            .map(|number| Self::Number(Number(number.trim_start_matches('0').to_owned())))
            .filter(|number| *number != Self::Number(Number(String::new())))
            .ok_or_else(|| "use the ticket number (32181), or id: and the internal id".to_owned())
    }
}

impl TicketArg {
    /// What is known of the ticket before it was read.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Number(number) => Scope { number: Some(number.clone()), ..Scope::default() },
            Self::Id(id) => Scope { ticket: Some(*id), ..Scope::default() },
        }
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
    pub heading: Option<Heading>,
}

/// What a person needs to know of a ticket to see that it is the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub customer: String,
    /// What it is about.
    pub subject: String,
}

/// Stopped time of a ticket that is not charged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// How much, and in how many entries.
    pub time: String,
    /// Whether all of it says what it is sold as.
    pub is_sold: bool,
    /// What a bill that leaves it is asked.
    pub left: Finding,
}

impl Waiting {
    /// The ticket's.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Option<Self> {
        let mut waiting = ticket.ticket_timers.iter().filter(|timer| timer.is_owed());
        let time = timer::waiting(&ticket.ticket_timers)?;
        let is_sold = waiting.all(|timer| timer.product_id.is_some());
        Some(Self { time, is_sold, left: operations::left_behind(&ticket.ticket_timers)? })
    }
}

impl Heading {
    /// The ticket's own.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        Self {
            number: ticket.number.to_string(),
            customer: ticket.customer_business_then_name.clone(),
            subject: ticket.subject.clone(),
        }
    }
}

impl std::fmt::Display for Heading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{} {} - {}", self.number, self.customer, self.subject)
    }
}

/// A ticket in a line.
#[must_use]
pub fn heading(ticket: &Ticket) -> String {
    Heading::of(ticket).to_string()
}

/// The number's id as remembered, or as the API says: no request, or one.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub async fn target(reader: &Reader, known: &TicketNumbers, typed: &TicketArg) -> Result<Target> {
    match typed {
        TicketArg::Id(id) => {
            Ok(Target { id: *id, customer: None, remembered: false, heading: None })
        }
        TicketArg::Number(number) => match known.get(number) {
            Some((id, customer)) => Ok(Target { id, customer, remembered: true, heading: None }),
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
    let Some(ticket) = ticket else {
        let error = not_found(&TicketArg::Number(number.clone()));
        // Only a help: a look that fails changes nothing of what is said.
        return Err(match reader.get(invoices::by_number(number)).await {
            Ok(invoice) if invoice.number == *number => {
                error.next(format!("invoice show {number}"), "show the invoice of that number")
            }
            _ => error,
        });
    };
    Ok(Target {
        id: ticket.id,
        customer: ticket.customer_id,
        remembered: false,
        heading: Some(Heading::of(ticket)),
    })
}

/// The error for a ticket that is not there.
#[must_use]
pub fn not_found(typed: &TicketArg) -> Error {
    Error::none(format!("ticket {typed}"))
        .hint("use the ticket number, or `id:` and the internal id")
}

/// The error for an answer that is about another ticket.
#[must_use]
pub fn another(typed: &TicketArg, ticket: &Ticket) -> Error {
    let message = format!("asked for ticket {typed}, and the answer is ticket #{}", ticket.number);
    Error::new(Kind::Unavailable, message)
        .hint("try again; if it happens again, check for a cache or proxy in between")
}

/// Whether the ticket that was read is the one that was typed.
#[must_use]
pub fn proves(typed: &TicketArg, ticket: &Ticket) -> bool {
    match typed {
        TicketArg::Number(number) => ticket.number == *number,
        TicketArg::Id(id) => ticket.id == *id,
    }
}
