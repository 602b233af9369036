//! A look: the reads that judging some steps needs, made at once and kept together. What one look has fetched
//! serves every step that needs it, so that a check costs no round trip that another one already paid.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{LocalBoxFuture, OptionFuture, try_join_all};
use serde_json::Value;

use super::place::{Pool, RecordRef, Space, id_of};
use super::plan::{Baseline, Scope};
use crate::api::ids::{InvoiceId, LineItemId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error, Get, List, Listing, Reader, Record};

/// Which reads a look makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSet {
    ticket: bool,
    comments: bool,
    invoices: bool,
    customer: bool,
    invoice: Option<InvoiceId>,
    things: BTreeSet<RecordRef>,
    pools: BTreeSet<Pool>,
}

impl ReadSet {
    /// No read at all.
    pub const NOTHING: Self = Self {
        ticket: false,
        comments: false,
        invoices: false,
        customer: false,
        invoice: None,
        things: BTreeSet::new(),
        pools: BTreeSet::new(),
    };

    /// And the ticket with its line items and timer entries.
    #[must_use]
    pub fn ticket(mut self) -> Self {
        self.ticket = true;
        self
    }

    /// And all comments.
    #[must_use]
    pub fn comments(mut self) -> Self {
        self.comments = true;
        self
    }

    /// And the ticket's invoices.
    #[must_use]
    pub fn invoices(mut self) -> Self {
        self.invoices = true;
        self
    }

    /// And the customer with the prepaid hours.
    #[must_use]
    pub fn customer(mut self) -> Self {
        self.customer = true;
        self
    }

    /// And one invoice with its lines.
    #[must_use]
    pub fn invoice(mut self, invoice: InvoiceId) -> Self {
        self.invoice = Some(invoice);
        self
    }

    /// And one record; what belongs to the ticket is read with it.
    #[must_use]
    pub fn thing(mut self, thing: &RecordRef) -> Self {
        if thing.is_of_ticket() {
            return self.ticket();
        }
        self.things.insert(thing.clone());
        self
    }

    /// And the list that a new record appears in.
    #[must_use]
    pub fn space(mut self, space: &Space) -> Self {
        match space {
            Space::Comments => self.comments(),
            Space::Lines | Space::Timers | Space::Appointments => self.ticket(),
            Space::Invoices => self.invoices(),
            Space::Pool(pool) => {
                self.pools.insert(pool.clone());
                self
            }
        }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.things.extend(other.things);
        self.pools.extend(other.pools);
        Self {
            ticket: self.ticket || other.ticket,
            comments: self.comments || other.comments,
            invoices: self.invoices || other.invoices,
            customer: self.customer || other.customer,
            invoice: self.invoice.or(other.invoice),
            things: self.things,
            pools: self.pools,
        }
    }

    /// The plan's ticket and customer are read once, as such or by themselves.
    fn without_doubles(mut self, scope: &Scope) -> Self {
        let (ticket, customer) = (self.ticket, self.customer);
        self.things.retain(|thing| match thing {
            RecordRef::Ticket(id) => !ticket || id.id() != scope.ticket.map(|id| id.0),
            RecordRef::Customer(id) => !customer || id.id() != scope.customer.map(|id| id.0),
            _ => true,
        });
        self
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }
}

/// What one look has shown. Parts that were not asked for are empty.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The ticket.
    pub ticket: Option<Record<Ticket>>,
    /// Its comments, all of them, newest first.
    pub comments: Vec<Record<Comment>>,
    /// Its invoices, all of them.
    pub invoices: Vec<Record<Invoice>>,
    /// The customer.
    pub customer: Option<Record<Customer>>,
    /// The one invoice; `None` when the server has none of that id.
    pub invoice: Option<Record<Invoice>>,
    /// Records by themselves; `None` for one that the server has not.
    pub things: BTreeMap<RecordRef, Option<Value>>,
    /// Lists of their own.
    pub pools: BTreeMap<Pool, Vec<Value>>,
    /// Of lists of which only the ends were read, the lowest id of the upper end.
    pub upper_ends: BTreeMap<Pool, u64>,
    /// Which of comments and invoices were read: an empty list may be one that nobody asked for.
    pub listed: BTreeSet<Space>,
}

impl Snapshot {
    /// One record as the look shows it; `None` when the server has none of that id.
    #[must_use]
    pub fn thing(&self, thing: &RecordRef) -> Option<&Value> {
        match thing {
            RecordRef::Line(id) => {
                let line = self.lines().iter().find(|line| Some(line.id.0) == id.id());
                line.map(|line| &line.raw)
            }
            RecordRef::Timer(id) => {
                let timers = &self.ticket.as_ref()?.ticket_timers;
                let timer = timers.iter().find(|timer| Some(timer.id.0) == id.id());
                timer.map(|timer| &timer.raw)
            }
            other => match self.things.get(other) {
                Some(record) => record.as_ref(),
                None => self.known(other),
            },
        }
    }

    /// The ticket and the customer, which are read as such for most plans.
    fn known(&self, thing: &RecordRef) -> Option<&Value> {
        match thing {
            RecordRef::Ticket(id) => {
                let ticket = self.ticket.as_ref();
                let ticket = ticket.filter(|ticket| Some(ticket.id.0) == id.id());
                ticket.map(|ticket| &ticket.raw)
            }
            RecordRef::Customer(id) => {
                let customer = self.customer.as_ref();
                let customer = customer.filter(|customer| Some(customer.id.0) == id.id());
                customer.map(|customer| &customer.raw)
            }
            _ => None,
        }
    }

    /// Whether the look has read where the record would be.
    #[must_use]
    pub fn has_read(&self, thing: &RecordRef) -> bool {
        if thing.is_of_ticket() {
            return self.ticket.is_some();
        }
        self.things.contains_key(thing) || self.known(thing).is_some()
    }

    /// The records of a list.
    #[must_use]
    pub fn records(&self, space: &Space) -> Vec<&Value> {
        let ticket = self.ticket.as_ref();
        match space {
            Space::Comments => self.comments.iter().map(|one| &one.raw).collect(),
            Space::Invoices => self.invoices.iter().map(|one| &one.raw).collect(),
            Space::Lines => self.lines().iter().map(|one| &one.raw).collect(),
            Space::Timers => ticket.map_or_else(Vec::new, |ticket| {
                ticket.ticket_timers.iter().map(|one| &one.raw).collect()
            }),
            Space::Appointments => ticket.map_or_else(Vec::new, |ticket| {
                let bare = |one| Value::get(one, "appointment").unwrap_or(one);
                ticket.appointments.iter().map(bare).collect()
            }),
            Space::Pool(pool) => self.pools.get(pool).into_iter().flatten().collect(),
        }
    }

    /// Whether there may be records above `highest` that the look has not read.
    pub(super) fn skips_over(&self, space: &Space, highest: Option<u64>) -> bool {
        let Space::Pool(pool) = space else {
            return false;
        };
        let lowest = self.upper_ends.get(pool);
        lowest
            .is_some_and(|lowest| highest.is_none_or(|highest| *lowest > highest.saturating_add(1)))
    }

    /// The ids of a list.
    #[must_use]
    pub fn ids(&self, space: &Space) -> BTreeSet<u64> {
        let records = self.records(space).into_iter();
        records.filter_map(|record| id_of(record.get("id")?)).collect()
    }

    /// What is there now, for a plan that is made of this look.
    #[must_use]
    pub fn baseline(&self) -> Baseline {
        let mut baseline = Baseline::default();
        let pools = self.pools.keys().cloned().map(Space::Pool);
        for space in Space::OF_TICKET.into_iter().chain(pools) {
            match self.has_listed(&space) {
                true => baseline.set(&space, self.ids(&space)),
                false => {
                    baseline.unread.insert(space);
                }
            }
        }
        baseline
    }

    fn has_listed(&self, space: &Space) -> bool {
        match space {
            Space::Lines | Space::Timers | Space::Appointments => self.ticket.is_some(),
            Space::Comments | Space::Invoices => self.listed.contains(space),
            Space::Pool(pool) => self.pools.contains_key(pool),
        }
    }

    /// The ticket's line items.
    #[must_use]
    pub fn lines(&self) -> &[Record<LineItem>] {
        self.ticket.as_ref().map_or(&[], |ticket| &ticket.line_items)
    }

    /// One line item.
    #[must_use]
    pub fn line(&self, id: LineItemId) -> Option<&Record<LineItem>> {
        self.lines().iter().find(|line| line.id == id)
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

/// Makes the reads of `needs` at once, past any cache.
///
/// # Errors
/// The first read that failed; half a look shows nothing.
pub fn look<'a>(
    reader: &'a Reader,
    scope: &'a Scope,
    needs: ReadSet,
    retry: RetryPolicy,
) -> LocalBoxFuture<'a, Result<Snapshot, Error>> {
    Box::pin(read(reader, scope, needs, retry))
}

async fn read(
    reader: &Reader,
    scope: &Scope,
    needs: ReadSet,
    retry: RetryPolicy,
) -> Result<Snapshot, Error> {
    let needs = needs.without_doubles(scope);
    let ticket_id = || {
        let none = || not_asked("the plan is about no ticket");
        scope.ticket.ok_or_else(none)
    };
    let of_ticket = needs.ticket || needs.comments || needs.invoices;
    let id = if of_ticket { Some(ticket_id()?) } else { None };
    let ticket = id.filter(|_| needs.ticket).map(|id| reader.get(one(tickets::get(id), retry)));
    let comments =
        id.filter(|_| needs.comments).map(|id| reader.all(many(comments::of_ticket(id), retry)));
    let invoices =
        id.filter(|_| needs.invoices).map(|id| reader.all(many(invoices::of_ticket(id), retry)));
    let customer = scope
        .customer
        .filter(|_| needs.customer)
        .map(|id| reader.get(one(customers::get(id), retry)));
    let invoice = needs.invoice.map(|id| one_invoice(reader, id, retry));
    let things = try_join_all(needs.things.iter().map(|thing| one_thing(reader, thing, retry)));
    let pools = try_join_all(needs.pools.iter().map(|pool| one_pool(reader, pool, retry)));
    let (ticket, comments, invoices, customer, invoice, things, pools) = tokio::join!(
        OptionFuture::from(ticket),
        OptionFuture::from(comments),
        OptionFuture::from(invoices),
        OptionFuture::from(customer),
        OptionFuture::from(invoice),
        things,
        pools,
    );
    let mut invoices = invoices.transpose()?.map(whole).transpose()?.unwrap_or_default();
    // A server that does not know the filter returns everybody's invoices.
    invoices.retain(|invoice| invoice.ticket_id == scope.ticket);
    let ticket = ticket.transpose()?;
    let customer = customer.transpose()?;
    let pools = pools?;
    // An answer about another record shows nothing of this one.
    let other = ticket.as_ref().is_some_and(|ticket| Some(ticket.id) != scope.ticket)
        || customer.as_ref().is_some_and(|customer| Some(customer.id) != scope.customer);
    if other {
        return Err(another());
    }
    let lists = [(needs.comments, Space::Comments), (needs.invoices, Space::Invoices)];
    let listed = lists.into_iter().filter(|(asked, _)| *asked);
    Ok(Snapshot {
        listed: listed.map(|(_, space)| space).collect(),
        ticket,
        comments: comments.transpose()?.map(whole).transpose()?.unwrap_or_default(),
        invoices,
        customer,
        invoice: invoice.transpose()?.flatten(),
        things: needs.things.iter().cloned().zip(things?).collect(),
        upper_ends: upper_ends(&needs, &pools),
        pools: needs
            .pools
            .iter()
            .cloned()
            .zip(pools.into_iter().map(|(records, _)| records))
            .collect(),
    })
}

/// One record by itself, or none: an empty 404. Only of a contract a `null` says so; of anything else it says nothing.
async fn one_thing(
    reader: &Reader,
    thing: &RecordRef,
    retry: RetryPolicy,
) -> Result<Option<Value>, Error> {
    let Some((get, wrapper)) = thing.read() else {
        return Err(not_asked("the plan does not know yet which record it is about"));
    };
    let raw = match reader.get(one(get, retry)).await {
        Ok(record) => record.raw,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let wrapped = wrapper.and_then(|name| raw.get(name));
    let record = wrapped.cloned().unwrap_or(raw);
    if record.is_null() && thing.is_null_when_gone() {
        return Ok(None);
    }
    let answered = record.get("id").and_then(id_of);
    match thing.asked() {
        // A path with no id of its own: there is nothing to compare.
        None if record.is_object() => Ok(Some(record)),
        Some(asked) if answered == Some(asked) => Ok(Some(record)),
        Some(asked) if thing.takes_numbers() && is_number(&record, asked) => Ok(None),
        _ => Err(another()),
    }
}

/// Whether a record has `asked` for its number: the path takes numbers too, so that another one may answer in place of
/// one that is gone.
fn is_number(record: &Value, asked: u64) -> bool {
    record.get("number").and_then(id_of) == Some(asked)
}

/// Of the lists that were cut, where their upper end begins.
fn upper_ends(needs: &ReadSet, pools: &[(Vec<Value>, Option<u64>)]) -> BTreeMap<Pool, u64> {
    let pools = needs.pools.iter().zip(pools);
    pools.filter_map(|(pool, (_, end))| Some((pool.clone(), (*end)?))).collect()
}

/// The records of a list, the server's unfiltered rest left out; and where the upper end begins of one that was cut.
async fn one_pool(
    reader: &Reader,
    pool: &Pool,
    retry: RetryPolicy,
) -> Result<(Vec<Value>, Option<u64>), Error> {
    let list = reader.all(many(pool.read(), retry)).await?;
    let end = (!list.complete).then(|| upper_end(&list));
    // Of a list that only grows at its end, its ends are enough.
    let records = match pool {
        Pool::Payments => list.items,
        _ => whole(list)?,
    };
    let records: Vec<Value> = records.into_iter().map(|record| record.raw).collect();
    // Records that cannot be told apart are no list: what is looked for may be among them.
    if records.iter().any(|record| record.get("id").and_then(id_of).is_none()) {
        return Err(not_asked("the server's list has records without ids"));
    }
    let records = records.into_iter().filter(|record| pool.holds(record));
    Ok((records.collect(), end.flatten()))
}

/// The lowest id of the page that has the highest: whether that is the first or the last, the server decides.
fn upper_end(list: &Listing<Value>) -> Option<u64> {
    let id = |record: &Record<Value>| record.raw.get("id").and_then(id_of);
    let (first, last) = list.items.split_at(list.first.min(list.items.len()));
    let highest = |page: &[Record<Value>]| page.iter().filter_map(id).max();
    let upper = if highest(first) >= highest(last) { first } else { last };
    upper.iter().filter_map(id).min()
}

fn another() -> Error {
    not_asked("the server answered with another record than was asked for")
}

fn one<T>(get: Get<T>, retry: RetryPolicy) -> Get<T> {
    match retry {
        RetryPolicy::Retry => get.fresh(),
        RetryPolicy::Once => get.fresh().once(),
    }
}

fn many<T>(list: List<T>, retry: RetryPolicy) -> List<T> {
    match retry {
        RetryPolicy::Retry => list.fresh(),
        RetryPolicy::Once => list.fresh().once(),
    }
}

/// The invoice with this id, or none: another one that has the id for its number may answer.
async fn one_invoice(
    reader: &Reader,
    id: InvoiceId,
    retry: RetryPolicy,
) -> Result<Option<Record<Invoice>>, Error> {
    match reader.get(one(invoices::get(id), retry)).await {
        Ok(invoice) if invoice.id == id => Ok(Some(invoice)),
        Ok(invoice) if is_number(&invoice.raw, id.0) => Ok(None),
        Ok(_) => Err(another()),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The records of a list that is complete; a part of one proves no absence.
/// # Errors
/// When the server counts more pages than it gives.
pub fn whole<T>(list: Listing<T>) -> Result<Vec<Record<T>>, Error> {
    if list.complete {
        return Ok(list.items);
    }
    Err(not_asked("the server counts more pages than it gives"))
}

fn not_asked(cause: &str) -> Error {
    Error::Foreign { what: "the look".to_owned(), cause: cause.to_owned(), status: None }
}
