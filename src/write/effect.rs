//! What a step makes true, and the pure judgements about it: which reads a look needs, whether the answer names a
//! new record, whether a look shows the effect. No requests here, so that every case can be tested by value.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::place::{RecordRef, Space, id_of};
use super::plan::Account;
use super::record::{Author, Change, Field, FieldState, author, shown, standing};
use super::snapshot::{ReadSet, Snapshot};
use crate::api::Record;
use crate::api::fields::at;
use crate::api::ids::{InvoiceId, LineItemId, ProductId, TimerId, UserId};
use crate::api::resources::comments::{Comment, NewComment};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::{LineItem, NewLineItem};
use crate::billing::check::ExpectedInvoice;
use crate::billing::money;
use crate::write::normal;

/// The fields by which a person knows a record again.
const TELLING: [&str; 12] = [
    "created_at",
    "subject",
    "name",
    "business_name",
    "summary",
    "description",
    "notes",
    "body",
    "quantity",
    "start_at",
    "payment_amount",
    "payment_method",
];

/// What a step makes true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// A new comment on the ticket.
    Comment {
        /// Its headline.
        subject: String,
        /// Its text, as sent.
        body: String,
        /// Whether the customer cannot see it.
        hidden: bool,
        /// Who gets to see it and whom Syncro is asked to mail, for people.
        reach: String,
    },
    /// A new line item on the ticket.
    LineItem {
        /// The product.
        product_id: ProductId,
        /// Its name.
        name: String,
        /// What was done.
        description: String,
        /// Hours or units.
        quantity: Decimal,
        /// The price of one.
        price: Decimal,
        /// Whether tax is added.
        taxable: bool,
    },
    /// A new invoice with all uninvoiced lines of the ticket.
    Invoice {
        /// What it must say.
        expected: ExpectedInvoice,
        /// The uninvoiced lines that were there, as previewed.
        lines: Vec<KnownLine>,
        /// The invoices that were there, as previewed.
        invoices: Vec<InvoiceId>,
    },
    /// The ticket's status.
    Status {
        /// As previewed.
        from: String,
        /// As wanted.
        to: String,
    },
    /// The price of a line item that lost it.
    Price {
        /// Which.
        line: LineItemId,
        /// As found.
        from: Decimal,
        /// As wanted.
        to: Decimal,
        /// Whether tax is added, before and after.
        taxable: bool,
    },
    /// An invoice that is no more.
    InvoiceGone {
        /// Which.
        invoice: InvoiceId,
    },
    /// A new record in a list.
    Created {
        /// The list.
        space: Space,
        /// What people call it: "timer entry".
        what: String,
        /// The member of `--json` that shows it: `timer`; a list where it ends in "s".
        member: String,
        /// What it must say to be ours.
        like: Vec<Field>,
        /// What else it must say to be right.
        check: Vec<Field>,
        /// Where the record names its author, if it does.
        by: Option<String>,
        /// The member that wraps it in the answer, if one does.
        wrapper: Option<String>,
    },
    /// Values of a record that is there.
    Updated {
        /// Which.
        of: RecordRef,
        /// What people call it: "ticket #32181".
        what: String,
        /// The member of `--json` that shows it.
        member: String,
        /// What is to change.
        changes: Vec<Change>,
        /// Fields that may move with it.
        side_effects: Vec<String>,
    },
    /// A record that is no more.
    Deleted {
        /// Which.
        of: RecordRef,
        /// What people call it.
        what: String,
    },
    /// A timer entry that has been charged: it says so, and there is one new line item.
    TimerCharged {
        /// Which.
        timer: TimerId,
        /// What the line may say to be ours: any of it, since the server drops products.
        like: Vec<Field>,
    },
    /// Something that no GET shows: a mail, a print, a path that nothing is known of. Never sent twice.
    Unverifiable {
        /// What people call it: "the mail of invoice #67412".
        what: String,
    },
}

/// A line item that was on the ticket when the preview was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLine {
    /// Which.
    pub id: LineItemId,
    /// Its name, for messages.
    pub name: String,
    /// Hours or units.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
}

impl KnownLine {
    /// What is known of `line`; a missing number counts as zero, as on the invoice.
    #[must_use]
    pub fn of(line: &LineItem) -> Self {
        Self {
            id: line.id,
            name: line.name.clone(),
            quantity: line.quantity.unwrap_or_default(),
            price: line.price().unwrap_or_default(),
        }
    }
}

/// What a look shows of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// The effect is there: exactly one new record, or the wanted value. The id is that of the record.
    Found(Option<u64>),
    /// The look is complete and shows nothing of it.
    Missing,
    /// More than one new record where one was sent.
    Duplicates(Vec<u64>),
    /// A new record of the key's owner with other content: perhaps ours, never adopted, never absence.
    Ambiguous(Vec<u64>),
    /// The value is neither the previewed nor the wanted one.
    Conflict(String),
}

/// What tells a step's own new record from all others.
#[derive(Debug, Clone)]
pub struct MatchContext<'a> {
    /// Ids there before the POST.
    pub seen: &'a BTreeSet<u64>,
    /// Ids made by other steps of the plan.
    pub made: &'a BTreeSet<u64>,
    /// Whose key it is.
    pub account: &'a Account,
    /// The id that the answer named, if one did.
    pub named: Option<u64>,
    /// How many other steps of the plan make a record of the same contents and are under way.
    pub siblings: usize,
}

impl Effect {
    /// The effect of `comments::create`; `reach` says who gets to see it.
    #[must_use]
    pub fn comment(comment: &NewComment, reach: String) -> Self {
        Self::Comment {
            reach,
            subject: comment.subject.clone(),
            body: comment.body.clone(),
            hidden: comment.hidden,
        }
    }

    /// The effect of `line_items::create`.
    #[must_use]
    pub fn line_item(line: &NewLineItem) -> Self {
        Self::LineItem {
            product_id: line.product_id,
            name: line.name.clone(),
            description: line.description.clone(),
            quantity: line.quantity,
            price: line.price,
            taxable: line.taxable,
        }
    }

    /// The list that the step's new record appears in; `None` where it makes none.
    #[must_use]
    pub const fn space(&self) -> Option<&Space> {
        match self {
            Self::Comment { .. } => Some(&Space::Comments),
            Self::LineItem { .. } | Self::TimerCharged { .. } => Some(&Space::Lines),
            Self::Invoice { .. } => Some(&Space::Invoices),
            Self::Created { space, .. } => Some(space),
            Self::Status { .. }
            | Self::Price { .. }
            | Self::InvoiceGone { .. }
            | Self::Updated { .. }
            | Self::Deleted { .. }
            | Self::Unverifiable { .. } => None,
        }
    }

    /// What people call the record, for sentences: "the ticket", "timer entry 48700001".
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Comment { .. } => "comment".to_owned(),
            Self::LineItem { .. } | Self::Price { .. } | Self::TimerCharged { .. } => {
                "line item".to_owned()
            }
            Self::Invoice { .. } | Self::InvoiceGone { .. } => "invoice".to_owned(),
            Self::Status { .. } => "ticket".to_owned(),
            Self::Created { what, .. }
            | Self::Updated { what, .. }
            | Self::Deleted { what, .. }
            | Self::Unverifiable { what } => what.clone(),
        }
    }

    /// What is said of a look that shows something of it, but not for certain: `ids` are new records.
    #[must_use]
    pub fn perhaps(&self, ids: &[u64]) -> String {
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        let list = ids.join(", ");
        match self {
            Self::TimerCharged { timer, .. } if ids.is_empty() => format!(
                "timer entry {timer} is marked as charged or gone, and no new line item is there"
            ),
            Self::TimerCharged { timer, .. } => format!(
                "there is a new line item ({list}), which may or may not be what timer entry {timer} became"
            ),
            _ if ids.is_empty() => {
                "there are more new records than a look reads, and it may be among them".to_owned()
            }
            _ => format!(
                "there is a new record with other contents or of an unknown author ({list}), which may or may not be it"
            ),
        }
    }

    /// What a record of its list says, in a line, for whoever is to tell whether it is the one.
    pub(super) fn described(&self, view: &Snapshot, id: u64) -> String {
        let records = self.space().map(|space| view.records(space));
        let record = records
            .into_iter()
            .flatten()
            .find(|record| record.get("id").and_then(id_of) == Some(id));
        let Some(record) = record else {
            return String::new();
        };
        let blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        let said: Vec<String> = TELLING
            .iter()
            .map(|field| (field, &record[*field]))
            .filter(|(_, value)| !value.is_null() && !blank(value))
            .map(|(field, value)| {
                format!("{} {}", field.replace('_', " "), normal::text(&shown(value)))
            })
            .collect();
        said.join("; ").chars().take(160).collect()
    }

    /// Whether no GET can tell what became of it: it is never sent again.
    #[must_use]
    pub const fn is_unverifiable(&self) -> bool {
        matches!(self, Self::Unverifiable { .. })
    }

    /// The one record whose values it changes or that it removes.
    #[must_use]
    pub const fn thing(&self) -> Option<&RecordRef> {
        match self {
            Self::Updated { of, .. } | Self::Deleted { of, .. } => Some(of),
            _ => None,
        }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Created { space, like, check, .. } => {
                if let Space::Pool(pool) = space {
                    pool.fill(ids);
                }
                for field in like.iter_mut().chain(check) {
                    field.fill(ids);
                }
            }
            Self::Updated { of, .. } | Self::Deleted { of, .. } => of.fill(ids),
            _ => {}
        }
    }

    /// What must be read before sending. An empty answer means that a fresh enough snapshot will do.
    #[must_use]
    pub fn needs_before(&self) -> ReadSet {
        match self {
            Self::Comment { .. }
            | Self::LineItem { .. }
            | Self::Created { .. }
            | Self::Unverifiable { .. } => ReadSet::NOTHING,
            Self::TimerCharged { .. } => ReadSet::NOTHING.ticket(),
            Self::Updated { of, .. } | Self::Deleted { of, .. } => ReadSet::NOTHING.thing(of),
            Self::Invoice { .. } => ReadSet::NOTHING.ticket().invoices(),
            Self::Status { .. } | Self::Price { .. } => ReadSet::NOTHING.ticket(),
            Self::InvoiceGone { invoice } => ReadSet::NOTHING.invoice(*invoice).ticket().invoices(),
        }
    }

    /// What a look at the effect reads. `id` is the new record's, where it is known.
    #[must_use]
    pub fn needs(&self, id: Option<u64>) -> ReadSet {
        match (self, id) {
            (Self::Created { space, .. }, _) => ReadSet::NOTHING.space(space),
            (Self::Updated { of, .. } | Self::Deleted { of, .. }, _) => ReadSet::NOTHING.thing(of),
            (Self::Unverifiable { .. }, _) => ReadSet::NOTHING,
            (Self::Comment { .. }, _) => ReadSet::NOTHING.comments(),
            (
                Self::LineItem { .. }
                | Self::Status { .. }
                | Self::Price { .. }
                | Self::TimerCharged { .. },
                _,
            ) => ReadSet::NOTHING.ticket(),
            (Self::Invoice { .. }, None) => ReadSet::NOTHING.invoices(),
            (Self::Invoice { .. }, Some(id)) => {
                ReadSet::NOTHING.invoices().invoice(InvoiceId(id)).customer()
            }
            (Self::InvoiceGone { invoice }, _) => ReadSet::NOTHING.invoice(*invoice),
        }
    }

    /// The new record's id in the body of a 2xx answer; `Err` when the body is of another shape.
    pub fn read_answer(&self, body: &Value) -> Result<Option<u64>, String> {
        let id_of = |record: &Value, what: &str| {
            record
                .get("id")
                .and_then(id_of)
                .map(Some)
                .ok_or_else(|| format!("the answer names no {what}"))
        };
        // Both shapes are accepted: wrapped as the specification says, and bare.
        let inside =
            |wrapper: Option<&str>| wrapper.and_then(|name| body.get(name)).unwrap_or(body);
        match self {
            Self::Comment { .. } => id_of(&body["comment"], "comment"),
            Self::LineItem { .. } => id_of(body, "line item"),
            Self::Invoice { .. } => id_of(&body["invoice"], "invoice"),
            Self::Status { .. } => id_of(&body["ticket"], "ticket").map(|_| None),
            Self::Price { .. } => id_of(&body["ticket_line_item"], "line item").map(|_| None),
            Self::Created { what, wrapper, .. } => id_of(inside(wrapper.as_deref()), what),
            Self::TimerCharged { timer, .. } => {
                let charged = id_of(body, "timer entry")?;
                if charged != Some(timer.0) {
                    return Err("the answer names another timer entry".to_owned());
                }
                Ok(super::place::id_of(at(body, "ticket_line_item_id")))
            }
            // The server answers 200 whatever happened: only the look tells.
            Self::InvoiceGone { .. } | Self::Updated { .. } | Self::Deleted { .. } => Ok(None),
            // No look tells: this answer is all there is, and must not say the opposite, or nothing at all.
            Self::Unverifiable { .. } => is_yes(body)
                .then_some(None)
                .ok_or_else(|| "the answer does not say that it was done".to_owned()),
        }
    }

    /// Whether a change or a removal is there already.
    pub(super) fn is_true(&self, view: &Snapshot) -> bool {
        match self {
            Self::Updated { of, changes, .. } => {
                view.thing(of).is_some_and(|record| standing(record, changes) == FieldState::Wanted)
            }
            Self::Deleted { of, .. } => view.has_read(of) && view.thing(of).is_none(),
            _ => false,
        }
    }

    /// What `view` shows of the effect.
    #[must_use]
    pub fn judge(&self, view: &Snapshot, context: &MatchContext<'_>) -> Observation {
        match self {
            Self::Comment { subject, body, hidden, .. } => {
                context.choose(view.comments.iter().map(|comment| {
                    let same = same_comment(comment, subject, body, *hidden);
                    (comment.id.0, context.likeness(comment.user_id, same))
                }))
            }
            Self::LineItem { product_id, description, quantity, .. } => {
                context.choose(view.lines().iter().map(|line| {
                    // Not the price: a line that lost its price is still ours, and the check says so.
                    let same = line.product_id == Some(*product_id)
                        && line.quantity.map(|q| q.normalize()) == Some(quantity.normalize())
                        && normal::text(&line.description) == normal::text(description);
                    (line.id.0, context.likeness(line.user_id, same))
                }))
            }
            Self::Invoice { .. } => context.choose(
                view.invoices
                    .iter()
                    .map(|invoice| (invoice.id.0, context.likeness(invoice.user_id, true))),
            ),
            Self::Status { from, to } => {
                let now = view.ticket.as_ref().map_or("", |ticket| ticket.status.as_str());
                value(now == to, now == from, now)
            }
            Self::Price { line, from, to, .. } => {
                let now = view.line(*line).and_then(|line| line.price());
                value(
                    now == Some(*to),
                    now == Some(*from),
                    &now.map_or_else(|| "gone".to_owned(), money::display),
                )
            }
            Self::InvoiceGone { invoice } => {
                let there = view.invoice.as_ref().is_some_and(|found| found.id == *invoice);
                value(!there, there, "")
            }
            Self::Created { space, like, by, .. } => {
                let grows = matches!(space, Space::Pool(pool) if pool.grows_upwards());
                let highest = context.seen.last().copied().filter(|_| grows);
                let seen = context.choose(
                    view.records(space)
                        .into_iter()
                        .filter_map(|record| Some((id_of(record.get("id")?)?, record)))
                        .filter(|(id, _)| highest.is_none_or(|highest| *id > highest))
                        .map(|(id, record)| (id, context.record(record, like, by.as_deref()))),
                );
                match seen {
                    // It may be among those that were not read.
                    Observation::Missing if view.skips_over(space, highest) => {
                        Observation::Ambiguous(Vec::new())
                    }
                    seen => seen,
                }
            }
            // What was not read shows nothing.
            Self::Updated { of, .. } | Self::Deleted { of, .. } if !view.has_read(of) => {
                Observation::Missing
            }
            Self::Updated { of, changes, .. } => match view.thing(of) {
                None => Observation::Conflict("gone".to_owned()),
                Some(record) => match standing(record, changes) {
                    FieldState::Wanted => Observation::Found(None),
                    FieldState::Old => Observation::Missing,
                    FieldState::Other(now) => Observation::Conflict(now),
                },
            },
            Self::Deleted { of, .. } => match view.thing(of) {
                None => Observation::Found(None),
                Some(_) => Observation::Missing,
            },
            Self::TimerCharged { timer, like } => charged(view, context, *timer, like),
            // Whoever asks has nothing to look at.
            Self::Unverifiable { .. } => Observation::Ambiguous(Vec::new()),
        }
    }
}

/// Whether an answer that nothing else will confirm can be taken for a yes. Mails and prints are often answered with
/// nothing; but an error with a 200, `success: false`, and a shape whose values are all null are no yes.
fn is_yes(body: &Value) -> bool {
    let says_no = body.get("success") == Some(&Value::Bool(false))
        || ["error", "errors"]
            .iter()
            .any(|name| body.get(name).is_some_and(|said| !is_hollow(said)));
    !says_no && (body.is_null() || !is_hollow(body))
}

/// Whether there is nothing in it but nulls.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(is_hollow),
        Value::Object(fields) => !fields.is_empty() && fields.values().all(is_hollow),
        _ => false,
    }
}

/// A charged timer says so, and there is one line more. One without the other is neither done nor absent.
fn charged(
    view: &Snapshot,
    context: &MatchContext<'_>,
    timer: TimerId,
    like: &[Field],
) -> Observation {
    let timers = view.ticket.iter().flat_map(|ticket| &ticket.ticket_timers);
    let mut timers = timers.filter(|one| one.id == timer);
    let Some(timer) = timers.next() else {
        return Observation::Ambiguous(Vec::new());
    };
    let lines = context.choose(view.lines().iter().map(|line| {
        let named = timer.ticket_line_item_id == Some(line.id);
        let same = named || like.iter().any(|field| field.is_in(&line.raw));
        // The line may be in the name of whoever spent the time, not of whoever charges it.
        let by = line.user_id.filter(|by| Some(*by) != timer.user_id);
        (line.id.0, context.likeness(by, same))
    }));
    match (timer.recorded, lines) {
        (true, here @ (Observation::Found(_) | Observation::Duplicates(_))) => here,
        (false, Observation::Missing) => Observation::Missing,
        (_, Observation::Found(id)) => Observation::Ambiguous(id.into_iter().collect()),
        (_, Observation::Duplicates(ids) | Observation::Ambiguous(ids)) => {
            Observation::Ambiguous(ids)
        }
        _ => Observation::Ambiguous(Vec::new()),
    }
}

fn value(wanted: bool, old: bool, now: &str) -> Observation {
    if wanted {
        Observation::Found(None)
    } else if old {
        Observation::Missing
    } else {
        Observation::Conflict(now.to_owned())
    }
}

/// Whether a stored comment says what was sent, however the server has written it since.
#[must_use]
pub fn same_comment(comment: &Comment, subject: &str, body: &str, hidden: bool) -> bool {
    comment.hidden == hidden
        && normal::text(&comment.subject) == normal::text(subject)
        && normal::text(&comment.body) == normal::text(body)
}

/// How a new record stands to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// It says what was sent.
    Ours,
    /// It may be what was sent: ours with other contents, or like ours in somebody else's name.
    Doubtful,
    /// It is somebody else's.
    Foreign,
}

impl MatchContext<'_> {
    /// A record by its author's id and by whether it says what was sent.
    fn likeness(&self, by: Option<UserId>, same: bool) -> Match {
        match same {
            _ if by.is_some_and(|by| by != self.account.owner) => Match::Foreign,
            true => Match::Ours,
            false => Match::Doubtful,
        }
    }

    /// A record by its fields. One that an answer has named is ours whatever else it says, and the check tells what is
    /// wrong with it; but not one that names another user as its author.
    fn record(&self, record: &Value, like: &[Field], by: Option<&str>) -> Match {
        let named = self.named.is_some() && record.get("id").and_then(id_of) == self.named;
        let same = like.iter().all(|field| field.may_be_in(record));
        // What should be in somebody else's name may have been stored in that of the key's owner.
        let ours = |field: &Field| {
            field.at.ends_with("user_id")
                && id_of(at(record, &field.at)) == Some(self.account.owner.0)
        };
        let anothers = |field: &Field| field.contradicts(record) && !ours(field);
        match author(record, by) {
            Author::Id(id) => self.likeness(Some(UserId(id)), same),
            _ if named => Match::Ours,
            _ if like.iter().any(anothers) => Match::Foreign,
            // A name is no proof: people are called otherwise here and there, and automation has names, too.
            Author::Name(name) if !self.is_owner(name) => Match::Doubtful,
            Author::Name(_) | Author::Unsaid => self.likeness(None, same),
        }
    }

    fn is_owner(&self, name: &str) -> bool {
        [&self.account.owner_name, &self.account.owner_email]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Picks this step's record out of those of a list.
    fn choose(&self, records: impl Iterator<Item = (u64, Match)>) -> Observation {
        let new: Vec<(u64, bool)> = records
            .filter(|(id, _)| !self.seen.contains(id) && !self.made.contains(id))
            .filter(|(_, likeness)| *likeness != Match::Foreign)
            // The id that the answer named is ours even if the server has rewritten the content.
            .map(|(id, likeness)| (id, likeness == Match::Ours || self.named == Some(id)))
            .collect();
        let ours: Vec<u64> = new.iter().filter(|(_, ours)| *ours).map(|(id, _)| *id).collect();
        match ours.as_slice() {
            [one] => Observation::Found(Some(*one)),
            [] if new.is_empty() => Observation::Missing,
            [] => Observation::Ambiguous(new.into_iter().map(|(id, _)| id).collect()),
            // Another one of the same plan, equal and in the same doubt, is no double of this one; which of them is which
            // makes no difference.
            several if several.len() <= 1 + self.siblings => {
                let named = self.named.filter(|id| several.contains(id));
                Observation::Found(named.or_else(|| several.iter().min().copied()))
            }
            several => Observation::Duplicates(several.to_vec()),
        }
    }
}

/// Whether the ticket's uninvoiced lines and its invoices are those of the preview, plus what this plan made. `Err`
/// says what is different.
///
/// # Errors
/// The difference, for people.
pub(super) fn as_previewed(
    view: &Snapshot,
    lines: &[KnownLine],
    invoices: &[InvoiceId],
    made_lines: &BTreeSet<u64>,
    made_invoices: &BTreeSet<u64>,
) -> Result<(), String> {
    let known_invoice = |invoice: &&Record<Invoice>| {
        !invoices.contains(&invoice.id) && !made_invoices.contains(&invoice.id.0)
    };
    if let Some(other) = view.invoices.iter().find(known_invoice) {
        return Err(format!("invoice #{} was made meanwhile", other.number));
    }
    let open: Vec<_> = view.lines().iter().filter(|line| !line.converted).collect();
    for line in &open {
        if made_lines.contains(&line.id.0) {
            continue;
        }
        match lines.iter().find(|known| known.id == line.id) {
            None => {
                return Err(format!("line item {} ({}) was added meanwhile", line.id, line.name));
            }
            Some(known) if *known != KnownLine::of(line) => {
                return Err(format!("line item {} ({}) was changed meanwhile", line.id, line.name));
            }
            Some(_) => {}
        }
    }
    let is_open = |id: u64| open.iter().any(|line| line.id.0 == id);
    if let Some(gone) = lines.iter().find(|known| !is_open(known.id.0)) {
        return Err(format!(
            "line item {} ({}) was removed or invoiced meanwhile",
            gone.id, gone.name
        ));
    }
    if let Some(gone) = made_lines.iter().find(|id| !is_open(**id)) {
        return Err(format!("our line item {gone} was removed or invoiced meanwhile"));
    }
    Ok(())
}

/// Whether nobody has added a line or an invoice to the ticket since the plan was made, besides the invoice that is to be
/// deleted.
///
/// # Errors
/// The addition, for people.
pub(super) fn nothing_new(
    view: &Snapshot,
    lines: &[KnownLine],
    invoices: &[InvoiceId],
    deleted: InvoiceId,
) -> Result<(), String> {
    let other = view
        .invoices
        .iter()
        .find(|invoice| invoice.id != deleted && !invoices.contains(&invoice.id));
    if let Some(other) = other {
        return Err(format!("invoice #{} was made meanwhile", other.number));
    }
    let added = view
        .lines()
        .iter()
        .find(|line| !line.converted && !lines.iter().any(|known| known.id == line.id));
    added.map_or(Ok(()), |line| {
        Err(format!("line item {} ({}) was added meanwhile", line.id, line.name))
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
#[path = "effect_tests.rs"]
mod tests;
