//! Carries out a confirmed plan, step by step: note the intent, send once, judge the answer, look whether it is so.
//! After every byte sent the journal says what is known and what is only hoped. No step is begun while an earlier one
//! is in doubt; a check that the next step does not depend on travels beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use super::confirm::{Confirmed, FRESH, Permit};
use super::effect::{self, Effect, KnownLine, Observation};
use super::journal::{Entry, Journal, Known};
use super::outcome::{CreatedRecords, Outcome, StopReason};
use super::place::{RecordRef, Space};
use super::plan::{Baseline, Plan};
use super::record::shown;
use super::snapshot::{self, ReadSet, RetryPolicy, Snapshot};
use super::state::{Clock, StepState};
use crate::api::ids::{InvoiceId, TimerId};
use crate::api::sender::Turn;
use crate::api::{Answer, Reader, Sender};
use crate::billing::money;

/// How often a step that was rate limited is tried again.
const RATE_LIMIT_TRIES: u32 = 3;

/// Whoever follows an execution, and can be asked when it is in doubt.
pub trait Prompter {
    /// Asks a yes-or-no question; `false` where nobody can be asked.
    fn ask(&self, question: String) -> LocalBoxFuture<'_, bool>;
    /// Shows what is being done; a person watching may like to know.
    fn progress(&self, line: &str);
    /// Says why it takes longer; a script's log should have it too.
    fn say(&self, line: &str);
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
}

impl Engine<'_> {
    /// Carries out a plan, or the rest of it: `states` is what is known of its steps.
    pub async fn execute(
        &self,
        confirmed: Confirmed,
        journal: Journal,
        states: Vec<StepState>,
    ) -> Outcome {
        let Confirmed { mut plan, gathered_at, permit } = confirmed;
        plan.fill(&states);
        let left = |is: fn(&StepState) -> bool| {
            let steps = states.iter().enumerate();
            steps.filter(|(_, state)| is(state)).map(|(index, _)| index).collect::<BTreeSet<_>>()
        };
        let done: Vec<usize> =
            left(|state| matches!(state, StepState::Checked { .. })).into_iter().collect();
        let mut run = Run {
            engine: self,
            there: plan.baseline.clone(),
            proven: known_things(&plan).map(|thing| (thing, gathered_at)).collect(),
            read_at: spaces(&plan).map(|space| (space, gathered_at)).collect(),
            inherited: left(StepState::is_unknown),
            left: left(|state| matches!(state, StepState::Landed { .. })),
            disregarded: BTreeSet::new(),
            unchecked: Vec::new(),
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

/// The lists that a plan knew when it was made.
fn spaces(plan: &Plan) -> impl Iterator<Item = Space> {
    let pools = plan.baseline.pools.iter();
    Space::OF_TICKET
        .into_iter()
        .filter(|space| plan.baseline.knows(space))
        .chain(pools.map(|(pool, _)| Space::Pool(pool.clone())))
}

/// The records that its steps rest on and that were there when it was made.
fn known_things(plan: &Plan) -> impl Iterator<Item = RecordRef> {
    let given = plan.steps.iter().flat_map(|step| plan.grounds(step));
    given.map(|given| given.of.clone()).filter(|of| of.id().is_some())
}

/// One execution under way.
pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine<'a>,
    pub(super) plan: Plan,
    pub(super) journal: Journal,
    pub(super) permit: Permit,
    pub(super) states: Vec<StepState>,
    /// The ids last seen on the ticket.
    pub(super) there: Baseline,
    /// When each list of them was read.
    pub(super) read_at: BTreeMap<Space, Instant>,
    /// When each record that steps rest on was last seen to be as previewed.
    proven: BTreeMap<RecordRef, Instant>,
    /// Steps that an earlier run has left unknown, and that this one has not sent.
    pub(super) inherited: BTreeSet<usize>,
    /// Steps that an earlier run has left landed and unchecked.
    left: BTreeSet<usize>,
    /// Records that a person has said to be none of the plan's.
    pub(super) disregarded: BTreeSet<u64>,
    /// Steps that landed and that no GET has shown yet.
    pub(super) unchecked: Vec<usize>,
    pub(super) warnings: Vec<String>,
    pub(super) made: CreatedRecords,
    /// The record before its values were set.
    pub(super) before: Option<Value>,
    /// The ticket as it was read a moment ago, while a step waited for an earlier one's record.
    pub(super) resolved: Option<Snapshot>,
}

/// Where an execution stopped, and why.
pub(super) type Stopped = (usize, StopReason);

impl Run<'_> {
    async fn all(&mut self) -> Result<(), Stopped> {
        for index in 0..self.plan.steps.len() {
            if let Err(halt) = Box::pin(self.one(index)).await {
                // What landed before should not stay in doubt only because a later step stopped.
                return match self.check_all(ReadSet::NOTHING).await {
                    Err(worse @ (_, StopReason::Duplicate(_) | StopReason::CheckFailed(_))) => {
                        Err(worse)
                    }
                    _ => Err(halt),
                };
            }
        }
        self.check_all(ReadSet::NOTHING).await.map(|_| ())
    }

    /// Takes step `index` as far as the API's word that it landed.
    async fn one(&mut self, index: usize) -> Result<(), Stopped> {
        match &self.states[index] {
            StepState::Checked { .. } => Ok(()),
            // The API's yes is all that there is to know.
            StepState::Landed { .. } if self.plan.steps[index].effect.is_unverifiable() => {
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
                if Box::pin(self.settle(index)).await? {
                    return Ok(());
                }
                if let Err(halt) = self.check_all(ReadSet::NOTHING).await {
                    // Nothing more is sent over a wrong step, but this one's absence is as settled as its second sending
                    // would have needed: it must not stand in the way of a repair.
                    let why = "not there when it was old enough to be sent again".to_owned();
                    self.record(index, Known::NotLanded { why })?;
                    return Err(halt);
                }
                Box::pin(self.deliver(index, true)).await
            }
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
        let thing = self.plan.steps[index].effect.thing();
        let more = match thing.is_some_and(RecordRef::is_of_ticket) {
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
            if let Some(space) = self.plan.steps[*born].effect.space() {
                self.read_at.insert(space.clone(), Instant::now());
            }
        }
        if self.plan.steps[index].waits() {
            let why = "what it belongs to is not there".to_owned();
            return Err((index, StopReason::Changed(why)));
        }
        Ok(())
    }

    /// Ctrl-C: nothing more is sent, but what was sent is still looked at.
    async fn interrupted<R>(&mut self, index: usize) -> Result<R, Stopped> {
        self.check_all(ReadSet::NOTHING).await?;
        Err((index, StopReason::Interrupted))
    }

    /// Reads what the step rests on, together with the checks that are due; `true` when it is true already. Before a
    /// second sending (`again`) the step's own effect is looked for too, however fresh the last reading is.
    async fn prepare(&mut self, index: usize, again: bool) -> Result<bool, Stopped> {
        let effect = self.plan.steps[index].effect.clone();
        let mut needs = effect.needs_before();
        if again || needs.is_nothing() && self.is_stale(&effect) {
            needs = needs.and(effect.needs(None));
        }
        for given in self.plan.grounds(&self.plan.steps[index]) {
            if given.recheck || again || self.is_old(&given.of) {
                needs = needs.thing(&given.of);
            }
        }
        if needs.is_nothing() {
            return Ok(false);
        }
        let shows_list = effect.space().is_some() && needs == needs.clone().and(effect.needs(None));
        let began = Instant::now();
        let resolved = self.resolved.take().filter(|_| needs == ReadSet::NOTHING.ticket());
        let view = match (self.check_all(needs.clone()).await?, resolved) {
            (Some(view), _) | (None, Some(view)) => view,
            (None, None) => self.read(index, needs).await?,
        };
        if again && effect.space().is_some() {
            match self.judge(index, &view) {
                Observation::Found(id) => {
                    return self.checked_now(index, id, true, view).await.map(|()| true);
                }
                Observation::Duplicates(ids) => return Err((index, StopReason::Duplicate(ids))),
                Observation::Ambiguous(ids) if self.states[index].is_unknown() => {
                    return Err((index, StopReason::Unconfirmed(effect.perhaps(&ids))));
                }
                // When it is known that nothing landed, other contents are somebody's own.
                Observation::Ambiguous(_) | Observation::Missing | Observation::Conflict(_) => {}
            }
        }
        // A look that was made for another reason shows nothing of the list.
        if shows_list {
            self.remember(&effect, &view, began);
        }
        // What is true already rests on nothing any more: a record that our own late deletion removed is not "gone".
        if effect.space().is_none()
            && let Observation::Found(id) = self.judge(index, &view)
        {
            if self.states[index] == StepState::NotSent {
                self.made.already.insert(index);
            }
            return self.checked(index, id, true, &view).map(|()| true);
        }
        let changed = |what| (index, StopReason::Changed(what));
        self.rests_on(index, &view, began).map_err(changed)?;
        match &effect {
            Effect::Invoice { lines, invoices, .. } => {
                self.as_previewed(&view, lines, invoices).map_err(changed)?;
            }
            Effect::Status { to, .. } => {
                self.before = view.ticket.as_ref().map(|ticket| ticket.raw.clone());
                self.check_no_conflict(index, &view, to).await?;
            }
            Effect::Price { to, .. } => {
                let to = money::display(*to);
                self.check_no_conflict(index, &view, &to).await?;
            }
            Effect::InvoiceGone { invoice } => {
                self.may_delete(*invoice, &view).map_err(changed)?;
            }
            Effect::Updated { of, changes, .. } => {
                self.before = view.thing(of).cloned();
                let to: Vec<String> = changes.iter().map(|change| shown(&change.to)).collect();
                self.check_no_conflict(index, &view, &to.join(", ")).await?;
            }
            Effect::TimerCharged { timer, .. } => {
                may_charge(*timer, &view).map_err(changed)?;
            }
            Effect::Comment { .. }
            | Effect::LineItem { .. }
            | Effect::Created { .. }
            | Effect::Deleted { .. }
            | Effect::Unverifiable { .. } => {}
        }
        Ok(false)
    }

    /// What a look shows of the step's ground: what must still be so.
    fn rests_on(&mut self, index: usize, view: &Snapshot, began: Instant) -> Result<(), String> {
        for given in self.plan.grounds(&self.plan.steps[index]) {
            if view.has_read(&given.of) {
                given.holds(view)?;
                self.proven.insert(given.of.clone(), began);
            }
        }
        Ok(())
    }

    /// Whether a record was read too long ago to rest on, or never.
    fn is_old(&self, of: &RecordRef) -> bool {
        let read = self.proven.get(of).map(Instant::elapsed);
        read.is_none_or(|age| age > FRESH)
    }

    fn as_previewed(
        &self,
        view: &Snapshot,
        lines: &[KnownLine],
        invoices: &[InvoiceId],
    ) -> Result<(), String> {
        let made = |space| self.made_in(Some(space), usize::MAX);
        effect::as_previewed(view, lines, invoices, &made(&Space::Lines), &made(&Space::Invoices))
    }

    /// An invoice is deleted only while nobody has paid for it, and while what is to replace it still can.
    fn may_delete(&self, invoice: InvoiceId, view: &Snapshot) -> Result<(), String> {
        if view.invoice.as_ref().is_some_and(|found| found.is_settled()) {
            return Err("the invoice has been paid, at least in part".to_owned());
        }
        let next = self.plan.steps.iter().find_map(|step| match &step.effect {
            Effect::Invoice { lines, invoices, .. } => Some((lines, invoices)),
            _ => None,
        });
        let Some((lines, invoices)) = next else {
            return Ok(());
        };
        effect::nothing_new(view, lines, invoices, invoice)
    }

    /// A value that is neither the previewed nor the wanted one is someone else's change, which only a person overwrites.
    async fn check_no_conflict(
        &mut self,
        index: usize,
        view: &Snapshot,
        to: &str,
    ) -> Result<(), Stopped> {
        let Observation::Conflict(now) = self.judge(index, view) else {
            return Ok(());
        };
        let question = format!(
            "It is \"{now}\" now, changed by someone else. Set it to \"{to}\" all the same?"
        );
        if self.engine.prompter.ask(question).await {
            return Ok(());
        }
        Err((index, StopReason::Changed(format!("it is \"{now}\" now, changed by someone else"))))
    }

    /// Sends the step, and again only after a look, and only where nothing landed or somebody lets it go once more.
    async fn deliver(&mut self, index: usize, mut again: bool) -> Result<(), Stopped> {
        let (mut limited, mut unreached) = (0, 0);
        loop {
            let Some(turn) = self.ready(index, again).await? else {
                return Ok(());
            };
            match self.send(index, turn).await? {
                Answer::Accepted { body, .. } => {
                    if self.plan.steps[index].effect.is_unverifiable() {
                        return self.accept_unverifiable(index, body);
                    }
                    return self.settled_if_twice(index).await;
                }
                Answer::Refused { status, message } => {
                    return Err((index, StopReason::Refused { status, message }));
                }
                Answer::RateLimited { wait, message } => {
                    limited += 1;
                    if limited > RATE_LIMIT_TRIES || self.plan.steps[index].effect.is_unverifiable()
                    {
                        return Err((index, StopReason::RateLimited(message)));
                    }
                    self.pause(wait, "Syncro's rate limit is exhausted").await;
                }
                Answer::NeverLeft { cause } => {
                    unreached += 1;
                    if unreached > 1 || self.plan.steps[index].effect.is_unverifiable() {
                        return Err((index, StopReason::NeverLeft(cause)));
                    }
                    self.engine
                        .prompter
                        .say(&format!("no connection ({cause}); looking before one more try"));
                }
                Answer::Unknown { .. } => {
                    if Box::pin(self.settle(index)).await? {
                        return Ok(());
                    }
                }
            }
            again = true;
        }
    }

    /// Reads what the step rests on and waits for its turn; nothing when the step is true already. Whoever waited long
    /// for the turn reads once more while holding it, so that what is sent rests on what is there now.
    async fn ready(&mut self, index: usize, again: bool) -> Result<Option<Turn>, Stopped> {
        if self.engine.prompter.interrupted() {
            return self.interrupted(index).await;
        }
        let began = Instant::now();
        if self.prepare(index, again).await? {
            return Ok(None);
        }
        let Some(turn) = self.turn().await else {
            return self.interrupted(index).await;
        };
        let effect = &self.plan.steps[index].effect;
        let waited = match effect.space() {
            Some(_) => self.is_stale(effect),
            None => began.elapsed() > FRESH,
        };
        if waited && self.prepare(index, again).await? {
            return Ok(None);
        }
        Ok(Some(turn))
    }

    /// The API's yes to what no GET shows: all that there will ever be known of it.
    fn accept_unverifiable(&mut self, index: usize, body: Value) -> Result<(), Stopped> {
        self.unchecked.retain(|one| *one != index);
        self.made.answer = Some(body).filter(|body| !body.is_null());
        self.warnings.push(format!(
            "Syncro accepted {}; nothing that a GET shows tells more",
            self.plan.steps[index].effect.what()
        ));
        self.passed(index, None, false)
    }

    /// What may be there twice is settled before anything else is sent.
    async fn settled_if_twice(&mut self, index: usize) -> Result<(), Stopped> {
        match self.states[index] {
            StepState::Landed { twice: true, .. } => {
                self.check_all(ReadSet::NOTHING).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// One sending: intent, bytes, answer, each noted before the next. Checks that are due travel beside it.
    async fn send(&mut self, index: usize, turn: Turn) -> Result<Answer, Stopped> {
        let step = &self.plan.steps[index];
        let seen = self.there.ids(step.effect.space());
        let at = Clock::now(self.engine.reader);
        let intent = Entry::Intent {
            step: index,
            seen: seen.iter().copied().collect(),
            at: at.here,
            server: at.server,
        };
        self.journal.note(&intent).map_err(|error| (index, StopReason::NoJournal(error)))?;
        self.states[index] = self.states[index].clone().intended(seen, at);
        self.inherited.remove(&index);
        self.engine.prompter.progress(&step.description);

        let due = self.needs_of_unchecked();
        let reader = self.engine.reader.clone();
        let scope = self.plan.scope.clone();
        let beside = async move {
            if due.is_nothing() {
                None
            } else {
                Some(snapshot::look(&reader, &scope, due, RetryPolicy::Retry).await)
            }
        };
        let sending = self.engine.sender.send(step.request.to_write(), turn, &self.permit);
        let (answer, view) = tokio::join!(sending, beside);

        let answer = self.note(index, answer)?;
        // A look that failed is made again when the next step needs it, or at the end.
        let looked = match view {
            Some(Ok(view)) => self.check_by(view).await.map(|_| ()),
            Some(Err(_)) | None => Ok(()),
        };
        if let Answer::Accepted { body, .. } = &answer {
            self.made.last = Some(body.clone()).filter(|body| !body.is_null());
            self.unchecked.push(index);
        }
        looked?;
        Ok(answer)
    }

    /// Waits for a place in the rate window; none when Ctrl-C came first. Nothing is noted yet, so nothing is in doubt.
    async fn turn(&self) -> Option<Turn> {
        let turn = self.engine.sender.turn();
        tokio::pin!(turn);
        loop {
            tokio::select! {
                biased;
                turn = &mut turn => {
                    return (!self.engine.prompter.interrupted()).then_some(turn);
                }
                () = tokio::time::sleep(Duration::from_millis(50)) => {
                    if self.engine.prompter.interrupted() {
                        return None;
                    }
                }
            }
        }
    }

    /// Notes what an answer says; a 2xx of another shape says nothing.
    fn note(&mut self, index: usize, answer: Answer) -> Result<Answer, Stopped> {
        let effect = &self.plan.steps[index].effect;
        let (known, answer) = match answer {
            Answer::Accepted { status, body, date } => match effect.read_answer(&body) {
                Ok(id) if self.is_plausible(index, id) => {
                    (Known::Landed { id, found: false }, Answer::Accepted { status, body, date })
                }
                Ok(_) => unclear("the answer names a record that was there before", status),
                Err(why) => unclear(&why, status),
            },
            Answer::Refused { status, message } => (
                Known::NotLanded { why: format!("{status}: {message}") },
                Answer::Refused { status, message },
            ),
            Answer::RateLimited { wait, message } => {
                (Known::NotLanded { why: "429".to_owned() }, Answer::RateLimited { wait, message })
            }
            Answer::NeverLeft { cause } => {
                (Known::NotLanded { why: cause.clone() }, Answer::NeverLeft { cause })
            }
            Answer::Unknown { cause, status } => {
                (Known::Unknown { why: cause.clone() }, Answer::Unknown { cause, status })
            }
        };
        self.record(index, known)?;
        Ok(answer)
    }

    fn is_plausible(&self, index: usize, id: Option<u64>) -> bool {
        let made = self.made_in(self.plan.steps[index].effect.space(), index);
        match (&self.states[index], id) {
            (StepState::Unknown { sent, .. }, Some(id)) => {
                !sent.seen.contains(&id) && !made.contains(&id)
            }
            _ => true,
        }
    }

    /// A look that the next sending rests on: nothing is in doubt if it fails, so it fails as a read does.
    pub(super) async fn read(&self, index: usize, needs: ReadSet) -> Result<Snapshot, Stopped> {
        snapshot::look(self.engine.reader, &self.plan.scope, needs, RetryPolicy::Retry)
            .await
            .map_err(|error| (index, StopReason::Unread(error.into())))
    }

    /// Takes the ids of a view as those that are there before the next sending.
    pub(super) fn remember(&mut self, effect: &Effect, view: &Snapshot, began: Instant) {
        let Some(space) = effect.space() else { return };
        self.there.set(space, view.ids(space));
        self.read_at.insert(space.clone(), began);
    }

    /// Whether the ids of the list that the step adds to are too old to tell a new one by, or not known at all.
    fn is_stale(&self, effect: &Effect) -> bool {
        let read = |space| self.read_at.get(space).map(Instant::elapsed);
        let age = effect.space().map(read);
        age.is_some_and(|age| age.is_none_or(|age| age > FRESH))
    }

    fn end(mut self, result: Result<(), Stopped>) -> Outcome {
        let mut outcome = Outcome {
            plan: self.plan,
            states: self.states,
            stopped: result.err(),
            warnings: self.warnings,
            made: self.made,
        };
        if !outcome.is_pending() {
            let entry = Entry::Closed {
                outcome: outcome.word().to_owned(),
                supersedes: outcome.supersedes(),
                at: Timestamp::now(),
            };
            if self.journal.note(&entry).is_err() {
                outcome.warnings.push(
                    "all is written and checked, but the journal could not be closed; `syncro resume` will look once more"
                        .to_owned(),
                );
            }
        }
        outcome
    }
}

/// A timer that somebody has charged meanwhile would make a second line.
fn may_charge(timer: TimerId, view: &Snapshot) -> Result<(), String> {
    let timers = view.ticket.iter().flat_map(|ticket| &ticket.ticket_timers);
    match timers.into_iter().find(|one| one.id == timer) {
        None => Err(format!("timer entry {timer} is gone")),
        Some(timer) if timer.recorded => {
            Err(format!("timer entry {} has been charged meanwhile", timer.id))
        }
        Some(_) => Ok(()),
    }
}

fn unclear(why: &str, status: u16) -> (Known, Answer) {
    (
        Known::Unknown { why: why.to_owned() },
        Answer::Unknown { cause: why.to_owned(), status: Some(status) },
    )
}
