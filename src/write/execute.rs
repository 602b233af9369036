//! Carries out a confirmed plan, step by step: read what a step rests on (`prepare`), note the intent, send once and judge
//! the answer (`send`), look whether it is so (`checks`, `settle`). No step is begun while an earlier one is in doubt; a
//! check that the next step does not depend on travels beside it.
//!
//! The order is that of the journal, so that the next run knows what this one did if the power goes at any moment:
//!
//! | the power goes | the journal says | the next run |
//! |---|---|---|
//! | before the intent is synced | not sent | sends it |
//! | until the answer is noted | sent, nothing known | looks for it; sends only what a settled look does not show |
//! | until a GET has shown it | landed, with its id | looks for that id; sends nothing |
//! | after that | checked | goes on to the next step |

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use super::collection::{Baseline, Collection};
use super::confirm::{Confirmed, Permit};
use super::effect::Effect;
use super::journal::{Entry, Journal, Known};
use super::matching::Observation;
use super::outcome::{CreatedRecords, Doubt, Outcome, Shown, StopReason};
use super::plan::Plan;
use super::precondition::Precondition;
use super::read_set::ReadSet;
use super::reasons::{Changed, Rounded, Warning, Why};
use super::record::Conflict;
use super::records::RecordRef;
use super::snapshot::{RetryPolicy, Snapshot};
use super::state::StepState;
use super::step::Step;
use crate::api::secret::Sent;
use crate::api::{Reader, Sender};

/// A yes-or-no question that only a person can answer.
#[derive(Debug)]
pub enum Question<'a> {
    /// Whether to set a value that somebody else has changed meanwhile.
    Overwrite {
        /// What it is now.
        now: &'a Conflict,
        /// What is to be made true.
        effect: &'a Effect,
    },
    /// Whether an invoice is made that comes to more than was confirmed.
    Rounded(&'a Rounded),
    /// Whether this new record is what a step has sent.
    IsIt(u64, &'a Step),
    /// Where it is not, whether the step is sent again.
    AgainThen,
    /// Whether a step that no look shows is sent again, and why nothing is known of it.
    Again(&'a Step, &'a Why),
}

/// Why an execution takes longer.
#[derive(Debug)]
pub enum Notice<'a> {
    /// No clear answer came, for this reason; what was sent is looked for, no longer than this.
    Settling(&'a Why, Duration),
    /// A new record may or may not be what was sent.
    Perhaps {
        /// Why nothing is known.
        why: &'a Why,
        /// What was sent.
        step: &'a Step,
        /// The record's id.
        id: u64,
        /// The record.
        record: Option<&'a Value>,
    },
    /// The rate limit is exhausted for so long.
    RateLimited(Duration),
    /// What was not found is not old enough to be sent again, for so long.
    TooEarly(Duration),
    /// The connection was not made, for this reason.
    NoConnection(&'a str),
}

/// Whoever follows an execution, and can be asked when it is in doubt.
pub trait Prompter {
    /// Asks; `false` where nobody can be asked.
    fn ask(&self, question: &Question<'_>) -> LocalBoxFuture<'_, bool>;
    /// Shows what is being done; a person watching may like to know.
    fn progress(&self, line: &str);
    /// Says why it takes longer; a script's log should have it too.
    fn say(&self, notice: &Notice<'_>);
    /// Whether Ctrl-C was pressed.
    fn interrupted(&self) -> bool;
}

/// What an execution needs besides the plan.
pub struct Engine<'a> {
    /// Looks.
    pub reader: &'a Reader,
    /// Sends.
    pub sender: &'a Sender,
    /// Talks.
    pub prompter: &'a dyn Prompter,
    /// How long a record is looked for after an unclear answer.
    pub settle: Duration,
    /// How old an unknown step must be before it is sent again.
    pub resend_after: Duration,
    /// How old what was read may be when a step that rests on it is sent.
    pub fresh: Duration,
}

impl Engine<'_> {
    /// Carries out a plan, or the rest of it: `states` is what is known of its steps.
    pub async fn execute(
        &self,
        confirmed: Confirmed,
        journal: Journal,
        states: Vec<StepState>,
    ) -> Outcome {
        let Confirmed { mut plan, gathered_at, answered, permit } = confirmed;
        plan.fill(&states);
        let left = |is: fn(&StepState) -> bool| {
            let steps = states.iter().enumerate();
            steps.filter(|(_, state)| is(state)).map(|(index, _)| index).collect::<BTreeSet<_>>()
        };
        let done = left(|state| matches!(state, StepState::Checked { .. }));
        let known = plan.baseline.collections();
        let mut run = Run {
            engine: self,
            there: plan.baseline.clone(),
            proven: known_grounds(&plan, &states)
                .filter(|_| !answered)
                .map(|given| (given.clone(), gathered_at))
                .collect(),
            gathered: Some(gathered_at).filter(|_| !answered),
            read_at: known.map(|collection| (collection.clone(), gathered_at)).collect(),
            inherited: left(StepState::is_unknown),
            aged: BTreeSet::new(),
            left: left(|state| matches!(state, StepState::Landed { .. })),
            disregarded: BTreeSet::new(),
            unchecked: Vec::new(),
            left_by_answer: BTreeSet::new(),
            first: None,
            warnings: Vec::new(),
            made: CreatedRecords::default(),
            plan,
            journal,
            permit,
            states,
            before: None,
            resolved: None,
        };
        let stopped = run.all().await;
        run.reload(&done).await;
        run.end(stopped)
    }
}

/// What its steps rest on and was looked at when it was made. A list may show what is yet to be known as ours.
fn known_grounds<'p>(
    plan: &'p Plan,
    states: &'p [StepState],
) -> impl Iterator<Item = &'p Precondition> {
    let is_clear = !states.iter().any(StepState::is_unknown);
    let grounds = plan.steps.iter().flat_map(|step| plan.grounds(step));
    grounds.filter(move |given| given.known_record().is_some() || is_clear && given.is_known())
}

/// One execution under way.
pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine<'a>,
    pub(super) plan: Plan,
    pub(super) journal: Journal,
    pub(super) permit: Permit,
    pub(super) states: Vec<StepState>,
    /// The ids last seen in each list.
    pub(super) there: Baseline,
    /// When each list of them was read.
    pub(super) read_at: BTreeMap<Collection, Instant>,
    /// When each of what steps rest on was last seen to be as previewed.
    pub(super) proven: Vec<(Precondition, Instant)>,
    /// When all of it was read, where nobody has thought it over since.
    pub(super) gathered: Option<Instant>,
    /// Steps that an earlier run has left unknown, and that this one has not sent.
    pub(super) inherited: BTreeSet<usize>,
    /// Steps that an earlier run has left unknown, and that were old enough then to be sent again.
    pub(super) aged: BTreeSet<usize>,
    /// Steps that an earlier run has left landed and unchecked.
    left: BTreeSet<usize>,
    /// Records that a person has said to be none of the plan's.
    pub(super) disregarded: BTreeSet<u64>,
    /// Steps that landed and that no GET has shown yet.
    pub(super) unchecked: Vec<usize>,
    /// Changes of which the answer itself says that nothing was taken.
    pub(super) left_by_answer: BTreeSet<usize>,
    /// The first step that it sends, or tries to: before that one, what all later ones rest on is looked at.
    pub(super) first: Option<usize>,
    pub(super) warnings: Vec<Warning>,
    pub(super) made: CreatedRecords,
    /// The record before its values were set.
    pub(super) before: Option<Value>,
    /// The ticket as it was read a moment ago, while a step waited for an earlier one's record.
    pub(super) resolved: Option<Snapshot>,
}

/// Where an execution stopped, and why.
pub(super) type Stopped = (usize, StopReason);

/// Stopped in doubt.
pub(super) const fn unconfirmed(index: usize, why: Option<Why>, shown: Shown) -> Stopped {
    (index, StopReason::Unconfirmed(Doubt { why, shown }))
}

impl Run<'_> {
    pub(super) fn effect(&self, index: usize) -> &Effect {
        &self.plan.steps[index].effect
    }

    async fn all(&mut self) -> Result<(), Stopped> {
        for index in 0..self.plan.steps.len() {
            if let Err(stopped) = Box::pin(self.one(index)).await {
                // What landed before should not stay in doubt only because a later step stopped.
                return match self.check_all(ReadSet::NOTHING).await {
                    Err(worse @ (_, StopReason::Duplicate(_) | StopReason::CheckFailed(_))) => {
                        Err(worse)
                    }
                    _ => Err(stopped),
                };
            }
        }
        self.check_all(ReadSet::NOTHING).await.map(|_| ())
    }

    /// Takes step `index` as far as the API's word that it landed. Its check waits for the next look that is due anyway:
    /// beside the next sending, or with what the next step reads.
    async fn one(&mut self, index: usize) -> Result<(), Stopped> {
        match &self.states[index] {
            StepState::Checked { .. } => Ok(()),
            // The API's yes is all that there is to know.
            StepState::Landed { .. } if self.effect(index).is_unverifiable() => {
                self.passed(index, None, false)
            }
            StepState::Landed { .. } => {
                self.resolve_references(index).await?;
                self.unchecked.push(index);
                Ok(())
            }
            StepState::NotSent => {
                self.resolve_references(index).await?;
                self.check_what_was_left().await?;
                Box::pin(self.deliver(index, false)).await
            }
            StepState::Unknown { .. } => {
                self.resolve_references(index).await?;
                if Box::pin(self.settle(index, None)).await? {
                    return Ok(());
                }
                // Nothing more is sent over a wrong step.
                let delivered = match self.check_all(ReadSet::NOTHING).await {
                    Ok(_) => Box::pin(self.deliver(index, true)).await,
                    Err(stopped) => Err(stopped),
                };
                if delivered.is_err() {
                    self.note_absence(index).await?;
                }
                delivered
            }
        }
    }

    /// Notes that a step which an earlier run has left unknown, and which is not sent again, did not land: where it is old
    /// enough to be sent again, and a look that begins then does not show it. Its absence is as settled as a second sending
    /// would have needed: it must stand in the way of no repair, nor be called possible. Only of a plan that stays pending
    /// whatever is said of it.
    async fn note_absence(&mut self, index: usize) -> Result<(), Stopped> {
        let mut others = self.states.iter().enumerate().filter(|(other, _)| *other != index);
        let is_pending = others.any(|(_, state)| *state != StepState::NotSent);
        let is_sent_again = !self.inherited.contains(&index);
        if is_sent_again || !self.aged.contains(&index) || !is_pending {
            return Ok(());
        }
        let looked = self.look(self.effect(index).reads(None), RetryPolicy::Once).await;
        match looked.map(|view| self.judge(index, &view)) {
            Ok(Observation::Missing) => self.record(index, Known::NotLanded { why: Why::NotFound }),
            _ => Ok(()),
        }
    }

    /// An earlier run has stopped beside what it left unchecked, perhaps because two are there: nothing more is sent
    /// before that is known.
    async fn check_what_was_left(&mut self) -> Result<(), Stopped> {
        if self.unchecked.iter().any(|index| self.left.contains(index)) {
            self.check_all(ReadSet::NOTHING).await?;
        }
        Ok(())
    }

    /// A step that refers to what an earlier one makes waits until a GET has shown that: an answer that names another
    /// ticket must not lead a customer's mail there.
    async fn resolve_references(&mut self, index: usize) -> Result<(), Stopped> {
        if !self.plan.steps[index].waits() {
            return Ok(());
        }
        let effect = self.effect(index);
        let is_of_ticket = effect.record_ref().is_some_and(RecordRef::is_of_ticket);
        let more = match is_of_ticket || matches!(effect, Effect::TimerCharged { .. }) {
            true => ReadSet::NOTHING.ticket(),
            false => ReadSet::NOTHING,
        };
        // The look that shows what the step waits for shows the step's own record as well.
        let view = self.check_all(more.clone()).await?;
        self.resolved = view.filter(|_| !more.is_nothing());
        let unresolved = self.plan.unresolved();
        self.plan.fill(&self.states);
        // The lists of what was just made have nothing in them.
        for born in unresolved.difference(&self.plan.unresolved()) {
            if let Some(collection) = self.effect(*born).collection().cloned() {
                self.read_at.insert(collection, Instant::now());
            }
        }
        if self.plan.steps[index].waits() {
            return Err((index, StopReason::Changed(Changed::Orphaned)));
        }
        Ok(())
    }

    /// Ctrl-C: nothing more is sent, but what was sent is still looked at, so that nothing stays in doubt that a GET can
    /// tell.
    pub(super) async fn interrupted<R>(&mut self, index: usize) -> Result<R, Stopped> {
        self.check_all(ReadSet::NOTHING).await?;
        Err((index, StopReason::Interrupted))
    }

    /// A look that the next sending rests on: nothing is in doubt if it fails, so it fails as a read does.
    pub(super) async fn read(&self, index: usize, needs: ReadSet) -> Result<Snapshot, Stopped> {
        let view = self.look(needs, RetryPolicy::Retry).await;
        view.map_err(|error| (index, StopReason::Unread(error.into())))
    }

    /// Takes the ids of a view as those that are there before the next sending: the intent holds them, and only an id that
    /// is not among them can be the new record's.
    pub(super) fn remember(&mut self, effect: &Effect, view: &Snapshot, began: Instant) {
        let Some(collection) = effect.collection() else { return };
        self.there.set(collection, view.ids(collection));
        self.read_at.insert(collection.clone(), began);
    }

    /// Whether the ids of the list that the step adds to are too old to tell a new one by, or not known at all.
    pub(super) fn is_stale(&self, effect: &Effect) -> bool {
        let read = |collection| self.read_at.get(collection).map(Instant::elapsed);
        let age = effect.collection().map(read);
        age.is_some_and(|age| age.is_none_or(|age| age > self.engine.fresh))
    }

    /// The end: a plan in which nothing is left to do or to know is closed, any other one stays for `resume`. If the power
    /// goes before the closing line, `resume` looks once more and closes it.
    fn end(mut self, result: Result<(), Stopped>) -> Outcome {
        let bodies = self.plan.steps.iter().filter_map(|step| step.request.body.as_ref());
        let sent = Sent::of(bodies);
        self.made.records.values_mut().flatten().for_each(|record| sent.hide(record));
        let mut outcome = Outcome {
            plan: self.plan,
            states: self.states,
            stopped: result.err(),
            warnings: self.warnings,
            made: self.made,
            no_repair: None,
        };
        if !outcome.is_pending() {
            let entry = Entry::Closed {
                outcome: outcome.word().to_owned(),
                supersedes: outcome.supersedes(),
                at: Timestamp::now(),
            };
            let warning = self.journal.close(&entry).unwrap_or(Some(Warning::NotClosed));
            outcome.warnings.extend(warning);
        }
        outcome
    }
}
