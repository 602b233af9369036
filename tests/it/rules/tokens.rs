//! References to what earlier steps make, by value: filled once a GET has shown it, and in fields that hold ids only.

use std::collections::BTreeSet;

use serde_json::json;

use syncro::api::Method;
use syncro::api::ids::{CustomerId, TicketId};
use syncro::write::{
    Collection, Effect, Field, Noun, Plan, Precondition, RecordId, Request, Scope, Step, StepState,
};

use super::account;

fn plan() -> Plan {
    Plan::new("create", "t", account(), Scope::of_customer(CustomerId(5)), jiff::Timestamp::now())
}

fn record(name: &str, path: &str, body: serde_json::Value, collection: Collection) -> Step {
    let request = Request { method: Method::Post, path: path.to_owned(), body: Some(body) };
    let effect = Effect::created(collection).like([Field::new("customer_id", "{customer.id}")]);
    Step::new(name, name, request, effect)
}

fn checked(id: u64) -> StepState {
    StepState::Checked { id: Some(id), adopted: false, sent: true }
}

fn landed(id: u64) -> StepState {
    StepState::Landed { id: Some(id), seen: BTreeSet::new(), twice: false, found: false }
}

#[test]
fn a_later_step_waits_until_a_get_has_shown_what_it_refers_to() {
    let tickets = Collection::PAYMENTS;
    let comment = record(
        "comment",
        "/tickets/{ticket.id}/comment",
        json!({"body": "see {ticket.id}", "ticket_id": "{ticket.id}"}),
        Collection::COMMENTS,
    )
    .requires(Precondition::new(
        Noun::Ticket.record(RecordId::later("ticket")),
        "the ticket",
        Vec::new(),
    ));
    let mut plan = plan().step(record("ticket", "/tickets", json!({}), tickets)).step(comment);
    for before in [StepState::NotSent, landed(9)] {
        plan.fill(&[before, StepState::NotSent]);
        assert!(plan.steps[1].waits());
        assert_eq!(plan.scope.ticket, None);
        assert!(!plan.baseline.knows(&Collection::COMMENTS));
    }
    plan.fill(&[checked(9), StepState::NotSent]);
    let comment = &plan.steps[1];
    assert!(!comment.waits());
    assert_eq!(comment.request.path, "/tickets/9/comment");
    assert_eq!(
        comment.request.body,
        Some(json!({"body": "see {ticket.id}", "ticket_id": 9})),
        "what a person wrote is left alone"
    );
    let ticket = Noun::Ticket.record(RecordId::Id(9));
    assert_eq!(comment.preconditions[0].record_ref(), Some(&ticket));
    assert_eq!(plan.scope.ticket, Some(TicketId(9)));
    // The new ticket's list began empty: what is in it later is new.
    assert!(plan.baseline.knows(&Collection::COMMENTS));
    assert!(plan.baseline.ids(Some(&Collection::COMMENTS)).is_empty());
}

#[test]
fn one_of_several_is_named_by_its_place() {
    let contact = |place: u64| {
        record(
            "contact",
            "/contacts",
            json!({"customer_id": format!("{{contact.{place}.id}}")}),
            Collection::contacts(RecordId::later("customer")),
        )
    };
    let mut plan = plan().step(contact(1)).step(contact(2)).step(contact(3));
    plan.fill(&[landed(4), checked(6), StepState::NotSent]);
    let customers: Vec<_> = plan
        .steps
        .iter()
        .map(|step| step.request.body.as_ref().unwrap()["customer_id"].clone())
        .collect();
    assert_eq!(customers, [json!("{contact.1.id}"), json!(6), json!("{contact.3.id}")]);
}

#[test]
fn only_known_tokens_of_a_path_are_replaced() {
    for (path, filled) in [
        ("/tickets/{ticket.id}/comment", "/tickets/7/comment"),
        ("/a/{other.id}/b{", "/a/{other.id}/b{"),
    ] {
        let step = |name, path| record(name, path, json!({}), Collection::PAYMENTS);
        let mut plan = plan().step(step("ticket", "/tickets")).step(step("next", path));
        plan.fill(&[checked(7), StepState::NotSent]);
        assert_eq!(plan.steps[1].request.path, filled);
    }
}
