//! `syncro bill <number>`: comment, line items, invoice, check and status of a ticket, planned and previewed whole,
//! confirmed once, each step sent at most once.

pub mod ask;
pub mod facts;
pub mod planning;
pub mod repair;
pub mod request;
pub mod timers;

use ask::BillDraft;
use facts::Facts;
use request::{BillRequest, Clocked};

use crate::api::Reader;
use crate::api::ids::ProductId;
use crate::commands::resolve::{self, Heading, Target, TicketArg};
use crate::commands::text::ProseArgs;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::Guard;
use crate::ui::Ui;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::Scope;

/// Bill a ticket: comment, line items, invoice, status
///
/// Shows exactly what will be written and what the customer will see, and asks for one confirmation. Each write is sent
/// at most once. On a terminal, you are asked for missing values.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct BillArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Time spent: 30 (whole minutes), 1h30m or 1.5h
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub minutes: Option<String>,
    /// Labor type, from the configured [labor.NAME]; with --from-timers, for time without a product
    #[arg(long, value_name = "NAME")]
    pub labor: Option<String>,
    /// Bill stopped timer entries that are not charged yet, and correct their line items
    #[arg(long, conflicts_with = "minutes")]
    pub from_timers: bool,
    /// Add another line item: travel, travel=2 (units) or onsite=45m (time); repeatable
    #[arg(long, value_name = "NAME[=AMOUNT]")]
    pub add: Vec<String>,
    /// Comment text
    #[command(flatten)]
    pub prose: ProseArgs,
    /// Description of the labor line item [default: the first line of the comment]
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Comment subject [default: Update]
    #[arg(long, value_name = "TEXT")]
    pub subject: Option<String>,
    /// Make the comment private: the customer cannot see it and gets no email
    #[arg(long)]
    pub hidden: bool,
    /// Make the comment public, but do not email it
    #[arg(long)]
    pub no_email: bool,
    /// Bill without a comment
    #[arg(long, conflicts_with_all = ["message", "file", "draft", "subject", "hidden", "no_email"])]
    pub no_comment: bool,
    /// Add line items only; create no invoice and keep the status
    #[arg(long)]
    pub no_invoice: bool,
    /// Repair an empty or $0.00 invoice created by this bill, even with --yes
    #[arg(long)]
    pub repair: bool,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::Again,
                Guard::SameLine,
                Guard::SameComment,
                Guard::OtherContact,
                Guard::Zero,
                Guard::Stacked,
                Guard::TimerRunning,
                Guard::Large,
                Guard::AllowSecrets,
            ])
        },
    >,
}

const EXAMPLES: &str = "\
Examples:
  syncro bill 32181
  syncro bill 32181 --minutes 30 --labor remote -m \"Cleaned the print head\"
  syncro bill 32181 --minutes 30 --labor remote --draft \"gift layout copied, tested\"
  syncro bill 32181 --minutes 1h30m --labor onsite --add travel -m \"Swapped the switch\" --yes --json
  syncro bill 32168 --from-timers -m \"Moved the terminal to another port\"
  syncro bill 32181 --minutes 15 --labor remote --no-comment --description \"Phone call\" --dry-run";

/// Runs `syncro bill`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &BillArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let wish = ask::check(args, ctx, &approval)?;
    if !approval.may_ask() && !wish.missing().is_empty() {
        return wish.complete().map(|_| ());
    }
    workflow::refuse_if_pending(ctx, &args.ticket)?;

    let reader = ctx.reader()?;
    let target = resolve::target(&reader, &ctx.ticket_numbers()?, &args.ticket).await?;
    let scope = Scope { ticket: Some(target.id), ..Scope::default() };
    let turn = workflow::begin(ctx, &scope)?;
    let (request, target) = complete(ctx, args, &approval, &reader, target, wish).await?;

    let facts = read(ctx, &reader, &target, &args.ticket, &request).await?;
    let writing = planning::writing(ctx.settings(), "bill", &request, &facts)?;
    let title = Some(format!("Bill ticket #{}", facts.ticket.number));
    let writing = Writing { title, ..writing };
    match workflow::write_steps(ctx, &approval, &writing, turn).await? {
        Some(outcome) => repair::report(ctx, &approval, args.repair, outcome).await,
        None => Ok(()),
    }
}

/// Has what is missing asked for or drafted. Meanwhile a model writes: it is given its notes before the first question.
async fn complete(
    ctx: &Context,
    args: &BillArgs,
    approval: &Approval,
    reader: &Reader,
    target: Target,
    wish: BillDraft,
) -> Result<(BillRequest, Target)> {
    let asks = approval.may_ask() && !wish.is_whole();
    let (about, target) = match target.heading.clone() {
        _ if !asks && !wish.is_drafted() => (None, target),
        Some(heading) => (Some(heading), target),
        None => {
            let seen = facts(ctx, reader, &target, &args.ticket, &[], false).await?;
            if wish.is_clocked() {
                refuse_without_time(&seen, &Clocked::default())?;
            }
            (Some(Heading::of(&seen.ticket)), known(&seen))
        }
    };
    if let Some(about) = about.as_ref().filter(|_| asks) {
        ctx.ui().note(&about.to_string());
    }
    let wanted = wish.wanted(about);
    let drafting = wish.draft(ctx, &wanted);
    let wish = if asks {
        let types = ctx.settings().labor.clone();
        let ask = move |ui: &Ui| wish.ask_work(ui, &types);
        ctx.blocking(ask).await?
    } else {
        wish
    };
    let wish = wish.write(ctx, approval, drafting, &wanted).await?;
    let wish =
        if asks { ctx.blocking(move |ui: &Ui| wish.ask_description(ui)).await? } else { wish };
    Ok((wish.complete()?, target))
}

fn known(facts: &Facts) -> Target {
    Target {
        id: facts.ticket.id,
        customer: Some(facts.customer.id),
        remembered: false,
        heading: None,
    }
}

/// Nothing to bill is no bill.
///
/// # Errors
/// Exit 5 when no time waits to be charged.
pub fn refuse_without_time(facts: &Facts, from_timers: &Clocked) -> Result<()> {
    if !timers::chosen(facts, from_timers).is_empty() {
        return Ok(());
    }
    let number = &facts.ticket.number;
    let running = facts.ticket.ticket_timers.iter().any(|one| one.is_running());
    let error =
        Error::refused(format!("ticket #{number} has no uncharged stopped time")).nothing_written();
    Err(match running {
        true => error.hint(
            Hint::from("a timer is running; to stop it: ").line(format!("timer stop {number}")),
        ),
        false => error.hint(
            Hint::from("to add time: ")
                .line(format!("timer add {number} --minutes T"))
                .text("; to bill without it: --minutes and --labor"),
        ),
    })
}

/// Reads the facts and has the ticket's own number prove that a remembered id is the right one.
///
/// # Errors
/// Exit 3 when the ticket is not there; those of the reader.
pub async fn facts(
    ctx: &Context,
    reader: &Reader,
    target: &Target,
    typed: &TicketArg,
    products: &[ProductId],
    all: bool,
) -> Result<Facts> {
    let read = facts::gather(reader, target, products, all).await;
    let wrong = match &read {
        Ok(facts) => !resolve::proves(typed, &facts.ticket),
        Err(error) => error.kind == Kind::NotFound,
    };
    let read = match (typed, wrong) {
        (TicketArg::Number(number), true) if target.remembered => {
            let found = resolve::find(reader, number).await?;
            facts::gather(reader, &found, products, all).await
        }
        _ => read,
    };
    let facts = read?;
    if !resolve::proves(typed, &facts.ticket) {
        return Err(resolve::not_found(typed));
    }
    ctx.ticket_numbers()?.remember(&facts.ticket);
    Ok(facts)
}

/// Reads all that a bill is made of.
async fn read(
    ctx: &Context,
    reader: &Reader,
    target: &Target,
    typed: &TicketArg,
    request: &BillRequest,
) -> Result<Facts> {
    let settings = ctx.settings();
    let products = planning::needed_products(settings, request);
    let facts = facts(ctx, reader, target, typed, &products, true).await?;
    let Some(from_timers) = &request.from_timers else {
        return Ok(facts);
    };
    refuse_without_time(&facts, from_timers)?;
    let more = timers::missing_products(settings, request, &facts)?;
    facts.with_products(reader, &more).await
}
