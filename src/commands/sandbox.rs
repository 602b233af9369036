//! `syncro sandbox reset|serve`: the practice server, set back to its first day, or left running for scripts and tests.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::{Error, Kind, Result};
use crate::private;
use crate::sandbox::{self, Fault, Rate};
use crate::ui::Ui;
use crate::workflow::{self, Approval};
use crate::write::Mode;

/// Asked before a reset.
const RESETS: &str = "Reset the practice server and delete everything done there?";

/// Reset or run the built-in practice server
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro --sandbox bill 32181
  syncro sandbox reset
  syncro sandbox serve --port 8080")]
pub struct SandboxArgs {
    #[command(subcommand)]
    what: Deferred<What>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum What {
    Reset(ResetArgs),
    Serve(ServeArgs),
}

/// Reset the practice server, its journal and its cache
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro sandbox reset
  syncro sandbox reset --yes
  syncro sandbox reset --slipped")]
pub struct ResetArgs {
    /// Add one case of each finding of `syncro report`
    #[arg(long)]
    slipped: bool,
}

/// Run the practice server until Ctrl-C, for scripts and tests
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro sandbox serve --port 8080
  syncro sandbox serve --port 8080 --fault comment=close-after

Prints lines for the shell of another terminal, which set SYNCRO_BASE_URL, SYNCRO_API_KEY and SYNCRO_CONFIG; they are all \
of stdout. In a script: syncro sandbox serve --shell sh > practice.env &  and then: . ./practice.env")]
pub struct ServeArgs {
    /// Port on 127.0.0.1; 0 picks a free port
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Fault, such as `comment=close-after`, `line@2=422` or `invoice-create=late:500`; repeatable
    #[arg(
        long,
        value_name = "FAULT",
        help = "Fault, OP[@N]=KIND[:ARG]: comment=close-after, line@2=422, invoice-create=late:500; repeatable"
    )]
    fault: Vec<Fault>,
    /// Rate limit, REQUESTS/SECONDS
    #[arg(long, value_name = "LIMIT", default_value = "180/60")]
    rate: Rate,
    /// Log each request to this file as a line of JSON
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Shell that the printed settings are for [default: the system's]
    #[arg(long, value_name = "SHELL")]
    shell: Option<Shell>,
    /// Folder for the server's state [default: the sandbox's folder]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Add one case of each finding of `syncro report` to a new account
    #[arg(long)]
    slipped: bool,
    /// Add so many tickets of the last two years to a new account, at most 30000
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u32).range(..=30_000))]
    history: u32,
}

/// Runs `syncro sandbox`.
///
/// # Errors
/// Exit 1 when the folder or the port cannot be used.
pub async fn run(ctx: &Context, args: &SandboxArgs) -> Result<()> {
    let own = ctx
        .settings()
        .sandbox_dir
        .clone()
        .ok_or_else(|| Error::new(Kind::Failure, "the sandbox has no folder"))?;
    match &*args.what {
        What::Reset(args) => reset(ctx, &own, args.slipped).await,
        What::Serve(serve) => run_server(ctx, serve, own).await,
    }
}

async fn reset(ctx: &Context, dir: &Path, slipped: bool) -> Result<()> {
    let approval = Approval::of(ctx);
    ctx.confirmable()?;
    let ended = |outcome| {
        let mut answer = workflow::nothing_json(true);
        answer["outcome"] = Value::from(outcome);
        ctx.answer(answer);
    };
    if approval.is_dry_run() {
        ended("dry_run");
        let shown = format!("would be reset: {}\n", dir.display());
        return if ctx.how().json { Ok(()) } else { ctx.ui().stdout(&shown) };
    }
    if approval.mode() == Mode::Ask {
        let ask = |ui: &Ui| ui.ask_question(RESETS);
        if !ctx.blocking(ask).await.inspect_err(|_| ended("cancelled"))? {
            ended("cancelled");
            return Err(Error::cancelled());
        }
    }
    sandbox::reset(dir, slipped).context("cannot reset the sandbox")?;
    // Plans and numbers of the old days would name records that are no more.
    let client = &ctx.settings().state_dir;
    match std::fs::remove_dir_all(client) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).context("cannot delete the sandbox's journal").map_err(Error::from);
        }
        _ => {}
    }
    ctx.ui().note("the sandbox is reset");
    ended("done");
    Ok(())
}

/// A shell whose settings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    /// sh, bash, zsh and their like
    Sh,
    /// PowerShell
    Powershell,
}

impl Shell {
    const fn of_this_system() -> Self {
        if cfg!(windows) { Self::Powershell } else { Self::Sh }
    }

    /// A line that sets an environment variable; the value is quoted as the shell reads it.
    fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Self::Powershell => {
                // Typographic ones end a text, too; each of two stands for itself.
                let quotes = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
                let letters = value.chars();
                let doubled = letters
                    .flat_map(|c| std::iter::repeat_n(c, if quotes.contains(&c) { 2 } else { 1 }));
                format!("$env:{name} = '{}'", doubled.collect::<String>())
            }
        }
    }
}

/// Where it is, and what a second terminal needs to reach it.
fn told(ctx: &Context, base: &str, config: &Path, shell: Shell) -> Result<()> {
    if ctx.how().json {
        return ctx.json(&json!({
            "base_url": base,
            "config": config,
            "api_key": sandbox::KEY,
            "colleague_api_key": sandbox::COLLEAGUE_KEY,
        }));
    }
    let config = config.display().to_string();
    let settings =
        [("SYNCRO_BASE_URL", base), ("SYNCRO_API_KEY", sandbox::KEY), ("SYNCRO_CONFIG", &config)];
    ctx.ui().note(&format!("the practice server is at {base}; for another terminal:"));
    let lines = settings.map(|(name, value)| shell.set(name, value));
    // A line is pasted as it stands: no margin, no wrapping.
    ctx.ui().stdout(&format!("{}\n", lines.join("\n")))?;
    let colleague = sandbox::COLLEAGUE_KEY;
    ctx.ui().note(&format!("(a colleague's key: {colleague}); Ctrl-C stops the server"));
    Ok(())
}

async fn run_server(ctx: &Context, args: &ServeArgs, own: PathBuf) -> Result<()> {
    let options = sandbox::Options {
        dir: args.dir.clone().unwrap_or(own),
        port: args.port,
        faults: args.fault.clone(),
        rate: args.rate,
        log: args.log.clone(),
        slipped: args.slipped,
        history: args.history,
        ..sandbox::Options::new(PathBuf::new())
    };
    let config = options.dir.join("config.toml");
    let server = sandbox::start(options).context("cannot start the sandbox")?;
    private::anew(&config, sandbox::config().as_bytes())
        .with_context(|| format!("cannot write {}", config.display()))?;
    let shell = args.shell.unwrap_or(Shell::of_this_system());
    told(ctx, &server.base_url(), &config, shell)?;
    // Ctrl-C is how it is meant to end.
    let _hold = ctx.interrupts().hold("");
    ctx.interrupts().wait().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_text_whatever_quotes_it_has() {
        let set = |shell: Shell| shell.set("X", "it's ‘here’");
        assert_eq!(set(Shell::Sh), r"export X='it'\''s ‘here’'");
        assert_eq!(set(Shell::Powershell), "$env:X = 'it''s ‘‘here’’'");
    }
}
