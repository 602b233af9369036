//! The sync: kind by kind, page by page, each page a transaction. Killed anywhere, the next one continues: what was read
//! is kept with where the reading stood. What changed is asked for from the server's own clock at the last reading, less a
//! few minutes; never from this machine's.

mod patches;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::budget::Budget;
use super::details;
use super::kinds::{Kind, Manner};
use super::outcome::{Counts, Outcome, Step, Watch, Wishes};
use super::row::{Row, moment, whole};
use super::run::{End, Lacks, Run, end};
use super::store::{HORIZON, LACKS, ME, Pen, Put, READ, RUN, SWEPT, Store, key};
use crate::api::folder::TICKETS;
use crate::api::ids::TicketId;
use crate::api::resources::users::{self, Me};
use crate::api::resources::{comments, settings};
use crate::api::{Error as ApiError, Reader, Sheet};
use crate::error::{Error, Result};
use crate::names;

/// Clocks of a server's machines differ, and a record is in its list a little after it was written.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// The reading of a whole list is not continued after so long: records that went meanwhile have moved others to pages
/// that were read.
const SAME_SWEEP: SignedDuration = SignedDuration::from_hours(1);

/// A list that claims more pages is broken.
const MOST_PAGES: u64 = 100_000;

/// The months before the first sync of which closed tickets, invoices, time and comments are kept.
const MONTHS: i64 = 24;

/// What is said of a list that is not whole.
const TOO_FEW: &str = "the server returned fewer records than it counts; none is taken for deleted";

/// What is said of one that is empty and was not.
const EMPTY: &str = "the list is empty, and was not before; none is taken for deleted";

/// So many tickets whose pages cannot be read are left out; then it is not the tickets.
const MOST_UNREAD: u32 = 20;

/// So often the server's word is waited for that its limit is used up, one request after another.
const MOST_WAITS: u32 = 30;

/// A sync.
pub struct Sync<'a> {
    reader: &'a Reader,
    store: &'a mut Store,
    budget: Budget,
    wishes: &'a Wishes,
    watch: &'a dyn Watch,
    requests: u64,
}

impl<'a> Sync<'a> {
    /// One that has not begun.
    #[must_use]
    pub fn new(
        reader: &'a Reader,
        store: &'a mut Store,
        budget: Budget,
        wishes: &'a Wishes,
        watch: &'a dyn Watch,
    ) -> Self {
        Self { reader, store, budget, wishes, watch, requests: 0 }
    }

    /// Reads what is due of each kind.
    ///
    /// # Errors
    /// Those of a read that stops all; what was read before is kept.
    pub async fn run(mut self) -> Result<Vec<Outcome>> {
        let me = self.asked(|reader| Box::pin(reader.get(users::me()))).await?;
        let now = self.reader.now();
        self.store.together(|pen| {
            pen.know("user_id", &me.user_id)?;
            let Me { user_id, user_name, user_email } = &me.view;
            let me = json!({"user_id": user_id, "user_name": user_name, "user_email": user_email});
            pen.know(ME, &me)?;
            pen.know("began", &now)
        })?;
        let mut outcomes = Vec::new();
        for kind in Kind::ALL {
            if !self.wishes.want(kind) {
                continue;
            }
            let before = self.requests;
            let mut outcome = match kind.manner() {
                Manner::Pages => self.pages(kind).await?,
                Manner::Details => self.details().await?,
                Manner::Patches => self.patches().await?,
                Manner::Changed(_) | Manner::Newest | Manner::Whole => self.list(kind).await?,
            };
            outcome.requests = self.requests - before;
            outcomes.push(outcome);
        }
        if let Some(before) = self.wishes.keep {
            self.store.together(|pen| pen.drop_closed(before, &self.wishes.closed))?;
        }
        Ok(outcomes)
    }

    /// Makes a request when there is room for it, and again as long as the server says that there is none.
    async fn asked<T, F>(&mut self, ask: impl Fn(&'a Reader) -> F) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let mut waits = 0;
        loop {
            self.budget.room().await;
            self.requests += 1;
            match ask(self.reader).await {
                Err(ApiError::RateLimited { .. }) if waits < MOST_WAITS => waits += 1,
                answer => return answer,
            }
        }
    }

    fn step(&self, kind: Kind, read: u64, of: u64) {
        let left = self.budget.takes(of.saturating_sub(read));
        self.watch.step(&Step { kind, read, of, left });
    }

    /// The server's clock at the latest answer.
    fn date(&self) -> Timestamp {
        self.reader.server_date().unwrap_or_else(|| self.reader.now())
    }

    /// Whether what happened then is so long ago.
    fn is_older(&self, at: Option<Timestamp>, span: SignedDuration) -> bool {
        at.is_none_or(|at| self.reader.now().duration_since(at) >= span)
    }

    /// What is one answer, or two.
    async fn pages(&mut self, kind: Kind) -> Result<Outcome> {
        let mut outcome = Outcome::of(kind);
        let read: Option<Timestamp> = self.store.known(&key(kind, READ))?;
        if !self.wishes.full && !kind.sweep().is_some_and(|span| self.is_older(read, span)) {
            return Ok(outcome);
        }
        let answer = match kind {
            Kind::Users => self.users().await,
            _ => self.settings().await,
        };
        let values = match answer {
            Ok(values) => values,
            Err(error) => return self.left_out(kind, error),
        };
        if values.is_empty() && self.store.has_any(kind)? {
            outcome.left_out = Some(format!("{}: {EMPTY}", kind.name()));
            return Ok(outcome);
        }
        let (date, bodies) = (self.date(), self.wishes.bodies);
        let counts = self.store.together(|pen| {
            pen.forget_sweep(kind)?;
            let rows = values.into_iter().filter_map(|value| Row::of(kind, value, bodies));
            let counts = put_all(pen, rows, date, true)?;
            let gone = pen.gone_unswept(kind, date)?;
            pen.forget_sweep(kind)?;
            pen.know(&key(kind, READ), &date)?;
            pen.know(&key(kind, SWEPT), &date)?;
            pen.unlearn(&key(kind, LACKS))?;
            Ok(Counts { gone, ..counts })
        })?;
        outcome.add(counts);
        Ok(outcome)
    }

    async fn users(&mut self) -> Result<Vec<Value>, ApiError> {
        let users = self.asked(|reader| Box::pin(reader.get(users::all()))).await?;
        Ok(users.view.users)
    }

    /// Both kinds of settings: the account's under 1, the tickets' under 2.
    async fn settings(&mut self) -> Result<Vec<Value>, ApiError> {
        let account = self.asked(|reader| Box::pin(reader.get(settings::account()))).await?;
        let tickets = self.asked(|reader| Box::pin(reader.get(settings::tickets()))).await?;
        let mut values = vec![account.raw, tickets.raw];
        for (value, id) in values.iter_mut().zip(1..) {
            give(value, "id", Value::from(id));
        }
        Ok(values)
    }

    /// The tickets' own pages, one after another.
    async fn details(&mut self) -> Result<Outcome> {
        let mut outcome = Outcome::of(Kind::Details);
        let Wishes { full, closed, .. } = self.wishes;
        let due = details::due(self.store, self.reader.now(), closed, *full)?;
        let apart = self.store.known::<Lacks>(&key(Kind::Comments, LACKS))?.is_some();
        let of = u64::try_from(due.len()).unwrap_or(u64::MAX);
        let mut unread = 0;
        for (read, (id, changed)) in (0..).zip(due) {
            self.step(Kind::Details, read, of);
            let ticket = TicketId(id.unsigned_abs());
            let answer = self.asked(|reader| Box::pin(reader.get(TICKETS.get(ticket)))).await;
            let date = self.date();
            let mut page: Value = match answer {
                Ok(page) => page.view,
                Err(ApiError::NotFound { by_api: true, .. }) => {
                    self.store.together(|pen| pen.gone(Kind::Tickets, id, date))?;
                    outcome.gone += 1;
                    continue;
                }
                Err(error @ ApiError::NotAuthorised { .. }) => {
                    return self.left_out(Kind::Details, error);
                }
                Err(error) if passes(&error) && unread < MOST_UNREAD => {
                    unread += 1;
                    outcome.failed = true;
                    outcome.left_out =
                        Some(format!("{unread} ticket pages could not be read: {error}"));
                    continue;
                }
                Err(error) => return Err(cut_off(error)),
            };
            if apart {
                let all =
                    self.asked(|reader| Box::pin(reader.all(comments::of_ticket(ticket)))).await;
                let all = all.map_err(cut_off)?.items.into_iter();
                give(&mut page, "comments", all.map(|comment| comment.raw).collect());
            }
            let bodies = self.wishes.bodies;
            outcome.count(details::keep(self.store, page, (id, changed), date, bodies)?);
        }
        let now = self.date();
        self.store.together(|pen| pen.know(&key(Kind::Details, READ), &now))?;
        Ok(outcome)
    }

    /// A list, from where its reading stands.
    async fn list(&mut self, kind: Kind) -> Result<Outcome> {
        let mut outcome = Outcome::of(kind);
        let Some(mut run) = self.begin(kind)? else {
            return Ok(outcome);
        };
        let mut previous = BTreeSet::new();
        loop {
            let list = kind.list(run.since, run.part);
            let sheet = self.asked(|reader| Box::pin(reader.sheet(&list, run.page))).await;
            let sheet = match sheet {
                Ok(sheet) => sheet,
                Err(error) => return self.left_out(kind, error),
            };
            let date = self.date();
            if run.page == 1 && run.part == 0 {
                (run.date, run.total) = (Some(date), sheet.total);
            }
            let ids: BTreeSet<i64> = sheet.records.iter().filter_map(id).collect();
            // Behind its end a list has empty pages, or the last one again.
            let end = match sheet.last {
                _ if run.backwards && run.page <= 2 => End::Here,
                _ if run.backwards => End::Later,
                Some(last) if run.page >= last => End::Here,
                None if ids.is_subset(&previous) => End::Here,
                _ if ids.is_subset(&previous) || sheet.ignores_page => End::TooSoon,
                Some(last) if last > MOST_PAGES => End::TooSoon,
                _ => End::Later,
            };
            previous = ids;
            self.step(kind, run.page, sheet.last.unwrap_or(run.page));
            if self.keep(kind, sheet, &mut run, end, (date, &mut outcome))? {
                return Ok(outcome);
            }
        }
    }

    /// From when on closed records are kept where nobody has said it.
    fn at_first(&self) -> Timestamp {
        let now = self.reader.now().to_zoned(TimeZone::UTC);
        now.checked_sub(MONTHS.months()).map_or(Timestamp::MIN, |at| at.timestamp())
    }

    /// The run that a list is due for: one that was cut off, where it can be continued, or a new one.
    fn begin(&mut self, kind: Kind) -> Result<Option<Run>> {
        let known = |what: &str| self.store.known::<Timestamp>(&key(kind, what));
        let (read, swept, horizon) = (known(READ)?, known(SWEPT)?, known(HORIZON)?);
        let kept_from = self.wishes.keep.unwrap_or(Timestamp::MIN);
        let earlier =
            self.wishes.since.map(|since| since.max(kept_from)).filter(|since| {
                kind.has_horizon() && horizon.is_none_or(|horizon| *since < horizon)
            });
        let cut_off: Option<Run> = self.store.known(&key(kind, RUN))?;
        let continued = cut_off.filter(|run| {
            (!self.wishes.full || run.since.is_none())
                && earlier.is_none_or(|earlier| run.horizon == Some(earlier))
                && !(run.sweeps && self.is_older(run.date, SAME_SWEEP))
        });
        // What is new has moved what was read to later pages: only the end of the list ends it.
        if let Some(run) = continued {
            return Ok(Some(Run { until_known: false, ..run }));
        }
        let kept = earlier.or(horizon).unwrap_or_else(|| self.at_first()).max(kept_from);
        let sweeps = kind.sweep().is_some_and(|span| self.is_older(swept, span));
        let from = |at: Timestamp| at.checked_sub(SLACK).unwrap_or(at);
        let changes = matches!(kind.manner(), Manner::Changed(_));
        let since = match (read, earlier) {
            _ if !changes || self.wishes.full => None,
            (None, _) | (_, Some(_)) => Some(kept),
            (Some(_), None) if sweeps => None,
            (Some(read), None) => Some(from(read)),
        };
        if kind.manner() == Manner::Whole && !sweeps && !self.wishes.full {
            return Ok(None);
        }
        let sweeps = since.is_none() && (sweeps || self.wishes.full);
        self.store.together(|pen| pen.forget_sweep(kind))?;
        Ok(Some(Run {
            since,
            part: 0,
            page: 1,
            date: None,
            total: None,
            until_known: kind.manner() == Manner::Newest && !sweeps,
            backwards: false,
            sweeps,
            horizon: kind.has_horizon().then_some(kept),
        }))
    }

    /// Keeps a page, and with it where the reading stands. Says whether it has come to its end.
    fn keep(
        &mut self,
        kind: Kind,
        sheet: Sheet,
        run: &mut Run,
        ends: End,
        (date, outcome): (Timestamp, &mut Outcome),
    ) -> Result<bool> {
        let wishes = self.wishes;
        let horizon = run.horizon.map(moment);
        let is_empty = sheet.records.is_empty() && run.page == 1;
        let is_last = ends != End::Later;
        // Without a count of records, an empty list may be one that was lost on the way.
        let may_be_lost =
            is_empty && sheet.total.is_none() && run.sweeps && self.store.has_any(kind)?;
        let proves = ends != End::TooSoon && !may_be_lost;
        let mut next = run.clone();
        // The oldest are on the first page: what is new is on the last ones.
        let last = sheet.last.filter(|last| *last > 1 && run.until_known && run.page == 1);
        let last = last.filter(|_| !run.backwards && is_oldest_first(&sheet.records));
        let (counts, is_done, is_whole) = self.store.together(|pen| {
            let mut counts = Counts::default();
            for mut value in sheet.records {
                let said = match kind {
                    Kind::Tickets => details::part(&mut value, "comments"),
                    _ => None,
                };
                let Some(row) = Row::of(kind, value, wishes.bodies) else { continue };
                if next.sweeps {
                    pen.sweep(kind, row.id)?;
                }
                let ages = row.updated_at.as_ref().zip(horizon.as_ref());
                let is_old = ages.is_some_and(|(at, horizon)| at < horizon)
                    && !is_open(kind, &row, &wishes.closed);
                // Also from a server that does not know the filter.
                if is_old && !pen.has(kind, row.id)? {
                    continue;
                }
                counts.add(pen.put(&row, date, false)?);
                for comment in said.into_iter().flatten() {
                    let row = Row::on_ticket(Kind::Comments, comment, row.id, wishes.bodies);
                    row.map_or(Ok(Put::Same), |row| pen.put(&row, date, true))?;
                }
            }
            if let Some(last) = last {
                (next.page, next.backwards) = (last, true);
                pen.know(&key(kind, RUN), &next)?;
                return Ok((counts, false, true));
            }
            let is_known = next.until_known && counts.new + counts.changed == 0;
            let is_part = ends == End::Here && next.parts(kind) > next.part + 1;
            (next.page, next.part) = match is_part {
                true => (1, next.part + 1),
                false if next.backwards => (next.page.saturating_sub(1), next.part),
                false => (next.page + 1, next.part),
            };
            if (is_last && !is_part) || is_known {
                let gone = end(pen, kind, &next, proves)?;
                counts.gone = gone.unwrap_or(0);
                return Ok((counts, true, gone.is_some()));
            }
            pen.know(&key(kind, RUN), &next)?;
            Ok((counts, false, true))
        })?;
        outcome.add(counts);
        if !is_whole {
            outcome.failed = !may_be_lost;
            let why = if may_be_lost { EMPTY } else { TOO_FEW };
            outcome.left_out = Some(format!("{}: {why}", kind.name()));
        }
        *run = next;
        Ok(is_done)
    }

    /// A kind that the account does not have, or that the key may not read, stops no other.
    fn left_out(&mut self, kind: Kind, error: ApiError) -> Result<Outcome> {
        // A page of somebody between says nothing of the account.
        let is_foreign = matches!(error, ApiError::NotFound { by_api: false, .. });
        let (why, status) = match &error {
            ApiError::NotFound { by_api: true, .. } | ApiError::Refused { status: 501, .. } => {
                (format!("this account has no {}", kind.name()), Some(404))
            }
            ApiError::NotAuthorised { status, .. } => {
                (format!("the API key may not read {} ({status})", kind.name()), Some(*status))
            }
            error if passes(error) || is_foreign => (format!("{}: {error}", kind.name()), None),
            _ => return Err(cut_off(error)),
        };
        self.store.together(|pen| {
            if let Some(status) = status {
                pen.know(&key(kind, LACKS), &Lacks { why: why.clone(), status })?;
            }
            pen.unlearn(&key(kind, RUN))
        })?;
        let failed = status.is_none() && !is_foreign;
        Ok(Outcome { left_out: Some(why), failed, ..Outcome::of(kind) })
    }
}

/// Whether an answer cannot be read, of which another may be.
const fn passes(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::Unread { .. }
            | ApiError::Foreign { .. }
            | ApiError::TooLarge { .. }
            | ApiError::Another { .. }
            | ApiError::Refused { .. }
    ) && !matches!(error, ApiError::Refused { status: 501, .. })
}

/// What stops a sync, and that nothing of it is lost.
fn cut_off(error: ApiError) -> Error {
    Error::from(error).next("sync", "continue where it stopped")
}

/// Gives a record a member; what is no record has none.
fn give(value: &mut Value, name: &str, member: Value) {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}

/// Whether a page has its oldest record first, as far as ids tell.
fn is_oldest_first(records: &[Value]) -> bool {
    let ends = records.first().and_then(id).zip(records.last().and_then(id));
    ends.is_some_and(|(first, last)| first < last)
}

fn id(value: &Value) -> Option<i64> {
    whole(value.get("id")?)
}

/// Whether a record is kept however old it is: a ticket that is not closed, an invoice that is not paid.
fn is_open(kind: Kind, row: &Row, closed: &[String]) -> bool {
    let is_closed = |state: &String| closed.iter().any(|one| names::same(one, state));
    match kind {
        Kind::Tickets => !row.state.as_ref().is_some_and(is_closed),
        Kind::Invoices => !row.is_paid,
        _ => false,
    }
}

/// Keeps records; as a sweep, where it is one.
fn put_all(
    pen: &Pen<'_>,
    rows: impl Iterator<Item = Row>,
    seen: Timestamp,
    sweeps: bool,
) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    for row in rows {
        if sweeps {
            pen.sweep(row.kind, row.id)?;
        }
        counts.add(pen.put(&row, seen, false)?);
    }
    Ok(counts)
}
