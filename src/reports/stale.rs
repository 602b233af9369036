//! Open tickets by whose turn it is, and how long nobody has said a word.

use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::parts::exact_hours;
use super::row::row;
use super::{AtLeast, LeftOut, Mend, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::{Said, has, to_flag};
use crate::api::resources::comments::Comment;
use crate::api::resources::tickets::Ticket;
use crate::dates::BusinessHours;
use crate::sorting;

/// A ticket with what its comments say; or why that is not known.
#[derive(Debug, Clone)]
pub struct Talk {
    /// The ticket.
    pub ticket: Record<Ticket>,
    /// Who said something last.
    pub words: Result<Words, Why>,
}

/// Who said something last, and when.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words {
    /// Whether of some comment nobody can tell whose it is, when it was or who sees it.
    is_unclear: bool,
    /// Whether the newest one is ours; nothing where there is none.
    is_ours: Option<bool>,
    customer_last: Option<Timestamp>,
    we_last: Option<Timestamp>,
    any_last: Option<Timestamp>,
}

impl Words {
    /// What all comments of a ticket say, in any order.
    #[must_use]
    pub fn of(comments: &[Record<Comment>]) -> Self {
        let is_unclear = |one: &Record<Comment>| {
            // One that does not say who wrote it is not the customer's.
            let is_unsaid = WRITTEN.iter().any(|field| !has(&one.raw, field));
            one.created_at.is_none() || is_unsaid || one.unreadable.among(&WRITTEN).is_some()
        };
        let last = |is_meant: &dyn Fn(&Comment) -> bool| {
            let meant = comments.iter().filter(|one| is_meant(one));
            meant.max_by_key(|one| (one.created_at, one.id))
        };
        let at = |comment: Option<&Record<Comment>>| comment.and_then(|one| one.created_at);
        let newest = last(&|_| true);
        Self {
            is_unclear: comments.iter().any(is_unclear),
            is_ours: newest.map(|one| one.user_id.is_some()),
            customer_last: at(last(&|one| one.user_id.is_none() && !one.hidden)),
            we_last: at(last(&|one| one.user_id.is_some() && !one.hidden)),
            any_last: at(newest),
        }
    }
}

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The open tickets.
    pub talks: &'i [Talk],
    /// When the account works, where it says so: other time does not count.
    pub hours: Option<&'i BusinessHours>,
    /// Only tickets that have been quiet for so many seconds.
    pub quiet_for: u64,
    /// The present, in the zone that days are in.
    pub now: &'i Zoned,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ball {
    /// The customer waits for us.
    Ours,
    /// We wait for the customer.
    Theirs,
}

impl Ball {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// How an agreement on response times stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sla {
    /// It is broken.
    Breached,
    /// It will be soon.
    Soon,
    /// It is kept, or there is none.
    Kept,
    /// What is said of it is unreadable.
    Unclear,
}

/// An open ticket.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The ticket.
    pub ticket: Record<Ticket>,
    /// Whose turn it is.
    pub ball: Ball,
    /// The hours since anybody said a word, those in which the account works.
    pub quiet: Decimal,
    /// The customer's last word.
    pub customer_last: Option<Timestamp>,
    /// Our last word that the customer can see.
    pub we_last: Option<Timestamp>,
    /// Anybody's last word.
    pub any_last: Option<Timestamp>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The tickets, ours first, and of these the quietest.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    for talk in input.talks {
        match judged(input, talk) {
            Ok((row, seconds)) if seconds >= input.quiet_for => report.rows.push(row),
            Ok(_) => {}
            Err(why) => report.left_out.add(why, talk.ticket.customer_id),
        }
    }
    sorting::sort_by_key(&mut report.rows, |row| (row.ball, std::cmp::Reverse(row.quiet)));
    report
}

/// A ticket as a row, with the seconds for which it has been quiet.
fn judged(input: &Input<'_>, talk: &Talk) -> Result<(Row, u64), Why> {
    let ticket = &talk.ticket;
    let words = talk.words?;
    if ticket.status.is_empty() {
        return Err(why::STATUS);
    }
    if words.is_unclear {
        return Err(why::COMMENT);
    }
    // Where nobody has said a word yet, the customer waits for the first one.
    let waits = words.is_ours != Some(true);
    let ball = match to_flag(&ticket.raw["customer_reply"]) {
        _ if waits => Ball::Ours,
        Said::Clear(true) => Ball::Ours,
        Said::Unreadable => return Err(why::REPLY),
        Said::Clear(false) | Said::Nothing => Ball::Theirs,
    };
    let since = words.any_last.or(ticket.created_at).ok_or(why::DATED)?;
    let seconds = quiet(input, since);
    let row = Row {
        whose: Whose::of(ticket),
        ticket: ticket.clone(),
        ball,
        quiet: exact_hours(seconds),
        customer_last: words.customer_last,
        we_last: words.we_last,
        any_last: words.any_last,
    };
    Ok((row, seconds))
}

/// The seconds since then, those in which the account works.
fn quiet(input: &Input<'_>, since: Timestamp) -> u64 {
    let now = input.now.timestamp();
    let all = now.as_second().saturating_sub(since.as_second());
    let worked = input.hours.and_then(|hours| hours.worked(since, now));
    worked.unwrap_or_else(|| u64::try_from(all).unwrap_or_default())
}

impl Row {
    /// How the ticket's agreement on response times stands.
    #[must_use]
    pub fn sla(&self) -> Sla {
        let [breached, soon] = SLA.map(|field| to_flag(&self.ticket.raw[field]));
        match (breached, soon) {
            (Said::Clear(true), _) => Sla::Breached,
            (Said::Unreadable, _) => Sla::Unclear,
            (_, Said::Clear(true)) => Sla::Soon,
            (_, Said::Unreadable) => Sla::Unclear,
            _ => Sla::Kept,
        }
    }

    /// The command that answers the customer, or shows what we wait for.
    #[must_use]
    pub fn mend(&self) -> Mend {
        let verb = match self.ball {
            Ball::Ours => "comment",
            Ball::Theirs => "ticket",
        };
        Mend::on(&self.ticket, verb, "")
    }

    /// The row for scripts, its days in the zone of `now`; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str, now: &Zoned) -> Value {
        let [breached, soon] = SLA.map(|field| to_flag(&self.ticket.raw[field]).clear());
        let own = json!({
            "status": self.ticket.status,
            "ball": self.ball.name(),
            "quiet_hours": AtLeast { known: self.quiet, misses: false }.json(),
            "customer_last": self.customer_last,
            "we_last": self.we_last,
            "any_last": self.any_last,
            "due": self.ticket.due_date.day(now),
            "sla": self.ticket.raw["sla_name"],
            "sla_breached": breached,
            "sla_breaching_soon": soon,
            "assignee": self.ticket.assignee(),
            "priority": self.ticket.priority,
            "subject": self.ticket.subject,
            "mend": self.mend().line(program),
        });
        row(&self.whose, Some(&self.ticket), own)
    }
}

/// What a comment says of who wrote it, and for whom.
const WRITTEN: [&str; 2] = ["user_id", "hidden"];

/// What a ticket says of its agreement on response times.
const SLA: [&str; 2] = ["sla_breached", "sla_breaching_soon"];

/// The members of a row.
pub const MEMBERS: [&str; 18] = [
    "customer",
    "customer_id",
    "ticket",
    "ticket_id",
    "status",
    "ball",
    "quiet_hours",
    "customer_last",
    "we_last",
    "any_last",
    "due",
    "sla",
    "sla_breached",
    "sla_breaching_soon",
    "assignee",
    "priority",
    "subject",
    "mend",
];

impl Report {
    /// How many customers' turns it is, or ours.
    #[must_use]
    pub fn count(&self, ball: Ball) -> usize {
        self.rows.iter().filter(|row| row.ball == ball).count()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        json!({ "tickets": self.rows.len(), "ours": self.count(Ball::Ours) })
    }
}

#[cfg(test)]
#[path = "stale_tests.rs"]
pub(in crate::reports) mod tests;
