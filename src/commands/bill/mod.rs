//! `syncro bill <number>`: comment, line items, invoice, check and status of a ticket, planned and previewed whole,
//! confirmed once, each step sent at most once.

mod args;
pub mod ask;
pub mod facts;
pub mod labor_name;
pub mod labor_types;
pub mod logged;
pub mod planned;
pub mod planning;
pub mod repair;
pub mod request;
mod status;
pub mod timers;

use crate::api::resources::tickets::Timer;
use crate::operations::readable;
pub use args::BillArgs;
use ask::BillDraft;
use facts::Facts;
use labor_name::key_of;
use labor_types::LaborTypes;
use request::{BillRequest, Clocked};

use crate::api::Reader;
use crate::api::ids::ProductId;
use crate::commands::resolve::{self, Heading, Target, TicketArg, Waiting};
use crate::commands::spent::with_others;
use crate::commands::text::Wanted;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::{self, Finding, Guard, Worker};
use crate::render::hidden::{TIMERS, refuse_hidden};
use crate::ui::Ui;
use crate::workflow::{self, Approval, Writing};
use crate::write::{ReadSet, RetryPolicy, Scope, snapshot};

/// Runs `syncro bill`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &BillArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let args = &with_labor(ctx, args).await?;
    let wish = ask::check(args, ctx, &approval)?;
    if !approval.may_ask() && !wish.missing().is_empty() {
        return wish.complete().map(|_| ());
    }
    let reader = ctx.reader()?;
    workflow::refuse_if_pending(ctx, &args.ticket.scope())?;
    let target = resolve::target(&reader, &ctx.ticket_numbers()?, &args.ticket).await?;
    let scope = Scope { ticket: Some(target.id), ..Scope::default() };
    let turn = workflow::begin(ctx, &scope)?;
    let (request, target) = complete(ctx, args, &approval, &reader, target, wish).await?;

    let products = planning::needed_products(ctx.settings(), &request);
    let names = status::names(ctx, &reader, request.invoice);
    let now = reader.now();
    let others = request.since(now).and_then(|since| operations::others(since, now));
    let others = others.iter().fold(ReadSet::NOTHING, ReadSet::collection);
    let elsewhere = async { Ok(snapshot(&reader, None, others, RetryPolicy::Retry).await?) };
    let facts = facts(ctx, &reader, &target, &args.ticket, &products, true);
    let (facts, names, elsewhere) = tokio::try_join!(facts, names, elsewhere)?;
    let facts = Facts { names, elsewhere, ..facts };
    let mut request = offer_time(ctx, &approval, request, &facts).await?;
    let facts = with_time(ctx, &approval, &reader, facts, &mut request).await?;
    let writing = planning::writing(ctx.settings(), "bill", &request, &facts)?;
    let title = Some(format!("Bill ticket #{}", facts.ticket.number));
    let writing = Writing { title, rounded: args.rounded, ..writing };
    match workflow::write_steps(ctx, &approval, &writing, turn).await? {
        Some(outcome) => repair::report(ctx, &approval, args.repair, outcome).await,
        None => Ok(()),
    }
}

/// The same arguments with each labor type by its own name, however its product is called.
async fn with_labor(ctx: &Context, args: &BillArgs) -> Result<BillArgs> {
    let mut args = args.clone();
    if let Some(labor) = &mut args.labor {
        *labor = key_of(ctx, labor).await?;
    }
    for typed in &mut args.add {
        *typed = match typed.split_once('=') {
            Some((name, amount)) => format!("{}={amount}", key_of(ctx, name.trim()).await?),
            None => key_of(ctx, typed.trim()).await?,
        };
    }
    Ok(args)
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
    let (seen, about, target) = match target.heading.clone() {
        _ if !asks && !wish.is_drafted() => (None, None, target),
        Some(heading) if !asks => (None, Some(heading), target),
        _ => {
            let names = status::names(ctx, reader, wish.has_invoice());
            let (seen, _) =
                tokio::try_join!(facts(ctx, reader, &target, &args.ticket, &[], asks), names)?;
            if wish.is_clocked() {
                refuse_without_time(&seen, &Clocked::default())?;
            }
            let (about, target) = (Some(Heading::of(&seen.ticket)), known(&seen));
            (Some(seen), about, target)
        }
    };
    let waiting = seen.as_ref().and_then(|seen| Waiting::of(&seen.ticket));
    let last = seen.as_ref().and_then(|seen| {
        workflow::last_comment(&seen.known().view.comments(), &ctx.settings().timezone)
    });
    let wanted = wish.wanted(about, ctx.place("bill", target.id.0)?);
    let wanted = Wanted { last, ..wanted };
    let drafting = wish.draft(ctx, &wanted);
    let wish = match seen.as_ref().filter(|_| asks) {
        Some(seen) => answered(ctx, approval, seen, wish).await?,
        None => wish,
    };
    let wish = if asks {
        let types = LaborTypes::of(&ctx.settings().labor);
        let types = match wish.needs_labor(waiting.as_ref()) {
            true => types.with_prices(reader).await,
            false => types,
        };
        let ask = move |ui: &Ui| {
            let waiting = waiting.as_ref();
            wish.offer_time(ui, waiting)?.ask_work(ui, waiting, &types)
        };
        ctx.blocking(ask).await?
    } else {
        wish
    };
    let wish = wish.write(ctx, approval, drafting, &wanted).await?;
    let wish = match wish.lacks_description() && asks {
        true => described(ctx, approval, wish, &wanted, target.id.0).await?,
        false => wish,
    };
    Ok((wish.complete()?, target))
}

/// Asks what the labor line says was done. Where there is no comment, that is the text which is kept of this run, and the
/// one that waits from an earlier run is offered.
async fn described(
    ctx: &Context,
    approval: &Approval,
    wish: BillDraft,
    wanted: &Wanted,
    ticket: u64,
) -> Result<BillDraft> {
    let place = workflow::place(ctx, "bill", "description", ticket)?;
    let about = workflow::about_field("description", wanted.ticket.as_ref());
    let waits = match wish.has_comment() {
        true => None,
        false => workflow::waiting(ctx, approval, &place, Some(about)).await?,
    };
    if let Some(text) = waits {
        return Ok(wish.described(text));
    }
    let ask = |ui: &Ui| {
        ui.recalled("line description", "Line description", None, |typed| match typed.trim() {
            "" => Err("a line item needs a description".to_owned()),
            typed => Ok(typed.to_owned()),
        })
    };
    let hold = |text: &str| {
        if !wish.has_comment() && !approval.is_dry_run() {
            ctx.texts().hold(&place, text, true);
        }
    };
    let text = workflow::writing(ctx, hold, ask).await?;
    hold(&text);
    Ok(wish.described(text))
}

/// Says which ticket it is, and has the guards answered that need nothing of what is yet to be asked: nobody writes a comment
/// for a bill that will not be.
async fn answered(
    ctx: &Context,
    approval: &Approval,
    seen: &Facts,
    mut wish: BillDraft,
) -> Result<BillDraft> {
    let settings = ctx.settings();
    let ticket = &seen.ticket;
    ctx.ui().note(&Heading::of(ticket).to_string());
    if ticket.is_in(&settings.tickets.closed) {
        ctx.ui().note(&format!("the ticket is {} already", ticket.status));
    }
    let me = workflow::not_the_user(&seen.me, settings);
    let me = me.map(|text| Finding::new(Guard::OtherUser, text));
    let of_ticket = operations::known_before(&seen.known().view, settings, wish.has_invoice());
    let reached = wish.mailing(seen).map(|mailing| {
        operations::comment::reached(ticket.contact.as_ref(), &seen.customer, &mailing)
    });
    // Where stopped time waits, whether time is typed at all is yet to be asked.
    let types_time = wish.types_time() && Waiting::of(ticket).is_none();
    let charged = match wish.worked().filter(|_| types_time) {
        Some(worked) => {
            let worker = Worker { worked, ..workflow::worker(ctx, &seen.me)? };
            let view = with_others(&ctx.reader()?, seen.known().view, &worker).await?;
            operations::charged_today(&view, &worker)
        }
        None => None,
    };
    let found = me.into_iter().chain(of_ticket).chain(charged);
    let found = found.chain(reached.into_iter().flatten());
    if !approval.is_dry_run() {
        let found: Vec<Finding> = found.collect();
        workflow::clear(ctx, approval, &found, wish.allowed()).await?;
    }
    Ok(wish)
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
/// Exit 5 when no time waits to be charged, and when an entry cannot be understood: it may be one that waits.
pub fn refuse_without_time(facts: &Facts, from_timers: &Clocked) -> Result<()> {
    for timer in &facts.ticket.ticket_timers {
        readable(&timer.unreadable, &Timer::TIME, format_args!("timer entry {}", timer.id))?;
    }
    if !timers::chosen(facts, from_timers).is_empty() {
        return Ok(());
    }
    refuse_hidden(&facts.ticket, TIMERS)?;
    let number = &facts.ticket.number;
    let running = facts.ticket.ticket_timers.iter().find(|one| one.is_running());
    let error =
        Error::refused(format!("ticket #{number} has no uncharged stopped time")).nothing_written();
    let uninvoiced = operations::uninvoiced(&facts.known().view);
    Err(match (running, uninvoiced) {
        // Time that was charged already waits there: who types it once more bills it twice.
        (None, Some(text)) => error.hint(
            Hint::from(format!("{text} not invoiced yet; to invoice first: "))
                .line(format!("invoice create {number}"))
                .text("; to add other time: ")
                .line(format!("timer add {number} --minutes T")),
        ),
        (Some(one), _) => error.hint(
            Hint::from(format!("a timer is {}; to stop it: ", one.now()))
                .line(format!("timer stop {number}")),
        ),
        (None, None) => error.hint(
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
        return Err(resolve::another(typed, &facts.ticket));
    }
    ctx.ticket_numbers()?.remember(&facts.ticket);
    Ok(facts)
}

/// Has a person choose between the time that waits and the time that was typed, where nobody has yet.
async fn offer_time(
    ctx: &Context,
    approval: &Approval,
    mut request: BillRequest,
    facts: &Facts,
) -> Result<BillRequest> {
    let asks = approval.may_ask() && request.from_timers.is_none();
    let waiting = Waiting::of(&facts.ticket).filter(|one| asks && !request.allowed.lets(&one.left));
    let (Some(waiting), Some(work)) = (waiting, request.work.first().cloned()) else {
        return Ok(request);
    };
    let (amount, left) = (work.amount, waiting.left.clone());
    let ask = move |ui: &Ui| ui.ask_question(&ask::instead(&waiting, amount.minutes()));
    if ctx.blocking(ask).await? {
        request.work.remove(0);
        request.from_timers = Some(Clocked { labor: Some(work.labor), ..Clocked::default() });
    } else {
        request.allowed.answer(left);
    }
    Ok(request)
}

/// Has a person say what the time is sold as, where nothing else does.
///
/// # Errors
/// 130 for Ctrl-C; exit 5 for an entry whose product cannot be read.
pub async fn ask_labor(
    ctx: &Context,
    approval: &Approval,
    reader: &Reader,
    facts: &Facts,
    from_timers: &mut Clocked,
) -> Result<()> {
    if approval.may_ask() && timers::lacks_product(facts, from_timers)? {
        let types = LaborTypes::of(&ctx.settings().labor).with_prices(reader).await;
        ctx.ui().note("some of the time has no product: choose what it is sold as");
        from_timers.labor = ctx.blocking(move |ui: &Ui| types.ask(ui)).await?;
    }
    Ok(())
}

/// The same with all that the time is sold as, where time is billed.
async fn with_time(
    ctx: &Context,
    approval: &Approval,
    reader: &Reader,
    facts: Facts,
    request: &mut BillRequest,
) -> Result<Facts> {
    let settings = ctx.settings();
    let Some(from_timers) = &mut request.from_timers else {
        return Ok(facts);
    };
    refuse_without_time(&facts, from_timers)?;
    ask_labor(ctx, approval, reader, &facts, from_timers).await?;
    let more = timers::missing_products(settings, request, &facts)?;
    facts.with_products(reader, &more).await
}
