//! Why a plan ended before its end, for people: what happened, what was and was not written, what to type next. The one
//! place where any of this is put into words.

use super::reasons::AGAIN;
use crate::api::ids::{Number, TimerId};
use crate::api::resources::timers::is_stop;
use crate::error::{Error, Hint};
use crate::render::sentence;
use crate::write::{
    Changed, Collection, Effect, Failure, Noun, Outcome, Plan, RecordRef, Step, StepOutcome,
    StepState, StopReason, Warning,
};

impl Outcome {
    /// The error, if it is one: what happened, what was and was not written, what to type next.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let (at, stop) = self.stopped.as_ref()?;
        let step = self.plan.steps.get(*at);
        let (kind, what) = (self.kind()?, what(stop, step));
        let mut error = match self.has_traces() {
            true => Error::new(kind, format!("{what}. {}", self.ledger())),
            false => Error::new(kind, what).nothing_written(),
        };
        match stop {
            StopReason::Refused { status, .. } => error = error.status(*status),
            StopReason::NotFoundPage(_) => error = error.status(404),
            _ => {}
        }
        for hint in self.hints(*at, stop) {
            error = error.hint(hint);
        }
        Some(error)
    }

    /// One sentence on what was written, what may have been, and what was not.
    fn ledger(&self) -> String {
        let list = |fates: &[StepOutcome]| {
            let names: Vec<String> = (0..self.plan.steps.len())
                .filter(|index| fates.contains(&self.fate(*index)))
                .map(|index| self.name(index))
                .collect();
            names.join(", ")
        };
        let mut parts = Vec::new();
        for (title, fates) in [
            ("written", &[StepOutcome::Done, StepOutcome::Adopted][..]),
            ("perhaps written", &[StepOutcome::Unconfirmed][..]),
            ("failed", &[StepOutcome::Failed][..]),
            ("not written", &[StepOutcome::NotSent][..]),
        ] {
            let names = list(fates);
            if !names.is_empty() {
                parts.push(format!("{title}: {names}"));
            }
        }
        sentence(&parts.join("; "))
    }

    fn name(&self, index: usize) -> String {
        let name = self.plan.steps.get(index).map_or("", |step| step.name.as_str());
        let name = name.replace('_', " ");
        match self.states.get(index).and_then(StepState::id) {
            Some(id) => format!("{name} {id}"),
            None => name,
        }
    }

    fn hints(&self, at: usize, stop: &StopReason) -> Vec<Hint> {
        let mut hints = match stop {
            StopReason::Duplicate(ids) => {
                let label = self.plan.steps.get(at).map_or("record", |step| step.effect.label());
                let ids = join(ids);
                vec![format!("delete the duplicate {label}, one of {ids}, in Syncro").into()]
            }
            StopReason::Unread(error)
            | StopReason::NoJournal(error)
            | StopReason::JournalLost(error) => error.hints.clone(),
            _ => Vec::new(),
        };
        hints.extend(self.ways_on(at, stop));
        hints
    }

    /// What to type to finish, repair or drop the plan.
    fn ways_on(&self, at: usize, stop: &StopReason) -> Vec<Hint> {
        let (plan, id) = (&self.plan, &self.plan.id);
        let resume = plan.account.command(&format!("resume {id}"));
        let discard = plan.account.command(&format!("resume --discard {id}"));
        let again =
            format!("then run `{resume}` to check again, or use --discard to discard the plan");
        let drop = format!("then run `{discard}` to discard the plan");
        let update = plan.steps.get(at).and_then(|step| plan.in_place_of(step));
        let unseen = plan.steps.get(at).is_some_and(|step| step.effect.is_unverifiable())
            && self.states.get(at).is_some_and(StepState::is_unknown);
        match stop {
            _ if unseen => {
                vec![format!("the API cannot confirm it: check in Syncro, {drop}").into()]
            }
            StopReason::CheckFailed(Failure::Declined(_)) => {
                vec![Hint::from("run ").command("payment add").text(" again")]
            }
            StopReason::CheckFailed(Failure::Charged(charged)) => {
                let number = plan.scope.number.as_ref().map_or("", |number| &number.0);
                let drop = match &**charged {
                    Warning::ChargedAtOnce { line: Some(id), .. } => {
                        format!("line remove {number} {id}")
                    }
                    _ => format!("line list {number}"),
                };
                let keep = Hint::from("to bill it: ").line(format!("invoice create {number}"));
                let drop = Hint::from("otherwise: ").line(drop);
                let finish = format!("first run `{resume}` to finish what is left");
                let finish = self.is_pending().then(|| finish.into());
                finish.into_iter().chain([keep, drop]).collect()
            }
            // A body that was typed field by field can do without one.
            StopReason::CheckFailed(Failure::NotStored(_))
                if !self.is_pending() && plan.command != "api" =>
            {
                let text = "this account does not store it for the API: set it on the record's page in Syncro, if it is there";
                vec![text.into()]
            }
            StopReason::CheckFailed(_) if !self.is_pending() => {
                vec!["remove the field, or set it in Syncro".into()]
            }
            StopReason::CheckFailed(failure)
                if !failure.is_lost_price() || self.no_repair.is_some() =>
            {
                let why =
                    self.no_repair.as_ref().map(|why| format!("no repair is possible: {why}"));
                let fix = format!("fix it in Syncro, {again}");
                why.into_iter().chain([fix]).map(Hint::from).collect()
            }
            StopReason::CheckFailed(_) if plan.command == "bill" => {
                vec![format!("run `{resume} --repair` to repair it").into()]
            }
            StopReason::CheckFailed(_) => {
                let fix = Hint::from("fix it (").command("line update");
                vec![fix.text(format!(", or in Syncro), {again}"))]
            }
            StopReason::Changed(what)
                if self.is_pending() && plan.is_undone(what, &self.states) =>
            {
                let may_land = self.states.iter().any(StepState::is_unknown);
                plan.past(std::slice::from_ref(what), &self.states, may_land)
            }
            StopReason::Changed(Changed::Rounded(_)) if self.is_pending() => {
                let take = format!("to invoice it as rounded: `{resume} --rounded`");
                vec![take.into(), plan.anew(&self.states).into()]
            }
            stop if self.is_pending() => {
                let lasts = matches!(
                    stop,
                    StopReason::Unconfirmed(_)
                        | StopReason::Changed(_)
                        | StopReason::Refused { .. }
                        | StopReason::NotFoundPage(_)
                );
                let drop = lasts.then(|| format!("if it still fails, fix it in Syncro, {drop}"));
                let finish = format!("run `{resume}` to check and finish what is left");
                let step = plan.steps.get(at).filter(|step| step.effect.sets_status());
                let status = step.filter(|_| matches!(stop, StopReason::Refused { .. }));
                let other =
                    status.map(|_| format!("to set another status: {resume} --status STATUS"));
                std::iter::once(finish).chain(other).chain(drop).map(Hint::from).collect()
            }
            StopReason::NotFoundPage(_) if update.is_some() => {
                let length = |update| Hint::from("to set its length instead: ").line(update);
                update.into_iter().map(length).collect()
            }
            StopReason::Interrupted => Vec::new(),
            StopReason::Changed(_) => vec![AGAIN.into()],
            _ => vec!["fix the cause, then run the command again".into()],
        }
    }
}

/// What sets the length of a timer, to be completed.
#[must_use]
pub fn with_another_length(number: &Number, id: TimerId) -> String {
    format!("timer update {number} {id} --minutes T")
}

impl Plan {
    /// What sets the length of a timer that a step was to stop.
    fn in_place_of(&self, step: &Step) -> Option<String> {
        let timer = match &step.effect {
            Effect::TimerCharged { timer, .. } => timer.id(),
            effect => effect.record_ref().and_then(RecordRef::id),
        };
        let timer = timer.filter(|_| is_stop(&step.request.path));
        self.scope
            .number
            .as_ref()
            .zip(timer)
            .map(|(number, id)| with_another_length(number, TimerId(id)))
    }

    /// Whether an invoice that is left is stopped by what somebody has made of the ticket, and can undo.
    fn is_undone(&self, what: &Changed, states: &[StepState]) -> bool {
        let is_of_ticket = matches!(what, Changed::Contents(_) | Changed::Since(..));
        is_of_ticket && self.invoice_left(states).is_some()
    }

    /// What to type where what is left rests on what has changed; `may_land` says whether what was sent and not seen may
    /// still land.
    #[must_use]
    pub fn past(&self, changed: &[Changed], states: &[StepState], may_land: bool) -> Vec<Hint> {
        let is_undone = changed.iter().all(|what| self.is_undone(what, states));
        let resume = self.account.command(&format!("resume {}", self.id));
        let undo = format!("undo that in Syncro, then run `{resume}` to finish what is left");
        let other = match (may_land, is_undone) {
            (true, _) => self.later(),
            (false, true) => format!("or {}", self.anew(states)),
            (false, false) => self.anew(states),
        };
        let undo = is_undone.then_some(undo);
        undo.into_iter().chain([other]).map(Hint::from).collect()
    }

    /// What to type while what was sent and not seen may still land: nothing is to be made in its place.
    fn later(&self) -> String {
        let resume = self.account.command(&format!("resume {}", self.id));
        format!("run `{resume}` again in a minute: what was sent may still land")
    }

    /// What to type where it cannot be finished as it was confirmed; `states` is what is known of its steps.
    fn anew(&self, states: &[StepState]) -> String {
        let discard = self.account.command(&format!("resume --discard {}", self.id));
        let drop = format!("run `{discard}` to discard the plan");
        let is_line = |step: &Step| {
            let changed = step.effect.record_ref().and_then(RecordRef::noun);
            step.effect.collection() == Some(&Collection::LINES) || changed == Some(Noun::LineItem)
        };
        let mut steps = self.steps.iter().zip(states);
        let are_made =
            steps.all(|(step, state)| !is_line(step) || matches!(state, StepState::Checked { .. }));
        let bills = are_made && self.invoice_left(states).is_some();
        match self.scope.number.as_ref().filter(|_| bills) {
            Some(number) => {
                let bill = self.account.command(&format!("invoice create {number}"));
                format!("{drop}, then `{bill}` to bill what is on the ticket now")
            }
            None => format!("{drop}, then run the command again if you still need it"),
        }
    }
}

fn what(stop: &StopReason, step: Option<&Step>) -> String {
    let doing = step.map_or("continuing", |step| step.description.as_str());
    match stop {
        StopReason::Refused { status, message } => {
            format!("Could not {doing}: Syncro refused ({status}): {message}")
        }
        StopReason::NotFoundPage(page) => {
            format!("Could not {doing}: this account may not support this ({page})")
        }
        StopReason::RateLimited(message) => {
            format!("Could not {doing}: the rate limit stayed exhausted ({message})")
        }
        StopReason::NeverLeft(cause) => format!("Could not {doing}: no connection: {cause}"),
        StopReason::Unconfirmed(doubt) => {
            let why = step.map(|step| super::doubt::doubt(step, doubt)).unwrap_or_default();
            format!("Could not confirm whether this happened: {doing} ({why})")
        }
        StopReason::Unread(error) => {
            format!("Could not read what is needed to {doing}: {}", error.message)
        }
        StopReason::Changed(what) => format!("Stopped before: {doing}: {what}"),
        StopReason::CheckFailed(failure @ Failure::Unclear(..)) => {
            format!("Could not confirm whether this happened: {doing} ({failure})")
        }
        StopReason::CheckFailed(failure) => {
            format!("The check failed after the attempt to {doing}: {failure}")
        }
        StopReason::Duplicate(ids) => format!(
            "Sent once to {doing}, but found {} new records ({}); nothing more was sent",
            ids.len(),
            join(ids)
        ),
        StopReason::Interrupted => format!("Interrupted before: {doing}"),
        StopReason::NoJournal(error) | StopReason::JournalLost(error) => error.message.clone(),
    }
}

fn join(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}
