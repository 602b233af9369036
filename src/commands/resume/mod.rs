//! `syncro resume`: lists plans that were cut off, looks what landed, and finishes what is left, once more confirmed.
//! `--discard` drops one after saying what it may have left behind.

mod rest;

use futures_util::future::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::api::resources::users;
use crate::commands::bill::repair;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::workflow::{self, Approval};
use crate::write::journal::{Entry, Known};
use crate::write::{
    Account, Clock, CreatedRecords, Effect, Found, Gathered, Journal, MatchContext, Mode,
    Observation, Outcome, Plan, PlanId, ReadSet, RetryPolicy, Snapshot, Step, StepState, Story,
    confirm, snapshot,
};

/// Finish interrupted writes
///
/// Checks what was written, shows what is left, and asks before it sends anything. Without a terminal or --yes it only
/// checks, and exits 6 if writes are left.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro resume
  syncro resume 20260114-093012-abcd --yes
  syncro resume --discard 20260114-093012-abcd")]
pub struct ResumeArgs {
    /// Plan to finish [default: all pending plans, oldest first]
    #[arg(value_name = "ID")]
    pub id: Option<PlanId>,
    /// Discard a plan, and show what it may have written
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    pub discard: Option<PlanId>,
    /// Repair an empty or $0.00 invoice created by the plan, even with --yes
    #[arg(long)]
    pub repair: bool,
}

/// Runs `syncro resume`.
///
/// # Errors
/// See the exit codes in README.md; that of the first plan that could not be finished.
pub async fn run(ctx: &Context, args: &ResumeArgs) -> Result<()> {
    if let Some(id) = &args.discard {
        return discard(ctx, id).await;
    }
    let wanted = args.id.clone();
    let (plans, unreadable) = pending(ctx, wanted.as_ref())?;
    if plans.is_empty() {
        if let Some(error) = unreadable {
            return Err(error);
        }
        if let Some(id) = wanted {
            return Err(Error::new(Kind::NotFound, format!("there is no pending plan {id}"))
                .next("resume", "list pending plans"));
        }
        ctx.ui().note("no pending plans");
        ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
        return Ok(());
    }
    let me = ctx.reader()?.get(users::me()).await?;
    let here = ctx.account(&me)?;
    let mut first_error = unreadable;
    for story in plans {
        let answered = ctx.answered();
        let as_it_was = as_it_stands(&story, &story.states);
        if let Err(error) = one(ctx, args, &here, story).await {
            if ctx.answered() == answered {
                let word = match error.kind {
                    Kind::Cancelled | Kind::Interrupted => "cancelled",
                    Kind::Unconfirmed => "unconfirmed",
                    _ => "failed",
                };
                ctx.answer(worded(&as_it_was, word, ctx));
            }
            if matches!(error.kind, Kind::Interrupted | Kind::Cancelled) {
                return Err(error);
            }
            if first_error.is_none() {
                first_error = Some(error);
            } else {
                ctx.ui().warn(&error.to_string());
            }
        }
    }
    first_error.map_or(Ok(()), Err)
}

/// The pending plans that can be worked on, and why another cannot.
fn pending(ctx: &Context, wanted: Option<&PlanId>) -> Result<(Vec<Story>, Option<Error>)> {
    let is_wanted = |id: &PlanId| wanted.is_none_or(|wanted| wanted == id);
    let (mut plans, mut trouble) = (Vec::new(), None);
    for found in ctx.journals().pending()? {
        match found {
            Found::Pending(story) if is_wanted(&story.plan.id) => plans.push(*story),
            Found::Busy(id) if is_wanted(&id) => {
                trouble.get_or_insert(under_way(&id));
            }
            Found::Unreadable { id, why } if is_wanted(&id) => {
                let error = Error::configuration(format!("cannot read plan {id}: {why}"));
                trouble = Some(error.hint(format!(
                    "check your tickets in Syncro, then run `syncro resume --discard {id}`"
                )));
            }
            _ => {}
        }
    }
    Ok((plans, trouble))
}

fn under_way(id: &PlanId) -> Error {
    let text = format!("another syncro is running plan {id} now");
    Error::refused(text).hint("run `syncro resume` after it ends")
}

fn check_account(here: &Account, plan: &Plan) -> Result<()> {
    let there = &plan.account;
    if there.matches(here) {
        return Ok(());
    }
    let whose = |account: &Account| {
        let profile = account.profile.as_ref();
        let profile =
            profile.map_or_else(|| "no profile".to_owned(), |name| format!("profile {name}"));
        format!("{} as {}, {profile}", account.base, account.owner_name)
    };
    Err(Error::refused(format!(
        "plan {} belongs to {}; this is {}. Nothing was written",
        plan.id,
        whose(there),
        whose(here)
    ))
    .hint(format!("use the key that started it: {}", command(plan))))
}

async fn one(ctx: &Context, args: &ResumeArgs, here: &Account, story: Story) -> Result<()> {
    check_account(here, &story.plan)?;
    let _lock = workflow::lock(ctx, &story.plan.scope)?;
    let Some((mut journal, mut story)) = ctx.journals().reopen(&story.plan.id)? else {
        return Err(under_way(&story.plan.id));
    };
    if let Some(outcome) = &story.closed {
        let text = format!("plan {} was closed in the meantime ({outcome})", story.plan.id);
        ctx.ui().note(&text);
        ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
        return Ok(());
    }
    let mut states = story.states.clone();
    story.plan.fill(&states);
    let mut sightings = survey(ctx, &story.plan, &mut states, &mut journal).await?;
    show(ctx, &story, &states, &sightings)?;
    let work_left =
        states.iter().any(|state| matches!(state, StepState::NotSent | StepState::Unknown { .. }));
    let may_write = ctx.how().yes || ctx.ui().is_interactive();
    if ctx.how().dry_run || work_left && !may_write {
        return only_looked(ctx, &story, &states, work_left);
    }
    if let Some(error) = nobody_can_tell(&story.plan, &states) {
        ctx.answer(worded(&as_it_stands(&story, &states), "unconfirmed", ctx));
        return Err(error);
    }
    let mut gathered = reviewed(ctx, &story, &states).await;
    // With nothing left to send there is nothing to confirm: the checks that are due are reads.
    let mode = if work_left && !ctx.how().yes { Mode::Ask } else { Mode::Yes };
    let is_refused = |gathered: &Result<Gathered>| match gathered {
        Ok(gathered) => mode == Mode::Yes && refuse_changes(&story, &gathered.plan).is_err(),
        Err(error) => error.kind == Kind::Refused,
    };
    if work_left && is_in_doubt(&states) && is_refused(&gathered) {
        // What has changed may be a record of our own that came between the two looks.
        sightings = survey(ctx, &story.plan, &mut states, &mut journal).await?;
        gathered = reviewed(ctx, &story, &states).await;
    }
    let refused = |error: Error| match error.kind {
        Kind::Refused => in_doubt(&story.plan, &sightings, error),
        _ => error,
    };
    let gathered = gathered.map_err(refused)?;
    if work_left && mode == Mode::Yes {
        refuse_changes(&story, &gathered.plan).map_err(refused)?;
    }
    let look = || reviewed(ctx, &story, &states).boxed_local();
    let confirmed =
        confirm(&workflow::TerminalPrompter::about_the_rest(ctx, &states), mode, gathered, &look)
            .await;
    let confirmed = confirmed.map_err(|error| match error.kind {
        Kind::Cancelled => Error::new(
            Kind::Cancelled,
            format!("plan {} stays pending; nothing more was written", story.plan.id),
        ),
        _ => error,
    })?;
    let outcome = workflow::continue_plan(ctx, confirmed, journal, states).await?;
    if repair::is_possible(&outcome) && may_write {
        return repair::offer(ctx, &Approval::of(ctx)?, args.repair, outcome).await;
    }
    workflow::report(ctx, &outcome)
}

/// The rest of the plan as it would be carried out now.
async fn reviewed(ctx: &Context, story: &Story, states: &[StepState]) -> Result<Gathered> {
    let gathered = rest::gather(ctx, &story.plan, states).await;
    let gathered = gathered.map_err(|error| gone(&story.plan, error));
    gathered.map_err(|error| still_in_doubt(error, states))
}

fn is_in_doubt(states: &[StepState]) -> bool {
    states.iter().any(StepState::is_unknown)
}

/// What a plan is about may have been removed meanwhile: then nothing is left to be finished.
fn gone(plan: &Plan, error: Error) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let discard = discarding(plan);
    let message = format!("the records of plan {} no longer exist ({})", plan.id, error.message);
    Error { message, ..error }
        .nothing_written()
        .hint(format!("run `{discard}` to discard the plan"))
}

/// A reading that failed leaves what may have landed in doubt, whatever the reason.
fn still_in_doubt(mut error: Error, states: &[StepState]) -> Error {
    let doubtful =
        |state: &StepState| matches!(state, StepState::Unknown { .. } | StepState::Landed { .. });
    if states.iter().any(doubtful)
        && !matches!(error.kind, Kind::Configuration | Kind::Interrupted | Kind::Refused)
    {
        error.kind = Kind::Unconfirmed;
    }
    error
}

/// What no GET shows is never sent again: a plan in doubt about it can only be shown, or dropped.
fn nobody_can_tell(plan: &Plan, states: &[StepState]) -> Option<Error> {
    let mut steps = plan.steps.iter().zip(states);
    let (step, _) =
        steps.find(|(step, state)| step.effect.is_unverifiable() && state.is_unknown())?;
    let message = format!(
        "Could not confirm whether this happened: {}. The API cannot confirm it, so plan {} cannot continue",
        step.description, plan.id
    );
    let discard = discarding(plan);
    Some(
        Error::new(Kind::Unconfirmed, message)
            .nothing_written()
            .hint(format!("check in Syncro, finish the rest by hand, then run: {discard}")),
    )
}

/// Whether a look has yet to show the record that the API said yes to: which one, and that it is only one.
fn is_unverifiable(step: &Step, state: &StepState) -> bool {
    matches!(state, StepState::Landed { .. }) && step.effect.collection().is_some()
}

/// A refusal over what the plan itself has left: that it is there twice, or that it is not known of a charge of which a
/// look shows half, weighs more.
fn in_doubt(plan: &Plan, sightings: &[Option<Observation>], refused: Error) -> Error {
    let steps = || plan.steps.iter().zip(sightings);
    let several = steps().find_map(|(step, observation)| match observation {
        Some(Observation::Duplicates(ids)) => Some((step, ids)),
        _ => None,
    });
    if let Some((step, ids)) = several {
        let list: Vec<String> = ids.iter().map(u64::to_string).collect();
        let text = format!(
            "Sent once to {}, but found {} new records ({}); {}",
            step.description,
            ids.len(),
            list.join(", "),
            refused
        );
        return Error::new(Kind::Failure, text)
            .hint(format!("delete the duplicate in Syncro, then run `{}`", command(plan)));
    }
    let mut steps = steps();
    let perhaps = steps.find_map(|(step, observation)| match (&step.effect, observation) {
        (Effect::TimerCharged { .. }, Some(Observation::Ambiguous(ids))) => {
            Some(step.effect.perhaps(ids))
        }
        _ => None,
    });
    let Some(perhaps) = perhaps else {
        return refused;
    };
    let discard = discarding(plan);
    Error::new(Kind::Unconfirmed, format!("{}; {}", crate::render::sentence(&perhaps), refused))
        .hint(format!("put the ticket right by hand, then run `{discard}` to discard the plan"))
}

/// Looks for every step of which it is not known whether it landed, or as what, all at once; what is found is noted.
async fn survey(
    ctx: &Context,
    plan: &Plan,
    states: &mut [StepState],
    journal: &mut Journal,
) -> Result<Vec<Option<Observation>>> {
    // A step that refers to what is itself in doubt has nowhere to be looked for yet.
    let doubtful = |step: &Step, state: &StepState| {
        (state.is_unknown() || is_unverifiable(step, state)) && !step.waits()
    };
    let needs = plan
        .steps
        .iter()
        .zip(states.iter())
        .filter(|(step, state)| doubtful(step, state))
        .fold(ReadSet::NOTHING, |needs, (step, _)| needs.and(step.effect.reads(None)));
    let mut sightings = vec![None; states.len()];
    if needs.is_nothing() {
        return Ok(sightings);
    }
    let reader = ctx.reader()?;
    let view =
        snapshot(&reader, &plan.scope, needs, RetryPolicy::Retry).await.map_err(|error| {
            if matches!(error, crate::api::Error::NotFound { .. }) {
                return still_in_doubt(gone(plan, error.into()), states);
            }
            Error::new(Kind::Unconfirmed, format!("could not check plan {}: {error}", plan.id))
                .nothing_written()
                .hint("run `syncro resume` again when Syncro is reachable")
        })?;
    for index in 0..states.len() {
        let doubtful = doubtful(&plan.steps[index], &states[index]);
        let Some(seen) = states[index].seen().filter(|_| doubtful) else {
            continue;
        };
        let collection = plan.steps[index].effect.collection();
        let made = plan.made(states, Some(index)).ids(collection);
        let context = MatchContext {
            seen,
            made: &made,
            account: &plan.account,
            named: states[index].id(),
            siblings: plan.siblings(states, index),
        };
        let observation = plan.steps[index].effect.judge(&view, &context);
        if let (Observation::Found(found), StepState::Landed { id, .. }) =
            (&observation, &mut states[index])
        {
            *id = *found;
        } else if let Observation::Found(id) = observation {
            let (known, at) = (Known::Landed { id, found: true }, Clock::now(&reader));
            let entry = Entry::Answered { step: index, known, at };
            journal.note(&entry)?;
            states[index] = states[index].clone().after(entry);
        }
        sightings[index] = Some(observation);
    }
    Ok(sightings)
}

fn show(
    ctx: &Context,
    story: &Story,
    states: &[StepState],
    sightings: &[Option<Observation>],
) -> Result<()> {
    let plan = &story.plan;
    let mut text =
        format!("\n{} (plan {}, started {})\n", plan.title, plan.id, when(ctx, plan.made_at));
    if story.damaged {
        text.push_str("  its journal is damaged; every step is checked\n");
    }
    for ((step, state), observation) in plan.steps.iter().zip(states).zip(sightings) {
        let id = state.id().map(|id| format!(" ({id})")).unwrap_or_default();
        let word = match (state, observation) {
            (StepState::Checked { .. }, _) => "done, checked",
            (StepState::Landed { .. }, Some(Observation::Found(_))) => "found",
            (StepState::Landed { .. }, Some(Observation::Duplicates(_))) => "found more than once",
            (StepState::Landed { .. }, _) => "written, not checked",
            (StepState::NotSent, _) => "left",
            (_, Some(Observation::Duplicates(_))) => "found more than once",
            (StepState::Unknown { .. }, _) if step.effect.is_unverifiable() => {
                "sent, cannot confirm"
            }
            (_, Some(Observation::Ambiguous(_) | Observation::Conflict(_))) => "possibly written",
            (StepState::Unknown { .. }, _) => "sent, not found yet",
        };
        text.push_str(&format!("  {word:<21} {}{id}\n", step.description));
    }
    let text = crate::render::sanitise::text(&text);
    // In a dry run this is the answer, unless JSON is.
    if ctx.how().dry_run && !ctx.how().json {
        return ctx.ui().stdout(text.trim_start());
    }
    ctx.ui().preview(&text);
    Ok(())
}

fn when(ctx: &Context, at: Timestamp) -> String {
    crate::render::when::at_in_zone(at, &ctx.settings().timezone)
}

fn command(plan: &Plan) -> String {
    plan.account.command(&format!("resume {}", plan.id))
}

fn discarding(plan: &Plan) -> String {
    plan.account.command(&format!("resume --discard {}", plan.id))
}

fn as_it_stands(story: &Story, states: &[StepState]) -> Outcome {
    Outcome {
        plan: story.plan.clone(),
        states: states.to_vec(),
        stopped: None,
        warnings: Vec::new(),
        made: CreatedRecords::default(),
    }
}

/// An outcome's object with another word for the whole.
fn worded(outcome: &Outcome, word: &str, ctx: &Context) -> Value {
    let mut json = outcome.json(ctx.is_sandbox());
    json["outcome"] = Value::String(word.to_owned());
    json
}

fn only_looked(ctx: &Context, story: &Story, states: &[StepState], work_left: bool) -> Result<()> {
    let word = match ctx.how().dry_run {
        true => "dry_run",
        false => "unconfirmed",
    };
    ctx.answer(worded(&as_it_stands(story, states), word, ctx));
    if ctx.how().dry_run || !work_left {
        return Ok(());
    }
    Err(Error::new(
        Kind::Unconfirmed,
        format!("plan {} is not finished; it was only checked, nothing was written", story.plan.id),
    )
    .hint(format!(
        "run `{}` on a terminal or with --yes to finish it, or `{}` to discard it",
        command(&story.plan),
        discarding(&story.plan)
    )))
}

/// What is left of a plan, a line a step, as the preview of its end begins.
#[must_use]
pub fn what_is_left(plan: &Plan, states: &[StepState]) -> String {
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

/// Refuses a plan of which a step rests on what is no longer so: nobody's yes would have it sent.
///
/// # Errors
/// Exit 5, naming `--discard`.
pub fn refuse_broken(plan: &Plan, states: &[StepState], view: &Snapshot) -> Result<()> {
    let broken = plan.broken(states, view);
    if broken.is_empty() {
        return Ok(());
    }
    let text =
        format!("since plan {} was created: {}. Nothing was written", plan.id, broken.join("; "));
    let discard = discarding(plan);
    Err(Error::refused(text).hint(format!(
        "run `{discard}` to discard the plan, then run the command again if you still need it"
    )))
}

/// With `--yes` nobody sees what has changed, so nothing may have.
fn refuse_changes(story: &Story, review: &Plan) -> Result<()> {
    let pending = &story.plan;
    let age = Timestamp::now().duration_since(pending.made_at);
    let hint = format!(
        "check it on a terminal: `{}`; or discard it: `{}`",
        command(pending),
        discarding(pending)
    );
    // A plan from the future was made before the clock was set back; how long ago nobody knows.
    if age > SignedDuration::from_hours(24) || age.is_negative() {
        return Err(Error::refused(format!(
            "plan {} is more than a day old and cannot be finished with --yes",
            pending.id
        ))
        .nothing_written()
        .hint(hint));
    }
    let changed = &review.notices;
    if changed.is_empty() {
        return Ok(());
    }
    Err(Error::refused(format!(
        "since plan {} was created: {}. Nothing was written",
        pending.id,
        changed.join("; ")
    ))
    .hint(hint))
}

/// Drops a plan after saying what it may have left behind.
async fn discard(ctx: &Context, id: &PlanId) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let opened = match ctx.journals().reopen(id) {
        // What cannot be read can still be put out of the way.
        Err(error) if error.kind == Kind::Configuration && ctx.journals().is_unreadable(id) => {
            ctx.ui().warn(&error.to_string());
            return set_aside(ctx, &approval, id).await;
        }
        opened => opened?,
    };
    let Some((mut journal, story)) = opened else {
        return Err(under_way(id));
    };
    let sightings = vec![None; story.states.len()];
    show(ctx, &story, &story.states, &sightings)?;
    if let Some(outcome) = &story.closed {
        ctx.ui().note(&format!("plan {id} is already closed ({outcome})"));
        return Ok(());
    }
    if approval.is_dry_run() {
        return Ok(());
    }
    if approval.mode() == Mode::Ask {
        let question =
            "Discard it? What was written stays in Syncro; the rest is not sent".to_owned();
        if !ctx.blocking(move |ui| ui.ask_question(&question)).await? {
            return Err(Error::new(Kind::Cancelled, format!("plan {id} stays pending")));
        }
    }
    journal.note(&Entry::Closed {
        outcome: "discarded".to_owned(),
        // What a repair has begun to replace cannot be finished as it was.
        supersedes: story.plan.supersedes.clone().filter(|_| story.has_traces()),
        at: Timestamp::now(),
    })?;
    ctx.ui().note(&format!("plan {id} is discarded"));
    ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
    Ok(())
}

async fn set_aside(ctx: &Context, approval: &Approval, id: &PlanId) -> Result<()> {
    if approval.is_dry_run() {
        return Ok(());
    }
    if approval.mode() == Mode::Ask {
        let question = "It is unknown what it wrote. Set it aside anyway?".to_owned();
        if !ctx.blocking(move |ui| ui.ask_question(&question)).await? {
            return Err(Error::new(Kind::Cancelled, format!("plan {id} stays pending")));
        }
    }
    ctx.journals().set_aside(id)?;
    ctx.ui().note(&format!("plan {id} is set aside"));
    Ok(())
}
