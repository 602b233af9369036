//! Carries out a confirmed plan, step by step: note the intent, send once, judge the answer, look whether it is so.
//! After every byte sent the journal says what is known and what is only hoped. No step is begun while an earlier one
//! is in doubt; a check that the next step does not depend on travels beside it.

use std::future::Future;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::confirm::{Confirmed, FRESH, Permit};
use super::effect::{self, Effect, Sighting};
use super::journal::{Entry, Journal, Known};
use super::outcome::{Made, Outcome, Stop};
use super::plan::{Baseline, Plan};
use super::state::StepState;
use super::view::{self, Needs, Patience, View};
use crate::api::sender::Turn;
use crate::api::{Answer, Reader, Sender};

/// How often a step that was rate limited is tried again.
const RATE_LIMIT_TRIES: u32 = 3;

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
pub(super) struct Run<'a, T> {
    pub(super) engine: &'a Engine<'a, T>,
    pub(super) plan: Plan,
    pub(super) journal: Journal,
    pub(super) permit: Permit,
    pub(super) states: Vec<StepState>,
    /// The ids last seen on the ticket.
    pub(super) there: Baseline,
    /// When they were read.
    pub(super) read_at: Instant,
    /// Steps that landed and that no GET has shown yet.
    pub(super) unchecked: Vec<usize>,
    pub(super) warnings: Vec<String>,
    pub(super) made: Made,
    /// Whether the step at hand was sent again after an unknown answer.
    pub(super) sent_twice: bool,
    /// When this run began.
    pub(super) began: Timestamp,
    /// The ticket before its status was set.
    pub(super) before: Option<Value>,
}

/// Where an execution stopped, and why.
pub(super) type Halt = (usize, Stop);

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

    /// A look that the next sending rests on: nothing is in doubt if it fails, so it fails as a read does.
    pub(super) async fn read(&self, index: usize, needs: Needs) -> Result<View, Halt> {
        view::look(self.engine.reader, &self.plan.scope, needs, Patience::Retry)
            .await
            .map_err(|error| (index, Stop::Unread(error.into())))
    }

    /// Takes the ids of a view as those that are there before the next sending.
    pub(super) fn remember(&mut self, effect: &Effect, view: &View, began: Instant) {
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

/// What is said of a new record that may or may not be ours.
pub(super) fn possible(ids: &[u64]) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    format!(
        "there is a new record of the same user with other contents ({}), which may or may not be it",
        ids.join(", ")
    )
}
