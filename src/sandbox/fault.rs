//! Faults on demand: how they are written, and which request each of them strikes.
//!
//! Grammar: `OP=KIND`, `OP@2=KIND`, `OP@2+=KIND` (from the second on), `OP@*=KIND` (every one).
//! A fault counts the requests that its `OP` covers by itself, in the memory of one server.
//! What a kind does to the connection and the state is left to `serve.rs`.

use std::fmt;
use std::str::FromStr;

use super::kind::Kind;

/// What a request does, as faults name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Me,
    /// A ticket looked up by its number.
    Find,
    Tickets,
    Ticket,
    Comments,
    Customer,
    Product,
    Invoice,
    Invoices,
    Settings,
    Users,
    Search,
    Timers,
    Appointments,
    Appointment,
    OtherRead,
    /// Customers listed, looked up by name, or the latest of them.
    Customers,
    Phones,
    Contacts,
    Contact,
    Assets,
    Asset,
    Products,
    Payments,
    Payment,
    CustomerCreate,
    CustomerUpdate,
    CustomerDelete,
    /// A telephone number made, changed or deleted.
    Phone,
    ContactCreate,
    ContactUpdate,
    ContactDelete,
    AssetCreate,
    AssetUpdate,
    ProductWrite,
    PaymentCreate,
    InvoiceUpdate,
    InvoiceEmail,
    InvoicePrint,
    /// A line of an invoice made, changed or deleted, where that is not done on its ticket.
    InvoiceLine,
    Comment,
    Line,
    LineUpdate,
    LineRemove,
    InvoiceCreate,
    InvoiceDelete,
    TicketCreate,
    TicketUpdate,
    TicketDelete,
    AppointmentCreate,
    AppointmentUpdate,
    AppointmentDelete,
    TimerAdd,
    TimerUpdate,
    TimerCharge,
    TimerDelete,
    TimerBillable,
    OtherWrite,
}

impl Op {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("me", Self::Me),
        ("find", Self::Find),
        ("tickets", Self::Tickets),
        ("ticket", Self::Ticket),
        ("comments", Self::Comments),
        ("customer", Self::Customer),
        ("customers", Self::Customers),
        ("phones", Self::Phones),
        ("contacts", Self::Contacts),
        ("contact", Self::Contact),
        ("assets", Self::Assets),
        ("asset", Self::Asset),
        ("payments", Self::Payments),
        ("payment", Self::Payment),
        ("products", Self::Products),
        ("product", Self::Product),
        ("invoice", Self::Invoice),
        ("invoices", Self::Invoices),
        ("settings", Self::Settings),
        ("users", Self::Users),
        ("search", Self::Search),
        ("timers", Self::Timers),
        ("appointments", Self::Appointments),
        ("appointment", Self::Appointment),
        ("customer-create", Self::CustomerCreate),
        ("customer-update", Self::CustomerUpdate),
        ("customer-delete", Self::CustomerDelete),
        ("phone", Self::Phone),
        ("contact-create", Self::ContactCreate),
        ("contact-update", Self::ContactUpdate),
        ("contact-delete", Self::ContactDelete),
        ("asset-create", Self::AssetCreate),
        ("asset-update", Self::AssetUpdate),
        ("product-write", Self::ProductWrite),
        ("payment-create", Self::PaymentCreate),
        ("invoice-update", Self::InvoiceUpdate),
        ("invoice-email", Self::InvoiceEmail),
        ("invoice-print", Self::InvoicePrint),
        ("invoice-line", Self::InvoiceLine),
        ("comment", Self::Comment),
        ("line", Self::Line),
        ("line-update", Self::LineUpdate),
        ("line-remove", Self::LineRemove),
        ("invoice-create", Self::InvoiceCreate),
        ("invoice-delete", Self::InvoiceDelete),
        ("ticket-create", Self::TicketCreate),
        ("ticket-update", Self::TicketUpdate),
        ("ticket-delete", Self::TicketDelete),
        ("appointment-create", Self::AppointmentCreate),
        ("appointment-update", Self::AppointmentUpdate),
        ("appointment-delete", Self::AppointmentDelete),
        ("timer-add", Self::TimerAdd),
        ("timer-update", Self::TimerUpdate),
        ("timer-charge", Self::TimerCharge),
        ("timer-delete", Self::TimerDelete),
        ("timer-billable", Self::TimerBillable),
    ];

    /// Whether the request is a write to customers, what they have, or what they owe.
    pub(super) fn writes_office(self) -> bool {
        matches!(
            self,
            Self::CustomerCreate
                | Self::CustomerUpdate
                | Self::CustomerDelete
                | Self::Phone
                | Self::ContactCreate
                | Self::ContactUpdate
                | Self::ContactDelete
                | Self::AssetCreate
                | Self::AssetUpdate
                | Self::ProductWrite
                | Self::PaymentCreate
                | Self::InvoiceUpdate
                | Self::InvoiceEmail
                | Self::InvoicePrint
                | Self::InvoiceLine
        )
    }

    /// Whether the request may change something.
    pub(super) fn writes(self) -> bool {
        self.writes_office()
            || matches!(
                self,
                Self::Comment
                    | Self::Line
                    | Self::LineUpdate
                    | Self::LineRemove
                    | Self::InvoiceCreate
                    | Self::InvoiceDelete
                    | Self::TicketCreate
                    | Self::TicketUpdate
                    | Self::TicketDelete
                    | Self::AppointmentCreate
                    | Self::AppointmentUpdate
                    | Self::AppointmentDelete
                    | Self::TimerAdd
                    | Self::TimerUpdate
                    | Self::TimerCharge
                    | Self::TimerDelete
                    | Self::TimerBillable
                    | Self::OtherWrite
            )
    }

    /// Whether it is one of the four writes that have to do with a ticket's timers.
    fn times(self) -> bool {
        matches!(self, Self::TimerAdd | Self::TimerUpdate | Self::TimerCharge | Self::TimerDelete)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    One(Op),
    /// `timer`: whatever is written about timers.
    Timer,
    Read,
    Write,
    Any,
}

impl Scope {
    fn covers(self, op: Op) -> bool {
        match self {
            Self::One(one) => one == op,
            Self::Timer => op.times(),
            Self::Read => !op.writes(),
            Self::Write => op.writes(),
            Self::Any => true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Only(u64),
    From(u64),
}

/// One fault, ready to be given to a server.
#[derive(Clone, Debug)]
pub struct Fault {
    written: String,
    scope: Scope,
    when: When,
    kind: Kind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A fault that could not be read; the message lists what could have been written.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// There is no `=` in it.
    #[error("`{0}` is not a fault: write OP=KIND, OP@2=KIND, OP@2+=KIND or OP@*=KIND")]
    Form(String),
    /// The operation is not one of the known names.
    #[error("`{name}` is not an operation; these are: {valid}")]
    Op {
        /// What was written.
        name: String,
        /// The names that exist.
        valid: String,
    },
    /// The part after `@` is neither a number, `N+` nor `*`.
    #[error("`@{0}` does not say which request: write @2, @2+ or @*")]
    When(String),
    /// The kind is not one of the known names, or its argument is missing or wrong.
    #[error("`{name}` is not a kind of fault; these are: {valid}")]
    Kind {
        /// What was written.
        name: String,
        /// The names that exist.
        valid: String,
    },
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(written: &str) -> Result<Self, FaultError> {
        let (target, kind) =
            written.split_once('=').ok_or_else(|| FaultError::Form(written.to_owned()))?;
        let (name, when) = match target.split_once('@') {
            Some((name, when)) => (name, when),
            None => (target, "1"),
        };
        Ok(Self {
            written: written.to_owned(),
            scope: scope(name)?,
            when: self::when(when)?,
            kind: Kind::read(kind)
                .ok_or_else(|| FaultError::Kind { name: kind.to_owned(), valid: Kind::names() })?,
        })
    }
}

fn scope(name: &str) -> Result<Scope, FaultError> {
    let named = Op::NAMED.iter().find(|(known, _)| *known == name);
    match (name, named) {
        (_, Some((_, op))) => Ok(Scope::One(*op)),
        ("timer", _) => Ok(Scope::Timer),
        ("read", _) => Ok(Scope::Read),
        ("write", _) => Ok(Scope::Write),
        ("any", _) => Ok(Scope::Any),
        _ => Err(FaultError::Op {
            name: name.to_owned(),
            valid: Op::NAMED
                .iter()
                .map(|(known, _)| *known)
                .chain(["timer", "read", "write", "any"])
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

fn when(written: &str) -> Result<When, FaultError> {
    let wrong = || FaultError::When(written.to_owned());
    let count = |digits: &str| {
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        if count == 0 { Err(wrong()) } else { Ok(count) }
    };
    match written.strip_suffix('+') {
        _ if written == "*" => Ok(When::From(1)),
        Some(digits) => Ok(When::From(count(digits)?)),
        None => Ok(When::Only(count(written)?)),
    }
}

/// The faults of one server and how many requests each has seen.
#[derive(Debug)]
pub(super) struct Faults {
    all: Vec<(Fault, u64)>,
}

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { all: faults.into_iter().map(|fault| (fault, 0)).collect() }
    }

    /// Counts a request and returns the first fault that strikes it, with its name.
    pub(super) fn strike(&mut self, op: Op) -> Option<(String, Kind)> {
        let mut struck = None;
        for (fault, seen) in &mut self.all {
            if !fault.scope.covers(op) {
                continue;
            }
            *seen += 1;
            let now = match fault.when {
                When::Only(which) => *seen == which,
                When::From(first) => *seen >= first,
            };
            if now && struck.is_none() {
                struck = Some((fault.written.clone(), fault.kind));
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_form_is_read() {
        for written in [
            "comment=close-after",
            "line@2=late:50",
            "any@3+=500-before",
            "read@*=429",
            "find=422:7",
            "invoice-create=then-colleague:same-line",
            "ticket-create@*=then-colleague:same-ticket",
            "timer=lost-product",
        ] {
            assert_eq!(written.parse::<Fault>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_typo_lists_the_names_that_exist() {
        let wrong = |written: &str| written.parse::<Fault>().unwrap_err().to_string();
        assert!(wrong("coment=twice").contains("comment, "));
        assert!(wrong("comment=close").contains("close-before"));
        assert!(wrong("comment").contains("OP=KIND"));
        assert!(wrong("comment@0=twice").contains("@2+"));
        assert!(wrong("comment=late").contains("late:MS"));
        assert!(wrong("comment=422:8").contains("422:K"));
    }

    #[test]
    fn timer_covers_all_that_is_written_about_timers() {
        let mut faults = Faults::new(vec!["timer@*=twice".parse().unwrap()]);
        for op in [Op::TimerAdd, Op::TimerUpdate, Op::TimerCharge, Op::TimerDelete] {
            assert!(faults.strike(op).is_some(), "{op:?}");
        }
        assert!(faults.strike(Op::Timers).is_none());
        assert!(faults.strike(Op::TimerBillable).is_none());
    }

    #[test]
    fn faults_count_by_themselves_and_the_first_wins() {
        let mut faults = Faults::new(vec![
            "comment@2=twice".parse().unwrap(),
            "write@2+=empty".parse().unwrap(),
        ]);
        assert!(faults.strike(Op::Comment).is_none());
        assert!(faults.strike(Op::Me).is_none());
        assert_eq!(faults.strike(Op::Comment).unwrap().0, "comment@2=twice");
        assert_eq!(faults.strike(Op::Comment).unwrap().0, "write@2+=empty");
    }
}
