//! The one file that names the HTTP library: builds the client, adds the key, sends once, and says what came of it.
//! Nothing is retried or followed here. The key leaves only in requests: every text that comes out has been scrubbed.

#[cfg(feature = "offline")]
mod mark;

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName};
use serde_json::Value;
use url::{Host, Url, form_urlencoded};

use super::causes;
use super::error::Error;
use super::key::ApiKey;
use super::observe::{Observer, RequestLine};
use super::pace::{Pace, Pacer, Slot};
use super::redact::Redactor;
use super::room::Room;
use super::shapes::{self, Content};
use super::trust;

/// A connection that takes longer than this is not going to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Idle connections are closed before the servers on the way close them: a write on a connection that was just
/// closed has an unknown outcome.
const IDLE: Duration = Duration::from_secs(20);

/// How the key travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `?api_key=…`, the default.
    Query,
    /// `Authorization: Bearer …`.
    Bearer,
}

/// Everything that a connection to one account needs.
#[derive(Debug, Clone)]
pub struct Connection {
    /// `https://acme.syncromsp.com/api/v1`, without a slash at its end.
    pub base: Url,
    /// The key.
    pub key: ApiKey,
    /// How the key travels.
    pub auth: Auth,
    /// A further certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// `SSL_CERT_FILE`, added to the system's store.
    pub extra_ca: Option<PathBuf>,
    /// The limit of one request.
    pub timeout: Duration,
    /// Where the shared request window is kept, and how large it is.
    pub pace: Pace,
}

/// A connection pool with its pacing; cheap to share.
pub struct Transport {
    client: reqwest::Client,
    connection: Connection,
    redactor: Redactor,
    pacer: Arc<Pacer>,
    observer: Arc<dyn Observer>,
    date: Mutex<Option<(Timestamp, Instant)>>,
}

/// One request, before the base and the key are added.
pub(super) struct Outgoing<'a> {
    /// GET, POST, PUT, PATCH or DELETE.
    pub(super) method: &'static str,
    /// Path below the base; may carry a query of its own.
    pub(super) path: &'a str,
    /// Further query parameters.
    pub(super) query: &'a [(Cow<'static, str>, String)],
    /// The JSON body.
    pub(super) body: Option<&'a Value>,
    /// Whether caches on the way are asked not to answer.
    pub(super) fresh: bool,
    /// How much its answer may be.
    pub(super) room: Room,
}

/// A whole answer, scrubbed of the key and of `user_token`s.
#[derive(Debug, Clone)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) content: Content,
    /// Where a redirect points, for people: the host, or the path on this one; no query.
    pub(super) location: Option<String>,
    /// How long it asks to wait, if it is a 429.
    pub(super) wait: Duration,
    /// The server's clock.
    pub(super) date: Option<Timestamp>,
}

/// How far a request got that has no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No connection was made; another try may.
    NotConnected,
    /// No connection was made, and no other try will do better: a certificate that is not trusted, say.
    Refused,
    /// It may have arrived.
    Sent,
    /// It arrived; the answer was too large to be read.
    TooLarge,
}

/// Why there is no whole answer.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) reach: Reach,
    /// The status, if an answer began.
    pub(super) status: Option<u16>,
    /// Why, for people; the key is not in it.
    pub(super) cause: String,
}

impl Transport {
    /// Builds the client. No request is made.
    ///
    /// # Errors
    /// When a CA file cannot be read, or the base is not one that a key may be sent to: plain http is for loopback.
    pub fn new(connection: Connection, observer: Arc<dyn Observer>) -> Result<Self, Error> {
        check_base(&connection.base)?;
        Ok(Self {
            client: build(&connection)?,
            redactor: Redactor::new(&connection.key),
            pacer: Arc::new(Pacer::new(
                &connection.pace,
                &connection.base,
                connection.timeout,
                Arc::clone(&observer),
            )),
            connection,
            observer,
            date: Mutex::new(None),
        })
    }

    /// Waits for a place in the rate window.
    pub(super) async fn turn(&self) -> Slot {
        self.pacer.turn().await
    }

    /// Makes every process wait: the server has said 429.
    pub(super) fn block(&self, wait: Duration) {
        self.pacer.block(wait);
    }

    /// Whoever watches.
    pub(super) fn observer(&self) -> &dyn Observer {
        self.observer.as_ref()
    }

    /// The server's clock at its latest answer, and when that was.
    pub(super) fn server_date(&self) -> Option<(Timestamp, Instant)> {
        *self.date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one request once and reads the whole answer. The slot is given back when the answer is in.
    pub(super) async fn exchange(
        &self,
        mut slot: Slot,
        outgoing: &Outgoing<'_>,
    ) -> Result<Response, Failure> {
        let request = self.request(outgoing)?;
        slot.sent();
        let began = Instant::now();
        let result = self.perform(request, outgoing.room).await;
        let took = began.elapsed();
        drop(slot);
        self.observer.request(&RequestLine {
            method: outgoing.method,
            target: self.target(outgoing),
            outcome: match &result {
                Ok(response) => Ok(response.status),
                Err(failure) => Err(failure.cause.clone()),
            },
            took,
        });
        result
    }

    /// The request as bytes would have it.
    fn request(&self, outgoing: &Outgoing<'_>) -> Result<reqwest::Request, Failure> {
        let refused = |cause: &str| Failure {
            reach: Reach::Refused,
            status: None,
            cause: self.redactor.text(format!("{cause}: {}", outgoing.path)),
        };
        let url = self
            .url(outgoing)
            .ok_or_else(|| refused("the path is not below the API's base URL"))?;
        let method = reqwest::Method::from_bytes(outgoing.method.as_bytes())
            .map_err(|_| refused("this is not a method"))?;
        let mut builder =
            self.client.request(method, url).header(header::ACCEPT, "application/json");
        if self.connection.auth == Auth::Bearer {
            builder = builder.bearer_auth(self.connection.key.expose());
        }
        if outgoing.fresh {
            builder = builder.header(header::CACHE_CONTROL, "no-cache");
        }
        if let Some(body) = outgoing.body {
            // Without the header the API answers 400 and an HTML page.
            builder =
                builder.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        builder.build().map_err(|_| refused("this request cannot be sent"))
    }

    /// The whole address; `None` when the path would lead to another host, or out of the API.
    fn url(&self, outgoing: &Outgoing<'_>) -> Option<Url> {
        if !outgoing.path.starts_with('/') {
            return None;
        }
        let base = self.connection.base.as_str().trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}{}", outgoing.path)).ok()?;
        let root = self.connection.base.path().trim_end_matches('/');
        let below = url.path().strip_prefix(root);
        if url.origin() != self.connection.base.origin()
            || url.has_authority_secrets()
            || !below.is_some_and(|rest| rest.starts_with('/'))
        {
            return None;
        }
        url.set_fragment(None);
        let mut key = form_urlencoded::Serializer::new(String::new());
        if self.connection.auth == Auth::Query {
            key.append_pair("api_key", self.connection.key.expose());
        }
        let query = joined_query(&key.finish(), url.query().unwrap_or_default(), outgoing.query);
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        Some(url)
    }

    /// Path and query as they may be shown.
    fn target(&self, outgoing: &Outgoing<'_>) -> String {
        let key = if self.connection.auth == Auth::Query { "api_key=***" } else { "" };
        let (path, own) = outgoing.path.split_once('?').unwrap_or((outgoing.path, ""));
        let query = joined_query(key, own, outgoing.query);
        let query = if query.is_empty() { query } else { format!("?{query}") };
        self.redactor.text(format!("{path}{query}"))
    }

    /// Sends and reads.
    async fn perform(&self, request: reqwest::Request, room: Room) -> Result<Response, Failure> {
        let mut answer = self
            .client
            .execute(request)
            .await
            .map_err(|error| self.failure(&error.without_url(), None))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let date = text(&headers, &header::DATE).and_then(|date| shapes::http_date(&date));
        if date.is_some() {
            let now = date.map(|date| (date, Instant::now()));
            *self.date.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
        let body = self.body(answer, status, room).await?;
        // Each value takes a byte at least.
        let may_be_many = body.len() > room.values;
        let values = if may_be_many { shapes::values(&body) } else { 0 };
        let is = Room { bytes: 0, values };
        if let Some(cause) = room.refuses(is) {
            return Err(Failure { reach: Reach::TooLarge, status: Some(status), cause });
        }
        let kind = text(&headers, &header::CONTENT_TYPE);
        let back = text(&headers, &header::RETRY_AFTER);
        // A 429 that does not say when to come back: after a whole window there is room again.
        let window = self.connection.pace.per;
        let mut content = Content::read(kind.as_deref(), &body);
        if let Content::Json(value) = &mut content {
            self.redactor.value(value);
        }
        Ok(Response {
            status,
            content,
            location: text(&headers, &header::LOCATION).map(|to| self.destination(&to)),
            // A date to come back at is one of the server's clock, too.
            wait: shapes::retry_after(back.as_deref(), date.unwrap_or_else(Timestamp::now), window),
            date,
        })
    }

    /// The whole body as scrubbed text.
    async fn body(
        &self,
        mut answer: reqwest::Response,
        status: u16,
        room: Room,
    ) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        loop {
            let chunk = answer
                .chunk()
                .await
                .map_err(|error| self.failure(&error.without_url(), Some(status)))?;
            let Some(chunk) = chunk else { break };
            let is = Room { bytes: bytes.len() + chunk.len(), values: 0 };
            if let Some(cause) = room.refuses(is) {
                return Err(Failure { reach: Reach::TooLarge, status: Some(status), cause });
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(self.redactor.text(text))
    }

    /// Where a redirect points. Its query may hold anything, the key included, and is not kept.
    fn destination(&self, location: &str) -> String {
        let base = &self.connection.base;
        let Ok(url) = base.join(location) else {
            return "an unreadable address".to_owned();
        };
        let place = match url.host_str() {
            Some(host) if url.origin() != base.origin() => format!("host {host}"),
            _ => format!("the path {}", url.path()),
        };
        self.redactor.text(shapes::one_line(&place))
    }

    /// What an error of the library means. Its own words are not used where they could hold an address.
    fn failure(&self, error: &reqwest::Error, status: Option<u16>) -> Failure {
        let certificate = causes::tls(error)
            .is_some_and(|tls| matches!(tls, rustls::Error::InvalidCertificate(_)));
        let reach = match (error.is_connect(), certificate) {
            (true, true) => Reach::Refused,
            (true, false) => Reach::NotConnected,
            (false, _) => Reach::Sent,
        };
        Failure { reach, status, cause: self.redactor.text(self.cause(error, status)) }
    }

    /// Why, in plain words.
    fn cause(&self, error: &reqwest::Error, status: Option<u16>) -> String {
        let connection = &self.connection;
        let host = connection.base.host_str().unwrap_or_default();
        if error.is_timeout() {
            let (what, limit) = match (error.is_connect(), status) {
                (true, _) => ("no connection within", connect_timeout(connection.timeout)),
                (false, None) => ("timed out after", connection.timeout),
                (false, Some(_)) => ("the answer was not complete after", connection.timeout),
            };
            return format!("{what} {}", in_words(limit));
        }
        if error.is_dns() {
            return format!("the name {host} was not found");
        }
        if let Some(tls) = causes::tls(error) {
            return format!("TLS: {}", shapes::one_line(&tls.to_string()));
        }
        if let Some(words) =
            causes::find::<io::Error>(error).and_then(|error| causes::io_words(error.kind()))
        {
            return words.to_owned();
        }
        match causes::find::<hyper::Error>(error) {
            Some(hyper) if hyper.is_incomplete_message() || hyper.is_closed() => {
                "the connection was closed before the answer was complete".to_owned()
            }
            // The proxy would not connect to the server.
            _ => shapes::one_line(&causes::deepest(error).replace("tunnel error", "proxy")),
        }
    }
}

/// A query: the key first, as the vendor's help page wants it, then what the path has of its own, then the rest.
fn joined_query(key: &str, own: &str, more: &[(Cow<'static, str>, String)]) -> String {
    let more = form_urlencoded::Serializer::new(String::new()).extend_pairs(more).finish();
    let parts = [key, own, more.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("&")
}

/// Refuses a base that a key must not be sent to.
fn check_base(base: &Url) -> Result<(), Error> {
    let refuse = |why: &str| {
        let host = base.host_str().unwrap_or("no host");
        Err(Error::Setup(format!("{}://{host}: {why}", base.scheme())))
    };
    match base.scheme() {
        "https" => {}
        "http" if is_loopback(base) => {}
        "http" => return refuse("plain http works only for this machine; use https"),
        _ => return refuse("the API needs https"),
    }
    if base.has_authority_secrets() {
        return refuse("a user name or password in the address is not supported");
    }
    if base.query().is_some() || base.fragment().is_some() {
        return refuse("the base address ends with its path");
    }
    Ok(())
}

/// Whether an address is this machine's own: `localhost`, 127.0.0.0/8 or ::1.
#[must_use]
pub fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an address carries a user name or a password.
trait AuthoritySecrets {
    fn has_authority_secrets(&self) -> bool;
}

impl AuthoritySecrets for Url {
    fn has_authority_secrets(&self) -> bool {
        !self.username().is_empty() || self.password().is_some()
    }
}

/// Builds the client with everything off that could send a request twice.
fn build(connection: &Connection) -> Result<reqwest::Client, Error> {
    drop(provider());
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("syncro/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .gzip(true)
        .timeout(connection.timeout)
        .connect_timeout(connect_timeout(connection.timeout))
        .pool_idle_timeout(IDLE);
    builder = match connection.base.scheme() {
        // Reading the system's store takes longer than a whole request to this machine, and nothing would ask it.
        "http" => builder.tls_certs_only(certificates(connection.ca_file.as_deref(), None)?),
        _ => builder.tls_certs_merge(certificates(
            connection.ca_file.as_deref(),
            connection.extra_ca.as_deref(),
        )?),
    };
    if is_loopback(&connection.base) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| causes::not_built(&error.without_url()))
}

/// The cryptography that every connection uses.
pub(super) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    use rustls::crypto::{CryptoProvider, ring};
    if let Some(provider) = CryptoProvider::get_default() {
        return Arc::clone(provider);
    }
    // A second installation fails and changes nothing.
    drop(ring::default_provider().install_default());
    CryptoProvider::get_default().map_or_else(|| Arc::new(ring::default_provider()), Arc::clone)
}

/// A limit as people write it: `30 s`, `250 ms`.
fn in_words(limit: Duration) -> String {
    match limit.subsec_millis() {
        0 => format!("{} s", limit.as_secs()),
        _ => format!("{} ms", limit.as_millis()),
    }
}

/// Shorter than the limit of the whole request: a connection that was never made must not look like a request that
/// was not answered.
pub(super) fn connect_timeout(timeout: Duration) -> Duration {
    CONNECT_TIMEOUT.min(timeout.saturating_mul(9) / 10)
}

/// The certificate authorities to trust beside the system's, as the library takes them.
fn certificates(
    ca_file: Option<&Path>,
    extra_ca: Option<&Path>,
) -> Result<Vec<reqwest::Certificate>, Error> {
    trust::authorities(ca_file, extra_ca)?
        .iter()
        .map(|der| reqwest::Certificate::from_der(der))
        .collect::<Result<_, _>>()
        .map_err(|error| {
            let error = error.without_url();
            Error::Setup(format!("a CA certificate cannot be used: {error}"))
        })
}

/// A header as text.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
