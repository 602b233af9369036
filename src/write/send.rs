//! One sending: intent, bytes, answer, each noted before the next. This is the only place that sends, and a step comes
//! here a second time only after a look.

use std::time::Duration;

use serde_json::Value;

use super::execute::{Notice, Run, Stopped};
use super::journal::{Entry, Known};
use super::outcome::StopReason;
use super::read_set::ReadSet;
use super::reasons::{Warning, Why};
use super::snapshot::RetryPolicy;
use super::state::{Clock, StepState};
use crate::api::Answer;
use crate::api::resources::timers::is_stop;
use crate::api::sender::Turn;

/// How often a step that was rate limited is tried again.
const RATE_LIMIT_TRIES: u32 = 3;

impl Run<'_> {
    /// Sends the step, and again only after a look, and only where nothing landed or somebody lets it go once more.
    pub(super) async fn deliver(&mut self, index: usize, mut again: bool) -> Result<(), Stopped> {
        let is_unverifiable = self.effect(index).is_unverifiable();
        let (mut limited, mut unreached, mut is_sent) = (0, 0, false);
        self.first.get_or_insert(index);
        loop {
            let Some(turn) = self.ready(index, again).await? else {
                // One that is true already is no first sending: what comes before one is still to come.
                self.first = self.first.filter(|first| is_sent || *first != index);
                return Ok(());
            };
            is_sent = true;
            match self.send(index, turn).await? {
                // A 2xx of another shape says as little as no answer.
                answer @ (Answer::Accepted { .. } | Answer::Unknown { .. })
                    if self.states[index].is_unknown() =>
                {
                    let page = self.lacking(index, answer);
                    if Box::pin(self.settle(index, page)).await? {
                        return Ok(());
                    }
                }
                Answer::Accepted { body, .. } if is_unverifiable => {
                    return self.accept_unverifiable(index, body);
                }
                Answer::Accepted { .. } | Answer::Unknown { .. } => {
                    return self.settled_if_twice(index).await;
                }
                Answer::Refused { status, message } => {
                    return Err((index, StopReason::Refused { status, message }));
                }
                // The API's own 429 and a connection that was never made both prove that nothing landed. Even so it is
                // looked for before the next try: an earlier sending of the step may have landed.
                Answer::RateLimited { wait, message } => {
                    limited += 1;
                    if limited > RATE_LIMIT_TRIES || is_unverifiable {
                        return Err((index, StopReason::RateLimited(message)));
                    }
                    self.pause(wait, Notice::RateLimited(wait)).await;
                }
                Answer::NeverLeft { cause } => {
                    unreached += 1;
                    if unreached > 1 || is_unverifiable {
                        return Err((index, StopReason::NeverLeft(cause)));
                    }
                    self.engine.prompter.say(&Notice::NoConnection(&cause));
                }
            }
            again = true;
        }
    }

    /// The page that says, in words that are not the API's, that there is no such thing as the stop of a timer, which an
    /// account may lack. A page may be that of a proxy: only a second sending, of a resumed plan, is believed, and never of
    /// what makes a record, which may come late.
    fn lacking(&self, index: usize, answer: Answer) -> Option<String> {
        let stops = is_stop(&self.plan.steps[index].request.path);
        match answer {
            Answer::Unknown { cause, status: Some(404) } => {
                Some(cause).filter(|_| stops && self.aged.contains(&index))
            }
            _ => None,
        }
    }

    /// The API's yes to what no GET shows: all that there will ever be known of it.
    fn accept_unverifiable(&mut self, index: usize, body: Value) -> Result<(), Stopped> {
        self.unchecked.retain(|one| *one != index);
        self.made.answer = Some(body).filter(|body| !body.is_null());
        self.warnings.push(Warning::Accepted(self.effect(index).label().to_owned()));
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

    /// One sending. Checks that are due travel beside it.
    async fn send(&mut self, index: usize, turn: Turn) -> Result<Answer, Stopped> {
        let step = &self.plan.steps[index];
        let seen = self.there.ids(step.effect.collection());
        let at = Clock::now(self.engine.reader);
        let intent = Entry::Intent { step: index, seen, at };
        // Synced before the first byte: a step with an intent may have landed, one without has not. If it cannot be
        // written, nothing is sent.
        self.journal.note(&intent).map_err(|error| (index, StopReason::NoJournal(error)))?;
        // From here to the noted answer the journal says "sent, nothing known", which is what the next run would have to
        // believe as well.
        self.states[index] = self.states[index].clone().after(intent);
        self.inherited.remove(&index);
        self.engine.prompter.progress(&step.description);

        let due = self.needs_of_unchecked();
        let beside = async {
            match due.is_nothing() {
                true => None,
                false => self.look(due, RetryPolicy::Retry).await.ok(),
            }
        };
        let sending = self.engine.sender.send(step.request.to_write(), turn, &self.permit);
        let (answer, view) = tokio::join!(sending, beside);

        // The answer before anything else: what was seen beside it may be wrong and end the run, and the answer would be
        // lost with it.
        self.note(index, &answer)?;
        // A look that failed is made again when the next step needs it, or at the end.
        let looked = match view {
            Some(view) => self.check_by(view).await.map(|_| ()),
            None => Ok(()),
        };
        if let Answer::Accepted { body, .. } = &answer
            && !self.states[index].is_unknown()
        {
            self.made.last = Some(body.clone()).filter(|body| !body.is_null());
            if self.effect(index).is_left_by(body) {
                self.left_by_answer.insert(index);
            }
            self.unchecked.push(index);
        }
        looked?;
        Ok(answer)
    }

    /// Waits for a place in the rate window; none when Ctrl-C came first. Before the intent, since the wait may be long:
    /// whoever stops it, or loses power in it, has sent nothing, and the journal says so.
    pub(super) async fn turn(&self) -> Option<Turn> {
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

    /// Notes what an answer says.
    fn note(&mut self, index: usize, answer: &Answer) -> Result<(), Stopped> {
        let known = match answer {
            Answer::Accepted { body, .. } => match self.read_id(index, body) {
                Ok(id) => Known::Landed { id, found: false },
                Err(why) => Known::Unknown { why },
            },
            Answer::Refused { status, message } => {
                Known::NotLanded { why: Why::Said(format!("{status}: {message}")) }
            }
            Answer::RateLimited { .. } => Known::NotLanded { why: Why::Said("429".to_owned()) },
            Answer::NeverLeft { cause } => Known::NotLanded { why: Why::Said(cause.clone()) },
            Answer::Unknown { cause, .. } => Known::Unknown { why: Why::Said(cause.clone()) },
        };
        self.record(index, known)
    }

    /// The id that an answer names.
    fn read_id(&self, index: usize, body: &Value) -> Result<Option<u64>, Why> {
        let id = self.effect(index).read_answer(body)?;
        if self.is_plausible(index, id) { Ok(id) } else { Err(Why::NotNew) }
    }

    /// Whether the id that an answer names can be that of the new record.
    fn is_plausible(&self, index: usize, id: Option<u64>) -> bool {
        match (&self.states[index], id) {
            (StepState::Unknown { sent, .. }, Some(id)) => {
                !sent.seen.contains(&id) && !self.made_by_others(index).contains(&id)
            }
            _ => true,
        }
    }
}
