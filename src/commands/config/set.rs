//! `syncro config set` and `unset`: one line of the configuration, previewed, confirmed, and written in its place.

use serde_json::{Value, json};

use crate::commands::consent::confirm;
use crate::config::change::typed;
use crate::config::edit::masked;
use crate::config::existing::Recipients;
use crate::config::known::{self, Kind, Setting};
use crate::config::layers::Origin;
use crate::config::{Environment, Existing, sandbox_wanted};
use crate::context::Start;
use crate::error::{Error, Kind as Failure, Result};
use crate::render::sanitise;
use crate::render::setting::{changed_lines, lines};

/// Change a setting
///
/// Changes one line of the configuration, in the profile if one is chosen; comments and everything else stay. A value
/// that the program could not use is not written.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro config set timezone Europe/Oslo
  syncro config set tickets.closed \"Resolved, Invoiced, Closed\"
  syncro config set write.settle_seconds 20 --profile sam --yes

Several values are separated by commas. `syncro config list` has the names of the settings; the API key is set by \
`syncro init`.")]
pub struct SetArgs {
    /// Setting, such as tickets.priority
    #[arg(value_name = "SETTING")]
    key: String,
    /// New value
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    value: String,
}

/// Remove a setting, so that its default applies again
///
/// Removes the setting's line from the configuration, or from the profile if one is chosen.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro config unset timezone
  syncro config unset tickets.priority --profile sam --yes")]
pub struct UnsetArgs {
    /// Setting, such as tickets.priority
    #[arg(value_name = "SETTING")]
    key: String,
}

/// Runs `syncro config set`.
///
/// # Errors
/// Exit 2 for what is no setting, for a value that it cannot have, and without a confirmation; 9 for no; 10 when the
/// configuration cannot be read or written.
pub async fn set(start: &Start, args: &SetArgs) -> Result<()> {
    run(start, &args.key, Some(&args.value)).await
}

/// Runs `syncro config unset`.
///
/// # Errors
/// As for [`set`].
pub async fn unset(start: &Start, args: &UnsetArgs) -> Result<()> {
    run(start, &args.key, None).await
}

/// A changed setting.
struct Change<'a> {
    before: Existing,
    key: &'a str,
    /// The layer that is written.
    origin: Origin,
    old: Value,
    new: Value,
    text: String,
    /// What is to be known of the new value.
    warnings: Vec<String>,
}

async fn run(start: &Start, key: &str, value: Option<&str>) -> Result<()> {
    let environment = Environment::of_process()?;
    let change = change(start, &environment, key, value)?;
    if change.is_so() {
        return change.already(start);
    }
    start.ui.preview(&change.preview(start.ui.preview_colour())?);
    change.warnings.iter().for_each(|warning| start.ui.warn(warning));
    if start.run.dry_run {
        return change.answer(start, "dry_run");
    }
    confirm(start, "Write this?").await?;
    change.before.write(&change.text)?;
    change.warn_if_overridden(start, &environment)?;
    change.answer(start, "done")
}

/// The setting called `key`, if it can get a value here, or lose it.
///
/// # Errors
/// Exit 2 for what is no setting, or holds the key.
pub fn changeable(key: &str, gets_value: bool) -> Result<&'static Setting> {
    let setting = known::find(key)?;
    if setting.kind != Kind::Secret {
        return Ok(setting);
    }
    let error = Error::usage(format!("{key} cannot be changed here")).nothing_written();
    Err(match gets_value {
        true => error.next("init", "store a key where nobody sees it"),
        false => error.next("logout", "remove the key"),
    })
}

/// Refuses to change what is built in.
///
/// # Errors
/// Exit 2 on the practice server.
pub fn refuse_practice(is_sandbox: bool) -> Result<()> {
    if !is_sandbox {
        return Ok(());
    }
    Err(Error::usage("the settings of the practice server cannot be changed")
        .nothing_written()
        .hint("run it without --sandbox and SYNCRO_SANDBOX to change your own"))
}

/// What would be written.
fn change<'a>(
    start: &Start,
    environment: &Environment,
    key: &'a str,
    value: Option<&str>,
) -> Result<Change<'a>> {
    let setting = changeable(key, value.is_some())?;
    refuse_practice(sandbox_wanted(start.overrides.sandbox)?)?;
    let is_sure = start.run.yes && !start.run.dry_run;
    let before = Existing::to_change(&start.overrides, environment, is_sure)?;
    let origin = if before.profile.is_some() { Origin::Profile } else { Origin::File };
    let old = before.layers(environment)?.said(origin, key);
    let value =
        value.map(|value| checked(&before, environment, setting, (key, value))).transpose()?;
    // What was there was read already: it is the new value that cannot be.
    let text = before.changed(key, value).map_err(|error| {
        let kind = Failure::Usage;
        Error { kind, ..error }.nothing_written()
    })?;
    let after = before.with(&text);
    let new = after.layers(environment)?.said(origin, key);
    let warnings = new_recipients(&before.recipients()?, &after.recipients()?);
    Ok(Change { before, key, origin, old, new, text, warnings })
}

/// What was typed, as the file has it.
fn checked(
    before: &Existing,
    environment: &Environment,
    setting: &Setting,
    (key, value): (&str, &str),
) -> Result<toml_edit::Value> {
    if setting.kind == Kind::File {
        before.has_file(key, value, environment).map_err(Error::nothing_written)?;
    }
    typed(setting.kind, value).map_err(|near| {
        // What would be refused as well is no better.
        let better = typed(setting.kind, &near).map(|near| before.changed(key, Some(near)));
        let error = match better {
            Ok(Err(error)) => Error { kind: Failure::Usage, ..error },
            _ => Error::usage(format!("invalid number {value:?} for {key}: use {near}")),
        };
        error.nothing_written()
    })
}

/// Who would get the key, or the texts of drafts, and does not yet.
fn new_recipients(before: &Recipients, after: &Recipients) -> Vec<String> {
    let key = after.key.iter().filter(|host| before.key.as_ref() != Some(host));
    let key = key.map(|host| format!("the API key is then sent to {host}"));
    let drafts = after.drafts.iter().filter(|host| !before.drafts.contains(host));
    let drafts = drafts
        .map(|host| format!("your notes and the ticket's text are then sent to {host} for drafts"));
    key.chain(drafts).collect()
}

impl Change<'_> {
    /// Whether there is nothing to write.
    fn is_so(&self) -> bool {
        self.old == self.new || self.before.text.as_deref() == Some(&self.text)
    }

    fn already(&self, start: &Start) -> Result<()> {
        let what = match self.old.is_null() {
            true => "not set".to_owned(),
            false => shown(&self.old),
        };
        let text = format!("{} is already {what}", self.key);
        if start.run.json {
            let mut answer = self.json("done");
            answer["already"] = text.into();
            return start.json(&answer);
        }
        start.ui.stdout(&format!("{text}\n"))
    }

    /// The file, and the lines that change.
    fn preview(&self, colour: bool) -> Result<String> {
        let name = self.before.name();
        let old = masked(&name, self.before.text.as_deref().unwrap_or_default())?;
        let lines = changed_lines(&old, &masked(&name, &self.text)?, colour);
        let profile = self.before.profile.as_ref();
        let profile = profile.map_or_else(String::new, |profile| format!(" (profile {profile})"));
        Ok(format!("{}{lines}", sanitise::text(&format!("\nFile      {name}{profile}\n"))))
    }

    /// A value above it makes the change one that nobody will see.
    fn warn_if_overridden(&self, start: &Start, environment: &Environment) -> Result<()> {
        let found = self.before.with(&self.text).layers(environment)?.of(self.key);
        if !self.new.is_null() && (found.origin, &found.value) != (self.origin, &self.new) {
            start.ui.warn(&format!(
                "another value is in force ({}); see `syncro config list`",
                found.origin.name()
            ));
        }
        Ok(())
    }

    fn answer(&self, start: &Start, outcome: &str) -> Result<()> {
        if start.run.json {
            return start.json(&self.json(outcome));
        }
        let would = if outcome == "done" { "" } else { "would be " };
        start.ui.stdout(&match self.new.is_null() {
            true => format!("{} {would}removed\n", self.key),
            false => format!("{} {would}set to {}\n", self.key, shown(&self.new)),
        })
    }

    fn json(&self, outcome: &str) -> Value {
        json!({
            "outcome": outcome,
            "config": self.before.path,
            "profile": self.before.profile,
            "key": self.key,
            "old": self.old,
            "new": self.new,
            "warnings": self.warnings,
        })
    }
}

fn shown(value: &Value) -> String {
    match lines(value) {
        all if all.iter().all(String::is_empty) => "nothing".to_owned(),
        all => all.join(", "),
    }
}
