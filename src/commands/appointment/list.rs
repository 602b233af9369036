//! `syncro appointment list`: the appointments of some days, in their order. The server knows the days and "mine";
//! customer, ticket and owner are looked at here.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::account::names;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::customers::Customer;
use crate::api::{List, Listing, Reader, Record};
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg, TicketArg, UserArg, reading};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};
use crate::operations::Names;
use crate::render::{self, when};
use crate::sorting;

/// List appointments
///
/// Shows the next 14 days, or the days given with --date, in the configured time zone.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro appointment list
  syncro appointment list --date fri --mine
  syncro appointment list --date 2026-05-01..2026-05-31 --customer Mossgate
  syncro appointment list --ticket 32179 --json")]
pub struct ListArgs {
    /// Days: fri, 2026-05-23, "next week", 30d, 2026-05-01..2026-05-31 [default: the next 14 days]
    #[arg(long, value_name = "DAYS")]
    pub date: Option<String>,
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Only for this ticket
    #[arg(long, value_name = "NUMBER")]
    pub ticket: Option<TicketArg>,
    /// Only for this assignee: an id, a name, or me
    #[arg(long = "assignee", value_name = "USER", aliases = ["assign", "user", "owner"], conflicts_with = "mine")]
    pub owner: Option<UserArg>,
    /// Only your own
    #[arg(long)]
    pub mine: bool,
    #[command(flatten)]
    limit: Limit,
}

/// Today and so many days after it, when no days are named.
const DAYS: i64 = 14;

/// Which are wanted, resolved.
struct Wanted {
    first: Date,
    last: Date,
    zone: TimeZone,
    customer: Option<Record<Customer>>,
    user: Option<UserId>,
    mine: bool,
}

impl Wanted {
    fn list(&self, ticket: Option<TicketId>) -> List<Appointment> {
        let all = appointments::between(self.first, self.last, &self.zone);
        let list = match ticket {
            None => all,
            Some(_) => all.keep(move |one| {
                one.ticket_id.or(one.ticket.as_ref().map(|ticket| ticket.id)) == ticket
            }),
        };
        let list = match self.customer.clone() {
            None => list,
            Some(customer) => list.keep(move |one| one.is_with(&customer)),
        };
        match self.user {
            // "Mine" is known to the server, and believed where an appointment names nobody.
            Some(user) if self.mine => list.filter("mine", Some(true), move |one| {
                let users = one.users();
                users.is_empty() || users.contains(&user)
            }),
            _ => list,
        }
    }
}

/// Appointments, and how many more there are that name nobody.
struct Found {
    listing: Listing<Appointment>,
    nobodys: usize,
}

/// Runs `syncro appointment list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = ctx.present();
    let (first, last) = match &args.date {
        Some(typed) => dates::window(typed, &now).map_err(Error::usage)?,
        None => (now.date(), now.date().saturating_add(DAYS.days())),
    };
    let reader = ctx.reader_to_show()?;
    let (customer, user) =
        tokio::try_join!(customer(ctx, &reader, args), user(ctx, &reader, args))?;
    let wanted = Wanted {
        first,
        last,
        zone,
        customer,
        user,
        mine: args.mine || args.owner == Some(UserArg::Me),
    };
    let found = async {
        match &args.ticket {
            Some(typed) => {
                let read = |ticket| read(&reader, &wanted, Some(ticket));
                reading::of_ticket(ctx, &reader, typed, read).await
            }
            None => read(&reader, &wanted, None).await,
        }
    };
    // The names are for people only.
    let (found, names) = match ctx.how().json {
        true => (found.await?, Names::default()),
        false => tokio::try_join!(found, async { Ok(names::names(ctx, &reader).await) })?,
    };
    let nothing = format!("no such appointments from {} to {}", when::day(first), when::day(last));
    let shown = Shown::of(found.listing, args.limit);
    shown.print(ctx, &render::appointment::LIST, &nothing, |items, look| {
        render::appointment::rows(items, &|id| names.user(id), look)
    })?;
    if found.nobodys > 0 {
        ctx.ui()
            .warn(&format!("{} of these days have no assignee and were left out", found.nobodys));
    }
    Ok(())
}

async fn customer(
    ctx: &Context,
    reader: &Reader,
    args: &ListArgs,
) -> Result<Option<Record<Customer>>> {
    match &args.customer {
        Some(typed) => resolve::customer(ctx, reader, typed).await.map(Some),
        None => Ok(None),
    }
}

async fn user(ctx: &Context, reader: &Reader, args: &ListArgs) -> Result<Option<UserId>> {
    let typed = match args.mine {
        true => Some(&UserArg::Me),
        false => args.owner.as_ref(),
    };
    match typed {
        Some(typed) => Ok(Some(resolve::user(ctx, reader, typed).await?.0)),
        None => Ok(None),
    }
}

/// All that are wanted, the earliest first.
async fn read(reader: &Reader, wanted: &Wanted, ticket: Option<TicketId>) -> Result<Found> {
    let mut listing = reader.all(wanted.list(ticket).partly()).await?;
    let mut nobodys = 0;
    if let Some(user) = wanted.user
        && !wanted.mine
    {
        nobodys = listing.items.iter().filter(|one| one.users().is_empty()).count();
        listing.items.retain(|one| one.users().contains(&user));
    }
    sorting::sort_by_key(&mut listing.items, |appointment| (appointment.start_at, appointment.id));
    Ok(Found { listing, nobodys })
}
