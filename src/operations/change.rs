//! What a PUT does to a record that is there: its changes, a row for each, what is sent along with them, and the step.

use serde_json::Value;

use super::body;
use super::resource::ResourceField;
use super::rule::{Call, Env};
use crate::error::Result;
use crate::render::in_brief;
use crate::render::preview::Sheet;
use crate::write::{Effect, Field, RecordRef, Step};

/// A record that is to be changed, and what is known of its kind.
pub(super) struct Changed<'c> {
    /// Which.
    pub(super) of: RecordRef,
    /// What people call it: "invoice #67409".
    pub(super) label: &'c str,
    /// As it was read.
    pub(super) raw: &'c Value,
    /// The fields that are known of it.
    pub(super) fields: &'static [ResourceField],
    /// What a PUT sends along as it is.
    pub(super) kept: &'c [&'c str],
    /// Fields that move with a change of others.
    pub(super) side_effects: &'c [&'c str],
}

impl Changed<'_> {
    /// The step called `name`, and `sheet` with its rows.
    pub(super) fn step(
        self,
        name: &str,
        mut sheet: Sheet,
        call: &Call,
        env: &Env<'_>,
    ) -> Result<(Sheet, Step)> {
        let (changes, unseen) = body::changes_of(&call.fields, self.raw, self.fields);
        for change in &changes {
            sheet = sheet.row("Change", change.says());
        }
        let sheet = sheet.all_notices(&body::notices(&call.fields, self.raw, &unseen));
        let says: Vec<String> = changes.iter().map(Field::says).collect();
        let mut request = call.request.clone();
        if let Some(Value::Object(body)) = &mut request.body {
            if !env.as_typed {
                body.retain(|name, _| self.is_changed(&changes, name));
            }
            body.extend(body::kept(&call.fields, self.raw, self.kept));
        }
        let text = format!("change {}: {}", self.label, in_brief(&says));
        let effect = Effect::updated(self.of, self.label, changes, self.side_effects);
        let step = call.step(name, text, effect).reports(says.join("; "));
        let mut step = step.requires_unchanged(self.raw, self.kept);
        step.request = request;
        step.effect.settle(unseen);
        Ok((sheet, step))
    }

    /// Whether a field of the body is one of the changes.
    fn is_changed(&self, changes: &[Field], name: &str) -> bool {
        let field = self.fields.iter().find(|field| field.name == name);
        let path = field.map_or(name, |field| field.shown);
        changes.iter().any(|change| change.path == path)
    }
}
