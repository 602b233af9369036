//! Lists whose new records can be told from others, and what tells them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::write::Call;
use super::fields::number;
use crate::api::ids::{CustomerId, TicketId};
use crate::write::{Collection, Effect, Field, Scope};

/// A scope of the ticket alone.
pub(super) fn of_ticket(ticket: TicketId) -> Scope {
    Scope { ticket: Some(ticket), ..Scope::default() }
}

/// What a new record of `list` is about: a ticket where its body names one, else a customer.
pub(super) fn scope(call: &Call<'_>, _list: &str) -> Scope {
    let fields = call.fields();
    let customer = number(&fields, "customer_id").map(CustomerId);
    Scope { customer, ..Scope::default() }
}

/// The effect of a POST to `list`; none where nothing tells the record.
pub(super) fn effect(list: &str, body: &Map<String, Value>) -> Option<Effect> {
    let customer = number(body, "customer_id").map(CustomerId);
    let same = |name: &str| Some(Field::new(name, body.get(name)?.clone()));
    let (collection, like): (_, Vec<Field>) = match list {
        "tickets" => {
            let since = today().saturating_sub(jiff::Span::new().days(2));
            let like = vec![same("customer_id")?.identifying(), same("subject")?];
            (Collection::tickets(customer?.into(), since), like)
        }
        _ => return None,
    };
    Some(Effect::created(collection).like(like))
}

fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
