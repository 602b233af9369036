//! All writes that no noun knows. A record that a GET shows by itself is read, named as far as that goes, and looked at
//! afterwards; an alert of a machine is resolved by a DELETE, and a GET goes on showing it. Of every other path nothing is
//! known: it is sent once and never again.

use serde_json::Value;

use super::guard::{Finding, Guard};
use super::rule::{Call, Env, Proposed, Rule};
use super::{body, figures};
use crate::api::Method;
use crate::api::fields::to_id;
use crate::api::folder::{ALERTS, TIMERS};
use crate::api::ids::{CustomerId, TicketId};
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{
    Effect, Field, Precondition, ReadSet, RecordRef, Scope, Snapshot, field_at, field_shown,
};

/// What people may know a record by.
const NAMES: [&str; 6] = ["number", "name", "subject", "summary", "title", "description"];

/// Whose it is, and where.
const WHOSE: [&str; 3] = ["customer_id", "ticket_id", "computer_name"];

/// Folders whose records have no GET of their own.
const UNSHOWN: [&str; 3] = [TIMERS.name(), "canned_responses", "portal_users"];

/// A write of which only the path is known.
#[derive(Debug)]
struct Other {
    path: String,
    act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// A record is changed.
    Change,
    /// It is removed.
    Delete,
    /// An alert is resolved.
    Resolve,
    /// Nothing that a GET shows.
    Unknown,
}

/// What any request does, as far as its path tells.
pub(super) fn rule(call: &Call) -> Box<dyn Rule> {
    let act = match (call.request.method, call.path().as_slice()) {
        (Method::Post, _) => Act::Unknown,
        (_, [folder, _]) if UNSHOWN.contains(folder) => Act::Unknown,
        (Method::Delete, [folder, _]) if *folder == ALERTS.name() => Act::Resolve,
        (Method::Delete, [_, _] | [_, _, _, _]) => Act::Delete,
        (_, [_, _] | [_, _, _, _]) => Act::Change,
        _ => Act::Unknown,
    };
    Box::new(Other { path: format!("/{}", call.path().join("/")), act })
}

impl Rule for Other {
    fn record(&self) -> Option<RecordRef> {
        (self.act != Act::Unknown).then(|| RecordRef::Path { path: self.path.clone() })
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        Ok(self.shown(seen)?.map_or_else(Scope::default, scope_of))
    }

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        self.record().iter().fold(ReadSet::NOTHING, ReadSet::record)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let (Some(raw), Some(of)) = (self.shown(seen)?, self.record()) else {
            return Ok(unknown(call, env));
        };
        let what = self.path.trim_start_matches('/').to_owned();
        let sheet = named(raw).by(env.me);
        let (title, sheet, effect) = match self.act {
            Act::Delete => {
                let sheet = sheet.row("Delete", &what);
                (format!("Delete {what}"), sheet, Effect::Deleted { of, label: what })
            }
            Act::Resolve => {
                let what = format!("alert {}", field_shown(&raw["id"]));
                let change = Field::change(raw, "resolved", "resolved", true);
                let machine = raw.get("computer_name").map(field_shown);
                let sheet = sheet.maybe("Machine", machine).row("Change", change.says());
                let changes = Some(change).filter(Field::is_change).into_iter().collect();
                let moves = ["status", "resolved_at"];
                let effect = Effect::updated(of, &what, changes, &moves);
                (format!("Resolve {what}"), sheet, effect)
            }
            Act::Change | Act::Unknown => {
                figures::readable(&call.fields, raw)?;
                let (changes, unseen) = body::changes(&call.fields, raw);
                let rows = changes.iter().map(Field::says);
                let sheet = rows.fold(sheet, |sheet, says| sheet.row("Change", says));
                let sheet = sheet.all_notices(&body::notices(&call.fields, raw, &unseen));
                let left = body::defaults(&call.fields, raw);
                let left = left.filter(|_| !body::is_wrapped(&call.fields, raw));
                let mut effect = Effect::updated(of, &what, changes, &[]);
                effect.settle(unseen);
                (format!("Change {what}"), sheet.all_notices(&left), effect)
            }
        };
        let mut proposed = proposed(call, title, sheet, effect, scope_of(raw));
        let still = self.still(call, raw, &proposed.step.effect);
        proposed.step = proposed.step.requires(still);
        Ok(proposed)
    }
}

impl Other {
    /// That the record still is called what the preview shows, whose it was, and has in its parts what a body replaces.
    fn still(&self, call: &Call, raw: &Value, effect: &Effect) -> Precondition {
        let names = NAMES.iter().chain(&WHOSE).copied();
        let parts = call.fields.iter().filter(|(_, value)| value.is_object() || value.is_array());
        let names = names.chain(parts.map(|(name, _)| name.as_str()));
        let names: Vec<&str> = names.filter(|name| effect.expected(name).is_none()).collect();
        let of = RecordRef::Path { path: self.path.clone() };
        Precondition::kept(of, self.path.trim_start_matches('/'), raw, &names).recheck()
    }

    /// The record; none where the path has no GET of its own.
    ///
    /// # Errors
    /// Exit 3 where there should be one.
    fn shown<'s>(&self, seen: &'s Snapshot) -> Result<Option<&'s Value>> {
        let Some(of) = self.record() else {
            return Ok(None);
        };
        let shown = seen.record(&of);
        if shown.is_none() && self.path.matches('/').count() == 2 {
            let message = format!("GET {} found nothing", self.path);
            return Err(Error::new(Kind::NotFound, message).nothing_written());
        }
        Ok(shown)
    }
}

/// What a record is about, for the lock.
fn scope_of(raw: &Value) -> Scope {
    let id = |name: &str| to_id(field_at(raw, name));
    Scope {
        ticket: id("ticket_id").map(TicketId),
        customer: id("customer_id").map(CustomerId),
        ..Scope::default()
    }
}

/// The rows that say which record it is.
fn named(raw: &Value) -> Sheet {
    NAMES.iter().fold(Sheet::default(), |sheet, name| {
        let text = raw.get(*name).map(field_shown);
        sheet.maybe(&sentence(name), text.filter(|text| text != &field_shown(&Value::Null)))
    })
}

fn unknown(call: &Call, env: &Env<'_>) -> Proposed {
    let notice =
        "unknown endpoint: sent once; if the answer is lost, the outcome cannot be verified";
    let sheet = Sheet::default().by(env.me).notice(notice);
    let effect = Effect::Unverifiable { label: call.line() };
    let mut proposed =
        proposed(call, "unknown endpoint".to_owned(), sheet, effect, Scope::default());
    if call.request.method == Method::Post {
        let text =
            format!("no command knows {}: it may make something or email someone", call.line());
        proposed.findings.push(Finding::new(Guard::UnknownPath, text));
    }
    proposed
}

fn proposed(call: &Call, title: String, sheet: Sheet, effect: Effect, scope: Scope) -> Proposed {
    let step = call.step("api", format!("send {}", call.line()), effect);
    Proposed { title, sheet, whose: None, findings: Vec::new(), step, scope }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::super::Operation;
    use super::super::example::{Office, request};
    use super::*;

    fn path(path: &str) -> RecordRef {
        RecordRef::Path { path: path.to_owned() }
    }

    #[test]
    fn what_any_request_comes_to() {
        let product = json!({"id": 5, "name": "Till", "price": "1.0", "taxable": true});
        let alert = |resolved: bool| json!({"id": 6, "resolved": resolved, "customer_id": 2});
        let seen = Snapshot::default()
            .with_record(path("/products/5"), Some(product))
            .with_record(path("/products/6"), None)
            .with_record(path("/rmm_alerts/6"), Some(alert(false)))
            .with_record(path("/rmm_alerts/7"), Some(alert(true)))
            .with_record(path("/invoices/1/parts/2"), None);
        let office = Office::new();
        let (put, delete) = (Method::Put, Method::Delete);
        let unknown = |line: &str| Ok(("unknown endpoint".to_owned(), line.to_owned()));
        let is = |title: &str, label: &str| Ok((title.to_owned(), label.to_owned()));
        let fails = |text: &str| Err(text.to_owned());
        for (method, path, body, wanted) in [
            (put, "/products/5", json!({"name": "T"}), is("Change products/5", "products/5")),
            (put, "/products/5", json!({"colour": "red"}), is("Change products/5", "products/5")),
            (put, "/products/5", json!({"price": 1}), is("nothing changes", "products/5")),
            (delete, "/products/5", json!({}), is("Delete products/5", "products/5")),
            (
                delete,
                "/products/6",
                json!({}),
                fails("GET /products/6 found nothing; nothing was written"),
            ),
            (delete, "/rmm_alerts/6", json!({}), is("Resolve alert 6", "alert 6")),
            (delete, "/rmm_alerts/7", json!({}), is("nothing changes", "alert 6")),
            (delete, "/invoices/1/parts/2", json!({}), unknown("DELETE /invoices/1/parts/2")),
            (Method::Post, "/rmm_alerts", json!({}), unknown("POST /rmm_alerts")),
            (Method::Post, "/contacts", json!({}), unknown("POST /contacts")),
            (delete, "/ticket_timers/5", json!({}), unknown("DELETE /ticket_timers/5")),
            (put, "/settings", json!({}), unknown("PUT /settings")),
        ] {
            let operation = Operation::any(&request(method, path, body.clone())).unwrap();
            let proposed =
                operation.propose(&seen, &office.env(&[])).map_err(|error| error.to_string());
            let found = proposed.map(|one| {
                let title = Some(one.title).filter(|_| !one.step.effect.changes_nothing());
                let title = title.unwrap_or_else(|| "nothing changes".to_owned());
                (title, one.step.effect.label().to_owned())
            });
            assert_eq!(found, wanted, "{path} {body}");
        }
    }

    #[test]
    fn what_a_server_may_read_in_another_way_is_no_path() {
        for (path, body) in [
            ("/tickets/7-x", json!({})),
            ("/tickets/x/comment", json!({})),
            ("/invoices/7x/email", json!({})),
            ("/contacts/1e3", json!({})),
            ("/customers/-1", json!({})),
            ("/customer_assets/abc", json!({})),
            ("/appointments/99999999999999999999999", json!({})),
            ("/tick%65ts/7", json!({})),
            ("/tickets.json", json!({})),
            ("/tickets/7;x", json!({})),
            ("/products/1+1", json!({})),
            ("/products/5", json!({"_method": "DELETE"})),
            ("/products/5?_method=DELETE", json!({})),
        ] {
            for method in [Method::Post, Method::Put, Method::Delete] {
                let error = Operation::any(&request(method, path, body.clone())).unwrap_err();
                assert_eq!(error.kind, Kind::Usage, "{path}");
            }
        }
        for path in ["/wiki_pages/first-page", "/tickets/{ticket.id}/print", "/products?q=1.5"] {
            assert!(Operation::any(&request(Method::Put, path, json!({}))).is_ok(), "{path}");
        }
    }
}
