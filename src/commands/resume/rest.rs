//! A plan that was cut off, read again: its operations are rebuilt from the requests that are left, so that every guard
//! runs again, and what stands in the way of them now is said.

use std::collections::BTreeSet;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::story::{command, discarding};
use crate::api::Reader;
use crate::api::fields::to_id;
use crate::api::resources::tickets::Timer;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{self, Allowed, Env, Finding, Guard, Operation, flags};
use crate::render::doubt::perhaps;
use crate::render::{sanitise, when};
use crate::workflow::{self, Known, Writing, not_the_user, was_allowed};
use crate::write::{
    Baseline, Changed, Clock, Collection, Effect, Field, Gathered, Noun, Observation, Plan,
    Precondition, Preview, ReadSet, RecordRef, RetryPolicy, Snapshot, Step, StepState, Story,
    changed_since, snapshot,
};

/// The rest of a plan as it would be carried out now.
pub(super) struct Review {
    /// The plan, whose notices are all that stands in its way.
    pub(super) gathered: Gathered,
    /// What guards have found that nobody has answered or overridden.
    findings: Vec<Finding>,
    /// What the account has rounded, where nobody takes that unasked.
    rounded: Vec<String>,
    /// What its steps rest on and that is no longer so.
    pub(super) broken: Vec<Changed>,
    /// Whether what was sent and not seen is too young to be given up.
    may_land: bool,
}

/// Reads everything again, runs the guards for what is left, and makes the rest of the plan a preview.
///
/// # Errors
/// Those of the reads.
pub(super) async fn gather(
    ctx: &Context,
    plan: &Plan,
    states: &[StepState],
    allowed: &Allowed,
) -> Result<Review> {
    let at = Instant::now();
    let mut plan = plan.clone();
    plan.fill(states);
    let reader = ctx.reader()?;
    let view =
        snapshot(&reader, plan.scope.ticket, needs(&plan, states), RetryPolicy::Retry).await?;
    let operations: Vec<(usize, Operation)> = left(&plan, states)
        .filter(|(_, step, state)| is_guarded(step, state))
        .filter_map(|(index, step, _)| Some((index, Operation::of(&step.request)?)))
        .collect();
    let writing = Writing {
        known: Known { view, at, ..Known::default() },
        operations: operations.iter().map(|(_, operation)| operation.clone()).collect(),
        ..Writing::all(&plan.command, plan.scope.clone(), [])?
    };
    let (seen, me, names) = workflow::read(ctx, &reader, &writing, Some(&writing.known)).await?;
    let mut renamed = take_names(&mut plan, states, &seen);
    let (broken, may_land) = (plan.broken(states, &seen), may_land(ctx, &reader, states));
    let (told, rounded) = take_rounding(&mut plan, states, &seen);
    let made = plan.made(states, None);
    let at_once: BTreeSet<u64> = plan.charged_at_once(states, &seen).into_values().collect();
    let is_known = |collection: &Collection, id: u64| match made.has(collection, id) {
        true => true,
        // Time that waited then waits still, for whoever has not answered for it.
        false if *collection == Collection::TIMERS => false,
        false if *collection == Collection::LINES && at_once.contains(&id) => true,
        false => plan.baseline.has(collection, id),
    };
    // The plan's own records stand against nothing, nor do those that were answered for when it was made.
    let new = seen.clone().without(is_known);
    let mut findings: Vec<Finding> = not_the_user(&me, ctx.settings())
        .map(|text| Finding::new(Guard::OtherUser, text))
        .into_iter()
        .collect();
    for (index, operation) in &operations {
        let env = Env {
            me: &me,
            account: &plan.account,
            settings: ctx.settings(),
            names: &names,
            now: ctx.now(),
            as_typed: false,
            before: &plan.steps[..*index],
            kept: &[],
        };
        // What is as wanted already, or gone, is no reason to stop.
        findings.extend(operation.propose(&new, &env).into_iter().flat_map(|one| one.findings));
        let request = &plan.steps[*index].request;
        findings.extend(operations::findings(request, ctx.settings()));
    }
    let worker = workflow::worker(ctx, &me)?;
    findings.extend(operations::together(&plan.steps, &new, ctx.settings(), &worker));
    findings.extend(take_unbillable(&mut plan, states, &seen));
    let ticket = seen.ticket();
    if plan.steps.iter().any(of_the_whole) {
        findings.extend(ticket.and_then(|one| operations::timer_running(one, ctx.settings())));
    }
    // Also where the invoice itself is in doubt, and its other guards are not asked.
    let billed = ticket.filter(|_| plan.invoice_left(states).is_some());
    findings.extend(billed.and_then(|one| operations::disabled_on(&seen, one)));
    // What was allowed then was said of what was disabled then.
    let is_new = renamed.iter().any(Changed::is_guarded);
    renamed.retain(|change| !change.is_guarded());
    let was_said = |finding: &Finding| {
        was_allowed(&plan, finding) && !(is_new && finding.guard == Guard::Disabled)
    };
    findings.retain(|finding| !was_said(finding) && !allowed.lets(finding));
    let found = findings.iter().map(|finding| finding.text.clone());
    let stands = found.chain(in_the_way(&plan, states, &seen, &new));
    let stands = stands.chain(renamed.iter().map(Changed::to_string));
    let stands: Vec<String> =
        stands.chain(undone(&plan, states, &seen)).chain(rounded.clone()).collect();
    plan.notices.clear();
    for text in stands {
        if !plan.notices.contains(&text) {
            plan.notices.push(text);
        }
    }
    let mut preview = Preview::from(sanitise::text(&what_is_left(&plan, states)));
    let goes_on = goes_on(&plan, states, &seen, ctx);
    for text in plan.notices.iter().chain(&goes_on).chain(&told) {
        preview.notice(&sanitise::one_line(text));
    }
    let steps = left(&plan, states).filter_map(|(_, step, _)| step.effect.collection().cloned());
    let lists: Vec<Collection> = steps.chain(plan.baseline.collections().cloned()).collect();
    for list in &lists {
        plan.baseline.set(list, seen.ids(list));
    }
    let plan = Plan { title: format!("Finish: {}", plan.title), preview, ..plan };
    Ok(Review { gathered: Gathered { at, plan }, findings, rounded, broken, may_land })
}

/// Whether something was sent so lately that it may land.
fn may_land(ctx: &Context, reader: &Reader, states: &[StepState]) -> bool {
    let (now, wait) = (Clock::now(reader), ctx.settings().write.resend_after);
    let is_young = |state: &StepState| match state {
        StepState::Unknown { sent, .. } => now.since(sent.at) < wait,
        _ => false,
    };
    states.iter().any(is_young)
}

/// Has the invoice come to what the account has rounded charged time up to, and says so: where that is taken unasked, and
/// where it is yet to be confirmed.
fn take_rounding(
    plan: &mut Plan,
    states: &[StepState],
    seen: &Snapshot,
) -> (Vec<String>, Vec<String>) {
    let mut says = Vec::new();
    for (index, state) in states.iter().enumerate() {
        let Some((step, rounded)) = plan.rounded(index, seen) else {
            continue;
        };
        plan.steps[index] = step;
        if state.is_left() {
            says.push(rounded.to_string());
        }
    }
    if plan.takes_rounding() { (says, Vec::new()) } else { (Vec::new(), says) }
}

/// Everything that the rest of the plan touches or rests on.
fn needs(plan: &Plan, states: &[StepState]) -> ReadSet {
    let needs = plan.baseline.collections().fold(ReadSet::NOTHING, ReadSet::collection);
    // What was checked before, and what is left would be built on.
    let made = plan.checked_invoices(states);
    let needs = made.fold(needs, |needs, (made, id)| needs.and(made.reads(Some(id))));
    // Also of steps that wait for what an earlier one is yet to make.
    let unsent = plan.steps.iter().zip(states);
    let unsent = unsent.filter(|(_, state)| matches!(state, StepState::NotSent));
    let grounds = unsent.flat_map(|(step, _)| plan.grounds(step));
    let grounds = grounds.filter_map(Precondition::known_record);
    let needs = grounds.fold(needs, ReadSet::record);
    left(plan, states).fold(needs, |needs, (_, step, _)| {
        let needs = needs.and(step.effect.reads_before()).and(step.effect.reads(None));
        plan.grounds(step).map(Precondition::reads).fold(needs, ReadSet::and)
    })
}

/// Whether the guards of a step that is left are asked. What may have been made already, its look tells; what a charge
/// makes is judged by the contents that the step behind it gives the line.
const fn is_guarded(step: &Step, state: &StepState) -> bool {
    match step.effect {
        Effect::TimerCharged { .. } => false,
        Effect::Created { .. } => matches!(state, StepState::NotSent),
        _ => true,
    }
}

/// Whether a step builds on all that is on the ticket; a timer that is stopped runs until then.
fn of_the_whole(step: &Step) -> bool {
    let charges = matches!(step.effect, Effect::TimerCharged { stops: false, .. });
    charges || step.effect.expected_invoice().is_some()
}

/// What has changed since the plan was made: of one whose steps build on the whole ticket, anything new there; of any
/// other, what its own steps would mind.
fn in_the_way(plan: &Plan, states: &[StepState], seen: &Snapshot, new: &Snapshot) -> Vec<String> {
    match plan.steps.iter().any(of_the_whole) {
        true => changes(plan, new),
        false => {
            let left = left(plan, states);
            left.flat_map(|step| obstacles(plan, states, seen, step)).collect()
        }
    }
}

/// The steps that are not done and can be judged already.
fn left<'p>(
    plan: &'p Plan,
    states: &'p [StepState],
) -> impl Iterator<Item = (usize, &'p Step, &'p StepState)> {
    let steps = plan.steps.iter().zip(states).enumerate();
    let steps = steps.map(|(index, (step, state))| (index, step, state));
    steps.filter(|(_, step, state)| state.is_left() && !step.waits())
}

/// What is not as it was when the plan was made, as far as a step that was not sent would mind.
fn obstacles(
    plan: &Plan,
    states: &[StepState],
    view: &Snapshot,
    (index, step, state): (usize, &Step, &StepState),
) -> Vec<String> {
    let collection = step.effect.collection();
    let baseline = match collection.filter(|collection| !plan.baseline.knows(collection)) {
        // Nobody knows what was there: what is there now is what it begins from.
        Some(collection) => view.ids(collection),
        None => plan.baseline.ids(collection),
    };
    let observation = plan.judge(states, index, view, &baseline, &BTreeSet::new());
    // A value that is as wanted already is sent no more, and rests on nothing.
    if collection.is_none() && matches!(observation, Observation::Found(_)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if state.is_unknown() {
        return found;
    }
    let what = step.effect.label();
    match observation {
        Observation::Missing => {}
        Observation::Found(_) | Observation::Duplicates(_) => {
            found.push(format!("the same {what} now exists"));
        }
        Observation::Ambiguous(_) if collection.is_none() => {}
        Observation::Ambiguous(ids) if matches!(step.effect, Effect::TimerCharged { .. }) => {
            found.push(perhaps(&step.effect, &ids));
        }
        Observation::Ambiguous(_) => found.push(format!("there is another new {what}")),
        Observation::Conflict(now) => found.push(format!("{what}: {now} now")),
    }
    found
}

/// What is on the ticket now that was not there when the plan was made, and is none of its own: `new` has nothing else.
fn changes(plan: &Plan, new: &Snapshot) -> Vec<String> {
    let mut changes = Vec::new();
    if plan.baseline.knows(&Collection::COMMENTS) {
        let comments = new.comments().into_iter();
        changes
            .extend(comments.map(|one| format!("a new comment by {}: {}", one.tech, one.subject)));
    }
    if plan.baseline.knows(&Collection::LINES) {
        changes.extend(new.lines().iter().map(|one| format!("a new line item: {}", one.name)));
    }
    if plan.baseline.knows(&Collection::INVOICES) {
        let invoices = new.invoices().into_iter();
        changes.extend(invoices.map(|one| format!("a new invoice: #{}", one.number)));
    }
    let Some(status) = new.ticket().map(|ticket| &ticket.status) else {
        return changes;
    };
    let steps = plan.steps.iter().flat_map(|step| step.effect.changes());
    let mut known = steps.filter(|change| change.path == "status");
    let is_known = |change: &Field| {
        [change.from.as_ref(), Some(&change.expected)].contains(&Some(&json!(status)))
    };
    if known.next().is_some_and(|change| !is_known(change)) {
        changes.push(format!("the status is now {status}"));
    }
    changes
}

/// What the plan has made on the ticket and is gone since, or says something else while an invoice of it is yet to be made:
/// the rest would be built on what is no longer there.
fn undone(plan: &Plan, states: &[StepState], seen: &Snapshot) -> Vec<String> {
    let invoices = left(plan, states).any(|(_, step, _)| step.effect.expected_invoice().is_some());
    let mut undone = Vec::new();
    for (step, state) in plan.steps.iter().zip(states) {
        let (Effect::Created { collection, like, check, .. }, StepState::Checked { id, .. }) =
            (&step.effect, state)
        else {
            continue;
        };
        let ours = [Collection::COMMENTS, Collection::LINES, Collection::INVOICES];
        let Some(id) = id.filter(|_| ours.contains(collection) && seen.has_listed(collection))
        else {
            continue;
        };
        let what = format!("{} {id}", step.effect.label());
        let is_it = |record: &&&Value| to_id(&record["id"]) == Some(id);
        let records = seen.records(collection);
        match records.iter().find(is_it) {
            None => undone.push(format!("{what}, which this plan has made, is gone")),
            Some(_) if *collection == Collection::INVOICES => {
                let news = changed_since(&step.effect, id, seen);
                undone.extend(news.map(|news| format!("{what}, which was checked before: {news}")));
            }
            Some(record) if invoices && *collection == Collection::LINES => {
                let fields = like.iter().chain(check);
                let news = fields.filter_map(|field| field.differs(record));
                undone.extend(news.map(|news| format!("{what}: {news}")));
            }
            Some(_) => {}
        }
    }
    undone
}

/// What is left of a plan, a line a step, as the preview of its end begins.
#[must_use]
fn what_is_left(plan: &Plan, states: &[StepState]) -> String {
    let mut preview = String::new();
    for (step, state) in plan.steps.iter().zip(states) {
        let word = match state {
            StepState::NotSent => "to do",
            StepState::Unknown { .. } => "check, then send",
            StepState::Landed { .. } => "to check",
            StepState::Checked { .. } => continue,
        };
        preview.push_str(&format!("  {word:<22}{}\n", step.description));
    }
    preview
}

/// Until when the time counts of a timer that is yet to be stopped: nothing that has changed, and more than was confirmed.
fn goes_on(plan: &Plan, states: &[StepState], seen: &Snapshot, ctx: &Context) -> Vec<String> {
    let stopped = |step: &Step| match &step.effect {
        Effect::TimerCharged { timer, stops: true, .. } => timer.id(),
        effect => {
            let timer = effect.record_ref().filter(|of| of.noun() == Some(Noun::Timer))?;
            let is_stop = effect.expected("status") == Some(&json!(Timer::STOPPED));
            timer.id().filter(|_| is_stop)
        }
    };
    let zone = &ctx.settings().timezone;
    let says = |id| {
        let listed = seen.typed_record::<Timer>(&RecordRef::Listed { noun: Noun::Timer, id })?;
        let since = when::at_in_zone(listed.start_time?, zone);
        let runs = listed.end_time.is_none();
        runs.then(|| format!("timer entry {id} counts from {since} until it is stopped"))
    };
    left(plan, states).filter_map(|(_, step, _)| says(stopped(step)?)).collect()
}

/// Takes the names that records have now, which a person is shown and a script refuses: see [`Precondition::take_names`].
fn take_names(plan: &mut Plan, states: &[StepState], view: &Snapshot) -> Vec<Changed> {
    let steps = plan.steps.iter_mut().zip(states);
    let left = steps.filter(|(_, state)| state.is_left());
    let own = left.flat_map(|(step, _)| {
        let bills = step.effect.expected_invoice().is_some();
        step.preconditions.iter_mut().map(move |one| (one, bills))
    });
    let all = plan.preconditions.iter_mut().map(|one| (one, false)).chain(own);
    let mut taken: Vec<Changed> = Vec::new();
    for change in all.flat_map(|(one, bills)| one.take_names(view, bills)) {
        if !taken.contains(&change) {
            taken.push(change);
        }
    }
    taken
}

/// Takes what rests on time of the plan's own being billable, where the account has not made it so: a person is asked about
/// that, and a script needs its flag.
fn take_unbillable(plan: &mut Plan, states: &[StepState], seen: &Snapshot) -> Vec<Finding> {
    let mut found = Vec::new();
    let steps = plan.steps.iter_mut().zip(states).filter(|(_, state)| state.is_left());
    for (step, _) in steps {
        step.preconditions.retain(|given| {
            let why = given.holds(seen, &Baseline::default()).err();
            let is_asked = |why: &Changed| {
                given.is_known()
                    && matches!(why, Changed::NotBillable(_) | Changed::BillableUnclear(_))
            };
            let why = why.filter(is_asked);
            found.extend(why.iter().map(|why| Finding::new(Guard::NotBillable, why.to_string())));
            why.is_none()
        });
    }
    found
}

impl Review {
    /// The same where nothing that is left rests on what is no longer so: nobody's yes would have it sent.
    ///
    /// # Errors
    /// Exit 5, naming `--discard`.
    pub(super) fn unbroken(self, states: &[StepState]) -> Result<Self> {
        if self.broken.is_empty() {
            return Ok(self);
        }
        let plan = &self.gathered.plan;
        let broken: Vec<String> = self.broken.iter().map(Changed::to_string).collect();
        let text = format!("since plan {} was created: {}", plan.id, broken.join("; "));
        let error = Error::refused(text);
        let error = match states.iter().any(StepState::is_unknown) {
            true => error,
            false => error.nothing_written(),
        };
        let ways = plan.past(&self.broken, states, self.may_land);
        Err(ways.into_iter().fold(error, Error::hint))
    }
}

/// By so much may two of a server's clocks differ.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(60);

/// With `--yes` nobody sees what has changed, so nothing may have.
pub(super) fn refuse_changes(story: &Story, review: &Review, now: Timestamp) -> Result<()> {
    let pending = &story.plan;
    let age = now.duration_since(pending.made_at);
    let hint = format!(
        "check it on a terminal: `{}`; or discard it: `{}`",
        command(pending),
        discarding(pending)
    );
    // Of a plan from the future nobody knows how old it is.
    let why = match age {
        _ if age < -AT_ONCE => "is dated in the future",
        _ if age > SignedDuration::from_hours(24) => "is more than a day old",
        _ => "",
    };
    if !why.is_empty() {
        return Err(Error::refused(format!(
            "plan {} {why} and cannot be finished with --yes",
            pending.id
        ))
        .nothing_written()
        .hint(hint));
    }
    let changed = &review.gathered.plan.notices;
    if changed.is_empty() {
        return Ok(());
    }
    // Where nothing but guards stands in the way, their flags let it pass.
    let is_found = |text: &String| {
        review.rounded.contains(text) || review.findings.iter().any(|found| found.text == *text)
    };
    let rounded = if review.rounded.is_empty() { "" } else { " --rounded" };
    let flags = format!("{}{rounded}", flags(&review.findings));
    let flags = flags.trim();
    let hint = match changed.iter().all(is_found) && !flags.is_empty() {
        true => format!("to proceed anyway: `{} --yes {flags}`; or {hint}", command(pending)),
        false => hint,
    };
    Err(Error::refused(format!("since plan {} was created: {}", pending.id, changed.join("; ")))
        .nothing_written()
        .hint(hint))
}
