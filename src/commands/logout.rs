//! `syncro logout`: takes the key of the account, or of a profile, away from this machine. Journal, drafts and settings stay.

use serde_json::{Value, json};

use crate::commands::consent::confirm;
use crate::config::{Environment, Existing, KeySource, keyring, sandbox_wanted, store};
use crate::context::Start;
use crate::error::{Error, Result, Written};
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
  syncro logout --all --dry-run

To store a key again: syncro init")]
pub struct LogoutArgs {
    /// Remove every key that the configuration names, those of all profiles included
    #[arg(long)]
    all: bool,
}

/// Where to revoke it.
const REVOKE: &str = "The key itself is still valid; revoke it in Syncro under Admin > API Tokens.";

/// The same of several.
const REVOKE_ALL: &str =
    "The keys themselves are still valid; revoke them in Syncro under Admin > API Tokens.";

/// A key that is stored here.
struct Stored {
    /// The configuration, for the profile whose key it is.
    of: Existing,
    key: KeySource,
    /// Where it is, for people.
    place: String,
    /// The same as a word.
    kind: &'static str,
    /// The profiles that have it, too; nothing for the file itself.
    others: Vec<Option<String>>,
    /// Whether it was still there, once it was removed.
    removed: bool,
}

/// What is removed.
struct Removal {
    before: Existing,
    all: bool,
    keys: Vec<Stored>,
    /// The configuration without those that are written there.
    text: Option<String>,
    /// The keys that stay where they are.
    stay: Vec<Staying>,
}

/// A key that stays where it is.
struct Staying {
    profile: Option<String>,
    /// Where it is, in a line.
    why: String,
}

/// Runs `syncro logout`.
///
/// # Errors
/// Exit 2 without a confirmation, 5 while a write of the account is not finished, 9 for no, 10 when the key cannot be
/// removed. It is still there then.
pub async fn run(start: &Start, args: &LogoutArgs) -> Result<()> {
    if args.all && start.overrides.profile.is_some() {
        return Err(Error::usage("--all cannot be used with --profile").nothing_written());
    }
    if sandbox_wanted(start.overrides.sandbox)? {
        return nothing(start, "the practice server has no key of yours");
    }
    let environment = Environment::of_process()?;
    let is_sure = start.run.yes && !start.run.dry_run;
    let read = |is_sure| {
        let before = Existing::to_change(&start.overrides, &environment, is_sure)?;
        removal(before, args.all, &environment)
    };
    let found = match read(false)? {
        // Nobody else may write the file from here on; where it stays as it is, anybody may.
        Ok(found) if is_sure && found.text.is_some() => read(true)?,
        found => found,
    };
    let mut removal = match found {
        Ok(removal) => removal,
        Err(why) => {
            nothing(start, &why)?;
            warn_of_variable(start, &environment);
            return Ok(());
        }
    };
    removal.refuse_if_pending(start, &environment)?;
    start.ui.preview(&removal.preview());
    if start.run.dry_run {
        return removal.answer(start, "dry_run");
    }
    let one = removal.keys.len() == 1;
    confirm(start, if one { "Remove this key?" } else { "Remove these keys?" }).await?;
    removal.remove()?;
    warn_of_variable(start, &environment);
    removal.answer(start, "done")
}

/// The keys that are stored here, or why there is none to remove.
fn removal(
    before: Existing,
    all: bool,
    environment: &Environment,
) -> Result<Result<Removal, String>> {
    let owners = if all { before.with_keys()? } else { vec![before.clone()] };
    let (mut keys, mut without, mut text) = (Vec::<Stored>::new(), Vec::new(), None);
    let mut stay = Vec::new();
    for owner in owners {
        let is_printed = matches!(owner.stored_key(environment), Some(KeySource::Command(_)));
        let profile = owner.profile.clone();
        match stored(owner, environment)? {
            Err(why) if is_printed => stay.push(Staying { profile, why }),
            Err(why) => without.push(why),
            // One that two profiles have.
            Ok(key) if keys.iter().any(|one| one.kind != WRITTEN && one.place == key.place) => {}
            Ok(key) => {
                if key.kind == WRITTEN {
                    let of =
                        text.as_deref().map_or_else(|| key.of.clone(), |text| key.of.with(text));
                    text = Some(of.changed("api_key", None)?);
                }
                keys.push(key);
            }
        }
    }
    Ok(match keys.is_empty() {
        true => {
            let stay = stay.into_iter().map(|one| one.why);
            Err(stay.chain(without).collect::<Vec<_>>().join("; "))
        }
        false => Ok(Removal { before, all, keys, text, stay }),
    })
}

/// Where a key is that stands in the configuration itself.
const WRITTEN: &str = "configuration";

/// The key that is stored here, or why there is none to remove.
fn stored(of: Existing, environment: &Environment) -> Result<Result<Stored, String>> {
    let Some(key) = of.stored_key(environment) else {
        return Ok(Err(match &of.profile {
            Some(profile) => format!("profile {profile} has no key of its own"),
            None => "the configuration names no key".to_owned(),
        }));
    };
    let (place, kind) = match &key {
        KeySource::Missing => return Ok(Err("the configuration names no key".to_owned())),
        KeySource::Command(words) => {
            let program = words.first().map_or("", String::as_str);
            let whose = of.profile.as_ref();
            let whose = whose.map_or_else(String::new, |name| format!(" of profile {name}"));
            return Ok(Err(format!(
                "the key{whose} is kept by {program} (api_key_command), not here"
            )));
        }
        KeySource::File(path) if matches!(path.try_exists(), Ok(false)) => {
            return Ok(Err(format!("{} is not there", path.display())));
        }
        KeySource::File(path) => {
            store::only_a_key(path)?;
            (path.display().to_string(), "file")
        }
        KeySource::Keyring(entry) => {
            (format!("the system's keyring ({} {entry})", keyring::SERVICE), "keyring")
        }
        KeySource::Given(_) => match &of.profile {
            Some(profile) => (format!("{} (profile {profile})", of.name()), WRITTEN),
            None => (of.name(), WRITTEN),
        },
    };
    let others = of.others_with(&key, environment)?;
    Ok(Ok(Stored { of, key, place, kind, others, removed: false }))
}

impl Removal {
    /// Without its key, nobody can finish what an account has begun.
    fn refuse_if_pending(&self, start: &Start, environment: &Environment) -> Result<()> {
        for one in &self.keys {
            let others = one.others.iter().map(|other| one.of.of(other.as_deref()));
            for of in std::iter::once(Ok(one.of.clone())).chain(others) {
                let ctx = start.context(of?.offline(environment)?);
                // Where there is no account, nothing can have been sent to it.
                if ctx.settings().base.is_some() {
                    let refused = workflow::refuse_if_any_pending(&ctx);
                    refused.map_err(|error| error.called(&ctx.program()))?;
                }
            }
        }
        Ok(())
    }

    fn preview(&self) -> String {
        let mut text = String::from("\n");
        for one in &self.keys {
            text.push_str(&format!("Remove the API key in {}\n", one.place));
            let others = one.others.iter().map(|other| match other {
                Some(profile) => format!("profile {profile}"),
                None => "the default".to_owned(),
            });
            let others: Vec<String> = others.collect();
            if !others.is_empty() {
                text.push_str(&format!("  also used by {}\n", others.join(", ")));
            }
        }
        for Staying { why, .. } in &self.stay {
            text.push_str(&format!("Not removed: {why}\n"));
        }
        sanitise::text(&text)
    }

    /// Removes them, those in the configuration last: it must not name a key that is gone where another stays.
    fn remove(&mut self) -> Result<()> {
        let mut gone: Vec<String> = Vec::new();
        for one in &mut self.keys {
            let removed = match &one.key {
                KeySource::File(path) => store::remove_key_file(path),
                KeySource::Keyring(entry) => store::remove_keyring(entry)
                    .map_err(|why| Error::configuration(why).nothing_written()),
                _ => continue,
            };
            one.removed = removed.map_err(|error| but_for(error, &gone))?;
            gone.push(one.place.clone());
        }
        let Some(text) = &self.text else { return Ok(()) };
        self.before.write(text).map_err(|error| but_for(error, &gone))?;
        let written = self.keys.iter_mut().filter(|one| one.kind == WRITTEN);
        written.for_each(|one| one.removed = true);
        Ok(())
    }

    fn answer(&self, start: &Start, outcome: &str) -> Result<()> {
        if start.run.json {
            return start.json(&self.json(outcome));
        }
        let mut text = String::new();
        for one in &self.keys {
            text.push_str(&match (outcome, one.removed) {
                ("dry_run", _) => format!("The API key in {} would be removed.\n", one.place),
                (_, true) => format!("Removed the API key in {}.\n", one.place),
                (_, false) => format!("There was no API key in {}.\n", one.place),
            });
        }
        for Staying { why, .. } in &self.stay {
            text.push_str(&format!("Not removed: {why}.\n"));
        }
        let revoke = if self.keys.len() == 1 { REVOKE } else { REVOKE_ALL };
        start.ui.stdout(&sanitise::text(&format!("{text}{revoke}\n")))
    }

    fn json(&self, outcome: &str) -> Value {
        let one = self.keys.first().filter(|_| !self.all);
        let mut answer =
            answered(outcome, one.map(|one| one.of.profile.clone()), one.map(|one| one.kind));
        answer["config"] = json!(self.before.path);
        answer["removed"] = self.keys.iter().any(|one| one.removed).into();
        if self.all {
            let key = |profile: &Option<String>, kind: &str, removed: bool| json!({"profile": profile, "key_store": kind, "removed": removed});
            let gone = self.keys.iter().map(|one| key(&one.of.profile, one.kind, one.removed));
            let stay = self.stay.iter().map(|one| key(&one.profile, "command", false));
            answer["keys"] = gone.chain(stay).collect();
        }
        answer
    }
}

/// What was removed before it failed is gone.
fn but_for(error: Error, gone: &[String]) -> Error {
    match gone {
        [] => error,
        gone => error
            .written(Written::NothingMore)
            .hint(format!("removed before that: the API key in {}", gone.join(", "))),
    }
}

/// There is none to remove.
fn nothing(start: &Start, why: &str) -> Result<()> {
    let text = format!("nothing to remove: {why}");
    match start.run.json {
        true => {
            let mut answer = answered("done", None, None);
            answer["already"] = text.into();
            start.json(&answer)
        }
        false => start.ui.stdout(&format!("{}\n", sanitise::one_line(&text))),
    }
}

fn warn_of_variable(start: &Start, environment: &Environment) {
    if environment.api_key.is_some() {
        start.ui.warn("SYNCRO_API_KEY is set and is still used until you unset it");
    }
}

fn answered(outcome: &str, profile: Option<Option<String>>, kind: Option<&str>) -> Value {
    json!({
        "outcome": outcome,
        "config": null,
        "profile": profile.flatten(),
        "key_store": kind,
        "removed": false,
    })
}
