//! A plan: everything a command would write, as a value. It can be shown, stored, compared and continued. Nothing here
//! sends.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::collection::{Baseline, Collection};
use super::effect::Effect;
use super::precondition::Precondition;
use super::preview::Preview;
use super::reasons::Changed;
use super::snapshot::Snapshot;
use super::state::StepState;
use super::step::Step;
use crate::api::ids::{CustomerId, InvoiceId, Number, TicketId, UserId};
use crate::error::program;

/// A plan's name: when it was made and a few random letters, so that a list of them is in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

impl PlanId {
    /// A new name for a plan made `at`.
    pub fn new(at: Timestamp) -> Self {
        let tail: String = std::iter::repeat_with(fastrand::lowercase).take(4).collect();
        Self(format!("{}-{tail}", at.strftime("%Y%m%d-%H%M%S")))
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
    /// The configuration that was named with `--config`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<PathBuf>,
}

impl Account {
    /// The command line of this program that does `what` on this account.
    pub fn command(&self, what: &str) -> String {
        let is_sandbox = self.base == "sandbox";
        format!("{} {what}", program(is_sandbox, self.profile.as_deref(), self.config.as_deref()))
    }

    /// Whether a plan of `other` may be continued here.
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
    /// The invoice, where it is about one that was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceId>,
}

impl Scope {
    /// One ticket.
    pub fn of_ticket(ticket: TicketId, number: Number, customer: Option<CustomerId>) -> Self {
        Self { ticket: Some(ticket), number: Some(number), customer, invoice: None }
    }

    /// One customer.
    pub fn of_customer(customer: CustomerId) -> Self {
        Self { customer: Some(customer), ..Self::default() }
    }

    /// What one command at a time works on: the ticket, else the customer, else the account as a whole.
    pub fn lock_name(&self) -> String {
        match (self.ticket, self.customer) {
            (Some(ticket), _) => format!("ticket-{ticket}"),
            (None, Some(customer)) => format!("customer-{customer}"),
            (None, None) => "account".to_owned(),
        }
    }

    /// The same, for people.
    pub const fn noun(&self) -> &'static str {
        match (self.ticket, self.customer) {
            (Some(_), _) => "ticket",
            (None, Some(_)) => "customer",
            (None, None) => "account",
        }
    }
}

/// Everything that one command would write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
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
    pub preview: Preview,
    /// The same for scripts: the `preview` of a dry run.
    #[serde(skip)]
    pub facts: Value,
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

impl Plan {
    /// A plan without steps.
    pub fn new(
        command: &str,
        title: impl Into<String>,
        account: Account,
        scope: Scope,
        made_at: Timestamp,
    ) -> Self {
        Self {
            id: PlanId::new(made_at),
            command: command.to_owned(),
            title: title.into(),
            account,
            scope,
            preview: Preview::default(),
            facts: Value::Null,
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
    pub fn previewed(mut self, preview: impl Into<Preview>) -> Self {
        self.preview = preview.into();
        self
    }

    /// The same with what must still be so when any of its steps is sent.
    pub fn requires(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// What a step rests on: what all of them do, and its own.
    pub fn grounds<'p>(&'p self, step: &'p Step) -> impl Iterator<Item = &'p Precondition> {
        self.preconditions.iter().chain(&step.preconditions)
    }

    /// The same with one more step.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The same with what its report proposes to type next: `ticket {number}` takes the number of the ticket that it
    /// makes.
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// How many other steps than `index` would make the same and are in the same doubt.
    pub(super) fn siblings(&self, states: &[StepState], index: usize) -> usize {
        let effect = &self.steps[index].effect;
        let steps = self.steps.iter().zip(states).enumerate().filter(|(other, _)| *other != index);
        steps.filter(|(_, (step, state))| step.effect == *effect && state.is_unknown()).count()
    }

    /// The ids that its steps have made, or found made, by list; those of step `except` left out.
    pub fn made(&self, states: &[StepState], except: Option<usize>) -> Baseline {
        let mut made = Baseline::default();
        for (index, (step, state)) in self.steps.iter().zip(states).enumerate() {
            if let (Some(collection), Some(id)) = (step.effect.collection(), state.id())
                && Some(index) != except
            {
                made.add(collection, id);
            }
        }
        made
    }

    /// The invoices that its steps have made and a GET has shown to be right.
    pub fn checked_invoices<'p>(
        &'p self,
        states: &'p [StepState],
    ) -> impl Iterator<Item = (&'p Effect, u64)> {
        let steps = self.steps.iter().zip(states);
        steps.filter_map(|(step, state)| match state {
            StepState::Checked { id: Some(id), .. } => {
                step.effect.expected_invoice().map(|_| (&step.effect, *id))
            }
            _ => None,
        })
    }

    /// The steps that are yet to be sent, or that may be.
    pub(super) fn left<'p>(
        &'p self,
        states: &'p [StepState],
    ) -> impl Iterator<Item = (&'p Step, &'p StepState)> {
        self.steps.iter().zip(states).filter(|(_, state)| state.is_left())
    }

    /// The step among them that makes an invoice of what is on a ticket.
    #[must_use]
    pub fn invoice_left<'p>(
        &'p self,
        states: &'p [StepState],
    ) -> Option<(&'p Step, &'p StepState)> {
        self.left(states).find(|(step, _)| step.effect.expected_invoice().is_some())
    }

    /// The timer entries that its steps have made and the account has charged at once, each with its line item: they are
    /// not charged again.
    pub fn charged_at_once(&self, states: &[StepState], view: &Snapshot) -> BTreeMap<u64, u64> {
        let made = self.made(states, None);
        let timers = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
        let ours = timers.filter(|one| one.is_charged() && made.has(&Collection::TIMERS, one.id.0));
        let lines = ours.filter_map(|one| Some((one.id.0, view.line(one.ticket_line_item_id?)?)));
        // One that somebody else has charged is theirs to explain.
        let lines = lines.filter(|(_, line)| {
            line.user_id.is_none_or(|by| by == self.account.owner)
                && !made.has(&Collection::LINES, line.id.0)
        });
        lines.map(|(timer, line)| (timer, line.id.0)).collect()
    }

    /// What the steps that are left rest on and that is no longer so, as far as `view` shows it: they would not be sent,
    /// whoever says yes.
    pub fn broken(&self, states: &[StepState], view: &Snapshot) -> Vec<Changed> {
        let steps = self.steps.iter().zip(states);
        let left = steps.filter(|(step, state)| match state {
            // Of a step that waits for an earlier one's record, all else is there to be looked at.
            StepState::NotSent => true,
            // Half of it may have landed, which its own look tells.
            StepState::Unknown { .. } => !matches!(step.effect, Effect::TimerCharged { .. }),
            StepState::Landed { .. } | StepState::Checked { .. } => false,
        });
        let made = self.made(states, None);
        // What is in doubt may have landed in a list.
        let is_clear = !states.iter().any(StepState::is_unknown);
        let mut broken = Vec::new();
        // What is true already rests on nothing.
        let at_once = self.charged_at_once(states, view);
        let is_true =
            |step: &Step| step.effect.is_true(view) || step.effect.charged_as(&at_once).is_some();
        for (step, _) in left.filter(|(step, _)| !is_true(step)) {
            // What lines and invoices there are changes with what an earlier step has yet to make: that is compared when the
            // step is sent.
            let records = self.grounds(step).filter(|given| match given {
                Precondition::Listed { .. } => is_clear && given.is_known(),
                given => given.known_record().is_some(),
            });
            for why in records.filter_map(|given| given.holds(view, &made).err()) {
                if !broken.contains(&why) {
                    broken.push(why);
                }
            }
        }
        broken.extend(self.changed_lines(states, view));
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
            if let Some(collection) = self.steps[*born].effect.collection().cloned()
                && !self.baseline.knows(&collection)
            {
                self.baseline.set(&collection, BTreeSet::new());
            }
        }
    }

    /// The steps that add to a list of a record that is yet to be made.
    pub(super) fn unresolved(&self) -> BTreeSet<usize> {
        let ticket = self.scope.ticket;
        let steps = self.steps.iter().enumerate();
        steps
            .filter(|(_, step)| {
                let collection = step.effect.collection();
                collection.is_some_and(|one| one.is_unresolved(ticket))
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether `other` would look and send the same: what a second gathering is compared by. The ids there before are
    /// not part of it: a colleague's unrelated comment changes nothing that was previewed.
    pub fn same_as(&self, other: &Self) -> bool {
        let is_previewed = match self.runs_on_from(other) {
            true => self.preview.without_stakes() == other.preview.without_stakes(),
            false => self.preview == other.preview && self.steps == other.steps,
        };
        is_previewed && self.account == other.account
    }

    /// Whether the steps are the same but for hours that run on while the question is asked.
    fn runs_on_from(&self, other: &Self) -> bool {
        let mut pairs = self.steps.iter().zip(&other.steps);
        self.steps.len() == other.steps.len()
            && self.steps.iter().any(|step| step.counted.is_some())
            && pairs.all(|(step, before)| step == before || step.runs_on_from(before))
    }
}
