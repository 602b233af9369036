//! The command line as clap understands it: global flags, the commands, and the words that it was made of.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::written::{self, Written};
use crate::commands::asking::{Ask, Field};
#[cfg(feature = "offline")]
use crate::commands::sync;
use crate::commands::{
    api, appointment, asset, bill, close, comment, completions, config as config_command, contact,
    create, customer, customers, delete, doctor, help, init, invoice, line, logout, man,
    move_appointment, open, payment, product, report, resume, sandbox as sandbox_command, search,
    ticket, tickets, timer, update, whoami,
};
use crate::deferred::{self, Deferred, Waits};
use crate::output::{OfflineFlag, OutputFlags};

/// Careful command-line client for Syncro PSA
///
/// Works with tickets, time and invoices. Every write is previewed, confirmed, sent at most once and verified
/// afterwards; `syncro resume` finishes interrupted writes. Try it without an account: syncro --sandbox bill 32181
#[derive(Debug, Parser)]
#[command(
    name = "syncro",
    // Not the name of the file, which is syncro.exe elsewhere.
    bin_name = "syncro",
    version = env!("SYNCRO_VERSION"),
    max_term_width = 100,
    infer_subcommands = false,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    /// What is done; without a command, the tickets are listed.
    #[arg(skip)]
    pub(super) command: Option<Command>,
    /// The words of the command line, as they were typed.
    #[arg(skip)]
    pub(super) typed: Vec<String>,
    /// The command and its verb: `invoice list`.
    #[arg(skip)]
    pub(super) called: String,
    /// The text that it has, where it may have one.
    #[arg(skip)]
    pub(super) written: Option<Written>,
    /// Whether it is answered from the mirror.
    #[arg(skip)]
    pub(super) offline: bool,
    /// What it lacks, where somebody can be asked for it; there is no command then.
    #[arg(skip)]
    pub(super) missing: Option<Missing>,
}

/// Flags of every command.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub(super) struct Global {
    /// Print JSON to stdout
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Skip the confirmation prompt; guards still apply
    #[arg(short, long, global = true)]
    pub(super) yes: bool,
    /// Show what would be written; send nothing
    #[arg(long, global = true)]
    pub(super) dry_run: bool,
    /// Use the built-in practice server (also SYNCRO_SANDBOX=1)
    #[arg(long, global = true)]
    pub(super) sandbox: bool,
    /// Configuration file to use
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Profile to use: [profiles.NAME] in the configuration
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Show each request: method, path, status, time
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Hide progress, notes and, with --yes, the preview
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Turn off color
    #[arg(long, global = true)]
    pub(super) no_color: bool,
    /// Do not use a pager for pages taller than the screen
    #[arg(long, global = true)]
    pub(super) no_pager: bool,
    #[command(flatten)]
    pub(super) output: OutputFlags,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(visible_alias = "ls")]
    Tickets(Deferred<tickets::TicketsArgs>),
    #[command(visible_alias = "t")]
    Ticket(Deferred<ticket::TicketArgs>),
    Search(Deferred<search::SearchArgs>),
    Customers(Deferred<customers::CustomersArgs>),
    Customer(Deferred<customer::CustomerArgs>),
    #[command(visible_alias = "b")]
    Bill(Deferred<bill::BillArgs>),
    Create(Deferred<create::CreateArgs>),
    #[command(visible_alias = "c")]
    Comment(Deferred<comment::CommentArgs>),
    Close(Deferred<close::CloseArgs>),
    Update(Deferred<update::UpdateArgs>),
    Delete(Deferred<delete::DeleteArgs>),
    MoveAppointment(Deferred<move_appointment::MoveArgs>),
    Line(Deferred<line::LineArgs>),
    Timer(Deferred<timer::TimerArgs>),
    Invoice(Deferred<invoice::InvoiceArgs>),
    Payment(Deferred<payment::PaymentArgs>),
    Appointment(Deferred<appointment::AppointmentArgs>),
    Contact(Deferred<contact::ContactArgs>),
    Asset(Deferred<asset::AssetArgs>),
    Product(Deferred<product::ProductArgs>),
    Report(Deferred<report::ReportArgs>),
    Unbilled(Deferred<report::uninvoiced::UnbilledArgs>),
    Today(Deferred<report::time::TodayArgs>),
    Open(Deferred<open::OpenArgs>),
    #[cfg(feature = "offline")]
    Sync(Deferred<sync::SyncArgs>),
    Resume(Deferred<resume::ResumeArgs>),
    Api(Deferred<api::ApiArgs>),
    Sandbox(Deferred<sandbox_command::SandboxArgs>),
    Whoami(Deferred<whoami::WhoamiArgs>),
    #[command(flatten)]
    Setup(Setup),
}

/// What runs without settings: it makes them, or says what is wrong with them.
#[derive(Debug, Subcommand)]
pub(super) enum Setup {
    Init(Deferred<init::InitArgs>),
    Doctor(Deferred<doctor::DoctorArgs>),
    Config(Deferred<config_command::ConfigArgs>),
    Logout(Deferred<logout::LogoutArgs>),
    Completions(Deferred<completions::CompletionsArgs>),
    Man(Deferred<man::ManArgs>),
    Help(Deferred<help::HelpArgs>),
}

/// Whether a command runs without settings.
pub(super) fn is_setup(called: &str) -> bool {
    called.split(' ').next().is_some_and(Setup::has_subcommand)
}

/// A command line, and what it lacks.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) args: Vec<OsString>,
    pub(super) called: String,
    pub(super) gaps: Vec<(Ask, Vec<Field>)>,
    pub(super) given: BTreeMap<String, String>,
    /// Its other flags: what was answered before may have them.
    pub(super) others: Vec<Field>,
}

/// The command line's own description, whole, for completions, hints and the tests of its help.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command().subcommands(all().get_subcommands_mut().map(std::mem::take))
}

/// All commands, below one that is none: describing them describes it, too.
fn all() -> clap::Command {
    Command::augment_subcommands(clap::Command::new("all"))
}

/// The same, in which the verbs wait. It is never dropped: that would take longer than all else that `--version` does.
pub(super) fn sparse() -> &'static mut clap::Command {
    Box::leak(Box::new(deferred::sparse(Waits::Verbs, command)))
}

/// The same with the commands alone that words may name, and one that tells that there are commands: clap gives each
/// command the global options. Never dropped, either.
pub(super) fn narrow(args: &[OsString]) -> &'static mut clap::Command {
    let all_but = |named| deferred::sparse(Waits::AllBut(named), all);
    let stands = |name: &str| name == "whoami" || args.iter().any(|arg| arg == name);
    let is_named =
        |sub: &&clap::Command| stands(sub.get_name()) || sub.get_all_aliases().any(stands);
    let names = all_but(Vec::new());
    let named = names.get_subcommands().filter(is_named).map(|sub| sub.get_name().to_owned());
    let described = all_but(named.collect());
    let named = described.get_subcommands().filter(is_named).cloned();
    Box::leak(Box::new(Cli::command().subcommands(named)))
}

/// The command line as it is understood. What has not to do with other commands than it names is described without them;
/// only an error may name others.
pub(super) fn parse(args: &[OsString]) -> clap::error::Result<Cli> {
    match parse_by(narrow(args), args) {
        Err(error) if error.use_stderr() => parse_by(sparse(), args),
        parsed => parsed,
    }
}

fn parse_by(described: &mut clap::Command, args: &[OsString]) -> clap::error::Result<Cli> {
    let mut matches = described.try_get_matches_from_mut(args)?;
    let called = called(&matches);
    let written = written::of(described, &matches, &called);
    let offline = is_offline(&matches);
    let cli = Cli::from_arg_matches_mut(&mut matches)?;
    let is_called = matches.subcommand_name().is_some();
    let command = is_called.then(|| Command::from_arg_matches_mut(&mut matches)).transpose()?;
    Ok(Cli { called, command, written, offline, ..cli })
}

/// Whether the command has the flag, and it was given.
pub(super) fn is_offline(matches: &ArgMatches) -> bool {
    let levels = std::iter::successors(Some(matches), |matches| Some(matches.subcommand()?.1));
    levels.last().is_some_and(OfflineFlag::is_given)
}

/// The command and its verb; without a command, what is done then.
pub(super) fn called(matches: &ArgMatches) -> String {
    let deeper = |matches: &&ArgMatches| matches.subcommand().is_some();
    let levels = std::iter::successors(Some(matches), |matches| Some(matches.subcommand()?.1));
    let names: Vec<&str> =
        levels.take_while(deeper).filter_map(ArgMatches::subcommand_name).collect();
    match names.is_empty() {
        true => crate::render::tickets::LIST.command.to_owned(),
        false => names.join(" "),
    }
}

pub(super) fn words(args: &[OsString]) -> Vec<String> {
    args.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect()
}
