//! Rules: what is known of a kind of write, and what it is asked. The rules themselves are in the files of their nouns.

use std::fmt::Debug;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::guard::Finding;
use super::names::{Names, Word};
use crate::api::ids::{TimerId, UserId};
use crate::api::resources::users::Me;
use crate::api::{Folder, Method};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{
    Account, Effect, Precondition, ReadSet, RecordId, RecordRef, Request, Scope, Snapshot, Step,
};

/// A request, and what it says.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is sent.
    pub request: Request,
    /// What it says of the record, in its query and its body.
    pub fields: Map<String, Value>,
}

impl Call {
    /// The parts of its path, without the query.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        let path = self.request.path.split('?').next().unwrap_or_default();
        path.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// The folder that its path begins with, and the parts after that; none for a folder that has no name here.
    #[must_use]
    pub fn place(&self) -> Option<(Folder, Vec<&str>)> {
        let mut parts = self.path();
        let folder = Folder::named(parts.first()?)?;
        parts.remove(0);
        Some((folder, parts))
    }

    /// Whether it makes a record of that folder.
    #[must_use]
    pub fn makes(&self, folder: Folder) -> bool {
        self.request.method == Method::Post && self.place() == Some((folder, Vec::new()))
    }

    /// The method and the path, as a person types them.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.request.method.name(), self.request.path)
    }

    /// The step that sends it.
    pub fn step(&self, name: &str, description: String, effect: Effect) -> Step {
        Step::new(name, description, self.request.clone(), effect)
    }
}

/// An id in a path. A server may read one that is not digits alone in another way.
pub(super) fn digits(part: &str) -> Option<u64> {
    part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The record that a part of a path names, by its id or by the token of the step that makes it.
pub(super) fn record_id(part: &str) -> Option<RecordId> {
    digits(part).map(RecordId::Id).or_else(|| RecordId::token(part))
}

/// A kind of write, of which all is known that can be known without a request.
pub trait Rule: Debug {
    /// Is told which request comes right after it in the same plan, where one does.
    fn before(&mut self, _next: &Call) {}

    /// The record that says what it is about, where the request does not.
    fn record(&self) -> Option<RecordRef> {
        None
    }

    /// What it removes for good, where that is named again first.
    fn severe(&self) -> Option<Severe> {
        None
    }

    /// What it is about, once that record was read.
    ///
    /// # Errors
    /// Exit 3 when there is no such record.
    fn scope(&self, seen: &Snapshot) -> Result<Scope>;

    /// What must be read before it is proposed, as far as that is known by now: asked again until nothing more is needed.
    /// `scope` is what it was about when it was found.
    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet;

    /// What must be read besides, once it is known whose key it is.
    fn reads_for(&self, _seen: &Snapshot, _me: UserId) -> ReadSet {
        ReadSet::NOTHING
    }

    /// Whether its preview names users, types of appointments or products, which the request has as ids.
    fn wants_names(&self) -> bool {
        false
    }

    /// What of it the account must have: it is looked for in the account's lists anew before it is called unknown.
    fn words(&self) -> &[Word] {
        &[]
    }

    /// Whether its preview names a user of whom neither the key nor what was read tells the name.
    fn names_others(&self, _seen: &Snapshot, _me: &Me, _names: &Names) -> bool {
        false
    }

    /// When the work begins that it is about, where it says so.
    fn begins(&self, _call: &Call, _seen: &Snapshot) -> Option<Timestamp> {
        None
    }

    /// What it comes to, by what was read.
    ///
    /// # Errors
    /// Exit 3 for a record that is not there, exit 5 where nothing would change.
    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed>;
}

/// A record whose removal is severe.
#[derive(Debug)]
pub struct Severe {
    /// Which.
    pub of: RecordRef,
    /// What of it is typed again: "name" or "number".
    pub what: &'static str,
    /// What that says, by what a GET shows of it.
    pub is: fn(&Map<String, Value>) -> String,
}

/// What a proposal depends on besides the request and what was read.
#[derive(Debug, Clone, Copy)]
pub struct Env<'e> {
    /// Whose key it is.
    pub me: &'e Me,
    /// The account, by which commands are named.
    pub account: &'e Account,
    /// Limits, labor types and the time zone.
    pub settings: &'e Settings,
    /// What ids are called.
    pub names: &'e Names,
    /// The time of day.
    pub now: Timestamp,
    /// Whether the request is sent as it was typed; else what would change nothing is left out.
    pub as_typed: bool,
    /// The steps of the same plan that come before it.
    pub before: &'e [Step],
    /// The timer entries of which the account's own rounding is kept.
    pub kept: &'e [TimerId],
}

impl Env<'_> {
    /// That the account has a word: see [`Names::check`]. Whose key it is, is there, whatever a list of users says.
    ///
    /// # Errors
    /// Those of [`Names::check`].
    pub fn check(&self, word: &Word) -> Result<()> {
        match word {
            Word::User(id) if *id == self.me.user_id => Ok(()),
            word => self.names.check(word),
        }
    }
}

/// What an operation comes to.
#[derive(Debug)]
pub struct Proposed {
    /// What it does, in a line.
    pub title: String,
    /// What is shown of it.
    pub sheet: Sheet,
    /// What the guards found.
    pub findings: Vec<Finding>,
    /// What is sent, what it makes true and what it rests on.
    pub step: Step,
    /// What every step of its plan rests on: whose ticket it is.
    pub whose: Option<Precondition>,
    /// What it is about.
    pub scope: Scope,
}

/// The error for a record that is not there.
pub(super) fn gone(noun: &str, id: u64) -> Error {
    Error::new(Kind::NotFound, format!("there is no {noun} {id}")).nothing_written()
}
