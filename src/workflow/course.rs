//! The way of a plain writing command: lock, gather, guards, preview, confirmation, execution, report. What a command
//! adds is its gathering, which reads and plans; it runs again when the answer took long.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Instant;

use serde_json::{Value, json};

use super::{
    Approval, TerminalPrompter, dry_run, execute, lock, refuse_if_pending_on, report, unsent,
};
use crate::api::resources::users::Me;
use crate::config::Settings;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::{sanitise, sentence};
use crate::ui::Ui;
use crate::write::{Gathered, Mode, Outcome, Plan, Scope, confirm};

/// Where a plan keeps them.
const ALLOWED: &str = "allowed";

/// Overrides that were given or answered, by their flags.
pub type Allowed = BTreeSet<&'static str>;

/// The overrides among `flags` that were given.
#[must_use]
pub fn allowed<const N: usize>(flags: [(bool, &'static str); N]) -> Allowed {
    let flags = flags.into_iter();
    flags.filter_map(|(given, flag)| given.then_some(flag)).collect()
}

/// What a guard has found: a question on a terminal, a refusal in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The flag that overrides it; none for what a script cannot override.
    pub flag: Option<&'static str>,
    /// What was found, a sentence without its full stop.
    pub text: String,
}

impl Finding {
    /// A finding that `flag` overrides.
    pub fn new(flag: &'static str, text: impl Into<String>) -> Self {
        Self { flag: Some(flag), text: text.into() }
    }

    fn is_open(&self, allowed: &Allowed) -> bool {
        self.flag.is_none_or(|flag| !allowed.contains(flag))
    }
}

/// What a gathering has led to.
#[derive(Debug)]
pub struct Proposal {
    /// The plan, with its preview.
    pub plan: Plan,
    /// What the guards found, answered or not.
    pub findings: Vec<Finding>,
    /// Whose key it is.
    pub me: Me,
    /// When the first of its reads began.
    pub at: Instant,
}

/// Carries out what `gather` proposes and reports it.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run<G>(
    ctx: &Context,
    approval: &Approval,
    scope: &Scope,
    command: &str,
    allowed: Allowed,
    gather: impl Fn() -> G,
) -> Result<()>
where
    G: Future<Output = Result<Proposal>>,
{
    match run_steps(ctx, approval, scope, command, allowed, gather).await? {
        Some(outcome) => report(ctx, &outcome),
        None => Ok(()),
    }
}

/// Carries out what `gather` proposes; nothing comes of a dry run. The report is left to the caller.
///
/// # Errors
/// Exit 5 when a guard, a lock or a pending plan is in the way, 9 for No, 130 for Ctrl-C, and those of `gather`. What
/// goes wrong once the first byte is sent is in the outcome.
pub async fn run_steps<G>(
    ctx: &Context,
    approval: &Approval,
    scope: &Scope,
    command: &str,
    mut allowed: Allowed,
    gather: impl Fn() -> G,
) -> Result<Option<Outcome>>
where
    G: Future<Output = Result<Proposal>>,
{
    let _lock = lock(ctx, scope)?;
    refuse_if_pending_on(ctx, scope, command)?;
    let first = guarded(ctx, gather().await?);
    let plan = first.plan.clone();
    if approval.is_dry_run() {
        dry_run(ctx, &plan, &[])?;
        return Ok(None);
    }
    let cleared = clear(ctx, approval, &first.findings, &mut allowed).await;
    unsent(ctx, &plan, cleared)?;
    let again = || async {
        let proposal = guarded(ctx, gather().await?);
        // What turned up meanwhile is part of the new preview; a script has nobody to show it to.
        if approval.mode() == Mode::Yes {
            refuse(&proposal.findings, &allowed)?;
        }
        Ok(gathered(proposal, &allowed))
    };
    let prompter = TerminalPrompter::new(ctx);
    let first = gathered(first, &allowed);
    let confirmed = confirm(&prompter, approval.mode(), first, again).await;
    let confirmed = unsent(ctx, &plan, confirmed)?;
    execute(ctx, confirmed).await.map(Some)
}

/// The plan remembers which guards were overridden, for the day that it is resumed.
fn gathered(proposal: Proposal, allowed: &Allowed) -> Gathered {
    let mut plan = proposal.plan;
    if plan.request.is_null() {
        plan.request = json!({ ALLOWED: allowed });
    }
    Gathered { plan, at: proposal.at }
}

/// Whether a guard of a plan was overridden when it was made.
#[must_use]
pub fn was_allowed(plan: &Plan, finding: &Finding) -> bool {
    let flags = plan.request[ALLOWED].as_array();
    let mut flags = flags.into_iter().flatten().filter_map(Value::as_str);
    flags.any(|flag| Some(flag) == finding.flag)
}

/// The proposal with the guard that holds for all commands, and with what was found in the preview.
fn guarded(ctx: &Context, mut proposal: Proposal) -> Proposal {
    if let Some(text) = not_the_user(&proposal.me, ctx.settings()) {
        proposal.findings.insert(0, Finding { flag: None, text });
    }
    for finding in &proposal.findings {
        let line = format!("  ! {}\n", sanitise::one_line(&finding.text));
        proposal.plan.preview.push_str(&line);
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
            "the key belongs to {} <{}>, not to the configured user {wanted}; everything would be in that name",
            me.user_name, me.user_email
        )
    })
}

/// Has each finding answered; what was answered Yes counts as overridden from here on.
async fn clear(
    ctx: &Context,
    approval: &Approval,
    findings: &[Finding],
    allowed: &mut Allowed,
) -> Result<()> {
    if approval.mode() == Mode::Yes {
        return refuse(findings, allowed);
    }
    for finding in findings {
        if !finding.is_open(allowed) {
            continue;
        }
        let question = format!("{}. Go on?", sentence(&finding.text));
        let ask = move |ui: &Ui| ui.ask_question(&question);
        if !ctx.blocking(ask).await? {
            return Err(Error::new(Kind::Cancelled, "cancelled; nothing was written"));
        }
        allowed.extend(finding.flag);
    }
    Ok(())
}

/// The refusal of a script: all findings at once, each with its override.
fn refuse(findings: &[Finding], allowed: &Allowed) -> Result<()> {
    let open: Vec<&Finding> = findings.iter().filter(|finding| finding.is_open(allowed)).collect();
    if open.is_empty() {
        return Ok(());
    }
    let text: Vec<String> = open.iter().map(|finding| sentence(&finding.text)).collect();
    let mut error = Error::refused(format!("{}\nNothing was written", text.join("\n")));
    if open.iter().any(|finding| finding.flag.is_none()) {
        error =
            error.hint("use the configured user's own key, or change `user` in the configuration");
    }
    let flags: Vec<&str> = open.iter().filter_map(|finding| finding.flag).collect();
    if !flags.is_empty() {
        error = error.hint(format!("if it is meant so: {}", flags.join(" ")));
    }
    Err(error)
}

fn warning(finding: &Finding) -> String {
    match finding.flag {
        Some(flag) => format!("{} (asked; in a script: {flag})", finding.text),
        None => format!("{} (asked; refused in a script)", finding.text),
    }
}
