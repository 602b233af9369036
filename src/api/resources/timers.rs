//! Writes about a ticket's timer entries. What a timer is, and the reads that show one, stand beside the ticket.

use serde_json::{Map, Value, json};

use crate::api::folder::{TICKETS, TIMERS, done_to_any};
use crate::api::ids::{ProductId, TicketId, TimerId, UserId};
use crate::api::request::{Method, Write};

/// What makes an entry of a ticket.
pub const ADD: &str = "timer_entry";
/// What changes one.
pub const UPDATE: &str = "update_timer_entry";
/// What charges one.
pub const CHARGE: &str = "charge_timer_entry";
/// What deletes one.
pub const DELETE: &str = "delete_timer_entry";
/// The field that names one.
pub const ID: &str = "timer_entry_id";

/// What has a timer go on, where it runs by itself.
pub const START: &str = "start";
/// What pauses it.
pub const PAUSE: &str = "pause";
/// What stops it.
pub const STOP: &str = "stop";

/// A timer entry to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTimer {
    /// When it begins, RFC 3339; required.
    pub start: String,
    /// How long it took; none for one that runs.
    pub minutes: Option<u64>,
    /// What was done.
    pub notes: Option<String>,
    /// What it is to be charged as.
    pub product_id: Option<ProductId>,
    /// Whose time it is.
    pub user_id: UserId,
}

/// `POST /tickets/{id}/timer_entry`: makes an entry, a running one without `duration_minutes`. Flat answer.
#[must_use]
pub fn create(ticket: TicketId, timer: &NewTimer) -> Write {
    let mut body = Map::new();
    body.insert("start_at".to_owned(), json!(timer.start));
    if let Some(minutes) = timer.minutes {
        body.insert("duration_minutes".to_owned(), json!(minutes));
    }
    if let Some(notes) = &timer.notes {
        body.insert("notes".to_owned(), json!(notes));
    }
    if let Some(product) = timer.product_id {
        body.insert("product_id".to_owned(), json!(product));
    }
    body.insert("user_id".to_owned(), json!(timer.user_id));
    TICKETS.act(ticket, ADD, body)
}

/// `POST /ticket_timers`: one of the key's owner that runs from now on, or the one that is paused on the ticket, which goes
/// on, whatever else is sent. Not every account has it.
#[must_use]
pub fn begin(ticket: TicketId, notes: Option<&str>, product: Option<ProductId>) -> Write {
    let mut body = Map::new();
    body.insert("ticket_id".to_owned(), json!(ticket));
    body.extend(notes.map(|notes| ("notes".to_owned(), json!(notes))));
    body.extend(product.map(|product| ("product_id".to_owned(), json!(product))));
    TIMERS.create(body)
}

/// `POST /ticket_timers/{id}/start`, `pause` or `stop`: a repeat is refused. A stop makes the line item, too, where the account
/// charges by default.
#[must_use]
pub fn act(timer: TimerId, verb: &str) -> Write {
    TIMERS.act(timer, verb, json!({}))
}

/// Whether a path is that of such a stop.
#[must_use]
pub fn is_stop(path: &str) -> bool {
    done_to_any(path).is_some_and(|done| done_to_any(&act(TimerId(0), STOP).path) == Some(done))
}

/// `PUT /tickets/{id}/update_timer_entry`: sets what `fields` names: `start_at`, `duration_minutes` (whole, and the only
/// way to stop a running one), `user_id` (left out it becomes the key's owner), `notes`, `product_id`.
#[must_use]
pub fn update(ticket: TicketId, timer: TimerId, fields: Map<String, Value>) -> Write {
    let mut body = Map::new();
    body.insert(ID.to_owned(), json!(timer));
    body.extend(fields);
    let path = TICKETS.below(ticket, UPDATE);
    Write { method: Method::Put, path, body: Some(body.into()) }
}

/// `POST /tickets/{id}/charge_timer_entry`: marks the entry as `recorded` and makes a line item of it; another one each
/// time it is asked for. The product is sometimes dropped on the way.
#[must_use]
pub fn charge(ticket: TicketId, timer: TimerId) -> Write {
    TICKETS.act(ticket, CHARGE, json!({ ID: timer }))
}

/// The same for an entry that is yet to be made: `timer` is what stands for its id until then.
#[must_use]
pub fn charge_later(ticket: TicketId, timer: Value) -> Write {
    TICKETS.act(ticket, CHARGE, json!({ ID: timer }))
}

/// `POST /tickets/{id}/delete_timer_entry`: removes the entry; a line item that it became stays.
#[must_use]
pub fn delete(ticket: TicketId, timer: TimerId) -> Write {
    TICKETS.act(ticket, DELETE, json!({ ID: timer }))
}
