//! Timers that are started, paused and stopped where they run, as newer accounts have it. A stop may charge, too: the account
//! says so, and then there must be one new line item, which is looked for as after a charge.

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use super::charge::product_of;
use super::entry::running;
use super::time::{Time, find, its_line, large, named, not_the_rate, not_the_rounding};
use crate::api::fields::{at, may_be_yes, to_id};
use crate::api::folder::{TICKETS, TIMERS};
use crate::api::ids::{ProductId, TicketId, TimerId, UserId};
use crate::api::resources::line_items;
use crate::api::resources::settings;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::timers;
use crate::api::{Method, Record};
use crate::billing::money;
use crate::billing::quantity::hours;
use crate::error::{Error, Result};
use crate::operations::elsewhere::Spent;
use crate::operations::guard::{Finding, Guard};
use crate::operations::rule::{Call, Env, Proposed, Rule, digits, gone};
use crate::operations::unbilled::charged;
use crate::operations::written::secret;
use crate::operations::{body, line, on_ticket, readable, sold};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::write::{
    Collection, Effect, Field, FieldKind, Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot,
    Step,
};

/// The setting by which a stop makes a line item, too.
const CHARGES: &str = "ticket_timer_charge_by_default";

/// What a preview shows of a timer.
const SHOWN: [&str; 4] = ["user_id", "start_time", "billable", "billable_override"];

/// The same of its list.
const LISTED: [&str; 7] =
    ["ticket_id", "user_id", "product_id", "notes", "billable", "billable_override", "recorded"];

/// The field that marks a timer.
const BILLABLE: &str = "billable";

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
    /// Marked as billable or not.
    Mark,
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
            let time = Time { product, ..Time::starting(ticket, None) };
            return Some(Box::new(Begin { time }));
        }
        (Method::Post, [id, timers::START]) => (id, Act::Start),
        (Method::Post, [id, timers::PAUSE]) => (id, Act::Pause),
        (Method::Post, [id, timers::STOP]) => (id, Act::Stop),
        (Method::Patch | Method::Put, [id]) => (id, Act::Mark),
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

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let product = self.time.product.map(sold::product_ref);
        let needs = product.iter().fold(ReadSet::NOTHING.ticket(), ReadSet::record);
        self.time.running_reads(needs).collection(&Collection::NEWEST_TIMERS)
    }

    fn reads_for(&self, seen: &Snapshot, me: UserId) -> ReadSet {
        self.time.others_running(seen, me)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.time.ticket)?;
        let sheet = on_ticket::sheet(ticket, env);
        let mine =
            |timer: &&Record<Timer>| timer.user_id == Some(env.me.user_id) && timer.is_running();
        let shown = ticket.ticket_timers.iter().find(mine).map(|timer| {
            let raw = seen.record(&listed(timer.id.0)).unwrap_or(&timer.raw);
            (timer, raw)
        });
        let title = format!("Start a timer on ticket #{}", ticket.number);
        let (sheet, findings, step) = match shown {
            Some((timer, raw)) if status(raw) == Timer::RUNNING => {
                (sheet, Vec::new(), runs_already(call, timer, env))
            }
            Some((timer, raw)) => {
                let named = named(timer, ticket, env.me, env.names, &env.settings.timezone);
                let sheet = sheet.row("Timer", named).notice(
                    "your timer on this ticket is resumed; what is sent with it is ignored",
                );
                let what = format!("timer entry {}", timer.id);
                let of = Noun::Timer.record(timer.id);
                let shown = Precondition::kept(of, &what, &timer.raw, &SHOWN);
                let running = self.time.other_timer(seen, env, env.me.user_id)?;
                let ground = self.time.running_ground(seen, env.me.user_id);
                let step = become_status(call, raw, timer.id.0, Timer::RUNNING).requires(shown);
                let step = ground.into_iter().fold(step, Step::requires);
                (sheet, running.into_iter().collect(), step)
            }
            None => {
                let product = self.time.product.map(|id| sold::product(seen, id)).transpose()?;
                let fields = &call.fields;
                let sheet = sheet
                    .row("Timer", "running from now on")
                    .maybe("Notes", body::said(fields, "notes"))
                    .maybe("Product", product.as_ref().map(|product| sold::product_name(product)));
                let given = |name: &str| fields.get(name).cloned();
                let notes = given("notes").map(|notes| Field::new("notes", notes).advisory());
                let named = given("product_id");
                let named = named.map(|id| Field::new("product_id", id).advisory());
                let runs = Field::called("end_time", "end", Value::Null);
                let effect = Effect::created(Collection::TIMERS)
                    .by(Some("user_id"))
                    .check([Some(runs), notes, named].into_iter().flatten());
                let user = env.me.user_id;
                let running = self.time.other_timer(seen, env, user)?;
                let unsold = product.as_ref().and_then(|product| sold::disabled(product));
                let disabled = on_ticket::disabled_on(seen, ticket).into_iter().chain(unsold);
                let findings = running.into_iter().chain(disabled);
                let step = call.step("timer", "start a timer".to_owned(), effect);
                let ground = self.time.running_ground(seen, user);
                let sold = product.map(|product| sold::sold_as(&product, &sold::NAMED));
                let step = ground.into_iter().chain(sold).fold(step, Step::requires);
                (sheet, findings.collect(), step)
            }
        };
        let scope = on_ticket::scope(ticket);
        Ok(Proposed { title, sheet, findings, step, whose: Some(on_ticket::whose(ticket)), scope })
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
        match self.act {
            Act::Start => return needs.collection(&running()),
            Act::Pause | Act::Mark => return needs,
            Act::Stop => {}
        }
        let raw = seen.record(&listed(self.id));
        let product = raw.and_then(|raw| to_id(at(raw, "product_id"))).map(ProductId);
        let product = product.map(sold::product_ref);
        let needs = product.iter().fold(needs.record(&settings_ref()), ReadSet::record);
        let timer = raw.and_then(|raw| Record::<Timer>::read(raw.clone()).ok());
        let spent = timer.filter(|_| charges(seen).is_some()).and_then(|timer| so_far(&timer));
        spent.map_or(ReadSet::NOTHING, |spent| spent.reads(seen)).and(needs)
    }

    fn reads_for(&self, seen: &Snapshot, me: UserId) -> ReadSet {
        let begun = self.begun(seen, me);
        begun.map_or(ReadSet::NOTHING, |(time, user)| time.others_running(seen, user))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let raw = seen.record(&listed(self.id)).ok_or_else(|| self.unknown())?;
        let ticket = to_id(at(raw, "ticket_id")).map(TicketId);
        let ticket = on_ticket::ticket(seen, ticket.ok_or_else(|| self.unknown())?)?;
        let timer = find(ticket, TimerId(self.id))?;
        let named = named(timer, ticket, env.me, env.names, &env.settings.timezone);
        let sheet = on_ticket::sheet(ticket, env);
        let (verb, to) = match self.act {
            Act::Start => ("Resume", Timer::RUNNING),
            Act::Pause => ("Pause", Timer::PAUSED),
            Act::Stop => ("Stop", Timer::STOPPED),
            Act::Mark => ("Mark", ""),
        };
        let sheet = sheet.row(verb, named);
        let now = status(raw);
        let is_possible = match self.act {
            Act::Start => now != Timer::RUNNING && now != Timer::STOPPED,
            Act::Pause => now == Timer::RUNNING,
            Act::Stop => now != Timer::STOPPED,
            Act::Mark => true,
        };
        if !is_possible {
            let is = now.trim_start_matches("status_");
            let text = format!("timer entry {} is {is}", self.id);
            return Err(Error::refused(text).nothing_written());
        }
        let mut stop = Stop::new(sheet);
        match self.act {
            Act::Stop => stop = stop.of(seen, env, (ticket, timer, raw))?,
            Act::Mark => stop.findings.extend(charged(timer, "does not change")),
            Act::Start => {
                if let Some((time, user)) = self.begun(seen, env.me.user_id) {
                    stop.findings.extend(time.other_timer(seen, env, user)?);
                    stop.grounds.extend(time.running_ground(seen, user));
                }
            }
            Act::Pause => {}
        }
        let step = match (self.act, stop.effect) {
            (Act::Mark, _) => mark(call, raw, self.id)?,
            (_, Some(effect)) => {
                let says = format!("stop timer entry {}", self.id);
                let stake = format!("{says} and charge {}", money::display(stop.amount));
                call.step("stop", says, effect).asked_as(stake).counted(stop.quantity)
            }
            (_, None) => become_status(call, raw, self.id, to),
        };
        let changes = step.effect.changes().iter().filter(|_| self.act == Act::Mark);
        stop.sheet = changes.fold(stop.sheet, |sheet, change| sheet.row("Change", change.says()));
        let what = format!("timer entry {}", self.id);
        let kept = Precondition::kept(listed(self.id), &what, raw, &LISTED).recheck();
        let of = Noun::Timer.record(timer.id);
        let shown = Precondition::kept(of, &what, &timer.raw, &SHOWN);
        Ok(Proposed {
            title: format!("{verb} a timer of ticket #{}", ticket.number),
            sheet: stop.sheet,
            findings: stop.findings,
            step: stop
                .grounds
                .into_iter()
                .fold(step.requires(kept).requires(shown), Step::requires),
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

impl Live {
    /// A paused timer as one that starts, and whose it is.
    fn begun(&self, seen: &Snapshot, me: UserId) -> Option<(Time, UserId)> {
        let raw = seen.record(&listed(self.id)).filter(|_| self.act == Act::Start)?;
        let timer = Record::<Timer>::read(raw.clone()).ok()?;
        Some((Time::starting(timer.ticket_id?, timer.user_id), timer.user_id.unwrap_or(me)))
    }

    fn unknown(&self) -> Error {
        gone("timer entry", self.id).hint("only the newest timer entries are looked through")
    }
}

/// What marks a timer as billable or not, which is all that the request can do.
///
/// # Errors
/// Exit 2 for anything else that it says.
fn mark(call: &Call, raw: &Value, id: u64) -> Result<Step> {
    let what = format!("timer entry {id}");
    let fields = &call.fields;
    let to = fields.get(BILLABLE).and_then(Value::as_bool).filter(|_| fields.len() == 1);
    let to = to.ok_or_else(|| {
        let way = TICKETS.below("ID", timers::UPDATE);
        Error::usage(format!("the request takes {BILLABLE} alone, which is true or false"))
            .nothing_sent()
            .hint(format!("like -F {BILLABLE}=false; PUT {way} changes the rest"))
    })?;
    let change = Field::change(raw, BILLABLE, BILLABLE, to);
    let says = format!("change {what}: {}", change.says());
    let changes = Some(change).filter(Field::is_change).into_iter().collect();
    let effect =
        Effect::updated(listed(id), &what, changes, &["billable_time", "billable_override"]);
    Ok(call.step("timer", says, effect))
}

fn settings_ref() -> RecordRef {
    RecordRef::answer(&settings::tickets())
}

/// How the account charges what is stopped, in words; none where it does not. Settings that are not there, or that say
/// nothing of tickets, are no No.
fn charges(seen: &Snapshot) -> Option<&'static str> {
    let settings = seen.record(&settings_ref());
    match settings.filter(|settings| !at(settings, settings::STATUSES).is_null()) {
        Some(settings) => {
            may_be_yes(at(settings, CHARGES)).then_some("the account charges stopped timers")
        }
        None => Some("the account may charge stopped timers: its settings do not say"),
    }
}

/// What gives a timer another status; where the account shows none, nobody can tell.
fn become_status(call: &Call, raw: &Value, id: u64, to: &str) -> Step {
    let what = format!("timer entry {id}");
    let is_shown = !at(raw, "status").is_null();
    let change = is_shown.then(|| Field::change(raw, "status", "status", to));
    let changes: Vec<Field> = change.into_iter().filter(Field::is_change).collect();
    let unseen = if is_shown { Vec::new() } else { vec!["status".to_owned()] };
    let moves = ["end_time", "active_duration", "billable_time"];
    let mut effect = Effect::updated(listed(id), &what, changes, &moves);
    effect.settle(unseen);
    let verb = match to {
        Timer::PAUSED => "pause",
        Timer::STOPPED => "stop",
        _ => "resume",
    };
    call.step("timer", format!("{verb} {what}"), effect).reports(to.trim_start_matches("status_"))
}

/// A timer that runs is not started again.
fn runs_already(call: &Call, timer: &Timer, env: &Env<'_>) -> Step {
    let what = format!("timer entry {}", timer.id);
    let effect = Effect::updated(listed(timer.id.0), &what, Vec::new(), &[]);
    let zone = &env.settings.timezone;
    let since = timer.start_time.map(|at| format!(" since {}", when::at_in_zone(at, zone)));
    let says = format!("already running{}", since.unwrap_or_default());
    call.step("timer", format!("resume {what}"), effect).reports(says)
}

/// What a stop comes to besides the end of the timer.
struct Stop {
    sheet: Sheet,
    findings: Vec<Finding>,
    /// Where it charges, what that makes.
    effect: Option<Effect>,
    /// What that rests on.
    grounds: Vec<Precondition>,
    /// Of how many hours the charge is.
    quantity: Decimal,
    /// How much it comes to.
    amount: Decimal,
}

/// The seconds that a timer has run: as its list counts them, without its pauses, else since it began.
///
/// # Errors
/// Exit 5 where nothing tells.
fn spent(timer: &Timer, listed: Option<&Timer>, now: Timestamp) -> Result<u64> {
    let counted = listed.and_then(|listed| listed.elapsed_seconds?.to_u64());
    let since = || {
        let ends = timer.minutes(now).and_then(|_| timer.end_time.or(Some(now)))?;
        u64::try_from(ends.as_second() - timer.start_time?.as_second()).ok()
    };
    counted.or_else(since).ok_or_else(|| {
        Error::refused(format!("timer entry {} does not show how long it has run", timer.id))
            .nothing_written()
    })
}

/// A timer that runs as time that may have been charged elsewhere: the list that shows it shows that, too.
fn so_far(timer: &Timer) -> Option<Spent> {
    Some(Spent {
        time: (timer.start_time?, Timestamp::MAX),
        user: timer.user_id,
        ticket: timer.ticket_id?,
        list: Some(Collection::NEWEST_TIMERS),
        all: false,
    })
}

impl Stop {
    const fn new(sheet: Sheet) -> Self {
        Self {
            sheet,
            findings: Vec::new(),
            effect: None,
            grounds: Vec::new(),
            quantity: Decimal::ZERO,
            amount: Decimal::ZERO,
        }
    }

    fn of(
        mut self,
        seen: &Snapshot,
        env: &Env<'_>,
        (ticket, timer, raw): (&Ticket, &Record<Timer>, &Value),
    ) -> Result<Self> {
        let minutes = timer.minutes(env.now).unwrap_or_default();
        self.findings.extend(large(minutes, env));
        let Some(charges) = charges(seen) else {
            return Ok(self);
        };
        let listed = Record::<Timer>::read(raw.clone()).ok();
        let what = format!("timer entry {}", timer.id);
        for one in std::iter::once(timer).chain(&listed) {
            let fields = [&Timer::TIME[..], &Timer::BILLABLE, &["elapsed_seconds"]].concat();
            readable(&one.unreadable, &fields, &what)?;
        }
        if timer.is_not_billable() || listed.as_ref().is_some_and(|one| one.is_not_billable()) {
            self.sheet =
                self.sheet.notice(format!("{charges}: check the line items of the ticket"));
            return Ok(self);
        }
        let product = product_of(timer)?.map(|id| sold::product(seen, id)).transpose()?;
        if let Some(product) = &product {
            self.findings.extend(sold::disabled(product));
            let what = format_args!("product {}", product.id);
            readable(&product.unreadable, &["price_retail"], what)?;
        }
        let price = product.as_ref().and_then(|product| product.price_retail).unwrap_or_default();
        let name = product.as_ref().map_or("no product", |product| &*product.name);
        let seconds = match timer.billable_override.and_then(|seconds| seconds.to_u64()) {
            Some(set) => set,
            None => spent(timer, listed.as_deref(), env.now)?,
        };
        let quantity = money::cents(hours(seconds));
        let text =
            format!("{}, if it is stopped now ({charges})", line::spelled(quantity, name, price));
        self.sheet = self.sheet.stake("Line item", text);
        (self.quantity, self.amount) = (quantity, money::amount(quantity, price));
        let rounding = not_the_rounding((timer.product_id, ticket), seconds, quantity, env);
        let rate = not_the_rate(timer.product_id, price, env);
        let notices: Vec<_> = rate.into_iter().chain(rounding).collect();
        self.sheet = self.sheet.all_notices(&notices);
        // By the hours that come out, not by the time: of a moment, rounding leaves none.
        let its = its_line(seconds, quantity);
        let its = (its.as_str(), timer.product_id, name);
        self.findings.extend(line::amounts(its, self.amount, price, env.settings));
        let sold = product.as_ref().map(|one| sold::sold_as(one, &sold::PREVIEWED));
        self.grounds.extend(sold);
        let is_priced = product.is_some_and(|product| product.price_retail.is_some());
        let price = Field::called("price_retail", "price", line_items::number(price));
        let price = price.or_cents("retail_cents").kind(FieldKind::Money);
        let check = Some(price).filter(|_| is_priced).into_iter().collect();
        if let Some(spent) = listed.and_then(|timer| so_far(&timer)) {
            let beside = spent.beside(seen, &env.settings.timezone, &what);
            self.findings.extend(beside.findings);
            self.grounds.extend(beside.ground);
        }
        let secret = secret("the line item", &[&timer.notes]);
        self.findings.extend(secret.map(|text| Finding::new(Guard::AllowSecrets, text)));
        let product = timer.product_id.map(|id| Field::new("product_id", id.0));
        let notes = Some(timer.notes.as_str()).filter(|notes| !notes.trim().is_empty());
        let like = product.into_iter().chain(notes.map(|notes| Field::new("description", notes)));
        let like = like.collect();
        let timer = timer.id.into();
        self.effect = Some(Effect::TimerCharged { timer, like, check, stops: true });
        Ok(self)
    }
}
