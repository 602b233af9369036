//! Reads answered from the mirror, in the API's own shape: lists page by page, records by id, and what belongs to them. The
//! whole of a process sees the mirror as it was at its first look. What the server alone would narrow by is done here as
//! well, or not answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, ToSql, params, params_from_iter};
use serde_json::{Value, json};

use super::details::SETTLED;
use super::kinds::Kind;
use super::narrowed::{Narrowed, never};
use super::row::{moment, whole};
use super::run::Lacks;
use super::store::{HORIZON, LACKS, ME, SWEPT, Store, key};
use crate::api::folder::{COMMENTS, CUSTOMERS, Folder, PAYMENTS};
use crate::api::ids::{AssetId, TicketId};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::NOT_CLOSED;
use crate::api::resources::{assets, comments, line_items, settings, users};
use crate::api::{Asked, Error as ApiError, Kept, Part, Provenance, Record};
use crate::error::Result;
use crate::names;

/// An open mirror, for reads alone.
pub struct Answers(Mutex<Open>);

struct Open {
    store: Store,
    /// Statuses that count as closed.
    closed: Vec<String>,
    /// What has been asked for, but for what follows, and what is known of it.
    used: Vec<(Kind, Provenance)>,
    /// Whether tickets have been asked for that nobody has named.
    lists_tickets: bool,
    /// Of the records that have been asked for of those that are read one by one, the one that was read first, and the same
    /// of those that a sync reads again.
    oldest: [Option<Page>; 2],
    /// The places of the records of a list, in its order, by what was asked.
    lists: HashMap<String, Arc<[i64]>>,
    /// The places of the lines and of the payments of each invoice.
    of_invoices: Option<[HashMap<i64, Vec<i64>>; 2]>,
}

/// When a record was read that has a page of its own.
#[derive(Debug, Clone, Copy)]
struct Page {
    kind: Kind,
    seen: Timestamp,
    /// Whether a sync leaves it alone.
    is_settled: bool,
}

impl Page {
    const fn provenance(self) -> Provenance {
        let again = match self {
            Self { kind: Kind::Patches, .. } => " --patches",
            Self { is_settled: true, .. } => " --full",
            _ => "",
        };
        let (as_of, swept) = (self.seen, self.seen);
        let (lacks_changes, lacks_texts, closed_from) = (false, false, None);
        Provenance { as_of, swept, lacks_changes, lacks_texts, closed_from, again }
    }
}

impl Answers {
    /// Those of a mirror, as it is from now on, whatever a sync writes meanwhile; `closed` are the statuses that count so.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(store: Store, closed: Vec<String>) -> Result<Self> {
        store.db().execute_batch("BEGIN").map_err(|error| store.told(error))?;
        let (used, lists_tickets, lists) = (Vec::new(), false, HashMap::new());
        let (oldest, of_invoices) = ([None; 2], None);
        let open = Open { store, closed, used, lists_tickets, oldest, lists, of_invoices };
        Ok(Self(Mutex::new(open)))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept for Answers {
    fn answer(&self, asked: &Asked<'_>) -> Result<Value, ApiError> {
        let path = asked.path;
        let mut open = self.open();
        for (alone, kind, id) in [
            (settings::account().path(), Kind::Settings, "1"),
            (settings::tickets().path(), Kind::Settings, "2"),
        ] {
            if path == alone {
                return open.record(asked, kind, id);
            }
        }
        if path == users::me().path() {
            return open.me(asked);
        }
        if path == users::all().path() {
            return open.list(asked, Kind::Users, Kind::Users.name(), None);
        }
        if path == customers::autocomplete("").path() {
            return open.customers(asked);
        }
        let mut parts = path.trim_matches('/').split('/');
        let (name, id, below) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        match (id, below) {
            (Some(id), Some(_)) => match id.parse::<u64>() {
                Ok(ticket) if path == comments::of_ticket(TicketId(ticket)).path() => {
                    open.list(asked, Kind::Comments, COMMENTS.many(), Some(ticket))
                }
                Ok(asset) if path == assets::patches(AssetId(asset), 1).path() => {
                    open.record(asked, Kind::Patches, id)
                }
                _ => Err(never(asked.what())),
            },
            (id, _) => {
                let (kind, folder) = listed(name, asked)?;
                let record = match (kind, id) {
                    (_, None) => return open.list(asked, kind, folder.many(), None),
                    (Kind::Tickets, Some(id)) => open.record(asked, Kind::Details, id)?,
                    (Kind::Invoices, Some(id)) => open.invoice(asked, id)?,
                    (_, Some(id)) => open.record(asked, kind, id)?,
                };
                Ok(json!({ folder.one(): record }))
            }
        }
    }

    fn provenance(&self) -> Option<Provenance> {
        self.open().provenance()
    }
}

/// The kind of which a path names the list.
fn listed(name: &str, asked: &Asked<'_>) -> Result<(Kind, Folder), ApiError> {
    let kinds = Kind::ALL.into_iter().filter_map(|kind| Some((kind, kind.folder()?)));
    let mut kinds = kinds.filter(|(_, folder)| folder.name() == name);
    kinds.next().ok_or_else(|| never(asked.what()))
}

impl Open {
    fn told(&self, error: rusqlite::Error) -> ApiError {
        ApiError::Key(self.store.told(error))
    }

    fn provenance(&self) -> Option<Provenance> {
        let of_lists = self.used.iter().map(|(_, one)| *one).reduce(Provenance::and);
        // Among those of a list, a ticket that was closed long ago is as the list has it.
        let [oldest, again] = self.oldest;
        let page = if self.lists_tickets { again } else { oldest };
        of_lists.into_iter().chain(page.map(Page::provenance)).reduce(Provenance::and)
    }

    /// Remembers a page that has been asked for.
    fn add(&mut self, page: Page) {
        let [oldest, again] = &mut self.oldest;
        for (slot, counts) in [(oldest, true), (again, !page.is_settled)] {
            if counts && slot.is_none_or(|oldest| page.seen < oldest.seen) {
                *slot = Some(page);
            }
        }
    }

    /// That a kind has been read to its end.
    fn need(&mut self, kind: Kind, asked: &Asked<'_>) -> Result<(), ApiError> {
        if self.used.iter().any(|(used, _)| *used == kind) {
            return Ok(());
        }
        // Each page of its own has its own date.
        let is_page = matches!(kind, Kind::Details | Kind::Patches);
        if is_page && self.store.read_at(kind)?.is_some() {
            return Ok(());
        }
        if let Some(one) = self.store.provenance(&[kind])?.filter(|_| !is_page) {
            self.used.push((kind, one));
            return Ok(());
        }
        let what = asked.what();
        Err(match self.store.known::<Lacks>(&key(kind, LACKS))? {
            Some(Lacks { why, status: status @ (401 | 403) }) => {
                ApiError::NotAuthorised { what, status, message: why }
            }
            Some(Lacks { why, .. }) => {
                ApiError::NotFound { what: format!("{why}: {what}"), by_api: true }
            }
            None => ApiError::NotMirrored { what, by: Some(kind.synced_by()) },
        })
    }

    fn me(&mut self, asked: &Asked<'_>) -> Result<Value, ApiError> {
        let me = self.store.known(ME)?;
        me.ok_or_else(|| ApiError::NotMirrored {
            what: asked.what(),
            by: Some(Kind::Users.synced_by()),
        })
    }

    /// A page of a list.
    fn list(
        &mut self,
        asked: &Asked<'_>,
        kind: Kind,
        member: &str,
        ticket: Option<u64>,
    ) -> Result<Value, ApiError> {
        self.need(kind, asked)?;
        let is_named = asked.query.iter().any(|param| param.name == "number");
        self.lists_tickets |= kind == Kind::Tickets && !is_named;
        let narrowed = self.narrowed(asked, kind, ticket)?;
        let places = self.places(&narrowed)?;
        let Narrowed { page, per_page, .. } = narrowed;
        let first = (page - 1).saturating_mul(per_page);
        let here = places.iter().skip(first).take(per_page).copied();
        let records = self.at(here, asked.part)?;
        let pages = places.len().div_ceil(per_page).max(1);
        let meta = json!({"page": page, "total_pages": pages, "total_entries": places.len()});
        Ok(json!({ member: records, "meta": meta }))
    }

    /// What a query asks of a list, as the server would do it.
    fn narrowed(
        &mut self,
        asked: &Asked<'_>,
        kind: Kind,
        ticket: Option<u64>,
    ) -> Result<Narrowed, ApiError> {
        let with_disabled = asked.query.iter().any(|param| param.name == "include_disabled");
        let all = if with_disabled { Narrowed::of(kind) } else { Narrowed::enabled(kind) };
        let mut list = match ticket {
            Some(ticket) => {
                let ticket = i64::try_from(ticket).unwrap_or(i64::MAX);
                all.and("ticket_id = ?", ticket.into())
            }
            None => all,
        };
        for param in &asked.query {
            let (name, value) = (param.name, param.value);
            let number = value.parse::<i64>().ok();
            let count = value.parse::<usize>().ok().filter(|count| *count > 0);
            list = match (name, number, count) {
                ("page", _, Some(page)) => Narrowed { page, ..list },
                ("per_page", _, Some(per_page)) => Narrowed { per_page, ..list },
                ("include_disabled", ..) if kind == Kind::Customers => list,
                ("status", ..) if kind == Kind::Alerts && value == "all" => list,
                // Whoever asks leaves out what is closed, as most tickets are: for that they need not be read.
                ("status", ..)
                    if kind == Kind::Tickets && param.is_fitted && value == NOT_CLOSED =>
                {
                    let closed = self.closed.iter();
                    closed.fold(list, |list, name| list.and("state IS NOT ?", name.clone().into()))
                }
                ("sort_direction", ..) if value.eq_ignore_ascii_case("DESC") => list,
                ("sort", ..) => list.sorted(value, asked)?,
                ("number", ..) => list.and("number = ?", value.to_owned().into()),
                ("customer_id" | "ticket_id", Some(id), _) if param.is_fitted => {
                    // One that names it in another form may be of any, and is judged by whoever asks. Where there is none,
                    // the index alone finds the others.
                    let other = name.trim_end_matches("_id");
                    let unclear = format!(
                        "{name} IS NULL AND coalesce(json ->> '$.{name}', json ->> '$.{other}') IS NOT NULL"
                    );
                    match self.places(&Narrowed::of(kind).that(&unclear))?.is_empty() {
                        true => list.and(&format!("{name} = ?"), id.into()),
                        false => list.and(&format!("({name} = ? OR {unclear})"), id.into()),
                    }
                }
                ("created_at_gt", ..) => list.and(
                    "(julianday(json ->> '$.created_at') > julianday(?) \
                     OR julianday(json ->> '$.created_at') IS NULL)",
                    value.to_owned().into(),
                ),
                // Compared as a text: what changed on that day comes after its name. One that does not clearly say when it
                // changed is judged by whoever asks.
                ("since_updated_at", ..) if param.is_fitted && value.parse::<Date>().is_ok() => {
                    list.and(
                        "(updated_at >= ? OR julianday(json ->> '$.updated_at') IS NULL)",
                        value.to_owned().into(),
                    )
                }
                _ if param.is_fitted => list,
                _ => return Err(never(format!("{} by {name}", asked.what()))),
            };
        }
        Ok(list)
    }

    /// Where the records of a list are, in its order.
    fn places(&mut self, narrowed: &Narrowed) -> Result<Arc<[i64]>, ApiError> {
        let Narrowed { test, order, values, .. } = narrowed;
        let known = format!("{test} {order} {values:?}");
        if let Some(places) = self.lists.get(&known) {
            return Ok(Arc::clone(places));
        }
        let sql = format!("SELECT rowid FROM rec WHERE gone IS NULL AND {test} ORDER BY {order}");
        let read = || -> rusqlite::Result<Vec<i64>> {
            let mut statement = self.store.db().prepare(&sql)?;
            let values = values.iter().map(|value| value as &dyn ToSql);
            statement.query_map(params_from_iter(values), |row| row.get(0))?.collect()
        };
        let places: Arc<[i64]> = read().map_err(|error| self.told(error))?.into();
        self.lists.insert(known, Arc::clone(&places));
        Ok(places)
    }

    /// The records at these places.
    fn at(
        &self,
        places: impl Iterator<Item = i64>,
        part: Option<Part>,
    ) -> Result<Vec<Value>, ApiError> {
        let read = || -> rusqlite::Result<Vec<Value>> {
            let sql = "SELECT json, kind, ticket_id FROM rec WHERE rowid = ?";
            let mut statement = self.store.db().prepare(sql)?;
            places.map(|place| statement.query_row([place], |row| read(row, part))).collect()
        };
        read().map_err(|error| self.told(error))
    }

    fn record(&mut self, asked: &Asked<'_>, kind: Kind, id: &str) -> Result<Value, ApiError> {
        self.need(kind, asked)?;
        let found = match id.parse::<i64>() {
            Ok(id) => self.page(kind, id)?,
            Err(_) => None,
        };
        if let Some((_, page)) = found.filter(|_| self.used.iter().all(|(used, _)| *used != kind)) {
            self.add(page);
        }
        let record = self.at(found.map(|(place, _)| place).into_iter(), asked.part)?.pop();
        record.ok_or_else(|| ApiError::NotKept { what: asked.what() })
    }

    /// Where a record is, and when it was read.
    fn page(&self, kind: Kind, id: i64) -> Result<Option<(i64, Page)>, ApiError> {
        let read_at = self.store.read_at(kind)?.unwrap_or_default();
        let settled = moment(read_at.checked_sub(SETTLED).unwrap_or(Timestamp::MIN));
        let sql = "SELECT r.rowid, r.seen, t.state FROM rec r \
                   LEFT JOIN rec t ON r.kind = 'details' AND t.kind = 'tickets' AND t.id = r.id \
                   AND t.updated_at IS r.updated_at AND t.updated_at < ?3 \
                   WHERE r.kind = ?1 AND r.id = ?2 AND r.gone IS NULL";
        let read = |row: &rusqlite::Row<'_>| {
            let seen = row.get_ref(1)?.as_str()?.parse().unwrap_or_default();
            let state: Option<String> = row.get(2)?;
            let is_settled = state.is_some_and(|state| names::is_among(&state, &self.closed));
            Ok((row.get(0)?, Page { kind, seen, is_settled }))
        };
        let found = self.store.db().query_row(sql, params![kind.name(), id, settled], read);
        found.optional().map_err(|error| self.told(error))
    }

    /// The customers that have all the words of a query.
    fn customers(&mut self, asked: &Asked<'_>) -> Result<Value, ApiError> {
        let query = asked.query.iter().find(|param| param.name == "query");
        let query = query.map(|param| names::plain(param.value)).unwrap_or_default();
        let all = Asked { path: asked.path, query: Vec::new(), part: None };
        self.need(Kind::Customers, &all)?;
        let all = self.narrowed(&all, Kind::Customers, None)?;
        let places = self.places(&all)?;
        let mut fitting = self.at(places.iter().copied(), None)?;
        fitting.retain(|one| {
            let customer: Option<Record<Customer>> = Record::read(one.clone()).ok();
            customer.is_some_and(|one| query.split(' ').all(|word| one.mentions(word)))
        });
        Ok(json!({ CUSTOMERS.many(): fitting }))
    }

    /// An invoice with its lines and payments, which the server shows on its own page.
    fn invoice(&mut self, asked: &Asked<'_>, id: &str) -> Result<Value, ApiError> {
        for kind in [Kind::Invoices, Kind::Lines, Kind::Payments] {
            self.need(kind, asked)?;
        }
        // Whether it is whole is judged by all of it.
        let asked = &Asked { part: None, ..asked.clone() };
        let mut invoice = match self.record(asked, Kind::Invoices, id) {
            Err(ApiError::NotKept { what }) => {
                let number = Narrowed::of(Kind::Invoices).and("number = ?", id.to_owned().into());
                let places = self.places(&number)?;
                let found = self.at(places.first().copied().into_iter(), None)?.pop();
                found.ok_or(ApiError::NotKept { what })?
            }
            found => found?,
        };
        let own = whole(&invoice["id"]).unwrap_or_default();
        if self.of_invoices.is_none() {
            self.of_invoices = Some([
                self.by_invoice(
                    "SELECT rowid, json ->> '$.invoice_id' FROM rec \
                     WHERE kind = 'lines' AND gone IS NULL ORDER BY id",
                )?,
                self.by_invoice(
                    "SELECT r.rowid, i.value FROM rec r, json_each(r.json, '$.invoice_ids') i \
                     WHERE r.kind = 'payments' AND r.gone IS NULL ORDER BY r.id",
                )?,
            ]);
        }
        let places = self.of_invoices.as_ref();
        let parts =
            places.map(|all| all.each_ref().map(|of| of.get(&own).cloned().unwrap_or_default()));
        for (name, places) in
            [line_items::BELOW, PAYMENTS.many()].iter().zip(parts.into_iter().flatten())
        {
            if invoice[name].is_null() {
                invoice[name] = self.at(places.into_iter(), None)?.into();
            }
        }
        // A line that came, went or changed after all lines were read is not known, nor what was dropped.
        let known = |what| self.store.known::<Timestamp>(&key(Kind::Lines, what));
        let (swept, kept_from) = (known(SWEPT)?, known(HORIZON)?);
        let changed = crate::api::fields::to_instant(&invoice["updated_at"]);
        let is_settled = changed.zip(swept).is_some_and(|(changed, swept)| {
            changed < swept && kept_from.is_none_or(|kept_from| changed >= kept_from)
        });
        match is_settled || adds_up(&invoice) {
            true => Ok(invoice),
            false => Err(ApiError::NotKept {
                what: format!("what is on the invoice of {}", asked.what()),
            }),
        }
    }

    fn by_invoice(&self, sql: &str) -> Result<HashMap<i64, Vec<i64>>, ApiError> {
        let read = || -> rusqlite::Result<HashMap<i64, Vec<i64>>> {
            let mut statement = self.store.db().prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut by_invoice: HashMap<i64, Vec<i64>> = HashMap::new();
            while let Some(row) = rows.next()? {
                let invoice = match row.get::<_, rusqlite::types::Value>(1)? {
                    rusqlite::types::Value::Integer(id) => Some(id),
                    rusqlite::types::Value::Text(id) => id.trim().parse().ok(),
                    _ => None,
                };
                if let Some(invoice) = invoice {
                    by_invoice.entry(invoice).or_default().push(row.get(0)?);
                }
            }
            Ok(by_invoice)
        };
        read().map_err(|error| self.told(error))
    }
}

/// A record, or a part of it, in a row of its JSON, its kind and its ticket.
fn read(row: &rusqlite::Row<'_>, part: Option<Part>) -> rusqlite::Result<Value> {
    let text = row.get_ref(0)?.as_str()?;
    let record = part.map_or_else(|| serde_json::from_str(text), |part| part.read(text));
    let mut record: Value = record.unwrap_or_default();
    // One that came with its ticket does not say which that is.
    let is_part = row.get_ref(1)?.as_str()? == Kind::Comments.name();
    if is_part && record["ticket_id"].is_null() {
        record["ticket_id"] = row.get::<_, Option<i64>>(2)?.into();
    }
    Ok(record)
}

/// Whether there are lines of an invoice that come to its subtotal, to the cent for each; what cannot be read does not.
fn adds_up(invoice: &Value) -> bool {
    let Ok(invoice) = Record::<Invoice>::read(invoice.clone()) else { return false };
    let amounts = invoice.line_items.iter().map(|line| line.amount());
    let sum: Option<rust_decimal::Decimal> = amounts.sum();
    let cents = i64::try_from(invoice.line_items.len()).unwrap_or(i64::MAX);
    let apart = |(sum, subtotal): (rust_decimal::Decimal, rust_decimal::Decimal)| {
        sum.saturating_sub(subtotal).abs() <= rust_decimal::Decimal::new(cents, 2)
    };
    !invoice.line_items.is_empty() && sum.zip(invoice.subtotal).is_some_and(apart)
}
