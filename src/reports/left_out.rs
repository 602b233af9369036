//! What a report could not judge: how many cases, and why.

use serde_json::{Value, json};

use crate::api::ids::CustomerId;

/// Why something is not known.
pub type Why = &'static str;

/// What the mirror has, and the account may have no more: since when, and in what that is.
macro_rules! deleted {
    ($since:literal, $place:literal) => {
        concat!("records deleted ", $since, " may still be in ", $place)
    };
}
pub(crate) use deleted;

/// Why cases are left out, a sentence each.
pub mod why {
    use super::Why;

    /// A ticket's own page.
    pub const TICKET: Why = "the ticket's page could not be read";
    /// A page without the parts that it is read for.
    pub const PARTS: Why = "the ticket's page does not list its line items and timer entries";
    /// The list of a ticket's invoices.
    pub const INVOICES: Why = "the ticket's invoices could not all be read";
    /// The page of an invoice.
    pub const INVOICE: Why = "an invoice's page could not be read";
    /// A line without a clear mark.
    pub const LINE: Why = "it is not clear whether a line item is invoiced";
    /// A timer entry whose time or mark is not clear.
    pub const TIMER: Why = "a timer entry's time or state is unreadable";
    /// A list of tickets that the server cut short.
    pub const TICKETS: Why = "the list of tickets is incomplete";
    /// A ticket without a clear date.
    pub const DATED: Why = "the day of the last change is unreadable";
    /// A ticket without a status.
    pub const STATUS: Why = "the ticket's status is missing";
    /// What the mirror does not go back to.
    pub const MIRRORED: Why = "what was closed earlier is not in the mirror";
    /// What may be in the mirror alone.
    pub const DELETED: Why = deleted!("lately", "the mirror");
    /// The conversation of a ticket.
    pub const COMMENTS: Why = "the ticket's comments could not all be read";
    /// Who wrote a comment, whom it is for, or when.
    pub const COMMENT: Why = "a comment's author, date or privacy is unreadable";
    /// Syncro's own mark on a ticket.
    pub const REPLY: Why = "whether the customer has replied is unreadable";
    /// When the account works.
    pub const OFFICE: Why = "the business hours are unreadable: all hours count";
    /// An amount that a finding rests on.
    pub const MONEY: Why = "an amount of an invoice or line item is unreadable";
    /// The price of a product on an invoice of nothing.
    pub const PRODUCT: Why = "a product's price could not be read";
    /// Whether a customer has a block.
    pub const PREPAID: Why = "the customer's prepaid hours could not be read";
    /// A customer's hours that are no number.
    pub const HOURS: Why = "prepay_hours unreadable";
    /// The list of customers.
    pub const CUSTOMERS: Why = "the list of customers is incomplete";
    /// The same, of which nothing could be read.
    pub const ALL_CUSTOMERS: Why = "the customers could not be read";
    /// The list of invoices.
    pub const ALL_INVOICES: Why = "the list of invoices is incomplete";
    /// When an invoice was made.
    pub const INVOICED_ON: Why = "the day of an invoice is unreadable";
    /// Whose it is.
    pub const BILLED: Why = "an invoice names no customer";
    /// Whose a ticket is.
    pub const TICKET_OF: Why = "a ticket names no customer";
    /// The list of unpaid invoices.
    pub const UNPAID: Why = "the list of unpaid invoices is incomplete";
    /// What an invoice without a clear balance or clear payments comes to.
    pub const OPEN: Why = "what is open on an invoice is not clear";
    /// The same, where it says that it is paid besides.
    pub const MARKED: Why = "an invoice is marked as paid and has a balance due";
    /// When it is to be paid.
    pub const DUE: Why = "an invoice's due date is unreadable";
    /// The same, where nothing is said of it.
    pub const NO_DUE: Why = "no due date: counted as current";
    /// Whose it is, where one customer's are asked for.
    pub const WHOSE: Why = "an unpaid invoice names no customer";
    /// The list of payments.
    pub const PAYMENTS: Why = "the payments could not all be read";
    /// When a customer paid last.
    pub const PAID_ON: Why = "the day of a payment is unreadable";
    /// What a payment pays.
    pub const PAID_FOR: Why = "the invoices that a payment pays are unreadable";
    /// The list of schedules.
    pub const SCHEDULES: Why = "the recurring invoices could not be read";
    /// The list of schedules, cut short.
    pub const ALL_SCHEDULES: Why = "the list of recurring invoices is incomplete";
    /// Whose a schedule is.
    pub const SCHEDULE_OF: Why = "a recurring invoice names no customer";
    /// Whether a schedule rests.
    pub const PAUSED: Why = "whether a recurring invoice is paused is unreadable";
    /// When a schedule makes its next invoice.
    pub const RUNS: Why = "the day of a recurring invoice's next run is missing or unreadable";
    /// What a schedule comes to, and its lines.
    pub const RECURS: Why = "the amount or a line of a recurring invoice is unreadable";
    /// What a customer has.
    pub const ASSETS: Why = "a customer's assets could not all be read";
    /// The list of assets, cut short.
    pub const ALL_ASSETS: Why = "the list of assets is incomplete";
    /// Whose an asset is.
    pub const ASSET_OF: Why = "whose an asset is, is missing or unreadable";
    /// Whether an asset's customer is one still.
    pub const DISABLED: Why = "whether an asset's customer is disabled is missing or unreadable";
    /// Who uses an asset.
    pub const CONTACT: Why = "an asset's contact is missing or unreadable";
    /// When an asset was last seen.
    pub const SEEN: Why = "when an asset was last seen is missing or unreadable";
    /// What tells an asset from others.
    pub const SERIAL: Why = "an asset's serial number is missing or unreadable";
    /// The lists of alerts, cut short.
    pub const ALL_ALERTS: Why = "the list of alerts is incomplete";
    /// Whose an alert is.
    pub const ALERT_OF: Why = "an alert names no customer";
    /// When an alert was made, whether it is over, what it says, and of what.
    pub const ALERT: Why = "an alert's date, state, asset or description is missing or unreadable";
    /// Whether somebody works on an alert.
    pub const ALERT_TICKET: Why = "whether an alert has a ticket is missing or unreadable";
    /// The patches of an asset.
    pub const PATCHES: Why = "an asset's patches could not all be read";
    /// What a patch is, and whether it is there.
    pub const PATCH: Why = "a patch's status, category or date is missing or unreadable";
    /// What a type of assets is called.
    pub const ASSET_TYPE: Why = "the account's list of asset types could not be read, or lacks one";
    /// Whether a customer is one still.
    pub const GIVEN_UP: Why = "whether a customer is disabled is unreadable";
    /// A customer of which no name is there.
    pub const UNNAMED: Why = "a customer's name is missing or unreadable";
    /// How a customer or a contact is reached.
    pub const REACHED: Why = "an email address or phone number is missing or unreadable";
    /// The list of contacts.
    pub const CONTACTS: Why = "the contacts could not all be read";
    /// Whose a contact is.
    pub const CONTACT_OF: Why = "a contact names no customer";
    /// The list of all timer entries.
    pub const TIMERS: Why = "the list of timer entries is incomplete";
    /// What a labor line of a ticket says of who worked how long, and when.
    pub const LABOR: Why = "a labor line item's user, day or quantity is unreadable";
    /// The list of time logs, cut short or not to be had.
    pub const LOGS: Why = "the time logs could not all be read";
    /// Whose a time log is, and how long.
    pub const LOG: Why = "a time log's user, times or lunch is unreadable";
    /// On which days the account works.
    pub const WEEK: Why = "the business hours are unreadable: Monday to Friday are business days";
    /// What a customer is called.
    pub const NAME: Why = "a customer's name could not be read";
}

/// What could not be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut(Vec<Case>);

/// A case: why, whose, and whether sums miss it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    why: Why,
    customer: Option<CustomerId>,
    is_missed: bool,
}

impl LeftOut {
    /// Leaves a case out; without a customer it may be anybody's.
    pub fn add(&mut self, why: Why, customer: Option<CustomerId>) {
        self.0.push(Case { why, customer, is_missed: true });
    }

    /// Counts what is not known of a case that is in all sums.
    pub fn note(&mut self, why: Why, customer: Option<CustomerId>) {
        self.0.push(Case { why, customer, is_missed: false });
    }

    /// Adds what else was left out.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds what else was left out by a report that is made of the same records: a case that both have is one.
    pub fn join_new(&mut self, other: Self) {
        let mut here = self.0.clone();
        for case in other.0 {
            match here.iter().position(|one| *one == case) {
                Some(at) => drop(here.swap_remove(at)),
                None => self.0.push(case),
            }
        }
    }

    /// Whether nothing is left out.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the sums of all miss something.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.0.iter().any(|case| case.is_missed)
    }

    /// Whether a customer's sums may miss something.
    #[must_use]
    pub fn is_missed_by(&self, customer: Option<CustomerId>) -> bool {
        let is_theirs =
            |whose: Option<CustomerId>| whose.is_none() || customer.is_none() || whose == customer;
        self.0.iter().any(|case| case.is_missed && is_theirs(case.customer))
    }

    /// The reasons in the order in which they were met, each with its number of cases.
    #[must_use]
    pub fn counts(&self) -> Vec<(Why, usize)> {
        let mut counts: Vec<(Why, usize)> = Vec::new();
        for case in &self.0 {
            match counts.iter_mut().find(|(why, _)| *why == case.why) {
                Some((_, count)) => *count += 1,
                None => counts.push((case.why, 1)),
            }
        }
        counts
    }

    /// The same for scripts.
    #[must_use]
    pub fn json(&self) -> Value {
        let one = |(why, count): (Why, usize)| json!({ "why": why, "count": count });
        self.counts().into_iter().map(one).collect()
    }
}
