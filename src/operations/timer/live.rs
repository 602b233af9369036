//! Timers that are started, paused and stopped where they run, as newer accounts have it. A stop may charge, too: the account
//! says so, and then there must be one new line item, which is looked for as after a charge.

use serde_json::Value;

use super::entry::lately;
use super::time::{Act as TimeAct, Time, find, large, named};
use crate::api::fields::{at, may_be_yes, to_id};
use crate::api::folder::TIMERS;
use crate::api::ids::{ProductId, TicketId, TimerId};
use crate::api::resources::settings;
use crate::api::resources::tickets::Timer;
use crate::api::resources::timers;
use crate::api::{Method, Record};
use crate::billing::money;
use crate::error::{Error, Result};
use crate::operations::guard::{Finding, Guard};
use crate::operations::rule::{Call, Env, Proposed, Rule, digits, gone};
use crate::operations::written::secret;
use crate::operations::{body, line, on_ticket};
use crate::render::preview::Sheet;
use crate::write::{
    Collection, Effect, Field, Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot, Step,
};

/// The setting by which a stop makes a line item, too.
const CHARGES: &str = "ticket_timer_charge_by_default";

/// A new timer of the key's owner, or the one that is paused on the ticket.
#[derive(Debug)]
struct Begin {
    time: Time,
}

/// Something done to a timer that is there.
#[derive(Debug)]
struct Live {
    id: u64,
    act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Start,
    Pause,
    Stop,
}

/// What a request does to a timer itself, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (TIMERS, parts) = call.place()? else {
        return None;
    };
    let fields = &call.fields;
    let (id, act) = match (call.request.method, parts.as_slice()) {
        (Method::Post, []) => {
            let ticket = TicketId(body::number(fields, "ticket_id")?);
            let product = body::number(fields, "product_id").map(ProductId);
            let (user, mended) = (None, None);
            let act = TimeAct::Start;
            let time =
                Time { ticket, act, product, user, mended, is_logged: false, since: lately() };
            return Some(Box::new(Begin { time }));
        }
        (Method::Post, [id, timers::START]) => (id, Act::Start),
        (Method::Post, [id, timers::PAUSE]) => (id, Act::Pause),
        (Method::Post, [id, timers::STOP]) => (id, Act::Stop),
        _ => return None,
    };
    Some(Box::new(Live { id: digits(id)?, act }))
}

/// A timer as the list of all of them shows it: with its status, where the account knows one.
fn listed(id: u64) -> RecordRef {
    RecordRef::Listed { noun: Noun::Timer, id }
}

/// Whether a timer runs, is paused or stopped; an older account tells by its end alone.
fn status(raw: &Value) -> &str {
    match at(raw, "status").as_str() {
        Some(status) => status,
        None if at(raw, "end_time").is_null() => Timer::RUNNING,
        None => Timer::STOPPED,
    }
}

impl Rule for Begin {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.time.ticket))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let product = self.time.product.map(line::product_ref);
        let needs = product.iter().fold(ReadSet::NOTHING.ticket(), ReadSet::record);
        self.time.running_reads(needs, seen).collection(&Collection::NEWEST_TIMERS)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.time.ticket)?;
        let sheet = on_ticket::sheet(ticket, env);
        let mine =
            |timer: &&Record<Timer>| timer.user_id == Some(env.me.user_id) && timer.is_running();
        let title = format!("Start a timer on ticket #{}", ticket.number);
        let (sheet, findings, step) = match ticket.ticket_timers.iter().find(mine) {
            Some(timer) => {
                let raw = seen.record(&listed(timer.id.0)).unwrap_or(&timer.raw);
                let named = named(timer, ticket, env.me, env.names, &env.settings.timezone);
                let sheet = sheet.row("Timer", named).notice(
                    "your timer on this ticket is resumed; what is sent with it is ignored",
                );
                (sheet, Vec::new(), become_status(call, raw, timer.id.0, Timer::RUNNING))
            }
            None => {
                let product = self.time.product.map(|id| line::product(seen, id)).transpose()?;
                let fields = &call.fields;
                let sheet = sheet
                    .row("Timer", "running from now on")
                    .maybe("Notes", body::said(fields, "notes"))
                    .maybe("Product", product.map(|product| line::product_name(&product)));
                let given = |name: &str| fields.get(name).cloned();
                let notes = given("notes").map(|notes| Field::new("notes", notes).advisory());
                let product = given("product_id");
                let product = product.map(|id| Field::new("product_id", id).advisory());
                let runs = Field::called("end_time", "end", Value::Null);
                let effect = Effect::created(Collection::TIMERS)
                    .by(Some("user_id"))
                    .check([Some(runs), notes, product].into_iter().flatten());
                let findings = self.time.other_timer(seen, env, env.me.user_id)?;
                let step = call.step("timer", "start a timer".to_owned(), effect);
                (sheet, findings.into_iter().collect(), step)
            }
        };
        let (whose, scope) = (Some(on_ticket::whose(ticket)), on_ticket::scope(ticket));
        Ok(Proposed { title, sheet, findings, step, whose, scope })
    }
}

impl Rule for Live {
    fn record(&self) -> Option<RecordRef> {
        Some(listed(self.id))
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let raw = seen.record(&listed(self.id)).ok_or_else(|| self.unknown())?;
        let ticket = to_id(at(raw, "ticket_id")).map(TicketId);
        Ok(on_ticket::scope_of(ticket.ok_or_else(|| {
            Error::refused(format!("timer entry {} is on no ticket", self.id)).nothing_written()
        })?))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let needs = ReadSet::NOTHING.ticket().record(&listed(self.id));
        if self.act != Act::Stop {
            return needs;
        }
        let raw = seen.record(&listed(self.id));
        let product = raw.and_then(|raw| to_id(at(raw, "product_id"))).map(ProductId);
        let product = product.map(line::product_ref);
        product.iter().fold(needs.record(&settings_ref()), ReadSet::record)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let raw = seen.record(&listed(self.id)).ok_or_else(|| self.unknown())?;
        let ticket = to_id(at(raw, "ticket_id")).map(TicketId);
        let ticket = on_ticket::ticket(seen, ticket.ok_or_else(|| self.unknown())?)?;
        let timer = find(ticket, TimerId(self.id))?;
        let named = named(timer, ticket, env.me, env.names, &env.settings.timezone);
        let sheet = on_ticket::sheet(ticket, env);
        let (verb, to, label) = match self.act {
            Act::Start => ("Start", Timer::RUNNING, "Start"),
            Act::Pause => ("Pause", Timer::PAUSED, "Pause"),
            Act::Stop => ("Stop", Timer::STOPPED, "Stop"),
        };
        let sheet = sheet.row(label, named);
        let now = status(raw);
        let is_possible = match self.act {
            Act::Start => now != Timer::RUNNING && now != Timer::STOPPED,
            Act::Pause => now == Timer::RUNNING,
            Act::Stop => now != Timer::STOPPED,
        };
        if !is_possible {
            let is = now.trim_start_matches("status_");
            let text = format!("timer entry {} is {is}", self.id);
            return Err(Error::refused(text).nothing_written());
        }
        let mut stop = Stop { sheet, findings: Vec::new(), effect: None };
        if self.act == Act::Stop {
            stop = stop.of(seen, env, (timer, raw))?;
        }
        let step = match stop.effect {
            Some(effect) => call.step("stop", format!("stop timer entry {}", self.id), effect),
            None => become_status(call, raw, self.id, to),
        };
        let what = format!("timer entry {}", self.id);
        let kept = ["ticket_id", "user_id", "product_id", "notes", "billable", "recorded"];
        let kept = Precondition::kept(listed(self.id), &what, raw, &kept).recheck();
        let shown = ["user_id", "start_time", "billable"];
        let of = Noun::Timer.record(timer.id);
        let shown = Precondition::kept(of, &what, &timer.raw, &shown);
        Ok(Proposed {
            title: format!("{verb} a timer of ticket #{}", ticket.number),
            sheet: stop.sheet,
            findings: stop.findings,
            step: step.requires(kept).requires(shown),
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

impl Live {
    fn unknown(&self) -> Error {
        gone("timer entry", self.id).hint("only the newest timer entries are looked through")
    }
}

fn settings_ref() -> RecordRef {
    RecordRef::answer(&settings::tickets())
}

/// What gives a timer another status; where the account shows none, nobody can tell.
fn become_status(call: &Call, raw: &Value, id: u64, to: &str) -> Step {
    let what = format!("timer entry {id}");
    let is_shown = !at(raw, "status").is_null();
    let change = is_shown.then(|| Field::change(raw, "status", "status", to));
    let changes: Vec<Field> = change.into_iter().filter(Field::is_change).collect();
    let unseen = if is_shown { Vec::new() } else { vec!["status".to_owned()] };
    let moves = ["end_time", "active_duration", "elapsed_seconds", "billable_time"];
    let mut effect = Effect::updated(listed(id), &what, changes, &moves);
    effect.settle(unseen);
    let says = format!("{} {what}", to.trim_start_matches("status_"));
    call.step("timer", says, effect)
}

/// What a stop comes to besides the end of the timer.
struct Stop {
    sheet: Sheet,
    findings: Vec<Finding>,
    /// Where it charges, what that makes.
    effect: Option<Effect>,
}

impl Stop {
    fn of(
        mut self,
        seen: &Snapshot,
        env: &Env<'_>,
        (timer, raw): (&Record<Timer>, &Value),
    ) -> Result<Self> {
        let minutes = timer.minutes(env.now).unwrap_or_default();
        self.findings.extend(large(minutes, env));
        let settings = seen.record(&settings_ref());
        if !settings.is_some_and(|settings| may_be_yes(at(settings, CHARGES))) {
            return Ok(self);
        }
        if at(raw, "billable").as_bool() == Some(false) {
            let text = "the account charges stopped timers: check the line items of the ticket";
            self.sheet = self.sheet.notice(text);
            return Ok(self);
        }
        let product = timer.product_id.map(|id| line::product(seen, id)).transpose()?;
        let price = product.as_ref().and_then(|product| product.price_retail);
        let name = product.map_or_else(|| "no product".to_owned(), |product| product.view.name);
        let text = format!("{name} for the time until now (the account charges stopped timers)");
        self.sheet = self.sheet.row("Line item", text);
        if price.unwrap_or_default().is_zero() && !env.settings.is_free(timer.product_id) {
            let text = format!("the line item would be {}", money::zero());
            self.findings.push(Finding::new(Guard::Zero, text));
        }
        let secret = secret("the line item", &[&timer.notes]);
        self.findings.extend(secret.map(|text| Finding::new(Guard::AllowSecrets, text)));
        let product = timer.product_id.map(|id| Field::new("product_id", id.0));
        let notes = Some(timer.notes.as_str()).filter(|notes| !notes.trim().is_empty());
        let like = product.into_iter().chain(notes.map(|notes| Field::new("description", notes)));
        self.effect = Some(Effect::TimerCharged { timer: timer.id.into(), like: like.collect() });
        Ok(self)
    }
}
