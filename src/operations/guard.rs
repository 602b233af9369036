//! The guards: every known way to a double bill, a surprised customer or a free hour, once. The flags of the commands, of
//! `api`, the questions of `resume` and the `guards` of `--json` are made of this one list.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::billing::money;

macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident = $flag:expr, $help:expr;)*) => {
        /// A known mistake: a question on a terminal, and in a script a refusal that names its override.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Guard { $($(#[$doc])* $name,)* }

        impl Guard {
            /// Every guard, in the order in which the flags are listed in help texts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name of the flag that overrides it, without dashes; `None` where nothing does.
            #[must_use]
            pub const fn flag(self) -> Option<&'static str> {
                match self { $(Self::$name => $flag,)* }
            }

            /// What the flag does, in a line of help.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => $help,)* }
            }
        }
    };
}

guards! {
    /// The key is not the configured user's.
    OtherUser = None, "";
    /// A ticket has an invoice already, or an invoice is paid already.
    Again = Some("again"), "Repeat what was done: bill or pay twice, convert an estimate twice";
    /// A ticket that is deleted has invoices.
    Invoiced = Some("invoiced"), "Delete a ticket that has invoices";
    /// A line item is on an invoice.
    InvoicedLine = Some("invoiced-line"), "Change a line item that is on an invoice";
    /// A timer entry is charged.
    ChargedTimer = Some("charged-timer"), "Change a timer entry that is charged, or remove its line item";
    /// An invoice is paid.
    Paid = Some("paid"), "Change or email an invoice that is paid";
    /// An invoice that is emailed is not published yet.
    Unpublished = Some("unpublished"), "Email an invoice that is a draft";
    /// A ticket stays invoiced though its invoice, or a line of that, is deleted.
    KeepStatus = Some("keep-status"), "Leave the ticket's status when its invoice or a line goes";
    /// A payment is more than what is open.
    Over = Some("over"), "Add a payment that is or may be larger than the open amount";
    /// The customer has declined an estimate.
    Declined = Some("declined"), "Convert an estimate that the customer declined";
    /// A line or an invoice is for nothing, or for a moment.
    Zero = Some("zero"), "Allow a line or an invoice of $0.00, or of a few seconds";
    /// Emergency labor beside its base labor.
    Stacked = Some("stacked"), "Allow emergency labor beside its base labor";
    /// Hours or amounts out of the ordinary.
    Large = Some("large"), "Allow unusually large hours or amounts";
    /// A timer runs on the ticket.
    TimerRunning = Some("timer-running"), "Proceed while a timer is running";
    /// Stopped time of the ticket is not charged yet.
    LeaveTimers = Some("leave-timers"), "Bill without stopped time that is not charged yet";
    /// The same user's time of the same day is charged already, and waits to be invoiced.
    ChargedToday = Some("charged-today"), "Add time beside your charged time of the same day that is not invoiced yet";
    /// Time is marked as not billable.
    NotBillable = Some("not-billable"), "Charge time that is marked as not billable";
    /// The same line item is there already.
    SameLine = Some("same-line"), "Add a line item that is already there";
    /// The same user wrote the same comment within a day.
    SameComment = Some("same-comment"), "Add a comment that you wrote within the last day";
    /// Something would be emailed to a contact who is not the customer's, or may be.
    OtherContact = Some("other-contact"), "Email a contact of another customer";
    /// Something would be emailed to somebody whom Syncro was told not to email.
    OptedOut = Some("opted-out"), "Email a contact or customer who opted out of email";
    /// The customer or the product is disabled.
    Disabled = Some("disabled"), "Write for a disabled customer, or sell a disabled product";
    /// The invoice has a payment of the same amount.
    SamePayment = Some("same-payment"), "Add a payment of an amount that is already there";
    /// An open ticket has the same subject.
    SameSubject = Some("same-subject"), "Create a ticket whose subject an open ticket has";
    /// A customer has the same name or address.
    SameCustomer = Some("same-customer"), "Create a customer whose name or email another one has";
    /// A contact has the same name or address.
    SameContact = Some("same-contact"), "Create a contact whose name or email another one has";
    /// An asset has the same name or serial number.
    SameAsset = Some("same-asset"), "Create an asset whose name or serial another one has";
    /// An appointment of the ticket begins at the same time.
    SameTime = Some("same-time"), "Create an appointment at the time of another one";
    /// An appointment begins, or a schedule runs next, in the past.
    Past = Some("past"), "Allow an appointment, or the next run of a schedule, in the past";
    /// Time overlaps other time of the same user.
    Overlap = Some("overlap"), "Add or charge time that overlaps other time of the same user";
    /// Open tickets name the contact.
    OpenTickets = Some("open-tickets"), "Delete a contact of open tickets";
    /// A ticket moves to another customer with what is not billed yet.
    MoveUnbilled = Some("move-unbilled"), "Move a ticket with unbilled line items or time to another customer";
    /// The customer has open tickets, unpaid invoices or schedules.
    OpenWork = Some("open-work"), "Disable or delete a customer with open tickets, invoices or schedules";
    /// A payment would be taken, now or by each run of a schedule.
    TakePayment = Some("take-payment"), "Take a payment, mark an invoice paid, or let a schedule take payments";
    /// Something that cannot be looked at, stopped or undone.
    NoUndo = Some("no-undo"), "Run a script or apply a ticket blueprint, which cannot be undone";
    /// A POST of which nothing is known.
    UnknownPath = Some("unknown-path"), "Send a POST to an unknown endpoint";
    /// Credential-like text where a customer reads it.
    AllowSecrets = Some("allow-secrets"), "Allow text that looks like a credential";
}

/// What may pass: the guards whose flags were given, and the findings that a person has answered. An answer is about what
/// was asked, so that something else which the same guard finds is another question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    guards: BTreeSet<Guard>,
    #[serde(default)]
    answers: BTreeSet<Finding>,
}

impl Allowed {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { guards: BTreeSet::new(), answers: BTreeSet::new() }
    }

    /// Lets all pass that a guard finds, as its flag does; `false` where it did already.
    pub fn insert(&mut self, guard: Guard) -> bool {
        self.guards.insert(guard)
    }

    /// Lets one finding pass, and no other of its guard.
    pub fn answer(&mut self, finding: Finding) {
        self.answers.insert(finding);
    }

    /// Has what a guard finds asked about again, unless its flag was given.
    pub fn forget(&mut self, guard: Guard) {
        self.answers.retain(|answered| answered.guard != guard);
    }

    /// Whether all passes that a guard finds.
    #[must_use]
    pub fn contains(&self, guard: Guard) -> bool {
        self.guards.contains(&guard)
    }

    /// Whether nothing passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.guards.is_empty() && self.answers.is_empty()
    }

    /// Whether a finding passes.
    #[must_use]
    pub fn lets(&self, finding: &Finding) -> bool {
        self.guards.contains(&finding.guard) || self.answers.contains(finding)
    }
}

impl FromIterator<Guard> for Allowed {
    fn from_iter<I: IntoIterator<Item = Guard>>(guards: I) -> Self {
        Self { guards: guards.into_iter().collect(), answers: BTreeSet::new() }
    }
}

/// What a guard has found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Which guard.
    pub guard: Guard,
    /// What it found, a sentence without its full stop.
    pub text: String,
}

impl Finding {
    /// A finding of `guard`.
    pub fn new(guard: Guard, text: impl Into<String>) -> Self {
        Self { guard, text: text.into() }
    }

    /// That an amount is more than `most` in either direction: a large credit is as much of a mistake as a large bill. `what`
    /// it is of, where that is to be said.
    #[must_use]
    pub fn large(what: Option<&str>, amount: Decimal, most: Decimal) -> Option<Self> {
        let (size, most_of) = (money::display(amount.abs()), money::display(most));
        let text = match (what, amount < Decimal::ZERO) {
            (None, false) => format!("{size} is more than {most_of}"),
            (None, true) => format!("a credit of {size} is more than {most_of}"),
            (Some(what), false) => format!("{what} of {size} is more than {most_of}"),
            (Some(what), true) => format!("{what} is a credit of {size}, more than {most_of}"),
        };
        (amount.abs() > most).then(|| Self::new(Guard::Large, text))
    }
}

/// The flags that override what was found, as they are typed, each once.
#[must_use]
pub fn flags<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
    let guards: BTreeSet<Guard> = findings.into_iter().map(|finding| finding.guard).collect();
    let flags = guards.into_iter().filter_map(Guard::flag);
    flags.map(|flag| format!("--{flag}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_credit_is_called_one() {
        let said = |what, amount: i64| {
            Finding::large(what, Decimal::from(amount), Decimal::from(5000)).map(|one| one.text)
        };
        assert_eq!(said(None, 5000).or(said(None, -5000)), None);
        for (what, amount, text) in [
            (None, 6000, "$6,000.00 is more than $5,000.00"),
            (None, -6000, "a credit of $6,000.00 is more than $5,000.00"),
            (Some("the invoice"), 6000, "the invoice of $6,000.00 is more than $5,000.00"),
            (
                Some("the invoice"),
                -6000,
                "the invoice is a credit of $6,000.00, more than $5,000.00",
            ),
        ] {
            assert_eq!(said(what, amount).as_deref(), Some(text));
        }
    }
}
