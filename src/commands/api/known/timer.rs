//! Timer entries: started, entered, changed, charged and deleted as `timer` does.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::write::Call;
use super::draft::{Base, changing};
use super::fields::{changes, number};
use super::{Clock, Draft};
use crate::api::Record;
use crate::api::fields::to_instant;
use crate::api::ids::{TicketId, TimerId, UserId};
use crate::api::resources::products::Product;
use crate::api::resources::tickets::Timer;
use crate::commands::bill::timers::{named, names, still};
use crate::commands::line::add::product;
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::TicketArg;
use crate::commands::timer::{
    KEPT, Wanted, add, body as whole, charge, delete, ended, find, start, update,
};
use crate::error::Result;
use crate::operations::{Finding, Names, amounts, spelled};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::Overrides;
use crate::write::{Change, Collection, Effect, Field, Noun, Precondition, ReadSet};

/// `POST /tickets/{id}/timer_entry`.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub(super) async fn add(call: &Call<'_>, ticket: TicketId) -> Result<Draft> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(ticket)).await?;
    let body = call.fields();
    let (begins, ends) = times(&body);
    let (seen, running) = match ends {
        Some(_) => (on.read(ReadSet::NOTHING).await?, Vec::new()),
        None => tokio::try_join!(on.read(ReadSet::NOTHING), start::running(&on))?,
    };
    let user = number(&body, "user_id").map_or(seen.me.user_id, UserId);
    let (mut findings, mut notices) = (Vec::new(), Vec::new());
    match (begins, ends) {
        (Some(begins), Some(ends)) => {
            let seconds = ends.as_second() - begins.as_second();
            let minutes = u64::try_from(seconds).unwrap_or_default() / 60;
            findings = add::findings(call.ctx, &seen, user, (begins, ends), minutes);
        }
        (None, _) => notices
            .push("start_at is not a time with a zone, so overlaps were not checked".to_owned()),
        (Some(_), None) => {}
    }
    if ends.is_none() {
        findings.extend(start::findings(call.ctx, &on, &seen, &running, user).await?);
    }
    let zone = &call.ctx.settings().timezone;
    let time = begins.map(|begins| match ends {
        Some(ends) => when::range(begins, Some(ends), zone),
        None => format!("running from {}", when::at_in_zone(begins, zone)),
    });
    let sheet = ticket_rows(&seen)
        .maybe("Time", time)
        .maybe("User", (user != seen.me.user_id).then(|| format!("user {user}")));
    let title = format!("Add time to ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, sheet, new_timer(&body));
    Ok(base.found(findings).draft(call)?.notice(notices))
}

fn ticket_rows(seen: &Seen) -> Sheet {
    Sheet::default().ticket(&seen.ticket).whose(&seen.ticket).by(&seen.me)
}

/// From when until when; without an end it runs.
fn times(body: &Map<String, Value>) -> (Option<Timestamp>, Option<Timestamp>) {
    let begins = body.get("start_at").and_then(to_instant);
    let minutes = number(body, "duration_minutes").and_then(|count| i64::try_from(count).ok());
    let length = minutes.and_then(SignedDuration::try_from_mins);
    let after = begins.zip(length).and_then(|(begins, length)| begins.checked_add(length).ok());
    let ends = after.or_else(|| body.get("end_at").and_then(to_instant));
    (begins, ends)
}

fn new_timer(body: &Map<String, Value>) -> Effect {
    let start = body.get("start_at").cloned().unwrap_or_default();
    let mut like = vec![Field::called("start_time", "start", start)];
    if let Some(user) = number(body, "user_id") {
        like.push(Field::called("user_id", "user", user).identifying());
    }
    if let Some(notes) = body.get("notes") {
        like.push(Field::new("notes", notes.clone()));
    }
    let by = Some("user_id").filter(|by| !body.contains_key(*by));
    Effect::created(Collection::TIMERS).like(like).by(by)
}

/// `POST .../charge_timer_entry`, `POST .../delete_timer_entry` and `PUT .../update_timer_entry`.
///
/// # Errors
/// Exit 3 when the ticket has no such entry; as for `timer`.
pub(super) async fn touch(
    call: &Call<'_>,
    ticket: TicketId,
    id: TimerId,
    what: Clock,
) -> Result<Draft> {
    let typed = TicketArg::Id(ticket);
    let on = OnTicket::find(call.ctx, &typed).await?;
    if what == Clock::Delete {
        let args =
            delete::DeleteArgs { ticket: typed, timer: id.0, overrides: Overrides::default() };
        return Ok(delete::gather(call.ctx, &on, &args).await?.into());
    }
    let seen = on.read(ReadSet::NOTHING).await?;
    let timer = find(&seen.ticket, id)?;
    let names = names(call.ctx, &call.reader, &seen.ticket, &seen.me, [&timer.view]).await;
    match what {
        Clock::Charge => charged(call, &on, seen, id, &names).await,
        _ => updated(call, seen, id, &names),
    }
}

async fn charged(
    call: &Call<'_>,
    on: &OnTicket<'_>,
    seen: Seen,
    id: TimerId,
    names: &Names,
) -> Result<Draft> {
    let timer = find(&seen.ticket, id)?;
    charge::may_charge(timer, &seen.ticket)?;
    let sold: Option<Product> = match timer.product_id {
        Some(id) => Some(product(on, id).await?.view),
        None => None,
    };
    let price = sold.as_ref().and_then(|product| product.price_retail);
    let price = price.unwrap_or_default();
    let hours = Decimal::from(timer.seconds().unwrap_or_default()) / Decimal::from(3600);
    let hours = hours.round_dp(2);
    let name = sold.map_or_else(|| "no product".to_owned(), |product| product.name);
    let zone = &call.ctx.settings().timezone;
    let sheet = ticket_rows(&seen)
        .row("Charge", named(timer, &seen.ticket, &seen.me, names, zone))
        .row("Line item", spelled(hours, &name, price));
    let findings = amounts("the line item", hours, price, call.ctx.settings());
    let of = Noun::Timer.record(id);
    let given = Precondition::new(of, format!("timer entry {id}"), still(timer)).recheck();
    let effect = becomes(timer, hours);
    let title = format!("Charge time of ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, sheet, effect);
    let notice = "fields that Syncro drops are not corrected; `syncro timer charge` corrects them";
    let draft = base.requires(given).found(findings).draft(call)?;
    Ok(draft.notice([notice.to_owned()]))
}

/// What charging makes: any of it tells the line.
fn becomes(timer: &Timer, hours: Decimal) -> Effect {
    let mut like = vec![Field::new("quantity", json!(hours.to_string()))];
    if !timer.notes.trim().is_empty() {
        like.push(Field::new("description", timer.notes.as_str()));
    }
    Effect::TimerCharged { timer: timer.id, like }
}

fn updated(call: &Call<'_>, seen: Seen, id: TimerId, names: &Names) -> Result<Draft> {
    let timer = find(&seen.ticket, id)?;
    let mut body = call.fields();
    body.remove("timer_entry_id");
    // Left out, the user would become the key's owner; the rest may fall back, too.
    let kept = whole(timer, &Wanted::default());
    let kept: Vec<(String, Value)> =
        kept.into_iter().filter(|(name, _)| !body.contains_key(name)).collect();
    let (changes, unseen) = entry_changes(&body, timer)?;
    let zone = &call.ctx.settings().timezone;
    let sheet = ticket_rows(&seen).row("Timer", named(timer, &seen.ticket, &seen.me, names, zone));
    let what = format!("timer entry {id}");
    let of = Noun::Timer.record(id);
    let side_effects = ["active_duration", "billable_time", "end_time"];
    let (effect, sheet) = changing(of, &what, changes, sheet, &side_effects);
    let mut notices = Vec::new();
    if body.contains_key("end_at") {
        notices.push("Syncro ignores end_at; duration_minutes sets the end".to_owned());
    }
    if timer.is_running() && body.contains_key("duration_minutes") {
        notices.push("the entry is running; this stops it".to_owned());
    }
    let findings: Vec<Finding> = update::charged(timer, "does not change");
    let title = format!("Change a timer entry of ticket #{}", seen.ticket.number);
    let raw = timer.raw.clone();
    let base = Base::on(seen, title, sheet, effect).found(findings);
    let draft = base.draft(call)?.unseen(unseen).along(kept);
    Ok(draft.requires_unchanged(&raw, &KEPT).notice(notices))
}

/// What changes by the names that a GET has for it.
fn entry_changes(
    body: &Map<String, Value>,
    timer: &Record<Timer>,
) -> Result<(Vec<Change>, Vec<String>)> {
    let mut rest = body.clone();
    let mut more = Vec::new();
    let start = rest.remove("start_at");
    if let Some(start) = &start {
        more.push(Change::new(&timer.raw, "start_time", "start", start.clone()));
    }
    let begins = start.as_ref().map_or(timer.start_time, to_instant);
    let minutes = number(&rest, "duration_minutes");
    if let (Some(begins), Some(minutes)) = (begins, minutes) {
        rest.remove("duration_minutes");
        let end = ended(begins, minutes)?.to_string();
        more.push(Change::new(&timer.raw, "end_time", "end", end));
    }
    let (mut found, unseen) = changes(&rest, &timer.raw);
    more.retain(Change::is_one);
    found.extend(more);
    Ok((found, unseen))
}
