//! Whether the statuses and the priority of `[tickets]` are words that the account has; and which were meant, where they
//! are not.

use jiff::Timestamp;

use super::check::Check;
use super::facts;
use crate::account::AccountFacts;
use crate::api::Record;
use crate::api::resources::settings::{AccountSettings, TicketSettings};
use crate::api::{Error as ApiError, Reader};
use crate::commands::resolve::choice::{choice, near_misses};
use crate::config::TicketSettings as Configured;
use crate::context::Context;
use crate::error::Error;

/// The account's own lists, or why they cannot be had.
pub(super) struct Words {
    tickets: Result<Record<TicketSettings>, ApiError>,
    account: Result<Record<AccountSettings>, ApiError>,
}

impl Words {
    /// Asks for both at once.
    pub(super) async fn read(reader: &Reader) -> Self {
        use crate::api::resources::settings;
        let (tickets, account) = tokio::join!(
            reader.get(settings::tickets().once()),
            reader.get(settings::account().once()),
        );
        Self { tickets, account }
    }

    /// What the account says of itself: read anew.
    pub(super) fn facts(&self, ctx: &Context, now: Timestamp) -> Vec<Check> {
        let account = match &self.account {
            Ok(account) => account,
            Err(error) => {
                let check = Check::warning("currency", Error::from(error.clone()).to_string());
                return vec![check.hint(facts::NO_SYMBOL)];
            }
        };
        if let Ok(facts) = ctx.account_facts() {
            facts.renew(account);
        }
        facts::checks(&AccountFacts::of(account), ctx.settings(), now)
    }

    /// A line for each setting that names a word.
    pub(super) fn checks(self, configured: &Configured) -> Vec<Check> {
        let mut checks = Vec::new();
        match self.tickets {
            Ok(settings) => {
                let known = settings.view.statuses.unwrap_or_default();
                checks.extend(statuses(configured, &known));
            }
            Err(error) => checks.push(Check::of_error("tickets", &Error::from(error))),
        }
        match (self.account, &configured.priority) {
            (_, None) => {}
            (Ok(settings), Some(priority)) => {
                let known = settings.view.ticket.and_then(|ticket| ticket.priorities);
                checks.push(word("tickets.priority", priority, &known.unwrap_or_default()));
            }
            (Err(error), Some(_)) => {
                checks.push(Check::of_error("tickets.priority", &Error::from(error)));
            }
        }
        checks
    }
}

fn statuses(configured: &Configured, known: &[String]) -> Vec<Check> {
    let mut checks = vec![closed(&configured.closed, known)];
    for (name, status) in [
        ("tickets.after_bill", &configured.after_bill),
        ("tickets.after_close", &configured.after_close),
    ] {
        checks.push(match status {
            Some(status) => word(name, status, known),
            None => Check::ok(name, "the status stays unchanged"),
        });
    }
    checks
}

/// A word too many there hides nothing; it only is never met.
fn closed(closed: &[String], known: &[String]) -> Check {
    let name = "tickets.closed";
    let strange: Vec<&str> =
        closed.iter().map(String::as_str).filter(|status| !has(known, status)).collect();
    if strange.is_empty() {
        return Check::ok(name, closed.join(", "));
    }
    let message = format!("the account has no status {}", strange.join(", "));
    Check::warning(name, message).hint(all(known))
}

fn word(name: &str, word: &str, known: &[String]) -> Check {
    if has(known, word) {
        return Check::ok(name, word);
    }
    let meant = choice(name, word, known).ok();
    let near = near_misses(word, known.iter().map(String::as_str));
    let hint = match meant.as_ref().or(near.first()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => all(known),
    };
    Check::problem(name, format!("the account has no {word:?}")).hint(hint)
}

/// Syncro compares words as they are written.
fn has(known: &[String], word: &str) -> bool {
    known.iter().any(|known| known == word)
}

fn all(known: &[String]) -> String {
    let words: Vec<&str> =
        known.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    format!("the account's own: {}", words.join(", "))
}
