//! How an appointment is found: by its id, its day or time, its summary, or as the only one of some days.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::api::ids::AppointmentId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::customers::Customer;
use crate::api::{Reader, Record};
use crate::commands::resolve::candidates::{called, lines, meant};
use crate::commands::resolve::{Candidate, IdOrName, named};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Hint, Kind, Result};
use crate::sorting;
use crate::write::whole;

/// Days that are looked through when none are named.
const COMING: i64 = 14;

/// Which are looked for.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Those of a customer.
    pub customer: Option<&'a Customer>,
    /// The days that were typed.
    pub days: Option<&'a str>,
    /// What was typed for one of them.
    pub name: Option<&'a str>,
}

/// Those of some days, in their order.
#[derive(Debug)]
pub struct Found {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// As their list has them.
    pub appointments: Vec<Record<Appointment>>,
    /// One that may have been meant, if nobody can read when it begins.
    pub unclear: Option<Record<Appointment>>,
}

/// Those that are wanted: of the days that were typed, else of those that the name is, else of the coming ones. What a
/// day is called an appointment may be called as well: then both are found.
///
/// # Errors
/// Exit 2 for days that cannot be understood; those of the reads.
pub async fn search(ctx: &Context, reader: &Reader, wanted: &Wanted<'_>) -> Result<Found> {
    let zone = &ctx.settings().timezone;
    let now = ctx.present();
    let moment =
        wanted.name.and_then(|name| dates::moment(name, &now).ok()).map(|moment| moment.at);
    let days = wanted.name.and_then(|name| dates::window(name, &now).ok());
    let days = moment.as_ref().map(|at| (at.date(), at.date())).or(days);
    let coming = (now.date(), now.date().saturating_add(COMING.days()));
    let (from, to) = match wanted.days {
        Some(days) => {
            dates::window(days, &now).map_err(|why| Error::usage(format!("--date: {why}")))?
        }
        None => days.unwrap_or(coming),
    };
    let has_letters = wanted.name.is_some_and(|name| name.chars().any(char::is_alphabetic));
    let by_name = (days.is_some() && wanted.days.is_none() && has_letters).then_some(coming);
    let mut found = between(reader, wanted, (from, to), zone).await?;
    if let Some(coming) = by_name {
        let ids: BTreeSet<AppointmentId> = found.iter().map(|one| one.id).collect();
        let more = between(reader, wanted, coming, zone).await?;
        found.extend(more.into_iter().filter(|one| !ids.contains(&one.id)));
    }
    sorting::sort_by_key(&mut found, |one| (one.start_at, one.id));
    let mut unclear = None;
    if let Some(name) = wanted.name {
        let is_then = |one: &Appointment| {
            let start = one.start_at.map(|start| start.to_zoned(zone.clone()));
            start.is_some_and(|start| match (&moment, days) {
                (Some(at), _) => start == *at,
                (None, Some((first, last))) => first <= start.date() && start.date() <= last,
                (None, None) => false,
            })
        };
        let all = candidates(ctx, &found);
        let places = match days {
            Some(_) => called(name, &all),
            None => meant(name, &all),
        };
        let is_of_time = moment.is_some() || days.is_some();
        unclear = found.iter().find(|one| is_of_time && one.is_of_unclear_start()).cloned();
        let mut at = 0..;
        found.retain(|one| at.next().is_some_and(|at| places.contains(&at)) || is_then(one));
    }
    Ok(Found { from, to, appointments: found, unclear })
}

/// That there is none, as far as anybody can tell: one whose beginning cannot be read is not absent.
#[must_use]
pub fn missing(text: String, unclear: Option<Record<Appointment>>) -> Error {
    match unclear.as_ref().and_then(|one| Some((one.id, one.unclear()?))) {
        None => Error::new(Kind::NotFound, text),
        Some((id, found)) => {
            let text = format!("{text} that can be read: cannot read {found} of appointment {id}");
            Error::refused(text)
        }
    }
}

/// Those of some days, of the customer where one is wanted.
async fn between(
    reader: &Reader,
    wanted: &Wanted<'_>,
    (from, to): (Date, Date),
    zone: &TimeZone,
) -> Result<Vec<Record<Appointment>>> {
    let list = appointments::between(from, to, zone);
    let list = match wanted.customer.cloned() {
        Some(customer) => list.keep(move |one| one.is_with(&customer)),
        None => list,
    };
    Ok(whole(reader.all(list.fresh()).await?)?)
}

/// As they are told apart.
#[must_use]
pub fn candidates(ctx: &Context, all: &[Record<Appointment>]) -> Vec<Candidate> {
    let zone = &ctx.settings().timezone;
    all.iter().map(|one| Candidate::appointment(one, zone)).collect()
}

/// The only one, or of several the one that a person picks; none where there is none.
///
/// # Errors
/// Exit 2 for several where nobody can be asked, with the hint; exit 9 when no choice was made.
pub async fn only(
    ctx: &Context,
    several: String,
    mut found: Vec<Record<Appointment>>,
    hint: &'static str,
) -> Result<Option<Record<Appointment>>> {
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let at = named::among(ctx, several, lines(&candidates(ctx, &found)), hint).await;
    Ok(Some(found.swap_remove(at.map_err(Error::nothing_written)?)))
}

/// The id of the one that was meant; an id is taken as it is.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn id_of(ctx: &Context, reader: &Reader, typed: &IdOrName) -> Result<AppointmentId> {
    if let Some(id) = typed.id() {
        return Ok(AppointmentId(id));
    }
    let wanted = Wanted { name: typed.name(), ..Wanted::default() };
    let Found { from, to, appointments, unclear } = search(ctx, reader, &wanted).await?;
    let several = format!("{} appointments match {typed}", appointments.len());
    let found = only(ctx, several, appointments, "use the id or the time").await?;
    found.map(|one| one.id).ok_or_else(|| {
        let text = format!("there is no appointment {typed} from {from} to {to}");
        let hint = Hint::from("use its id, its day or its time; ");
        missing(text, unclear)
            .nothing_written()
            .hint(hint.command("appointment list").text(" lists those of other days with --date"))
    })
}
