//! Tickets: what people call by number and paths by id.

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::comments::Comment;
use super::line_items::LineItem;
use crate::api::due::Due;
use crate::api::fields::{self, Unread, Unreadable};
use crate::api::folder::{TICKETS, TIMERS};
use crate::api::ids::{
    AssetId, ContactId, CustomerId, LineItemId, Number, ProductId, TicketId, TimerId, UserId,
};
use crate::api::record::Record;
use crate::api::request::{Get, List, Write};
use crate::names;

/// A ticket. Lists leave out what only the ticket's own page has; absent parts are empty here.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Ticket {
    /// The internal id, for paths.
    pub id: TicketId,
    /// The number that people see.
    pub number: Number,
    /// What it is about.
    #[serde(default, deserialize_with = "fields::text")]
    pub subject: String,
    /// The account's own word for where it stands.
    #[serde(default, deserialize_with = "fields::text")]
    pub status: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The customer's business name, else the person's.
    #[serde(default, deserialize_with = "fields::text")]
    pub customer_business_then_name: String,
    /// The issue type, free text of the account.
    #[serde(default, deserialize_with = "fields::text")]
    pub problem_type: String,
    /// A number-prefixed word: "2 Normal".
    #[serde(default, deserialize_with = "fields::text")]
    pub priority: String,
    /// When it was opened.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "fields::instant")]
    pub updated_at: Option<Timestamp>,
    /// When it should be done.
    #[serde(default)]
    pub due_date: Due,
    /// When it was resolved.
    #[serde(default, deserialize_with = "fields::instant")]
    pub resolved_at: Option<Timestamp>,
    /// The assignee's id.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user_id: Option<UserId>,
    /// The assignee, on the ticket's own page and in lists.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub user: Option<Person>,
    /// The contact's id.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub contact_id: Option<ContactId>,
    /// The contact, on the ticket's own page.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub contact: Option<Contact>,
    /// The contact's name, in lists.
    #[serde(default, deserialize_with = "fields::text")]
    pub contact_fullname: String,
    /// The ticket type's name, in lists.
    #[serde(default, deserialize_with = "fields::text")]
    pub ticket_type_name: String,
    /// The ticket type, on the ticket's own page.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket_type: Option<Kind>,
    /// Perhaps only the first comment: see `comments::of_ticket` for all.
    #[serde(default, deserialize_with = "fields::list")]
    pub comments: Vec<Record<Comment>>,
    /// The line items, invoiced ones too.
    #[serde(default, deserialize_with = "fields::list")]
    pub line_items: Vec<Record<LineItem>>,
    /// The timer entries.
    #[serde(default, deserialize_with = "fields::list")]
    pub ticket_timers: Vec<Record<Timer>>,
    /// The appointments, as they come.
    #[serde(default, deserialize_with = "fields::list")]
    pub appointments: Vec<Value>,
    /// The ids of its assets, where they are listed.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub asset_ids: Option<Vec<AssetId>>,
    /// The assets themselves, where they are listed.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub assets: Option<Vec<Value>>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Ticket {
    /// The assignee's name, if one is known.
    #[must_use]
    pub fn assignee(&self) -> Option<&str> {
        self.user.as_ref().map(|user| user.full_name.as_str()).filter(|name| !name.is_empty())
    }

    /// The ticket type's name; empty where there is none, or none is known.
    #[must_use]
    pub fn ticket_type(&self) -> &str {
        let embedded = self.ticket_type.as_ref().map(|kind| kind.name.as_str());
        embedded.filter(|name| !name.is_empty()).unwrap_or(&self.ticket_type_name)
    }

    /// Whether it is about that asset; `None` where its assets are not listed.
    #[must_use]
    pub fn has_asset(&self, asset: AssetId) -> Option<bool> {
        let listed = self.asset_ids.as_ref().map(|ids| ids.contains(&asset));
        let is_it = |one: &Value| fields::to_id(&one["id"]) == Some(asset.0);
        let whole = self.assets.as_ref().map(|assets| assets.iter().any(is_it));
        match (listed, whole) {
            (None, None) => None,
            (listed, whole) => Some(listed == Some(true) || whole == Some(true)),
        }
    }

    /// Whether its status is one of these.
    #[must_use]
    pub fn is_in(&self, statuses: &[String]) -> bool {
        names::is_among(&self.status, statuses)
    }

    /// Its priority in the order of urgency: that of its text, but for what is urgent, which comes first.
    #[must_use]
    pub fn urgency(&self) -> Option<String> {
        let priority = names::plain(&self.priority);
        let after = u8::from(!priority.contains("urgent"));
        (!priority.is_empty()).then(|| format!("{after} {priority}"))
    }
}

impl Record<Ticket> {
    /// Whether it shows a list of its own page. Of one that it leaves out, as a list of tickets does, nobody can tell what is
    /// in it.
    #[must_use]
    pub fn shows(&self, list: &str) -> bool {
        self.raw[list].is_array()
    }
}

/// A user as embedded in a ticket.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Person {
    /// Who.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub id: Option<UserId>,
    /// First and last name.
    #[serde(default, deserialize_with = "fields::text")]
    pub full_name: String,
}

/// A ticket type as embedded in a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Kind {
    /// What people call it.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
}

/// A customer's contact as embedded in a ticket or customer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Contact {
    /// Who.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub id: Option<ContactId>,
    /// Where; a customer's own contacts do not always say.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The full name.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// Where replies are mailed.
    #[serde(default, deserialize_with = "fields::text")]
    pub email: String,
    /// The phone number.
    #[serde(default, deserialize_with = "fields::text")]
    pub phone: String,
    /// Whether Syncro was told not to email them.
    #[serde(default, deserialize_with = "fields::flag")]
    pub opt_out: bool,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// A timer entry: time spent on a ticket, charged or not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Timer {
    /// Which.
    pub id: TimerId,
    /// Its ticket.
    #[serde(default, deserialize_with = "fields::id")]
    pub ticket_id: Option<TicketId>,
    /// Who spent it.
    #[serde(default, deserialize_with = "fields::id")]
    pub user_id: Option<UserId>,
    /// When it began.
    #[serde(default, deserialize_with = "fields::instant")]
    pub start_time: Option<Timestamp>,
    /// When it ended; none while it runs.
    #[serde(default, deserialize_with = "fields::instant")]
    pub end_time: Option<Timestamp>,
    /// How many seconds it has taken, where the server counts them: pauses are left out.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub active_duration: Option<Decimal>,
    /// How many seconds it has run so far, in accounts where it can be paused: pauses are left out.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub elapsed_seconds: Option<Decimal>,
    /// Whether it has been charged.
    #[serde(default, deserialize_with = "fields::flag")]
    pub recorded: bool,
    /// Whether it is marked as billable, where that is said.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub billable: Option<bool>,
    /// How much of it is billable, where the server counts that; only whether it is nothing has a known meaning.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub billable_time: Option<Decimal>,
    /// How many seconds somebody has set as billable, in accounts where that can be set.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub billable_override: Option<Decimal>,
    /// What it is charged as.
    #[serde(default, deserialize_with = "fields::id")]
    pub product_id: Option<ProductId>,
    /// The line that charging has made.
    #[serde(default, deserialize_with = "fields::id")]
    pub ticket_line_item_id: Option<LineItemId>,
    /// When it was entered.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// What was done.
    #[serde(default, deserialize_with = "fields::text")]
    pub notes: String,
    /// What it does, in accounts where it can be paused; else empty.
    #[serde(default, deserialize_with = "fields::text")]
    pub status: String,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Timer {
    /// The status of one that runs.
    pub const RUNNING: &str = "status_running";
    /// The status of one that is to go on later.
    pub const PAUSED: &str = "status_paused";
    /// The status of one that has ended.
    pub const STOPPED: &str = "status_stopped";

    /// The fields that say how long it took, and whether that is charged.
    pub const TIME: [&str; 5] =
        ["start_time", "end_time", "active_duration", "recorded", "ticket_line_item_id"];

    /// The fields that say whether it may be billed, and as how much.
    pub const BILLABLE: [&str; 3] = ["billable", "billable_time", "billable_override"];

    /// The first of those fields that cannot be understood: then nobody knows whether it runs or is charged.
    #[must_use]
    pub fn unclear(&self) -> Option<&Unreadable> {
        self.unreadable.among(&Self::TIME)
    }

    /// Whether nobody can tell when it was: it may be any time.
    #[must_use]
    pub fn is_of_unclear_time(&self) -> bool {
        self.unreadable.among(&["start_time", "end_time"]).is_some()
    }

    /// The first of the fields that say whether it is charged which cannot be understood.
    #[must_use]
    pub fn unclear_charge(&self) -> Option<&Unreadable> {
        self.unreadable.among(&["recorded", "ticket_line_item_id"])
    }

    /// Whether its time has been charged: it is marked so, or names the line that charging has made; `None` where nobody can
    /// tell. Whoever asks whether an entry is charged asks here.
    #[must_use]
    pub fn charged(&self) -> Option<bool> {
        let is_charged = self.recorded || self.ticket_line_item_id.is_some();
        if is_charged { Some(true) } else { self.unclear_charge().is_none().then_some(false) }
    }

    /// Whether it is charged, as far as anybody can tell.
    #[must_use]
    pub fn may_be_charged(&self) -> bool {
        self.charged() != Some(false)
    }

    /// Whether it is known to be charged.
    #[must_use]
    pub fn is_charged(&self) -> bool {
        self.charged() == Some(true)
    }

    /// Whether it still runs, begun, not ended, not charged; `None` where nobody can tell.
    #[must_use]
    pub fn runs(&self) -> Option<bool> {
        let has_ended = self.end_time.is_some() || self.is_charged();
        if has_ended { Some(false) } else { self.unclear().is_none().then_some(true) }
    }

    /// Whether it is known to run.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.runs() == Some(true)
    }

    /// Whether it is to go on later.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.is_running() && self.status == Self::PAUSED
    }

    /// What people call one that has not ended.
    #[must_use]
    pub fn now(&self) -> &'static str {
        if self.is_paused() { "paused" } else { "running" }
    }

    /// Whether its time goes on: it runs, and is not to go on later; `None` where nobody can tell.
    #[must_use]
    pub fn goes_on(&self) -> Option<bool> {
        self.runs().map(|runs| runs && !self.is_paused())
    }

    /// How many seconds a stopped one has taken; `None` while it runs, and where nothing tells.
    #[must_use]
    pub fn seconds(&self) -> Option<u64> {
        if self.unclear().is_some() {
            return None;
        }
        let ended = self.end_time?;
        let span = || Some(ended.as_second() - self.start_time?.as_second());
        let counted = self.active_duration.and_then(|seconds| seconds.to_i64());
        u64::try_from(counted.or_else(span)?).ok()
    }

    /// How many seconds of a stopped one are billable: where the server counts active time, what was set, else what it
    /// counts as billable; else all that it has taken. It is all as well where that is nothing: who bills such time on
    /// purpose bills what it took. Whoever asks how much of an entry is billed asks here.
    #[must_use]
    pub fn billable_seconds(&self) -> Option<u64> {
        let all = self.seconds()?;
        let counted = self.active_duration.and(self.billable_override.or(self.billable_time));
        let counted = counted.filter(|time| !time.is_zero());
        counted.map_or(Some(all), |seconds| seconds.to_u64())
    }

    /// The same, where it is another time than it has taken.
    #[must_use]
    pub fn billable_part(&self) -> Option<u64> {
        self.billable_seconds().filter(|part| Some(*part) != self.seconds())
    }

    /// Whether its time can be charged: it is stopped, took some time, and is not charged yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.is_charged() && self.seconds().is_some_and(|seconds| seconds > 0)
    }

    /// Whether it is marked as not billable, or nothing of what it took is. The mark counts whatever time is counted beside
    /// it: the server's answer to marking an entry counts all of its time still.
    #[must_use]
    pub fn is_not_billable(&self) -> bool {
        let spent = self.seconds().is_some_and(|seconds| seconds > 0);
        let is_nothing = match (self.billable_override, self.billable_time) {
            (Some(set), _) => set.is_zero(),
            (None, counted) => spent && counted.is_some_and(|time| time.is_zero()),
        };
        self.billable == Some(false) || is_nothing
    }

    /// Whether its time waits to be billed: it can be charged, and nobody says that it must not be.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        self.waits() && !self.is_not_billable()
    }

    /// How long it took in minutes, rounded down, a running one until `now`; `None` when it has no beginning, or none
    /// of the two ends.
    #[must_use]
    pub fn minutes(&self, now: Timestamp) -> Option<u64> {
        if self.unclear().is_some() {
            return None;
        }
        let ended = self.end_time.or(self.is_running().then_some(now));
        let span = || Some(ended?.as_second() - self.start_time?.as_second());
        let counted = self.active_duration.filter(|_| !self.is_running());
        let seconds = counted.and_then(|seconds| seconds.to_i64()).or_else(span)?;
        u64::try_from(seconds / 60).ok()
    }
}

/// `GET /ticket_timers`: those of all tickets and users. It cannot be asked for the running ones alone.
#[must_use]
pub fn timers() -> List<Timer> {
    TIMERS.list()
}

/// What `GET /tickets` finds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Found {
    /// The first page of it.
    #[serde(deserialize_with = "fields::list")]
    pub tickets: Vec<Record<Ticket>>,
}

/// `GET /tickets?number=`: the ticket that people call `number`. The server ignores filters that it does not know,
/// so the answer's own numbers must be compared.
#[must_use]
pub fn by_number(number: &Number) -> Get<Found> {
    TICKETS.page().asking("number", number)
}

/// The word that the status filter knows for all that the server does not hold closed.
pub const NOT_CLOSED: &str = "Not Closed";

/// `GET /tickets`: all, the newest first. List entries have no line items.
#[must_use]
pub fn all() -> List<Ticket> {
    TICKETS.list()
}

/// `GET /tickets/{id}`: the ticket with line items, timers and appointments, but perhaps only its first comment.
#[must_use]
pub fn get(id: TicketId) -> Get<Ticket> {
    TICKETS.get(id)
}

/// `POST /tickets`: makes a ticket of `fields`. Without `user_id` it is nobody's, and a `line_items` list is ignored.
#[must_use]
pub fn create(fields: Map<String, Value>) -> Write {
    TICKETS.create(fields)
}

/// Booleans that a PUT may set to their defaults when they are left out.
pub const BOOLEANS: [&str; 1] = ["customer_reply"];

/// `PUT /tickets/{id}`: sets what `fields` names.
#[must_use]
pub fn update(id: TicketId, fields: Map<String, Value>) -> Write {
    TICKETS.update(id, fields)
}

/// `DELETE /tickets/{id}`: removes the ticket with all that belongs to it; afterwards a GET finds nothing.
#[must_use]
pub fn delete(id: TicketId) -> Write {
    TICKETS.delete(id)
}

/// The same for the status alone.
#[must_use]
pub fn set_status(id: TicketId, status: &str) -> Write {
    TICKETS.update(id, json!({ "status": status }))
}
