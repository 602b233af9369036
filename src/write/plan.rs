//! A plan: everything a command would write, as a value. It can be shown, stored, compared and continued, and says
//! of each step what it sends, what that makes true and how to look whether it is so. Nothing here sends.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::Effect;
use super::place::{Pool, RecordRef, Space, filled};
use super::precondition::Precondition;
use super::record::{Change, fill_id};
use super::snapshot::Snapshot;
use super::state::StepState;
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
        let tail: String = std::iter::repeat_with(fastrand::lowercase).take(4).collect();
        Self(format!("{}-{tail}", at.strftime("%Y%m%d-%H%M%S")))
    }
}

impl FromStr for PlanId {
    type Err = String;

    /// Takes a name as it is typed; what could lead out of the journal's folder is none.
    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
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
    /// The owner's name, for messages and for records that name who made them.
    pub owner_name: String,
    /// The owner's mail address, which some records name instead.
    #[serde(default)]
    pub owner_email: String,
}

impl Account {
    /// The command line of this program that does `what` on this account: practice must not lead to the real one.
    #[must_use]
    pub fn command(&self, what: &str) -> String {
        let sandbox = if self.base == "sandbox" { " --sandbox" } else { "" };
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

/// What a plan is about, as far as it is about one ticket or customer: it decides who may be at work at the same time,
/// and where a look goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The ticket; none when there is none, or when the plan is to make it.
    #[serde(default)]
    pub ticket: Option<TicketId>,
    /// Its number, for people.
    #[serde(default)]
    pub number: Option<Number>,
    /// The customer, where one is known.
    #[serde(default)]
    pub customer: Option<CustomerId>,
}

impl Scope {
    /// One ticket.
    #[must_use]
    pub fn of_ticket(ticket: TicketId, number: Number, customer: Option<CustomerId>) -> Self {
        Self { ticket: Some(ticket), number: Some(number), customer }
    }

    /// One customer.
    #[must_use]
    pub fn of_customer(customer: CustomerId) -> Self {
        Self { customer: Some(customer), ..Self::default() }
    }

    /// What one command at a time works on: the ticket, else the customer, else the account as a whole.
    #[must_use]
    pub fn lock_name(&self) -> String {
        match (self.ticket, self.customer) {
            (Some(ticket), _) => format!("ticket-{ticket}"),
            (None, Some(customer)) => format!("customer-{customer}"),
            (None, None) => "account".to_owned(),
        }
    }

    /// The same, for people.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        match (self.ticket, self.customer) {
            (Some(_), _) => "ticket",
            (None, Some(_)) => "customer",
            (None, None) => "account",
        }
    }
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
        Self { method: write.method, path: write.path, body: write.body }
    }
}

impl Request {
    /// The one value that can be sent, made anew for each sending.
    pub(super) fn to_write(&self) -> Write {
        Write { method: self.method, path: self.path.clone(), body: self.body.clone() }
    }
}

/// One write of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The word of `--json` for it: `comment`, `line_item`, `invoice`, `status`, …
    pub name: String,
    /// What it does, for people: "add the comment".
    pub description: String,
    /// What it sends.
    pub request: Request,
    /// What it makes true.
    pub effect: Effect,
    /// What must still be so when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// What the report says of it after the record's own name: "Rust on the hinges", "status New -> Resolved".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub report: String,
}

impl Step {
    /// A step that sends `write` to make `effect` true.
    pub fn new(name: &str, description: impl Into<String>, write: Write, effect: Effect) -> Self {
        Self {
            name: name.to_owned(),
            description: description.into(),
            request: write.into(),
            effect,
            preconditions: Vec::new(),
            report: String::new(),
        }
    }

    /// A step that changes a record, `what`: "change contact Imelda Quill: phone nothing -> 555-0199".
    pub fn change(
        name: &str,
        of: RecordRef,
        what: &str,
        changes: Vec<Change>,
        write: Write,
    ) -> Self {
        let says: Vec<String> = changes.iter().map(Change::says).collect();
        let says = says.join("; ");
        let effect = Effect::Updated {
            member: of.member().to_owned(),
            of,
            what: what.to_owned(),
            changes,
            side_effects: Vec::new(),
        };
        Self::new(name, format!("change {what}: {says}"), write, effect).reports(says)
    }

    /// Says which other fields of the record move with its change.
    #[must_use]
    pub fn with_side_effects(mut self, fields: &[&str]) -> Self {
        if let Effect::Updated { side_effects, .. } = &mut self.effect {
            side_effects.extend(fields.iter().map(|field| (*field).to_owned()));
        }
        self
    }

    /// Has it rest on fields of the record that it sends along as they are, `raw` being the record: whoever changes one
    /// meanwhile would have it set back. They cost no look, since the record is read before it is changed in any case.
    #[must_use]
    pub fn requires_unchanged(self, raw: &Value, names: &[&str]) -> Self {
        let Effect::Updated { of, what, changes, .. } = &self.effect else {
            return self;
        };
        let changed = |name: &str| changes.iter().any(|change| change.at == name);
        let names: Vec<&str> = names.iter().copied().filter(|name| !changed(name)).collect();
        let given = Precondition::kept(of.clone(), what, raw, &names).recheck();
        self.requires(given)
    }

    /// Adds what must still be so when it is sent.
    #[must_use]
    pub fn requires(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// Adds what the report says of it.
    #[must_use]
    pub fn reports(mut self, report: impl Into<String>) -> Self {
        self.report = report.into();
        self
    }

    /// Whether it waits for a record that an earlier step is to make.
    #[must_use]
    pub fn waits(&self) -> bool {
        let open = |name: &str, value: &Value| {
            name.ends_with("_id") && value.as_str().is_some_and(is_token)
        };
        let body = self.request.body.as_ref().and_then(Value::as_object);
        self.request.path.contains('{')
            || body.is_some_and(|body| body.iter().any(|(name, value)| open(name, value)))
    }

    fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        self.request.path = filled(&self.request.path, ids);
        if let Some(Value::Object(body)) = &mut self.request.body {
            for (name, value) in body.iter_mut() {
                fill_id(name, value, ids);
            }
        }
        self.effect.fill(ids);
        for given in &mut self.preconditions {
            given.fill(ids);
        }
    }
}

/// Whether a text is a reference to a record that a step makes.
fn is_token(text: &str) -> bool {
    text.starts_with('{') && text.ends_with(".id}")
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
    /// What must still be so when any of them is sent: whose ticket it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// What the command needs to run its guards again when the plan is resumed.
    pub request: Value,
    /// When it was made, by this machine's clock.
    pub made_at: Timestamp,
    /// The plan that this one repairs and replaces.
    pub supersedes: Option<PlanId>,
    /// What was there when it was made.
    pub baseline: Baseline,
    /// What the preview points out, for `--json`, whose reader sees no preview.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// What its report proposes to type next; the ticket's page where nothing else is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The ids that were there before a plan's first write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The ticket's comments.
    pub comments: BTreeSet<u64>,
    /// Its line items, invoiced ones too.
    pub lines: BTreeSet<u64>,
    /// Its invoices.
    pub invoices: BTreeSet<u64>,
    /// Its timer entries.
    #[serde(default)]
    pub timers: BTreeSet<u64>,
    /// Its appointments.
    #[serde(default)]
    pub appointments: BTreeSet<u64>,
    /// Lists of their own.
    #[serde(default)]
    pub pools: Vec<(Pool, BTreeSet<u64>)>,
    /// Lists of the ticket that were not read: that they have no ids here says nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<Space>,
}

impl Baseline {
    /// The ids of one list; none for a step that makes no record.
    #[must_use]
    pub fn ids(&self, space: Option<&Space>) -> BTreeSet<u64> {
        match space {
            Some(Space::Comments) => self.comments.clone(),
            Some(Space::Lines) => self.lines.clone(),
            Some(Space::Invoices) => self.invoices.clone(),
            Some(Space::Timers) => self.timers.clone(),
            Some(Space::Appointments) => self.appointments.clone(),
            Some(Space::Pool(pool)) => {
                let known = self.pools.iter().find(|(known, _)| known == pool);
                known.map(|(_, ids)| ids.clone()).unwrap_or_default()
            }
            None => BTreeSet::new(),
        }
    }

    /// Whether the list was read, so that what is not among its ids is new.
    #[must_use]
    pub fn knows(&self, space: &Space) -> bool {
        match space {
            Space::Pool(pool) => self.pools.iter().any(|(known, _)| known == pool),
            of_ticket => !self.unread.contains(of_ticket),
        }
    }

    /// Takes `ids` as those that are there now.
    pub fn set(&mut self, space: &Space, ids: BTreeSet<u64>) {
        self.unread.remove(space);
        match space {
            Space::Comments => self.comments = ids,
            Space::Lines => self.lines = ids,
            Space::Invoices => self.invoices = ids,
            Space::Timers => self.timers = ids,
            Space::Appointments => self.appointments = ids,
            Space::Pool(pool) => {
                self.pools.retain(|(known, _)| known != pool);
                self.pools.push((pool.clone(), ids));
            }
        }
    }
}

impl Plan {
    /// A plan without steps, made now.
    #[must_use]
    pub fn new(command: &str, title: impl Into<String>, account: Account, scope: Scope) -> Self {
        let made_at = Timestamp::now();
        Self {
            id: PlanId::new(made_at),
            command: command.to_owned(),
            title: title.into(),
            account,
            scope,
            preview: String::new(),
            steps: Vec::new(),
            preconditions: Vec::new(),
            request: Value::Null,
            made_at,
            supersedes: None,
            baseline: Baseline::default(),
            notices: Vec::new(),
            next: None,
        }
    }

    /// The same with its preview.
    #[must_use]
    pub fn previewed(mut self, preview: impl Into<String>) -> Self {
        self.preview = preview.into();
        self
    }

    /// The same with what its preview points out.
    #[must_use]
    pub fn noticing(mut self, notices: &[String]) -> Self {
        self.notices = notices.to_vec();
        self
    }

    /// The same with what must still be so when any of its steps is sent.
    #[must_use]
    pub fn requires(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// What a step rests on: what all of them do, and its own.
    pub fn grounds<'p>(&'p self, step: &'p Step) -> impl Iterator<Item = &'p Precondition> {
        self.preconditions.iter().chain(&step.preconditions)
    }

    /// The same with one more step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The same with what was there when it was made.
    #[must_use]
    pub fn over(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        self
    }

    /// The same with what its report proposes to type next: `ticket {number}` takes the number of the ticket that it
    /// makes.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// How many other steps than `index` would make the same and are in the same doubt.
    #[must_use]
    pub fn siblings(&self, states: &[StepState], index: usize) -> usize {
        let effect = &self.steps[index].effect;
        let steps = self.steps.iter().zip(states).enumerate();
        steps
            .filter(|(other, (step, state))| {
                *other != index && step.effect == *effect && state.is_unknown()
            })
            .count()
    }

    /// What the steps that are left rest on and that is no longer so, as far as `view` shows it: they would not be sent,
    /// whoever says yes.
    #[must_use]
    pub fn broken(&self, states: &[StepState], view: &Snapshot) -> Vec<String> {
        let steps = self.steps.iter().zip(states);
        let left = steps.filter(|(step, state)| match state {
            _ if step.waits() => false,
            StepState::NotSent => true,
            // Half of it may have landed, which its own look tells.
            StepState::Unknown { .. } => !matches!(step.effect, Effect::TimerCharged { .. }),
            StepState::Landed { .. } | StepState::Checked { .. } => false,
        });
        let mut broken = Vec::new();
        for (step, _) in left {
            // What is true already rests on nothing.
            let is_true = match &step.effect {
                Effect::Updated { .. } | Effect::Deleted { .. } => step.effect.is_true(view),
                _ => false,
            };
            let given = self.grounds(step).filter(|given| !is_true && view.has_read(&given.of));
            for why in given.filter_map(|given| given.holds(view).err()) {
                if !broken.contains(&why) {
                    broken.push(why);
                }
            }
        }
        broken
    }

    /// Puts the ids of what earlier steps have made, and a GET has shown, where later ones refer to them.
    pub fn fill(&mut self, states: &[StepState]) {
        let names: Vec<String> = self.steps.iter().map(|step| step.name.clone()).collect();
        let ids = |token: &str| {
            let token = token.strip_prefix('{')?.strip_suffix(".id}")?;
            let (name, place) = match token.split_once('.') {
                Some((name, place)) => (name, place.parse::<usize>().ok()?),
                None => (token, 1),
            };
            // The place counts among all steps of the name, made or not.
            let mut named = names.iter().enumerate().filter(|(_, one)| *one == name);
            let (index, _) = named.nth(place.checked_sub(1)?)?;
            match states.get(index)? {
                StepState::Checked { id, .. } => *id,
                _ => None,
            }
        };
        let unresolved = self.unresolved();
        for step in &mut self.steps {
            step.fill(&ids);
        }
        if self.scope.ticket.is_none() {
            self.scope.ticket = ids("{ticket.id}").map(TicketId);
        }
        // The lists of what the plan itself has made began empty: what is in them now came after it.
        for born in unresolved.difference(&self.unresolved()) {
            if let Some(space) = self.steps[*born].effect.space().cloned()
                && !self.baseline.knows(&space)
            {
                self.baseline.set(&space, BTreeSet::new());
            }
        }
    }

    /// The steps that add to a list of a record that is yet to be made.
    pub(super) fn unresolved(&self) -> BTreeSet<usize> {
        let ticket = self.scope.ticket;
        let steps = self.steps.iter().enumerate();
        steps
            .filter(|(_, step)| {
                let space = step.effect.space();
                space.is_some_and(|space| space.is_unresolved(ticket))
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether `other` would look and send the same: what a second gathering is compared by. The ids there before are
    /// not part of it: a colleague's unrelated comment changes nothing that was previewed.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.preview == other.preview && self.steps == other.steps && self.account == other.account
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
#[path = "plan_tests.rs"]
mod tests;
