//! A new timer entry: one that runs from now on, or time that was spent.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::time::{Act, Time, Times, ahead, ended, large, length, who, written};
use crate::api::Record;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::error::{Error, Result};
use crate::operations::elsewhere::{BLIND, Beside, Spent, TWICE, called, others_of};
use crate::operations::guard::{Finding, Guard};
use crate::operations::rule::{Call, Env, Proposed};
use crate::operations::{body, on_ticket, readable, sold};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::write::{
    Collection, Effect, Field, Noun, Precondition, ReadSet, RecordRef, Snapshot, Step, Which,
};

/// The list that shows which timers run.
#[must_use]
pub const fn running() -> Collection {
    Collection::LATE_TIMERS
}

/// The times of a body.
///
/// # Errors
/// Exit 2 for what cannot be read: what the guards cannot judge, they must not let pass.
pub(super) fn times(fields: &Map<String, Value>) -> Result<Times> {
    let none = || Error::usage("start_at is missing").nothing_sent();
    let begins = body::instant(fields, "start_at")?.ok_or_else(none)?;
    let ends = body::instant(fields, "end_at")?;
    if ends.is_some_and(|ends| ends < begins) {
        return Err(Error::usage("end_at is before start_at").nothing_sent());
    }
    match body::count(fields, "duration_minutes")? {
        Some(minutes) => Ok((begins, Some(ended(begins, minutes)?))),
        None => Ok((begins, ends)),
    }
}

impl Time {
    /// A timer of a user that starts on a ticket.
    pub(super) fn starting(ticket: TicketId, user: Option<UserId>) -> Self {
        Self {
            ticket,
            act: Act::Start,
            product: None,
            user,
            mended: None,
            is_logged: false,
            times: None,
            minutes: None,
        }
    }

    /// An entry as time that may have been entered elsewhere, too, `user` being whose it is where nothing else says so. Where it
    /// only takes longer, goes to another user or is charged, what is not charged there is right.
    pub(super) fn spent(&self, seen: &Snapshot, user: Option<UserId>) -> Option<Spent> {
        let there = self.timer(seen);
        let was = there.and_then(|timer| Some((timer.start_time?, timer.end_time)));
        let whose = there.and_then(|timer| timer.user_id);
        let time = self.time(there, was)?;
        let moves = was.is_none_or(|(begins, _)| begins != time.0);
        // One that takes no other time, and is nobody else's now, is asked about nothing new.
        let grows = was.is_none_or(|(_, ends)| ends.is_some_and(|ends| ends < time.1));
        let said = self.user.filter(|_| !matches!(self.act, Act::Charge(_)));
        let is_passed_on = said.is_some() && said != whose;
        if matches!(self.act, Act::Update(_)) && !moves && !grows && !is_passed_on {
            return None;
        }
        // One list for all that a bill of the ticket charges.
        let charged = match self.act {
            Act::Charge(_) => seen.ticket()?.ticket_timers.as_slice(),
            _ => &[],
        };
        let charged = charged.iter().filter(|timer| timer.waits());
        let begins = charged.filter_map(|timer| timer.start_time).chain([time.0]);
        Some(Spent {
            time,
            user: said.or(whose).or(user),
            ticket: self.ticket,
            list: others_of(begins, seen),
            all: moves,
        })
    }

    /// From when until when it is, `was` being how it is there; one that runs has no end.
    fn time(
        &self,
        there: Option<&Record<Timer>>,
        was: Option<Times>,
    ) -> Option<(Timestamp, Timestamp)> {
        match self.act {
            Act::Start | Act::Delete(_) => None,
            Act::Add => self.times.and_then(|(begins, ends)| Some((begins, ends?))),
            Act::Charge(_) => was.and_then(|(begins, ends)| Some((begins, ends?))),
            Act::Update(_) => {
                let there = there?;
                let (begins, ends) = self.times.or(was)?;
                let minutes = match self.times {
                    Some((_, None)) => length(there, true),
                    Some(_) => None,
                    None => self.minutes,
                };
                let ends = minutes.map_or(ends, |minutes| ended(begins, minutes).ok());
                Some((begins, ends.unwrap_or(Timestamp::MAX)))
            }
        }
    }

    /// What must be read to know what of that was entered elsewhere.
    pub(super) fn spent_reads(&self, seen: &Snapshot, user: Option<UserId>) -> ReadSet {
        self.spent(seen, user).map_or(ReadSet::NOTHING, |spent| spent.reads(seen))
    }

    /// What must be read to know whether another timer of the user runs, besides `needs`.
    pub(super) fn running_reads(&self, needs: ReadSet) -> ReadSet {
        needs.collection(&running())
    }

    /// What must be read to call the other ticket by its number where a timer of `user` runs.
    pub(super) fn others_running(&self, seen: &Snapshot, user: UserId) -> ReadSet {
        let other = self.runs(seen, user).and_then(|timer| timer.ticket_id);
        let other = other.filter(|id| *id != self.ticket).map(called);
        other.iter().fold(ReadSet::NOTHING, ReadSet::record)
    }

    /// That no other timer of `user` runs by the time of a start than those that were asked about, where that can be seen.
    pub(super) fn running_ground(&self, seen: &Snapshot, user: UserId) -> Option<Precondition> {
        let which = Which::RunningOf { user };
        Precondition::some_listed((&running(), which), "running timers", seen, &["ticket_id"])
    }

    /// A timer of `user` that runs, on this ticket or else on another one.
    fn runs(&self, seen: &Snapshot, user: UserId) -> Option<Record<Timer>> {
        self.of_user(seen, user, |timer| timer.goes_on() == Some(true))
    }

    /// A timer of `user` of which nobody knows whether it runs.
    fn unclear(&self, seen: &Snapshot, user: UserId) -> Option<Record<Timer>> {
        self.of_user(seen, user, |timer| timer.unclear().is_some())
    }

    /// A timer of `user` that is so, on this ticket or else on another one.
    fn of_user(
        &self,
        seen: &Snapshot,
        user: UserId,
        is: fn(&Timer) -> bool,
    ) -> Option<Record<Timer>> {
        let theirs = |timer: &Record<Timer>| is(timer) && timer.user_id == Some(user);
        // Its status only the list of all may show.
        let shown = |timer: &Record<Timer>| {
            let listed = seen.record(&RecordRef::Listed { noun: Noun::Timer, id: timer.id.0 });
            let listed = listed.and_then(|raw| Record::<Timer>::read(raw.clone()).ok());
            listed.unwrap_or_else(|| timer.clone())
        };
        let here = seen.ticket()?.ticket_timers.iter().map(shown).find(theirs);
        let elsewhere = || {
            let all = seen.records(&running()).into_iter();
            let mut all = all.filter_map(|raw| Record::<Timer>::read(raw.clone()).ok());
            let is_other = |timer: &Record<Timer>| {
                theirs(timer) && timer.ticket_id.is_some_and(|id| id != self.ticket)
            };
            all.find(is_other)
        };
        here.or_else(elsewhere)
    }

    pub(super) fn make(
        &self,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
        ticket: &Record<Ticket>,
    ) -> Result<Proposed> {
        let fields = &call.fields;
        let zone = &env.settings.timezone;
        let user = self.user.unwrap_or(env.me.user_id);
        let product = self.product.map(|id| sold::product(seen, id)).transpose()?;
        let times = times(fields)?;
        let said = said(times, env);
        let is_other = user != env.me.user_id;
        let sheet = on_ticket::sheet(ticket, env);
        let sheet = match self.is_logged {
            true => sheet,
            false => sheet
                .row(said.label, said.row)
                .maybe("User", is_other.then(|| who(user, ticket, env.me, env.names)))
                .maybe("Notes", body::said(fields, "notes"))
                .maybe("Product", product.as_ref().map(|product| sold::product_name(product))),
        };
        let sheet = sheet.all_notices(&times.1.and_then(|ends| ahead(ends, env)));
        // What is charged at once is asked about as that.
        let sold = product.as_ref().filter(|_| !self.is_logged);
        let unsold = sold.and_then(|product| sold::disabled(product));
        let disabled = on_ticket::disabled_on(seen, ticket).into_iter().chain(unsold);
        let (sheet, ground, findings): (_, _, Vec<Finding>) = match (self.act, times) {
            (Act::Start, _) => {
                let blind = seen.shows_none(&running()).then_some(BLIND);
                let sheet = blind.into_iter().fold(sheet, Sheet::notice);
                let running = self.other_timer(seen, env, user)?.into_iter();
                (sheet, self.running_ground(seen, user), running.chain(disabled).collect())
            }
            (_, (begins, ends)) => {
                let beside = self.beside(seen, env, (ticket, "it"));
                let large = ends.and_then(|ends| large(minutes(begins, ends), env));
                let large = large.filter(|_| !self.is_logged);
                let findings = beside.findings.into_iter().chain(large).chain(disabled);
                (sheet.all_notices(&beside.notices), beside.ground, findings.collect())
            }
        };
        let step = call.step("timer", said.does, effect(fields, times.1, zone));
        let shown: &[&str] = if self.is_logged { &sold::PREVIEWED } else { &sold::NAMED };
        let named = product.map(|product| sold::sold_as(&product, shown));
        let step = named.into_iter().chain(ground).fold(step, Step::requires);
        Ok(Proposed {
            title: match self.act {
                Act::Start => format!("Start a timer on ticket #{}", ticket.number),
                _ => format!("Add time to ticket #{}", ticket.number),
            },
            sheet,
            findings,
            step: step.reports(said.report),
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }

    /// What stands against time because of other time of the same user, on the ticket and elsewhere; `what` it is called.
    /// Where it is charged, only what is charged already is asked about.
    pub(super) fn beside(
        &self,
        seen: &Snapshot,
        env: &Env<'_>,
        (ticket, what): (&Record<Ticket>, &str),
    ) -> Beside {
        let zone = &env.settings.timezone;
        let Some(spent) = self.spent(seen, Some(env.me.user_id)) else {
            return Beside::default();
        };
        let mut beside = spent.beside(seen, zone, what);
        let itself = self.timer(seen).map(|timer| timer.id);
        let charges = matches!(self.act, Act::Charge(_));
        let here = ticket.ticket_timers.iter().filter(|timer| Some(timer.id) != itself);
        let here = here.filter(|timer| spent.all || charges && timer.may_be_charged());
        let found = overlap(here, &spent, zone).map(|other| match charges {
            true => format!("{what} overlaps {other}, which is charged already; {TWICE}"),
            false => format!("{what} overlaps {other}"),
        });
        beside.findings.splice(..0, found.map(|text| Finding::new(Guard::Overlap, text)));
        beside
    }

    /// The question about another timer of `user` that runs.
    ///
    /// # Errors
    /// Exit 5 for a timer that cannot be understood: it may be the one.
    pub(super) fn other_timer(
        &self,
        seen: &Snapshot,
        env: &Env<'_>,
        user: UserId,
    ) -> Result<Option<Finding>> {
        for raw in seen.records(&running()) {
            Record::<Timer>::read(raw.clone()).map_err(|why| {
                Error::refused(format!("cannot read timer entry {}: {why}", raw["id"]))
                    .nothing_written()
                    .hint("it may be a timer that runs: check it in Syncro, then run the command again")
            })?;
        }
        if let Some(timer) = self.unclear(seen, user) {
            readable(&timer.unreadable, &Timer::TIME, format_args!("timer entry {}", timer.id))?;
        }
        let Some(timer) = self.runs(seen, user) else {
            return Ok(None);
        };
        let place = match timer.ticket_id.filter(|id| *id != self.ticket) {
            None => "this ticket".to_owned(),
            Some(id) => match seen.record(&called(id)) {
                Some(other) => format!("ticket #{}", crate::write::field_shown(&other["number"])),
                None => format!("another ticket (id {id})"),
            },
        };
        let whose = match user == env.me.user_id {
            true => "your timer".to_owned(),
            false => format!("a timer of user {user}"),
        };
        let since = timer.start_time.map(|at| when::at_in_zone(at, &env.settings.timezone));
        let since = since.map_or_else(String::new, |since| format!(" since {since}"));
        let text = format!("{whose} is running on {place}{since} ({})", timer.id);
        Ok(Some(Finding::new(Guard::TimerRunning, text)))
    }
}

/// How a new entry is put into words.
struct Said {
    label: &'static str,
    row: String,
    does: String,
    report: String,
}

fn said((begins, ends): Times, env: &Env<'_>) -> Said {
    let zone = &env.settings.timezone;
    match ends {
        Some(ends) => {
            let (length, range) =
                (when::length(minutes(begins, ends)), when::range(begins, Some(ends), zone));
            Said {
                label: "Time",
                row: format!("{length}, {range} {}", when::zone_name(zone, begins)),
                does: format!("add {length} from {}", when::at_in_zone(begins, zone)),
                report: format!("{length}, {range}"),
            }
        }
        None => {
            let since = when::at_in_zone(begins, zone);
            Said {
                label: "Timer",
                row: format!("running from {since}"),
                does: format!("start a timer at {since}"),
                report: format!("running since {since}"),
            }
        }
    }
}

fn minutes(begins: Timestamp, ends: Timestamp) -> u64 {
    u64::try_from(ends.as_second() - begins.as_second()).unwrap_or_default() / 60
}

/// Other time of its user on the ticket that time overlaps, in words.
fn overlap<'t>(
    mut timers: impl Iterator<Item = &'t Record<Timer>>,
    spent: &Spent,
    zone: &TimeZone,
) -> Option<String> {
    let (begins, ends) = spent.time;
    let timer = timers.find(|timer| {
        let until = timer.end_time.unwrap_or(Timestamp::MAX);
        let overlaps = timer.start_time.is_some_and(|from| from < ends && begins < until);
        overlaps && timer.user_id == spent.user
    })?;
    let range = timer.start_time.map(|from| when::range(from, timer.end_time, zone));
    let range = range.unwrap_or_default();
    Some(format!("timer entry {} of the same user ({range})", timer.id))
}

/// A new entry: ours by whose it is and when it begins. What it says may be lost on the way, which is only pointed out.
fn effect(fields: &Map<String, Value>, ends: Option<Timestamp>, zone: &TimeZone) -> Effect {
    let given = |name: &str| fields.get(name).cloned();
    let user = given("user_id").map(|user| Field::called("user_id", "user", user).identifying());
    let by = Some("user_id").filter(|_| user.is_none());
    let start = Field::called("start_time", "start", given("start_at").unwrap_or_default());
    let mut like: Vec<Field> = [start].into_iter().chain(user).collect();
    let mut check = like.clone();
    // An end that is given in another way is left to the server.
    let ends = ends.filter(|_| fields.contains_key("duration_minutes"));
    let end = ends.map(|end| Field::called("end_time", "end", written(end, zone)));
    like.extend(end.clone());
    check.extend(end);
    if !fields.contains_key("duration_minutes") && !fields.contains_key("end_at") {
        check.push(Field::called("end_time", "end", Value::Null));
    }
    check.extend(given("notes").map(|notes| Field::new("notes", notes).advisory()));
    let product = given("product_id");
    check.extend(product.map(|id| Field::called("product_id", "product", id).advisory()));
    Effect::created(Collection::TIMERS).like(like).check(check).by(by)
}
