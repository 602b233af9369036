//! Plans on the terminal: shown, asked about, and named while they are carried out.

use futures_util::future::LocalBoxFuture;
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::Result;
use crate::operations::{self, Finding};
use crate::render::asking::{self, Showing};
use crate::render::outcome_json::unsent_json;
use crate::render::{doubt, sanitise, wrap};
use crate::ui::Answer;
use crate::write::{Confirmer, Notice, Plan, Prompter, Question, Reply, Step, StepState};

/// Shows plans and asks, on this context's terminal.
pub struct TerminalPrompter<'a> {
    ctx: &'a Context,
    done: Vec<usize>,
    edits: bool,
    /// What was asked just before the preview.
    said: Vec<String>,
    /// Up to which amount an invoice is taken as the account has rounded it; nothing where it is asked about.
    rounded: Option<Decimal>,
}

impl<'a> TerminalPrompter<'a> {
    /// About a whole plan.
    #[must_use]
    pub const fn new(ctx: &'a Context) -> Self {
        Self { ctx, done: Vec::new(), edits: false, said: Vec::new(), rounded: None }
    }

    /// The same, of which `edits` says whether there is a text that may be edited.
    #[must_use]
    pub fn editing(self, edits: bool) -> Self {
        Self { edits, ..self }
    }

    /// The same, of which `rounded` says up to which amount an invoice is taken as the account has rounded it.
    #[must_use]
    pub fn rounding(self, rounded: Option<Decimal>) -> Self {
        Self { rounded, ..self }
    }

    /// The same, after these findings were asked about.
    #[must_use]
    pub fn after(self, findings: &[Finding]) -> Self {
        let said = findings.iter().map(|finding| sanitise::one_line(&finding.text)).collect();
        Self { said, ..self }
    }

    /// About what is left of a plan of which `states` is known.
    #[must_use]
    pub fn about_the_rest(ctx: &'a Context, states: &[StepState]) -> Self {
        let landed = |state: &StepState| {
            matches!(state, StepState::Landed { .. } | StepState::Checked { .. })
        };
        let steps = states.iter().enumerate();
        let done = steps.filter(|(_, state)| landed(state)).map(|(index, _)| index).collect();
        Self { ctx, done, edits: false, said: Vec::new(), rounded: None }
    }

    fn left<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = &'p Step> {
        let steps = plan.steps.iter().enumerate();
        steps.filter(|(index, _)| !self.done.contains(index)).map(|(_, step)| step)
    }
}

impl Confirmer for TerminalPrompter<'_> {
    fn preview(&self, plan: &Plan, again: bool) {
        let (ui, asks) = (self.ctx.ui(), !self.ctx.how().yes);
        if again {
            ui.warn("something changed since the preview; here is the updated preview");
        }
        // Nobody is asked, and nothing but the answer is wanted.
        if !asks && ui.flags().quiet {
            return;
        }
        // What was asked a moment ago stands above; of a changed plan all is said.
        let preview = if again { plan.preview.clone() } else { plan.preview.after(&self.said) };
        ui.preview(&shown(self.ctx, &Plan { preview, ..plan.clone() }, asks));
    }

    fn payloads(&self, plan: &Plan) {
        let ui = self.ctx.ui();
        if asking::folds(plan) {
            ui.preview(&shown(self.ctx, plan, false));
        }
        ui.preview(&payloads(self.left(plan)));
    }

    fn ask<'a>(&'a self, plan: &'a Plan) -> LocalBoxFuture<'a, Result<Reply>> {
        let left: Vec<Step> = self.left(plan).cloned().collect();
        let question = asking::question(&left, operations::stays_uninvoiced(&left));
        Box::pin(async move {
            let edits = self.edits;
            let answer = self.ctx.blocking(move |ui| ui.ask_yes(&question, edits)).await?;
            Ok(match answer {
                Answer::Yes => Reply::Yes,
                Answer::No => Reply::No,
                Answer::Payloads => Reply::Payloads,
                Answer::Edit => Reply::Edit,
            })
        })
    }
}

impl Prompter for TerminalPrompter<'_> {
    fn ask(&self, question: &Question<'_>) -> LocalBoxFuture<'_, bool> {
        let is_taken = match question {
            Question::Rounded(rounded) => self.rounded.is_some_and(|most| rounded.to <= most),
            _ => false,
        };
        let question = doubt::question(question);
        Box::pin(async move {
            if is_taken {
                return true;
            }
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

    fn say(&self, notice: &Notice<'_>) {
        self.ctx.ui().note(&doubt::notice(notice));
    }

    fn interrupted(&self) -> bool {
        self.ctx.interrupts().requested()
    }
}

/// The title of a preview.
fn title(ctx: &Context, plan: &Plan) -> String {
    let sandbox = if ctx.is_sandbox() { "  (sandbox)" } else { "" };
    format!("\n{}{sandbox}\n", sanitise::one_line(&plan.title))
}

/// A preview as it is shown on stderr before it is asked about; a pipe gets it as a dry run prints it.
fn shown(ctx: &Context, plan: &Plan, folds: bool) -> String {
    let ui = ctx.ui();
    let Some(width) = ui.preview_width() else {
        return page(ctx, plan, None);
    };
    let showing = Showing { width: Some(width), colour: ui.preview_colour(), folds };
    let title = wrap::page(&title(ctx, plan), Some(width));
    format!("{title}{}", asking::lines(plan, showing))
}

/// A preview with its title, whole and in one piece.
fn page(ctx: &Context, plan: &Plan, width: Option<usize>) -> String {
    wrap::page(&format!("{}{}", title(ctx, plan), plan.preview), width)
}

/// What exactly would be sent, as `p` shows it.
fn payloads<'p>(steps: impl Iterator<Item = &'p Step>) -> String {
    let mut out = String::new();
    for step in steps {
        let request = &step.request;
        out.push_str(&format!("{} {}\n", request.method.name(), request.path));
        if let Some(body) = request.shown() {
            // Exactly what is sent, but for secrets: what a terminal must not see is spelled out, not left out.
            out.push_str(crate::ui::json::pretty(&body, false).trim_end());
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
