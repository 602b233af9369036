//! `syncro logout`: takes the key of the account, or of a profile, away from this machine. Journal, drafts and settings stay.

use serde_json::{Value, json};

use crate::commands::consent::confirm;
use crate::config::{Environment, Existing, KeySource, keyring, sandbox_wanted, store};
use crate::context::Start;
use crate::error::{Error, Result};
use crate::render::sanitise;
use crate::workflow;

/// Remove the stored API key from this computer
///
/// Removes the key from the system's keyring, its file or the configuration, wherever the configuration says that it is
/// kept; with --profile, the profile's own key. The journal, drafts and all other settings stay. The key itself stays
/// valid until you revoke it in Syncro.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro logout
  syncro logout --profile sam
  syncro logout --dry-run

To store a key again: syncro init")]
pub struct LogoutArgs {}

/// Where to revoke it.
const REVOKE: &str = "The key itself is still valid; revoke it in Syncro under Admin > API Tokens.";

/// A key that is stored here.
struct Stored {
    before: Existing,
    key: KeySource,
    /// Where it is, for people.
    place: String,
    /// The same as a word.
    kind: &'static str,
    /// The configuration without it, where it is written there.
    text: Option<String>,
}

/// Runs `syncro logout`.
///
/// # Errors
/// Exit 2 without a confirmation, 5 while a write of the account is not finished, 9 for no, 10 when the key cannot be
/// removed. It is still there then.
pub async fn run(start: &Start, _: &LogoutArgs) -> Result<()> {
    if sandbox_wanted(start.overrides.sandbox)? {
        return nothing(start, "the practice server has no key of yours");
    }
    let environment = Environment::of_process()?;
    let before = Existing::there(&start.overrides, &environment)?;
    let stored = match stored(before, &environment)? {
        Ok(stored) => stored,
        Err(why) => {
            nothing(start, &why)?;
            warn_of_variable(start, &environment);
            return Ok(());
        }
    };
    refuse_if_pending(start, &stored.before, &environment)?;
    start.ui.preview(&stored.preview(&environment)?);
    if start.run.dry_run {
        return stored.answer(start, "dry_run", false);
    }
    confirm(start, "Remove this key?").await?;
    let removed = stored.remove()?;
    warn_of_variable(start, &environment);
    stored.answer(start, "done", removed)
}

/// The key that is stored here, or why there is none to remove.
fn stored(before: Existing, environment: &Environment) -> Result<Result<Stored, String>> {
    let Some(key) = before.stored_key(environment) else {
        return Ok(Err(match &before.profile {
            Some(profile) => format!("profile {profile} has no key of its own"),
            None => "the configuration names no key".to_owned(),
        }));
    };
    let (place, kind, text) = match &key {
        KeySource::Missing => return Ok(Err("the configuration names no key".to_owned())),
        KeySource::Command(words) => {
            let program = words.first().map_or("", String::as_str);
            return Ok(Err(format!("the key is kept by {program} (api_key_command), not here")));
        }
        KeySource::File(path) if matches!(path.try_exists(), Ok(false)) => {
            return Ok(Err(format!("{} is not there", path.display())));
        }
        KeySource::File(path) => {
            store::only_a_key(path)?;
            (path.display().to_string(), "file", None)
        }
        KeySource::Keyring(entry) => {
            let place = format!("the system's keyring ({} {entry})", keyring::SERVICE);
            (place, "keyring", None)
        }
        KeySource::Given(_) => {
            (before.name(), "configuration", Some(before.changed("api_key", None)?))
        }
    };
    Ok(Ok(Stored { before, key, place, kind, text }))
}

/// Without its key, nobody can finish what an account has begun.
fn refuse_if_pending(start: &Start, before: &Existing, environment: &Environment) -> Result<()> {
    let ctx = start.context(before.offline(environment)?);
    // Where there is no account, nothing can have been sent to it.
    if ctx.settings().base.is_none() {
        return Ok(());
    }
    let refused = workflow::refuse_if_any_pending(&ctx);
    refused.map_err(|error| error.called(&ctx.program()))
}

impl Stored {
    fn preview(&self, environment: &Environment) -> Result<String> {
        let mut text = format!("\nRemove the API key in {}\n", self.place);
        let others = self.before.others_with(&self.key, environment)?;
        if !others.is_empty() {
            text.push_str(&format!("  also used by {}\n", others.join(", ")));
        }
        Ok(sanitise::text(&text))
    }

    /// Whether it was still there.
    fn remove(&self) -> Result<bool> {
        match (&self.key, &self.text) {
            (KeySource::File(path), _) => store::remove_key_file(path),
            (KeySource::Keyring(entry), _) => store::remove_keyring(entry)
                .map_err(|why| Error::configuration(why).nothing_written()),
            (_, Some(text)) => self.before.write(text).map(|()| true),
            (_, None) => Ok(false),
        }
    }

    fn answer(&self, start: &Start, outcome: &str, removed: bool) -> Result<()> {
        if start.run.json {
            let answer = json(outcome, Some(self), removed, None);
            return start.json(&answer);
        }
        let text = match (outcome, removed) {
            ("dry_run", _) => format!("The API key in {} would be removed.", self.place),
            (_, true) => format!("Removed the API key in {}.", self.place),
            (_, false) => format!("There was no API key in {}.", self.place),
        };
        start.ui.stdout(&sanitise::text(&format!("{text}\n{REVOKE}\n")))
    }
}

/// There is none to remove.
fn nothing(start: &Start, why: &str) -> Result<()> {
    let text = format!("nothing to remove: {why}");
    match start.run.json {
        true => start.json(&json("done", None, false, Some(&text))),
        false => start.ui.stdout(&format!("{}\n", sanitise::one_line(&text))),
    }
}

fn warn_of_variable(start: &Start, environment: &Environment) {
    if environment.api_key.is_some() {
        start.ui.warn("SYNCRO_API_KEY is set and is still used until you unset it");
    }
}

fn json(outcome: &str, stored: Option<&Stored>, removed: bool, already: Option<&str>) -> Value {
    let mut answer = json!({
        "outcome": outcome,
        "config": stored.map(|stored| &stored.before.path),
        "profile": stored.and_then(|stored| stored.before.profile.as_ref()),
        "key_store": stored.map(|stored| stored.kind),
        "removed": removed,
    });
    if let Some(already) = already {
        answer["already"] = already.into();
    }
    answer
}
