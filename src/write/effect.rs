//! What a step makes true, and where that shows: which reads a look needs, and what an answer says. No requests here,
//! so that every case can be tested by value. How new records are told apart is in `matching`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::Check;
use super::collection::Collection;
use super::noun::Noun;
use super::precondition::Precondition;
use super::read_set::ReadSet;
use super::reasons::Why;
use super::record::{Difference, Field, FieldState, standing};
use super::records::{RecordId, RecordRef, id_of, with_id};
use super::snapshot::Snapshot;
use crate::api::answer::confirms;
use crate::api::fields::at;
use crate::api::resources::customers::Customer;
use crate::billing::expected::ExpectedInvoice;

/// Where the line of a charged timer appears.
static LINES: Collection = Collection::LINES;

/// What a step makes true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[must_use]
pub enum Effect {
    /// A new record in a list.
    Created {
        /// The list.
        collection: Collection,
        /// The member of `--json` that shows it, where that is not its noun's: `contacts` of several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member: Option<String>,
        /// What it must say to be ours.
        like: Vec<Field>,
        /// What else it must say to be right.
        check: Vec<Field>,
        /// What must be right of it besides its fields.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        totals: Option<Check>,
        /// Where the record names its author, if it does.
        by: Option<String>,
    },
    /// Values of a record that is there.
    Updated {
        /// Which.
        of: RecordRef,
        /// Its name for people: "ticket #32181".
        label: String,
        /// What is to change.
        changes: Vec<Field>,
        /// Fields that may move with it.
        side_effects: Vec<String>,
        /// The member in which the answer must show the record; where none is named, any yes will do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrapper: Option<String>,
        /// Whether it is the line that a charge has made, of which nobody has seen what it said before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        charged: bool,
    },
    /// A record that is no more.
    Deleted {
        /// Which.
        of: RecordRef,
        /// Its name for people.
        label: String,
    },
    /// A timer entry that has been charged: it says so, and there is one new line item.
    TimerCharged {
        /// Which.
        timer: RecordId,
        /// What the line may say to be ours: any of it, since the server drops products.
        like: Vec<Field>,
        /// What the line must say to be right, where nothing mends it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        check: Vec<Field>,
        /// Whether it is a stop, which charges only where the account does so: that it has ended is all it must show.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stops: bool,
    },
    /// Something that no GET shows: a mail, a print, a path that nothing is known of. Never sent twice.
    Unverifiable {
        /// Its name for people: "the mail of invoice #67412".
        label: String,
    },
}

impl Effect {
    /// A new record of `collection`, by the author that its noun names.
    pub fn created(collection: Collection) -> Self {
        let by = collection.noun.author().map(str::to_owned);
        Self::Created {
            collection,
            member: None,
            like: Vec::new(),
            check: Vec::new(),
            totals: None,
            by,
        }
    }

    /// And it must say these to be ours.
    pub fn like(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        if let Self::Created { like, .. } = &mut self {
            like.extend(fields);
        }
        self
    }

    /// And it must say these to be right.
    pub fn check(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        if let Self::Created { check, .. } = &mut self {
            check.extend(fields);
        }
        self
    }

    /// And its author is named in this field; none for a record that may be in anybody's name.
    pub fn by(mut self, field: Option<&str>) -> Self {
        if let Self::Created { by, .. } = &mut self {
            *by = field.map(str::to_owned);
        }
        self
    }

    /// And `--json` shows it in this member: `contacts` of several.
    pub fn shown_in(mut self, name: &str) -> Self {
        if let Self::Created { member, .. } = &mut self {
            *member = Some(name.to_owned());
        }
        self
    }

    /// And this must be right of it besides its fields.
    pub fn totals(mut self, check: Check) -> Self {
        if let Self::Created { totals, .. } = &mut self {
            *totals = Some(check);
        }
        self
    }

    /// A change of a record; `side_effects` are fields that may move with it.
    pub fn updated(of: RecordRef, label: &str, changes: Vec<Field>, side_effects: &[&str]) -> Self {
        Self::Updated {
            of,
            label: label.to_owned(),
            changes,
            side_effects: side_effects.iter().map(|field| (*field).to_owned()).collect(),
            wrapper: None,
            charged: false,
        }
    }

    /// And it is the line that a charge has made.
    pub fn of_charge(mut self) -> Self {
        if let Self::Updated { charged, .. } = &mut self {
            *charged = true;
        }
        self
    }

    /// And the answer must show the record in this member.
    pub fn answered_in(mut self, name: &str) -> Self {
        if let Self::Updated { wrapper, .. } = &mut self {
            *wrapper = Some(name.to_owned());
        }
        self
    }

    /// Counts in what a change sets and no GET shows, `unseen`: where nothing of it can be looked at, nobody can tell
    /// whether it was made.
    pub fn settle(&mut self, unseen: Vec<String>) {
        let Self::Updated { label, changes, side_effects, .. } = self else {
            return;
        };
        match changes.is_empty() && !unseen.is_empty() {
            true => *self = Self::Unverifiable { label: std::mem::take(label) },
            false => side_effects.extend(unseen),
        }
    }

    /// Whether it is a change to what is there already.
    pub fn changes_nothing(&self) -> bool {
        matches!(self, Self::Updated { changes, .. } if changes.is_empty())
    }

    /// The list that the step's new record appears in; `None` where it makes none.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Self::Created { collection, .. } => Some(collection),
            Self::TimerCharged { .. } => Some(&LINES),
            Self::Updated { .. } | Self::Deleted { .. } | Self::Unverifiable { .. } => None,
        }
    }

    /// The one record whose values it changes or that it removes.
    pub const fn record_ref(&self) -> Option<&RecordRef> {
        match self {
            Self::Updated { of, .. } | Self::Deleted { of, .. } => Some(of),
            Self::Created { .. } | Self::TimerCharged { .. } | Self::Unverifiable { .. } => None,
        }
    }

    /// The record's name for people, in a sentence: "comment", "timer entry 48700001".
    pub fn label(&self) -> &str {
        match self {
            Self::Created { collection, .. } => collection.noun.label(),
            Self::Updated { label, .. }
            | Self::Deleted { label, .. }
            | Self::Unverifiable { label } => label,
            Self::TimerCharged { .. } => Noun::LineItem.label(),
        }
    }

    /// What an invoice that it makes must say.
    pub const fn expected_invoice(&self) -> Option<&ExpectedInvoice> {
        match self {
            Self::Created { totals: Some(Check::InvoiceTotals { expected, .. }), .. } => {
                Some(expected)
            }
            _ => None,
        }
    }

    /// What the record is to say at `path`, as far as the effect tells.
    pub fn expected(&self, path: &str) -> Option<&Value> {
        self.field(path).map(|field| &field.expected)
    }

    /// The same with all that it may say there, and how it is compared.
    pub fn field(&self, path: &str) -> Option<&Field> {
        let (first, then) = match self {
            Self::Created { like, check, .. } => (check.as_slice(), like.as_slice()),
            other => (other.changes(), &[][..]),
        };
        first.iter().chain(then).find(|field| field.path == path)
    }

    /// Has it set a field that it changes to another value.
    pub fn expect(&mut self, path: &str, value: &Value) {
        let Self::Updated { changes, .. } = self else { return };
        for change in changes.iter_mut().filter(|change| change.path == path) {
            change.expected = value.clone();
        }
    }

    /// Has a field that it changes begin from what somebody else has made of it.
    pub(super) fn take_for_old(&mut self, now: Difference) {
        let Self::Updated { changes, .. } = self else { return };
        for change in changes.iter_mut().filter(|change| change.path == now.field.path) {
            change.from = Some(now.now.clone());
        }
    }

    /// Whether it sets the status of a ticket.
    pub fn sets_status(&self) -> bool {
        let is_ticket = self.record_ref().is_some_and(|of| of.noun() == Some(Noun::Ticket));
        is_ticket && self.changes().iter().any(|change| change.path == "status")
    }

    /// What it changes of a record that is there.
    pub fn changes(&self) -> &[Field] {
        match self {
            Self::Updated { changes, .. } => changes,
            _ => &[],
        }
    }

    /// What a change was to set, where the server may have left all of it and the record says what it said before.
    pub(super) fn not_stored(&self, view: &Snapshot) -> Option<Vec<String>> {
        let Self::Updated { of, changes, .. } = self else {
            return None;
        };
        let record = view.record(of)?;
        let labels = changes.iter().map(|change| change.label.clone());
        changes.iter().all(|change| change.is_left(record)).then(|| labels.collect())
    }

    /// Whether the answer to a change is the record, and shows all of it as it was: the server itself says that it took
    /// nothing, where a look may be shown an old copy.
    pub(super) fn is_left_by(&self, answer: &Value) -> bool {
        let Self::Updated { of, changes, .. } = self else {
            return false;
        };
        let inside = answer.as_object().into_iter().flat_map(|members| members.values());
        let is_it = |one: &&Value| {
            let id = one.get("id").and_then(id_of);
            id.is_some() && id == of.asked()
        };
        let record = std::iter::once(answer).chain(inside).find(is_it);
        record.is_some_and(|record| changes.iter().all(|change| change.is_left(record)))
    }

    /// Whether no GET can tell what became of it: it is never sent again.
    pub const fn is_unverifiable(&self) -> bool {
        matches!(self, Self::Unverifiable { .. })
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Created { collection, like, check, totals, .. } => {
                collection.fill(ids);
                for field in like.iter_mut().chain(check) {
                    field.fill(ids);
                }
                if let Some(Check::InvoiceTotals { rounded, .. }) = totals {
                    rounded.iter_mut().for_each(|one| one.of.fill(ids));
                }
            }
            Self::Updated { of, .. } | Self::Deleted { of, .. } => of.fill(ids),
            Self::TimerCharged { timer, .. } => timer.fill(ids),
            Self::Unverifiable { .. } => {}
        }
    }

    /// What must be read before sending. An empty answer means that a fresh enough snapshot will do.
    pub fn reads_before(&self) -> ReadSet {
        self.record_ref().map_or(ReadSet::NOTHING, |of| ReadSet::NOTHING.record(of))
    }

    /// What a look at the effect reads. `id` is the new record's, where it is known.
    pub fn reads(&self, id: Option<u64>) -> ReadSet {
        let reads = match self.collection() {
            Some(collection) => ReadSet::NOTHING.collection(collection),
            None => self.reads_before(),
        };
        match (self, id) {
            (Self::Created { totals: Some(check), .. }, Some(id)) => reads.and(check.reads(id)),
            _ => reads,
        }
    }

    /// What it rests on by itself, whatever else the step requires: a timer that somebody has charged meanwhile would make
    /// a second line.
    pub(super) fn preconditions(&self) -> Vec<Precondition> {
        match self {
            Self::TimerCharged { timer, .. } => {
                vec![Precondition::NotCharged { timer: timer.clone() }]
            }
            _ => Vec::new(),
        }
    }

    /// The new record's id in the body of a 2xx answer.
    ///
    /// # Errors
    /// What is odd about a body of another shape: it says nothing.
    pub fn read_answer(&self, body: &Value) -> Result<Option<u64>, Why> {
        let id = |record: &Value, label: &str| {
            record.get("id").and_then(id_of).ok_or_else(|| Why::NoId(label.to_owned()))
        };
        match self {
            // Both shapes are accepted: wrapped as the specification says, and bare.
            Self::Created { collection: Collection { noun, .. }, .. } => {
                let inside = noun.wrapper().and_then(|name| body.get(name));
                id(inside.unwrap_or(body), noun.label()).map(Some)
            }
            Self::TimerCharged { timer, .. } => {
                // A stop that charges wraps its answer.
                let body = Noun::Timer.wrapper().and_then(|name| body.get(name)).unwrap_or(body);
                match id(body, Noun::Timer.label())? {
                    charged if timer.id() == Some(charged) => {
                        Ok(id_of(at(body, "ticket_line_item_id")))
                    }
                    _ => Err(Why::AnotherTimer),
                }
            }
            Self::Updated { wrapper: Some(wrapper), .. } => {
                id(&body[wrapper], &wrapper.replace('_', " ")).map(|_| None)
            }
            // The server answers 200 whatever happened: only the look tells.
            Self::Updated { .. } | Self::Deleted { .. } => Ok(None),
            // No look tells: this answer is all there is, and must not say the opposite, or nothing at all.
            Self::Unverifiable { .. } => confirms(body).then_some(None).ok_or(Why::NotConfirmed),
        }
    }

    /// Whether a record shows a change but for what the server may store in a form of its own, or not at all. One that shows
    /// nothing of it may be an old copy.
    pub(super) fn is_shown_as_stored(&self, view: &Snapshot) -> bool {
        let Self::Updated { of, changes, .. } = self else {
            return false;
        };
        let Some(record) = view.record(of) else {
            return false;
        };
        let is_in = |change: &Field| change.is_in(record);
        // Money that was not taken is no success, whatever else was.
        let may_differ = |change: &Field| {
            change.advisory || change.is_ignored(record) && !change.kind.is_money()
        };
        changes.iter().all(|change| may_differ(change) || is_in(change))
            && changes.iter().any(is_in)
    }

    /// Whether a stop that was to charge shows its end and no charge: neither mark nor, as the caller has seen, line.
    pub(super) fn has_ended_uncharged(&self, view: &Snapshot) -> bool {
        let Self::TimerCharged { timer, stops: true, .. } = self else {
            return false;
        };
        let mut timers = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
        timers.any(|one| {
            let has_ended = one.end_time.is_some() && !one.is_charged() && one.unclear().is_none();
            Some(one.id.0) == timer.id() && has_ended
        })
    }

    /// The line item that a charge of it has made, where the account has charged it at once.
    pub(super) fn charged_as(&self, at_once: &BTreeMap<u64, u64>) -> Option<u64> {
        match self {
            Self::TimerCharged { timer, .. } => at_once.get(&timer.id()?).copied(),
            _ => None,
        }
    }

    /// Whether a change or a removal is there already.
    pub(super) fn is_true(&self, view: &Snapshot) -> bool {
        match self {
            Self::Updated { of, changes, .. } => {
                let record = view.record(of);
                record.is_some_and(|record| standing(record, changes) == FieldState::Wanted)
            }
            Self::Deleted { of, .. } => view.has_read(of) && view.record(of).is_none(),
            _ => false,
        }
    }

    /// The record as a look shows it: the new one with this id, or the one that was changed.
    pub fn record_in<'v>(&self, view: &'v Snapshot, id: Option<u64>) -> Option<&'v Value> {
        match self {
            // The list shows an invoice without its lines.
            Self::Created { totals: Some(Check::InvoiceTotals { .. }), .. } => {
                view.record(&Noun::Invoice.record(RecordId::Id(id?)))
            }
            Self::Created { collection, .. } => with_id(view.records(collection), id),
            Self::TimerCharged { .. } => with_id(view.records(&LINES), id),
            Self::Updated { of, .. } | Self::Deleted { of, .. } => view.record(of),
            Self::Unverifiable { .. } => None,
        }
    }

    /// The member of `--json` that shows its record; a list where it ends in "s".
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Created { collection, member, .. } => {
                Some(member.as_deref().unwrap_or(collection.noun.member()))
            }
            Self::Updated { of, .. } => Some(of.noun().map_or("record", Noun::member)),
            Self::TimerCharged { .. } => Some("line_items"),
            Self::Deleted { .. } | Self::Unverifiable { .. } => None,
        }
    }

    /// The prepaid hours before and after the invoice that it makes, where it took some.
    pub(super) fn prepaid(&self, view: &Snapshot) -> Option<(Decimal, Decimal)> {
        let Self::Created { totals: Some(Check::InvoiceTotals { expected, customer, .. }), .. } =
            self
        else {
            return None;
        };
        let customer = view.typed_record::<Customer>(&Noun::Customer.record(*customer))?;
        let after = customer.prepaid();
        (after != expected.balance).then_some((expected.balance, after))
    }
}
