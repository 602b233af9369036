//! `syncro tickets`, and `syncro` alone: the open tickets or those that were asked for, a line each, newest first.

pub mod filter;

use std::cmp::Reverse;
use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use self::filter::{Assignee, Contact, Days, Filter, Status};
use super::answer::Shown;
use super::listing::Limit;
use crate::account::{Lists, Which};
use crate::api::ids::{ContactId, TicketId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{NOT_CLOSED, Ticket};
use crate::api::{Error as ApiError, Listing, Reader, Record};
use crate::commands::resolve::{self, CustomerArg, UserArg};
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Hint, Kind, Result};
use crate::render::TicketRows;
use crate::render::list::Shape;
use crate::render::tickets::{LIST, rows};
use crate::sorting;

/// List tickets; by default open ones, newest first
///
/// Shows priority, age, assignee and due date if the terminal is wide enough. `syncro` without a command does the same.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "\
Examples:
  syncro
  syncro tickets --mine
  syncro tickets --status \"Waiting on Customer\" --customer quillfeather
  syncro tickets --status all --since \"last week\" --all
  syncro tickets --updated --since yesterday --json | jq '.[].number'

Type days as 2026-05-23, today, yesterday, mon, 7d or \"last month\".")]
pub struct TicketsArgs {
    /// Status from the account's list, or all [default: open tickets]
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Contact: an id, or any part of a name or email address
    #[arg(long, value_name = "CONTACT")]
    pub contact: Option<String>,
    /// Only tickets assigned to you
    #[arg(long, conflicts_with = "assignee")]
    pub mine: bool,
    /// Only for this assignee: a name, an id, me, or none
    #[arg(long, value_name = "USER")]
    pub assignee: Option<UserArg>,
    /// Created on or after this day
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// Created on or before this day
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Apply --since and --until to the last update, and sort by it, newest first
    #[arg(long)]
    pub updated: bool,
    /// Maximum rows
    #[command(flatten)]
    pub limit: Limit,
    /// Add the last update, the contact and, for the first ten, the last comment, as far as the terminal is wide enough
    #[arg(long)]
    pub details: bool,
}

/// Of so many tickets the last comment is read.
const COMMENTED: usize = 10;
/// So many are read side by side.
const SIDE_BY_SIDE: usize = 5;

/// Runs `syncro tickets`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &TicketsArgs) -> Result<()> {
    // What cannot be meant is refused before the first request.
    let now = Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let days = days(args, &now)?;
    let reader = ctx.reader()?;
    let filter = resolved(ctx, &reader, args, days).await?;
    let limit = args.limit.count();
    let listing = read(&reader, &filter, limit).await?;
    let is_plain = matches!(filter.status, Status::Open(_)) && filter.is_everybodys();
    let nothing = match is_plain {
        true => "no open tickets",
        false => "no matching tickets",
    };
    let shown = Shown::of(listing, args.limit);
    show(ctx, &reader, shown, &LIST, args.details, nothing).await
}

/// Prints tickets, and remembers their ids.
///
/// # Errors
/// When stdout cannot be written, or a last comment cannot be read.
pub async fn show(
    ctx: &Context,
    reader: &Reader,
    shown: Shown<Ticket>,
    shape: &'static Shape,
    details: bool,
    nothing: &str,
) -> Result<()> {
    ctx.ticket_numbers()?.remember_all(&shown.items);
    let details = match details && !ctx.how().json {
        true => Some(last_comments(reader, &shown.items).await?),
        false => None,
    };
    let is_partly = details.is_some() && shown.items.len() > COMMENTED;
    shown.print(ctx, shape, nothing, |tickets, look| {
        let closed = &ctx.settings().tickets.closed;
        rows(&TicketRows { tickets, closed, of_one: false, details: details.as_ref() }, look)
    })?;
    if is_partly {
        let note = format!("last comments are shown for the first {COMMENTED} tickets");
        ctx.ui().note(&note);
    }
    Ok(())
}

/// The days that were typed.
fn days(args: &TicketsArgs, now: &Zoned) -> Result<Days> {
    let day = |flag: &str, typed: &Option<String>| -> Result<Option<Date>> {
        let typed = typed.as_deref();
        let day = typed.map(|typed| dates::day(typed, now, Lean::Past));
        day.transpose().map_err(|why| Error::usage(format!("{flag}: {why}")))
    };
    let since = day("--since", &args.since)?;
    let until = day("--until", &args.until)?;
    if args.updated && since.is_none() && until.is_none() {
        return Err(Error::usage("--updated needs --since or --until")
            .hint(Hint::from("for example: ").line("tickets --updated --since yesterday")));
    }
    Days::new(since, until, now.time_zone())
}

/// The wishes, with the names resolved: those that need nobody's answer at once.
async fn resolved(
    ctx: &Context,
    reader: &Reader,
    args: &TicketsArgs,
    days: Days,
) -> Result<Filter> {
    let (status, assignee) =
        tokio::try_join!(status(ctx, reader, args), assignee(ctx, reader, args))?;
    let customer = match &args.customer {
        Some(typed) => Some(resolve::customer(ctx, reader, typed).await?),
        None => None,
    };
    Ok(Filter {
        status,
        contact: args
            .contact
            .as_deref()
            .map(|typed| contact(typed, customer.as_deref()))
            .transpose()?,
        customer: customer.map(|customer| customer.id),
        assignee,
        days,
        updated: args.updated,
    })
}

async fn status(ctx: &Context, reader: &Reader, args: &TicketsArgs) -> Result<Status> {
    let open = || Status::Open(ctx.settings().tickets.closed.clone());
    let Some(typed) = args.status.as_deref().map(str::trim) else {
        return Ok(open());
    };
    if typed.eq_ignore_ascii_case("all") {
        return Ok(Status::All);
    }
    if typed.eq_ignore_ascii_case(NOT_CLOSED) {
        return Ok(open());
    }
    let mut lists = match Lists::read(ctx, reader).await {
        Ok(lists) => lists,
        // A key that may read tickets and no settings: the word is taken as it is.
        Err(error) if error.kind == Kind::NotAuthorised => {
            return Ok(Status::Only(typed.to_owned()));
        }
        Err(error) => return Err(error),
    };
    let chosen = lists.choose(ctx, reader, Which::Status, typed).await;
    chosen.map(Status::Only).map_err(|error| error.hint("use `all` for open and closed tickets"))
}

async fn assignee(ctx: &Context, reader: &Reader, args: &TicketsArgs) -> Result<Option<Assignee>> {
    let typed = match &args.assignee {
        _ if args.mine => &UserArg::Me,
        None => return Ok(None),
        Some(UserArg::Typed(word)) if is_nobody(word) => return Ok(Some(Assignee::Nobody)),
        Some(typed) => typed,
    };
    let (user, _) = resolve::user(ctx, reader, typed).await?;
    Ok(Some(Assignee::User(user)))
}

fn is_nobody(word: &str) -> bool {
    ["none", "nobody", "unassigned"].iter().any(|nobody| word.eq_ignore_ascii_case(nobody))
}

/// A contact by id, or the only one of the customer's with that name; else whoever has these words in the name.
fn contact(typed: &str, customer: Option<&Customer>) -> Result<Contact> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::usage("--contact: the name is empty"));
    }
    if let Ok(id) = typed.strip_prefix("id:").unwrap_or(typed).parse() {
        return Ok(Contact::Id(ContactId(id)));
    }
    let found = customer.and_then(|customer| resolve::contact::contact(customer, typed).ok());
    Ok(match found {
        Some((id, _)) => Contact::Id(id),
        None => Contact::Named(typed.to_owned()),
    })
}

/// The tickets that a filter wants, newest first: page after page until there are enough, all of them where only that
/// shows the order.
///
/// # Errors
/// Those of the reads.
pub async fn read(
    reader: &Reader,
    filter: &Filter,
    limit: usize,
) -> Result<Listing<Ticket>, ApiError> {
    if filter.updated {
        let mut listing = reader.all(filter.list()).await?;
        sorting::sort_by_key(&mut listing.items, |one| Reverse((one.updated_at, one.id)));
        return Ok(listing);
    }
    let listing = reader.all(filter.list().enough(limit)).await?;
    if is_newest_first(&listing.items) {
        return Ok(listing);
    }
    // An account that is sorted otherwise: the newest may be on any page.
    let mut listing = match listing.complete || listing.short {
        true => listing,
        false => reader.all(filter.list()).await?,
    };
    sorting::sort_by_key(&mut listing.items, |one| Reverse(context(one)));
    Ok(listing)
}

/// Whether they come in the order in which they were opened, by number or by time: where the two differ, either will do.
fn is_newest_first(tickets: &[Record<Ticket>]) -> bool {
    let falls = |newer: &Record<Ticket>, older: &Record<Ticket>| context(newer) >= context(older);
    tickets.is_sorted_by(falls)
        || tickets.is_sorted_by(|newer, older| newer.created_at >= older.created_at)
}

/// Numbers are given in the order of opening.
fn context(ticket: &Ticket) -> (Option<u64>, TicketId) {
    (ticket.number.0.parse().ok(), ticket.id)
}

/// The last comments of the first tickets, a GET each.
async fn last_comments(
    reader: &Reader,
    tickets: &[Record<Ticket>],
) -> Result<HashMap<TicketId, Record<Comment>>, ApiError> {
    let ids = tickets.iter().take(COMMENTED).map(|ticket| ticket.id);
    let reads = ids.map(|id| async move {
        let comments = reader.all(comments::newest(id)).await?;
        let newest = comments.items.into_iter().max_by_key(|one| one.created_at);
        Ok::<_, ApiError>(newest.map(|comment| (id, comment)))
    });
    let found: Vec<Option<_>> = stream::iter(reads).buffered(SIDE_BY_SIDE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}
