//! The command line as clap understands it: global flags, the commands, and the words that it was made of.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::asking::{Ask, Field};
use crate::commands::{
    api, appointment, asset, bill, close, comment, completions, contact, create, customer,
    customers, delete, doctor, help, init, invoice, line, man, move_appointment, open, payment,
    product, resume, sandbox as sandbox_command, search, ticket, tickets, timer, update, whoami,
};
use crate::deferred;
use crate::output::OutputFlags;

/// Careful command-line client for Syncro PSA
///
/// Works with tickets, time and invoices. Every write is previewed, confirmed, sent at most once and verified
/// afterwards; `syncro resume` finishes interrupted writes. Try it without an account: syncro --sandbox bill 32181
#[derive(Debug, Parser)]
#[command(
    name = "syncro",
    version = env!("SYNCRO_VERSION"),
    max_term_width = 100,
    infer_subcommands = false,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// The words of the command line, as they were typed.
    #[arg(skip)]
    pub(super) typed: Vec<String>,
    /// The command and its verb: `invoice list`.
    #[arg(skip)]
    pub(super) called: String,
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
    /// Hide progress and notes
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
    Tickets(tickets::TicketsArgs),
    #[command(visible_alias = "t")]
    Ticket(ticket::TicketArgs),
    Search(search::SearchArgs),
    Customers(customers::CustomersArgs),
    Customer(customer::CustomerArgs),
    #[command(visible_alias = "b")]
    Bill(bill::BillArgs),
    Create(create::CreateArgs),
    #[command(visible_alias = "c")]
    Comment(comment::CommentArgs),
    Close(close::CloseArgs),
    Update(update::UpdateArgs),
    Delete(delete::DeleteArgs),
    MoveAppointment(move_appointment::MoveArgs),
    Line(line::LineArgs),
    Timer(timer::TimerArgs),
    Invoice(invoice::InvoiceArgs),
    Payment(payment::PaymentArgs),
    Appointment(appointment::AppointmentArgs),
    Contact(contact::ContactArgs),
    Asset(asset::AssetArgs),
    Product(product::ProductArgs),
    Open(open::OpenArgs),
    Resume(resume::ResumeArgs),
    Api(api::ApiArgs),
    Sandbox(sandbox_command::SandboxArgs),
    Whoami(whoami::WhoamiArgs),
    #[command(flatten)]
    Setup(Setup),
}

/// What runs without settings: it makes them, or says what is wrong with them.
#[derive(Debug, Subcommand)]
pub(super) enum Setup {
    Init(init::InitArgs),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    Help(help::HelpArgs),
}

/// A command line, and what it lacks.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) args: Vec<OsString>,
    pub(super) gaps: Vec<(Ask, Vec<Field>)>,
    pub(super) given: BTreeMap<String, String>,
}

/// The command line's own description, whole, for completions, hints and the tests of its help.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// The same, in which what is described later waits. It is never dropped: that would take longer than all else that
/// `--version` does.
pub(super) fn sparse() -> &'static mut clap::Command {
    Box::leak(Box::new(deferred::sparse(Cli::command)))
}

pub(super) fn parse(args: &[OsString], command: &mut clap::Command) -> clap::error::Result<Cli> {
    command.try_get_matches_from_mut(args).and_then(|mut matches| {
        let called = called(&matches);
        Cli::from_arg_matches_mut(&mut matches).map(|cli| Cli { called, ..cli })
    })
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
