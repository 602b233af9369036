//! Timer entries: started, entered, changed, charged and deleted. Here is who knows which; deleting one is here, too.

mod change;
mod charge;
mod entry;
mod live;
mod logged;
mod time;

use jiff::Timestamp;

use super::charged_line::Mended;
use super::names::Names;
use super::rule::{Call, Env, Proposed, Rule};
use super::unbilled::{charged, invoiced_reads, running_since};
use super::{body, on_ticket, sold};
use crate::api::ids::{ProductId, TimerId, UserId};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::timers::{self, ID};
use crate::api::resources::users::Me;
use crate::api::{Method, Record};
use crate::error::Result;
use crate::operations::readable;
use crate::render::preview::Sheet;
use crate::render::when;
use crate::write::{Effect, Noun, Precondition, ReadSet, Scope, Snapshot};

pub use charge::{may_charge, product_of, still};
pub use entry::running;
pub(super) use logged::says as logged;
use time::{Act, KEPT, Time};
pub use time::{ended, find, named, written};

/// What a request does to a timer entry, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    if let Some(rule) = live::route(call).or_else(|| logged::route(call)) {
        return Some(rule);
    }
    let (ticket, verb) = on_ticket::below(call)?;
    let fields = &call.fields;
    let timer = body::number(fields, ID).map(TimerId);
    let act = match (call.request.method, verb) {
        (Method::Post, timers::ADD) if fields.contains_key("start_at") => {
            // Whatever its times are worth: an end that is named is no start.
            let is_named = |name: &&str| fields.get(*name).is_some_and(|said| !said.is_null());
            match ["duration_minutes", "end_at"].iter().any(is_named) {
                true => Act::Add,
                false => Act::Start,
            }
        }
        (Method::Put | Method::Patch, timers::UPDATE) => Act::Update(timer?),
        (Method::Post, timers::CHARGE) => Act::Charge(timer?),
        (Method::Post, timers::DELETE) => Act::Delete(timer?),
        _ => return None,
    };
    Some(Box::new(Time {
        act,
        product: body::number(fields, "product_id").map(ProductId),
        times: entry::times(fields).ok().filter(|_| matches!(act, Act::Add | Act::Update(_))),
        minutes: body::count(fields, "duration_minutes").ok().flatten(),
        ..Time::starting(ticket, body::number(fields, "user_id").map(UserId))
    }))
}

impl Rule for Time {
    fn before(&mut self, next: &Call) {
        self.mended = Mended::by(next).filter(|_| matches!(self.act, Act::Charge(_)));
        self.is_logged = matches!(self.act, Act::Add) && logged::route(next).is_some();
    }

    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let product = self.sold(seen).map(sold::product_ref);
        let needs = product.iter().fold(ReadSet::NOTHING.ticket(), ReadSet::record);
        match self.act {
            Act::Start => self.running_reads(needs),
            Act::Add | Act::Update(_) => needs.and(self.spent_reads(seen, None)),
            Act::Charge(_) => needs.and(self.spent_reads(seen, None)).and(invoiced_reads(seen)),
            Act::Delete(_) => needs,
        }
    }

    fn reads_for(&self, seen: &Snapshot, me: UserId) -> ReadSet {
        match self.act {
            Act::Start => self.others_running(seen, self.user.unwrap_or(me)),
            _ => self.spent_reads(seen, Some(me)),
        }
    }

    fn names_others(&self, seen: &Snapshot, me: &Me, names: &Names) -> bool {
        let assignee = seen.ticket().and_then(|ticket| ticket.user.as_ref()?.id);
        let theirs = self.timer(seen).and_then(|timer| timer.user_id);
        let mut users = self.user.into_iter().chain(theirs);
        users.any(|user| {
            user != me.user_id && Some(user) != assignee && !names.users.contains_key(&user)
        })
    }

    fn begins(&self, call: &Call, seen: &Snapshot) -> Option<Timestamp> {
        let stated = body::instant(&call.fields, "start_at").ok().flatten();
        let own = self.timer(seen).and_then(|timer| timer.start_time);
        match self.act {
            Act::Charge(_) => own,
            Act::Start | Act::Add | Act::Update(_) => stated,
            Act::Delete(_) => None,
        }
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        match self.act {
            Act::Start | Act::Add => self.make(call, seen, env, ticket),
            Act::Update(id) => self.change(call, seen, env, (ticket, clear(ticket, id)?)),
            Act::Charge(id) => self.charge(call, seen, env, (ticket, find(ticket, id)?)),
            Act::Delete(id) => Ok(delete(call, env, ticket, clear(ticket, id)?)),
        }
    }
}

/// An entry that can be understood.
///
/// # Errors
/// Exit 3 where there is none, exit 5 for one of which nobody knows whether it runs or is charged.
fn clear(ticket: &Record<Ticket>, id: TimerId) -> Result<&Record<Timer>> {
    let timer = find(ticket, id)?;
    readable(&timer.unreadable, &Timer::TIME, format_args!("timer entry {id}"))?;
    Ok(timer)
}

/// What becomes of the time of an entry that is deleted.
fn lost(timer: &Timer, ticket: &Ticket, env: &Env<'_>) -> Option<String> {
    let (number, id, zone) = (&ticket.number, timer.id, &env.settings.timezone);
    let command = |verb: &str| env.account.command(&format!("timer {verb} {number} {id}"));
    if timer.is_running() {
        return Some(format!("{}: {}", running_since(timer, zone), command("stop")));
    }
    let time = when::length(timer.billable_seconds().unwrap_or(0) / 60);
    let says =
        || format!("{time} of stopped time, not charged yet, is lost: {}", command("charge"));
    timer.is_owed().then(says)
}

fn delete(call: &Call, env: &Env<'_>, ticket: &Record<Ticket>, timer: &Record<Timer>) -> Proposed {
    let what = format!("timer entry {}", timer.id);
    let state = match (timer.is_running(), timer.is_charged(), timer.seconds()) {
        (true, ..) => timer.now().to_owned(),
        (_, true, _) => "charged".to_owned(),
        (.., seconds) => format!("{}, not charged", when::length(seconds.unwrap_or(0) / 60)),
    };
    let sheet = on_ticket::sheet(ticket, env)
        .row("Delete", named(timer, ticket, env.me, env.names, &env.settings.timezone))
        .row("", state)
        .maybe("Notes", Some(&timer.notes).filter(|notes| !notes.is_empty()));
    let sheet = lost(timer, ticket, env).into_iter().fold(sheet, Sheet::notice);
    let of = Noun::Timer.record(timer.id);
    let kept = Precondition::kept(of.clone(), &what, &timer.raw, &KEPT).recheck();
    let effect = Effect::Deleted { of, label: what.clone() };
    Proposed {
        title: format!("Delete a timer entry of ticket #{}", ticket.number),
        sheet,
        findings: charged(timer, "would stay").into_iter().collect(),
        step: call.step("delete_timer", format!("delete {what}"), effect).requires(kept),
        whose: Some(on_ticket::whose(ticket)),
        scope: on_ticket::scope(ticket),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::ids::TicketId;
    use crate::operations::Operation;
    use crate::operations::elsewhere::called;
    use crate::operations::example::{Office, request, ticket};
    use crate::write::Collection;

    /// A ticket with an entry that waits, a charged one, and one of user 8 that runs.
    fn seen() -> Snapshot {
        let entry = |id: u64, user: u64, end: Value, recorded: bool| {
            json!({
                "id": id, "user_id": user, "start_time": "2026-03-17T08:00:00Z", "end_time": end,
                "recorded": recorded, "notes": "Spool", "product_id": null,
            })
        };
        let end = json!("2026-03-17T08:30:00Z");
        let timers = [
            entry(1, 7, end.clone(), false),
            entry(2, 9, end, true),
            entry(3, 8, Value::Null, false),
        ];
        let elsewhere = json!({"id": 4, "ticket_id": 5, "user_id": 6, "end_time": null});
        ticket(json!({"ticket_timers": timers}))
            .with_collection(running(), vec![elsewhere])
            .with_record(called(TicketId(5)), Some(json!({"number": 500})))
    }

    fn proposed(method: Method, verb: &str, body: &Value) -> Result<Proposed> {
        let request = request(method, &format!("/tickets/1/{verb}"), body.clone());
        Office::new().propose(&request, &seen(), &[])
    }

    #[test]
    fn what_stands_against_time_is_found() {
        let (new, old) = ("2026-03-18T08:00:00Z", "2026-03-17T08:10:00Z");
        let cases = [
            ("timer_entry", json!({"start_at": new, "duration_minutes": 5}), ""),
            ("timer_entry", json!({"start_at": old, "duration_minutes": 5}), "overlap"),
            ("timer_entry", json!({"start_at": old, "duration_minutes": 5, "user_id": 10}), ""),
            ("timer_entry", json!({"start_at": new, "duration_minutes": 6000}), "large"),
            ("timer_entry", json!({"start_at": old, "end_at": new}), "overlap large"),
            ("timer_entry", json!({"start_at": new}), ""),
            ("timer_entry", json!({"start_at": new, "user_id": 8}), "timer-running"),
            ("timer_entry", json!({"start_at": new, "user_id": 6}), "timer-running"),
            ("delete_timer_entry", json!({ID: 1}), ""),
            ("delete_timer_entry", json!({ID: 2}), "charged-timer"),
            ("charge_timer_entry", json!({ID: 1}), "zero"),
            ("update_timer_entry", json!({ID: 1, "notes": "Port"}), ""),
            ("update_timer_entry", json!({ID: 2, "notes": "Port"}), "charged-timer"),
            ("update_timer_entry", json!({ID: 1, "duration_minutes": 6000}), "large"),
            ("update_timer_entry", json!({ID: 3, "duration_minutes": 6000}), "large"),
        ];
        for (verb, body, flags) in cases {
            let method = if verb.starts_with("update") { Method::Put } else { Method::Post };
            let found = proposed(method, verb, &body).unwrap().findings;
            let found: Vec<&str> = found.iter().filter_map(|found| found.guard.flag()).collect();
            assert_eq!(found.join(" "), flags, "{verb} {body}");
        }
    }

    #[test]
    fn what_is_marked_as_not_billable() {
        let (yes, no, none) = (json!(true), json!(false), Value::Null);
        let (start, end) = (json!("2026-03-17T08:00:00Z"), json!("2026-03-17T08:30:00Z"));
        // Billable, billable time, end; what the mark says.
        let cases = [
            (&no, json!(0), &end, true),
            (&no, none.clone(), &end, true),
            (&no, none.clone(), &none, true),
            (&json!("false"), json!("0"), &end, true),
            (&json!(0), json!("0.0"), &none, true),
            (&yes, json!(0), &end, true),
            (&none, json!(0), &end, true),
            (&yes, json!(0), &none, false),
            (&yes, none.clone(), &end, false),
            (&none, none.clone(), &end, false),
            (&no, json!(120), &end, true),
            (&no, json!(1800), &end, true),
            (&none, json!(120), &end, false),
            (&yes, json!(1800), &end, false),
            (&json!("perhaps"), none.clone(), &end, false),
        ];
        for (billable, time, end, is_marked) in cases {
            let entry = json!({
                "id": 1, "billable": billable, "billable_time": time, "start_time": start,
                "end_time": end,
            });
            let timer = Record::<Timer>::read(entry.clone()).unwrap();
            assert_eq!(timer.is_not_billable(), is_marked, "{entry}");
        }
    }

    /// One that names its line item is charged, and one whose line item cannot be read may be: neither is offered to a bill.
    #[test]
    fn an_entry_that_may_have_its_line_item_does_not_wait() {
        let (start, end) = ("2026-03-17T08:00:00Z", "2026-03-17T08:30:00Z");
        for (line, is_charged, is_clear) in [
            (Value::Null, false, true),
            (json!(""), false, true),
            (json!("5"), true, true),
            (json!(5), true, true),
            (json!("soon"), false, false),
            (json!({"id": 5}), false, false),
        ] {
            let entry = json!({
                "id": 1, "start_time": start, "end_time": end, "recorded": false,
                "ticket_line_item_id": line,
            });
            let timer = Record::<Timer>::read(entry).unwrap();
            let is = (timer.is_charged(), timer.unclear().is_none());
            assert_eq!(is, (is_charged, is_clear), "{line}");
            assert_eq!(timer.may_be_charged(), is_charged || !is_clear, "{line}");
            assert_eq!(timer.waits(), is_clear && !is_charged, "{line}");
        }
        // Mark, line, end; whether it is charged, and whether it runs.
        let (odd, end) = (json!("perhaps"), json!(end));
        for (mark, line, end, charged, runs) in [
            (json!(false), Value::Null, Value::Null, Some(false), Some(true)),
            (json!(true), Value::Null, Value::Null, Some(true), Some(false)),
            (json!(false), json!(5), Value::Null, Some(true), Some(false)),
            (odd.clone(), Value::Null, Value::Null, None, None),
            (odd.clone(), Value::Null, end.clone(), None, Some(false)),
            (odd.clone(), json!(5), Value::Null, Some(true), Some(false)),
            (json!(true), json!("nine"), Value::Null, Some(true), Some(false)),
            (json!(false), json!("nine"), end, None, Some(false)),
        ] {
            let entry = json!({
                "id": 1, "start_time": start, "end_time": end, "recorded": mark,
                "ticket_line_item_id": line,
            });
            let timer = Record::<Timer>::read(entry.clone()).unwrap();
            assert_eq!((timer.charged(), timer.runs()), (charged, runs), "{entry}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let cases = [
            (Method::Post, "charge_timer_entry", json!({ID: 2}), 5),
            (Method::Post, "charge_timer_entry", json!({ID: 3}), 5),
            (Method::Post, "delete_timer_entry", json!({ID: 9}), 3),
            (Method::Put, "update_timer_entry", json!({ID: 1, "duration_minutes": u64::MAX}), 2),
            (Method::Put, "update_timer_entry", json!({ID: 1, "product_id": 99}), 3),
            (
                Method::Post,
                "timer_entry",
                json!({"start_at": "2026-03-17T08:00:00Z", "product_id": 99}),
                3,
            ),
            (Method::Post, "timer_entry", json!({"start_at": "at nine", "duration_minutes": 5}), 2),
            (Method::Post, "timer_entry", json!({"start_at": null, "duration_minutes": 5}), 2),
            (
                Method::Post,
                "timer_entry",
                json!({"start_at": "2026-03-17T08:00:00Z", "duration_minutes": "90 min"}),
                2,
            ),
            (Method::Put, "update_timer_entry", json!({ID: 1, "start_at": "2026-03-17 09:00"}), 2),
        ];
        for (method, verb, body, code) in cases {
            let error = proposed(method, verb, &body).unwrap_err();
            assert_eq!(error.kind.exit_code(), code, "{verb} {body}: {error:?}");
        }
        for body in [json!({ID: 1, "duration_minutes": 30}), json!({ID: 1, "notes": "Spool"})] {
            let so = proposed(Method::Put, "update_timer_entry", &body).unwrap();
            assert!(so.step.effect.changes_nothing(), "{body}");
        }
    }

    /// What Syncro makes of it is judged by what the line is to say.
    #[test]
    fn a_charge_whose_line_is_mended_is_told_by_that() {
        let charge = request(Method::Post, "/tickets/1/charge_timer_entry", json!({ID: 1}));
        let line = json!({"ticket_line_item_id": "{charge.id}", "name": "Remote", "quantity": "0.5", "price_retail": "120"});
        let mend = request(Method::Put, "/tickets/1/update_line_item", line);
        for (plan, says, found) in [
            (
                vec![charge.clone(), mend],
                "charge timer entry 1 (0.5 x Remote @ $120.00 = $60.00)",
                0,
            ),
            (vec![charge], "charge timer entry 1 (0.5 x no product @ $0.00 = $0.00)", 1),
        ] {
            let operation = Operation::all(plan).unwrap().remove(0);
            let proposed = operation.propose(&seen(), &Office::new().env(&[])).unwrap();
            assert_eq!((&*proposed.step.description, proposed.findings.len()), (says, found));
        }
    }

    /// A timer that cannot be read may be the one that runs.
    #[test]
    fn an_unreadable_timer_is_not_an_absent_one() {
        let path = "/tickets/1/timer_entry";
        let start = request(Method::Post, path, json!({"start_at": "2026-03-18T08:00:00Z"}));
        let seen = seen().with_collection(running(), vec![json!({"ticket_id": 5, "user_id": 7})]);
        let error = Office::new().propose(&start, &seen, &[]).unwrap_err();
        assert_eq!(error.kind.exit_code(), 5, "{error:?}");
        assert!(error.to_string().contains("nothing was written"), "{error}");
    }

    /// What a PUT leaves out may fall back, the user to the key's owner.
    #[test]
    fn a_change_sends_the_whole_entry() {
        let sent = |body: Value| {
            let step = proposed(Method::Put, "update_timer_entry", &body).unwrap().step;
            (step.request.body.unwrap(), step.name)
        };
        let (body, name) = sent(json!({ID: 2, "notes": "Port"}));
        assert_eq!((&body["user_id"], &body["duration_minutes"]), (&json!(9), &json!(30)));
        assert_eq!(
            (&body["start_at"], name.as_str()),
            (&json!("2026-03-17T08:00:00Z"), "update_timer")
        );
        let (body, name) = sent(json!({ID: 3, "duration_minutes": 5}));
        assert_eq!((&body["user_id"], name.as_str()), (&json!(8), "stop_timer"));
        // Begun later it ends later.
        let moved = json!({ID: 1, "start_at": "2026-03-17T09:00:00Z"});
        let step = proposed(Method::Put, "update_timer_entry", &moved).unwrap().step;
        let changes = step.effect.changes();
        assert_eq!(changes.len(), 2, "{changes:?}");
        let end = crate::api::fields::to_instant(&changes[1].expected);
        assert_eq!(end, crate::api::fields::to_instant(&json!("2026-03-17T09:30:00Z")));
    }

    #[test]
    fn a_new_entry_is_known_by_when_it_begins_and_whose_it_is() {
        let own = json!({"start_at": "2026-03-18T08:00:00Z", "duration_minutes": 5});
        let effect = proposed(Method::Post, "timer_entry", &own).unwrap().step.effect;
        assert_eq!(effect.collection(), Some(&Collection::TIMERS));
        let effect = serde_json::to_value(&effect).unwrap();
        assert_eq!(effect["by"], "user_id");
        let like = effect["like"].as_array().unwrap();
        let paths: Vec<&str> = like.iter().filter_map(|field| field["path"].as_str()).collect();
        assert_eq!(paths, ["start_time", "end_time"]);
    }
}
