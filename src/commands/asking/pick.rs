//! The lists that values are chosen from, and the questions.

use super::{Ask, Field, Question, Word};
use crate::account::{Lists, Which};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::{payments, tickets as ticket_reads};
use crate::api::{Reader, Record};
use crate::billing::money;
use crate::commands::invoice::find::{InvoiceArg, find};
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, TicketArg, UserArg, heading, reading};
use crate::commands::tickets::filter::{Assignee, Filter, Status};
use crate::commands::{tickets, timer};
use crate::config::Unit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::payment::open;
use crate::render::when;
use crate::ui::Ui;

/// So many are offered.
const SHOWN: usize = 20;

/// The words that a person answers with; none where nothing has to be asked after all.
///
/// # Errors
/// Exit 2 where there is nothing to choose from, 9 where nothing is chosen, 130 for Ctrl-C; those of the reads.
pub async fn answer(ctx: &Context, question: &Question<'_>) -> Result<Vec<Word>> {
    let reader = ctx.reader()?;
    let given = |id: &str| question.given.get(id).map(String::as_str).unwrap_or_default();
    let values = match question.ask {
        Ask::Ticket => vec![one_of_mine(ctx, &reader).await?],
        Ask::Running => running(ctx, &reader).await?,
        Ask::Invoice => vec![invoice(ctx, &reader, false).await?],
        Ask::Unpaid => vec![invoice(ctx, &reader, true).await?],
        Ask::Line => {
            let ticket = on(ctx, &reader, given("ticket")).await?;
            vec![line(ctx, &ticket).await?]
        }
        Ask::Timer => {
            let ticket = on(ctx, &reader, given("ticket")).await?;
            vec![entry(ctx, &ticket, |_| true).await?]
        }
        Ask::Waiting => {
            let ticket = on(ctx, &reader, given("ticket")).await?;
            match ticket.ticket_timers.iter().filter(|timer| timer.is_owed()).count() {
                0 | 1 => Vec::new(),
                _ => vec![entry(ctx, &ticket, Timer::is_owed).await?],
            }
        }
        Ask::Method => {
            let names = reader.get(payments::methods()).await?.names();
            vec![chosen(ctx, "Payment method", "no payment methods", names).await?]
        }
        Ask::Amount => vec![amount(ctx, &reader, given("invoice"), question).await?],
        Ask::Labor => {
            let keys = ctx.settings().labor.iter().map(|labor| labor.key.clone()).collect();
            vec![chosen(ctx, "Labor type", "no configured labor types", keys).await?]
        }
        Ask::Minutes => {
            let labor = ctx.settings().labor(given("labor"));
            match labor.is_some_and(|labor| labor.unit == Unit::Each) {
                true => Vec::new(),
                false => vec![text(ctx, "Minutes (30, 1h30m, 1:30)", None, question).await?],
            }
        }
        Ask::Text(asked) => vec![text(ctx, asked, None, question).await?],
        Ask::Change => return change(ctx, &reader, question).await,
    };
    let flag = question.fields.first().and_then(|field| field.flag.clone());
    Ok(values.into_iter().map(|value| Word { flag: flag.clone(), value }).collect())
}

/// An entry of a list, by its first word; the only one is no question.
async fn of_list(
    ctx: &Context,
    prompt: &'static str,
    nothing: &str,
    lines: Vec<String>,
) -> Result<usize> {
    match lines.as_slice() {
        [] => Err(Error::usage(format!("nothing to choose from: {nothing}")).nothing_written()),
        [one] => {
            ctx.ui().note(one);
            Ok(0)
        }
        _ => ctx.blocking(move |ui: &Ui| ui.select(prompt, &lines)).await,
    }
}

async fn chosen(
    ctx: &Context,
    prompt: &'static str,
    nothing: &str,
    values: Vec<String>,
) -> Result<String> {
    let at = of_list(ctx, prompt, nothing, values.clone()).await?;
    Ok(values.get(at).cloned().unwrap_or_default())
}

async fn text(
    ctx: &Context,
    asked: &'static str,
    offered: Option<String>,
    question: &Question<'_>,
) -> Result<String> {
    let field = question.fields.first().cloned();
    typed(ctx, asked.to_owned(), offered, field, question).await
}

/// What a person types, asked again until the command understands it.
async fn typed(
    ctx: &Context,
    asked: String,
    offered: Option<String>,
    field: Option<Field>,
    question: &Question<'_>,
) -> Result<String> {
    let check = question.check.clone();
    let flag = field.and_then(|field| field.flag);
    let ask = move |ui: &Ui| {
        ui.input(&asked, offered.as_deref(), |typed| match typed.trim() {
            "" => Err("type a value, or Ctrl-C to leave".to_owned()),
            typed => {
                let word = Word { flag: flag.clone(), value: typed.to_owned() };
                check(&word).map(|()| word.value)
            }
        })
    };
    ctx.blocking(ask).await
}

/// One of my open tickets, newest first.
async fn one_of_mine(ctx: &Context, reader: &Reader) -> Result<String> {
    let (me, _) = resolve::user(ctx, reader, &UserArg::Me).await?;
    let filter = Filter {
        status: Status::Open(ctx.settings().tickets.closed.clone()),
        assignee: Some(Assignee::User(me)),
        ..Filter::default()
    };
    let listing = tickets::read(reader, &filter, SHOWN).await?;
    let items: Vec<_> = listing.items.into_iter().take(SHOWN).collect();
    ctx.ticket_numbers()?.remember_all(&items);
    let lines = items.iter().map(|ticket| line_of(ticket)).collect();
    let at = of_list(ctx, "Ticket", "you have no open tickets", lines).await?;
    Ok(items.get(at).map(|ticket| ticket.number.to_string()).unwrap_or_default())
}

/// A ticket in a line that begins with its number, by which it can be chosen.
fn line_of(ticket: &Ticket) -> String {
    let heading = heading(ticket);
    format!("{} ({})", heading.trim_start_matches('#'), ticket.status)
}

async fn on(ctx: &Context, reader: &Reader, typed: &str) -> Result<Record<Ticket>> {
    let typed: TicketArg = typed.parse().map_err(Error::usage)?;
    reading::ticket(ctx, reader, &typed).await
}

/// The number of the ticket on which my timer runs, and its id where there are several.
async fn running(ctx: &Context, reader: &Reader) -> Result<Vec<String>> {
    let (me, _) = resolve::user(ctx, reader, &UserArg::Me).await?;
    let timers = timer::list::running(ctx, reader, Limit::default(), Some(me)).await?.items;
    let ids = timers.iter().filter_map(|timer| timer.ticket_id);
    let reads = ids.map(|id| reader.get(ticket_reads::get(id)));
    let read: Vec<Record<Ticket>> = futures_util::future::try_join_all(reads).await?;
    ctx.ticket_numbers()?.remember_all(&read);
    let of = |timer: &Record<Timer>| read.iter().find(|one| Some(one.id) == timer.ticket_id);
    let lines = timers.iter().map(|timer| {
        let ticket = of(timer).map(|ticket| heading(ticket)).unwrap_or_default();
        format!("{}, {}", ticket.trim_start_matches('#'), since(ctx, timer))
    });
    let at = of_list(ctx, "Timer", "you have no running timers", lines.collect()).await?;
    let Some(timer) = timers.get(at) else { return Ok(Vec::new()) };
    let number = of(timer).map(|ticket| ticket.number.to_string());
    let several = timers.iter().filter(|one| one.ticket_id == timer.ticket_id).count() > 1;
    let id = several.then(|| timer.id.to_string());
    Ok(number.into_iter().chain(id).collect())
}

fn since(ctx: &Context, timer: &Timer) -> String {
    let zone = &ctx.settings().timezone;
    let start = timer.start_time.map(|start| when::clock(start, ctx.now(), zone));
    format!("since {}", start.unwrap_or_else(|| "no time".to_owned()))
}

/// One of the ticket's entries that fit.
async fn entry(ctx: &Context, ticket: &Ticket, fits: impl Fn(&Timer) -> bool) -> Result<String> {
    let timers: Vec<&Record<Timer>> =
        ticket.ticket_timers.iter().filter(|timer| fits(timer)).collect();
    let lines = timers.iter().map(|timer| {
        let minutes =
            timer.minutes(ctx.now()).map_or_else(String::new, |took| format!("{took} min, "));
        format!("{}  {minutes}{}  {}", timer.id, since(ctx, timer), timer.notes)
    });
    let nothing = format!("ticket #{} has no timers", ticket.number);
    let at = of_list(ctx, "Timer entry", &nothing, lines.collect()).await?;
    Ok(timers.get(at).map(|timer| timer.id.to_string()).unwrap_or_default())
}

async fn line(ctx: &Context, ticket: &Ticket) -> Result<String> {
    let lines = ticket.line_items.iter().map(|line| {
        let price = line.price_retail.map(money::display).unwrap_or_default();
        let quantity = line.quantity.map(|quantity| quantity.normalize().to_string());
        let quantity = quantity.unwrap_or_default();
        format!("{}  {quantity} x {} @ {price}  {}", line.id, line.name, line.description)
    });
    let nothing = format!("ticket #{} has no line items", ticket.number);
    let at = of_list(ctx, "Line item", &nothing, lines.collect()).await?;
    Ok(ticket.line_items.get(at).map(|line| line.id.to_string()).unwrap_or_default())
}

async fn invoice(ctx: &Context, reader: &Reader, unpaid: bool) -> Result<String> {
    let all = invoices::all().enough(SHOWN);
    let list = match unpaid {
        true => invoices::judged_by(all, false),
        false => all,
    };
    let found: Vec<Record<Invoice>> =
        reader.all(list).await?.items.into_iter().take(SHOWN).collect();
    let lines = found.iter().map(|invoice| {
        let total = invoice.total.map(money::display).unwrap_or_default();
        let date = invoice.date.map(when::day).unwrap_or_default();
        let paid = if invoice.is_paid { ", paid" } else { "" };
        let whose = &invoice.customer_business_then_name;
        format!("{}  {whose}  {total}, {date}{paid}", invoice.number)
    });
    let nothing = if unpaid { "no unpaid invoices" } else { "no invoices" };
    let at = of_list(ctx, "Invoice", nothing, lines.collect()).await?;
    Ok(found.get(at).map(|invoice| invoice.number.to_string()).unwrap_or_default())
}

/// What is paid. Enter takes all that is open.
async fn amount(
    ctx: &Context,
    reader: &Reader,
    typed: &str,
    question: &Question<'_>,
) -> Result<String> {
    let typed: InvoiceArg = typed.parse().map_err(Error::usage)?;
    let invoice = find(reader, &typed).await?;
    let open = open(&invoice)?;
    let offered = (!open.is_zero()).then(|| format!("{open:.2}"));
    text(ctx, "Amount", offered, question).await
}

/// One of the fields, and its new value: chosen, where the account has a list of them.
async fn change(ctx: &Context, reader: &Reader, question: &Question<'_>) -> Result<Vec<Word>> {
    let names = question.fields.iter().map(|field| label(&field.help).to_owned()).collect();
    let at = of_list(ctx, "What to change", "no fields", names).await?;
    let Some(field) = question.fields.get(at) else { return Ok(Vec::new()) };
    let list = match field.id.as_str() {
        "status" => Some(Which::Status),
        "priority" => Some(Which::Priority),
        "issue_type" => Some(Which::IssueType),
        "ticket_type" => Some(Which::TicketType),
        _ => None,
    };
    let names = match list {
        Some(which) => Lists::read(ctx, reader).await?.names(which),
        None => Vec::new(),
    };
    let value = match names.is_empty() {
        true => typed(ctx, field.help.clone(), None, Some(field.clone()), question).await?,
        false => chosen(ctx, "New value", "", names).await?,
    };
    Ok(vec![Word { flag: field.flag.clone(), value }])
}

/// `Due date` of `Due date: 2026-05-23, fri, 7d, or none`.
fn label(help: &str) -> &str {
    let end = help.find([':', ',', '(', '[']).unwrap_or(help.len());
    help[..end].trim()
}
