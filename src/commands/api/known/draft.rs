//! What a known path proposes: a command's proposal, which is sent as it was typed.

use std::time::Instant;

use serde_json::Value;

use super::super::write::Call;
use crate::api::resources::users::Me;
use crate::api::{Record, Write};
use crate::commands::on_ticket::{Seen, whose};
use crate::error::{Error, Result};
use crate::operations::Finding;
use crate::render::preview::Sheet;
use crate::workflow::Proposal;
use crate::write::{
    Baseline, Change, Effect, Plan, Precondition, RecordRef, Scope, Step, field_shown,
};

/// A proposal, and what is to be said of it besides.
pub(in crate::commands::api) struct Draft {
    proposal: Proposal,
    notices: Vec<String>,
    kept: Vec<(String, Value)>,
    unseen: Vec<String>,
}

impl From<Proposal> for Draft {
    fn from(proposal: Proposal) -> Self {
        Self { proposal, notices: Vec::new(), kept: Vec::new(), unseen: Vec::new() }
    }
}

impl Draft {
    /// Says so in the preview.
    pub(super) fn notice(mut self, notices: impl IntoIterator<Item = String>) -> Self {
        self.notices.extend(notices);
        self
    }

    /// Sends these fields along.
    pub(super) fn along(mut self, kept: Vec<(String, Value)>) -> Self {
        self.kept = kept;
        self
    }

    /// Rests on these fields of the record, `raw`: they are sent along, or replaced with what they are part of.
    pub(super) fn requires_unchanged(mut self, raw: &Value, names: &[&str]) -> Self {
        let plan = &mut self.proposal.plan;
        let steps = std::mem::take(&mut plan.steps).into_iter();
        plan.steps = steps.map(|step| step.requires_unchanged(raw, names)).collect();
        self
    }

    /// Fields of the body that no GET shows.
    pub(super) fn unseen(mut self, unseen: Vec<String>) -> Self {
        self.unseen = unseen;
        self
    }

    /// The proposal with the request that was typed in place of the command's own.
    ///
    /// # Errors
    /// Exit 5 when all of it is so already.
    pub(in crate::commands::api) fn finish(self, call: &Call<'_>) -> Result<Proposal> {
        let mut proposal = self.proposal;
        let mut request = call.write();
        let line = format!("{} {}", request.method.name(), request.path);
        let mut sheet = Sheet::default();
        for (name, value) in call.fields() {
            sheet = sheet.row(&name, field_shown(&value));
        }
        for (name, value) in &self.kept {
            let text =
                format!("{} (unchanged; sent because Syncro may reset it)", field_shown(value));
            sheet = sheet.row(name, text);
        }
        let sheet = sheet.all_notices(&self.notices);
        if let Some(Value::Object(body)) = &mut request.body {
            body.extend(self.kept);
        }
        let plan = &mut proposal.plan;
        let sends = Sheet::default().row("Sends", &line).text();
        plan.preview = format!("{sends}{}{}", plan.preview, sheet.text());
        plan.notices.extend(self.notices);
        plan.title = format!("{line}: {}", plan.title);
        plan.command = "api".to_owned();
        plan.next = Some(String::new());
        plan.steps.truncate(1);
        if let Some(step) = plan.steps.first_mut() {
            step.name = "api".to_owned();
            step.request = request.into();
            step.effect.settle(self.unseen).map_err(Error::refused)?;
        }
        Ok(proposal)
    }
}

/// What is proposed where the command has no proposal that fits.
pub(super) struct Base {
    /// The plan's title.
    pub(super) title: String,
    /// Its preview.
    pub(super) sheet: Sheet,
    /// What the step makes true.
    pub(super) effect: Effect,
    /// What the report says of it.
    pub(super) report: String,
    /// What must still be so.
    pub(super) preconditions: Vec<Precondition>,
    /// Whose ticket it is, where it is about one that was read.
    whose: Option<Precondition>,
    /// What it is about.
    pub(super) scope: Scope,
    /// What was there.
    pub(super) baseline: Baseline,
    /// Whose key it is.
    pub(super) me: Record<Me>,
    /// What the guards found.
    pub(super) findings: Vec<Finding>,
    /// When the first read began.
    pub(super) at: Instant,
}

impl Base {
    /// Of a ticket that was read.
    pub(super) fn on(seen: Seen, title: String, sheet: Sheet, effect: Effect) -> Self {
        Self {
            title,
            sheet,
            effect,
            report: String::new(),
            preconditions: Vec::new(),
            whose: Some(whose(&seen.ticket)),
            scope: seen.scope(),
            baseline: seen.view.baseline(),
            me: seen.me,
            findings: Vec::new(),
            at: seen.at,
        }
    }

    /// Of a scope in which nothing is looked for.
    pub(super) fn of(
        scope: Scope,
        title: String,
        sheet: Sheet,
        effect: Effect,
        (me, at): (Record<Me>, Instant),
    ) -> Self {
        Self {
            title,
            sheet,
            effect,
            report: String::new(),
            preconditions: Vec::new(),
            whose: None,
            scope,
            baseline: Baseline::default(),
            me,
            findings: Vec::new(),
            at,
        }
    }

    /// The same with what the guards found.
    pub(super) fn found(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }

    /// The same with what must still be so.
    pub(super) fn requires(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// As a draft.
    ///
    /// # Errors
    /// Those of the account's base.
    pub(super) fn draft(self, call: &Call<'_>) -> Result<Draft> {
        let account = call.ctx.account(&self.me)?;
        let request: Write = call.write();
        let says = format!("send {} {}", request.method.name(), request.path);
        let mut step = Step::new("api", says, request, self.effect).reports(self.report);
        step.preconditions = self.preconditions;
        let plan = Plan::new("api", self.title, account, self.scope)
            .over(self.baseline)
            .previewed(self.sheet.text())
            .step(step);
        let plan = self.whose.into_iter().fold(plan, Plan::requires);
        Ok(Draft::from(Proposal { plan, findings: self.findings, me: self.me.view, at: self.at }))
    }
}

/// The effect of changes, and a row for each.
pub(super) fn changing(
    of: RecordRef,
    what: &str,
    changes: Vec<Change>,
    sheet: Sheet,
    side_effects: &[&str],
) -> (Effect, Sheet) {
    let rows = changes.iter().map(Change::says);
    let sheet = rows.fold(sheet, |sheet, says| sheet.row("Change", says));
    (Effect::updated(of, what, changes, side_effects), sheet)
}
