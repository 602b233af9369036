//! Before a sending: reads what the step rests on, and decides whether it may go out, is true already, or must not be sent.
//! All of it comes before the intent, so nothing here leaves a doubt behind: if the power goes, the journal says that the
//! step was not sent.

use std::time::Instant;

use super::effect::Effect;
use super::execute::{Question, Run, Stopped, unconfirmed};
use super::matching::Observation;
use super::noun::Noun;
use super::outcome::{Shown, StopReason};
use super::precondition::Precondition;
use super::read_set::ReadSet;
use super::reasons::Changed;
use super::record::Conflict;
use super::records::RecordRef;
use super::snapshot::{RetryPolicy, Snapshot};
use super::state::StepState;
use super::verify::changed_since;
use crate::api::{self, sender::Turn};

impl Run<'_> {
    /// Reads what the step rests on and waits for its turn; nothing when the step is true already. Whoever waited long
    /// for the turn reads once more while holding it, so that what is sent rests on what is there now.
    pub(super) async fn ready(
        &mut self,
        index: usize,
        again: bool,
    ) -> Result<Option<Turn>, Stopped> {
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
        let effect = self.effect(index);
        let waited = match effect.collection() {
            Some(_) => self.is_stale(effect),
            None => began.elapsed() > self.engine.fresh,
        };
        if waited && self.prepare(index, again).await? {
            return Ok(None);
        }
        Ok(Some(turn))
    }

    /// Reads what the step rests on, together with the checks that are due; `true` when it is true already. Before a
    /// second sending (`again`) the step's own effect is looked for too, however fresh the last reading is.
    async fn prepare(&mut self, index: usize, again: bool) -> Result<bool, Stopped> {
        let effect = self.effect(index).clone();
        let needs = self.reads_before(index, again);
        if needs.is_nothing() {
            return Ok(false);
        }
        let shows_list = effect.collection().is_some() && needs.covers(&effect.reads(None));
        let began = Instant::now();
        let resolved = self.resolved.take().filter(|_| needs == ReadSet::NOTHING.ticket());
        let view = match (self.check_all(needs.clone()).await?, resolved) {
            (Some(view), _) | (None, Some(view)) => view,
            (None, None) => self.read_ground(index, needs).await?,
        };
        if again && effect.collection().is_some() && self.came_late(index, &view).await? {
            return Ok(true);
        }
        // By what was there before: what came since is taken for known from here on.
        let came = if again { self.none_came(index, &view) } else { Ok(()) };
        // A look that was made for another reason shows nothing of the list.
        if shows_list {
            self.remember(&effect, &view, began);
        }
        // What is true already rests on nothing any more: a record that our own late deletion removed is not "gone".
        if effect.collection().is_none()
            && let Observation::Found(id) = self.judge(index, &view)
        {
            return self.checked(index, id, true, &view).map(|()| true);
        }
        let at_once = self.plan.charged_at_once(&self.states, &view);
        if self.states[index] == StepState::NotSent
            && let Some(line) = effect.charged_as(&at_once)
        {
            return self.checked(index, Some(line), true, &view).map(|()| true);
        }
        self.rests_on(index, &view, began).map_err(|what| (index, StopReason::Changed(what)))?;
        if again {
            self.invoices_stay(&view).map_err(|what| (index, StopReason::Changed(what)))?;
        }
        came.map_err(|what| (index, StopReason::Changed(what)))?;
        self.before = effect.record_ref().and_then(|of| view.record(of)).cloned();
        // Of a later step, too, before the first one is sent.
        let last = if self.is_first(index) { self.plan.steps.len() } else { index + 1 };
        for at in index..last {
            if at == index || self.effect(at).record_ref().is_some_and(RecordRef::is_known) {
                self.check_no_conflict(at, &view).await?;
            }
        }
        if let Some(record) = &self.before {
            self.plan.steps[index].keep_rounding(record);
        }
        self.agree_to_rounding(index, &view).await?;
        Ok(false)
    }

    /// What a step rests on. Where the server has not all of it, the record that is to change is read by itself: a ticket
    /// that our own late deletion removed takes its lists along.
    async fn read_ground(&self, index: usize, needs: ReadSet) -> Result<Snapshot, Stopped> {
        let error = match self.look(needs, RetryPolicy::Retry).await {
            Err(error @ api::Error::NotFound { .. }) => error,
            answered => {
                return answered.map_err(|error| (index, StopReason::Unread(error.into())));
            }
        };
        let own = self.effect(index).reads_before();
        let view = self.look(own, RetryPolicy::Retry).await.ok();
        let is_so = |view: &Snapshot| matches!(self.judge(index, view), Observation::Found(_));
        view.filter(is_so).ok_or_else(|| (index, StopReason::Unread(error.into())))
    }

    /// An invoice of another amount than was confirmed is made only where a person says so.
    async fn agree_to_rounding(&mut self, index: usize, view: &Snapshot) -> Result<(), Stopped> {
        let Some((step, rounded)) = self.plan.rounded(index, view) else {
            return Ok(());
        };
        if self.engine.prompter.ask(&Question::Rounded(&rounded)).await {
            self.plan.steps[index] = step;
            return Ok(());
        }
        Err((index, StopReason::Changed(Changed::Rounded(rounded))))
    }

    /// What must be read: the record that is to change, always; the list that is to grow and the records that the step
    /// rests on, where they were last read too long ago.
    fn reads_before(&self, index: usize, again: bool) -> ReadSet {
        let step = &self.plan.steps[index];
        let mut needs = step.effect.reads_before();
        if again || needs.is_nothing() && self.is_stale(&step.effect) {
            needs = needs.and(step.effect.reads(None));
        }
        if again {
            // The wait for a second sending may be long enough for somebody to change what was checked.
            let invoices = self.plan.checked_invoices(&self.states);
            needs = invoices.fold(needs, |needs, (made, id)| needs.and(made.reads(Some(id))));
        }
        let own = step.effect.preconditions();
        for given in self.plan.grounds(step).chain(&own) {
            if again || given.rechecks() || self.is_old(given) {
                needs = needs.and(given.reads());
            }
        }
        for given in self.later_grounds(index).filter(|given| again || self.is_old(given)) {
            needs = needs.and(given.reads());
        }
        let is_fresh = |at: Instant| !again && at.elapsed() <= self.engine.fresh;
        if self.is_first(index) && !self.gathered.is_some_and(is_fresh) {
            let later = self.plan.steps.iter().skip(index + 1);
            let later = later.filter_map(|step| step.effect.record_ref());
            needs = later.filter(|of| of.is_known()).fold(needs, ReadSet::record);
        }
        needs
    }

    /// Before a second sending: whether the first one shows after all. Of one that is known not to have landed nothing can:
    /// what came meanwhile is somebody else's, whatever it says.
    async fn came_late(&mut self, index: usize, view: &Snapshot) -> Result<bool, Stopped> {
        let StepState::Unknown { sent, .. } = &self.states[index] else {
            return Ok(false);
        };
        let why = sent.why.clone();
        match self.settled(index, self.judge(index, view), view) {
            Observation::Found(id) => {
                self.checked_now(index, id, true, view.clone()).await.map(|()| true)
            }
            Observation::Duplicates(ids) => Err((index, StopReason::Duplicate(ids))),
            Observation::Ambiguous(ids) => Err(unconfirmed(index, Some(why), Shown::Perhaps(ids))),
            Observation::Missing | Observation::Conflict(_) => Ok(false),
        }
    }

    /// Before a second sending of what is known not to have landed: that nobody has made the very same meanwhile. It is not
    /// taken for ours, and ours would be the second one. Other contents are somebody's own.
    fn none_came(&self, index: usize, view: &Snapshot) -> Result<(), Changed> {
        let effect = self.effect(index);
        if effect.collection().is_none() || self.states[index] != StepState::NotSent {
            return Ok(());
        }
        let label = || effect.label().to_owned();
        match self.judge(index, view) {
            Observation::Found(id) => Err(Changed::Came(label(), id.into_iter().collect())),
            Observation::Duplicates(ids) => Err(Changed::Came(label(), ids)),
            _ => Ok(()),
        }
    }

    /// What a look shows of the step's ground: what must still be so.
    fn rests_on(&mut self, index: usize, view: &Snapshot, began: Instant) -> Result<(), Changed> {
        let made = self.plan.made(&self.states, None);
        let step = &self.plan.steps[index];
        let own = step.effect.preconditions();
        let later = self.later_grounds(index);
        let all = self.plan.grounds(step).chain(&own).chain(later);
        let seen = all.filter(|given| view.has_made(&given.reads()));
        for given in seen.cloned().collect::<Vec<_>>() {
            given.holds(view, &made)?;
            self.proven.retain(|(other, _)| *other != given);
            self.proven.push((given, began));
        }
        let is_invoice = self.effect(index).expected_invoice().is_some();
        let lines = is_invoice.then(|| self.plan.changed_lines(&self.states, view));
        lines.into_iter().flatten().next().map_or(Ok(()), Err)
    }

    /// That the invoices which were right when they were checked still are.
    fn invoices_stay(&self, view: &Snapshot) -> Result<(), Changed> {
        let mut invoices = self.plan.checked_invoices(&self.states);
        let news = invoices.find_map(|(made, id)| Some((id, changed_since(made, id, view)?)));
        let label = || Noun::Invoice.label().to_owned();
        news.map_or(Ok(()), |(id, news)| Err(Changed::Since(label(), id, news)))
    }

    /// Whether what a step rests on was seen to be so too long ago, or never.
    fn is_old(&self, given: &Precondition) -> bool {
        let seen = self.proven.iter().find(|(other, _)| other == given);
        seen.is_none_or(|(_, at)| at.elapsed() > self.engine.fresh)
    }

    /// A value that is neither the previewed nor the wanted one is someone else's change, which only a person overwrites:
    /// each once.
    async fn check_no_conflict(&mut self, index: usize, view: &Snapshot) -> Result<(), Stopped> {
        while let Observation::Conflict(now) = self.judge(index, view) {
            let question = Question::Overwrite { now: &now, effect: self.effect(index) };
            if !self.engine.prompter.ask(&question).await {
                return Err((index, StopReason::Changed(Changed::Overwritten(None, now))));
            }
            match now {
                Conflict::Gone => break,
                Conflict::Field(now) => self.plan.steps[index].take_for_old(*now),
            }
        }
        Ok(())
    }

    /// Whether no other step was on its way before it in this execution, be it that of a plan's rest.
    fn is_first(&self, index: usize) -> bool {
        self.first == Some(index)
    }

    /// What later steps rest on, before the first one: a plan that would stop half way is better not begun, nor gone on with.
    fn later_grounds(&self, index: usize) -> impl Iterator<Item = &Precondition> {
        let steps = &self.plan.steps;
        let is_first = self.is_first(index);
        let later = steps.iter().skip(index + 1).filter(move |_| is_first);
        let given = later.flat_map(|step| &step.preconditions).filter(|given| given.is_known());
        // What the ticket contains is a question of the step itself where earlier ones, of a repair, change what is there.
        let repairs = steps.iter().any(|step| match &step.effect {
            Effect::Deleted { .. } => true,
            Effect::Updated { of, .. } => of.is_known() && of.noun() == Some(Noun::LineItem),
            _ => false,
        });
        given.filter(move |given| match given {
            Precondition::NothingNew { .. } => false,
            Precondition::AsPreviewed(_) => !repairs,
            _ => true,
        })
    }
}
