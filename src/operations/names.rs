//! What ids are called, and what words the account knows: as far as somebody has read it. Values only.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::body;
use super::choice::choice;
use crate::api::ids::{AppointmentTypeId, TicketTypeId, UserId};
use crate::error::{Error, Kind, Result};

/// The names of users and of types, and the account's words for tickets.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Users, by id.
    pub users: BTreeMap<UserId, String>,
    /// Appointment types, by id.
    pub appointment_types: BTreeMap<AppointmentTypeId, String>,
    /// Ticket types, by id.
    pub ticket_types: BTreeMap<TicketTypeId, String>,
    /// Statuses of tickets.
    pub statuses: Vec<String>,
    /// Priorities of tickets.
    pub priorities: Vec<String>,
    /// Issue types of tickets.
    pub issue_types: Vec<String>,
}

/// A value that the account must have, or a server takes it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A ticket's status.
    Status(String),
    /// A ticket's priority.
    Priority(String),
    /// A ticket's `problem_type`.
    IssueType(String),
    /// A ticket's type.
    TicketType(TicketTypeId),
    /// Whose a ticket is.
    User(UserId),
}

impl Word {
    /// That those of a ticket's fields which are texts are.
    ///
    /// # Errors
    /// Exit 2.
    pub(super) fn are_texts(fields: &Map<String, Value>) -> Result<()> {
        let mut names = ["status", "priority", "problem_type"].iter();
        names.try_for_each(|name| body::is_text(fields, name))
    }

    /// That a change of a ticket leaves it a status: a blank one is none of any account.
    ///
    /// # Errors
    /// Exit 2.
    pub(super) fn keeps_status(fields: &Map<String, Value>) -> Result<()> {
        match fields.contains_key("status") && body::said(fields, "status").is_none() {
            true => Err(Error::usage("there is no blank status").nothing_sent()),
            false => Ok(()),
        }
    }

    /// Those of a ticket's fields.
    pub(super) fn of_ticket(fields: &Map<String, Value>) -> Vec<Self> {
        let text = |name| body::said(fields, name).map(str::to_owned);
        let number = |name| body::number(fields, name);
        [
            text("status").map(Self::Status),
            text("priority").map(Self::Priority),
            text("problem_type").map(Self::IssueType),
            number("ticket_type_id").map(|id| Self::TicketType(TicketTypeId(id))),
            number("user_id").map(|id| Self::User(UserId(id))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Names {
    /// What a user is called.
    #[must_use]
    pub fn user(&self, id: UserId) -> String {
        let name = self.users.get(&id).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| format!("user {id}"))
    }

    /// What a kind of appointment is called, where that is known.
    #[must_use]
    pub fn appointment_type(&self, id: AppointmentTypeId) -> Option<&str> {
        self.appointment_types.get(&id).map(String::as_str)
    }

    /// What a kind of ticket is called.
    #[must_use]
    pub fn ticket_type(&self, id: TicketTypeId) -> String {
        let name = self.ticket_types.get(&id);
        name.cloned().unwrap_or_else(|| format!("ticket type {id}"))
    }

    /// That the account has a word, spelled so: it is sent as it is. An account without such a list takes any.
    ///
    /// # Errors
    /// Exit 2 for a word that the account does not have or spells in another way, exit 3 for a user.
    pub fn check(&self, word: &Word) -> Result<()> {
        match word {
            Word::Status(text) => exact("status", text, &self.statuses),
            Word::Priority(text) => exact("priority", text, &self.priorities),
            Word::IssueType(text) => exact("issue type", text, &self.issue_types),
            Word::TicketType(id) if self.ticket_types.contains_key(id) => Ok(()),
            Word::TicketType(id) => {
                let names: Vec<String> = self.ticket_types.values().cloned().collect();
                choice("ticket type", &id.to_string(), &names).map(drop)
            }
            Word::User(id) if self.users.is_empty() || self.users.contains_key(id) => Ok(()),
            Word::User(id) => {
                let text = format!("there is no user with id {id}");
                Err(Error::new(Kind::NotFound, text).nothing_written())
            }
        }
    }
}

fn exact(what: &str, typed: &str, list: &[String]) -> Result<()> {
    let known = choice(what, typed, list)?;
    if known.trim() == typed {
        return Ok(());
    }
    let text = format!("the {what} is \"{known}\", not \"{typed}\"");
    Err(Error::usage(text).nothing_written())
}
