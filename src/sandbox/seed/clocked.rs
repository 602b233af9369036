//! Time that was clocked around the day on which the account begins: charged, waiting to be charged, and running.
//!
//! | ticket | customer | timers |
//! |---|---|---|
//! | 32168 | Brindlewood Garden Centre | 45 minutes of remote labor, to be charged |
//! | 32165 | Harrow & Finch Accounting | 25 minutes remote and the colleague's 70 onsite, to be charged |
//! | 32162 | Northlight Architects | 20 minutes without a product, to be charged |
//! | 32159 | Brindlewood Dental | the colleague's runs |
//! | 32154 | Mossgate Veterinary | 30 minutes that are charged; the line is not invoiced |

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::lines;
use super::super::state::{State, Table};
use super::super::timers;
use super::super::value::{Record, in_cents, instant, number, record, text};
use super::people::{ONSITE, REMOTE};
use super::{DAY, HOUR, ticket_id};
use crate::sandbox::{COLLEAGUE, TRAINEE};

/// Below the ids that are given to new lines, so that these stay as they were.
const CHARGED_LINE: i64 = 2_964_399_990;

struct Clocked {
    ticket: i64,
    user: i64,
    /// Minutes ago.
    started: i64,
    /// In minutes; nothing while it runs.
    took: Option<i64>,
    product: Option<i64>,
    notes: &'static str,
    line: Option<i64>,
}

const fn clocked(ticket: i64, started: i64, took: i64, notes: &'static str) -> Clocked {
    Clocked {
        ticket,
        user: TRAINEE,
        started,
        took: Some(took),
        product: Some(REMOTE),
        notes,
        line: None,
    }
}

/// Adds the timers around `now`, and the line of the charged one.
pub(super) fn add(state: &mut State, now: Timestamp) {
    let all = [
        Clocked {
            line: Some(CHARGED_LINE),
            ..clocked(32_154, 3 * DAY, 30, "Folder set per user, tried with two")
        },
        Clocked { product: None, ..clocked(32_162, 2 * DAY, 20, "Cleared the queue") },
        clocked(32_168, DAY + 2 * HOUR, 45, "Moved the terminal to another port"),
        clocked(32_165, DAY, 25, "Account and mailbox"),
        Clocked {
            user: COLLEAGUE,
            product: Some(ONSITE),
            ..clocked(32_165, 20 * HOUR, 70, "Laptop set up at the desk")
        },
        Clocked {
            user: COLLEAGUE,
            took: None,
            ..clocked(32_159, 25, 0, "Reading the backup logs")
        },
    ];
    for one in all {
        add_timer(state, now, &one);
    }
}

fn add_timer(state: &mut State, now: Timestamp, clocked: &Clocked) {
    let ago = |minutes: i64| now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(now);
    let start = ago(clocked.started);
    let ticket = ticket_id(clocked.ticket);
    if let Some((line, took)) = clocked.line.zip(clocked.took) {
        let at = ago(clocked.started - took - 5);
        state.put(Table::Lines, charged(state, clocked, line, took, at));
    }
    let mut timer = timers::blank(ticket);
    timer.extend(record(json!({
        "user_id": clocked.user,
        "start_time": instant(start),
        "end_time": clocked.took.map(|took| instant(ago(clocked.started - took))),
        "recorded": clocked.line.is_some(),
        "notes": clocked.notes,
        "product_id": clocked.product,
        "ticket_line_item_id": clocked.line,
        "active_duration": clocked.took.map(|took| took * 60),
    })));
    state.add(Table::Timers, start, timer);
}

/// Returns the line that charging the timer has made.
fn charged(state: &State, clocked: &Clocked, id: i64, took: i64, at: Timestamp) -> Record {
    let sold =
        clocked.product.and_then(|id| state.get(Table::Products, id)).cloned().unwrap_or_default();
    let price = Decimal::new(12_000, 2);
    let hours = (Decimal::from(took) / Decimal::from(60)).normalize();
    let mut line = record(json!({
        "id": id, "created_at": instant(at), "updated_at": instant(at),
    }));
    line.extend(lines::blank(ticket_id(clocked.ticket), 1));
    line.extend(record(json!({
        "user_id": clocked.user,
        "product_id": clocked.product,
        "product_category": sold.get("product_category"),
        "name": text(&sold, "name"),
        "description": clocked.notes,
        "quantity": Value::String(hours.to_string()),
        "taxable": false,
        "retail_cents": in_cents(price),
        "price_retail": number(price),
    })));
    line
}
