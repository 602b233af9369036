//! One request from its bytes to its answer: the log, the limit, the key, the fault, the work.
//!
//! Accepting connections is left to `server.rs`, the work itself to the handlers behind `routes.rs`.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderMap, LOCATION};
use hyper::{Request, Response};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::account::{COLLEAGUE, COLLEAGUE_KEY, KEY, TRAINEE};
use super::call::Call;
use super::fault::Faults;
use super::kind::{Applied, ComeBack, Kind};
use super::log::{Entry, Log};
use super::rate::{Rate, Window};
use super::reply::Reply;
use super::respond::{send, send_part};
use super::routes::{self, PREFIX};
use super::state::{Difference, State};
use super::store::Store;
use super::wire::{Answer, read_all};
use super::{colleague, fault_reply};

/// State shared by all connections of a server.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Mutex<Store>,
    pub(super) faults: Mutex<Faults>,
    pub(super) window: Mutex<Window>,
    pub(super) rate: Rate,
    pub(super) list_page: usize,
    pub(super) log: Arc<Log>,
    pub(super) doors: mpsc::Sender<Shut>,
    /// Scheme, host and port, for redirects.
    pub(super) origin: String,
    pub(super) requests: AtomicU64,
    pub(super) refusals: AtomicU8,
    /// The ticket that was last touched, for a colleague who is told no ticket.
    pub(super) last_ticket: AtomicI64,
    pub(super) lags: Mutex<Vec<Lag>>,
}

/// An order to be unreachable for a while.
#[derive(Debug)]
pub(super) struct Shut {
    pub(super) time: Duration,
    /// The connection that is still to be answered.
    pub(super) but: u64,
    pub(super) done: oneshot::Sender<()>,
}

/// Changes that reads do not show yet.
#[derive(Debug)]
pub(super) struct Lag {
    until: Instant,
    hidden: Vec<Difference>,
}

/// The connection that a request came in by.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) reset: Arc<AtomicBool>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn visit<T>(&self, work: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        held(&self.store).visit(work)
    }

    /// Does what the request asks for, with what the fault adds, and says whether it changed
    /// anything.
    fn apply(&self, call: &Call, kind: Option<Kind>) -> (Reply, bool) {
        let mut call = Call { now: Timestamp::now(), fault: kind, ..call.clone() };
        if kind == Some(Kind::Unfiltered) {
            call.query.retain(|(name, _)| name == "page" || name == "per_page");
        }
        let done = self.visit(|state| {
            let before = matches!(kind, Some(Kind::Lag(_))).then(|| state.clone());
            if kind == Some(Kind::Stolen) {
                colleague::steal(state, &call);
            }
            let mut reply = self.handle(&call, state);
            let about = colleague::ticket_of(state, &call).or_else(|| reply.id_of("ticket"));
            let appointment = reply.id_of("appointment");
            if kind == Some(Kind::Twice) {
                routes::handle(state, &call);
            }
            if let (Some(before), Some(Kind::Lag(time))) = (before, kind) {
                held(&self.lags).push(Lag {
                    until: Instant::now() + time,
                    hidden: State::differences(&before, state),
                });
            }
            if kind == Some(Kind::WrongId) {
                reply = fault_reply::another(state, &call, reply);
            }
            let changed = state.has_changed();
            if let Some(ticket) = about {
                self.last_ticket.store(ticket, Ordering::Relaxed);
            }
            if let Some(Kind::ThenColleague(action)) = kind {
                let ticket = self.last_ticket.load(Ordering::Relaxed);
                colleague::act(state, &call, ticket, appointment, action);
            }
            (reply, changed)
        });
        done.unwrap_or_else(|_| (fault_reply::server_error(500), false))
    }

    fn handle(&self, call: &Call, state: &mut State) -> Reply {
        if call.writes() {
            return routes::handle(state, call);
        }
        let mut lags = held(&self.lags);
        lags.retain(|lag| lag.until > Instant::now());
        if lags.is_empty() {
            return routes::handle(state, call);
        }
        let mut old = state.clone();
        for difference in lags.iter().rev().flat_map(|lag| &lag.hidden) {
            old.undo(difference);
        }
        routes::handle(&mut old, call)
    }

    /// Returns true when the request would change anything; it is not done.
    fn would_change(&self, call: &Call) -> bool {
        self.visit(|state| {
            let mut copy = state.clone();
            routes::handle(&mut copy, call);
            copy.has_changed()
        })
        .unwrap_or(false)
    }

    fn apply_later(self: &Arc<Self>, call: &Call, time: Duration) {
        let (shared, call) = (Arc::clone(self), call.clone());
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            shared.apply(&call, None);
        });
    }
}

/// Answers one request, or ends its connection without an answer.
pub(super) async fn answer(
    shared: Arc<Shared>,
    connection: Connection,
    request: Request<Incoming>,
) -> io::Result<Response<Answer>> {
    let number = shared.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let mut entry = Entry::new(&shared.log, number, connection.number);
    let (parts, body) = request.into_parts();
    entry.method = parts.method.as_str().to_owned();
    entry.path = parts.uri.path().to_owned();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes())
            .into_owned()
            .collect();
    entry.query = redacted(&query);
    entry.cache_control = header(&parts.headers, CACHE_CONTROL.as_str());
    let raw = read_all(body).await.map_err(io::Error::other)?;
    let parsed = serde_json::from_slice::<Value>(&raw);
    entry.body = parsed.as_ref().map_or(Value::Null, Clone::clone);

    if let Err(wait) = held(&shared.window).enter(shared.rate, Instant::now()) {
        // Whole seconds, rounded up: one that is too early would be refused again.
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let seconds = u64::try_from(seconds).unwrap_or(60);
        let reply = fault_reply::too_many(ComeBack::Seconds(seconds), Timestamp::now());
        return send(&mut entry, reply);
    }
    let Some(path) = parts.uri.path().strip_prefix(PREFIX) else {
        let reply = match parts.uri.path() {
            "/users/sign_in" => Reply::sign_in(),
            _ => Reply::not_found(),
        };
        return send(&mut entry, reply);
    };
    let Some(user) = user(&query, &parts.headers) else {
        return send(&mut entry, fault_reply::refused(401, Some(1), 0));
    };
    entry.user = Some(user);

    let declared = header(&parts.headers, CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"));
    let call = Call {
        method: entry.method.clone(),
        path: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        query,
        readable: declared && (raw.is_empty() || parsed.is_ok()),
        body: super::value::record(parsed.unwrap_or(Value::Null)),
        user,
        now: Timestamp::now(),
        list_page: shared.list_page,
        fault: None,
    };
    let struck = held(&shared.faults).strike(routes::name(&call), call.writes());
    let kind = struck.map(|(name, kind)| {
        entry.fault = Some(name);
        kind
    });
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    carry_out(&shared, &connection, &mut entry, &call, kind, target).await
}

/// Applies the request, or not, and answers it, or not, as the fault has it.
async fn carry_out(
    shared: &Arc<Shared>,
    connection: &Connection,
    entry: &mut Entry,
    call: &Call,
    kind: Option<Kind>,
    target: &str,
) -> io::Result<Response<Answer>> {
    let apply = |entry: &mut Entry| {
        let (reply, applied) = shared.apply(call, kind);
        entry.applied = applied;
        reply
    };
    let apply_if = |entry: &mut Entry, applied: Applied| {
        if applied == Applied::Yes {
            apply(entry);
        }
    };
    let reply = match kind {
        Some(Kind::Close(applied)) => {
            apply_if(entry, applied);
            return Err(dropped());
        }
        Some(Kind::Reset(applied)) => {
            apply_if(entry, applied);
            connection.reset.store(true, Ordering::Relaxed);
            return Err(dropped());
        }
        Some(Kind::Hang(applied)) => {
            apply_if(entry, applied);
            return hang(entry).await;
        }
        Some(Kind::Late(time)) => {
            entry.applied = shared.would_change(call);
            shared.apply_later(call, time);
            return Err(dropped());
        }
        Some(Kind::LateHang(time)) => {
            entry.applied = shared.would_change(call);
            shared.apply_later(call, time);
            return hang(entry).await;
        }
        Some(Kind::Slow(time)) => {
            let reply = apply(entry);
            tokio::time::sleep(time).await;
            reply
        }
        Some(Kind::Unreachable(time)) => {
            let reply = apply(entry);
            let (done, shut) = oneshot::channel();
            let order = Shut { time, but: connection.number, done };
            shared.doors.send(order).await.map_err(io::Error::other)?;
            shut.await.map_err(io::Error::other)?;
            reply.header(CONNECTION.as_str(), "close")
        }
        Some(Kind::Truncated) => {
            let reply = apply(entry);
            return send_part(entry, reply);
        }
        Some(Kind::Server(status, applied)) => {
            apply_if(entry, applied);
            fault_reply::server_error(status)
        }
        Some(Kind::Html(applied)) => {
            apply_if(entry, applied);
            Reply::sign_in()
        }
        Some(Kind::Redirect(status, applied)) => {
            apply_if(entry, applied);
            let place = match status {
                302 => format!("{}/users/sign_in", shared.origin),
                _ => format!("{}{target}", shared.origin),
            };
            Reply::page(status, "Moved", "It is elsewhere now.").header(LOCATION.as_str(), place)
        }
        Some(Kind::TooMany(come_back)) => fault_reply::too_many(come_back, call.now),
        Some(Kind::Refused(status, shape)) => {
            let turn = shared.refusals.fetch_add(1, Ordering::Relaxed);
            fault_reply::refused(status, shape, turn)
        }
        Some(Kind::RefusedPage(status)) => fault_reply::refused_page(status),
        Some(other) => fault_reply::distort(other, apply(entry)),
        None => apply(entry),
    };
    send(entry, reply)
}

/// Never answers; the connection stays open until the client leaves.
async fn hang(entry: &mut Entry) -> io::Result<Response<Answer>> {
    entry.finish();
    std::future::pending().await
}

fn dropped() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "ended by a fault")
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Returns who the key belongs to: given in the query, after `Bearer` in any letters, or by itself in the header.
fn user(query: &[(String, String)], headers: &HeaderMap) -> Option<i64> {
    let in_query = query.iter().find(|(name, _)| name == "api_key").map(|(_, key)| key.clone());
    let in_header = header(headers, "authorization").map(|value| match value.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
        _ => value.trim().to_owned(),
    });
    match in_query.or(in_header)?.as_str() {
        KEY => Some(TRAINEE),
        COLLEAGUE_KEY => Some(COLLEAGUE),
        _ => None,
    }
}

fn redacted(query: &[(String, String)]) -> String {
    query
        .iter()
        .map(|(name, value)| match name.as_str() {
            "api_key" => "api_key=***".to_owned(),
            _ => format!("{name}={value}"),
        })
        .collect::<Vec<_>>()
        .join("&")
}
