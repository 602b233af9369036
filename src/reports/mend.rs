//! The command that mends what a row says, to be pasted: without the program's name, which depends on the account.

use std::fmt;

use super::Parts;
use crate::api::ids::{AssetId, InvoiceId, Number};
use crate::api::resources::tickets::Ticket;
use crate::error::quoted;

/// A command, without the program's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend(pub String);

impl Mend {
    /// A command on a ticket: `bill 32181 --from-timers` is `("bill", "--from-timers")`.
    #[must_use]
    pub fn on(ticket: &Ticket, verb: &str, more: &str) -> Self {
        let line = format!("{verb} {} {more}", typed(&ticket.number, ticket.id));
        Self(line.trim_end().to_owned())
    }

    /// A command on an invoice: `invoice email 67409` is `"email"`.
    #[must_use]
    pub fn on_invoice(number: &Number, id: InvoiceId, verb: &str) -> Self {
        Self(format!("invoice {verb} {}", typed(number, id)))
    }

    /// The command that bills what waits on a ticket; none where a recurring invoice takes all of it. Lines that one takes are
    /// not invoiced by hand, and where something is not clear, it is looked at first. `labor` is what time without a product is
    /// sold as; where a person has to choose, the command asks on a terminal, and says in a script what it lacks.
    #[must_use]
    pub fn of_waiting(
        ticket: &Ticket,
        parts: &Parts<'_>,
        takes: Option<bool>,
        labor: Option<&str>,
    ) -> Option<Self> {
        let is_clear = parts.unclear_lines == 0 && parts.unclear_timers == 0;
        let (has_time, has_lines) = (!parts.owed.is_empty(), !parts.waiting.is_empty());
        let lacks_product = parts.owed.iter().any(|(timer, _)| timer.product_id.is_none());
        let from_timers = || match labor.filter(|_| lacks_product) {
            Some(labor) => format!("--from-timers --labor {}", quoted(labor)),
            None => "--from-timers".to_owned(),
        };
        // Entries are named: others may run or wait beside them, and somebody else's needs its id.
        let owed = || parts.owed.iter().map(|(timer, _)| timer.id.to_string());
        let (verb, more) = match (takes.filter(|_| is_clear), parts.running.first()) {
            (None, _) => ("ticket", String::new()),
            (Some(false), _) if has_time => ("bill", from_timers()),
            (Some(true), _) if has_time => ("timer charge", owed().collect::<Vec<_>>().join(" ")),
            (Some(false), _) if has_lines => ("invoice create", String::new()),
            (Some(true), _) if has_lines => return None,
            (Some(_), Some(timer)) => ("timer stop", timer.id.to_string()),
            (Some(_), None) => ("timer list", String::new()),
        };
        Some(Self::on(ticket, verb, &more))
    }

    /// The command that shows an asset.
    #[must_use]
    pub fn of_asset(id: AssetId) -> Self {
        Self(format!("asset show {id}"))
    }

    /// The command that gives a ticket a status.
    #[must_use]
    pub fn status(ticket: &Ticket, status: &str) -> Self {
        Self::on(ticket, "update", &quoted(status))
    }

    /// The whole line, for a program that is called so.
    #[must_use]
    pub fn line(&self, program: &str) -> String {
        format!("{program} {}", self.0)
    }
}

/// A ticket or an invoice as it is typed. A number that is more than digits might be more than a word to a shell.
fn typed(number: &Number, id: impl fmt::Display) -> String {
    let number = &number.0;
    match !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
        true => number.clone(),
        false => format!("id:{id}"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Record;

    #[test]
    fn a_status_is_one_word_to_a_shell() {
        let ticket = Record::<Ticket>::read(json!({"id": 1, "number": 32_181})).unwrap();
        for (status, word) in [
            ("Invoiced", "Invoiced"),
            ("To bill", "\"To bill\""),
            ("Paid in $", "'Paid in $'"),
            ("\"Done\"", "'\"Done\"'"),
        ] {
            assert_eq!(Mend::status(&ticket, status).0, format!("update 32181 {word}"));
        }
    }
}
