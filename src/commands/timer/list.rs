//! `syncro timer list`: a ticket's timers with what has not been charged, or all that are running.

use std::collections::BTreeMap;

use jiff::ToSpan as _;

use crate::account::names;
use crate::api::ids::{ProductId, TicketId, UserId};
use crate::api::resources::tickets::{self, Timer};
use crate::api::resources::users;
use crate::api::{Error as ApiError, Listing, Reader, Record};
use crate::commands::answer::{self, Printed};
use crate::commands::listing::{Limit, Total, look};
use crate::commands::resolve::{TicketArg, reading};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Names, may_run};
use crate::render::hidden::{TIMERS, hidden};
use crate::render::list::Rows;
use crate::render::timer::{LIST, TimerRows, rows};
use crate::render::when;

/// List a ticket's timer entries, or all running timers
///
/// Without a ticket, lists the running timers of the whole account. Syncro cannot filter for running timers, so in an
/// account with thousands of entries only the last 90 days are searched unless you use --all.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer list 32175
  syncro timer list --mine
  syncro timer list 32175 --json | jq '.[] | select(.recorded == false)'")]
pub struct ListArgs {
    /// Ticket number [default: all running timers]
    #[arg(value_name = "NUMBER")]
    pub ticket: Option<TicketArg>,
    /// Only your own
    #[arg(long)]
    pub mine: bool,
    #[command(flatten)]
    limit: Limit,
}

/// So many pages of timers are read to find the running ones.
const PAGES: u64 = 40;
/// In a longer list, only those entered in so many days.
const DAYS: i64 = 90;
/// So many tickets are asked for their numbers and subjects.
const TICKETS: usize = 10;

/// Timers, and whether that are all.
struct Found {
    timers: Vec<Record<Timer>>,
    total: Total,
}

/// Runs `syncro timer list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let found = find(ctx, &reader, args);
    // The names are for people only.
    let (found, users) = match ctx.how().json {
        true => (found.await?, Names::default()),
        false => {
            let names = async { Ok(names::names(ctx, &reader).await) };
            tokio::try_join!(found, names)?
        }
    };
    let shown = args.limit.count().min(found.timers.len());
    for timer in found.timers.iter().take(shown).filter(|_| args.ticket.is_none()) {
        may_run(timer).iter().for_each(|text| ctx.ui().warn(text));
    }
    let rows = match ctx.how().json || shown == 0 {
        true => LIST.table().into(),
        false => look_of(ctx, &reader, args, &found.timers, shown, &users).await,
    };
    let records = found.timers.into_iter().take(shown).map(|timer| timer.raw).collect();
    let list = Printed { shape: &LIST, records, rows, total: found.total };
    answer::print(ctx, list, &nothing(args))
}

fn nothing(args: &ListArgs) -> String {
    match &args.ticket {
        Some(ticket) if args.mine => format!("you have no timers on ticket {ticket}"),
        Some(ticket) => format!("ticket {ticket} has no timers"),
        None if args.mine => "you have no running timers".to_owned(),
        None => "no timer is running".to_owned(),
    }
}

async fn find(ctx: &Context, reader: &Reader, args: &ListArgs) -> Result<Found> {
    let mine = async {
        match args.mine {
            true => Ok(Some(reader.get(users::me()).await?.user_id)),
            false => Ok(None),
        }
    };
    let Some(typed) = &args.ticket else {
        let me = mine.await?;
        let listing = running(ctx, reader, args.limit, me).await?;
        return Ok(Found { total: Total::of(&listing), timers: listing.items });
    };
    let (mut ticket, me) = tokio::try_join!(reading::ticket(ctx, reader, typed), mine)?;
    if let Some(text) = hidden(&ticket, TIMERS) {
        return Err(Error::new(Kind::Unavailable, text));
    }
    let mut timers = std::mem::take(&mut ticket.view.ticket_timers);
    timers.retain(|timer| me.is_none() || timer.user_id == me);
    Ok(Found { total: Total::all_of(&timers), timers })
}

/// Those that run in the whole account, or may; of a very long list, those of the last months.
///
/// # Errors
/// Those of the reads.
pub async fn running(
    ctx: &Context,
    reader: &Reader,
    limit: Limit,
    me: Option<UserId>,
) -> Result<Listing<Timer>> {
    let is_wanted = move |timer: &Timer| me.is_none() || timer.user_id == me;
    let wanted = move |timer: &Timer| timer.runs() != Some(false) && is_wanted(timer);
    let all = || tickets::timers().enough(limit.count()).keep(wanted).partly();
    if limit.all {
        return listed(reader.all_if_there(all()).await);
    }
    let first =
        async |reader: &Reader| listed(reader.all_if_there(all().unless_longer_than(PAGES)).await);
    let does = |listing: &Listing<Timer>| listing.complete || listing.items.len() >= limit.count();
    let late = async |reader: &Reader| {
        let look = look(ctx);
        let today = look.now.to_zoned(look.zone).date();
        let since = today.saturating_sub(DAYS.days());
        // Only to read less: an older one that the server throws in is running, too.
        let listing = reader.all(all().asking("created_at_gt", since)).await?;
        let day = when::day(since);
        ctx.ui().note(&format!("timers from before {day} were not searched; --all for those too"));
        Ok(listing)
    };
    reader.or_again(first, does, late).await
}

/// The list of all timers, or the error of an account that has none, or of which a page says so.
fn listed(found: Result<Option<Listing<Timer>>, ApiError>) -> Result<Listing<Timer>> {
    let error = match found {
        Ok(Some(listing)) => return Ok(listing),
        Ok(None) => Error::new(Kind::NotFound, "this account has no list of all running timers"),
        Err(error) if error.is_none() => error.into(),
        Err(error) => return Err(error.into()),
    };
    Err(error.hint("`syncro timer list NUMBER` shows those of one ticket"))
}

/// How the first ones look, with the names of what they are for.
async fn look_of(
    ctx: &Context,
    reader: &Reader,
    args: &ListArgs,
    timers: &[Record<Timer>],
    shown: usize,
    users: &Names,
) -> Rows {
    let first = || timers.iter().take(shown);
    let products = first().filter_map(|timer| timer.product_id);
    let tickets = async {
        match args.ticket {
            Some(_) => BTreeMap::new(),
            None => headings(ctx, reader, first().filter_map(|timer| timer.ticket_id)).await,
        }
    };
    let (products, tickets) = tokio::join!(names::products(ctx, reader, products), tickets);
    let product = |id: ProductId| products.get(&id).cloned().unwrap_or_default();
    let ticket = |id: TicketId| tickets.get(&id).cloned();
    rows(
        &TimerRows {
            timers,
            shown,
            user: &|id| users.user(id),
            product: &product,
            ticket: args.ticket.is_none().then_some(&ticket),
        },
        &look(ctx),
    )
}

/// The numbers and subjects of the first few tickets, asked for at once.
pub(super) async fn headings(
    ctx: &Context,
    reader: &Reader,
    ids: impl Iterator<Item = TicketId>,
) -> BTreeMap<TicketId, (String, String)> {
    let mut wanted: Vec<TicketId> = ids.collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.truncate(TICKETS);
    let reads = wanted.iter().map(|&id| reader.get(tickets::get(id)));
    let mut headings = BTreeMap::new();
    // Only a help: a ticket that cannot be read is shown by its id.
    for ticket in futures_util::future::join_all(reads).await.into_iter().flatten() {
        if let Ok(known) = ctx.ticket_numbers() {
            known.remember(&ticket);
        }
        let heading = (ticket.number.to_string(), ticket.subject.clone());
        headings.insert(ticket.id, heading);
    }
    headings
}
