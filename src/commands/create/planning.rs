//! From the wish to the requests: the ticket, its first comment, its appointment. Pure.

use serde_json::{Map, Value, json};

use super::new_ticket::{NewTicket, Visit};
use crate::api::resources::appointments::{self, NewAppointment};
use crate::api::resources::comments::{self, NewComment};
use crate::api::resources::tickets;
use crate::draft::Wording;
use crate::render::preview::Sheet;
use crate::write::{RecordId, Request};

/// The subject of the first comment.
const FIRST: &str = "Initial Issue";

/// What is sent, in order; a token stands for the ticket until it is there.
pub(super) fn requests(wish: &NewTicket) -> Vec<Request> {
    let ticket = RecordId::later("ticket");
    let comment = first_comment(wish).map(|comment| comments::create(&ticket, &comment));
    let visit = wish.visit.as_ref();
    let visit = visit.map(|visit| appointments::create(&appointment(wish, visit, &ticket)));
    let all = [Some(tickets::create(body(wish))), comment, visit];
    all.into_iter().flatten().map(Request::from).collect()
}

/// What no request tells of the times.
pub(super) fn remarks(wish: &NewTicket) -> Sheet {
    Sheet::default().all_notices(wish.visit.iter().flat_map(|visit| &visit.notes))
}

/// The description, for whoever edits it at the preview.
pub(super) fn wording(wish: &NewTicket) -> Option<Wording> {
    let text = wish.description.clone()?;
    Some(Wording::of_comment(text, wish.form, wish.drafted.clone()))
}

fn first_comment(wish: &NewTicket) -> Option<NewComment> {
    let text = wish.description.as_deref()?;
    Some(NewComment {
        subject: FIRST.to_owned(),
        body: wish.form.body(text),
        hidden: false,
        do_not_email: !wish.email,
        tech: None,
    })
}

fn appointment(wish: &NewTicket, visit: &Visit, ticket: &RecordId) -> NewAppointment {
    NewAppointment {
        summary: wish.subject.clone(),
        start: visit.start.timestamp(),
        end: visit.end.timestamp(),
        ticket: Some(ticket.json()),
        customer: Some(wish.customer),
        kind: visit.kind,
        owner: Some(visit.owner),
        location: visit.location.clone(),
        description: None,
        mailed: visit.mailed,
    }
}

fn body(wish: &NewTicket) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("customer_id".to_owned(), json!(wish.customer));
    body.insert("subject".to_owned(), json!(wish.subject));
    // Left out, it would leave the ticket with nobody.
    body.insert("user_id".to_owned(), json!(wish.assignee));
    let mut put = |name: &str, value: Option<Value>| {
        body.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("problem_type", wish.issue_type.as_deref().map(Value::from));
    put("ticket_type_id", wish.ticket_type.map(|id| json!(id)));
    put("status", wish.status.as_deref().map(Value::from));
    put("priority", wish.priority.as_deref().map(Value::from));
    put("due_date", wish.due.map(|day| json!(day.to_string())));
    put("contact_id", wish.contact.map(|id| json!(id)));
    put("address_id", wish.address.map(|id| json!(id)));
    put("asset_ids", wish.asset.map(|id| json!([id])));
    body
}
