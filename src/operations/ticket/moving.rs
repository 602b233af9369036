//! A ticket that moves to another customer: what it takes along, and what stays behind.

use std::collections::{BTreeMap, BTreeSet};

use super::super::calendar;
use super::super::guard::{Finding, Guard};
use super::super::rule::Env;
use super::super::unbilled::{may_run, running_since, uninvoiced};
use crate::api::Record;
use crate::api::fields::{at, to_id};
use crate::api::folder::APPOINTMENTS;
use crate::api::resources::appointments::Appointment;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Ticket;
use crate::billing::money::display;
use crate::render::hidden::{LINES, TIMERS, hidden};
use crate::render::timer::waiting;
use crate::write::{Collection, Noun, Precondition, Snapshot};

/// What of it is not billed yet, or may be so: the new customer would pay for it.
pub(super) fn taken(
    seen: &Snapshot,
    ticket: &Record<Ticket>,
    new: &Customer,
    env: &Env<'_>,
) -> Option<Finding> {
    let lines = uninvoiced(seen).map(|lines| format!("{lines} not invoiced"));
    let time = waiting(&ticket.ticket_timers).map(|time| format!("{time} is not charged"));
    let zone = &env.settings.timezone;
    let runs = ticket.ticket_timers.iter().filter_map(|timer| match timer.is_running() {
        true => Some(running_since(timer, zone)),
        false => may_run(timer),
    });
    let waits: Vec<String> = lines.into_iter().chain(time).chain(runs).collect();
    let waits = (!waits.is_empty()).then(|| format!("{}: it", waits.join(", ")));
    let unseen = [LINES, TIMERS].into_iter().find_map(|list| hidden(ticket, list));
    let unseen = || unseen.map(|unseen| format!("{unseen}: what waits there"));
    waits.or_else(unseen).map(|what| {
        Finding::new(Guard::MoveUnbilled, format!("{what} would be billed to {}", new.name()))
    })
}

/// The invoices that stay another customer's: no request gives one to somebody else.
pub(super) fn invoiced(seen: &Snapshot, new: &Customer, env: &Env<'_>) -> Vec<String> {
    let invoices = seen.invoices().into_iter().filter(|one| one.customer_id != Some(new.id));
    let notices = invoices.map(|one| {
        let show = env.account.command(&format!("invoice show {}", one.number));
        let total = one.total.map_or_else(String::new, |total| format!(" ({})", display(total)));
        format!("invoice #{}{total} stays with the old customer: {show}", one.number)
    });
    notices.collect()
}

/// That the invoices are still those of the preview.
pub(super) fn same_invoices(ticket: &Ticket, seen: &Snapshot) -> Precondition {
    const SHOWN: [&str; 3] = ["number", "customer_id", "total"];
    let label = format!("an invoice of ticket #{}", ticket.number);
    Precondition::listed(&Collection::INVOICES, label, seen, &SHOWN)
}

/// The assets that stay on it, though they are not known to be the new customer's.
pub(super) fn assets(ticket: &Ticket, new: &Customer) -> Vec<String> {
    let whole = ticket.assets.iter().flatten();
    let whole =
        whole.filter_map(|one| Some((to_id(at(one, "id"))?, to_id(at(one, "customer_id")))));
    let whole: BTreeMap<u64, Option<u64>> = whole.collect();
    let ids = ticket.asset_ids.iter().flatten().map(|id| id.0);
    let ids: BTreeSet<u64> = ids.chain(whole.keys().copied()).collect();
    let stays = ids.into_iter().filter(|id| whole.get(id) != Some(&Some(new.id.0)));
    stays.map(|id| format!("asset {id} of another customer stays on the ticket")).collect()
}

/// That what runs there and its assets are still those of the preview.
pub(super) fn same_parts(ticket: &Record<Ticket>, seen: &Snapshot) -> [Precondition; 2] {
    let label = format!("ticket #{}", ticket.number);
    let of = Noun::Ticket.record(ticket.id);
    let assets = Precondition::kept(of, &label, &ticket.raw, &["asset_ids"]);
    let label = format!("a timer entry of {label}");
    [assets, Precondition::listed(&Collection::TIMERS, label, seen, &["recorded", "end_time"])]
}

/// The question about a contact of the old customer, who would go on being emailed.
pub(super) fn left_behind(ticket: &Ticket, new: &Record<Customer>) -> Option<Finding> {
    let contact = ticket.contact.as_ref();
    let has_contact = ticket.contact_id.is_some() || contact.is_some();
    let is_theirs = contact.is_some_and(|contact| contact.customer_id == Some(new.id));
    (has_contact && !is_theirs).then(|| {
        let text = "the old customer's contact stays on the ticket and keeps getting its emails; \
                    contact_id=null removes it";
        Finding::new(Guard::OtherContact, text)
    })
}

/// The appointments that stay another customer's, each with the way to move it.
pub(super) fn left(ticket: &Ticket, new: &Customer, env: &Env<'_>) -> Vec<String> {
    let stays =
        appointments(ticket).filter(|one| one.customer_id.is_some_and(|whose| whose != new.id));
    let notices = stays.map(|one| {
        let when = calendar::when(&one, &env.settings.timezone);
        let path = APPOINTMENTS.record(one.id);
        let path = path.trim_start_matches('/');
        // A PUT needs the times, too.
        let times = [("start_at", one.start_at), ("end_at", one.end_at)];
        let times =
            times.map(|(name, at)| at.map_or_else(String::new, |at| format!(" -f {name}={at}")));
        let moving = format!("api PUT {path} -F customer_id={}{}", new.id, times.concat());
        let moving = env.account.command(&moving);
        format!("appointment {} ({when}) stays with the old customer: {moving}", one.id)
    });
    notices.collect()
}

/// That the appointments are still those of the preview.
pub(super) fn same_appointments(ticket: &Record<Ticket>) -> Precondition {
    const SHOWN: [&str; 4] = ["customer_id", "start_at", "end_at", "all_day"];
    let all = appointments(ticket);
    let names = all.flat_map(|one| SHOWN.map(|name| format!("appointments.{}.{name}", one.id)));
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let of = Noun::Ticket.record(ticket.id);
    Precondition::kept(of, &format!("ticket #{}", ticket.number), &ticket.raw, &names)
}

fn appointments(ticket: &Ticket) -> impl Iterator<Item = Record<Appointment>> {
    ticket.appointments.iter().filter_map(|raw| Record::read(raw.clone()).ok())
}
