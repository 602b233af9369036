//! The sync, kind by kind: pages of settings, tickets' own pages, and in `list` what is read page by page. What changed is
//! asked for from the server's own clock at the last reading, less a few minutes; never from this machine's.

mod list;
mod patches;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::budget::Budget;
use super::details;
use super::kinds::{Kind, Manner};
use super::outcome::{Counts, Outcome, Step, Watch, Wishes};
use super::place;
use super::row::Row;
use super::run::Lacks;
use super::store::{LACKS, ME, Pen, READ, RUN, SWEPT, Store, TEXTS, key};
use crate::api::folder::TICKETS;
use crate::api::ids::TicketId;
use crate::api::resources::users::{self, Me};
use crate::api::resources::{comments, settings};
use crate::api::{Error as ApiError, Reader};
use crate::error::{Error, Result};

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
        Self { reader, store, budget, wishes, watch }
    }

    /// Reads what is due of each kind.
    ///
    /// # Errors
    /// Those of a read that stops all; what was read before is kept. Exit 5 when the mirror is removed meanwhile.
    pub async fn run(self) -> Result<Vec<Outcome>> {
        let path = self.store.path().to_owned();
        tokio::select! {
            biased;
            () = place::forgotten(&path) => {
                let error = Error::refused("the mirror was removed while this ran; nothing of it is kept");
                Err(error.next("sync", "begin anew"))
            }
            outcomes = Box::pin(self.all()) => outcomes,
        }
    }

    async fn all(mut self) -> Result<Vec<Outcome>> {
        self.store.cut_down(self.wishes.bodies)?;
        let me = self.asked(async |reader| reader.get(users::me()).await).await?;
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
            // Patches are those of assets, and comments are kept with their tickets.
            let is_needed = match kind {
                Kind::Assets => {
                    self.wishes.want(Kind::Patches) && self.store.read_at(kind)?.is_none()
                }
                Kind::Tickets => self.wishes.want(Kind::Comments),
                _ => false,
            };
            if !is_needed && !self.wishes.want(kind) {
                continue;
            }
            let before = self.reader.sent();
            let mut outcome = match kind.manner() {
                Manner::Pages => self.pages(kind).await?,
                Manner::Details => self.details().await?,
                Manner::Patches => self.patches().await?,
                Manner::Changed(_) | Manner::Newest | Manner::Whole => self.list(kind).await?,
            };
            outcome.requests = self.reader.sent() - before;
            outcomes.push(outcome);
        }
        if let Some(before) = self.wishes.keep {
            self.store.together(|pen| pen.drop_closed(before, &self.wishes.closed))?;
        }
        Ok(outcomes)
    }

    /// Makes a request when there is room for it, and again as long as the server says that there is none.
    async fn asked<T>(
        &mut self,
        mut ask: impl AsyncFnMut(&'a Reader) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut waits = 0;
        loop {
            self.budget.room().await;
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
        let users = self.asked(async |reader| reader.get(users::all()).await).await?;
        Ok(users.view.users)
    }

    /// Both kinds of settings: the account's under 1, the tickets' under 2.
    async fn settings(&mut self) -> Result<Vec<Value>, ApiError> {
        let account = self.asked(async |reader| reader.get(settings::account()).await).await?;
        let tickets = self.asked(async |reader| reader.get(settings::tickets()).await).await?;
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
        let is_first = self.store.read_at(Kind::Details)?.is_none();
        // A first one may be cut off, and is continued then.
        let unfinished: Option<Timestamp> = self.store.known(&key(Kind::Details, RUN))?;
        let now = self.date();
        let began = unfinished.filter(|_| is_first).unwrap_or(now);
        self.store.together(|pen| pen.know(&key(Kind::Details, RUN), &began))?;
        let due = details::due(self.store, self.reader.now(), closed, *full)?;
        let apart = self.store.known::<Lacks>(&key(Kind::Comments, LACKS))?.is_some();
        let of = u64::try_from(due.len()).unwrap_or(u64::MAX);
        let mut unread = 0;
        for (read, (id, changed)) in (0..).zip(due) {
            self.step(Kind::Details, read, of);
            let ticket = TicketId(id.unsigned_abs());
            let answer = self.page(ticket, apart).await;
            let date = self.date();
            let page = match answer {
                Ok(page) => page,
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
            let bodies = self.wishes.bodies;
            outcome.count(details::keep(self.store, page, (id, changed), date, bodies)?);
        }
        // Which timer entries were deleted, the tickets' pages say, of which none that is read again is older than that.
        let age = if *full || is_first { SignedDuration::ZERO } else { details::OLD };
        let swept = began.checked_sub(age).ok().filter(|_| unread == 0);
        self.store.together(|pen| {
            let before: Option<Timestamp> = pen.known(&key(Kind::Timers, SWEPT))?;
            if swept > before {
                pen.know(&key(Kind::Timers, SWEPT), &swept)?;
            }
            if unread == 0 {
                pen.unlearn(TEXTS)?;
            }
            pen.unlearn(&key(Kind::Details, RUN))?;
            pen.know(&key(Kind::Details, READ), &now)
        })?;
        Ok(outcome)
    }

    /// A ticket's own page, with what was said on it where that is asked for apart.
    async fn page(&mut self, ticket: TicketId, apart: bool) -> Result<Value, ApiError> {
        let page = self.asked(async |reader| reader.get(TICKETS.get(ticket)).await).await?;
        let mut page: Value = page.view;
        if apart {
            // The ticket itself is there.
            let all = self.comments(ticket).await.map_err(|error| match error {
                ApiError::NotFound { what, .. } => ApiError::NotFound { what, by_api: false },
                other => other,
            })?;
            give(&mut page, "comments", all);
        }
        Ok(page)
    }

    /// All comments of a ticket, each page when there is room for it.
    async fn comments(&mut self, ticket: TicketId) -> Result<Value, ApiError> {
        let list = || comments::of_ticket(ticket);
        let mut begun = self.asked(async |reader| reader.begin(list()).await).await?;
        while begun.left() > 0 {
            self.asked(async |reader| reader.go_on(&mut begun, 1).await).await?;
        }
        let all = self.reader.listing(begun)?.items.into_iter();
        Ok(all.map(|comment| comment.raw).collect())
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
            // For comments there is another way, whoever has answered.
            error if passes(error) || is_foreign => {
                let status = Some(404).filter(|_| is_foreign && kind == Kind::Comments);
                (format!("{}: {error}", kind.name()), status)
            }
            _ => return Err(cut_off(error)),
        };
        let is_known = self.store.read_at(kind)?.is_some();
        self.store.together(|pen| {
            if let Some(status) = status {
                pen.know(&key(kind, LACKS), &Lacks { why: why.clone(), status })?;
                // Pages that were read without them are read again.
                if kind == Kind::Comments && !is_known {
                    pen.as_changed(Kind::Details)?;
                }
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
