//! The rows of the report of time: a user's day, or the part of it that a customer or a ticket has; and what they come to.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::row::row;
use super::{AtLeast, LeftOut, Mend, Whose};
use crate::api::ids::{TimerId, UserId};
use crate::api::resources::tickets::Ticket;
use crate::{names, sorting};

/// What a row is about, beside a user and a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// Nothing.
    #[default]
    Day,
    /// A customer.
    Customer,
    /// A ticket.
    Ticket,
}

/// Time in hours: of a row, of a user, or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Stopped time.
    pub logged: AtLeast,
    /// What of it is charged.
    pub charged: AtLeast,
    /// What of that an invoice has.
    pub invoiced: AtLeast,
    /// What is marked as not billable.
    pub not_billable: AtLeast,
    /// Time that is not stopped, until now.
    pub running: AtLeast,
    /// Labor without a timer entry.
    pub lines_without_entry: AtLeast,
    /// Time at work; nothing where only a part of it is asked for.
    pub clocked: Option<AtLeast>,
    /// What is charged, can be, or is a line.
    pub(super) billable: AtLeast,
}

impl Sums {
    pub(super) fn parts(&mut self) -> [&mut AtLeast; 7] {
        let Self { logged, charged, invoiced, not_billable, running, lines_without_entry, .. } =
            self;
        let billable = &mut self.billable;
        [logged, charged, invoiced, not_billable, running, lines_without_entry, billable]
    }

    /// Adds other time, but for that at work, which has no parts.
    fn join(&mut self, mut other: Self) {
        for (sum, more) in self.parts().into_iter().zip(other.parts()) {
            sum.join(*more);
        }
    }

    /// How much of the time at work is billable, in percent; nothing where nobody knows how long that was.
    #[must_use]
    pub fn utilisation(&self) -> Option<Decimal> {
        let clocked = self.clocked.filter(|clocked| !clocked.misses)?;
        let part = self.billable.known.checked_mul(Decimal::ONE_HUNDRED)?;
        let percent = part.checked_div(clocked.known)?;
        Some(percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
    }

    fn json(&self) -> Value {
        let utilisation = self.utilisation();
        let shown = self.billable.misses && utilisation.is_some();
        let sums = [
            ("logged", self.logged),
            ("charged", self.charged),
            ("invoiced", self.invoiced),
            ("not_billable", self.not_billable),
            ("running", self.running),
            ("lines_without_entry", self.lines_without_entry),
            ("clocked", self.clocked.unwrap_or_default()),
            ("utilisation", AtLeast::default().missing(shown)),
        ];
        let mut json = json!({
            "clocked": self.clocked.map(|clocked| clocked.json()),
            "utilisation": utilisation.map(|percent| format!("{percent:.1}")),
            "at_least": AtLeast::names(&sums),
        });
        for (name, sum) in &sums[..6] {
            json[*name] = sum.json();
        }
        json
    }
}

/// What is to be said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The words.
    pub text: String,
    /// Whether somebody should look.
    pub is_finding: bool,
}

/// A user's day, or a part of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who; nobody where an entry names nobody.
    pub user: Option<UserId>,
    /// What they are called; filled in by [`Report::name`].
    pub name: String,
    /// The day.
    pub day: Date,
    /// Whose work it is, where rows are about that.
    pub whose: Whose,
    /// The ticket, where rows are about that.
    pub ticket: Option<Ticket>,
    /// What a row is about.
    pub(super) by: By,
    /// The time.
    pub sums: Sums,
    /// What is to be said of it.
    pub notes: Vec<Note>,
    /// A timer that was not stopped on its day.
    pub(super) forgotten: Option<TimerId>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The rows, by user and day.
    pub rows: Vec<Row>,
    /// The sums of each user.
    pub users: Vec<(Option<UserId>, String, Sums)>,
    /// All of it.
    pub totals: Sums,
    /// The time at work of each user, where it is known.
    pub(super) clocked: BTreeMap<Option<UserId>, AtLeast>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

impl Row {
    /// Whether somebody worked.
    pub(super) fn has_time(&self) -> bool {
        let sums = [self.sums.logged, self.sums.running, self.sums.lines_without_entry];
        sums.iter().any(|sum| !sum.known.is_zero())
    }

    /// Whether somebody should look at it: time that is there twice, a timer that was not stopped, or labor without an entry.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        let has_line = !self.sums.lines_without_entry.known.is_zero();
        has_line || self.notes.iter().any(|note| note.is_finding)
    }

    /// The command that mends what is found, or shows the tickets that it is found on.
    #[must_use]
    pub fn mend(&self) -> Option<Mend> {
        let (ticket, day) = (self.ticket.as_ref(), self.day);
        match (ticket, self.forgotten, self.user) {
            _ if !self.is_finding() => None,
            (Some(ticket), Some(timer), _) => {
                Some(Mend::on(ticket, "timer stop", &timer.to_string()))
            }
            (Some(ticket), None, _) => {
                let of_timers = self.notes.iter().any(|note| note.is_finding);
                Some(Mend::on(ticket, if of_timers { "timer list" } else { "line list" }, ""))
            }
            (None, _, Some(user)) => {
                let days = format!("--since {day} --until {day} --by ticket");
                Some(Mend(format!("report time --user {user} {days}")))
            }
            (None, _, None) => None,
        }
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let mut own = json!({ "user": self.name, "user_id": self.user, "day": self.day });
        let notes: Vec<&str> = self.notes.iter().map(|note| &*note.text).collect();
        let mut sums = self.sums.json();
        sums["notes"] = json!(notes);
        sums["mend"] = json!(self.mend().map(|mend| mend.line(program)));
        if let (Value::Object(own), Value::Object(sums)) = (&mut own, sums) {
            own.extend(sums);
        }
        match self.by {
            By::Day => own,
            By::Customer => row(&self.whose, None, own),
            By::Ticket => {
                own["ticket"] = json!(self.ticket.as_ref().map(|ticket| &ticket.number));
                own["ticket_id"] = json!(self.ticket.as_ref().map(|ticket| ticket.id));
                row(&self.whose, None, own)
            }
        }
    }
}

/// The members of a row.
pub(super) const MEMBERS: [&str; 18] = [
    "customer",
    "customer_id",
    "ticket",
    "ticket_id",
    "user",
    "user_id",
    "day",
    "logged",
    "charged",
    "invoiced",
    "not_billable",
    "running",
    "lines_without_entry",
    "clocked",
    "utilisation",
    "notes",
    "mend",
    "at_least",
];

impl By {
    /// The members of its rows.
    #[must_use]
    pub fn members(self) -> Vec<&'static str> {
        let more = match self {
            Self::Day => 4,
            Self::Customer | Self::Ticket => 0,
        };
        let is_ticket = |name: &&str| self == Self::Ticket || !name.starts_with("ticket");
        MEMBERS.into_iter().skip(more).filter(is_ticket).collect()
    }
}

impl Report {
    /// Gives the users their names, and sorts and sums by them.
    pub fn name(&mut self, of: impl Fn(UserId) -> Option<String>) {
        for row in &mut self.rows {
            let id = row.user.map_or_else(String::new, |id| format!("user {id}"));
            row.name = row.user.and_then(&of).unwrap_or(id);
        }
        sorting::sort_by_key(&mut self.rows, |row| {
            let ticket = row.ticket.as_ref().map(|ticket| ticket.number.clone());
            (names::plain(&row.name), row.user, row.day, row.whose.customer.clone(), ticket)
        });
        (self.users, self.totals) = (Vec::new(), Sums::default());
        for row in &self.rows {
            match self.users.last_mut().filter(|(user, ..)| *user == row.user) {
                Some((_, _, sums)) => sums.join(row.sums),
                None => self.users.push((row.user, row.name.clone(), row.sums)),
            }
            // What belongs to nobody is no part of anybody's time at work.
            let is_somebodys = row.user.is_some();
            let billable = Some(row.sums.billable).filter(|_| is_somebodys).unwrap_or_default();
            self.totals.join(Sums { billable, ..row.sums });
        }
        for (user, _, sums) in &mut self.users {
            sums.clocked = self.clocked.get(user).copied();
            if let Some(clocked) = sums.clocked {
                self.totals.clocked.get_or_insert_default().join(clocked);
            }
        }
        let misses = self.left_out.is_missed();
        let all = self.users.iter_mut().map(|(_, _, sums)| sums).chain([&mut self.totals]);
        for sum in all.flat_map(Sums::parts) {
            *sum = sum.missing(misses);
        }
    }

    /// How many rows somebody should look at.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.rows.iter().filter(|row| row.is_finding()).count()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let user = |(id, name, sums): &(Option<UserId>, String, Sums)| {
            let mut json = sums.json();
            json["user"] = json!(name);
            json["user_id"] = json!(id);
            json
        };
        let mut totals = self.totals.json();
        totals["users"] = self.users.iter().map(user).collect();
        totals
    }
}
