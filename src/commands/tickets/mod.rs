//! `syncro tickets`, and `syncro` alone: the open tickets or those that were asked for, a line each, newest first.

pub mod filter;

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Zoned;

use self::filter::{Assignee, Contact, Filter, Late, Status};
use super::answer::{Shown, is_named};
use super::asset;
use super::days::Days;
use super::listing::Limit;
use super::sort::{By, SortFlags, SortKey, Sorting, by};
use crate::account::{Lists, Which};
use crate::api::ids::{AssetId, ContactId, TicketId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{self, NOT_CLOSED, Ticket};
use crate::api::{Error as ApiError, Listing, Reader, Record};
use crate::commands::resolve::{self, CustomerArg, IdOrName, UserArg};
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::render::list::Shape;
use crate::render::tickets::{LAST_COMMENT, LIST, rows};
use crate::render::{TicketRows, counted};
use crate::sorting;

/// List tickets; by default open ones, newest first
///
/// `syncro` without a command does the same. Priority, --issue-type, --overdue and --until are filtered here: pages are
/// read until enough tickets are found. --asset may take a request per ticket.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(mut_arg("sort", by(&FIELDS)), after_help = "\
Examples:
  syncro tickets --mine --overdue
  syncro tickets --status \"New,Waiting on Customer\" --sort due
  syncro tickets --status all --since \"last week\" --all
  syncro tickets --updated --since yesterday --json | jq '.[].number'

Type days as 2026-05-23, today, yesterday, mon, 7d or \"last month\".")]
pub struct TicketsArgs {
    /// Statuses, separated by commas, or all [default: open tickets]
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub status: Vec<String>,
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
    #[arg(long, value_name = "USER", aliases = ["assign", "user", "owner"])]
    pub assignee: Option<UserArg>,
    /// Only with this priority
    #[arg(long, value_name = "PRIORITY")]
    pub priority: Option<String>,
    /// Only with this issue type
    #[arg(long, value_name = "TYPE")]
    pub issue_type: Option<String>,
    /// Only tickets that are past their due date and not closed
    #[arg(long)]
    pub overdue: bool,
    /// Only for this asset, among its customer's tickets: an id or a name
    #[arg(long, value_name = "ASSET")]
    pub asset: Option<IdOrName>,
    /// Created on or after this day
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// Created on or before this day
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Apply --since and --until to the last update, and sort by it
    #[arg(long)]
    pub updated: bool,
    #[command(flatten)]
    sort: SortFlags,
    /// Maximum rows
    #[command(flatten)]
    pub limit: Limit,
    /// Show last update and contact, and the last comment of the first ten
    #[arg(long)]
    pub details: bool,
}

/// What tickets can be sorted by.
static FIELDS: [By<Ticket>; 8] = [
    By { name: "number", column: "number", falls: true, key: |one| SortKey::number(&one.number.0) },
    By {
        name: "created",
        column: "created_at",
        falls: true,
        key: |one| one.created_at.map(SortKey::Moment),
    },
    By {
        name: "updated",
        column: "updated_at",
        falls: true,
        key: |one| one.updated_at.map(SortKey::Moment),
    },
    By {
        name: "due",
        column: "due_date",
        falls: false,
        key: |one| one.due_date.at().map(SortKey::Moment),
    },
    By {
        name: "priority",
        column: "priority",
        falls: false,
        key: |one| one.urgency().map(SortKey::Word),
    },
    By { name: "status", column: "status", falls: false, key: |one| SortKey::word(&one.status) },
    By {
        name: "customer",
        column: "customer_business_then_name",
        falls: false,
        key: |one| SortKey::word(&one.customer_business_then_name),
    },
    By {
        name: "assignee",
        column: "user.full_name",
        falls: false,
        key: |one| SortKey::word(one.assignee()?),
    },
];

/// Of so many tickets the last comment is read.
const COMMENTED: usize = 10;

/// Runs `syncro tickets`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &TicketsArgs) -> Result<()> {
    // What cannot be meant is refused before the first request.
    let now = ctx.present();
    let days = Days::typed(args.since.as_deref(), args.until.as_deref(), &now)?.begun(&now)?;
    if args.updated && days.is_any() {
        return Err(Error::usage("--updated needs --since or --until")
            .hint(Hint::from("for example: ").line("tickets --updated --since yesterday")));
    }
    let reader = ctx.reader_to_show()?;
    let filter = resolved(ctx, &reader, args, (days, now)).await?;
    let sorting = args.sort.sorting(&FIELDS);
    let listing = listed(ctx, &reader, &filter, sorting.as_ref(), args.limit.count()).await?;
    let is_plain = matches!(filter.status, Status::Open(_)) && filter.is_everybodys();
    let nothing = match is_plain {
        true => "no open tickets",
        false => "no matching tickets",
    };
    let by_update = args.updated.then_some("updated_at");
    let sorted = sorting.as_ref().map(Sorting::column).or(by_update);
    let shown = Shown { sorted, ..Shown::of(listing, args.limit) };
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
    let learned = shown.items.get(..shown.of_server).unwrap_or(&shown.items);
    ctx.ticket_numbers()?.remember_all(learned);
    let details = details && !ctx.how().json;
    // What is asked for by name is read, and of columns that are named nothing else.
    let has_comments = match ctx.output().columns.is_some() {
        true => is_named(ctx, shape, LAST_COMMENT),
        false => details,
    };
    let details = match has_comments {
        true => Some(last_comments(reader, &shown.items).await?),
        false => details.then(HashMap::new),
    };
    let is_partly = has_comments && shown.items.len() > COMMENTED;
    let (closed, details, sorted) =
        (&ctx.settings().tickets.closed, details.as_ref(), shown.sorted);
    shown.print(ctx, shape, nothing, |tickets, look| {
        rows(&TicketRows { tickets, closed, of_one: false, details, sorted }, look)
    })?;
    if is_partly {
        let note = format!("last comments are shown for the first {COMMENTED} tickets");
        ctx.ui().note(&note);
    }
    Ok(())
}

/// The wishes, with the names resolved: those that need nobody's answer at once.
async fn resolved(
    ctx: &Context,
    reader: &Reader,
    args: &TicketsArgs,
    (days, now): (Days, Zoned),
) -> Result<Filter> {
    let whose = if args.mine { Some(&UserArg::Me) } else { args.assignee.as_ref() };
    let ((status, priority, issue_type), assignee) =
        tokio::try_join!(words(ctx, reader, args), assignee(ctx, reader, whose))?;
    let customer = match &args.customer {
        Some(typed) => Some(resolve::customer(ctx, reader, typed).await?),
        None => None,
    };
    let asset = match &args.asset {
        Some(typed) => {
            let whose = customer.as_ref().map(|customer| customer.id);
            Some(asset::find::find(ctx, reader, typed, whose).await?)
        }
        None => None,
    };
    let whose = asset.as_ref().and_then(|asset| asset.customer());
    let closed = ctx.settings().tickets.closed.clone();
    Ok(Filter {
        status,
        priority,
        issue_type,
        late: args.overdue.then_some(Late { now, closed }),
        contact: args
            .contact
            .as_deref()
            .map(|typed| contact(typed, customer.as_deref()))
            .transpose()?,
        customer: customer.map(|customer| customer.id).or(whose),
        asset: asset.map(|asset| (asset.id, asset.name.clone())),
        assignee,
        days,
        updated: args.updated,
        kept: None,
    })
}

/// The words of the account's own lists.
async fn words(
    ctx: &Context,
    reader: &Reader,
    args: &TicketsArgs,
) -> Result<(Status, Option<String>, Option<String>)> {
    let open = || Status::Open(ctx.settings().tickets.closed.clone());
    let typed = args.status.iter().map(|word| word.trim());
    let typed: Vec<&str> = typed.filter(|word| !word.is_empty()).collect();
    let status = match typed.as_slice() {
        [] if args.status.is_empty() => Some(open()),
        [] => {
            return Err(Error::usage("--status names no status")
                .hint("use a status of your account, several separated by commas, or all"));
        }
        several if several.iter().any(|word| word.eq_ignore_ascii_case("all")) => Some(Status::All),
        [word] if word.eq_ignore_ascii_case(NOT_CLOSED) => Some(open()),
        _ => None,
    };
    if let (Some(status), None, None) = (&status, &args.priority, &args.issue_type) {
        return Ok((status.clone(), None, None));
    }
    let mut lists = match Lists::read(ctx, reader).await {
        Ok(lists) => Some(lists),
        // A key that may read tickets and no settings: the words are taken as they are.
        Err(error) if error.kind == Kind::NotAuthorised => None,
        Err(error) => return Err(error),
    };
    let mut choose = async |which, typed: &str| match &mut lists {
        Some(lists) => lists.choose(ctx, reader, which, typed).await,
        None => Ok(typed.to_owned()),
    };
    let status = match status {
        Some(status) => status,
        None => {
            let mut chosen = Vec::new();
            for word in typed {
                let found = choose(Which::Status, word).await;
                let found =
                    found.map_err(|error| error.hint("use `all` for open and closed tickets"))?;
                if !chosen.contains(&found) {
                    chosen.push(found);
                }
            }
            Status::Only(chosen)
        }
    };
    let priority = match &args.priority {
        Some(typed) => Some(choose(Which::Priority, typed).await?),
        None => None,
    };
    let issue_type = match &args.issue_type {
        Some(typed) => Some(choose(Which::IssueType, typed).await?),
        None => None,
    };
    Ok((status, priority, issue_type))
}

/// The assignee that was typed: a user, or nobody.
///
/// # Errors
/// Those of [`fn@resolve::user`].
pub async fn assignee(
    ctx: &Context,
    reader: &Reader,
    typed: Option<&UserArg>,
) -> Result<Option<Assignee>> {
    let typed = match typed {
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

/// The tickets that are wanted, in the order that is wanted.
async fn listed(
    ctx: &Context,
    reader: &Reader,
    filter: &Filter,
    sorting: Option<&Sorting<Ticket>>,
    limit: usize,
) -> Result<Listing<Ticket>> {
    // Of which assets a ticket is about is often seen on its own page only, and what comes first by another field may be
    // on any page.
    let enough = match filter.asset.is_some() || sorting.is_some() {
        true => usize::MAX,
        false => limit,
    };
    let mut listing = read(reader, filter, enough).await?;
    if let Some(sorting) = sorting {
        sorting.sort(&mut listing.items);
    }
    match &filter.asset {
        Some((asset, _)) => about(ctx, reader, listing, *asset, limit).await,
        None => Ok(listing),
    }
}

/// Those of a list that are about an asset: a GET for each that does not say so in the list, until there are enough.
async fn about(
    ctx: &Context,
    reader: &Reader,
    listing: Listing<Ticket>,
    asset: AssetId,
    limit: usize,
) -> Result<Listing<Ticket>> {
    let looked = async |reader: &Reader, ticket: &Record<Ticket>| {
        let listed = ticket.has_asset(asset);
        let found = match listed {
            Some(_) => listed,
            None => reader.get(tickets::get(ticket.id)).await?.has_asset(asset),
        };
        Ok::<_, ApiError>((found, listed.is_none()))
    };
    let (mut is_about, mut unclear, mut read) = (Vec::new(), listing.unclear, 0);
    let mut count = 0;
    let take = |(found, asked): (Option<bool>, bool)| {
        read += usize::from(asked);
        if found.is_none() {
            let ticket = listing.items.get(is_about.len());
            unclear.extend(ticket.map(|ticket| format!("#{}", ticket.number)));
        }
        is_about.push(found == Some(true));
        count += usize::from(found == Some(true));
        // One more shows that there are more.
        count <= limit
    };
    reader.each_while(&listing.items, looked, take).await?;
    let of = listing.items.into_iter().zip(is_about);
    let items: Vec<_> = of.filter_map(|(ticket, is_about)| is_about.then_some(ticket)).collect();
    let complete = listing.complete && items.len() <= limit;
    if read > 0 {
        let note =
            format!("assets are not in the list: {} read", counted(read, "ticket", "tickets"));
        ctx.ui().note(&note);
    }
    let at_least = u64::try_from(items.len()).unwrap_or(u64::MAX);
    Ok(Listing { items, unclear, complete, total: None, at_least, dropped: read, ..listing })
}

/// The tickets that a filter wants, newest first: page after page until there are enough, all of them where only that
/// shows the order; a list for each status.
///
/// # Errors
/// Those of the reads.
pub async fn read(
    reader: &Reader,
    filter: &Filter,
    limit: usize,
) -> Result<Listing<Ticket>, ApiError> {
    let parts = filter.parts();
    let listed = async |reader: &Reader, part: &Filter| read_part(reader, part, limit).await;
    let mut lists = reader.each(&parts, listed).await?;
    let (Some(mut whole), rest) = (lists.pop(), lists) else {
        return reader.all(filter.list().partly()).await;
    };
    if rest.is_empty() {
        return Ok(whole);
    }
    rest.into_iter().for_each(|list| whole.add(list, |one| one.id));
    match filter.updated {
        true => sorting::sort_by_key(&mut whole.items, |one| Reverse((one.updated_at, one.id))),
        false => sorting::sort_by_key(&mut whole.items, |one| Reverse(context(one))),
    }
    Ok(whole)
}

/// The same for one status.
async fn read_part(
    reader: &Reader,
    filter: &Filter,
    limit: usize,
) -> Result<Listing<Ticket>, ApiError> {
    if filter.updated {
        let mut listing = reader.all(filter.list().partly()).await?;
        sorting::sort_by_key(&mut listing.items, |one| Reverse((one.updated_at, one.id)));
        return Ok(listing);
    }
    let newest = async |reader: &Reader| reader.all(filter.list().enough(limit).partly()).await;
    // An account that is sorted otherwise: the newest may be on any page.
    let whole = async |reader: &Reader| reader.all(filter.list().partly()).await;
    let does = |listing: &Listing<Ticket>| {
        listing.complete || listing.short || is_newest_first(&listing.items)
    };
    let mut listing = reader.or_again(newest, does, whole).await?;
    if !is_newest_first(&listing.items) {
        sorting::sort_by_key(&mut listing.items, |one| Reverse(context(one)));
    }
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
    let first = tickets.get(..tickets.len().min(COMMENTED)).unwrap_or_default();
    let newest = async |reader: &Reader, ticket: &Record<Ticket>| {
        let comments = reader.all(comments::newest(ticket.id)).await?;
        let newest = comments.items.into_iter().max_by_key(|one| one.created_at);
        Ok::<_, ApiError>(newest.map(|comment| (ticket.id, comment)))
    };
    let found = reader.each(first, newest).await?;
    Ok(found.into_iter().flatten().collect())
}
