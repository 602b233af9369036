//! The kinds of records that are kept: how each is asked for, how its changes are found, and when all of it is read again.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::api::List;
use crate::api::folder::{
    ALERTS, ASSETS, COMMENTS, CONTACTS, CONTRACTS, CUSTOMERS, ESTIMATES, Folder, INVOICES,
    PAYMENTS, PRODUCTS, SCHEDULES, TICKETS, TIMELOGS, TIMERS,
};
use crate::api::resources::tickets::NOT_CLOSED;
use crate::api::resources::{comments, line_items};

/// A kind of records, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The account's settings and its ticket settings.
    Settings,
    /// Users.
    Users,
    /// Tickets, as their list has them.
    Tickets,
    /// Comments: behind the tickets, of which they are kept.
    Comments,
    /// Timer entries: before the tickets' own pages, which come with them, too.
    Timers,
    /// Tickets, as their own pages have them: lines, timers, assets, attachments.
    Details,
    /// Invoices.
    Invoices,
    /// Lines of invoices.
    Lines,
    /// Payments.
    Payments,
    /// Estimates.
    Estimates,
    /// Recurring invoices.
    Schedules,
    /// Contracts.
    Contracts,
    /// Alerts of machines.
    Alerts,
    /// When people came to work and left.
    Timelogs,
    /// Customers.
    Customers,
    /// Contacts.
    Contacts,
    /// Assets.
    Assets,
    /// Products.
    Products,
    /// Patches, by their asset.
    Patches,
}

/// How the records of a kind are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// A request or two, once a day.
    Pages,
    /// Ticket by ticket, as tickets change.
    Details,
    /// What changed since the watermark, which the server filters by this name.
    Changed(&'static str),
    /// The newest first, until a page brings nothing new.
    Newest,
    /// All of them, once a day.
    Whole,
    /// Asset by asset, where they are asked for.
    Patches,
}

/// Pages are read again, and what is read as a whole, after so long.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is gone is looked for so often where the whole list is long.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A timer entry changes for so long after it was made: its list only filters by that.
const TIMERS_CHANGE: SignedDuration = SignedDuration::from_hours(45 * 24);

impl Kind {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Settings,
        Self::Users,
        Self::Tickets,
        Self::Comments,
        Self::Timers,
        Self::Details,
        Self::Invoices,
        Self::Lines,
        Self::Payments,
        Self::Estimates,
        Self::Schedules,
        Self::Contracts,
        Self::Alerts,
        Self::Timelogs,
        Self::Customers,
        Self::Contacts,
        Self::Assets,
        Self::Products,
        Self::Patches,
    ];

    /// What it is called: in the file, behind `--only`, and to people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Users => "users",
            Self::Tickets => "tickets",
            Self::Comments => "comments",
            Self::Details => "details",
            Self::Timers => "timers",
            Self::Invoices => "invoices",
            Self::Lines => "lines",
            Self::Payments => "payments",
            Self::Estimates => "estimates",
            Self::Schedules => "schedules",
            Self::Contracts => "contracts",
            Self::Alerts => "alerts",
            Self::Timelogs => "timelogs",
            Self::Customers => "customers",
            Self::Contacts => "contacts",
            Self::Assets => "assets",
            Self::Products => "products",
            Self::Patches => "patches",
        }
    }

    /// The one called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The command that reads it.
    pub(super) const fn synced_by(self) -> &'static str {
        match self {
            Self::Patches => "sync --patches",
            _ => "sync",
        }
    }

    pub(super) const fn manner(self) -> Manner {
        match self {
            Self::Settings | Self::Users => Manner::Pages,
            Self::Details => Manner::Details,
            Self::Tickets | Self::Comments | Self::Invoices => Manner::Changed("since_updated_at"),
            Self::Timers => Manner::Changed("created_at_gt"),
            Self::Lines
            | Self::Payments
            | Self::Estimates
            | Self::Schedules
            | Self::Contracts
            | Self::Alerts
            | Self::Timelogs => Manner::Newest,
            Self::Customers | Self::Contacts | Self::Assets | Self::Products => Manner::Whole,
            Self::Patches => Manner::Patches,
        }
    }

    /// After how long the whole list is read, to find what is gone; nothing where records cannot go, or go with others.
    pub(super) const fn sweep(self) -> Option<SignedDuration> {
        match self.manner() {
            Manner::Whole | Manner::Pages => Some(DAY),
            Manner::Newest => Some(WEEK),
            Manner::Changed(_) => match self {
                Self::Comments | Self::Timers => None,
                _ => Some(WEEK),
            },
            Manner::Details | Manner::Patches => None,
        }
    }

    /// Whether records of it from before the horizon are not kept, unless they are open.
    pub(super) const fn has_horizon(self) -> bool {
        matches!(self.manner(), Manner::Changed(_))
    }

    /// How many lists its first run reads: tickets that are open, with what was said on them, and invoices that are not paid
    /// are kept however old they are.
    pub(super) const fn parts(self) -> u8 {
        match self {
            Self::Tickets | Self::Comments | Self::Invoices => 2,
            _ => 1,
        }
    }

    /// What is read of it: what changed since then, or all; of several lists, the one of that place.
    pub(super) fn list(self, since: Option<Timestamp>, part: u8) -> List<Value> {
        let list = self.all();
        match (self.manner(), since) {
            (Manner::Changed(_), Some(_)) if part > 0 => match self {
                Self::Invoices => list.asking("unpaid", true),
                _ => list.asking("status", NOT_CLOSED),
            },
            (Manner::Changed(filter), Some(since)) => list.asking(filter, self.from(since)),
            _ => list,
        }
    }

    /// From when on records are asked for that changed since then.
    fn from(self, since: Timestamp) -> Timestamp {
        match self {
            Self::Timers => since.checked_sub(TIMERS_CHANGE).unwrap_or(since),
            _ => since,
        }
    }

    /// The whole list.
    fn all(self) -> List<Value> {
        match self {
            Self::Comments => comments::everywhere(),
            Self::Lines => line_items::listed().asking("invoice_id_not_null", true),
            // Tickets and invoices name the disabled ones, too.
            Self::Customers => CUSTOMERS.list().asking("include_disabled", true),
            Self::Alerts => ALERTS.list().asking("status", "all"),
            _ => self.folder().unwrap_or(TICKETS).list(),
        }
    }

    /// Where its records are listed; nothing for what is read in another way.
    pub(super) const fn folder(self) -> Option<Folder> {
        Some(match self {
            Self::Tickets => TICKETS,
            Self::Comments => COMMENTS,
            Self::Alerts => ALERTS,
            Self::Timers => TIMERS,
            Self::Invoices => INVOICES,
            Self::Payments => PAYMENTS,
            Self::Estimates => ESTIMATES,
            Self::Schedules => SCHEDULES,
            Self::Contracts => CONTRACTS,
            Self::Timelogs => TIMELOGS,
            Self::Customers => CUSTOMERS,
            Self::Contacts => CONTACTS,
            Self::Assets => ASSETS,
            Self::Products => PRODUCTS,
            Self::Settings | Self::Users | Self::Details | Self::Lines | Self::Patches => {
                return None;
            }
        })
    }
}
