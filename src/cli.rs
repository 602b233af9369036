//! The command line: global flags, the command enum, and the way from arguments to an exit code. Dispatch is one line
//! an arm; everything else belongs to the commands.

mod dash;
mod dead_end;
mod item;
mod missing;
mod tree;
mod usage;
mod value_error;
mod written;

pub use tree::{Cli, command};
use tree::{Command, Global, Setup, is_setup, parse, sparse, words};

use std::cell::Cell;
use std::ffi::OsString;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::Context as _;
use futures_util::future::LocalBoxFuture;

use crate::api::secret;
#[cfg(feature = "offline")]
use crate::commands::sync;
use crate::commands::{
    api, appointment, asset, bill, close, comment, completions, config as config_command, contact,
    create, customer, customers, delete, doctor, help, init, invoice, line, logout, man, mirrored,
    move_appointment, open, payment, product, report, resume, sandbox as sandbox_command, search,
    ticket, tickets, timer, update, whoami,
};
use crate::config::{Overrides, sandbox_wanted};
use crate::context::{Run, Start, settings_of};
use crate::dates;
use crate::deferred::Deferred;
use crate::error::{Error, Result};
use crate::history::History;
use crate::texts::Texts;
use crate::ui::{Interrupts, Ui, UiFlags, signals};
use crate::workflow;

impl Setup {
    async fn run(&self, start: &Start) -> Result<()> {
        match self {
            Self::Init(args) => init::run(start, args).await,
            Self::Doctor(args) => doctor::run(start, args).await,
            Self::Config(args) => config_command::run(start, args).await,
            Self::Logout(args) => logout::run(start, args).await,
            Self::Completions(args) => completions::run(start, args, sparse()),
            Self::Man(args) => man::run(start, args, &command()),
            Self::Help(args) => help::run(start, args, sparse()),
        }
    }
}

/// Runs the program; everything it says has been said when this returns.
#[must_use]
pub fn main(args: Vec<OsString>) -> ExitCode {
    let args = item::as_texts(args);
    if let Some(error) = dash::misspelled(&args) {
        let ui = usage::ui(&args);
        let code = usage::ended(&ui, Err(error));
        remind(&ui, &usage::overrides(&args));
        return code;
    }
    let parsed = parse(&args);
    let cli = match (missing::of(&args, &parsed), parsed) {
        (Some(cli), _) | (None, Ok(cli)) => Cli { typed: words(&args), ..cli },
        (None, Err(error)) => {
            let is_error = error.use_stderr();
            let ui = usage::ui(&args);
            let code = usage::answered(&ui, &args, error);
            if is_error {
                remind(&ui, &usage::overrides(&args));
            }
            return code;
        }
    };
    let ui = cli.global.ui();
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return usage::ended(&ui, Err(error.into())),
    };
    let (overrides, tells_pending) = (overrides(&cli), Rc::new(Cell::new(completes(&cli))));
    let interrupts = {
        let _within = runtime.enter();
        Interrupts::install(&ui)
    };
    let result = runtime.block_on(run(cli, ui.clone(), interrupts, Rc::clone(&tells_pending)));
    // A prompt that still waits on its own thread must not keep the program.
    runtime.shutdown_background();
    let result = result.and(ui.show_page());
    let signal = ui.ended_by().filter(|_| usage::was_ended(&result));
    let code = usage::ended(&ui, result);
    let code = signal.map_or(code, ExitCode::from);
    if !tells_pending.get() {
        remind(&ui, &overrides);
    }
    code
}

/// Says on a terminal, in one line, what is unfinished on the account.
fn remind(ui: &Ui, overrides: &Overrides) {
    if ui.preview_width().is_none() || ui.flags().quiet {
        return;
    }
    // Without settings nobody can tell whose plans they are.
    if let Some(text) = settings_of(overrides).ok().as_ref().and_then(workflow::reminder) {
        ui.note(&text);
    }
}

/// Whether a shell runs the command while a person types, or when it starts.
const fn completes(cli: &Cli) -> bool {
    matches!(cli.command, Some(Command::Setup(Setup::Completions(_))))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().on_thread_start(signals::ignore).build().context("cannot start")
}

async fn run(
    cli: Cli,
    ui: Ui,
    interrupts: Interrupts,
    tells_pending: Rc<Cell<bool>>,
) -> Result<()> {
    let at_once = interrupts.clone();
    let texts = Rc::new(Texts::default());
    let result = tokio::select! {
        biased;
        under_way = at_once.at_once() => {
            let error = Error::interrupted();
            Err(match under_way {
                true => error.next("resume", "check what was being written"),
                false => error,
            })
        }
        result = Box::pin(dispatch(cli, ui.clone(), interrupts, Rc::clone(&texts), tells_pending)) => result,
    };
    let result = match at_once.has_begun() {
        true => result.map_err(Error::after_writes),
        false => result,
    };
    usage::kept(&ui, &texts, result)
}

async fn dispatch(
    mut cli: Cli,
    ui: Ui,
    interrupts: Interrupts,
    texts: Rc<Texts>,
    tells_pending: Rc<Cell<bool>>,
) -> Result<()> {
    let global = &cli.global;
    let output = Rc::new(global.output.output(global.json, &cli.called)?);
    let json = global.json || global.output.is_json();
    let run = Run {
        json,
        yes: global.yes,
        dry_run: global.dry_run,
        needs_facts: cli.missing.is_some()
            || cli.command.as_ref().is_some_and(|one| needs_facts(one, json)),
        offline: cli.offline,
    };
    let overrides = overrides(&cli);
    let start = Start { overrides, ui, run, output, interrupts, texts, tells_pending };
    if let Some(Command::Setup(setup)) = &cli.command {
        return boxed(|| setup.run(&start)).await;
    }
    note_unused(&start.ui, &start.overrides)?;
    let settings = match &cli.missing {
        Some(missing) if is_setup(&missing.called) => config_command::settings(&start)?,
        _ => start.settings()?,
    };
    for warning in &settings.warnings {
        start.ui.warn(warning);
    }
    let ctx = start.context(settings);
    if let Ok(whose) = ctx.whose() {
        ctx.ui().remember(History::new(&ctx.settings().state_dir, &whose));
    }
    if let Some(written) = &cli.written {
        written.begin(&ctx, false);
    }
    if let Some(missing) = cli.missing.take() {
        cli = missing::ask(missing, &ctx).await.map_err(|error| error.called(&ctx.program()))?;
        if let Some(written) = &cli.written {
            written.begin(&ctx, true);
        }
    }
    let mut typed = cli.typed.iter().filter(|_| !is_setup(&cli.called));
    if typed.any(|word| word.rsplit('=').next().is_some_and(dates::needs_order)) {
        ctx.learn_dates().await?;
    }
    let open = Command::Tickets(Deferred::default());
    let running = match cli.command.as_ref().unwrap_or(&open) {
        Command::Tickets(args) => boxed(|| tickets::run(&ctx, args)),
        Command::Ticket(args) => boxed(|| ticket::run(&ctx, args)),
        Command::Search(args) => boxed(|| search::run(&ctx, args)),
        Command::Customers(args) => boxed(|| customers::run(&ctx, args)),
        Command::Customer(args) => boxed(|| customer::run(&ctx, args)),
        Command::Bill(args) => boxed(|| bill::run(&ctx, args)),
        Command::Create(args) => boxed(|| create::run(&ctx, args)),
        Command::Comment(args) => boxed(|| comment::run(&ctx, args)),
        Command::Close(args) => boxed(|| close::run(&ctx, args)),
        Command::Update(args) => boxed(|| update::run(&ctx, args)),
        Command::Delete(args) => boxed(|| delete::run(&ctx, args)),
        Command::MoveAppointment(args) => boxed(|| move_appointment::run(&ctx, args)),
        Command::Line(args) => boxed(|| line::run(&ctx, args)),
        Command::Timer(args) => boxed(|| timer::run(&ctx, args)),
        Command::Invoice(args) => boxed(|| invoice::run(&ctx, args)),
        Command::Payment(args) => boxed(|| payment::run(&ctx, args)),
        Command::Appointment(args) => boxed(|| appointment::run(&ctx, args)),
        Command::Contact(args) => boxed(|| contact::run(&ctx, args)),
        Command::Asset(args) => boxed(|| asset::run(&ctx, args)),
        Command::Product(args) => boxed(|| product::run(&ctx, args)),
        Command::Report(args) => boxed(|| report::run(&ctx, args)),
        Command::Unbilled(args) => boxed(|| report::uninvoiced::unbilled(&ctx, args)),
        Command::Today(args) => boxed(|| report::time::today(&ctx, args)),
        Command::Open(args) => boxed(|| open::run(&ctx, args)),
        Command::Api(args) => boxed(|| api::run(&ctx, args)),
        #[cfg(feature = "offline")]
        Command::Sync(args) => boxed(|| sync::run(&ctx, args)),
        Command::Resume(args) => boxed(|| resume::run(&ctx, args)),
        Command::Sandbox(args) => boxed(|| sandbox_command::run(&ctx, args)),
        Command::Whoami(args) => boxed(|| whoami::run(&ctx, args)),
        Command::Setup(setup) => boxed(|| setup.run(&start)),
    };
    let result = mirrored::told(&ctx, running.await);
    let result = result.map_err(|error| workflow::mention_removal(&ctx, &cli.typed, error));
    let result =
        result.map_err(|error| error.called(&ctx.program()).typed(&cli.typed, secret::is_given));
    // The command's own error matters more than that of the stream.
    let printed = ctx.print_answers();
    result.and(printed)
}

/// The future of one command. Made in a function of its own, or those of all commands would lie side by side on the
/// stack of a build that is not optimized.
fn boxed<'a, F>(make: impl FnOnce() -> F) -> LocalBoxFuture<'a, Result<()>>
where
    F: Future<Output = Result<()>> + 'a,
{
    Box::pin(make())
}

/// Whether a command shows amounts or judges times, for which the account's currency and business hours are read. What
/// is printed as it came needs neither.
fn needs_facts(command: &Command, json: bool) -> bool {
    match command {
        Command::Ticket(_) | Command::Product(_) => !json,
        Command::Customer(_)
        | Command::Bill(_)
        | Command::Create(_)
        | Command::Update(_)
        | Command::Close(_)
        | Command::MoveAppointment(_)
        | Command::Line(_)
        | Command::Invoice(_)
        | Command::Payment(_)
        | Command::Report(_)
        | Command::Unbilled(_)
        | Command::Today(_)
        | Command::Resume(_) => true,
        Command::Timer(args) => !args.reads(),
        Command::Appointment(args) => !args.reads(),
        Command::Api(args) => !args.reads(),
        #[cfg(feature = "offline")]
        Command::Sync(_) => false,
        Command::Tickets(_)
        | Command::Search(_)
        | Command::Customers(_)
        | Command::Comment(_)
        | Command::Delete(_)
        | Command::Contact(_)
        | Command::Asset(_)
        | Command::Open(_)
        | Command::Sandbox(_)
        | Command::Whoami(_)
        | Command::Setup(_) => false,
    }
}

/// What the flags say of the settings. `syncro sandbox` has those of the practice server.
fn overrides(cli: &Cli) -> Overrides {
    cli.global.overrides(matches!(cli.command, Some(Command::Sandbox(_))))
}

impl Global {
    fn overrides(&self, practices: bool) -> Overrides {
        Overrides {
            config: self.config.clone(),
            profile: self.profile.clone(),
            sandbox: self.sandbox || practices,
        }
    }

    fn ui(&self) -> Ui {
        Ui::new(UiFlags {
            json: self.json || self.output.is_json(),
            quiet: self.quiet,
            verbose: self.verbose,
            no_color: self.no_color,
            yes: self.yes,
            no_pager: self.no_pager,
        })
    }
}

/// Says which flags the practice server has no use for.
fn note_unused(ui: &Ui, overrides: &Overrides) -> Result<()> {
    let given =
        [("--config", overrides.config.is_some()), ("--profile", overrides.profile.is_some())];
    let unused: Vec<&str> =
        given.into_iter().filter_map(|(flag, given)| given.then_some(flag)).collect();
    if !unused.is_empty() && sandbox_wanted(overrides.sandbox)? {
        ui.note(&format!(
            "note: the practice server has its own settings; ignored: {}",
            unused.join(", ")
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tree::narrow;
    use super::*;

    /// Each command: its help text, and the names of its arguments.
    fn described(mut command: clap::Command) -> Vec<(String, Vec<String>)> {
        fn below(command: &clap::Command, all: &mut Vec<(String, Vec<String>)>) {
            let mut args: Vec<String> =
                command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
            args.sort();
            all.push((command.clone().render_long_help().to_string(), args));
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                below(sub, all);
            }
        }
        command.build();
        let mut all = Vec::new();
        below(&command, &mut all);
        all
    }

    #[test]
    fn what_is_described_later_is_what_is_described_at_once() {
        let whole = described(command());
        assert!(whole.len() > 60);
        let sparse = described(sparse().clone());
        assert_eq!(whole.len(), sparse.len());
        for (whole, sparse) in whole.iter().zip(&sparse) {
            assert_eq!(whole, sparse);
        }
    }

    #[test]
    fn what_is_described_alone_is_what_is_described_beside_all() {
        let whole = described(command());
        let root = command();
        for command in root.get_subcommands().filter(|sub| sub.get_name() != "help") {
            for name in command.get_all_aliases().chain([command.get_name()]) {
                let alone = described(narrow(&["syncro".into(), name.into()]).clone());
                assert!(alone.len() > 1, "{name}");
                for one in alone.iter().skip(1) {
                    assert!(whole.contains(one), "{name}: {one:?}");
                }
            }
        }
    }
}
