//! The reading half of the API: GETs, retried, paged, unwrapped. It cannot write.

use std::borrow::Cow;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::absent::AbsentLists;
use super::ask::{Ask, Problem};
use super::beside::{Beside, Reading};
use super::error::Error;
use super::kept::{Kept, Source};
use super::observe::{Observer, Wait};
use super::pages::{Page, count};
use super::record::Record;
use super::request::{Get, Many};
use super::resources::settings::{self, AccountSettings};
use super::retry;
use super::room::Room;
use super::transport::{Outgoing, Transport};

/// Reads; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    pub(super) source: Source,
    beside: Option<Beside>,
    pub(super) absent: Option<Arc<dyn AbsentLists>>,
    /// Whether a list of which one record cannot be read is none, whatever was asked for.
    pub(super) wholly: bool,
    /// How many answers were asked for, by whoever reads with this one or a copy of it.
    asked: Arc<AtomicUsize>,
    /// How many requests they made.
    sent: Arc<AtomicUsize>,
    /// How much an answer may be.
    pub(super) room: Room,
    /// Whether one was more than that, where it is a share of the room.
    exceeded: Option<Arc<AtomicBool>>,
    /// What is amiss with what was read, where that may be read again: see [`Reader::tell`].
    pub(super) untold: Option<Arc<Mutex<Vec<String>>>>,
}

impl Reader {
    /// A reader over `transport`.
    #[must_use]
    pub fn new(transport: Arc<Transport>) -> Self {
        Self::of(Source::Server(transport))
    }

    /// One that reads what is kept of an account, and has no way to the server.
    #[must_use]
    pub fn of_kept(kept: Arc<dyn Kept>, observer: Arc<dyn Observer>) -> Self {
        Self::of(Source::Kept(kept, observer))
    }

    fn of(source: Source) -> Self {
        let (beside, absent, exceeded, untold) = (None, None, None, None);
        let (asked, sent, room) = (Arc::default(), Arc::default(), Room::WHOLE);
        Self { source, beside, absent, wholly: false, asked, sent, room, exceeded, untold }
    }

    /// How many answers the server was asked for, each counted once however often it was tried.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// How many requests were made for them.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// The same, with whose first read the account's settings travel.
    #[must_use]
    pub fn beside(self, beside: Beside) -> Self {
        Self { beside: Some(beside), ..self }
    }

    /// The same, which asks `absent` before it reads a list that the account may not have.
    #[must_use]
    pub fn remembering(self, absent: Arc<dyn AbsentLists>) -> Self {
        Self { absent: Some(absent), ..self }
    }

    /// The same, for what is decided by: a list is whole, or it is none.
    #[must_use]
    pub fn wholly(self) -> Self {
        Self { wholly: true, ..self }
    }

    /// The same with its share of the room, so many times of which there is; all of it where it is one.
    pub(super) fn sharing(&self, parts: usize) -> Self {
        match parts {
            0 | 1 => self.clone(),
            _ => Self {
                room: self.room.shared_by(parts),
                exceeded: Some(Arc::default()),
                untold: Some(Arc::default()),
                ..self.clone()
            },
        }
    }

    /// Whether an answer was larger than its share.
    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.as_ref().is_some_and(|exceeded| exceeded.load(Ordering::Relaxed))
    }

    /// The account's settings, where they travel beside the first read: this one, if there was none yet.
    pub async fn settings_beside(&self) -> Option<&AccountSettings> {
        self.beside.as_ref()?.read(self.settings()).await
    }

    /// The account's settings, tried once, with nothing beside that.
    fn settings(&self) -> Reading<'static> {
        let (asked, sent) = (Arc::clone(&self.asked), Arc::clone(&self.sent));
        let reader = Self { asked, sent, ..Self::of(self.source.clone()) };
        Box::pin(async move {
            let settings = reader.get(settings::account().once()).await;
            settings.map(|record| record.view)
        })
    }

    /// Reads one object.
    ///
    /// # Errors
    /// See [`Error`]; retries are used up by then.
    pub async fn get<T: DeserializeOwned>(&self, get: Get<T>) -> Result<Record<T>, Error> {
        self.one(&get).await
    }

    pub(super) async fn one<T: DeserializeOwned>(&self, get: &Get<T>) -> Result<Record<T>, Error> {
        let Get { ask, shape, .. } = get;
        let (status, body) = match Box::pin(self.fetch(ask)).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.by_its_list(ask, error).await),
        };
        let raw = match shape.wrapper {
            Some(wrapper) if shape.bare_too && body.get(wrapper).is_none() && body.is_object() => {
                ask.bare(body, status)?
            }
            Some(wrapper) => ask.member(body, wrapper, status)?,
            None => ask.bare(body, status)?,
        };
        ask.is_answered_by(&raw)?;
        self.has_shown(&ask.path);
        ask.record(ask.kept(raw, status)?, "", status)
    }

    /// Reads one object that may not be there, or none, also where another one is answered than `is_it` knows.
    ///
    /// # Errors
    /// As for [`Reader::get`], without a 404.
    pub async fn find<T: DeserializeOwned>(
        &self,
        get: Get<T>,
        is_it: impl Fn(&T) -> bool,
    ) -> Result<Option<Record<T>>, Error> {
        match self.get(get).await {
            Ok(found) => Ok(Some(found).filter(|found| is_it(found))),
            Err(error) if error.is_none() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whoever watches.
    pub(super) fn observer(&self) -> &dyn Observer {
        self.source.observer()
    }

    /// The server's clock at its latest answer, from its `Date` header.
    #[must_use]
    pub fn server_date(&self) -> Option<Timestamp> {
        self.source.server()?.server_date().map(|(date, _)| date)
    }

    /// The present, by the server's clock once it has answered, and by this machine's before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let server = self.source.server().and_then(|server| server.server_date());
        let now = server.and_then(|(date, at)| date.checked_add(at.elapsed()).ok());
        now.unwrap_or_else(Timestamp::now)
    }

    /// Reads one page.
    pub(super) async fn page(&self, ask: &Ask, shape: &Many, number: u64) -> Result<Page, Error> {
        let mut ask = ask.clone();
        if number > 1 {
            ask.query.push((Cow::Borrowed("page"), number.to_string()));
        }
        let (status, mut body) = Box::pin(self.fetch(&ask)).await?;
        let meta = body.get_mut("meta").map(Value::take).unwrap_or_default();
        let Value::Array(list) = ask.member(body, &shape.member, status)? else {
            return Err(ask.unread(&format!("\"{}\" is not a list", shape.member), status));
        };
        let items: Vec<Value> = match shape.element {
            None => list,
            Some(element) => {
                let inside = |mut one: Value| one.get_mut(element).map(Value::take);
                list.into_iter().map(|one| inside(one).unwrap_or_default()).collect()
            }
        };
        // Millions of numbers are no list of records; the first one tells.
        if let Some(at) = items.iter().position(|item| !item.is_object() && !item.is_array()) {
            return Err(ask.unread(&format!("{}[{at}] is not a record", shape.member), status));
        }
        Ok(Page {
            number,
            items,
            says: count(&meta, "page"),
            last: count(&meta, "total_pages"),
            total: count(&meta, "total_entries"),
        })
    }

    /// Asks, and has what travels beside it read as well, once.
    async fn fetch(&self, ask: &Ask) -> Result<(u16, Value), Error> {
        let (answer, _) = tokio::join!(self.ask(ask), self.settings_beside());
        answer
    }

    /// Asks until there is an answer or patience ends.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<(u16, Value), Error> {
        let transport = match &self.source {
            Source::Server(transport) => transport,
            Source::Kept(kept, _) => return Ok((200, kept.answer(&ask.asked())?)),
        };
        let outgoing = Outgoing {
            method: "GET",
            path: &ask.path,
            query: &ask.query,
            body: None,
            fresh: ask.fresh,
            room: self.room,
        };
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut spent = Duration::ZERO;
        let mut tries = 0;
        loop {
            let slot = transport.turn().await;
            let began = Instant::now();
            self.sent.fetch_add(1, Ordering::Relaxed);
            let answer = self.watched(&ask.path, transport.exchange(slot, &outgoing)).await;
            spent += began.elapsed();
            tries += 1;
            let problem = match ask.judge(answer) {
                Ok(body) => return Ok(body),
                Err(problem) => problem,
            };
            match problem {
                Problem::Final(error) => {
                    if let (Error::TooLarge { .. }, Some(exceeded)) = (&error, &self.exceeded) {
                        exceeded.store(true, Ordering::Relaxed);
                    }
                    return Err(self.lacking(&ask.path, error));
                }
                Problem::Limited { wait, message } => {
                    // Written where all processes see it; the next turn waits for it too, and says so.
                    transport.block(wait);
                    if !ask.retry || tries >= retry::TRIES {
                        let what = ask.what();
                        return Err(Error::RateLimited { what, message, tries });
                    }
                }
                Problem::Passing { cause, status } => {
                    let pause = retry::pause(tries, spent, fastrand::u64(..));
                    let Some(wait) = pause.filter(|_| ask.retry) else {
                        return Err(Error::Unavailable { what: ask.what(), cause, status, tries });
                    };
                    spent += wait;
                    self.pause(wait, tries + 1, cause).await;
                }
            }
        }
    }

    /// Has the observer know what is being read, and that it takes long.
    async fn watched<T>(&self, what: &str, exchange: impl Future<Output = T>) -> T {
        let observer = self.observer();
        let Some(patience) = observer.asking(what) else {
            return exchange.await;
        };
        // Also when nobody waits for the answer any more.
        let _asking = Asking { observer, what };
        let mut exchange = pin!(exchange);
        tokio::select! {
            biased;
            answer = exchange.as_mut() => return answer,
            () = tokio::time::sleep(patience) => observer.slow(),
        }
        exchange.await
    }

    /// Waits before another try, and says so.
    async fn pause(&self, wait: Duration, next: u32, cause: String) {
        let observer = self.observer();
        observer.waiting(&Wait::Retry { wait, next, of: retry::TRIES, cause });
        tokio::time::sleep(wait).await;
        observer.resumed();
    }
}

/// A read that has gone out; it is answered, or given up, when this is dropped.
struct Asking<'a> {
    observer: &'a dyn Observer,
    what: &'a str,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.observer.answered(self.what);
    }
}
