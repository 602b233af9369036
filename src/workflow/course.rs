//! The way of a write: lock, gather, guards, preview, confirmation, execution, report. It is gathered again when the answer
//! took long.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::FutureExt as _;
use serde_json::json;

use super::allowed;
use super::approval::Approval;
use super::execute::execute;
use super::gather::{self, Proposal, Writing};
use super::lock::{Locks, lock};
use super::pending::{
    binds, leaves_nothing, refuse_if_pending_on, refuse_if_sent_before, sent_today,
};
use super::prompter::{TerminalPrompter, dry_run};
use super::report::{already, report, unsent};
use super::wording::{carry, edit, worded};
use crate::api::Reader;
use crate::api::folder::done_to_any;
use crate::api::resources::users::Me;
use crate::config::Settings;
use crate::context::Context;
use crate::error::{Error, Hint, Result};
use crate::operations::{Allowed, Finding, Guard, Operation, flags};
use crate::render::{sanitise, sentence};
use crate::ui::Ui;
use crate::write::{
    Confirmed, Gathered, Mode, Observation, Outcome, Plan, Precondition, Request, RetryPolicy,
    Scope, Step, StepState, confirm_or_edit, snapshot,
};

/// The right of this process to write about something: nobody else on this machine does until it is dropped. A dry run has
/// none, and keeps nobody from writing.
#[derive(Debug)]
pub struct Turn {
    _lock: Option<Locks>,
}

/// Takes the turn, before the last read: what is read without it may be the past of somebody else's write.
///
/// # Errors
/// Exit 5 when another process has it, or an unfinished plan is about the same.
pub fn begin(ctx: &Context, scope: &Scope) -> Result<Turn> {
    begin_with(ctx, scope, &[])
}

/// The same for what is to be written by then.
///
/// # Errors
/// As for [`begin`], but that a plan of which it is independent stands in no one's way.
pub fn begin_writing(ctx: &Context, writing: &Writing<'_>) -> Result<Turn> {
    let requests: Vec<_> = writing.operations.iter().map(Operation::request).collect();
    begin_with(ctx, &writing.scope, &requests)
}

fn begin_with(ctx: &Context, scope: &Scope, requests: &[&Request]) -> Result<Turn> {
    let _lock = (!ctx.how().dry_run).then(|| lock(ctx, scope)).transpose()?;
    refuse_if_pending_on(ctx, scope, requests)?;
    Ok(Turn { _lock })
}

/// Carries out a write and reports it.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn write(ctx: &Context, approval: &Approval, writing: &Writing<'_>) -> Result<()> {
    write_in_turn(ctx, approval, writing, begin_writing(ctx, writing)?).await
}

/// Carries out a write of a command that has the turn already, and reports it.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn write_in_turn(
    ctx: &Context,
    approval: &Approval,
    writing: &Writing<'_>,
    turn: Turn,
) -> Result<()> {
    match write_steps(ctx, approval, writing, turn).await? {
        Some(outcome) => report(ctx, &outcome),
        None => Ok(()),
    }
}

/// Carries out a write; nothing comes of a dry run. The report is left to the caller.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn write_steps(
    ctx: &Context,
    approval: &Approval,
    writing: &Writing<'_>,
    turn: Turn,
) -> Result<Option<Outcome>> {
    course(ctx, approval, turn, writing).boxed_local().await
}

async fn course(
    ctx: &Context,
    approval: &Approval,
    _turn: Turn,
    writing: &Writing<'_>,
) -> Result<Option<Outcome>> {
    let mut writing = worded(ctx, approval, writing).await?;
    let (mut allowed, mut asked) = (writing.allowed.clone(), Vec::new());
    let confirmed = loop {
        match settle(ctx, approval, &writing, &mut allowed, &mut asked).await? {
            Settled::Nothing => return Ok(None),
            Settled::Confirmed(confirmed) => break confirmed,
            Settled::Edit(plan) => {
                let edited = edit(ctx, &writing, &plan).await?;
                // What was answered of the text was about the one before.
                if !edited.sends_the_same(&writing) {
                    allowed.forget(Guard::AllowSecrets);
                    asked.retain(|asked: &Finding| asked.guard != Guard::AllowSecrets);
                }
                writing = Cow::Owned(edited);
            }
        }
    };
    let outcome = execute(ctx, confirmed).await?;
    if let Some(step) = outcome.not_found()
        && done_to_any(&step.request.path).is_some()
        && is_as_it_was(&ctx.reader()?, &outcome.plan, step).await
    {
        ctx.reader()?.keep_lack(&step.request.path);
    }
    // What is left of a pending plan has its text in the journal.
    if outcome.stopped.is_none() || outcome.is_pending() {
        ctx.texts().sent();
    }
    Ok(Some(outcome))
}

/// Whether a GET shows what a step was to change, as it was: one that is gone says nothing of what the account lacks.
async fn is_as_it_was(reader: &Reader, plan: &Plan, step: &Step) -> bool {
    let view =
        snapshot(reader, plan.scope.ticket, step.effect.reads(None), RetryPolicy::Once).await;
    let index = plan.steps.iter().position(|one| one == step);
    let states = vec![StepState::NotSent; plan.steps.len()];
    let there = plan.baseline.ids(step.effect.collection());
    view.ok().zip(index).is_some_and(|(view, index)| {
        plan.judge(&states, index, &view, &there, &BTreeSet::new()) == Observation::Missing
    })
}

/// What a preview has come to.
enum Settled {
    /// Nothing is to be sent.
    Nothing,
    /// All of it.
    Confirmed(Confirmed),
    /// The text of this plan is to be edited first.
    Edit(Plan),
}

/// Gathers, has the guards answered that are not yet, previews and asks; what was `asked` in this run is not pointed out.
async fn settle(
    ctx: &Context,
    approval: &Approval,
    writing: &Writing<'_>,
    allowed: &mut Allowed,
    asked: &mut Vec<Finding>,
) -> Result<Settled> {
    let reader = ctx.reader()?;
    let gather = || gather::gather(ctx, &reader, writing).boxed_local();
    let first = guarded(ctx, gather().await?);
    let plan = first.plan.clone();
    refuse_if_sent_before(ctx, &plan.scope, writing.operations.iter().map(Operation::request))?;
    if plan.steps.is_empty() {
        already(ctx, &sentence(&plan.title), writing.as_typed)?;
        ctx.texts().sent();
        return Ok(Settled::Nothing);
    }
    if approval.is_dry_run() {
        dry_run(ctx, &plan, &[])?;
        return Ok(Settled::Nothing);
    }
    if !approval.may_confirm() {
        return unsent(ctx, &plan, Err(Error::unconfirmed().nothing_sent()));
    }
    let cleared = clear(ctx, approval, &first.findings, allowed).await;
    asked.extend(unsent(ctx, &plan, cleared)?);
    let allowed = &*allowed;
    let again = || {
        let again = async {
            let proposal = guarded(ctx, gather().await?);
            if proposal.plan.steps.is_empty() {
                return Err(Error::refused(proposal.plan.title).nothing_written());
            }
            // What turned up meanwhile is part of the new preview; a script has nobody to show it to.
            if approval.mode() == Mode::Yes {
                refuse(&proposal.findings, allowed)?;
            }
            Ok(gathered(ctx, writing, proposal, allowed))
        };
        again.boxed_local()
    };
    let prompter = TerminalPrompter::new(ctx).editing(writing.wording.is_some()).after(asked);
    let first = gathered(ctx, writing, first, allowed);
    // An amount that is what is open is computed anew after the answer, however quick that was.
    let is_asked = approval.mode() == Mode::Ask;
    let fresh = match is_asked && writing.operations.iter().any(Operation::pays_in_full) {
        true => Duration::ZERO,
        false => ctx.settings().write.fresh,
    };
    let confirmed = confirm_or_edit(&prompter, approval.mode(), first, &again, fresh).await;
    let confirmed = unsent(ctx, &plan, confirmed)?;
    Ok(confirmed.map_or(Settled::Edit(plan), Settled::Confirmed))
}

/// The plan remembers which guards were overridden, for the day that it is resumed, and its text, for the day that it is
/// dropped.
fn gathered(
    ctx: &Context,
    writing: &Writing<'_>,
    proposal: Proposal,
    allowed: &Allowed,
) -> Gathered {
    let mut plan = proposal.plan;
    if allowed.contains(Guard::NotBillable) {
        let must_be = |given: &Precondition| matches!(given, Precondition::Billable { .. });
        plan.steps.iter_mut().for_each(|step| step.preconditions.retain(|given| !must_be(given)));
    }
    if plan.request.is_null() {
        let mut allowed = allowed.clone();
        proposal.meant.into_iter().for_each(|finding| allowed.answer(finding));
        plan.request = allowed::noted(&allowed);
        if writing.rounded {
            plan.take_rounding();
        }
        carry(ctx, writing, &mut plan);
    }
    Gathered { plan, at: proposal.at }
}

/// The proposal with the guard that holds for all commands, and with what was found in the preview.
fn guarded(ctx: &Context, mut proposal: Proposal) -> Proposal {
    if let Some(text) = not_the_user(&proposal.me, ctx.settings()) {
        proposal.findings.insert(0, Finding::new(Guard::OtherUser, text));
    }
    let unseen = [Guard::UnknownPath, Guard::NoUndo];
    let is_asked = proposal.findings.iter().any(|known| unseen.contains(&known.guard));
    let steps =
        proposal.plan.steps.iter().filter(|step| is_asked || leaves_nothing(step) || binds(step));
    proposal.findings.extend(steps.filter_map(|step| sent_today(ctx, step)));
    let guards = proposal.findings.iter().map(|finding| {
        let flag = finding.guard.flag().map(|flag| format!("--{flag}"));
        json!({ "key": finding.guard, "flag": flag, "text": finding.text })
    });
    proposal.plan.facts["guards"] = guards.collect();
    for finding in &proposal.findings {
        proposal.plan.preview.notice(&sanitise::one_line(&finding.text));
        proposal.plan.notices.push(match ctx.how().dry_run {
            true => warning(finding),
            false => finding.text.clone(),
        });
    }
    proposal
}

/// Says so when the key is not the configured user's.
#[must_use]
pub fn not_the_user(me: &Me, settings: &Settings) -> Option<String> {
    let wanted = settings.user.as_deref()?.trim();
    (!me.is_named(wanted)).then(|| {
        format!(
            "the key belongs to {} <{}>, not to the configured user {wanted}; everything would be done as that user",
            me.user_name, me.user_email
        )
    })
}

/// Has each finding answered; what was answered Yes is not asked again. Returns those that were asked about.
///
/// # Errors
/// Exit 5 in a script, exit 9 for No.
pub async fn clear(
    ctx: &Context,
    approval: &Approval,
    findings: &[Finding],
    allowed: &mut Allowed,
) -> Result<Vec<Finding>> {
    let mut asked = Vec::new();
    if approval.mode() == Mode::Yes {
        return refuse(findings, allowed).map(|()| asked);
    }
    let open = |finding: &&Finding| !allowed.lets(finding);
    let mut open: Vec<&Finding> = findings.iter().filter(open).collect();
    while let Some(guard) = open.first().map(|finding| finding.guard) {
        // What one guard has found, in a comment and in the line item that repeats it, is one question.
        let (its, others) = open.into_iter().partition(|finding| finding.guard == guard);
        open = others;
        let its: Vec<&Finding> = its;
        let found: Vec<String> = its.iter().map(|one| sentence(&one.text)).collect();
        let question = format!("{}. Continue?", found.join(". "));
        let ask = move |ui: &Ui| ui.ask_question(&question);
        if !ctx.blocking(ask).await? {
            return Err(Error::cancelled());
        }
        for finding in its {
            allowed.answer(finding.clone());
            asked.push(finding.clone());
        }
    }
    Ok(asked)
}

/// The refusal of a script: all findings at once, each with its override.
///
/// # Errors
/// Exit 5 where one is not overridden.
fn refuse(findings: &[Finding], allowed: &Allowed) -> Result<()> {
    let open: Vec<&Finding> = findings.iter().filter(|finding| !allowed.lets(finding)).collect();
    let text = match open.as_slice() {
        [] => return Ok(()),
        [one] => sentence(&one.text),
        several => {
            let lines = several.iter().map(|finding| format!("\n  {}", with_flag(finding)));
            format!("guards found {} problems{}", several.len(), lines.collect::<String>())
        }
    };
    let mut error = Error::refused(text).nothing_written();
    if open.iter().any(|finding| finding.guard.flag().is_none()) {
        error = error.hint("use the configured user's key, or change `user` in the configuration");
    }
    let flags = flags(open.iter().copied());
    if !flags.is_empty() {
        let hint = Hint::from("to proceed anyway: ");
        // What looks like a credential is not repeated.
        let is_secret = open.iter().any(|finding| finding.guard == Guard::AllowSecrets);
        error = error.hint(match open.len() > 1 && !is_secret {
            true => hint.again(flags),
            false => hint.text(flags),
        });
    }
    Err(error)
}

/// A finding with what overrides it, as one line of several.
#[must_use]
pub fn with_flag(finding: &Finding) -> String {
    match finding.guard.flag() {
        Some(flag) => format!("{}: --{flag}", sentence(&finding.text)),
        None => sentence(&finding.text),
    }
}

/// A finding as a dry run says it, with its override.
fn warning(finding: &Finding) -> String {
    match finding.guard.flag() {
        Some(flag) => format!("{} (asks first; in a script: --{flag})", finding.text),
        None => format!("{} (asks first; stops in a script)", finding.text),
    }
}
