//! Carries out a confirmed plan, step by step: note the intent, send once, judge the answer, look whether it is so.
//! After every byte sent the journal says what is known and what is only hoped. No step is begun while an earlier one
//! is in doubt; a check that the next step does not depend on travels beside it.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::confirm::{Confirmed, FRESH, Permit};
use super::effect::{self, Effect, Newness, Sighting};
use super::journal::{Entry, Journal, Known};
use super::outcome::{Failure, Made, Outcome, Stop};
use super::plan::{Baseline, Plan};
use super::state::StepState;
use super::verify;
use super::view::{self, Needs, Patience, View};
use crate::api::sender::Turn;
use crate::api::{self, Answer, Reader, Sender};

/// How often a step that was rate limited is tried again.
const RATE_LIMIT_TRIES: u32 = 3;

/// How many looks may fail after the settling time before nothing more is hoped of them.
const FAILED_LOOKS: u32 = 5;

/// Whoever follows an execution, and can be asked when it is in doubt.
pub trait Talk {
    /// Asks a yes-or-no question; `false` where nobody can be asked.
    fn ask(&self, question: String) -> impl Future<Output = bool>;
    /// Shows what is being done; a person watching may like to know.
    fn progress(&self, line: &str);
    /// Says why it takes longer; a script's log should have it too.
    fn say(&self, line: &str);
    /// Whether Ctrl-C was pressed.
    fn interrupted(&self) -> bool;
}

/// What an execution needs besides the plan.
pub struct Engine<'a, T> {
    /// Looks.
    pub reader: &'a Reader,
    /// Sends.
    pub sender: &'a Sender,
    /// Talks.
    pub talk: &'a T,
    /// How long a record is looked for after an unclear answer.
    pub settle: Duration,
    /// How old an unknown step must be before it is sent again.
    pub resend_after: Duration,
}

impl<T: Talk> Engine<'_, T> {
    /// Carries out a plan, or the rest of it: `states` is what is known of its steps.
    pub async fn execute(
        &self,
        confirmed: Confirmed,
        journal: Journal,
        states: Vec<StepState>,
    ) -> Outcome {
        let Confirmed {
            plan,
            gathered_at,
            permit,
        } = confirmed;
        let mut run = Run {
            engine: self,
            there: plan.baseline.clone(),
            read_at: gathered_at,
            unchecked: Vec::new(),
            warnings: Vec::new(),
            made: Made::default(),
            plan,
            journal,
            permit,
            states,
            sent_twice: false,
            began: Timestamp::now(),
            before: None,
        };
        let stopped = run.all().await;
        run.end(stopped)
    }
}

/// One execution under way.
struct Run<'a, T> {
    engine: &'a Engine<'a, T>,
    plan: Plan,
    journal: Journal,
    permit: Permit,
    states: Vec<StepState>,
    /// The ids last seen on the ticket.
    there: Baseline,
    /// When they were read.
    read_at: Instant,
    /// Steps that landed and that no GET has shown yet.
    unchecked: Vec<usize>,
    warnings: Vec<String>,
    made: Made,
    /// Whether the step at hand was sent again after an unknown answer.
    sent_twice: bool,
    /// When this run began.
    began: Timestamp,
    /// The ticket before its status was set.
    before: Option<Value>,
}

/// Where an execution stopped, and why.
type Halt = (usize, Stop);

impl<T: Talk> Run<'_, T> {
    async fn all(&mut self) -> Result<(), Halt> {
        for index in 0..self.plan.steps.len() {
            if let Err(halt) = self.one(index).await {
                // What landed before should not stay in doubt only because a later step stopped.
                return match self.check_all(Needs::NOTHING).await {
                    Err(worse @ (_, Stop::Duplicate(_) | Stop::CheckFailed(_))) => Err(worse),
                    _ => Err(halt),
                };
            }
        }
        self.check_all(Needs::NOTHING).await.map(|_| ())
    }

    /// Takes step `index` as far as the API's word that it landed.
    async fn one(&mut self, index: usize) -> Result<(), Halt> {
        self.sent_twice = false;
        match &self.states[index] {
            StepState::Checked { .. } => return Ok(()),
            StepState::Landed { .. } => {
                self.unchecked.push(index);
                return Ok(());
            }
            StepState::Unknown { .. } => {
                self.check_all(Needs::NOTHING).await?;
                if self.settle(index).await? {
                    return Ok(());
                }
            }
            StepState::NotSent => {}
        }
        if self.engine.talk.interrupted() {
            return self.interrupted(index).await;
        }
        if self.prepare(index).await? {
            return Ok(());
        }
        self.deliver(index).await
    }

    /// Ctrl-C: nothing more is sent, but what was sent is still looked at.
    async fn interrupted(&mut self, index: usize) -> Result<(), Halt> {
        self.check_all(Needs::NOTHING).await?;
        Err((index, Stop::Interrupted))
    }

    /// Reads what the step rests on, together with the checks that are due; `true` when it is true already.
    async fn prepare(&mut self, index: usize) -> Result<bool, Halt> {
        let effect = self.plan.steps[index].effect.clone();
        let mut needs = effect.needs_before();
        if needs.is_nothing() {
            if self.read_at.elapsed() <= FRESH {
                return Ok(false);
            }
            needs = effect.needs(None);
        }
        let began = Instant::now();
        let view = self.check_all(needs).await?;
        let view = match view {
            Some(view) => view,
            None => self.read(index, needs).await?,
        };
        self.remember(&effect, &view, began);
        match &effect {
            Effect::Invoice {
                lines, invoices, ..
            } => {
                let made = |space| self.made_in(Some(space), usize::MAX);
                let same = effect::as_previewed(
                    &view,
                    lines,
                    invoices,
                    &made(effect::Space::Lines),
                    &made(effect::Space::Invoices),
                );
                same.map_err(|what| (index, Stop::Changed(what)))?;
            }
            Effect::Status { to, .. } => {
                self.before = view.ticket.as_ref().map(|ticket| ticket.raw.clone());
                return self.read_before(index, &view, to).await;
            }
            Effect::Price { .. } | Effect::InvoiceGone { .. } => {
                return self.read_before(index, &view, "").await;
            }
            Effect::Comment { .. } | Effect::LineItem { .. } => {}
        }
        Ok(false)
    }

    /// A value that is neither the previewed nor the wanted one is someone else's change.
    async fn read_before(&mut self, index: usize, view: &View, to: &str) -> Result<bool, Halt> {
        match self.judge(index, view) {
            Sighting::Here(id) => {
                self.checked(index, id, true, view)?;
                Ok(true)
            }
            Sighting::Other(now) => {
                let question = format!(
                    "It is \"{now}\" now, changed by someone else. Set it to \"{to}\" all the same?"
                );
                if self.engine.talk.ask(question).await {
                    return Ok(false);
                }
                Err((
                    index,
                    Stop::Changed(format!("it is \"{now}\" now, changed by someone else")),
                ))
            }
            _ => Ok(false),
        }
    }

    /// Sends the step, and again only where it is known that nothing landed.
    async fn deliver(&mut self, index: usize) -> Result<(), Halt> {
        let (mut limited, mut unreached) = (0, 0);
        loop {
            match self.send(index).await? {
                Answer::Accepted { .. } => return Ok(()),
                Answer::Refused { status, message } => {
                    return Err((index, Stop::Refused { status, message }));
                }
                Answer::RateLimited { wait, message } => {
                    limited += 1;
                    if limited > RATE_LIMIT_TRIES {
                        return Err((index, Stop::RateLimited(message)));
                    }
                    self.pause(wait, "Syncro's rate limit is exhausted").await;
                }
                Answer::NeverLeft { cause } => {
                    unreached += 1;
                    if unreached > 1 {
                        return Err((index, Stop::NeverLeft(cause)));
                    }
                    self.engine.talk.say(&format!(
                        "no connection ({cause}); looking before one more try"
                    ));
                }
                Answer::Unknown { .. } => {
                    if self.settle(index).await? {
                        return Ok(());
                    }
                    continue;
                }
            }
            if self.engine.talk.interrupted() {
                return self.interrupted(index).await;
            }
            if self.look_again(index).await? {
                return Ok(());
            }
        }
    }

    /// The look between two sendings of a step of which it is known that it did not land; `true` when it did after all.
    async fn look_again(&mut self, index: usize) -> Result<bool, Halt> {
        let effect = self.plan.steps[index].effect.clone();
        let began = Instant::now();
        let view = self
            .read(index, effect.needs(None).and(effect.needs_before()))
            .await?;
        match self.judge(index, &view) {
            Sighting::Absent => {
                self.remember(&effect, &view, began);
                Ok(false)
            }
            Sighting::Here(id) => self.checked_now(index, id, true, view).await.map(|()| true),
            Sighting::Several(ids) => Err((index, Stop::Duplicate(ids))),
            Sighting::Possible(ids) => Err((index, Stop::Unconfirmed(possible(&ids)))),
            Sighting::Other(now) => Err((
                index,
                Stop::Changed(format!("it is \"{now}\" now, changed by someone else")),
            )),
        }
    }

    /// One sending: intent, bytes, answer, each noted before the next. Checks that are due travel beside it.
    async fn send(&mut self, index: usize) -> Result<Answer, Halt> {
        let Some(turn) = self.turn().await else {
            self.check_all(Needs::NOTHING).await?;
            return Err((index, Stop::Interrupted));
        };
        let step = &self.plan.steps[index];
        let seen = self.there.ids(step.effect.space());
        let at = Timestamp::now();
        let intent = Entry::Intent {
            step: index,
            seen: seen.iter().copied().collect(),
            at,
        };
        self.journal
            .note(&intent)
            .map_err(|error| (index, Stop::NoJournal(error)))?;
        self.states[index] = StepState::Unknown {
            seen,
            at,
            why: "no answer yet".to_owned(),
        };
        self.engine.talk.progress(&step.says);

        let due = self.needs_of_unchecked();
        let reader = self.engine.reader.clone();
        let scope = self.plan.scope.clone();
        let beside = async move {
            if due.is_nothing() {
                None
            } else {
                Some(view::look(&reader, &scope, due, Patience::Retry).await)
            }
        };
        let sending = self
            .engine
            .sender
            .send(step.request.to_write(), turn, &self.permit);
        let (answer, view) = tokio::join!(sending, beside);

        let answer = self.note(index, answer)?;
        // A look that failed is made again when the next step needs it, or at the end.
        let looked = match view {
            Some(Ok(view)) => self.check_by(view).await.map(|_| ()),
            Some(Err(_)) | None => Ok(()),
        };
        if matches!(answer, Answer::Accepted { .. }) {
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
                    return (!self.engine.talk.interrupted()).then_some(turn);
                }
                () = tokio::time::sleep(Duration::from_millis(50)) => {
                    if self.engine.talk.interrupted() {
                        return None;
                    }
                }
            }
        }
    }

    /// Notes what an answer says; a 2xx of another shape says nothing.
    fn note(&mut self, index: usize, answer: Answer) -> Result<Answer, Halt> {
        let effect = &self.plan.steps[index].effect;
        let (known, answer) = match answer {
            Answer::Accepted { status, body, date } => match effect.read_answer(&body) {
                Ok(id) if self.is_plausible(index, id) => (
                    Known::Landed { id },
                    Answer::Accepted { status, body, date },
                ),
                Ok(_) => unclear("the answer names a record that was there before", status),
                Err(why) => unclear(&why, status),
            },
            Answer::Refused { status, message } => (
                Known::NotLanded {
                    why: format!("{status}: {message}"),
                },
                Answer::Refused { status, message },
            ),
            Answer::RateLimited { wait, message } => (
                Known::NotLanded {
                    why: "429".to_owned(),
                },
                Answer::RateLimited { wait, message },
            ),
            Answer::NeverLeft { cause } => (
                Known::NotLanded { why: cause.clone() },
                Answer::NeverLeft { cause },
            ),
            Answer::Unknown { cause, status } => (
                Known::Unknown { why: cause.clone() },
                Answer::Unknown { cause, status },
            ),
        };
        self.states[index] = self.states[index].clone().after(known.clone());
        let entry = Entry::Answered {
            step: index,
            known,
            at: Timestamp::now(),
        };
        self.journal
            .note(&entry)
            .map_err(|error| (index, Stop::JournalLost(error)))?;
        Ok(answer)
    }

    fn is_plausible(&self, index: usize, id: Option<u64>) -> bool {
        let made = self.made_in(self.plan.steps[index].effect.space(), index);
        match (&self.states[index], id) {
            (StepState::Unknown { seen, .. }, Some(id)) => {
                !seen.contains(&id) && !made.contains(&id)
            }
            _ => true,
        }
    }

    /// Looks for a step of which nothing is known: `true` when it was found, `false` when a person, or a plan that is
    /// old enough, has it sent again.
    async fn settle(&mut self, index: usize) -> Result<bool, Halt> {
        let StepState::Unknown { why, at, .. } = self.states[index].clone() else {
            return Ok(true);
        };
        self.engine.talk.say(&format!(
            "no clear answer ({why}); looking whether it landed, for up to {} s",
            self.engine.settle.as_secs().max(1)
        ));
        match self.look_until_settled(index).await {
            Err(error) => Err((
                index,
                Stop::Unconfirmed(format!("{why}; and the look failed: {error}")),
            )),
            Ok((Sighting::Here(id), view)) => {
                self.checked_now(index, id, true, view).await.map(|()| true)
            }
            Ok((Sighting::Several(ids), _)) => Err((index, Stop::Duplicate(ids))),
            Ok((Sighting::Possible(ids), _)) => Err((
                index,
                Stop::Unconfirmed(format!("{why}; {}", possible(&ids))),
            )),
            Ok((Sighting::Other(now), _)) => Err((
                index,
                Stop::Changed(format!(
                    "{why}; and it is \"{now}\" now, changed by someone else"
                )),
            )),
            Ok((Sighting::Absent, view)) => {
                let (view, found) = self.absent(index, &why, at, view).await?;
                if let Some(id) = found {
                    return self.checked_now(index, id, true, view).await.map(|()| true);
                }
                let effect = self.plan.steps[index].effect.clone();
                self.remember(&effect, &view, Instant::now());
                self.sent_twice = true;
                Ok(false)
            }
        }
    }

    /// An unknown step that no look shows. Left by an earlier run, it is sent again once it is old enough and still
    /// is not there; left by this one, only if a person says so. Gives the last view, and the record if it came.
    async fn absent(
        &mut self,
        index: usize,
        why: &str,
        at: Timestamp,
        view: View,
    ) -> Result<(View, Option<Option<u64>>), Halt> {
        let says = self.plan.steps[index].says.clone();
        // Whatever was sent before this run began, an earlier one sent.
        if at < self.began {
            let young = self.engine.resend_after.saturating_sub(age(at));
            if young.is_zero() {
                return Ok((view, None));
            }
            self.pause(young, "it is not there, and too young to be sent again")
                .await;
            if self.engine.talk.interrupted() {
                return Err((index, Stop::Interrupted));
            }
            return match self.look_until_settled(index).await {
                Ok((Sighting::Here(id), view)) => Ok((view, Some(id))),
                Ok((Sighting::Absent, view)) => Ok((view, None)),
                Ok((Sighting::Several(ids), _)) => Err((index, Stop::Duplicate(ids))),
                Ok((Sighting::Possible(ids), _)) => Err((index, Stop::Unconfirmed(possible(&ids)))),
                Ok((Sighting::Other(now), _)) => Err((
                    index,
                    Stop::Changed(format!("it is \"{now}\" now, changed by someone else")),
                )),
                Err(error) => Err((
                    index,
                    Stop::Unconfirmed(format!("{why}; and the look failed: {error}")),
                )),
            };
        }
        let question = format!(
            "It is not there ({why}): {says}. Sending it again would double it if the first one is only late. Send it again?"
        );
        if self.engine.talk.ask(question).await {
            return Ok((view, None));
        }
        Err((
            index,
            Stop::Unconfirmed(format!(
                "{why}; it is not there yet, and was not sent again"
            )),
        ))
    }

    /// Looks until the effect is seen, or until a complete look that began after the settling time shows nothing. Looks
    /// that failed count for nothing, and a rate limit is waited out.
    async fn look_until_settled(&mut self, index: usize) -> Result<(Sighting, View), api::Error> {
        let needs = self.plan.steps[index].effect.needs(None);
        let settled = Instant::now() + self.engine.settle;
        let mut pause = Duration::from_millis(200);
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let scope = &self.plan.scope;
            match view::look(self.engine.reader, scope, needs, Patience::Once).await {
                Ok(view) => match self.judge(index, &view) {
                    Sighting::Absent | Sighting::Possible(_) if began < settled => {}
                    sighting => return Ok((sighting, view)),
                },
                Err(error) if began >= settled => {
                    failures += 1;
                    let patience = match error {
                        api::Error::RateLimited { .. } => FAILED_LOOKS * 2,
                        _ => FAILED_LOOKS,
                    };
                    if failures >= patience {
                        return Err(error);
                    }
                }
                Err(_) => {}
            }
            let left = settled.saturating_duration_since(Instant::now());
            let nap = if left.is_zero() {
                pause
            } else {
                pause.min(left)
            };
            tokio::time::sleep(nap).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    /// Checks everything that landed unseen, with one look that also reads `more`; the view, if one was made.
    async fn check_all(&mut self, more: Needs) -> Result<Option<View>, Halt> {
        let due = self.needs_of_unchecked();
        if due.is_nothing() {
            return Ok(None);
        }
        let first = self.unchecked[0];
        let failed = |error| {
            (
                first,
                Stop::Unconfirmed(format!("Syncro said yes, but the look failed: {error}")),
            )
        };
        let look = |needs| view::look(self.engine.reader, &self.plan.scope, needs, Patience::Retry);
        let view = look(due.and(more)).await.map_err(failed)?;
        if self.check_by(view.clone()).await? || more.is_nothing() {
            return Ok(Some(view));
        }
        // A record came late: what was read beside its absence is out of date.
        self.read(first, more).await.map(Some)
    }

    fn needs_of_unchecked(&self) -> Needs {
        self.unchecked.iter().fold(Needs::NOTHING, |needs, index| {
            needs.and(
                self.plan.steps[*index]
                    .effect
                    .needs(self.states[*index].id()),
            )
        })
    }

    /// Checks all landed steps by one view, `true` if it showed them all; others are looked for until they settle.
    async fn check_by(&mut self, view: View) -> Result<bool, Halt> {
        let mut at_once = true;
        for index in std::mem::take(&mut self.unchecked) {
            match self.judge(index, &view) {
                Sighting::Here(id) => self.checked_now(index, id, false, view.clone()).await?,
                _ => {
                    at_once = false;
                    self.await_landed(index).await?;
                }
            }
        }
        Ok(at_once)
    }

    /// The API said yes, but the look does not show it: wait for it, never send again.
    async fn await_landed(&mut self, index: usize) -> Result<(), Halt> {
        match self.look_until_settled(index).await {
            Ok((Sighting::Here(id), view)) => self.checked_now(index, id, false, view).await,
            Ok((Sighting::Several(ids), _)) => Err((index, Stop::Duplicate(ids))),
            Ok((Sighting::Other(now), _)) => Err((
                index,
                Stop::CheckFailed(Failure::Value(format!("it is \"{now}\" now"))),
            )),
            Ok(_) => Err((
                index,
                Stop::Unconfirmed("Syncro said yes, but no GET shows it".to_owned()),
            )),
            Err(error) => Err((
                index,
                Stop::Unconfirmed(format!("Syncro said yes, but the look failed: {error}")),
            )),
        }
    }

    /// A step was seen: reads what else its check needs, and checks its contents.
    async fn checked_now(
        &mut self,
        index: usize,
        id: Option<u64>,
        adopted: bool,
        mut view: View,
    ) -> Result<(), Halt> {
        if self.sent_twice {
            // What was sent twice must be there once, and a late first one takes its time.
            tokio::time::sleep(self.engine.settle).await;
            view = self
                .read(index, self.plan.steps[index].effect.needs(id))
                .await?;
            if let Sighting::Several(ids) = self.judge(index, &view) {
                return Err((index, Stop::Duplicate(ids)));
            }
        }
        let needs = self.plan.steps[index].effect.needs(id);
        if needs != self.plan.steps[index].effect.needs(None) && view.invoice.is_none() {
            view = self.read(index, needs).await?;
        }
        if verify::check(&self.plan, index, id, &view).is_err() {
            // Before a landed record is called wrong it is read once more: totals may follow a moment later.
            tokio::time::sleep(self.engine.settle.min(Duration::from_secs(1))).await;
            view = self.read(index, needs).await?;
        }
        self.checked(index, id, adopted, &view)
    }

    /// Notes that a GET has shown the step, and what is wrong with it.
    fn checked(
        &mut self,
        index: usize,
        id: Option<u64>,
        adopted: bool,
        view: &View,
    ) -> Result<(), Halt> {
        let named = self.states[index].id();
        let adopted = adopted || named.is_some() && named != id;
        self.states[index] = match self.states[index].clone() {
            StepState::Landed { seen, at, .. } => StepState::Landed { id, seen, at },
            StepState::Unknown { seen, at, .. } => StepState::Landed { id, seen, at },
            other => other,
        };
        let checked = verify::check(&self.plan, index, id, view);
        self.made.take(&self.plan.steps[index].effect, id, view);
        if let (Effect::Status { .. }, Some(before), Some(ticket)) = (
            &self.plan.steps[index].effect,
            self.before.take(),
            &view.ticket,
        ) {
            self.warnings.extend(verify::moved(&before, &ticket.raw));
        }
        match checked {
            Ok(warnings) => self.warnings.extend(warnings),
            Err(failure) => {
                let entry = Entry::Answered {
                    step: index,
                    known: Known::Landed { id },
                    at: Timestamp::now(),
                };
                self.journal
                    .note(&entry)
                    .map_err(|error| (index, Stop::JournalLost(error)))?;
                return Err((index, Stop::CheckFailed(failure)));
            }
        }
        self.states[index] = StepState::Checked { id, adopted };
        let entry = Entry::Checked {
            step: index,
            id,
            adopted,
            at: Timestamp::now(),
        };
        self.journal
            .note(&entry)
            .map_err(|error| (index, Stop::JournalLost(error)))
    }

    fn judge(&self, index: usize, view: &View) -> Sighting {
        let effect = &self.plan.steps[index].effect;
        let made = self.made_in(effect.space(), index);
        let there = self.there.ids(effect.space());
        let newness = Newness {
            // What was there before *that* sending: a later reading may already hold the record that is looked for.
            seen: match &self.states[index] {
                StepState::Unknown { seen, .. } | StepState::Landed { seen, .. } => seen,
                StepState::NotSent | StepState::Checked { .. } => &there,
            },
            made: &made,
            owner: self.plan.account.owner,
            named: self.states[index].id(),
            siblings: self.siblings(index),
        };
        effect.judge(view, &newness)
    }

    /// How many other steps would make the same and are being sent just now.
    fn siblings(&self, index: usize) -> usize {
        let effect = &self.plan.steps[index].effect;
        let steps = self.plan.steps.iter().zip(&self.states).enumerate();
        steps
            .filter(|(other, (step, state))| {
                *other != index
                    && step.effect == *effect
                    && matches!(state, StepState::Unknown { .. })
            })
            .count()
    }

    /// The ids that the plan's other steps have made in one list.
    fn made_in(&self, space: Option<effect::Space>, except: usize) -> BTreeSet<u64> {
        self.plan
            .steps
            .iter()
            .zip(&self.states)
            .enumerate()
            .filter(|(index, (step, _))| *index != except && step.effect.space() == space)
            .filter_map(|(_, (_, state))| state.id())
            .collect()
    }

    /// A look that the next sending rests on: nothing is in doubt if it fails, so it fails as a read does.
    async fn read(&self, index: usize, needs: Needs) -> Result<View, Halt> {
        view::look(self.engine.reader, &self.plan.scope, needs, Patience::Retry)
            .await
            .map_err(|error| (index, Stop::Unread(error.into())))
    }

    /// Takes the ids of a view as those that are there before the next sending.
    fn remember(&mut self, effect: &Effect, view: &View, began: Instant) {
        match effect.space() {
            Some(effect::Space::Comments) => {
                self.there.comments = view.comments.iter().map(|one| one.id.0).collect();
            }
            Some(effect::Space::Lines) => {
                self.there.lines = view.lines().iter().map(|one| one.id.0).collect();
            }
            Some(effect::Space::Invoices) => {
                self.there.invoices = view.invoices.iter().map(|one| one.id.0).collect();
            }
            None => return,
        }
        self.read_at = began;
    }

    async fn pause(&self, wait: Duration, why: &str) {
        self.engine
            .talk
            .say(&format!("{why}; waiting {} s", wait.as_secs().max(1)));
        let until = Instant::now() + wait;
        while Instant::now() < until && !self.engine.talk.interrupted() {
            let left = until.saturating_duration_since(Instant::now());
            tokio::time::sleep(left.min(Duration::from_millis(100))).await;
        }
    }

    fn end(mut self, result: Result<(), Halt>) -> Outcome {
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

fn unclear(why: &str, status: u16) -> (Known, Answer) {
    (
        Known::Unknown {
            why: why.to_owned(),
        },
        Answer::Unknown {
            cause: why.to_owned(),
            status: Some(status),
        },
    )
}

fn possible(ids: &[u64]) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    format!(
        "there is a new record of the same user with other contents ({}), which may or may not be it",
        ids.join(", ")
    )
}

fn age(at: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(at)).unwrap_or_default()
}
