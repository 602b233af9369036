//! Requests as values: what would be asked, of which path, and how the answer is unwrapped. Nothing here sends.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::Ask;
use super::filter::Filters;
use super::part::Part;

/// A read: what is asked for, and in which shape the answer holds it.
pub struct Read<T, S> {
    pub(super) ask: Ask,
    pub(super) shape: S,
    kind: PhantomData<fn() -> T>,
}

/// A read of one object.
pub type Get<T> = Read<T, One>;

/// A read of a whole list, all pages.
pub type List<T> = Read<T, Filtered<T>>;

/// How one object is wrapped.
#[derive(Debug)]
pub struct One {
    /// The member that wraps the object in the answer (`ticket`); `None` when it comes bare.
    pub(super) wrapper: Option<&'static str>,
    /// Whether an answer without that member is the object itself.
    pub(super) bare_too: bool,
}

/// A list, and what of it is wanted.
pub struct Filtered<T> {
    pub(super) many: Many,
    pub(super) filters: Filters<T>,
}

/// How a list is wrapped, and how much of it is read.
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
    /// Whether a record that cannot be read is left out and told of, rather than that all others are lost with it.
    pub(super) partly: bool,
}

impl<T, S> Read<T, S> {
    fn of(path: String, shape: S) -> Self {
        let ask = Ask {
            path,
            query: Vec::new(),
            fitted: Vec::new(),
            fresh: false,
            retry: true,
            or_number: false,
            part: None,
            is_judged: false,
        };
        Self { ask, shape, kind: PhantomData }
    }

    /// Adds a query parameter. One that leaves records out of a list is [`List::filter`]'s business.
    #[must_use]
    pub fn asking(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.ask.query.push((name.into(), value.to_string()));
        self
    }

    /// Keeps of each record, as it arrives, the members at these paths, and nothing of the rest: `line_items.quantity` is that
    /// of each line. What is wanted of a list is judged before.
    #[must_use]
    pub const fn keeping(mut self, paths: &'static [&'static str]) -> Self {
        self.ask.part = Some(Part(paths));
        self
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
        let many = Many { member, element: None, enough, longest, ends: false, partly: false };
        Self::of(path.into(), Filtered { many, filters: Filters::NONE })
    }

    /// Unwraps each record from `element`: `{"appointments": [{"appointment": {...}}]}`.
    #[must_use]
    pub const fn unwrapping(mut self, element: &'static str) -> Self {
        self.shape.many.element = Some(element);
        self
    }

    /// Reads only the first and the last page.
    #[must_use]
    pub const fn ends(mut self) -> Self {
        self.shape.many.ends = true;
        self
    }

    /// Takes the records that can be read, if any can, and has the observer told of the others: to be shown, not to be decided
    /// by.
    #[must_use]
    pub const fn partly(mut self) -> Self {
        self.shape.many.partly = true;
        self
    }

    /// Reads no more pages once there are `count` records; the last page is kept whole.
    #[must_use]
    pub const fn enough(mut self, count: usize) -> Self {
        self.shape.many.enough = count;
        self
    }

    /// Reads the first page only when there are more than `pages`: the list is then not complete.
    #[must_use]
    pub const fn unless_longer_than(mut self, pages: u64) -> Self {
        self.shape.many.longest = pages;
        self
    }

    /// Only what fits, which the server knows by this name; all without a `value`. `fits` says `None` where a value cannot be
    /// read: such records are left out, and told of.
    #[must_use]
    pub fn filter<R: Into<Option<bool>>>(
        self,
        name: impl Into<Cow<'static, str>>,
        value: Option<impl ToString>,
        fits: impl Fn(&T) -> R + 'static,
    ) -> Self {
        match value {
            Some(value) => self.asking_a_fit(name.into(), value).fitting(fits),
            None => self,
        }
    }

    /// Only what fits. The server is asked for a little more than that by this name, where there is a `value`.
    #[must_use]
    pub fn near<R: Into<Option<bool>>>(
        self,
        name: &'static str,
        value: Option<impl ToString>,
        fits: impl Fn(&T) -> R + 'static,
    ) -> Self {
        let list = match value {
            Some(value) => self.asking_a_fit(name.into(), value),
            None => self,
        };
        list.keep(fits)
    }

    fn asking_a_fit(mut self, name: Cow<'static, str>, value: impl ToString) -> Self {
        self.ask.fitted.push(name.clone());
        self.asking(name, value)
    }

    /// Only what fits; the server has no such filter.
    #[must_use]
    pub fn keep<R: Into<Option<bool>>>(mut self, fits: impl Fn(&T) -> R + 'static) -> Self {
        self.shape.filters.same = false;
        self.fitting(fits)
    }

    fn fitting<R: Into<Option<bool>>>(mut self, fits: impl Fn(&T) -> R + 'static) -> Self {
        self.shape.filters.add(fits);
        self.ask.is_judged = true;
        self
    }

    /// The list as the server gives it, and what is wanted of it.
    #[must_use]
    pub fn unfiltered(mut self) -> (Self, Filters<T>) {
        let filters = std::mem::replace(&mut self.shape.filters, Filters::NONE);
        self.ask.is_judged = false;
        (self, filters)
    }

    /// Whether a record is wanted; `None` where only a value that cannot be read would tell.
    #[must_use]
    pub fn fits(&self, one: &T) -> Option<bool> {
        self.shape.filters.fit(one)
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
