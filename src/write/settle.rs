//! After an unclear answer: looks for the record until it is seen or the settling time is over, and decides whether the
//! step may be sent once more. Absence never becomes a second sending by itself: a server that answered late, or behind a
//! cache, may still have taken the first one, and a second one cannot be taken back.
//!
//! All this time the journal says "sent, nothing known". What is found is noted before its contents are checked; what is
//! not found is noted as nothing, so that whoever reads the journal looks for it again.

use std::time::{Duration, Instant};

use super::effect::Effect;
use super::execute::{Notice, Question, Run, Stopped, unconfirmed};
use super::journal::Known;
use super::matching::Observation;
use super::outcome::{Shown, StopReason};
use super::reasons::{Changed, Why};
use super::records::with_id;
use super::snapshot::{RetryPolicy, Snapshot};
use super::state::{Clock, StepState};
use crate::api;

/// How many looks may fail after the settling time before nothing more is hoped of them.
const FAILED_LOOKS: u32 = 5;

impl Run<'_> {
    /// Looks for a step of which nothing is known: `true` when it was found, `false` when a person, or its age in a
    /// resumed plan, lets it go once more. What was answered with a `page` again is given up where no look shows it: it
    /// would be answered so for ever.
    pub(super) async fn settle(
        &mut self,
        index: usize,
        page: Option<String>,
    ) -> Result<bool, Stopped> {
        let StepState::Unknown { sent, .. } = self.states[index].clone() else {
            return Ok(true);
        };
        let why = sent.why;
        if self.effect(index).is_unverifiable() {
            return Err(unconfirmed(index, Some(why), Shown::Unverifiable));
        }
        // What an earlier run has sent may have had its time already, by the clocks that its intent and answer hold.
        let time = match self.inherited.contains(&index) {
            true => self.engine.settle.saturating_sub(self.age(sent.at)),
            false => self.engine.settle,
        };
        if !time.is_zero() {
            self.engine.prompter.say(&Notice::Settling(&why, time));
        }
        let looked = self.look_until_settled(index, time).await;
        let (shown, view) = looked.map_err(|error| {
            unconfirmed(index, Some(why.clone()), Shown::Failed(error.to_string()))
        })?;
        match shown {
            Observation::Found(id) => self.checked_now(index, id, true, view).await.map(|()| true),
            Observation::Duplicates(ids) => Err((index, StopReason::Duplicate(ids))),
            Observation::Ambiguous(ids) => self.unclear(index, &why, ids, view).await,
            Observation::Conflict(now) => {
                Err((index, StopReason::Changed(Changed::Overwritten(Some(why), now))))
            }
            Observation::Missing => match page {
                Some(page) => {
                    self.record(index, Known::NotLanded { why })?;
                    // The first sending has had its time, too.
                    if self.states[index].is_unknown() {
                        self.record(index, Known::NotLanded { why: Why::NotFound })?;
                    }
                    Err((index, StopReason::NotFoundPage(page)))
                }
                None => self.absent(index, &why, sent.at).await.map(|()| false),
            },
        }
    }

    /// New records that may or may not be it: only a person can tell. `true` when one is.
    async fn unclear(
        &mut self,
        index: usize,
        why: &Why,
        ids: Vec<u64>,
        view: Snapshot,
    ) -> Result<bool, Stopped> {
        let step = &self.plan.steps[index];
        // Of a charged timer two records tell, of which one is not as it should be.
        let one = match (&step.effect, ids.as_slice()) {
            (Effect::TimerCharged { .. }, _) => None,
            (_, [one]) => Some(*one),
            _ => None,
        };
        let Some(one) = one else {
            return Err(unconfirmed(index, Some(why.clone()), Shown::Perhaps(ids)));
        };
        let records = step.effect.collection().map(|collection| view.records(collection));
        let record = with_id(records.unwrap_or_default(), Some(one));
        let prompter = self.engine.prompter;
        prompter.say(&Notice::Perhaps { why, step, id: one, record });
        if prompter.ask(&Question::IsIt(one, step)).await {
            self.record(index, Known::Landed { id: Some(one), found: true })?;
            return self.checked_now(index, Some(one), true, view).await.map(|()| true);
        }
        if prompter.ask(&Question::AgainThen).await {
            self.disregarded.extend(ids);
            return Ok(false);
        }
        Err(unconfirmed(index, Some(why.clone()), Shown::Perhaps(ids)))
    }

    /// An unknown step that no look shows. Left by an earlier run, it is sent again once it is old enough; left by this
    /// one, only if a person says so. Either way it is looked for once more just before.
    async fn absent(&mut self, index: usize, why: &Why, at: Clock) -> Result<(), Stopped> {
        if self.inherited.contains(&index) {
            let young = self.engine.resend_after.saturating_sub(self.age(at));
            if !young.is_zero() {
                self.pause(young, Notice::TooEarly(young)).await;
            }
            if young.is_zero() || !self.engine.prompter.interrupted() {
                self.aged.insert(index);
            }
            return Ok(());
        }
        let question = Question::Again(&self.plan.steps[index], why);
        if self.engine.prompter.ask(&question).await {
            return Ok(());
        }
        Err(unconfirmed(index, Some(why.clone()), Shown::Nothing))
    }

    /// Looks until the effect is seen, or until a complete look that began after the settling time shows nothing. Looks
    /// that failed count for nothing, and a rate limit is waited out.
    pub(super) async fn look_until_settled(
        &mut self,
        index: usize,
        time: Duration,
    ) -> Result<(Observation, Snapshot), api::Error> {
        let needs = self.effect(index).reads(None);
        let settled = Instant::now() + time;
        let mut pause = Duration::from_millis(200);
        let mut failures = 0;
        loop {
            let began = Instant::now();
            match self.look(needs.clone(), RetryPolicy::Once).await {
                Ok(view) => match self.judge(index, &view) {
                    Observation::Missing | Observation::Ambiguous(_) if began < settled => {}
                    observation => return Ok((self.settled(index, observation, &view), view)),
                },
                Err(error) if began >= settled => {
                    failures += 1;
                    let retry = match error {
                        api::Error::RateLimited { .. } => FAILED_LOOKS * 2,
                        _ => FAILED_LOOKS,
                    };
                    if failures >= retry {
                        return Err(error);
                    }
                }
                Err(_) => {}
            }
            let left = settled.saturating_duration_since(Instant::now());
            let nap = if left.is_zero() { pause } else { pause.min(left) };
            tokio::time::sleep(nap).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    /// What a look shows after the settling time: a stop that shows its end and no charge is all that will be there.
    pub(super) fn settled(&self, index: usize, shown: Observation, view: &Snapshot) -> Observation {
        match shown {
            Observation::Ambiguous(ids)
                if ids.is_empty() && self.effect(index).has_ended_uncharged(view) =>
            {
                Observation::Found(None)
            }
            shown => shown,
        }
    }

    fn age(&self, at: Clock) -> Duration {
        Clock::now(self.engine.reader).since(at)
    }

    pub(super) async fn pause(&self, wait: Duration, why: Notice<'_>) {
        self.engine.prompter.say(&why);
        let until = Instant::now() + wait;
        while Instant::now() < until && !self.engine.prompter.interrupted() {
            let left = until.saturating_duration_since(Instant::now());
            tokio::time::sleep(left.min(Duration::from_millis(100))).await;
        }
    }
}
