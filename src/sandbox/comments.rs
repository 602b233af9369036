//! Comments: flat in, wrapped out, never changed and never removed.
//!
//! The state keeps which ones were mailed (`_do_not_email`, and the table of emails), but no answer
//! tells.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::page;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, instant, integer, parse_instant, public, record, text, truth};

const PER_PAGE: usize = 10;
pub(super) const MOST_PER_PAGE: usize = 100;

/// `GET /tickets/{id}/comments`: oldest first unless `sort_direction=DESC`.
pub(super) fn list(state: &State, call: &Call, ticket: i64) -> Reply {
    let sort_by = match call.asked("sort_by") {
        Some("updated_at") => "updated_at",
        _ => "created_at",
    };
    let mut found: Vec<&Record> = state
        .belonging(Table::Comments, "ticket_id", ticket)
        .filter(|comment| within(call, comment))
        .collect();
    let key = |comment: &Record| (parse_instant(text(comment, sort_by)), integer(comment, "id"));
    if call.asked("sort_direction").is_some_and(|way| way.eq_ignore_ascii_case("desc")) {
        sorting::sort_by_key(&mut found, |comment| Reverse(key(comment)));
    } else {
        sorting::sort_by_key(&mut found, |comment| key(comment));
    }
    let per_page = call
        .asked("per_page")
        .and_then(|count| count.parse().ok())
        .filter(|count| *count > 0)
        .unwrap_or(PER_PAGE)
        .min(MOST_PER_PAGE);
    let shown: Vec<Value> = found
        .into_iter()
        .map(|comment| shown(state, comment, call.asked("comment_format")))
        .collect();
    let (comments, meta) = page(call, shown, per_page);
    Reply::ok(json!({"comments": comments, "meta": meta}))
}

fn within(call: &Call, comment: &Record) -> bool {
    ["created", "updated"].iter().all(|what| {
        let at = parse_instant(text(comment, &format!("{what}_at")));
        let limit = |side: &str| call.asked(&format!("{what}_{side}")).and_then(parse_instant);
        limit("after").is_none_or(|after| at > Some(after))
            && limit("before").is_none_or(|before| at < Some(before))
    })
}

/// `POST /tickets/{id}/comment`. Wrapping it in an object is the same as leaving everything out.
pub(super) fn create(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let missing: Vec<String> = [("body", "Body"), ("subject", "Subject")]
        .iter()
        .filter(|(field, _)| text(&call.body, field).trim().is_empty())
        .map(|(_, name)| format!("{name} can't be blank"))
        .collect();
    if !missing.is_empty() {
        return Reply::invalid(json!(missing));
    }
    let tech = match text(&call.body, "tech") {
        "" => call.user_name(state).to_owned(),
        named => named.to_owned(),
    };
    let id = write(
        state,
        call,
        ticket,
        record(json!({
            "subject": text(&call.body, "subject"),
            "body": text(&call.body, "body"),
            "tech": tech,
            "hidden": truth(&call.body, "hidden").unwrap_or(false),
            "user_id": call.user,
            "_do_not_email": truth(&call.body, "do_not_email").unwrap_or(false),
        })),
    );
    match state.get(Table::Comments, id) {
        Some(comment) => Reply::ok(json!({"comment": shown(state, comment, None)})),
        None => Reply::not_found(),
    }
}

/// Adds a comment, mails it where that was asked for, and returns its id.
pub(super) fn write(state: &mut State, call: &Call, ticket: i64, fields: Record) -> i64 {
    let mut comment = blank(Table::Comments);
    comment.insert("ticket_id".to_owned(), json!(ticket));
    comment.extend(fields);
    let silent =
        truth(&comment, "hidden") == Some(true) || truth(&comment, "_do_not_email") == Some(true);
    let id = state.add(Table::Comments, call.now, comment);
    state.change(Table::Tickets, ticket, call.now, Record::new());
    if !silent {
        mail(state, call, ticket, id);
    }
    id
}

fn mail(state: &mut State, call: &Call, ticket: i64, comment: i64) {
    let Some(ticket) = state.get(Table::Tickets, ticket) else {
        return;
    };
    let Some(customer) = state.named(Table::Customers, ticket, "customer_id") else {
        return;
    };
    let contact = state.named(Table::Contacts, ticket, "contact_id");
    let to = [contact, Some(customer)]
        .into_iter()
        .flatten()
        .map(|person| text(person, "email"))
        .find(|address| !address.is_empty());
    if truth(customer, "no_email") == Some(true) {
        return;
    }
    if let Some(to) = to.map(str::to_owned) {
        let ticket = integer(ticket, "id");
        state.add(
            Table::Mailed,
            call.now,
            record(json!({
                "ticket_id": ticket, "comment_id": comment, "to": to, "at": instant(call.now),
            })),
        );
    }
}

/// Returns the comment as answers carry it.
pub(super) fn shown(state: &State, comment: &Record, format: Option<&str>) -> Value {
    let mut shown = public(comment);
    if format != Some("original")
        && let Some(Value::String(body)) = shown.get_mut("body")
    {
        *body = plain_text(body);
    }
    let user = state
        .named(Table::Users, comment, "user_id")
        .map_or_else(|| json!({}), |user| Value::Object(public(user)));
    shown.insert("user".to_owned(), user);
    Value::Object(shown)
}

/// Returns the text of a body: `<br>` becomes a line break, other tags go, entities are resolved.
fn plain_text(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        plain.push_str(before);
        // Only what looks like a tag is one: "5 < 6" stays as it is.
        let tag = from.find('>').map(|end| from.split_at(end + 1)).filter(|(tag, _)| {
            tag.chars()
                .nth(1)
                .is_some_and(|first| first.is_ascii_alphabetic() || first == '/' || first == '!')
        });
        match tag {
            Some((tag, after)) => {
                let name: String =
                    tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
                if name.eq_ignore_ascii_case("br") {
                    plain.push('\n');
                }
                rest = after;
            }
            None => {
                plain.push('<');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    plain.push_str(rest);
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(plain, |text, (entity, meant)| text.replace(entity, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_become_plain_text() {
        assert_eq!(plain_text("one<br>two<BR/>three"), "one\ntwo\nthree");
        assert_eq!(plain_text("<b>5 &lt; 6</b> & 7 < 8 <"), "5 < 6 & 7 < 8 <");
        assert_eq!(plain_text("&amp;lt;"), "&lt;");
    }
}
