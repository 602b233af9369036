//! Requests as values: what would be asked, of which path, and how the answer is unwrapped. Nothing here sends.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::Ask;
use super::decode;

/// An API object: the part that this program understands, beside the whole as the server sent it.
///
/// The raw value is what `--json` prints, so that fields unknown to us survive.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<T> {
    /// The typed view.
    pub view: T,
    /// Everything the server sent, with `user_token` nulled.
    pub raw: Value,
}

impl<T> Deref for Record<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.view
    }
}

impl<T: DeserializeOwned> Record<T> {
    /// Reads the typed view of `raw` and keeps both.
    ///
    /// # Errors
    /// When a field that the view needs is missing or of another kind; the message names it.
    pub fn read(raw: Value) -> Result<Self, decode::Failure> {
        decode::read(&raw).map(|view| Self { view, raw })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Record<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A read: what is asked for, and in which shape the answer holds it.
#[derive(Debug)]
pub struct Read<T, S> {
    pub(super) ask: Ask,
    pub(super) shape: S,
    kind: PhantomData<fn() -> T>,
}

/// A read of one object.
pub type Get<T> = Read<T, One>;

/// A read of a whole list, all pages.
pub type List<T> = Read<T, Many>;

/// How one object is wrapped.
#[derive(Debug)]
pub struct One {
    /// The member that wraps the object in the answer (`ticket`); `None` when it comes bare.
    pub(super) wrapper: Option<&'static str>,
    /// Whether an answer without that member is the object itself.
    pub(super) bare_too: bool,
}

/// How a list is wrapped, and how much of it is wanted.
#[derive(Debug, Clone)]
pub struct Many {
    /// The member that holds the array (`invoices`).
    pub(super) member: Cow<'static, str>,
    /// The member that wraps each record (`appointment`); `None` when they come bare.
    pub(super) element: Option<&'static str>,
    /// How many records are enough.
    pub(super) enough: usize,
    /// A list of more pages than this is not read beyond the first.
    pub(super) longest: u64,
    /// Whether only the first and the last page are read: the newest records of a long list are on one of them.
    pub(super) ends: bool,
}

impl<T, S> Read<T, S> {
    fn of(path: String, shape: S) -> Self {
        let ask = Ask { path, query: Vec::new(), fresh: false, retry: true, or_number: false };
        Self { ask, shape, kind: PhantomData }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.ask.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a query parameter where there is a value for it.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Asks caches on the way not to answer.
    #[must_use]
    pub const fn fresh(mut self) -> Self {
        self.ask.fresh = true;
        self
    }

    /// Has it tried once only: for callers that repeat by themselves.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.ask.retry = false;
        self
    }

    /// The path below the base, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.ask.path
    }

    /// The path with the query behind it, below the base.
    #[must_use]
    pub fn target(&self) -> String {
        let Ask { path, query, .. } = &self.ask;
        if query.is_empty() {
            return path.clone();
        }
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        format!("{path}?{}", pairs.extend_pairs(query).finish())
    }
}

impl<T> Get<T> {
    /// A read of `path`, whose answer wraps the object in `wrapper`.
    pub fn new(path: impl Into<String>, wrapper: Option<&'static str>) -> Self {
        Self::of(path.into(), One { wrapper, bare_too: false })
    }

    /// Takes the record that has the path's number as well: whoever asks compares it.
    #[must_use]
    pub const fn or_number(mut self) -> Self {
        self.ask.or_number = true;
        self
    }

    /// Takes the object bare as well: the server is not of one mind about wrapping it.
    #[must_use]
    pub const fn bare_too(mut self) -> Self {
        self.shape.bare_too = true;
        self
    }
}

impl<T> List<T> {
    /// A read of the list at `path`, whose answer holds the array in `member`.
    pub fn new(path: impl Into<String>, member: impl Into<Cow<'static, str>>) -> Self {
        let member = member.into();
        let (enough, longest) = (usize::MAX, u64::MAX);
        Self::of(path.into(), Many { member, element: None, enough, longest, ends: false })
    }

    /// Unwraps each record from `element`: `{"appointments": [{"appointment": {...}}]}`.
    #[must_use]
    pub const fn unwrapping(mut self, element: &'static str) -> Self {
        self.shape.element = Some(element);
        self
    }

    /// Reads only the first and the last page.
    #[must_use]
    pub const fn ends(mut self) -> Self {
        self.shape.ends = true;
        self
    }

    /// Reads no more pages once there are `count` records; the last page is kept whole.
    #[must_use]
    pub const fn enough(mut self, count: usize) -> Self {
        self.shape.enough = count;
        self
    }

    /// Reads the first page only when there are more than `pages`: the list is then not complete.
    #[must_use]
    pub const fn unless_longer_than(mut self, pages: u64) -> Self {
        self.shape.longest = pages;
        self
    }
}

/// The methods that change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Makes a record; never repeated before a look.
    Post,
    /// Changes a record.
    Put,
    /// Changes a record.
    Patch,
    /// Removes a record.
    Delete,
}

impl Method {
    /// The method's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Write {
    /// Whether the API's own yes to it has no body: deletions, and what only mails or prints.
    #[must_use]
    pub fn is_answered_with_nothing(&self) -> bool {
        self.method == Method::Delete
            || ["/email", "/print"].iter().any(|end| self.path.ends_with(end))
    }
}

/// A write as a value: what would be sent. Not `Clone`, and consumed when sent.
#[derive(Debug)]
pub struct Write {
    /// POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// Path below the base, with its leading slash.
    pub path: String,
    /// The JSON body; `None` for a DELETE without one.
    pub body: Option<Value>,
}
