//! What can be looked at without the network: the configuration's file, the key's source, the folders, the journal and
//! the rate window.

use std::fs::OpenOptions;
use std::path::Path;

use super::check::Check;
use crate::config::{Environment, KeySource, Overrides, Settings};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::private;
use crate::render::counted;
use crate::write::{Found, Journals};

/// More than this share of the rate window in use is worth a line, in percent.
const BUSY: usize = 80;

/// Pending plans that are named; more of them are counted.
const NAMED: usize = 3;

/// What runs here: for whoever is asked about it.
pub(super) fn program() -> Check {
    let message = concat!("syncro ", env!("SYNCRO_VERSION"), ", ", env!("SYNCRO_TARGET"));
    Check::ok("version", message)
}

/// The file that was read, and the profile.
pub(super) fn configuration(settings: &Settings, overrides: &Overrides) -> Check {
    let name = "configuration";
    if settings.sandbox_dir.is_some() {
        return Check::ok(name, "built into the practice server");
    }
    let profile = settings
        .profile
        .as_ref()
        .map_or_else(String::new, |profile| format!(", profile {profile}"));
    let Some(file) = &settings.file else {
        return Check::ok(name, format!("no file; environment variables only{profile}"));
    };
    let how = match overrides.config {
        Some(_) => " (set by --config)",
        None if std::env::var_os("SYNCRO_CONFIG").is_some() => " (set by SYNCRO_CONFIG)",
        None => "",
    };
    Check::ok(name, format!("{}{how}{profile}", file.display()))
}

/// What is left to look at when the settings cannot be read: the state folder, as far as the environment names it.
pub(super) fn without_settings() -> Vec<Check> {
    let Ok(environment) = Environment::of_process() else {
        return Vec::new();
    };
    let dir = environment.state_dir.clone().or_else(|| environment.folders.default_state());
    dir.map_or_else(Vec::new, |dir| vec![state(&dir), journal(&Journals::new(&dir))])
}

/// Reads the key where it lies, once: the settings that come back hold it.
pub(super) async fn key(mut settings: Settings) -> (Settings, Check) {
    let name = "key";
    let origin = settings.key_origin();
    let source = settings.key.clone();
    let read = tokio::task::spawn_blocking(move || source.read()).await;
    let read = read.unwrap_or_else(|error| {
        Err(Error::new(Kind::Failure, format!("cannot get the key: {error}")))
    });
    let check = match (&read, &settings.key_warning) {
        (Err(error), _) => Check::of_error(name, error),
        (Ok(_), Some(warning)) => Check::warning(name, format!("from {origin}; {warning}")),
        (Ok(_), None) => Check::ok(name, format!("from {origin}{}", private(&settings.key))),
    };
    if let Ok(key) = read {
        settings.key = KeySource::Given(key);
    }
    (settings, check)
}

/// What is known of a key file's rights.
const fn private(source: &KeySource) -> &'static str {
    match source {
        KeySource::File(_) if cfg!(unix) => ", readable only by its owner",
        KeySource::File(_) => ", with the permissions of its folder",
        _ => "",
    }
}

/// The state folder, the journal in it, and the folder of session logs.
pub(super) fn folders(ctx: &Context) -> Vec<Check> {
    let settings = ctx.settings();
    let mut checks = vec![state(&settings.state_dir), journal(&ctx.journals())];
    // The sandbox makes its own when the first log is written.
    if let Some(folder) = settings.session_logs.as_ref().filter(|_| !ctx.is_sandbox()) {
        checks.push(session_logs(folder));
    }
    let others =
        settings.warnings.iter().filter(|warning| settings.key_warning.as_ref() != Some(warning));
    checks.extend(others.map(|warning| Check::warning("settings", warning)));
    checks
}

fn state(dir: &Path) -> Check {
    let name = "state folder";
    match writable(dir) {
        Ok(()) => Check::ok(name, format!("{} is writable", dir.display())),
        Err(error) => Check::problem(
            name,
            format!("{} cannot be written: {}", dir.display(), words(error.kind())),
        )
        .hint("make it writable, or set SYNCRO_STATE_DIR to another folder; writes need a journal"),
    }
}

/// Makes the folder if need be, and a file in it, which is removed again.
fn writable(dir: &Path) -> std::io::Result<()> {
    private::make_folder(dir)?;
    let path = dir.join(format!("doctor-{:x}", fastrand::u64(..)));
    drop(private::file(OpenOptions::new().write(true).create_new(true)).open(&path)?);
    std::fs::remove_file(path)
}

/// A failure as people know it.
fn words(kind: std::io::ErrorKind) -> String {
    match kind {
        std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => {
            "there is a file with that name".to_owned()
        }
        kind => kind.to_string(),
    }
}

fn journal(journals: &Journals) -> Check {
    let name = "journal";
    let found = match journals.pending() {
        Ok(found) => found,
        Err(error) => return Check::of_error(name, &error),
    };
    let (mut pending, mut broken, mut busy) = (Vec::new(), Vec::new(), 0);
    for one in found {
        match one {
            Found::Pending(story) => pending.push(story.plan.title),
            Found::Unreadable { id, why } => broken.push(format!("{id} ({why})")),
            Found::Busy(_) => busy += 1,
        }
    }
    if !broken.is_empty() {
        return Check::problem(name, format!("unreadable: plan {}", broken.join(", plan ")))
            .hint("check the ticket in Syncro")
            .next("resume --discard ID", "discard the plan");
    }
    if !pending.is_empty() {
        let more = pending.len().saturating_sub(NAMED);
        let mut titles = pending;
        titles.truncate(NAMED);
        let more = match more {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        return Check::warning(name, format!("pending: {}{more}", titles.join(", ")))
            .next("resume", "finish interrupted writes");
    }
    Check::ok(
        name,
        match busy {
            0 => "no pending plans".to_owned(),
            1 => "one plan is running now".to_owned(),
            busy => format!("{busy} plans are running now"),
        },
    )
}

fn session_logs(folder: &Path) -> Check {
    let name = "session_logs";
    let shown = folder.display();
    if folder.is_dir() {
        Check::ok(name, format!("{shown} exists"))
    } else {
        Check::problem(name, format!("{shown} is not an existing folder"))
            .hint("create it, or set session_logs to the folder with your customer folders")
    }
}

/// The window that all processes of this machine share.
pub(super) fn rate(ctx: &Context) -> Check {
    let name = "rate";
    match usage(ctx) {
        Ok(check) => check,
        Err(error) => Check::of_error(name, &error),
    }
}

fn usage(ctx: &Context) -> Result<Check> {
    let name = "rate";
    let pace = ctx.pace();
    let usage = pace.usage(&ctx.base()?, ctx.settings().write.timeout).map_err(|error| {
        Error::new(Kind::Failure, format!("cannot read the rate limit file: {error}")).hint(
            "make the state folder readable; until then, each process limits only its own requests",
        )
    })?;
    let limit = pace.requests;
    let seconds = pace.per.as_millis().div_ceil(1000);
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let all = counted(full, "request", "requests");
    let mut message = format!("{} of {all} in {seconds} s used by this machine", usage.used);
    if usage.waiting > 0 {
        message.push_str(&format!(", {} waiting", usage.waiting));
    }
    if let Some(left) = usage.blocked {
        return Ok(Check::warning(
            name,
            format!(
                "Syncro answered 429; no requests are sent for another {} s ({message})",
                left.as_secs() + 1
            ),
        )
        .hint(
            "other users behind this address share the limit: wait, or lower [rate_limit] requests",
        ));
    }
    if usage.used.saturating_mul(100) >= full.saturating_mul(BUSY) {
        return Ok(Check::warning(name, message)
            .hint("commands wait automatically; check for a script that reads too often"));
    }
    Ok(Check::ok(name, message))
}
