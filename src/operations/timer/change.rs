//! A timer entry that is changed: when it began, how long it took, what was done and what it is sold as. A length ends one
//! that runs; the server has no other call for it.

use serde_json::{Map, Value, json};

use super::time::{KEPT, Time, ahead, ended, large, length, named, who, written};
use crate::api::Record;
use crate::api::fields::{at, to_instant};
use crate::api::ids::UserId;
use crate::api::resources::products::Product;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::timers::ID;
use crate::error::{Error, Result};
use crate::operations::rule::{Call, Env, Proposed};
use crate::operations::unbilled::charged;
use crate::operations::{body, on_ticket, sold};
use crate::render::{in_brief, when};
use crate::write::{Effect, Field, Noun, Snapshot, Step};

/// What follows from its times.
const FOLLOW: [&str; 2] = ["active_duration", "billable_time"];

/// A change, and how people read it.
type Told = (Field, String);

/// What an entry is changed to.
struct Wanted {
    changes: Vec<Told>,
    /// Names that no GET shows.
    unseen: Vec<String>,
    /// The minutes that it is to take, where that changes its end.
    minutes: Option<u64>,
    /// What it is to be charged as, where that changes.
    product: Option<Record<Product>>,
}

impl Time {
    pub(super) fn change(
        &self,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
        (ticket, timer): (&Record<Ticket>, &Record<Timer>),
    ) -> Result<Proposed> {
        let mut fields = call.fields.clone();
        fields.retain(|name, _| name != ID);
        let what = format!("timer entry {}", timer.id);
        let wanted = self.wanted(&fields, seen, env, (ticket, timer))?;
        let stops = timer.is_running() && wanted.minutes.is_some();
        let name = named(timer, ticket, env.me, env.names, &env.settings.timezone);
        let mut sheet =
            on_ticket::sheet(ticket, env).row(if stops { "Stop" } else { "Timer" }, name);
        for (_, says) in &wanted.changes {
            sheet = sheet.row("Change", says);
        }
        if stops {
            sheet = sheet.row("", format!("it is {}; this stops it", timer.now()));
        }
        let mut sheet = sheet.all_notices(&body::notices(&fields, &timer.raw, &wanted.unseen));
        let ends = wanted.changes.iter().find(|(change, _)| change.path == "end_time");
        let ends = ends.and_then(|(change, _)| to_instant(&change.expected));
        sheet = sheet.all_notices(&ends.and_then(|ends| ahead(ends, env)));
        if fields.contains_key("end_at") {
            sheet = sheet.notice("Syncro ignores end_at; duration_minutes sets the end");
        }
        let says: Vec<String> = wanted.changes.iter().map(|(_, says)| says.clone()).collect();
        let brief = in_brief(&says);
        let (name, does) = match stops {
            true => ("stop_timer", format!("stop {what}: {brief}")),
            false => ("update_timer", format!("change {what}: {brief}")),
        };
        let changes = wanted.changes.into_iter().map(|(change, _)| change).collect();
        let effect = Effect::updated(Noun::Timer.record(timer.id), &what, changes, &FOLLOW);
        let step = call.step(name, does, effect).reports(says.join("; "));
        let mut step = step.requires_unchanged(&timer.raw, &KEPT);
        let unsold = wanted.product.as_ref().and_then(|product| sold::disabled(product));
        if let Some(product) = wanted.product {
            step = step.requires(sold::sold_as(&product, &sold::NAMED));
        }
        if let Some(Value::Object(body)) = &mut step.request.body {
            body.extend(kept(&fields, timer));
        }
        step.effect.settle(wanted.unseen);
        let large = wanted.minutes.and_then(|minutes| large(minutes, env));
        let beside = self.beside(seen, env, (ticket, "it"));
        sheet = sheet.all_notices(&beside.notices);
        Ok(Proposed {
            title: match stops {
                true => format!("Stop a timer of ticket #{}", ticket.number),
                false => format!("Change a timer entry of ticket #{}", ticket.number),
            },
            sheet,
            findings: charged(timer, "does not change")
                .into_iter()
                .chain(beside.findings)
                .chain(large)
                .chain(unsold)
                .collect(),
            step: beside.ground.into_iter().fold(step, Step::requires),
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }

    fn wanted(
        &self,
        fields: &Map<String, Value>,
        seen: &Snapshot,
        env: &Env<'_>,
        (ticket, timer): (&Record<Ticket>, &Record<Timer>),
    ) -> Result<Wanted> {
        let change =
            |at: &str, label: &str, to: &Value| Field::change(&timer.raw, at, label, to.clone());
        let (mut changes, minutes) = times(fields, timer, env)?;
        if let Some(notes) = fields.get("notes") {
            let change = change("notes", "notes", notes);
            let says = format!("notes -> {}", crate::write::field_shown(notes));
            changes.push((change, says));
        }
        let sold = self.sold(seen).filter(|_| fields.contains_key("product_id"));
        let product = sold.map(|id| sold::product(seen, id)).transpose()?;
        if let Some(id) = fields.get("product_id") {
            let name = product.as_ref().map(|product| sold::product_name(product));
            let name = name.unwrap_or_else(|| crate::write::field_shown(id));
            changes.push((change("product_id", "product", id), format!("product -> {name}")));
        }
        if let Some(id) = fields.get("user_id") {
            let user = body::number(fields, "user_id").map(UserId);
            let name = user.map(|user| who(user, ticket, env.me, env.names));
            let name = name.unwrap_or_else(|| crate::write::field_shown(id));
            changes.push((change("user_id", "user", id), format!("user -> {name}")));
        }
        let known = ["start_at", "notes", "product_id", "user_id"];
        let has_length = body::number(fields, "duration_minutes").is_some();
        let mut rest = fields.clone();
        rest.retain(|name, _| {
            let is_length = has_length && name == "duration_minutes";
            !is_length && !known.contains(&name.as_str())
        });
        let (others, unseen) = body::changes(&rest, &timer.raw);
        changes.extend(others.into_iter().map(|change| {
            let says = change.says();
            (change, says)
        }));
        changes.retain(|(change, _)| change.is_change());
        let ends = changes.iter().any(|(change, _)| change.path == "end_time");
        Ok(Wanted { changes, unseen, minutes: minutes.filter(|_| ends), product })
    }
}

/// The changes of its times, and the minutes that it is to take.
fn times(
    fields: &Map<String, Value>,
    timer: &Record<Timer>,
    env: &Env<'_>,
) -> Result<(Vec<Told>, Option<u64>)> {
    let zone = &env.settings.timezone;
    let mut changes = Vec::new();
    let start = fields.get("start_at");
    let begins = match start {
        Some(_) => body::instant(fields, "start_at")?,
        None => timer.start_time,
    };
    if let Some(start) = start {
        let shown = begins.map(|at| when::at_in_zone(at, zone));
        let shown = shown.unwrap_or_else(|| crate::write::field_shown(start));
        let change = Field::change(&timer.raw, "start_time", "start", start.clone());
        changes.push((change, format!("start -> {shown}")));
    }
    let typed = body::count(fields, "duration_minutes")?;
    let moved = start.and_then(|_| length(timer, true));
    let Some(minutes) = typed.or(moved) else {
        return Ok((changes, None));
    };
    let Some(begins) = begins else {
        let text = format!("timer entry {} has no start time", timer.id);
        return Err(Error::refused(text).nothing_written().hint("say when it began, too"));
    };
    let end = ended(begins, minutes)?;
    let range = when::range(begins, Some(end), zone);
    let change = Field::change(&timer.raw, "end_time", "end", written(end, zone));
    changes.push((change, format!("length -> {} ({range})", when::length(minutes))));
    Ok((changes, Some(minutes)))
}

/// What a body leaves out, as the entry has it: the user would become the key's owner, and the rest may fall back, too.
fn kept(fields: &Map<String, Value>, timer: &Record<Timer>) -> Vec<(String, Value)> {
    if body::is_wrapped(fields, &timer.raw) {
        return Vec::new();
    }
    let is = |name: &str| Some(at(&timer.raw, name).clone()).filter(|value| !value.is_null());
    let length = length(timer, fields.contains_key("start_at"));
    let all = [
        ("start_at", is("start_time")),
        ("duration_minutes", length.map(|minutes| json!(minutes))),
        ("notes", is("notes")),
        ("product_id", is("product_id")),
        ("user_id", is("user_id")),
    ];
    let left = all.into_iter().filter(|(name, _)| !fields.contains_key(*name));
    left.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
