//! `syncro appointment list`: the appointments of some days, in their order. The server knows the days and "mine";
//! customer, ticket and owner are looked at here.

use std::cell::Cell;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

use crate::account::names;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::customers::Customer;
use crate::api::{Listing, Reader, Record};
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
  syncro appointment list --date 2026-05-01..2026-05-31 --customer \"Copperkettle Bakery\"
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
    #[arg(long, value_name = "USER", conflicts_with = "mine")]
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
    /// How many named nobody while a user was asked for.
    nobodys: Cell<usize>,
}

impl Wanted {
    fn keep(&self, appointment: &Appointment, ticket: Option<TicketId>) -> bool {
        let day = appointment.start_at.map(|start| start.to_zoned(self.zone.clone()).date());
        let on = day.is_some_and(|day| self.first <= day && day <= self.last);
        let customer = self.customer.as_ref();
        let of_ticket =
            appointment.ticket_id.or(appointment.ticket.as_ref().map(|ticket| ticket.id));
        on && customer.is_none_or(|customer| appointment.is_with(customer))
            && ticket.is_none_or(|id| of_ticket == Some(id))
            && self.goes(appointment)
    }

    /// Whether the user that was asked for goes there. "Mine" is known to the server, and believed where an appointment
    /// names nobody.
    fn goes(&self, appointment: &Appointment) -> bool {
        let (Some(user), users) = (self.user, appointment.users()) else {
            return true;
        };
        if users.is_empty() && !self.mine {
            self.nobodys.set(self.nobodys.get() + 1);
        }
        users.contains(&user) || users.is_empty() && self.mine
    }
}

/// Runs `syncro appointment list`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = Zoned::now().with_time_zone(zone.clone());
    let (first, last) = match &args.date {
        Some(typed) => dates::window(typed, &now).map_err(Error::usage)?,
        None => (now.date(), now.date().saturating_add(DAYS.days())),
    };
    let reader = ctx.reader()?;
    let (customer, user) =
        tokio::try_join!(customer(ctx, &reader, args), user(ctx, &reader, args))?;
    let wanted = Wanted {
        first,
        last,
        zone,
        customer,
        user,
        mine: args.mine || args.owner == Some(UserArg::Me),
        nobodys: Cell::new(0),
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
    let (listing, names) = match ctx.how().json {
        true => (found.await?, Names::default()),
        false => tokio::try_join!(found, async { Ok(names::names(ctx, &reader).await) })?,
    };
    let nothing = format!("no such appointments from {} to {}", when::day(first), when::day(last));
    let shown = Shown::of(listing, args.limit, true);
    shown.print(ctx, &render::appointment::LIST, &nothing, |items, look| {
        render::appointment::rows(items, &|id| names.user(id), look)
    })?;
    if wanted.nobodys.get() > 0 {
        ctx.ui().warn(&format!(
            "{} of these days have no assignee and were left out",
            wanted.nobodys.get()
        ));
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
async fn read(
    reader: &Reader,
    wanted: &Wanted,
    ticket: Option<TicketId>,
) -> Result<Listing<Appointment>> {
    // The server's zone is not known, nor whether its last day is in or out: two days on either side are enough.
    let from = wanted.first.saturating_sub(2.days());
    let to = wanted.last.saturating_add(2.days());
    let list = appointments::between(from, to, wanted.mine);
    let keep = |appointment: &Appointment| wanted.keep(appointment, ticket);
    let mut listing = reader.matching(list, keep).await?;
    sorting::sort_by_key(&mut listing.items, |appointment| (appointment.start_at, appointment.id));
    Ok(listing)
}
