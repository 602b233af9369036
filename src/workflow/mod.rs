//! What every writing command does alike: whether it may ask, the lock, the preview on the terminal, the execution of
//! what was confirmed, and the report. The way of a plain command from gathering to report is `course`.

mod course;
mod gather;
mod lock;
mod overrides;

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

pub use course::{
    Turn, begin, clear, not_the_user, refuse, warning, was_allowed, write, write_in_turn,
    write_steps,
};
pub use gather::{Known, Writing, read, scope};
pub use lock::TicketLock;
pub use overrides::{HEADING, Overrides, guards};

use crate::api::Method;
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::render::outcome_json::unsent_json;
use crate::render::{sanitise, wrap};
use crate::ui::Answer;
use crate::write::journal::Entry;
use crate::write::{
    Confirmed, Confirmer, Effect, Engine, Found, Journal, Mode, Outcome, Plan, Prompter, Reply,
    Scope, Step, StepState,
};

/// The answer to Ctrl-C while a plan is carried out.
const STOPPING: &str = "stopping after the current step; press Ctrl-C again to stop now";

/// What stands for the confirmation of this run.
#[derive(Debug, Clone, Copy)]
pub struct Approval {
    mode: Mode,
    dry_run: bool,
    may_ask: bool,
}

impl Approval {
    /// By flags and terminal; refused before the first request when nobody could confirm.
    ///
    /// # Errors
    /// Exit 2 without terminal, `--yes` and `--dry-run`.
    pub fn of(ctx: &Context) -> Result<Self> {
        let run = ctx.how();
        let terminal = ctx.ui().is_interactive();
        if !terminal && !run.yes && !run.dry_run {
            return Err(Error::usage("cannot ask for confirmation without a terminal")
                .nothing_sent()
                .hint("use --yes to confirm, or --dry-run to preview"));
        }
        Ok(Self {
            mode: if run.yes { Mode::Yes } else { Mode::Ask },
            dry_run: run.dry_run,
            may_ask: terminal && !run.yes,
        })
    }

    /// Prompt or `--yes`.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether nothing is to be sent.
    #[must_use]
    pub const fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        self.may_ask
    }
}

/// Refuses a new plan while an unfinished one is pending on the same ticket.
///
/// # Errors
/// Exit 5, naming `resume`.
pub fn refuse_if_pending(ctx: &Context, typed: &TicketArg) -> Result<()> {
    let same = |plan: &Plan| match typed {
        TicketArg::Number(number) => plan.scope.number.as_ref() == Some(number),
        TicketArg::Id(id) => plan.scope.ticket == Some(*id),
    };
    refuse_pending(ctx, "ticket", same)
}

/// Refuses a new plan while an unfinished one is pending on the same ticket or customer. What is about neither is left to
/// [`refuse_if_sent_before`].
///
/// # Errors
/// Exit 5, naming `resume`.
pub fn refuse_if_pending_on(ctx: &Context, scope: &Scope) -> Result<()> {
    if is_of_account(scope) {
        return Ok(());
    }
    let same = |plan: &Plan| plan.scope.lock_name() == scope.lock_name();
    refuse_pending(ctx, scope.noun(), same)
}

/// Refuses a new plan that is about no ticket or customer while an unfinished one sends to one of its paths: doubt about
/// one path says nothing of the others.
///
/// # Errors
/// Exit 5, naming `resume`.
pub fn refuse_if_sent_before(ctx: &Context, new: &Plan) -> Result<()> {
    if !is_of_account(&new.scope) {
        return Ok(());
    }
    let paths: Vec<_> = new.steps.iter().map(endpoint).collect();
    let same = |plan: &Plan| {
        is_of_account(&plan.scope) && plan.steps.iter().any(|step| paths.contains(&endpoint(step)))
    };
    refuse_pending(ctx, new.scope.noun(), same)
}

fn is_of_account(scope: &Scope) -> bool {
    scope.ticket.is_none() && scope.customer.is_none()
}

/// What a step asks the server to do, whatever the query says.
fn endpoint(step: &Step) -> (Method, &str) {
    let path = step.request.path.as_str();
    (step.request.method, path.split_once('?').map_or(path, |(path, _)| path))
}

fn refuse_pending(ctx: &Context, noun: &str, same: impl Fn(&Plan) -> bool) -> Result<()> {
    let Some(unfinished) = pending(ctx, noun, same)? else {
        return Ok(());
    };
    let error = Error::refused(unfinished.state).nothing_written();
    // A dry run writes nothing, so nothing is in its way.
    if ctx.how().dry_run {
        ctx.ui().warn(&error.to_string());
        return Ok(());
    }
    Err(error.hint(unfinished.next))
}

/// A plan that stands in the way of another one.
struct Unfinished {
    /// What is known of it, for people.
    state: String,
    /// What finishes or drops it.
    next: Hint,
}

fn pending(ctx: &Context, noun: &str, same: impl Fn(&Plan) -> bool) -> Result<Option<Unfinished>> {
    let base = ctx.base_name()?;
    for found in ctx.journals().pending()? {
        let story = match found {
            Found::Pending(story) => story,
            // It may be about this ticket; nobody can tell.
            Found::Unreadable { id, why } => {
                let state = format!("cannot read plan {id} ({why}); it may belong to this {noun}");
                let next = Hint::from(format!("check this {noun} in Syncro, then run "))
                    .command(format!("resume --discard {id}"));
                return Ok(Some(Unfinished { state, next }));
            }
            Found::Busy(_) => continue,
        };
        if same(&story.plan) && story.plan.account.base == base && story.is_unfinished() {
            let (title, id) = (&story.plan.title, &story.plan.id);
            let state = format!("{title} is not finished (plan {id})");
            let resume = story.plan.account.command(&format!("resume {id}"));
            let drops = story.plan.account.command(&format!("resume --discard {id}"));
            let steps = story.plan.steps.iter().zip(&story.states);
            let next = match steps
                .into_iter()
                .any(|(step, state)| step.effect.is_unverifiable() && state.is_unknown())
            {
                true => format!(
                    "the API cannot confirm it: check in Syncro, then run `{drops}` to discard the plan"
                ),
                false => format!("`{resume}` checks what was written, then finishes it"),
            };
            return Ok(Some(Unfinished { state, next: next.into() }));
        }
    }
    Ok(None)
}

/// What is not found may be what a pending plan was removing: says so, since nothing else would. `typed` are the words of
/// the command line, of which one names it.
#[must_use]
pub fn mention_removal(ctx: &Context, typed: &[String], error: Error) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let is_typed = |known: &str| typed.iter().flat_map(|word| names(word)).any(|one| one == known);
    let removes = |plan: &Plan| {
        let number = plan.scope.number.as_ref().map(|number| number.0.as_str());
        plan.steps.iter().any(|step| match &step.effect {
            Effect::Deleted { of, label } => {
                // "contact Imelda Quill": her name.
                let name = label.split_once(' ').map(|(_, name)| name);
                let id = of.id().map(|id| id.to_string());
                [id.as_deref(), name, number]
                    .into_iter()
                    .flatten()
                    .any(|known| is_typed(known.trim_start_matches('#')))
            }
            _ => false,
        })
    };
    let Ok(Some(pending)) = pending(ctx, "record", removes) else {
        return error;
    };
    error.hint(pending.state).hint(pending.next)
}

/// What a word of the command line may name: itself, a flag's value (`--timer=7`), a part of a path (`/contacts/7`).
fn names(word: &str) -> impl Iterator<Item = &str> {
    let parts = std::iter::once(word).chain(word.split(['/', '=']));
    parts.map(|part| part.trim_start_matches("id:").trim_start_matches('#'))
}

/// Keeps what a plan is about for this process until the lock is dropped.
///
/// # Errors
/// Exit 5 when another process has it.
pub fn lock(ctx: &Context, scope: &Scope) -> Result<TicketLock> {
    TicketLock::take(&ctx.settings().state_dir, &ctx.host()?, scope)
}

/// Shows plans and asks, on this context's terminal.
pub struct TerminalPrompter<'a> {
    ctx: &'a Context,
    done: Vec<usize>,
}

impl<'a> TerminalPrompter<'a> {
    /// A talker.
    #[must_use]
    pub const fn new(ctx: &'a Context) -> Self {
        Self { ctx, done: Vec::new() }
    }

    /// A talker about what is left of a plan of which `states` is known.
    #[must_use]
    pub fn about_the_rest(ctx: &'a Context, states: &[StepState]) -> Self {
        let landed = |state: &StepState| {
            matches!(state, StepState::Landed { .. } | StepState::Checked { .. })
        };
        let steps = states.iter().enumerate();
        let done = steps.filter(|(_, state)| landed(state)).map(|(index, _)| index).collect();
        Self { ctx, done }
    }

    fn left<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = &'p Step> {
        let steps = plan.steps.iter().enumerate();
        steps.filter(|(index, _)| !self.done.contains(index)).map(|(_, step)| step)
    }
}

impl Confirmer for TerminalPrompter<'_> {
    fn preview(&self, plan: &Plan, again: bool) {
        let ui = self.ctx.ui();
        if again {
            ui.warn("something changed since the preview; here is the updated preview");
        }
        ui.preview(&page(self.ctx, plan, ui.preview_width()));
    }

    fn payloads(&self, plan: &Plan) {
        self.ctx.ui().preview(&payloads(self.left(plan)));
    }

    fn ask<'a>(&'a self, plan: &'a Plan) -> LocalBoxFuture<'a, Result<Reply>> {
        let count = self.left(plan).count();
        let question = format!("Send {count} write{}?", if count == 1 { "" } else { "s" });
        Box::pin(async move {
            let answer = self.ctx.blocking(move |ui| ui.ask_yes(&question)).await?;
            Ok(match answer {
                Answer::Yes => Reply::Yes,
                Answer::No => Reply::No,
                Answer::Payloads => Reply::Payloads,
            })
        })
    }
}

impl Prompter for TerminalPrompter<'_> {
    fn ask(&self, question: String) -> LocalBoxFuture<'_, bool> {
        Box::pin(async move {
            if !self.ctx.ui().is_interactive() || self.ctx.how().yes {
                return false;
            }
            // A prompt that fails has not said yes.
            self.ctx.blocking(move |ui| ui.ask_question(&question)).await.unwrap_or(false)
        })
    }

    fn progress(&self, line: &str) {
        self.ctx.ui().status(&format!("{line} ..."));
    }

    fn say(&self, line: &str) {
        self.ctx.ui().note(line);
    }

    fn interrupted(&self) -> bool {
        self.ctx.interrupts().requested()
    }
}

/// A preview with its title.
fn page(ctx: &Context, plan: &Plan, width: Option<usize>) -> String {
    let sandbox = if ctx.is_sandbox() { "  (sandbox)" } else { "" };
    let title = sanitise::one_line(&plan.title);
    let page = format!("\n{title}{sandbox}\n{}", plan.preview);
    wrap::page(&page, width)
}

/// What exactly would be sent, as `p` shows it.
fn payloads<'p>(steps: impl Iterator<Item = &'p Step>) -> String {
    let mut out = String::new();
    for step in steps {
        let request = &step.request;
        out.push_str(&format!("{} {}\n", request.method.name(), request.path));
        if let Some(body) = &request.body {
            // Exactly what is sent: what a terminal must not see is spelled out, not left out.
            out.push_str(crate::ui::json::pretty(body, false).trim_end());
            out.push('\n');
        }
    }
    out
}

/// The answer of `--dry-run`: the plan, on stdout.
///
/// # Errors
/// None of its own.
pub fn dry_run(ctx: &Context, plan: &Plan, warnings: &[String]) -> Result<()> {
    if ctx.how().json {
        ctx.answer(unsent_json(plan, "dry_run", warnings, ctx.is_sandbox()));
        return Ok(());
    }
    let text = format!(
        "{}\n{}dry run: nothing was sent\n",
        page(ctx, plan, ctx.ui().width()),
        payloads(plan.steps.iter())
    );
    ctx.ui().stdout(text.trim_start())
}

/// Passes a result on; when it is an error, `--json` still gets the plan, of which nothing was sent.
///
/// # Errors
/// The error that it was given.
pub fn unsent<T>(ctx: &Context, plan: &Plan, result: Result<T>) -> Result<T> {
    if let Err(error) = &result {
        let outcome = match error.kind {
            Kind::Cancelled | Kind::Interrupted => "cancelled",
            _ => "failed",
        };
        ctx.answer(unsent_json(plan, outcome, &[], ctx.is_sandbox()));
    }
    result
}

/// Journals and carries out a confirmed plan.
///
/// # Errors
/// Exit 10 when the journal cannot be begun; nothing is sent then. All later trouble is in the outcome.
pub async fn execute(ctx: &Context, confirmed: Confirmed) -> Result<Outcome> {
    let begun = ctx.journals().begin(confirmed.plan());
    let journal = unsent(ctx, confirmed.plan(), begun)?;
    let states = vec![StepState::NotSent; confirmed.plan().steps.len()];
    continue_plan(ctx, confirmed, journal, states).await
}

/// Carries on with a plan of which `states` is known.
///
/// # Errors
/// None of its own: trouble is in the outcome.
pub async fn continue_plan(
    ctx: &Context,
    confirmed: Confirmed,
    journal: Journal,
    states: Vec<StepState>,
) -> Result<Outcome> {
    let (reader, sender) = (ctx.reader()?, ctx.sender()?);
    let prompter = TerminalPrompter::new(ctx);
    let timing = ctx.settings().write;
    let engine = Engine {
        reader: &reader,
        sender: &sender,
        prompter: &prompter,
        settle: timing.settle,
        resend_after: timing.resend_after,
        fresh: timing.fresh,
    };
    let _hold = ctx.interrupts().hold(STOPPING);
    let outcome = Box::pin(engine.execute(confirmed, journal, states)).await;
    ctx.ui().clear_status();
    if let Some(replaced) = outcome.supersedes() {
        close(ctx, &replaced, "superseded");
    }
    Ok(outcome)
}

/// Closes a plan that another one has replaced. Not fatal: the journal knows from the other one, too.
fn close(ctx: &Context, id: &crate::write::PlanId, outcome: &str) {
    if let Ok(Some((mut journal, _))) = ctx.journals().reopen(id) {
        let entry = Entry::Closed {
            outcome: outcome.to_owned(),
            supersedes: None,
            at: jiff::Timestamp::now(),
        };
        if let Err(error) = journal.note(&entry) {
            ctx.ui().warn(&error.to_string());
        }
    }
}

/// Says what was made, on stdout; what went wrong is the error.
///
/// # Errors
/// The outcome's own.
pub fn report(ctx: &Context, outcome: &Outcome) -> Result<()> {
    let ui = ctx.ui();
    for warning in &outcome.warnings {
        ui.warn(warning);
    }
    ctx.answer(outcome.json(ctx.is_sandbox()));
    let said = if ctx.how().json {
        Ok(())
    } else if outcome.stopped.is_none() {
        ui.stdout(&crate::render::outcome::text(outcome))
    } else {
        Ok(())
    };
    outcome.error().map_or(said, Err)
}

/// The JSON of a run that had nothing to send.
#[must_use]
pub fn nothing_json(sandbox: bool) -> Value {
    serde_json::json!({ "outcome": "done", "warnings": [], "sandbox": sandbox, "writes": [] })
}
