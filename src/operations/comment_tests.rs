//! What a comment is and what stands against it, by value.

use serde_json::json;

use super::super::example::{Office, request, ticket, with_customer};
use super::*;
use crate::write::Collection;

fn comment(more: &Value) -> Request {
    let mut body = json!({"subject": "Update", "body": "It is done"});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    request(Method::Post, "/tickets/1/comment", body)
}

/// What was said before on a ticket, at noon by the server.
fn said(comment: Value) -> Snapshot {
    let seen = with_customer(ticket(json!({})));
    let seen = seen.with_collection(Collection::COMMENTS, vec![comment]);
    seen.with_server_date("2026-03-17T12:00:00Z".parse().unwrap())
}

#[test]
fn what_stands_against_a_comment() {
    let plain = with_customer(ticket(json!({})));
    let moved = json!({"id": 9, "name": "Joe", "email": "joe@x.example", "customer_id": 8});
    let strange = with_customer(ticket(json!({"contact_id": 9, "contact": moved})));
    let mine =
        |at: &str| said(json!({"id": 5, "body": "It  is done", "user_id": 7, "created_at": at}));
    let theirs = json!({"id": 5, "body": "It is done", "user_id": 8});
    let secret = json!({"body": "see<br>password: hunter-two"});
    let cases: [(Snapshot, Value, &[Guard]); 12] = [
        (plain.clone(), json!({}), &[]),
        (plain.clone(), secret.clone(), &[Guard::AllowSecrets]),
        (plain.clone(), json!({"body": secret["body"], "hidden": "true", "do_not_email": 1}), &[]),
        // Syncro may email it all the same.
        (plain.clone(), json!({"body": secret["body"], "hidden": true}), &[Guard::AllowSecrets]),
        (plain, json!({"body": secret["body"], "hidden": "perhaps"}), &[Guard::AllowSecrets]),
        (strange.clone(), json!({}), &[Guard::OtherContact]),
        (strange.clone(), json!({"do_not_email": 1}), &[]),
        (strange.clone(), json!({"hidden": true}), &[Guard::OtherContact]),
        (strange, json!({"hidden": true, "do_not_email": true}), &[]),
        (mine("2026-03-16T13:00:00Z"), json!({}), &[Guard::SameComment]),
        (mine("2026-03-16T11:00:00Z"), json!({}), &[]),
        (said(theirs), json!({}), &[]),
    ];
    for (seen, more, guards) in cases {
        let proposed = Office::new().propose(&comment(&more), &seen, &[]).unwrap();
        let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
        assert_eq!(found, guards, "{more}: {:?}", proposed.findings);
    }
}

#[test]
fn whom_a_comment_goes_to() {
    let seen = with_customer(ticket(json!({})));
    let alone = with_customer(ticket(json!({"contact_id": null, "contact": null})));
    // What rests on whom it goes to: the ticket's contact, and the customer.
    let cases = [
        (&seen, json!({}), "emailed to ada@books.example", 2),
        (&alone, json!({}), "emailed to office@books.example", 2),
        (
            &seen,
            json!({"hidden": true, "do_not_email": true}),
            "private: the customer cannot see it",
            0,
        ),
        (&seen, json!({"hidden": true}), "hidden, but Syncro may email it to ada@books.example", 2),
        (&seen, json!({"do_not_email": "1"}), "public, not emailed", 0),
    ];
    for (seen, more, says, rests_on) in cases {
        let proposed = Office::new().propose(&comment(&more), seen, &[]).unwrap();
        assert!(proposed.sheet.text().contains(&format!("Comment   {says}\n")), "{says}");
        assert_eq!(proposed.step.report, says);
        assert_eq!(proposed.step.preconditions.len(), rests_on, "{says}");
        assert_eq!(proposed.whose, seen.ticket().map(whose));
    }
}

/// The contact as the ticket shows it, or as the customer does; or the customer, who gets no email at all.
#[test]
fn who_opted_out_is_asked_about() {
    let ada = |more: Value| {
        let mut ada = json!({"id": 3, "name": "Ada", "email": "ada@books.example"});
        ada["opt_out"] = more;
        ada
    };
    let customer = |more: Value| {
        let mut raw = json!({"id": 2, "business_name": "Books", "email": "office@books.example"});
        for (name, value) in more.as_object().into_iter().flatten() {
            raw[name] = value.clone();
        }
        Some(raw)
    };
    let books = Noun::Customer.record(crate::api::ids::CustomerId(2));
    let plain = ticket(json!({}));
    let by_ticket = ticket(json!({"contact": ada(json!(true))}));
    let contact = "this contact, Ada <ada@books.example>";
    let (none, listed) = (json!({}), json!({"contacts": [ada(json!(true))]}));
    let cases = [
        (&by_ticket, &none, Some(contact)),
        (&plain, &listed, Some(contact)),
        (&plain, &json!({"contacts": [ada(json!(false))]}), None),
        (&plain, &json!({"no_email": true}), Some("this customer, Books <ada@books.example>")),
        (&plain, &json!({"no_email": true, "disabled": true}), Some("this customer, Books")),
    ];
    for (ticket, more, says) in cases {
        let seen = ticket.clone().with_record(books.clone(), customer(more.clone()));
        let proposed = Office::new().propose(&comment(&json!({})), &seen, &[]).unwrap();
        let found: Vec<&str> = proposed.findings.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(proposed.step.preconditions.len(), 2, "{more}");
        assert_eq!(proposed.step.report.starts_with("emailed"), says.is_none(), "{more}");
        let guards: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
        let disabled = more["disabled"] == true;
        let wanted = [says.map(|_| Guard::OptedOut), disabled.then_some(Guard::Disabled)];
        assert_eq!(guards, wanted.into_iter().flatten().collect::<Vec<_>>(), "{found:?}");
        assert!(says.is_none_or(|says| found[0].contains(says)), "{found:?}");
        let hidden = Office::new().propose(&comment(&json!({"hidden": true})), &seen, &[]).unwrap();
        let found: Vec<Guard> = hidden.findings.iter().map(|one| one.guard).collect();
        assert_eq!(found, guards, "{more}");
        let quiet = json!({"hidden": true, "do_not_email": true});
        for quiet in [quiet, json!({"do_not_email": true})] {
            let proposed = Office::new().propose(&comment(&quiet), &seen, &[]).unwrap();
            assert!(proposed.findings.is_empty(), "{quiet}: {:?}", proposed.findings);
        }
    }
}

#[test]
fn a_ticket_without_a_customer_gets_none() {
    let seen = ticket(json!({"customer_id": null}));
    let error = Office::new().propose(&comment(&json!({})), &seen, &[]).unwrap_err();
    assert_eq!(error.to_string(), "ticket #100 has no customer; nothing was written");
}

#[test]
fn the_first_comment_waits_for_its_ticket() {
    let body = json!({"customer_id": 2, "subject": "Blank page", "contact_id": 3});
    let effect = Effect::created(Collection::COMMENTS);
    let made = Step::new("ticket", "", request(Method::Post, "/tickets", body), effect);
    let first = Request { path: "/tickets/{ticket.id}/comment".to_owned(), ..comment(&json!({})) };
    let seen = with_customer(Snapshot::default());
    let proposed = Office::new().propose(&first, &seen, &[made]).unwrap();
    assert_eq!(proposed.step.report, "emailed to ada@books.example");
    assert_eq!(proposed.step.preconditions.len(), 2);
    assert!(proposed.step.waits());
    let error = Office::new().propose(&first, &seen, &[]).unwrap_err();
    assert_eq!(error.message, "no step makes {ticket.id}");
}
