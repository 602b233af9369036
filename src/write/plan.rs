//! A plan: everything a command would write, as a value. It can be shown, stored, compared and continued, and says
//! of each step what it sends, what that makes true and how to look whether it is so. Nothing here sends.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::{Effect, Space};
use crate::api::ids::{CustomerId, Number, TicketId, UserId};
use crate::api::{Method, Write};

/// A plan's name: when it was made and a few random letters, so that a list of them is in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

impl PlanId {
    /// A new name for a plan made `at`.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        let tail: String = std::iter::repeat_with(fastrand::lowercase)
            .take(4)
            .collect();
        Self(format!("{}-{tail}", at.strftime("%Y%m%d-%H%M%S")))
    }
}

impl FromStr for PlanId {
    type Err = String;

    /// Takes a name as it is typed; what could lead out of the journal's folder is none.
    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let plain = typed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if plain && !typed.is_empty() {
            return Ok(Self(typed.to_owned()));
        }
        Err("a plan's name is letters, digits and dashes, as `syncro resume` shows it".to_owned())
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whose data a plan writes to, and as whom. A plan is continued only where all of it matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The API's base URL; the word `sandbox` for the practice server, whose port changes.
    pub base: String,
    /// The profile, if one was chosen.
    pub profile: Option<String>,
    /// The key's owner.
    pub owner: UserId,
    /// The owner's name, for messages.
    pub owner_name: String,
}

impl Account {
    /// The command line of this program that does `what` on this account: practice must not lead to the real one.
    #[must_use]
    pub fn command(&self, what: &str) -> String {
        let sandbox = if self.base == "sandbox" {
            " --sandbox"
        } else {
            ""
        };
        let profile = self.profile.as_ref();
        let profile = profile.map_or_else(String::new, |name| format!(" --profile {name}"));
        format!("syncro{sandbox}{profile} {what}")
    }

    /// Whether a plan of `other` may be continued here.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.base == other.base && self.profile == other.profile && self.owner == other.owner
    }
}

/// What a plan is about: the ticket, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number, for people.
    pub number: Number,
    /// Its customer.
    pub customer: CustomerId,
}

/// What a step sends. Stored and shown as often as needed; turned into a [`Write`] only by the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the base.
    pub path: String,
    /// The body.
    pub body: Option<Value>,
}

impl From<Write> for Request {
    fn from(write: Write) -> Self {
        Self {
            method: write.method,
            path: write.path,
            body: write.body,
        }
    }
}

impl Request {
    /// The one value that can be sent, made anew for each sending.
    pub(super) fn to_write(&self) -> Write {
        Write {
            method: self.method,
            path: self.path.clone(),
            body: self.body.clone(),
        }
    }
}

/// One write of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The word of `--json` for it: `comment`, `line_item`, `invoice`, `status`, …
    pub name: String,
    /// What it does, for people: "add the comment".
    pub says: String,
    /// What it sends.
    pub request: Request,
    /// What it makes true.
    pub effect: Effect,
}

impl Step {
    /// A step that sends `write` to make `effect` true.
    pub fn new(name: &str, says: impl Into<String>, write: Write, effect: Effect) -> Self {
        Self {
            name: name.to_owned(),
            says: says.into(),
            request: write.into(),
            effect,
        }
    }
}

/// Everything that one command would write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its name in the journal.
    pub id: PlanId,
    /// The command that made it: `bill`.
    pub command: String,
    /// What it does, in a line.
    pub title: String,
    /// Where, and as whom.
    pub account: Account,
    /// On what.
    pub scope: Scope,
    /// The preview as it was shown.
    pub preview: String,
    /// The writes, in order.
    pub steps: Vec<Step>,
    /// What the command needs to run its guards again when the plan is resumed.
    pub request: Value,
    /// When it was made, by this machine's clock.
    pub made_at: Timestamp,
    /// The plan that this one repairs and replaces.
    pub supersedes: Option<PlanId>,
    /// What was there when it was made.
    pub baseline: Baseline,
}

/// The ids that were on the ticket before a plan's first write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its comments.
    pub comments: BTreeSet<u64>,
    /// Its line items, invoiced ones too.
    pub lines: BTreeSet<u64>,
    /// Its invoices.
    pub invoices: BTreeSet<u64>,
}

impl Baseline {
    /// The ids of one list; none for a step that makes no record.
    #[must_use]
    pub fn ids(&self, space: Option<Space>) -> BTreeSet<u64> {
        match space {
            Some(Space::Comments) => self.comments.clone(),
            Some(Space::Lines) => self.lines.clone(),
            Some(Space::Invoices) => self.invoices.clone(),
            None => BTreeSet::new(),
        }
    }
}

impl Plan {
    /// Whether `other` would look and send the same: what a second gathering is compared by. The ids there before are
    /// not part of it: a colleague's unrelated comment changes nothing that was previewed.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.preview == other.preview && self.steps == other.steps && self.account == other.account
    }
}
