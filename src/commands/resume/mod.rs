//! `syncro resume`: lists plans that were cut off, looks what landed, and finishes what is left, once more confirmed.
//! `--discard` drops one after saying what it may have left behind.

mod discard;
mod doubt;
mod rest;
mod status;
mod story;

use std::str::FromStr;

use futures_util::future::FutureExt as _;
use serde_json::Value;

use discard::{discard, stays_pending};
use doubt::{gone, in_doubt, is_in_doubt, nobody_can_tell, still_in_doubt, survey};
use rest::{Review, refuse_changes};
use story::{command, discarding, show, under_way};

use crate::api::resources::users;
use crate::commands::bill::repair;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::{Allowed, Guard};
use crate::workflow::{self, Approval, Overrides, guards};
use crate::write::{
    Account, Changed, CreatedRecords, Found, Mode, Outcome, Plan, PlanId, StepState, Story, confirm,
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
    /// Status to set in place of the plan's, where that is left to do
    #[arg(long, value_name = "STATUS", requires = "id")]
    pub status: Option<String>,
    /// Discard a plan, and show what it may have written
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    pub discard: Option<PlanId>,
    /// Repair an empty or $0.00 invoice created by the plan, even with --yes
    #[arg(long)]
    pub repair: bool,
    /// Invoice charged time as the account rounds it, even with --yes
    #[arg(long)]
    pub rounded: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(Guard::ALL) }>,
}

impl FromStr for PlanId {
    type Err = String;

    /// Takes a name as it is typed; what could lead out of the journal's folder is none.
    fn from_str(typed: &str) -> std::result::Result<Self, String> {
        let typed = typed.trim();
        let plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if plain && !typed.is_empty() {
            return Ok(Self(typed.to_owned()));
        }
        Err("a plan id has letters, digits and dashes, as `syncro resume` shows it".to_owned())
    }
}

/// Runs `syncro resume`.
///
/// # Errors
/// See `syncro help exit-codes`; that of the first plan that could not be finished.
pub async fn run(ctx: &Context, args: &ResumeArgs) -> Result<()> {
    ctx.told_pending();
    if let Some(id) = &args.discard {
        return discard(ctx, id).await;
    }
    if args.id.is_none() && !args.overrides.allowed.is_empty() {
        let error = Error::usage("a guard override is for one plan: name its id").nothing_sent();
        return Err(error.next("resume", "list pending plans"));
    }
    let wanted = args.id.clone();
    let (plans, unreadable) = pending(ctx, wanted.as_ref())?;
    if plans.is_empty() {
        if let Some(error) = unreadable {
            return Err(error);
        }
        if let Some(id) = wanted {
            return Err(
                Error::none(format!("pending plan {id}")).next("resume", "list pending plans")
            );
        }
        ctx.ui().note("no pending plans");
        ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
        return Ok(());
    }
    let me = ctx.reader()?.get(users::me()).await?;
    let here = ctx.account(&me)?;
    let mut first_error = unreadable;
    let plans = of_here(ctx, &here, plans);
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
                let hint = Hint::from("check your tickets in Syncro, then run ");
                trouble = Some(error.hint(hint.command(format!("resume --discard {id}"))));
            }
            _ => {}
        }
    }
    Ok((plans, trouble))
}

/// The plans of this account, with a word about those of others; those of others where there is none.
fn of_here(ctx: &Context, here: &Account, plans: Vec<Story>) -> Vec<Story> {
    let (own, others): (Vec<Story>, Vec<Story>) =
        plans.into_iter().partition(|story| story.plan.account.matches(here));
    if own.is_empty() {
        return others;
    }
    for other in &others {
        let text =
            format!("{}: it stays pending; {}", whose(here, &other.plan), keyless(&other.plan));
        ctx.ui().note(&text);
    }
    own
}

/// Whose plan it is, where it is none of this account's.
fn whose(here: &Account, plan: &Plan) -> String {
    let named = |account: &Account| {
        let profile = account.profile.as_ref();
        let profile =
            profile.map_or_else(|| "no profile".to_owned(), |name| format!("profile {name}"));
        format!("{} as {}, {profile}", account.base, account.owner_name)
    };
    format!("plan {} belongs to {}; this is {}", plan.id, named(&plan.account), named(here))
}

fn check_account(here: &Account, plan: &Plan) -> Result<()> {
    match plan.account.matches(here) {
        true => Ok(()),
        false => Err(Error::refused(whose(here, plan))
            .nothing_written()
            .hint(format!("use the key that started it: {}", command(plan)))
            .hint(keyless(plan))),
    }
}

/// What to type about a plan that nobody can finish any more.
fn keyless(plan: &Plan) -> String {
    format!("if nobody has that key any more: {}", discarding(plan))
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
    if args.rounded {
        story.plan.take_rounding();
    }
    if let Some(typed) = &args.status {
        status::replace(ctx, &mut story.plan, &states, typed).await?;
    }
    let mut sightings = survey(ctx, &story.plan, &mut states, &mut journal).await?;
    let work_left = states.iter().any(StepState::is_left);
    let may_write = ctx.how().yes || ctx.ui().is_interactive();
    let allowed = &args.overrides.allowed;
    let only_looks = ctx.how().dry_run || work_left && !may_write;
    if !only_looks && let Some(error) = nobody_can_tell(&story.plan, &states) {
        show(ctx, &story, &states, &sightings, &[])?;
        ctx.answer(worded(&as_it_stands(&story, &states), "unconfirmed", ctx));
        return Err(error);
    }
    let mut reviewed = review(ctx, &story, &states, allowed).await;
    // With nothing left to send there is nothing to confirm: the checks that are due are reads.
    let mode = if work_left && !ctx.how().yes { Mode::Ask } else { Mode::Yes };
    let is_refused = |reviewed: &Result<Review>| match reviewed {
        Ok(review) if !review.broken.is_empty() => true,
        Ok(review) => mode == Mode::Yes && refuse_changes(&story, review, ctx.now()).is_err(),
        Err(error) => error.kind == Kind::Refused,
    };
    if work_left && is_in_doubt(&states) && is_refused(&reviewed) {
        // What has changed may be a record of our own that came between the two looks.
        sightings = survey(ctx, &story.plan, &mut states, &mut journal).await?;
        reviewed = review(ctx, &story, &states, allowed).await;
    }
    show(ctx, &story, &states, &sightings, changed(&reviewed))?;
    if only_looks {
        match reviewed {
            Err(error) if error.kind == Kind::Interrupted => return Err(error),
            Err(error) => ctx.ui().warn(&error.to_string()),
            Ok(_) => {}
        }
        return only_looked(ctx, &story, &states, work_left);
    }
    let refused = |error: Error| match error.kind {
        Kind::Refused => in_doubt(&story.plan, &sightings, error),
        _ => error,
    };
    let reviewed = reviewed.and_then(|review| review.unbroken(&states)).map_err(refused)?;
    if work_left && mode == Mode::Yes {
        refuse_changes(&story, &reviewed, ctx.now()).map_err(refused)?;
    }
    let look = || {
        let look = async {
            let review = review(ctx, &story, &states, allowed).await?;
            Ok(review.unbroken(&states)?.gathered)
        };
        look.boxed_local()
    };
    let confirmed = confirm(
        &workflow::TerminalPrompter::about_the_rest(ctx, &states),
        mode,
        reviewed.gathered,
        &look,
        ctx.settings().write.fresh,
    )
    .await;
    let confirmed = confirmed.map_err(|error| match error.kind {
        Kind::Cancelled => stays_pending(&story.plan.id),
        _ => error,
    })?;
    let outcome = {
        let (_locks, confirmed) = workflow::lock_time(ctx, confirmed).await?;
        workflow::continue_plan(ctx, confirmed, journal, states).await?
    };
    if outcome.stopped.is_some() && !outcome.is_pending() {
        workflow::keep_unsent(ctx, &outcome.plan, &outcome.states);
    }
    if repair::is_possible(&outcome) && may_write {
        return repair::offer(ctx, &Approval::of(ctx), args.repair, outcome).await;
    }
    workflow::report(ctx, &outcome)
}

/// The rest of the plan as it would be carried out now.
async fn review(
    ctx: &Context,
    story: &Story,
    states: &[StepState],
    allowed: &Allowed,
) -> Result<Review> {
    let review = rest::gather(ctx, &story.plan, states, allowed).await;
    let review = review.map_err(|error| gone(&story.plan, error));
    review.map_err(|error| still_in_doubt(error, states))
}

/// What the rest of the plan rests on and that is no longer so, as far as a review has come.
fn changed(reviewed: &Result<Review>) -> &[Changed] {
    reviewed.as_ref().map_or(&[], |review| review.broken.as_slice())
}

fn as_it_stands(story: &Story, states: &[StepState]) -> Outcome {
    Outcome {
        plan: story.plan.clone(),
        states: states.to_vec(),
        stopped: None,
        warnings: Vec::new(),
        made: CreatedRecords::default(),
        no_repair: None,
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
        format!("plan {} is not finished; it was only checked", story.plan.id),
    )
    .nothing_written()
    .hint(format!(
        "run `{}` on a terminal or with --yes to finish it, or `{}` to discard it",
        command(&story.plan),
        discarding(&story.plan)
    )))
}
