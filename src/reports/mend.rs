//! The command that mends what a row says, to be pasted: without the program's name, which depends on the account.

use crate::api::resources::tickets::Ticket;

/// A command, without the program's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend(pub String);

impl Mend {
    /// A command on a ticket: `bill 32181 --from-timers` is `("bill", "--from-timers")`.
    #[must_use]
    pub fn on(ticket: &Ticket, verb: &str, more: &str) -> Self {
        let line = format!("{verb} {} {more}", typed(ticket));
        Self(line.trim_end().to_owned())
    }

    /// The command that gives a ticket a status.
    #[must_use]
    pub fn status(ticket: &Ticket, status: &str) -> Self {
        let is_word = status.chars().all(|c| c.is_ascii_alphanumeric());
        let status = if is_word { status.to_owned() } else { format!("{status:?}") };
        Self::on(ticket, "update", &status)
    }

    /// The whole line, for a program that is called so.
    #[must_use]
    pub fn line(&self, program: &str) -> String {
        format!("{program} {}", self.0)
    }
}

/// A ticket as it is typed. A number that is more than digits might be more than a word to a shell.
fn typed(ticket: &Ticket) -> String {
    let number = &ticket.number.0;
    match !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
        true => number.clone(),
        false => format!("id:{}", ticket.id),
    }
}
