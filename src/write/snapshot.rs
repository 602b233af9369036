//! Snapshots: the reads that judging some steps needs, made at once and kept together. What one snapshot has fetched
//! serves every step that needs it, so that a check costs no round trip that another one already paid.

mod by_hand;
mod lack;
mod lacking;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{LocalBoxFuture, OptionFuture, try_join_all};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use lack::Lack;

use super::collection::{Baseline, Collection, Owner, lately};
use super::noun::Noun;
use super::read_set::ReadSet;
use super::records::{RecordId, RecordRef, id_of, with_id};
use crate::api::ids::{CustomerId, InvoiceId, LineItemId, TicketId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error, Filters, List, Listing, Read, Reader, Record, Unseen};

/// What one look has shown. Of what was not asked for it shows nothing, which is not the same as absence: see
/// [`Snapshot::has_read`] and [`Snapshot::has_listed`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Snapshot {
    ticket: Option<Record<Ticket>>,
    /// `None` for one that the server has not.
    records: BTreeMap<RecordRef, Option<Value>>,
    collections: BTreeMap<Collection, Listed>,
    server_date: Option<Timestamp>,
}

/// The records of one list.
#[derive(Debug, Clone, Default)]
struct Listed {
    records: Vec<Value>,
    /// Where only the ends of the list were read, the lowest id of the upper one.
    upper_end: Option<u64>,
    /// Why nothing of it was seen, if so: it proves nothing of any record.
    lack: Option<Lack>,
}

impl Snapshot {
    /// The server's own time of day, by which alone the age of a record is told.
    #[must_use]
    pub const fn server_date(&self) -> Option<Timestamp> {
        self.server_date
    }

    /// The present, as whoever has looked knows it: by the server's clock, and by this machine's before it has answered.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.server_date.unwrap_or_else(Timestamp::now)
    }

    /// The plan's ticket.
    pub const fn ticket(&self) -> Option<&Record<Ticket>> {
        self.ticket.as_ref()
    }

    /// The ticket's line items.
    pub fn lines(&self) -> &[Record<LineItem>] {
        self.ticket.as_ref().map_or(&[], |ticket| &ticket.line_items)
    }

    /// One line item of the ticket.
    pub fn line(&self, id: LineItemId) -> Option<&Record<LineItem>> {
        self.lines().iter().find(|line| line.id == id)
    }

    /// The ticket's comments, newest first.
    pub fn comments(&self) -> Vec<Record<Comment>> {
        self.typed(&Collection::COMMENTS)
    }

    /// The ticket's invoices, as their list shows them: without lines.
    pub fn invoices(&self) -> Vec<Record<Invoice>> {
        self.typed(&Collection::INVOICES)
    }

    /// One invoice with its lines.
    pub fn invoice(&self, id: InvoiceId) -> Option<Record<Invoice>> {
        self.typed_record(&Noun::Invoice.record(id))
    }

    /// One record, read into a type that the snapshot has checked it to have.
    pub fn typed_record<T: DeserializeOwned>(&self, of: &RecordRef) -> Option<Record<T>> {
        self.record(of).and_then(|record| Record::read(record.clone()).ok())
    }

    /// The records of a list, read into the type that the snapshot has read them as: none is lost here.
    fn typed<T: DeserializeOwned>(&self, collection: &Collection) -> Vec<Record<T>> {
        let records = self.records(collection).into_iter();
        records.filter_map(|record| Record::read(record.clone()).ok()).collect()
    }

    /// One record as the look shows it; `None` when the server has none of that id, or when it was not read.
    pub fn record(&self, of: &RecordRef) -> Option<&Value> {
        if let RecordRef::Of(noun @ (Noun::LineItem | Noun::Timer), id) = of {
            return with_id(self.records(&Collection::of_ticket(*noun)), Some(id.id()?));
        }
        if let Some(list) = Collection::around(of) {
            return with_id(self.records(&list), of.id());
        }
        match self.records.get(of) {
            Some(record) => record.as_ref(),
            None => self.as_ticket(of).map(|ticket| &ticket.raw),
        }
    }

    /// The plan's ticket, if it is the record meant.
    fn as_ticket(&self, of: &RecordRef) -> Option<&Record<Ticket>> {
        let RecordRef::Of(Noun::Ticket, id) = of else {
            return None;
        };
        self.ticket.as_ref().filter(|ticket| Some(ticket.id.0) == id.id())
    }

    /// Whether the look has read where the record would be.
    pub fn has_read(&self, of: &RecordRef) -> bool {
        if let Some(list) = Collection::around(of) {
            return self.has_listed(&list);
        }
        match of.is_of_ticket() {
            true => self.ticket.is_some(),
            false => self.records.contains_key(of) || self.as_ticket(of).is_some(),
        }
    }

    /// Whether the look has read the list.
    pub fn has_listed(&self, collection: &Collection) -> bool {
        match collection.is_part_of_ticket() {
            true => self.ticket.is_some(),
            false => self.collections.contains_key(collection),
        }
    }

    /// Whether the look has made these reads.
    pub fn has_made(&self, reads: &ReadSet) -> bool {
        self.lacks(reads.clone()).is_nothing()
    }

    /// The reads among `needs` that it has not made.
    pub fn lacks(&self, mut needs: ReadSet) -> ReadSet {
        needs.ticket &= self.ticket.is_none();
        needs.records.retain(|of| !self.has_read(of));
        needs.collections.retain(|collection| !self.has_listed(collection));
        needs
    }

    /// The records of a list.
    pub fn records(&self, collection: &Collection) -> Vec<&Value> {
        if !collection.is_part_of_ticket() {
            let listed = self.collections.get(collection).into_iter();
            return listed.flat_map(|listed| &listed.records).collect();
        }
        let Some(ticket) = &self.ticket else {
            return Vec::new();
        };
        match collection.noun {
            Noun::Timer => ticket.ticket_timers.iter().map(|one| &one.raw).collect(),
            Noun::Appointment => {
                let bare = |one| Value::get(one, "appointment").unwrap_or(one);
                ticket.appointments.iter().map(bare).collect()
            }
            _ => ticket.line_items.iter().map(|one| &one.raw).collect(),
        }
    }

    /// The ids of a list.
    pub fn ids(&self, collection: &Collection) -> BTreeSet<u64> {
        let records = self.records(collection).into_iter();
        records.filter_map(|record| id_of(record.get("id")?)).collect()
    }

    /// Whether there may be records above `highest` that the look has not read.
    pub(super) fn skips_over(&self, collection: &Collection, highest: Option<u64>) -> bool {
        let lowest = self.collections.get(collection).and_then(|listed| listed.upper_end);
        lowest
            .is_some_and(|lowest| highest.is_none_or(|highest| lowest > highest.saturating_add(1)))
    }

    /// What is there now, for a plan that is made of this look.
    pub fn baseline(&self) -> Baseline {
        let mut baseline = Baseline::default();
        let parts = [Collection::LINES, Collection::TIMERS, Collection::APPOINTMENTS];
        for collection in parts.iter().filter(|part| self.has_listed(part)) {
            baseline.set(collection, self.ids(collection));
        }
        for collection in self.collections.keys() {
            baseline.set(collection, self.ids(collection));
        }
        baseline
    }
}

impl Listed {
    fn lacking(lack: Lack) -> Self {
        Self { lack: Some(lack), ..Self::default() }
    }
}

/// How hard a look tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryPolicy {
    /// Each read is retried as any read is.
    Retry,
    /// Each read is made once: whoever looks again and again does the retrying.
    Once,
}

/// Makes the reads of `needs` at once, past any cache; `ticket` is the plan's own.
///
/// # Errors
/// The first read that failed; half a look shows nothing.
pub fn snapshot<'a>(
    reader: &'a Reader,
    ticket: Option<TicketId>,
    needs: ReadSet,
    retry: RetryPolicy,
) -> LocalBoxFuture<'a, Result<Snapshot, Error>> {
    Box::pin(read(reader, ticket, needs, retry))
}

async fn read(
    reader: &Reader,
    id: Option<TicketId>,
    needs: ReadSet,
    retry: RetryPolicy,
) -> Result<Snapshot, Error> {
    let own = id.map(|id| Noun::Ticket.record(id));
    let ticket = match (needs.ticket, id) {
        (true, None) => return Err(Error::Unseen(Unseen::NoTicket)),
        (true, Some(id)) => Some(own_ticket(reader, id, retry)),
        (false, _) => None,
    };
    // The ticket is read once, as such or by itself.
    let by_itself = |of: &&RecordRef| !needs.ticket || own.as_ref() != Some(*of);
    let records: Vec<&RecordRef> = needs.records.iter().filter(by_itself).collect();
    let each = try_join_all(records.iter().map(|of| async {
        match one_record(reader, of, retry).await {
            Err(error) if of.is_dispensable(&error) => Ok(None),
            answered => answered,
        }
    }));
    let collections = needs.collections.iter();
    let lists = try_join_all(collections.map(|list| one_list(reader, list, id, retry)));
    let (ticket, each, lists) = tokio::join!(OptionFuture::from(ticket), each, lists);
    let mut view = Snapshot {
        ticket: ticket.transpose()?,
        records: records.into_iter().cloned().zip(each?).collect(),
        collections: needs.collections.iter().cloned().zip(lists?).collect(),
        server_date: reader.server_date(),
    };
    if view.ticket.is_none()
        && let Some(raw) = own.and_then(|own| view.record(&own).cloned())
    {
        view.ticket = Record::read(raw).ok();
    }
    Ok(view)
}

async fn own_ticket(
    reader: &Reader,
    id: TicketId,
    retry: RetryPolicy,
) -> Result<Record<Ticket>, Error> {
    let ticket = reader.get(asked(tickets::get(id), retry)).await?;
    // An answer about another record shows nothing of this one.
    if ticket.id == id { Ok(ticket) } else { Err(Error::Unseen(Unseen::Another)) }
}

/// One record by itself, or none: an empty 404. Of a contract a `null` may say so, which its list then must show; of
/// anything else it says nothing.
async fn one_record(
    reader: &Reader,
    of: &RecordRef,
    retry: RetryPolicy,
) -> Result<Option<Value>, Error> {
    let Some((get, wrapper)) = of.read() else {
        return Err(Error::Unseen(Unseen::NoId));
    };
    let raw = match reader.get(asked(get, retry)).await {
        Ok(record) => record.raw,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let wrapped = wrapper.or_else(|| only_member(&raw)).and_then(|name| raw.get(name));
    let record = wrapped.cloned().unwrap_or(raw);
    if record.is_null() && of.is_null_when_gone() {
        return unlisted(reader, of, retry).await;
    }
    let answered = record.get("id").and_then(id_of);
    match of.asked() {
        // A path with no id of its own: there is nothing to compare.
        None if record.is_object() => {}
        Some(asked) if answered == Some(asked) => {}
        // The path takes numbers too, so that another record may answer in place of one that is gone.
        Some(asked) if of.takes_numbers() && has_number(&record, asked) => return Ok(None),
        _ => return Err(Error::Unseen(Unseen::Another)),
    }
    match of.understands(&record) {
        Ok(()) => Ok(Some(record)),
        Err(error) => Err(Error::Unseen(Unseen::Unreadable(error.to_string()))),
    }
}

/// That a record is gone for which the server has answered `null`: a broken answer looks alike, so the whole list must be
/// without it.
async fn unlisted(
    reader: &Reader,
    of: &RecordRef,
    retry: RetryPolicy,
) -> Result<Option<Value>, Error> {
    let list: List<Value> =
        of.noun().and_then(Noun::folder).ok_or(Error::Unseen(Unseen::Another))?.list();
    let listed = match reader.all(asked(list, retry)).await {
        Ok(listed) => whole(listed)?,
        // An account without the list: the record has to say so once more.
        Err(Error::NotFound { by_api: true, .. }) => return still_null(reader, of, retry).await,
        Err(error) => return Err(error),
    };
    let id = |record: &Value| record.get("id").and_then(id_of);
    match listed.iter().all(|one| id(&one.raw).is_some_and(|id| Some(id) != of.id())) {
        true => Ok(None),
        false => Err(Error::Unseen(Unseen::NullButListed)),
    }
}

/// The same where nothing but the record itself can say it.
async fn still_null(
    reader: &Reader,
    of: &RecordRef,
    retry: RetryPolicy,
) -> Result<Option<Value>, Error> {
    let (get, _) = of.read().ok_or(Error::Unseen(Unseen::NoId))?;
    match reader.get(asked(get, retry)).await {
        Ok(record) if record.raw.is_null() => Ok(None),
        Ok(_) => Err(Error::Unseen(Unseen::Another)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The one member of an answer that is a record, where it has no other: it wraps the record of a path of which nothing is
/// known.
fn only_member(answer: &Value) -> Option<&str> {
    let mut members = answer.as_object()?.iter().filter(|(name, _)| *name != "meta");
    let (name, value) = members.next()?;
    let alone = members.next().is_none();
    (alone && (value.is_object() || value.is_null())).then_some(name)
}

/// Whether a record has `asked` for its number.
fn has_number(record: &Value, asked: u64) -> bool {
    record.get("number").and_then(id_of) == Some(asked)
}

/// The records of one list, the server's unfiltered rest left out.
async fn one_list(
    reader: &Reader,
    collection: &Collection,
    ticket: Option<TicketId>,
    retry: RetryPolicy,
) -> Result<Listed, Error> {
    // Of a list that only grows at its end, its ends are enough.
    let part =
        matches!(collection.owner, Owner::Everybody | Owner::Lately | Owner::SinceIfReadable(_));
    match (collection.noun, &collection.owner, ticket) {
        (Noun::Comment, _, Some(id)) => {
            listed(reader, asked(comments::of_ticket(id), retry), part).await
        }
        (Noun::Invoice, Owner::Ticket, Some(id)) => {
            listed(reader, asked(invoices::of_ticket(id), retry), part).await
        }
        (Noun::Invoice, Owner::OpenOf(RecordId::Id(id)), _) => {
            listed(reader, asked(invoices::unpaid_of(CustomerId(*id)), retry), part).await
        }
        // Not every account lists those of all tickets; a ticket shows its own. One record that is looked for there is not
        // gone where the list is.
        (Noun::Timer, Owner::Lately, _) => loop {
            let by = reader.now();
            let list = collection.read(by).ok_or(Error::Unseen(Unseen::NoTicket))?;
            let (list, wanted) = asked(list, retry).unfiltered();
            let found = reader.all_if_there(list).await;
            // The first answer of the server may tell that this machine's clock is ahead of it.
            if lately(reader.now()) < lately(by) {
                continue;
            }
            return match found {
                Ok(Some(found)) => kept(found, &wanted, part),
                found => Lack::or_page(found.err()).map(Listed::lacking),
            };
        },
        (_, Owner::SinceIfReadable(_) | Owner::IfReadable(_), _) => {
            let list = collection.read(reader.now()).ok_or(Error::Unseen(Unseen::NoTicket))?;
            let (list, wanted) = asked(list, retry).unfiltered();
            let found = reader.all_if_there(list).await.and_then(|found| {
                found.map_or(Ok(Listed::lacking(Lack::None)), |found| kept(found, &wanted, part))
            });
            found.or_else(|error| Lack::of(error).map(Listed::lacking))
        }
        (_, Owner::On(on @ (Noun::Invoice | Noun::Schedule), id), _) => {
            lines_shown(reader, *on, id, retry).await
        }
        _ => {
            let list = collection.read(reader.now()).ok_or(Error::Unseen(Unseen::NoTicket))?;
            listed(reader, asked(list, retry), part).await
        }
    }
}

/// What is wanted of a list. Whether it is complete, and where its ends are, is seen before any of it is left out.
async fn listed<T: DeserializeOwned>(
    reader: &Reader,
    list: List<T>,
    part_is_enough: bool,
) -> Result<Listed, Error> {
    let (list, wanted) = list.unfiltered();
    kept(reader.all(list).await?, &wanted, part_is_enough)
}

fn kept<T>(
    mut found: Listing<T>,
    wanted: &Filters<T>,
    part_is_enough: bool,
) -> Result<Listed, Error> {
    if !found.complete && !part_is_enough {
        return Err(Error::Unseen(Unseen::Cut));
    }
    have_ids(found.items.iter().map(|one| &one.raw))?;
    let upper_end = match found.complete {
        true => None,
        false => upper_end(&found.items, found.first),
    };
    // What nobody can tell of stays: the record may be the one that a guard looks for.
    found.items.retain(|one| wanted.fit(one) != Some(false));
    let records = found.items.into_iter().map(|one| one.raw).collect();
    Ok(Listed { records, upper_end, lack: None })
}

/// Records that cannot be told apart are no list: what is looked for may be among them.
fn have_ids<'a>(mut records: impl Iterator<Item = &'a Value>) -> Result<(), Error> {
    match records.all(|record| record.get("id").and_then(id_of).is_some()) {
        true => Ok(()),
        false => Err(Error::Unseen(Unseen::WithoutIds)),
    }
}

/// The lines that a record shows; none of one that is gone.
async fn lines_shown(
    reader: &Reader,
    on: Noun,
    id: &RecordId,
    retry: RetryPolicy,
) -> Result<Listed, Error> {
    let shown = one_record(reader, &on.record(id.clone()), retry).await?;
    let records = match shown.as_ref().map(|record| record[on.lines_member()].as_array()) {
        Some(Some(lines)) => lines.clone(),
        Some(None) => return Err(Error::Unseen(Unseen::NoLines)),
        None => Vec::new(),
    };
    have_ids(records.iter())?;
    Ok(Listed { records, ..Listed::default() })
}

/// The lowest id of the page that has the highest: whether that is the first or the last, the server decides.
fn upper_end<T>(records: &[Record<T>], first: usize) -> Option<u64> {
    let id = |record: &Record<T>| record.raw.get("id").and_then(id_of);
    let (first, last) = records.split_at(first.min(records.len()));
    let highest = |page: &[Record<T>]| page.iter().filter_map(id).max();
    let upper = if highest(first) >= highest(last) { first } else { last };
    upper.iter().filter_map(id).min()
}

/// A look asks the server itself.
fn asked<T, S>(read: Read<T, S>, retry: RetryPolicy) -> Read<T, S> {
    match retry {
        RetryPolicy::Retry => read.fresh(),
        RetryPolicy::Once => read.fresh().once(),
    }
}

/// The records of a list that is complete; a part of one proves no absence.
/// # Errors
/// When the server reports more pages than it returns.
pub fn whole<T>(list: Listing<T>) -> Result<Vec<Record<T>>, Error> {
    if list.complete {
        return Ok(list.items);
    }
    Err(Error::Unseen(Unseen::Cut))
}
