//! What is known of a path: what a write to it makes true, how that is looked for, and what a command that does the same
//! would ask about. Whatever is not known here is sent once and never again.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::typed::Path;
use crate::api::Method;
use crate::api::fields::to_decimal;
use crate::api::ids::{CustomerId, LineItemId, TicketId, TimerId};
use crate::write::{Effect, Field, Pool, Scope, Space, Thing};

/// What a path is about.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// A comment on a ticket.
    Comment(TicketId),
    /// An invoice of what waits on a ticket.
    Invoice(TicketId),
    /// A line item is taken off its ticket, or changed.
    Line(TicketId, LineItemId),
    /// A line item is added.
    NewLine(TicketId),
    /// A timer entry is charged.
    Charge(TicketId, TimerId),
    /// A timer entry is removed.
    TimerGone(TicketId, TimerId),
    /// A new record in a list.
    New(Box<Effect>, Scope),
    /// One record that a GET shows: changed or removed.
    Record(Thing),
    /// Nothing that a GET shows.
    Nothing,
}

fn number(body: Option<&Map<String, Value>>, name: &str) -> Option<u64> {
    let value = body?.get(name)?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// What a write of `body` to `path` is.
pub(super) fn of(method: Method, path: &Path, body: Option<&Map<String, Value>>) -> Known {
    let segments = path.segments();
    match (method, segments.as_slice()) {
        (method, ["tickets", id, verb]) => match id.parse() {
            Ok(id) => on_ticket(method, TicketId(id), verb, body),
            Err(_) => Known::Nothing,
        },
        (Method::Post, ["invoices"]) => match (number(body, "ticket_id"), plain_invoice(body)) {
            (Some(ticket), true) => Known::Invoice(TicketId(ticket)),
            _ => Known::Nothing,
        },
        (Method::Post, [list]) => body
            .and_then(|body| new_record(list, body))
            .map_or(Known::Nothing, |(effect, scope)| {
                Known::New(Box::new(effect), scope)
            }),
        (Method::Post, _) => Known::Nothing,
        (_, [folder, id]) => Known::Record(thing(folder, id, path)),
        (_, [_, _, _, _]) => Known::Record(bare(path)),
        _ => Known::Nothing,
    }
}

/// Only what bill itself would send: anything else makes another invoice than the one that is checked.
fn plain_invoice(body: Option<&Map<String, Value>>) -> bool {
    let known = ["ticket_id", "customer_id", "category"];
    body.is_some_and(|body| {
        body.keys().all(|name| known.contains(&name.as_str()))
            && body
                .get("category")
                .is_none_or(|category| category == "Standard")
    })
}

fn on_ticket(
    method: Method,
    ticket: TicketId,
    verb: &str,
    body: Option<&Map<String, Value>>,
) -> Known {
    let line = || number(body, "ticket_line_item_id").map(LineItemId);
    let timer = || number(body, "timer_entry_id").map(TimerId);
    let found = match (method, verb) {
        (Method::Post, "comment") => Some(Known::Comment(ticket)),
        (Method::Post, "add_line_item") => Some(Known::NewLine(ticket)),
        (Method::Put, "update_line_item") | (Method::Post, "remove_line_item") => {
            line().map(|line| Known::Line(ticket, line))
        }
        (Method::Post, "charge_timer_entry") => timer().map(|timer| Known::Charge(ticket, timer)),
        (Method::Post, "delete_timer_entry") => {
            timer().map(|timer| Known::TimerGone(ticket, timer))
        }
        (Method::Post, "timer_entry") => body.and_then(|body| new_timer(ticket, body)),
        _ => None,
    };
    found.unwrap_or(Known::Nothing)
}

fn new_timer(ticket: TicketId, body: &Map<String, Value>) -> Option<Known> {
    let mut like = vec![Field::called(
        "start_time",
        "start",
        body.get("start_at")?.clone(),
    )];
    if let Some(notes) = body.get("notes") {
        like.push(Field::new("notes", notes.clone()));
    }
    let effect = Effect::Record {
        space: Space::Timers,
        what: "timer entry".to_owned(),
        member: "timer".to_owned(),
        like,
        check: Vec::new(),
        by: Some("user_id".to_owned()).filter(|_| !body.contains_key("user_id")),
        wrapper: None,
    };
    Some(Known::New(Box::new(effect), of_ticket(ticket)))
}

/// A scope of the ticket alone.
pub(super) fn of_ticket(ticket: TicketId) -> Scope {
    Scope {
        ticket: Some(ticket),
        ..Scope::default()
    }
}

/// Lists whose new records can be told from others, and what tells them.
fn new_record(list: &str, body: &Map<String, Value>) -> Option<(Effect, Scope)> {
    let customer = number(Some(body), "customer_id").map(CustomerId);
    let same = |name: &str| Some(Field::new(name, body.get(name)?.clone()));
    let of_customer = |customer: Option<CustomerId>| Scope {
        customer,
        ..Scope::default()
    };
    let (space, what, wrapper, like, scope) = match list {
        "tickets" => {
            let pool = Pool::Tickets {
                customer: customer?.into(),
                after: today().saturating_sub(jiff::Span::new().days(2)),
            };
            let like = vec![same("customer_id")?, same("subject")?];
            (
                Space::Pool(pool),
                "ticket",
                "ticket",
                like,
                of_customer(customer),
            )
        }
        "contacts" => {
            let pool = Pool::Contacts {
                customer: customer?.into(),
            };
            let like = [same("name"), same("email")]
                .into_iter()
                .flatten()
                .collect();
            (
                Space::Pool(pool),
                "contact",
                "contact",
                like,
                of_customer(customer),
            )
        }
        "customer_assets" => {
            let pool = Pool::Assets {
                customer: customer?.into(),
            };
            (
                Space::Pool(pool),
                "asset",
                "asset",
                vec![same("name")?],
                of_customer(customer),
            )
        }
        "customers" => {
            let by = ["business_name", "email", "lastname"]
                .into_iter()
                .find_map(|by| Some((by, body.get(by)?.as_str()?)))?;
            let pool = Pool::Customers {
                by: by.0.to_owned(),
                is: by.1.trim().to_owned(),
            };
            let like = ["business_name", "firstname", "lastname", "email"]
                .into_iter()
                .filter_map(same)
                .collect();
            (
                Space::Pool(pool),
                "customer",
                "customer",
                like,
                Scope::default(),
            )
        }
        "payments" => {
            let cents = Decimal::from(number(Some(body), "amount_cents")?);
            let dollars = (cents / Decimal::ONE_HUNDRED).to_string();
            let mut like = vec![Field::called("payment_amount", "amount", dollars)];
            if let Some(customer) = customer {
                like.push(Field::called("customer.id", "customer", customer.0));
            }
            (
                Space::Pool(Pool::Payments),
                "payment",
                "payment",
                like,
                of_customer(customer),
            )
        }
        "appointments" => {
            let begins = body.get("start_at")?;
            let like = vec![same("start_at")?, same("summary")?];
            let ticket = number(Some(body), "ticket_id").map(TicketId);
            let (space, scope) = match ticket {
                Some(ticket) => (Space::Appointments, of_ticket(ticket)),
                None => {
                    let day = begins.as_str()?.get(..10)?.parse().ok()?;
                    let (from, to) = crate::commands::appointment::calendar::neighbours(day);
                    (
                        Space::Pool(Pool::Appointments { from, to }),
                        of_customer(customer),
                    )
                }
            };
            (space, "appointment", "appointment", like, scope)
        }
        _ => return None,
    };
    let effect = Effect::Record {
        space,
        what: what.to_owned(),
        member: what.to_owned(),
        like,
        check: Vec::new(),
        by: None,
        wrapper: Some(wrapper.to_owned()),
    };
    Some((effect, scope))
}

fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The record of a path with an id.
fn thing(folder: &str, id: &str, path: &Path) -> Thing {
    let Ok(id) = id.parse::<u64>() else {
        return bare(path);
    };
    let id = crate::write::Ref::Id(id);
    match folder {
        "tickets" => Thing::Ticket(id),
        "invoices" => Thing::Invoice(id),
        "appointments" => Thing::Appointment(id),
        "contacts" => Thing::Contact(id),
        "customers" => Thing::Customer(id),
        "customer_assets" => Thing::Asset(id),
        "payments" => Thing::Payment(id),
        _ => bare(path),
    }
}

fn bare(path: &Path) -> Thing {
    Thing::Path {
        path: path.path.clone(),
        wrapper: None,
    }
}

/// What a line item of a body lacks, and what that leads to.
pub(super) fn line_notices(body: &Map<String, Value>) -> Vec<String> {
    let mut notices = Vec::new();
    for (name, then) in [
        (
            "price_retail",
            "is the only price that is kept; without it the line is $0.00",
        ),
        ("name", "is required, even with product_id"),
        ("description", "is required, even with product_id"),
        ("taxable", "left out means taxed"),
    ] {
        if !body.contains_key(name) {
            notices.push(format!("{name} is missing: it {then}"));
        }
    }
    notices
}

/// The effect of a new line, as far as its fields tell it.
pub(super) fn new_line(body: &Map<String, Value>) -> Effect {
    let fields = |names: &[&str]| -> Vec<Field> {
        let given = names
            .iter()
            .filter_map(|name| Some(Field::new(name, body.get(*name)?.clone())));
        given.collect()
    };
    Effect::Record {
        space: Space::Lines,
        what: "line item".to_owned(),
        member: "line_items".to_owned(),
        like: fields(&["name", "description", "quantity", "product_id"]),
        check: fields(&["price_retail", "taxable"]),
        by: Some("user_id".to_owned()),
        wrapper: None,
    }
}

/// What charging makes: any of it tells the line.
pub(super) fn charged(timer: TimerId, notes: &str, minutes: Option<u64>) -> Effect {
    let mut like = Vec::new();
    if !notes.trim().is_empty() {
        like.push(Field::new("description", notes));
    }
    if let Some(minutes) = minutes {
        let hours = (Decimal::from(minutes) / Decimal::from(60)).round_dp(2);
        like.push(Field::new("quantity", json!(hours.to_string())));
    }
    Effect::Charged { timer, like }
}

/// Whether a new line would cost nothing.
pub(super) fn costs_nothing(body: &Map<String, Value>) -> bool {
    let price = body.get("price_retail").and_then(to_decimal);
    price.is_none_or(|price| price.is_zero())
}
