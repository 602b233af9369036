//! The pages of a list put together: what was kept, what is left, whether that is all. Fetching them is the reader's
//! business.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde_json::Value;

use super::fields::to_count;
use super::part::Part;
use super::record::Record;
use super::room::Room;

/// Pages read side by side before the server has shown that it knows pages, and of a list in which what is looked for is
/// rare: they may be read in vain.
pub(super) const IN_VAIN: usize = 6;

/// A list as far as it was read.
#[derive(Debug, Clone)]
pub struct Listing<T> {
    /// The records, repeated ids dropped, in the server's order.
    pub items: Vec<Record<T>>,
    /// How many of them came with the first page.
    pub first: usize,
    /// What the server says there are in all, when it says so.
    pub total: Option<u64>,
    /// How many there are at least: as many as are here, or as the pages that were not read must hold.
    pub at_least: u64,
    /// How many records were read and not kept.
    pub dropped: usize,
    /// What people know those of them by of which nobody can tell whether they are wanted: a value cannot be read.
    pub unclear: Vec<String>,
    /// Whether these are all: `false` where the request said how many records are enough, or where the server counts
    /// more pages than it gives. What is not complete proves no absence.
    pub complete: bool,
    /// Whether it was read to its end and the server counts more than it gave, or gave what cannot be read; the observer has
    /// been told.
    pub short: bool,
    /// Whether the server, if it knows all that it was asked for, filters as the list was filtered here.
    pub same_filter: bool,
}

impl<T> Listing<T> {
    /// Adds another list of the same kind, without the records that are there already: they move between lists while one
    /// reads.
    pub fn add<K: Eq + Hash>(&mut self, other: Self, id: impl Fn(&T) -> K) {
        let mut known: HashSet<K> = self.items.iter().map(|item| id(item)).collect();
        self.items.extend(other.items.into_iter().filter(|item| known.insert(id(item))));
        self.total = self.total.zip(other.total).map(|(one, more)| one.saturating_add(more));
        self.at_least = self.at_least.saturating_add(other.at_least);
        self.first += other.first;
        self.dropped += other.dropped;
        self.unclear.extend(other.unclear);
        self.complete &= other.complete;
        self.short |= other.short;
        self.same_filter &= other.same_filter;
    }
}

/// One page as it came.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) number: u64,
    pub(super) items: Vec<Value>,
    /// Which page the server says it is.
    pub(super) says: Option<u64>,
    /// How many pages there are.
    pub(super) last: Option<u64>,
    /// How many records there are.
    pub(super) total: Option<u64>,
}

impl Page {
    /// Whether the server sent page one whatever was asked for.
    pub(super) fn ignores_page(&self) -> bool {
        self.number > 1 && self.says == Some(1)
    }

    /// By which a repeated page is known whose records have no ids.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.items.hash(&mut hasher);
        hasher.finish()
    }
}

/// Whether a record is kept; nothing where a value that cannot be read would tell.
pub(super) type Keep<'k> = dyn Fn(&Value) -> Option<bool> + 'k;

/// The pages put together.
pub(super) struct Pages {
    /// Which page is read next.
    pub(super) next: u64,
    /// What is kept of each.
    part: Option<Part>,
    /// What was kept, each with its place in the list.
    pub(super) items: Vec<(usize, Value)>,
    pub(super) dropped: usize,
    pub(super) unclear: Vec<String>,
    ids: HashSet<String>,
    /// The fingerprint of the page added last.
    pub(super) previous: Option<u64>,
    pub(super) first_length: usize,
    /// How much the largest page was.
    pub(super) largest: Room,
    /// How many records of the first page were kept.
    pub(super) kept_of_first: usize,
    pub(super) last_page: Option<u64>,
    pub(super) total: Option<u64>,
    /// Whether the last page brought nothing new.
    pub(super) stalled: bool,
    /// Whether one page of several brought nothing new.
    lacking: bool,
    pub(super) ignores_page: bool,
    pub(super) complete: bool,
    /// Whether it was read to its end and the server counts more than it gave.
    pub(super) short: bool,
}

impl Pages {
    pub(super) fn new(part: Option<Part>) -> Self {
        Self {
            next: 1,
            part,
            items: Vec::new(),
            dropped: 0,
            unclear: Vec::new(),
            ids: HashSet::new(),
            previous: None,
            first_length: 0,
            largest: Room::NONE,
            kept_of_first: 0,
            last_page: None,
            total: None,
            stalled: false,
            lacking: false,
            ignores_page: false,
            complete: false,
            short: false,
        }
    }

    /// How many pages are left, as far as the server says; where it does not, as many as are here, of which all but one may
    /// turn out not to be. None once there are no more.
    pub(super) fn left(&self) -> usize {
        let here = self.next.saturating_sub(1);
        let left = match self.last_page {
            _ if self.complete || self.short => 0,
            Some(last) => last.saturating_sub(here),
            None => here,
        };
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// How many records there are, at least and at most, as far as the server says: of a last page that is not here, nothing
    /// tells how many it has.
    pub(super) fn records(&self) -> (usize, usize) {
        let counted = self.total.and_then(|total| usize::try_from(total).ok());
        let read = usize::try_from(self.next.saturating_sub(1)).unwrap_or(usize::MAX);
        let of = |pages: usize| pages.saturating_mul(self.first_length);
        let most = counted.unwrap_or_else(|| of(read.saturating_add(self.left())));
        let before_last = self.left().saturating_sub(1);
        let least = counted.unwrap_or_else(|| of(read.saturating_add(before_last)));
        (least.max(self.seen()), most.max(self.seen()))
    }

    /// How many records came, kept or not.
    fn seen(&self) -> usize {
        self.items.len() + self.dropped
    }

    /// Takes it as read to its end. It is complete with as many records as the server counts; where it counts pages only,
    /// if each of them brought some.
    pub(super) fn end(&mut self) {
        let seen = u64::try_from(self.seen()).unwrap_or(u64::MAX);
        self.complete = match (self.total, self.last_page) {
            (Some(total), _) => seen >= total,
            (None, Some(_)) => !self.ignores_page && !self.lacking,
            (None, None) => true,
        };
        self.short = !self.complete;
    }

    /// What is missing, for people.
    pub(super) fn shortage(&self) -> String {
        match self.total {
            Some(total) => format!("the server returned {} of {total} records", self.seen()),
            None => "the server reports more pages than it returns".to_owned(),
        }
    }

    /// The records that there must be: those seen, or those of all full pages and one on the last.
    pub(super) fn at_least(&self) -> u64 {
        let seen = u64::try_from(self.seen()).unwrap_or(u64::MAX);
        let page = u64::try_from(self.first_length).unwrap_or(u64::MAX);
        let full = self.last_page.unwrap_or(1).saturating_sub(1);
        match self.complete || self.ignores_page {
            true => seen,
            false => seen.max(full.saturating_mul(page).saturating_add(u64::from(full > 0))),
        }
    }

    /// Adds a page, without the records that are there already: they move between pages while one reads.
    pub(super) fn add(&mut self, page: Page, keep: &Keep<'_>) {
        if page.number == 1 {
            self.first_length = page.items.len();
        }
        self.largest = self.largest.max(Room::sum(page.items.iter().map(Room::of)));
        self.ignores_page |= page.ignores_page();
        self.last_page = self.last_page.max(page.last);
        // As it was when the reading began: what comes after that is not looked for.
        self.total = self.total.or(page.total);
        let before = self.seen();
        let fingerprint = Some(page.fingerprint());
        if self.previous != fingerprint {
            for mut item in page.items {
                if !id(&item).is_none_or(|id| self.ids.insert(id)) {
                    continue;
                }
                let kept = keep(&item);
                if kept == Some(true) {
                    self.part.into_iter().for_each(|part| part.leave(&mut item));
                    self.items.push((self.seen(), item));
                    continue;
                }
                self.dropped += 1;
                if kept.is_none() {
                    self.unclear.push(known_as(&item));
                }
            }
        }
        if page.number == 1 {
            self.kept_of_first = self.items.len();
        }
        self.stalled = self.seen() == before;
        self.lacking |= self.stalled && self.last_page.is_some_and(|last| last > 1);
        self.previous = fingerprint;
    }
}

/// What people know a record by: its number, else its id.
fn known_as(item: &Value) -> String {
    let plain = |name: &str| match item.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let number = plain("number").map(|number| format!("#{number}"));
    number.or_else(|| plain("id")).unwrap_or_else(|| "one without an id".to_owned())
}

/// What a record is known by: its `id`, or the first of a pair.
fn id(item: &Value) -> Option<String> {
    match item.get("id").or_else(|| item.get(0))? {
        Value::Null => None,
        id => Some(id.to_string()),
    }
}

/// A count of `meta`, as a number or as digits.
pub(super) fn count(meta: &Value, name: &str) -> Option<u64> {
    to_count(meta.get(name)?)
}
