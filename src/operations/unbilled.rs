//! What of a ticket is not billed yet, and which of its lines an invoice has: by Syncro's own mark, else by the lines of the
//! ticket's invoices. One answer for every guard and every notice.

use jiff::tz::TimeZone;

use super::clear::{state, unclear};
use super::guard::{Finding, Guard};
use crate::api::Record;
use crate::api::ids::LineItemId;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::billing::money;
use crate::billing::uninvoiced::{self, Unmarked};
use crate::config::Settings;
use crate::render::counted;
use crate::render::hidden::{LINES, TIMERS, hidden};
use crate::render::timer::waiting;
use crate::render::when;
use crate::write::{Account, Noun, ReadSet, Snapshot};

/// What is read to know which lines an invoice has, as far as that is known by now. Where all are marked there is nothing to
/// ask.
pub fn invoiced_reads(seen: &Snapshot) -> ReadSet {
    let needs = ReadSet::NOTHING.ticket();
    if seen.ticket().is_none() || seen.lines().iter().all(|line| line.converted) {
        return needs;
    }
    // Their lines are asked only where a line may be on one of them.
    let invoices = seen.invoices().into_iter();
    let invoices = invoices.filter(|one| uninvoiced::may_have(one, seen.lines()));
    invoices.fold(needs.invoices(), |needs, one| needs.record(&Noun::Invoice.record(one.id)))
}

/// The lines of the ticket that an invoice has without their mark, as far as the invoices were read.
#[must_use]
pub fn unmarked(seen: &Snapshot) -> Unmarked {
    let invoices = seen.invoices().into_iter().filter_map(|one| seen.invoice(one.id));
    uninvoiced::unmarked(seen.lines(), &invoices.collect::<Vec<_>>())
}

/// What waits on the ticket to be billed, a line each with the command that takes it. A timer that `stops` runs no more.
#[must_use]
pub fn unbilled(
    seen: &Snapshot,
    account: &Account,
    zone: &TimeZone,
    stops: &dyn Fn(&Timer) -> bool,
) -> Vec<String> {
    let Some(ticket) = seen.ticket() else {
        return Vec::new();
    };
    let number = &ticket.number;
    let command = |what: String| account.command(&what);
    let mut notices: Vec<String> =
        [hidden(ticket, TIMERS), hidden(ticket, LINES)].into_iter().flatten().collect();
    let running = ticket.ticket_timers.iter().filter(|timer| timer.is_running());
    for timer in running.filter(|timer| !stops(timer)) {
        let stop = command(format!("timer stop {number} {}", timer.id));
        notices.push(format!("{}: {stop}", running_since(timer, zone)));
    }
    let left = ticket.ticket_timers.iter().filter(|timer| !stops(timer));
    notices.extend(left.filter_map(|timer| may_run(timer).or_else(|| may_wait(timer))));
    if let Some(time) = waiting(&ticket.ticket_timers) {
        let bill = command(format!("bill {number} --from-timers"));
        notices.push(format!("stopped time is not charged yet: {time}: {bill}"));
    }
    let unmarked = unmarked(seen);
    match seen.lines().iter().filter(|line| uninvoiced::is_open(line, &unmarked)).count() {
        0 => {}
        open => {
            let are = if open == 1 { " is" } else { "s are" };
            let create = command(format!("invoice create {number}"));
            notices.push(format!("{open} line item{are} not invoiced: {create}"));
        }
    }
    notices
}

/// How many line items no invoice has, as far as the invoices were read, and what they come to; none where there are none.
#[must_use]
pub fn uninvoiced(seen: &Snapshot) -> Option<String> {
    let unmarked = unmarked(seen);
    let lines = seen.lines().iter().filter(|line| uninvoiced::is_open(line, &unmarked));
    let lines: Vec<_> = lines.collect();
    let are = match lines.len() {
        0 => return None,
        1 => "is",
        _ => "are",
    };
    let amounts: Option<Vec<_>> = lines.iter().map(|line| line.amount()).collect();
    let sum = amounts.map(|amounts| format!(" ({})", money::display(money::sum(amounts))));
    let lines = counted(lines.len(), "line item", "line items");
    Some(format!("{lines}{} {are}", sum.unwrap_or_default()))
}

/// Time that runs while a ticket is billed.
#[must_use]
pub fn timer_running(ticket: &Ticket, settings: &Settings) -> Option<Finding> {
    let mut timers = ticket.ticket_timers.iter();
    if let Some((id, what)) = timers.find_map(|timer| Some((timer.id, timer.unclear()?))) {
        let text = unclear(format_args!("timer entry {id}"), "running", what);
        return Some(Finding::new(Guard::TimerRunning, text));
    }
    let running = ticket.ticket_timers.iter().filter(|timer| timer.is_running());
    let running: Vec<&Record<Timer>> = running.collect();
    let goes_on = running.iter().find(|timer| !timer.is_paused()).or(running.first())?;
    let since = running.iter().map(|timer| running_since(timer, &settings.timezone));
    let (now, all) = (goes_on.now(), since.collect::<Vec<_>>().join("; "));
    let text = match running.len() {
        1 => format!("a timer is {now} on the ticket: {all}; its time is not in this bill"),
        _ => format!("timers are {now} on the ticket: {all}; their time is not in this bill"),
    };
    Some(Finding::new(Guard::TimerRunning, text))
}

/// That an entry may run, where nobody can tell.
#[must_use]
pub fn may_run(timer: &Timer) -> Option<String> {
    let found = timer.unclear().filter(|_| timer.runs().is_none())?;
    Some(unclear(format_args!("timer entry {}", timer.id), "running", found))
}

/// That the time of one that is over may wait to be charged, where nobody can tell.
fn may_wait(timer: &Timer) -> Option<String> {
    let found = timer.unclear().filter(|_| !timer.is_charged())?;
    Some(unclear(format_args!("timer entry {}", timer.id), "not charged yet", found))
}

/// That an entry runs, or is paused.
#[must_use]
pub fn running_since(timer: &Timer, zone: &TimeZone) -> String {
    let began = if timer.is_paused() { ", begun" } else { " since" };
    let began = timer.start_time.map(|at| format!("{began} {}", when::at_in_zone(at, zone)));
    format!("timer entry {} is {}{}", timer.id, timer.now(), began.unwrap_or_default())
}

/// The question about an entry whose line item is made; `then` becomes of that.
pub(super) fn charged(timer: &Timer, then: &str) -> Option<Finding> {
    let line = timer.ticket_line_item_id;
    let line = line.map_or_else(|| "its line item".to_owned(), |id| format!("line item {id}"));
    let text = format!("timer entry {} is already charged; {line} {then}", timer.id);
    timer.is_charged().then(|| Finding::new(Guard::ChargedTimer, text))
}

/// What speaks against touching a line that an invoice has taken.
pub(super) fn invoiced_line(seen: &Snapshot, line: &LineItem, then: &str) -> Option<Finding> {
    let what = format!("line item {}", line.id);
    if let Some(invoice) = invoice_of(line, &unmarked(seen)) {
        let text = format!("{what} is already on {invoice}; {then}");
        return Some(Finding::new(Guard::InvoicedLine, text));
    }
    let flag = (&line.unreadable, "converted", line.converted);
    state(Guard::InvoicedLine, flag, what, "on an invoice")
}

/// The invoice that has a line, in words; none where it waits for one.
fn invoice_of(line: &LineItem, unmarked: &Unmarked) -> Option<String> {
    let LineItem { id, converted, .. } = line;
    let number = |id: &LineItemId| unmarked.get(id).map(|number| format!("invoice #{number}"));
    number(id).or_else(|| converted.then(|| "an invoice".to_owned()))
}
