//! `syncro timer`: time spent on tickets, charged or not. A file a verb, and what they share: finding an entry, what time
//! is sold as, the server's clock, and the body that an entry is changed by.

pub mod add;
pub mod charge;
pub mod delete;
pub mod list;
pub mod start;
pub mod stop;
pub mod update;

use std::cell::Cell;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::api::ids::{ProductId, TimerId, UserId};
use crate::api::resources::products::Product;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::{Reader, Record};
use crate::billing::quantity::Minutes;
use crate::commands::bill::ask::by_time;
use crate::commands::deferred::Deferred;
use crate::commands::line::add::product;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::{self, UserArg};
use crate::config::Settings;
use crate::context::Context;
use crate::error::{Error, Kind, Result};

/// Start, stop, add and charge time on tickets
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer start 32181 --labor remote
  syncro timer stop 32181 --notes \"Copied the layout back\"
  syncro timer add 32181 --minutes 45 --start \"yesterday 14:00\" --labor remote
  syncro timer charge 32168 --all
  syncro timer list --mine")]
pub struct TimerArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Start(start::StartArgs),
    Stop(stop::StopArgs),
    Add(add::AddArgs),
    Update(update::UpdateArgs),
    Charge(charge::ChargeArgs),
    Delete(delete::DeleteArgs),
}

/// Runs `syncro timer`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &TimerArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Start(args) => start::run(ctx, args).await,
        Verb::Stop(args) => stop::run(ctx, args).await,
        Verb::Add(args) => add::run(ctx, args).await,
        Verb::Update(args) => update::run(ctx, args).await,
        Verb::Charge(args) => charge::run(ctx, args).await,
        Verb::Delete(args) => delete::run(ctx, args).await,
    }
}

/// What time is sold as, where the entry itself is to know.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SoldArgs {
    /// Product id to charge the time as
    #[arg(long, value_name = "ID", conflicts_with = "labor")]
    pub product: Option<u64>,
    /// Labor type to charge the time as, from the configured [labor.NAME]
    #[arg(long, value_name = "NAME")]
    pub labor: Option<String>,
}

impl SoldArgs {
    /// The product that was meant, if one was.
    ///
    /// # Errors
    /// Exit 2 for a labor type that is not configured, or not counted by time.
    fn id(&self, settings: &Settings) -> Result<Option<ProductId>> {
        match &self.labor {
            Some(labor) => Ok(Some(by_time(settings, labor)?.product_id)),
            None => Ok(self.product.map(ProductId)),
        }
    }
}

/// The product that was named, read and proven.
async fn sold(on: &OnTicket<'_>, id: Option<ProductId>) -> Result<Option<Product>> {
    match id {
        Some(id) => Ok(Some(product(on, id).await?.view)),
        None => Ok(None),
    }
}

/// A product for people.
fn product_name(product: &Product) -> String {
    format!("{} (id {})", product.name, product.id)
}

/// The user that was named.
async fn person(reader: &Reader, typed: Option<&UserArg>) -> Result<Option<(UserId, String)>> {
    match typed {
        Some(typed) => resolve::user(reader, typed).await.map(Some),
        None => Ok(None),
    }
}

/// The present by the server's clock, once it has answered; the same however often a plan is gathered.
#[derive(Debug, Default)]
struct Present(Cell<Option<Timestamp>>);

impl Present {
    fn of(&self, reader: &Reader) -> Timestamp {
        let read = || reader.server_date().unwrap_or_else(Timestamp::now);
        let now = self.0.get().unwrap_or_else(read);
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        self.0.set(Some(now));
        now
    }
}

/// An instant as it is sent: with the offset of the technician's zone.
fn written(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}

/// So many minutes after `start`.
///
/// # Errors
/// Exit 2 beyond the end of time.
pub(crate) fn ended(start: Timestamp, minutes: u64) -> Result<Timestamp> {
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX);
    let length = jiff::SignedDuration::try_from_mins(minutes);
    length
        .and_then(|length| start.checked_add(length).ok())
        .ok_or_else(|| Error::usage("the time is too long for a timer entry"))
}

/// Reads a length for a timer entry: the server counts whole minutes only.
///
/// # Errors
/// What is wrong with it.
fn whole_minutes(typed: &str) -> std::result::Result<u64, String> {
    let minutes: Minutes =
        typed.parse().map_err(|error: crate::billing::quantity::NotMinutes| error.to_string())?;
    minutes.whole().ok_or_else(|| format!("invalid time \"{typed}\": use whole minutes"))
}

/// One timer entry of the ticket.
///
/// # Errors
/// Exit 3, with the ids that are there.
pub(crate) fn find(ticket: &Record<Ticket>, id: TimerId) -> Result<&Record<Timer>> {
    let timers = &ticket.ticket_timers;
    timers.iter().find(|timer| timer.id == id).ok_or_else(|| {
        let ids: Vec<String> = timers.iter().map(|timer| timer.id.to_string()).collect();
        let there = match ids.is_empty() {
            true => "it has no timer entries".to_owned(),
            false => format!("it has {}", ids.join(", ")),
        };
        Error::new(
            Kind::NotFound,
            format!("ticket #{} has no timer entry {id}; nothing was written", ticket.number),
        )
        .hint(there)
    })
}

/// What an entry is changed to; what is none stays.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    start: Option<String>,
    minutes: Option<u64>,
    notes: Option<String>,
    product_id: Option<ProductId>,
    user_id: Option<UserId>,
}

/// What a body sends along, and whether it is charged already.
pub(crate) const KEPT: [&str; 6] =
    ["start_time", "end_time", "notes", "product_id", "user_id", "recorded"];

/// The whole entry as it is to be: what is left out of a PUT may be set to its default, the user to the key's owner.
pub(crate) fn body(timer: &Record<Timer>, wanted: &Wanted) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        body.extend(value.map(|value| (name.to_owned(), value)));
    };
    let start = wanted.start.clone().map(Value::from);
    put("start_at", start.or_else(|| kept(timer, "start_time")));
    put("duration_minutes", wanted.minutes.map(Value::from));
    let notes = wanted.notes.clone().map(Value::from);
    put("notes", notes.or_else(|| kept(timer, "notes")));
    let product = wanted.product_id.or(timer.product_id);
    put("product_id", product.map(|id| json!(id)));
    let user = wanted.user_id.or(timer.user_id);
    put("user_id", user.map(|id| json!(id)));
    body
}

fn kept(timer: &Record<Timer>, name: &str) -> Option<Value> {
    let value = timer.raw.get(name)?;
    (!value.is_null()).then(|| value.clone())
}
