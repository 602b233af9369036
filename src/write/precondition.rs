//! What a step rests on besides its own list or record: as previewed, or nothing is sent. A mail rests on whom it goes to,
//! a PUT on the values that it sends along unchanged, a removal on what was said to be removed, an invoice on the lines
//! that it takes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::collection::{Baseline, Collection};
use super::noun::Noun;
use super::read_set::ReadSet;
use super::reasons::Changed;
use super::record::Field;
use super::records::{RecordId, RecordRef, id_of};
use super::snapshot::Snapshot;
use super::which::Which;
use crate::api::fields::{at, has};
use crate::api::ids::{InvoiceId, UserId};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Timer;
use crate::billing::contents::{Contents, Now};

/// Something that must still be so when a step is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[must_use]
pub enum Precondition {
    /// A record still says what it said in the preview.
    Record {
        /// The record.
        of: RecordRef,
        /// Its name for people: "the invoice".
        label: String,
        /// What it said in the preview.
        expected: Vec<Field>,
        /// Whether it is read just before the sending in any case; else only when the preview is older than a few seconds.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recheck: bool,
    },
    /// Nobody has charged a timer entry of the ticket.
    NotCharged {
        /// Which.
        timer: RecordId,
    },
    /// Nobody has marked a timer entry of the ticket as not billable.
    Billable {
        /// Which.
        timer: RecordId,
    },
    /// Nobody has paid for an invoice, not even in part.
    Unpaid {
        /// Which.
        invoice: InvoiceId,
    },
    /// The ticket's uninvoiced lines and its invoices are these, besides what the plan itself has made.
    AsPreviewed(Contents),
    /// A list has the records that it had in the preview, besides those that the plan itself has made, and they say the
    /// same. Of a list that only helps and cannot be read, nothing is known.
    Listed {
        /// The list.
        of: Collection,
        /// Which of its records count.
        #[serde(default, skip_serializing_if = "Which::is_all")]
        which: Which,
        /// What it is for people: "the open tickets of Quill Books".
        label: String,
        /// What each of its records said, by its id.
        expected: Vec<(u64, Vec<Field>)>,
    },
    /// The ticket has no other uninvoiced lines and invoices than these.
    NothingNew {
        /// What was there.
        since: Contents,
        /// An invoice that is about to be deleted, where there is one.
        besides: Option<InvoiceId>,
    },
}

impl Precondition {
    /// That `of` still says so, by a reading that may be a few seconds old.
    pub fn new(of: RecordRef, label: impl Into<String>, expected: Vec<Field>) -> Self {
        Self::Record { of, label: label.into(), expected, recheck: false }
    }

    /// The same by a reading just before the sending.
    pub fn recheck(mut self) -> Self {
        if let Self::Record { recheck, .. } = &mut self {
            *recheck = true;
        }
        self
    }

    /// That fields of a record which a PUT sends along still say what `raw` says; those that it has.
    pub fn kept(of: RecordRef, label: &str, raw: &Value, names: &[&str]) -> Self {
        let expected = names.iter().filter(|name| has(raw, name));
        let expected = expected.map(|name| Field::new(name, at(raw, name).clone())).collect();
        Self::new(of, label, expected)
    }

    /// That a list has the same records as in the look `seen`, and that fields of these names still say the same.
    pub fn listed(
        of: &Collection,
        label: impl Into<String>,
        seen: &Snapshot,
        names: &[&str],
    ) -> Self {
        Self::these((of, Which::All), label.into(), seen, names)
    }

    /// The same of those records alone that count; none where nothing of the list was seen.
    pub fn some_listed(
        of: (&Collection, Which),
        label: impl Into<String>,
        seen: &Snapshot,
        names: &[&str],
    ) -> Option<Self> {
        (!seen.shows_none(of.0)).then(|| Self::these(of, label.into(), seen, names))
    }

    fn these(
        (of, which): (&Collection, Which),
        label: String,
        seen: &Snapshot,
        names: &[&str],
    ) -> Self {
        let fields = |record: &Value| {
            let names = names.iter().filter(|name| has(record, name));
            names.map(|name| Field::new(name, at(record, name).clone())).collect()
        };
        let records = seen.records(of).into_iter().filter(|one| which.fits(one));
        let expected = records.filter_map(|one| Some((id_of(one.get("id")?)?, fields(one))));
        let expected = expected.collect();
        Self::Listed { of: of.clone(), which, label, expected }
    }

    /// Whether it is what was entered for the same time on other tickets.
    pub const fn is_of_time(&self) -> bool {
        matches!(self, Self::Listed { which: Which::TimeOf { .. }, .. })
    }

    /// The user on whose other time it rests, which one command at a time writes.
    pub const fn whose_time(&self) -> Option<UserId> {
        match self {
            Self::Listed { which, .. } => which.whose_time(),
            _ => None,
        }
    }

    /// The one record that it is about; a reading of it may serve several steps.
    pub const fn record_ref(&self) -> Option<&RecordRef> {
        match self {
            Self::Record { of, .. } => Some(of),
            _ => None,
        }
    }

    /// The same, where it is there already: what an earlier step is yet to make shows nothing.
    pub fn known_record(&self) -> Option<&RecordRef> {
        self.record_ref().filter(|of| of.is_known())
    }

    /// Whether it can be looked at already: nothing of it is yet to be made.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Record { of, .. } => of.is_known(),
            Self::NotCharged { timer } | Self::Billable { timer } => timer.id().is_some(),
            Self::Listed { of, .. } => of.is_known(),
            Self::Unpaid { .. } | Self::AsPreviewed(_) | Self::NothingNew { .. } => true,
        }
    }

    /// Whether it is read just before the sending, however fresh the preview is.
    pub const fn rechecks(&self) -> bool {
        !matches!(self, Self::Record { recheck: false, .. } | Self::Listed { .. })
    }

    /// The reads that show whether it is still so.
    pub fn reads(&self) -> ReadSet {
        match self {
            Self::Record { of, .. } => ReadSet::NOTHING.record(of),
            Self::NotCharged { .. } | Self::Billable { .. } => ReadSet::NOTHING.ticket(),
            Self::Unpaid { invoice } => ReadSet::NOTHING.record(&Noun::Invoice.record(*invoice)),
            Self::Listed { of, .. } => ReadSet::NOTHING.collection(of),
            Self::AsPreviewed(_) | Self::NothingNew { .. } => ReadSet::NOTHING.ticket().invoices(),
        }
    }

    /// Whether it is still so, as far as `view` shows; `made` is what the plan itself has made.
    ///
    /// # Errors
    /// What has changed.
    pub fn holds(&self, view: &Snapshot, made: &Baseline) -> Result<(), Changed> {
        // What was not read shows nothing, neither change nor absence.
        if !view.has_made(&self.reads()) {
            return Ok(());
        }
        match self {
            Self::Record { of, label, expected, .. } => as_it_was(view.record(of), label, expected),
            Self::NotCharged { timer } => match timer_of(view, timer)?.charged() {
                Some(true) => Err(Changed::Charged(timer.clone())),
                Some(false) => Ok(()),
                None => Err(Changed::ChargeUnclear(timer.clone())),
            },
            Self::Billable { timer } => {
                let one = timer_of(view, timer)?;
                match one.is_not_billable() {
                    _ if one.unreadable.among(&Timer::BILLABLE).is_some() => {
                        Err(Changed::BillableUnclear(timer.clone()))
                    }
                    true => Err(Changed::NotBillable(timer.clone())),
                    false => Ok(()),
                }
            }
            Self::Unpaid { invoice } => match view.invoice(*invoice) {
                Some(invoice) if invoice.is_settled() => Err(Changed::Paid),
                _ => Ok(()),
            },
            Self::AsPreviewed(contents) => {
                let ours = |collection| made.ids(Some(collection));
                let now = now(view, ours(&Collection::LINES), ours(&Collection::INVOICES));
                contents.is_all(&now).map_err(Changed::Contents)
            }
            // It was there for the preview.
            Self::Listed { of, label, .. } if view.shows_none(of) => {
                Err(Changed::Unread(label.clone()))
            }
            Self::Listed { of, which, label, expected } => {
                let mut records = view.records(of);
                records.retain(|one| which.fits(one));
                as_listed(&records, &made.ids(Some(of)), expected, which.may_go())
                    .map_err(|()| Changed::Listed(label.clone()))
            }
            Self::NothingNew { since, besides } => {
                let now = now(view, BTreeSet::new(), besides.iter().map(|id| id.0).collect());
                since.has_nothing_new(&now).map_err(Changed::Contents)
            }
        }
    }

    /// Takes what a record is called now for what the preview called it, and of one that is `guarded` whether a customer is
    /// disabled, where nothing else of it has changed; what has, for people.
    pub fn take_names(&mut self, view: &Snapshot, guarded: bool) -> Vec<Changed> {
        let Self::Record { of, label, expected, .. } = self else {
            return Vec::new();
        };
        let Some(record) = view.record(of) else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        let flag = match of.noun() {
            Some(Noun::Customer) => Some(Customer::DISABLED),
            Some(Noun::Ticket | Noun::Appointment) => Some(Customer::DISABLED_IN),
            _ => None,
        };
        let is_guarded = |path: &str| guarded && flag == Some(path);
        let is_taken = |path: &str| is_name(of, path) || is_guarded(path);
        for field in expected.iter_mut().filter(|field| is_taken(&field.path)) {
            taken.extend(as_it_was(Some(record), label, std::slice::from_ref(field)).err());
            field.expected = at(record, &field.path).clone();
        }
        taken
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Record { of, .. } => of.fill(ids),
            Self::NotCharged { timer } | Self::Billable { timer } => timer.fill(ids),
            Self::Listed { of, .. } => of.fill(ids),
            Self::Unpaid { .. } | Self::AsPreviewed(_) | Self::NothingNew { .. } => {}
        }
    }
}

/// The ticket's lines and invoices as they are.
pub(super) fn now(
    view: &Snapshot,
    our_lines: BTreeSet<u64>,
    our_invoices: BTreeSet<u64>,
) -> Now<'_> {
    Now { lines: view.lines(), invoices: view.invoices(), our_lines, our_invoices }
}

/// What tickets, customers and contacts are called: it names them and decides nothing.
const NAMES: [&str; 5] =
    ["subject", "customer_business_then_name", "business_then_name", "business_name", "fullname"];

fn is_name(of: &RecordRef, path: &str) -> bool {
    let is_of = matches!(of.noun(), Some(Noun::Ticket | Noun::Customer));
    is_of && (NAMES.contains(&path) || path.starts_with("contacts.") && path.ends_with(".name"))
}

fn as_it_was(record: Option<&Value>, label: &str, expected: &[Field]) -> Result<(), Changed> {
    let Some(record) = record else {
        return Err(Changed::Gone(label.to_owned()));
    };
    match expected.iter().find_map(|field| field.differs(record)) {
        None => Ok(()),
        Some(difference) => Err(Changed::Differs(label.to_owned(), Box::new(difference))),
    }
}

/// Whether a list is as it was, but for what is `ours`, and for what has gone where that may be.
fn as_listed(
    now: &[&Value],
    ours: &BTreeSet<u64>,
    expected: &[(u64, Vec<Field>)],
    may_go: bool,
) -> Result<(), ()> {
    let id = |record: &&Value| record.get("id").and_then(id_of);
    let theirs = now.iter().filter(|record| id(record).is_none_or(|id| !ours.contains(&id)));
    let is_known = |record: &&Value| {
        let known = expected.iter().find(|(of, _)| id(record) == Some(*of));
        known.is_some_and(|(_, fields)| fields.iter().all(|field| field.is_in(record)))
    };
    let (mut came, count) = (theirs.clone().filter(|one| !is_known(one)), theirs.count());
    let is_so = came.next().is_none() && (may_go || count == expected.len());
    is_so.then_some(()).ok_or(())
}

fn timer_of<'v>(view: &'v Snapshot, timer: &RecordId) -> Result<&'v Timer, Changed> {
    let timers = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
    let mut timers = timers.map(|one| &one.view);
    timers
        .find(|one| Some(one.id.0) == timer.id())
        .ok_or_else(|| Changed::Gone(format!("{} {timer}", Noun::Timer.label())))
}
