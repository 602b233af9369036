//! Checks of what the API says has landed: one look for all that is due, waiting for records that come late, and the
//! note in the journal that a GET has shown them. What a look shows is judged in `matching`, whether
//! it is right in `verify`.

use std::collections::BTreeSet;
use std::time::Duration;

use super::execute::{Run, Stopped, unconfirmed};
use super::journal::{Entry, Known};
use super::matching::Observation;
use super::outcome::{Shown, StopReason};
use super::read_set::ReadSet;
use super::reasons::{Failure, Warning, Why};
use super::rounding::Kept;
use super::snapshot::{RetryPolicy, Snapshot, snapshot};
use super::state::{Clock, StepState};
use super::verify;
use crate::api;

impl Run<'_> {
    /// Checks everything that landed unseen, with one look that also reads `more`; the view, if one was made.
    pub(super) async fn check_all(&mut self, more: ReadSet) -> Result<Option<Snapshot>, Stopped> {
        let due = self.needs_of_unchecked();
        if due.is_nothing() {
            return Ok(None);
        }
        let first = self.unchecked[0];
        let view = self
            .look(due.and(more.clone()), RetryPolicy::Retry)
            .await
            .map_err(|error| accepted_but(first, Shown::Failed(error.to_string())))?;
        if self.check_by(view.clone()).await? || more.is_nothing() {
            return Ok(Some(view));
        }
        // A record came late: what was read beside its absence is out of date.
        self.read(first, more).await.map(Some)
    }

    pub(super) fn needs_of_unchecked(&self) -> ReadSet {
        self.needs_of(&self.unchecked)
    }

    /// What a look at some steps reads.
    fn needs_of<'i>(&self, steps: impl IntoIterator<Item = &'i usize>) -> ReadSet {
        steps.into_iter().fold(ReadSet::NOTHING, |needs, index| {
            needs.and(self.effect(*index).reads(self.states[*index].id()))
        })
    }

    /// Checks all landed steps by one view, `true` if it showed them all; others are looked for until they settle.
    pub(super) async fn check_by(&mut self, view: Snapshot) -> Result<bool, Stopped> {
        let mut at_once = true;
        while !self.unchecked.is_empty() {
            // Out of the list first: what is wrong with one leaves the others to be checked.
            let index = self.unchecked.remove(0);
            match self.judge(index, &view) {
                Observation::Found(id) => self.checked_now(index, id, false, view.clone()).await?,
                _ => {
                    at_once = false;
                    self.await_landed(index).await?;
                }
            }
        }
        Ok(at_once)
    }

    /// The API said yes, but the look does not show it: wait for it, never send again.
    pub(super) async fn await_landed(&mut self, index: usize) -> Result<(), Stopped> {
        let looked = self.look_until_settled(index, self.engine.settle).await;
        let (shown, view) =
            looked.map_err(|error| accepted_but(index, Shown::Failed(error.to_string())))?;
        Err(match shown {
            Observation::Found(id) => return self.checked_now(index, id, false, view).await,
            // Syncro has taken it and shows it otherwise: the check says so.
            Observation::Missing | Observation::Conflict(_)
                if self.effect(index).is_shown_as_stored(&view) =>
            {
                return self.checked_now(index, None, false, view).await;
            }
            Observation::Duplicates(ids) => (index, StopReason::Duplicate(ids)),
            Observation::Conflict(now) => (index, StopReason::CheckFailed(Failure::Conflict(now))),
            Observation::Ambiguous(ids) => accepted_but(index, Shown::Perhaps(ids)),
            // A value, not a record: setting it once more doubles nothing, so `resume` may.
            Observation::Missing if self.effect(index).collection().is_none() => {
                self.record(index, Known::Unknown { why: Why::NotShown })?;
                let is_said = self.left_by_answer.contains(&index);
                match self.effect(index).not_stored(&view).filter(|_| is_said) {
                    // It may be a field that nobody can set: nothing is left to wait for.
                    Some(fields) => {
                        self.record(index, Known::NotLanded { why: Why::NotShown })?;
                        (index, StopReason::CheckFailed(Failure::NotStored(fields)))
                    }
                    None => accepted_but(index, Shown::Nothing),
                }
            }
            Observation::Missing => accepted_but(index, Shown::Nothing),
        })
    }

    /// A step was seen: reads what else its check needs, and checks its contents.
    pub(super) async fn checked_now(
        &mut self,
        index: usize,
        id: Option<u64>,
        adopted: bool,
        mut view: Snapshot,
    ) -> Result<(), Stopped> {
        let twice = match &self.states[index] {
            StepState::Landed { twice, .. } => *twice,
            StepState::Unknown { earlier, .. } => earlier.is_some(),
            StepState::NotSent | StepState::Checked { .. } => false,
        };
        if twice {
            // What was sent twice must be there once, and a late first one takes its time.
            tokio::time::sleep(self.engine.settle).await;
            view = self.read(index, self.effect(index).reads(id)).await?;
            if let Observation::Duplicates(ids) = self.judge(index, &view) {
                return Err((index, StopReason::Duplicate(ids)));
            }
        }
        let effect = self.effect(index);
        let needs = effect.reads(id).and(verify::reads(effect, &view));
        if !view.has_made(&needs) {
            view = self.read(index, needs.clone()).await?;
        }
        if verify::check(self.effect(index), id, &view).is_err() {
            // Before a landed record is called wrong it is read once more: totals may follow a moment later.
            tokio::time::sleep(self.engine.settle.min(Duration::from_secs(1))).await;
            view = self.read(index, needs).await?;
        }
        self.checked(index, id, adopted, &view)
    }

    /// Notes that a GET has shown the step, and what is wrong with it. What was found without an answer to name it is noted
    /// as landed first: if the check ends the run, or the power goes, the next one must not send it again. A record that is
    /// wrong stays landed and unchecked, so that `resume` looks at it once more when somebody has put it right, unless nobody
    /// can.
    pub(super) fn checked(
        &mut self,
        index: usize,
        id: Option<u64>,
        adopted: bool,
        view: &Snapshot,
    ) -> Result<(), Stopped> {
        let named = self.states[index].id();
        let found = matches!(self.states[index], StepState::Landed { found: true, .. });
        let adopted = adopted || found || named.is_some() && named != id;
        if self.states[index].is_unknown() {
            self.record(index, Known::Landed { id, found: true })?;
        }
        if let StepState::Landed { id: known, .. } = &mut self.states[index] {
            *known = id;
        }
        let effect = &self.plan.steps[index].effect;
        let checked = verify::check(effect, id, view);
        self.made.take(effect, id, view);
        if let Some(before) = self.before.take() {
            self.warnings.extend(verify::moved(effect, &before, view));
        }
        let kept = Kept::of(effect, view);
        match checked {
            Ok(warnings) => self.warnings.extend(warnings),
            Err(failure) => {
                if failure.is_final() {
                    self.passed(index, id, adopted)?;
                }
                return Err((index, StopReason::CheckFailed(failure)));
            }
        }
        if let Some(kept) = kept {
            self.plan.steps[index].report = kept.line.clone();
            self.warnings.push(Warning::Kept { line: kept.line, planned: kept.planned });
        }
        self.passed(index, id, adopted)
    }

    /// Notes that all there is to know of the step is known.
    pub(super) fn passed(
        &mut self,
        index: usize,
        id: Option<u64>,
        adopted: bool,
    ) -> Result<(), Stopped> {
        let at = Clock::now(self.engine.reader);
        self.write_down(Entry::Checked { step: index, id, adopted, at })
    }

    pub(super) fn judge(&self, index: usize, view: &Snapshot) -> Observation {
        let there = self.there.ids(self.effect(index).collection());
        self.plan.judge(&self.states, index, view, &there, &self.disregarded)
    }

    /// Notes what has become known of a step.
    pub(super) fn record(&mut self, index: usize, known: Known) -> Result<(), Stopped> {
        let at = Clock::now(self.engine.reader);
        self.write_down(Entry::Answered { step: index, known, at })
    }

    /// Takes a note of a step. When it cannot be written the run ends: the journal then still says what it said before,
    /// and the next run looks.
    fn write_down(&mut self, entry: Entry) -> Result<(), Stopped> {
        let noted = self.journal.note(&entry);
        let index = entry.step().unwrap_or_default();
        self.states[index] = self.states[index].clone().after(entry);
        noted.map_err(|error| (index, StopReason::JournalLost(error)))
    }

    /// Reads the records of steps that an earlier run has checked, for the report. Nothing hangs on it.
    pub(super) async fn reload(&mut self, earlier: &BTreeSet<usize>) {
        let needs = self.needs_of(earlier);
        if needs.is_nothing() {
            return;
        }
        if let Ok(view) = self.look(needs, RetryPolicy::Once).await {
            for index in earlier {
                let id = self.states[*index].id();
                self.made.take(&self.plan.steps[*index].effect, id, &view);
            }
        }
    }

    /// One look at what `needs` names.
    pub(super) async fn look(
        &self,
        needs: ReadSet,
        retry: RetryPolicy,
    ) -> Result<Snapshot, api::Error> {
        snapshot(self.engine.reader, self.plan.scope.ticket, needs, retry).await
    }

    /// The ids that the plan's other steps have made in the step's list.
    pub(super) fn made_by_others(&self, index: usize) -> BTreeSet<u64> {
        self.plan.made(&self.states, Some(index)).ids(self.effect(index).collection())
    }
}

/// Syncro said yes, and no look can say the same.
const fn accepted_but(index: usize, shown: Shown) -> Stopped {
    unconfirmed(index, None, shown)
}
