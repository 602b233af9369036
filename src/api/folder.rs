//! Folders: where the API keeps the records of a noun, a constant each. What can be asked of a folder is the same for all
//! of them: `/contacts` lists and makes, `/contacts/{id}` shows, changes and deletes one.

use std::fmt::Display;

use serde_json::Value;

use super::error::Error;
use super::request::{Get, List, Method, Write};

/// Where the records of a noun are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folder {
    path: &'static str,
    /// The member of an answer that holds the list.
    many: &'static str,
    /// The member that wraps one record.
    one: &'static str,
}

/// Appointments.
pub const APPOINTMENTS: Folder = Folder::new("/appointments", "appointments", "appointment");
/// Assets.
pub const ASSETS: Folder = Folder::new("/customer_assets", "assets", "asset");
/// Contacts.
pub const CONTACTS: Folder = Folder::new("/contacts", "contacts", "contact");
/// Contracts.
pub const CONTRACTS: Folder = Folder::new("/contracts", "contracts", "contract");
/// Customers.
pub const CUSTOMERS: Folder = Folder::new("/customers", "customers", "customer");
/// Estimates.
pub const ESTIMATES: Folder = Folder::new("/estimates", "estimates", "estimate");
/// Invoices.
pub const INVOICES: Folder = Folder::new("/invoices", "invoices", "invoice");
/// Payments.
pub const PAYMENTS: Folder = Folder::new("/payments", "payments", "payment");
/// Products.
pub const PRODUCTS: Folder = Folder::new("/products", "products", "product");
/// Schedules: invoices that come again and again.
pub const SCHEDULES: Folder = Folder::new("/schedules", "schedules", "schedule");
/// Tickets.
pub const TICKETS: Folder = Folder::new("/tickets", "tickets", "ticket");
/// Timer entries, which are listed here and changed at their tickets.
pub const TIMERS: Folder = Folder::new("/ticket_timers", "ticket_timers", "ticket_timer");

/// What is below an asset: the patches of its operating system.
pub const PATCHES: &str = "patches";

/// The comments of all tickets, which newer accounts list; they are made at their tickets.
pub const COMMENTS: Folder = Folder::new("/ticket_comments", "comments", "comment");

/// Records that no command of the program's own lists.
const WITHOUT_COMMAND: [Folder; 3] = [CONTRACTS, ESTIMATES, SCHEDULES];

/// The path that lists what `word` names, one or many, where only `syncro api` does.
pub fn only_by_path(word: &str) -> Option<&'static str> {
    let named = |folder: &&Folder| folder.one == word || folder.many == word;
    WITHOUT_COMMAND.iter().find(named).map(|folder| folder.path)
}

/// Lists that not every account has: they are newer than others, or of a part of Syncro that is not turned on.
const MAY_LACK: [&str; 9] = [
    ALERTS.name(),
    CONTRACTS.name(),
    ESTIMATES.name(),
    SCHEDULES.name(),
    TIMERS.name(),
    COMMENTS.name(),
    TIMELOGS.name(),
    "ticket_blueprints",
    "policy_folders",
];

/// Why a path was not read: a list that this account does not have is said to be none, also where the server answers with a
/// page of its own.
pub(super) fn missing(path: &str, error: Error) -> Error {
    if !may_lack(path) {
        return error;
    }
    let says = |what: String| none_here(path.trim_matches('/'), &what);
    match error {
        Error::NotFound { what, by_api } => Error::NotFound { what: says(what), by_api },
        Error::Foreign { what, status: Some(404), .. } => {
            Error::NotFound { what: says(what), by_api: false }
        }
        error => error,
    }
}

/// Whether a path is that of a list which not every account has.
pub(super) fn may_lack(path: &str) -> bool {
    MAY_LACK.contains(&path.trim_matches('/'))
}

/// What is said of a list that the account does not have; `what` has asked for it.
pub(super) fn none_here(name: &str, what: &str) -> String {
    format!("this account has no {}: {what}", name.replace('_', " "))
}

/// The list that shows whether the account has such records as a path names one of; none where each account has it.
pub(super) fn list_above(path: &str) -> Option<&'static str> {
    let (first, below) = path.trim_matches('/').split_once('/')?;
    let list = MAY_LACK.into_iter().find(|name| *name == first);
    list.filter(|_| !below.is_empty())
}

/// Lists below records that not every account has, by the list of those records.
const MAY_LACK_BELOW: [(&str, &str); 1] = [(ASSETS.name(), PATCHES)];

/// What is done to a record by a path, or belongs to it, whichever record that is, where not every account lets it be done or
/// has such things; none for other paths.
#[must_use]
pub fn done_to_any(path: &str) -> Option<String> {
    let (name, below) = path.trim_matches('/').split_once('/')?;
    let (_, verb) = below.split_once('/')?;
    let may_lack = may_lack(name) || MAY_LACK_BELOW.contains(&(name, verb));
    (may_lack && !verb.contains('/')).then(|| format!("/{name}//{verb}"))
}

/// Alerts of machines.
pub const ALERTS: Folder = Folder::new("/rmm_alerts", "rmm_alerts", "rmm_alert");
/// When people came to work and left.
pub const TIMELOGS: Folder = Folder::new("/timelogs", "timelogs", "timelog");

const ALL: [Folder; 12] = [
    APPOINTMENTS,
    ASSETS,
    CONTACTS,
    CONTRACTS,
    CUSTOMERS,
    ESTIMATES,
    INVOICES,
    PAYMENTS,
    PRODUCTS,
    SCHEDULES,
    TICKETS,
    TIMERS,
];

impl Folder {
    const fn new(path: &'static str, many: &'static str, one: &'static str) -> Self {
        Self { path, many, one }
    }

    /// The one that a path begins with.
    #[must_use]
    pub fn named(first_part: &str) -> Option<Self> {
        ALL.into_iter().find(|folder| folder.name() == first_part)
    }

    /// Its name, with which its paths begin.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.path.split_at(1).1
    }

    /// The name that its list has in an answer.
    #[must_use]
    pub const fn many(self) -> &'static str {
        self.many
    }

    /// The name that may wrap one of its records.
    #[must_use]
    pub const fn one(self) -> &'static str {
        self.one
    }

    /// The path of one of its records. An id may be what stands for it until it is known.
    #[must_use]
    pub fn record(self, id: impl Display) -> String {
        format!("{}/{id}", self.path)
    }

    /// A path below that of a record: what belongs to it, or what is done to it.
    #[must_use]
    pub fn below(self, id: impl Display, part: &str) -> String {
        format!("{}/{part}", self.record(id))
    }

    /// A read of all of its records.
    #[must_use]
    pub fn list<T>(self) -> List<T> {
        List::new(self.path, self.many)
    }

    /// A read of what its list answers as a whole.
    #[must_use]
    pub fn page<T>(self) -> Get<T> {
        Get::new(self.path, None)
    }

    /// A read of one record, wrapped.
    #[must_use]
    pub fn get<T>(self, id: impl Display) -> Get<T> {
        Get::new(self.record(id), Some(self.one))
    }

    /// A new record.
    #[must_use]
    pub fn create(self, body: impl Into<Value>) -> Write {
        Write { method: Method::Post, path: self.path.to_owned(), body: Some(body.into()) }
    }

    /// A record is changed.
    #[must_use]
    pub fn update(self, id: impl Display, body: impl Into<Value>) -> Write {
        Write { method: Method::Put, path: self.record(id), body: Some(body.into()) }
    }

    /// A record is removed.
    #[must_use]
    pub fn delete(self, id: impl Display) -> Write {
        Write { method: Method::Delete, path: self.record(id), body: None }
    }

    /// Something is done to a record, or added to it.
    #[must_use]
    pub fn act(self, id: impl Display, verb: &str, body: impl Into<Value>) -> Write {
        Write { method: Method::Post, path: self.below(id, verb), body: Some(body.into()) }
    }
}
