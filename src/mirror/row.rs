//! A record as it is kept: what it is looked up by, the whole of it, and the text by which it is found.

use jiff::Timestamp;
use serde_json::Value;

use super::kinds::Kind;
use super::never;
use crate::api::fields::{self, Said, to_id};
use crate::render::html;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) id: i64,
    pub(super) number: Option<String>,
    pub(super) customer_id: Option<i64>,
    pub(super) ticket_id: Option<i64>,
    pub(super) user_id: Option<i64>,
    pub(super) updated_at: Option<String>,
    pub(super) state: Option<String>,
    /// Whether it says clearly that it is paid.
    pub(super) is_paid: bool,
    pub(super) json: String,
    /// By what people name it; empty for most kinds.
    pub(super) names: String,
    /// What was said in it: headline and text.
    pub(super) said: Option<(String, String)>,
}

impl Row {
    /// The record of an answer; nothing where it has no id. Of a comment's text nothing is kept without `bodies`.
    pub(super) fn of(kind: Kind, mut value: Value, bodies: bool) -> Option<Self> {
        let id = whole(value.get("id").or_else(|| value.get(0))?)?;
        never::leave_out(&mut value);
        if let Some(body) = value.get_mut("body").filter(|_| kind == Kind::Comments && !bodies) {
            *body = Value::Null;
        }
        let said = (kind == Kind::Comments).then(|| {
            let shown = html::to_text(&text(&value, "body"));
            let safe = never::safe(shown.clone());
            // A tag in the middle of a link hides what it is.
            if safe != shown {
                value["body"] = Value::from(safe.as_str());
            }
            (text(&value, "subject"), safe)
        });
        Some(Self {
            kind,
            id,
            number: plain(&value["number"]),
            customer_id: whole(&value["customer_id"]),
            ticket_id: whole(&value["ticket_id"]),
            user_id: whole(&value["user_id"]),
            updated_at: changed(&value),
            state: plain(&value["status"]),
            is_paid: fields::to_flag(&value["is_paid"]) == Said::Clear(true),
            names: names(kind, &value),
            said,
            json: value.to_string(),
        })
    }

    /// The same of a record on a ticket, which says which in its place.
    pub(super) fn on_ticket(kind: Kind, value: Value, ticket: i64, bodies: bool) -> Option<Self> {
        let row = Self::of(kind, value, bodies)?;
        Some(Self { ticket_id: row.ticket_id.or(Some(ticket)), ..row })
    }
}

/// A moment as the file has it: comparable as a text.
pub(super) fn moment(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// When a record changed last, as far as it tells.
fn changed(value: &Value) -> Option<String> {
    let at = |name: &str| fields::to_instant(&value[name]).map(moment);
    at("updated_at").or_else(|| at("created_at"))
}

/// An id as the file has it.
pub(super) fn whole(value: &Value) -> Option<i64> {
    to_id(value).and_then(|id| i64::try_from(id).ok())
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn text(value: &Value, name: &str) -> String {
    plain(&value[name]).unwrap_or_default()
}

/// By what people name a record: subjects, names, serials, mail addresses.
fn names(kind: Kind, value: &Value) -> String {
    let members: &[&str] = match kind {
        Kind::Tickets => &["subject", "customer_business_then_name"],
        Kind::Customers => &["business_name", "firstname", "lastname", "email"],
        Kind::Contacts => &["name", "email"],
        Kind::Assets => &["name", "asset_serial"],
        _ => &[],
    };
    let named = members.iter().map(|name| text(value, name)).filter(|text| !text.is_empty());
    named.collect::<Vec<_>>().join("\n")
}
