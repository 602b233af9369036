//! `syncro doctor`: looks at everything that a command needs, from the configuration's file to the products that it
//! names, and says what to do about what is amiss. Writes nothing but a file in the state folder, to see whether it can.

mod account;
mod check;
mod drafts;
mod facts;
mod local;
mod network;
mod words;

use crate::config::{KeySource, Settings};
use crate::context::Start;
use crate::error::{Error, Kind, Result};

use self::check::{Check, State};

/// Check configuration, network and account, and suggest fixes
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro doctor
  syncro doctor --profile sam
  syncro doctor --json | jq '.checks[] | select(.state != \"ok\")'

Each line is ok, a warning or a problem, with what to do about it. Exit code 0 if there are no problems, even with \
warnings, 10 if the configuration or the key cannot be read, 4 if Syncro refuses the key, 1 for any other problem.")]
pub struct DoctorArgs {}

/// Everything that was found, and what decides the exit code.
#[derive(Debug, Default)]
struct Findings {
    checks: Vec<Check>,
    /// Exit 10.
    misconfigured: bool,
    /// Exit 4.
    refused: bool,
    /// As [`Context::program`](crate::context::Context::program).
    program: Option<String>,
}

/// Runs `syncro doctor`.
///
/// # Errors
/// Exit 10, 4 or 1 when there are problems, as the help says.
pub async fn run(start: &Start, _: &DoctorArgs) -> Result<()> {
    let mut findings = Findings::default();
    findings.checks.push(local::program());
    match start.settings() {
        Ok(settings) => examine(start, settings, &mut findings).await,
        Err(error) => {
            findings.misconfigured = true;
            findings.checks.push(Check::of_error("configuration", &error));
            findings.checks.extend(local::without_settings());
        }
    }
    start.ui.clear_status();
    show(start, &findings)?;
    verdict(&findings)
}

async fn examine(start: &Start, settings: Settings, findings: &mut Findings) {
    findings.checks.push(local::configuration(&settings, &start.overrides));
    start.ui.status("checking key and account");
    let (settings, key) = local::key(settings).await;
    findings.misconfigured |= key.state == State::Problem;
    findings.checks.push(key);
    let has_key = matches!(settings.key, KeySource::Given(_));
    let ctx = start.context(settings);
    findings.program = Some(ctx.program());
    findings.checks.extend(local::folders(&ctx));
    // Before this run's own requests are counted.
    findings.checks.push(local::rate(&ctx));
    let account = async {
        match has_key {
            true => account::look(&ctx).await,
            false => account::Found::default(),
        }
    };
    let drafts = drafts::look(&ctx.settings().draft);
    let (way, account, drafts) = tokio::join!(network::look(&ctx), account, drafts);
    findings.misconfigured |= way.misconfigured;
    findings.refused |= account.refused;
    findings.checks.extend(way.checks(account.answered));
    findings.checks.extend(account.checks);
    findings.checks.extend(drafts);
}

fn show(start: &Start, findings: &Findings) -> Result<()> {
    let checks = &findings.checks;
    let program = findings.program.as_deref().unwrap_or("syncro");
    if start.run.json {
        return start.json(&check::json(checks, program));
    }
    let text = check::text(checks, program, start.ui.width(), start.ui.colour());
    start.ui.stdout(&text)
}

/// The exit code: what everything else depends on first.
fn verdict(findings: &Findings) -> Result<()> {
    let problems: Vec<&str> = findings
        .checks
        .iter()
        .filter(|check| check.state == State::Problem)
        .map(|check| check.name.as_str())
        .collect();
    let kind = match findings {
        _ if problems.is_empty() => return Ok(()),
        Findings { misconfigured: true, .. } => Kind::Configuration,
        Findings { refused: true, .. } => Kind::NotAuthorised,
        _ => Kind::Failure,
    };
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    Err(Error::new(kind, format!("{count}: {}", problems.join(", "))))
}
