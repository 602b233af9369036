//! Tickets: made, changed and deleted.

mod change;
mod moving;
mod new;

use change::TicketChange;
pub use change::setting_status;
use new::TicketCreation;

use super::body;
use super::guard::{Finding, Guard};
use super::on_ticket::{self, whose};
use super::rule::{Call, Env, Proposed, Rule, record_id};
use super::unbilled::{invoiced_reads, unbilled};
use crate::api::Method;
use crate::api::folder::TICKETS;
use crate::api::ids::TicketId;
use crate::error::Result;
use crate::render::{article, counted};
use crate::write::{
    Collection, Effect, Noun, Precondition, ReadSet, RecordId, Scope, Snapshot, Step,
};

/// What a request does to a ticket, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, parts) = call.place()?;
    match (call.request.method, folder, parts.as_slice()) {
        (Method::Put | Method::Patch, TICKETS, [id]) => match record_id(id)? {
            RecordId::Id(id) => Some(Box::new(TicketChange::of(TicketId(id), call))),
            RecordId::Later(_) => None,
        },
        (Method::Post, TICKETS, []) => Some(Box::new(TicketCreation::of(call)?)),
        (Method::Delete, TICKETS, [id]) => match record_id(id)? {
            RecordId::Id(id) => Some(Box::new(TicketRemoval { ticket: TicketId(id) })),
            RecordId::Later(_) => None,
        },
        _ => None,
    }
}

/// What goes with a ticket that is deleted, and what a preview tells of it.
const LOST: [(Collection, &[&str]); 5] = [
    (Collection::COMMENTS, &[]),
    (Collection::LINES, &["converted"]),
    (Collection::TIMERS, &["recorded", "end_time"]),
    (Collection::APPOINTMENTS, &[]),
    (Collection::INVOICES, &["number"]),
];

/// A ticket is deleted, with all that belongs to it.
#[derive(Debug)]
struct TicketRemoval {
    ticket: TicketId,
}

impl TicketRemoval {
    fn findings(&self, seen: &Snapshot) -> Vec<Finding> {
        let what = seen.ticket().map(|ticket| format!("ticket #{}", ticket.number));
        let what = what.unwrap_or_else(|| "the ticket".to_owned());
        let invoices = seen.invoices();
        let stays = invoices.first().map(|invoice| {
            let text = format!(
                "{what} has invoice #{}, which would stay without a ticket",
                invoice.number
            );
            Finding::new(Guard::Invoiced, text)
        });
        stays.into_iter().collect()
    }
}

impl Rule for TicketRemoval {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        ReadSet::NOTHING.comments().invoices().and(invoiced_reads(seen))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let what = format!("ticket #{}", ticket.number);
        let lost = [
            counted(seen.comments().len(), "comment", "comments"),
            counted(ticket.line_items.len(), "line item", "line items"),
            counted(ticket.ticket_timers.len(), "timer entry", "timer entries"),
            counted(ticket.appointments.len(), "appointment", "appointments"),
        ];
        let sheet = on_ticket::sheet(ticket, env)
            .row("Status", &ticket.status)
            .row("Delete", format!("permanently, with {}", lost.join(", ")))
            .all_notices(&unbilled(seen, env.account, &env.settings.timezone, &|_| false));
        let of = Noun::Ticket.record(ticket.id);
        let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
        let named = ["subject", "customer_id", "status"];
        let step = call
            .step("delete_ticket", format!("delete {what}"), effect)
            .requires(Precondition::kept(of, &what, &ticket.raw, &named).recheck());
        let lost = LOST.into_iter().map(|(list, names)| {
            let label = format!("{} of {what}", article(list.noun.label()));
            Precondition::listed(&list, label, seen, names)
        });
        Ok(Proposed {
            title: format!("Delete {what}"),
            sheet,
            findings: self.findings(seen),
            step: lost.fold(step, Step::requires),
            whose: Some(whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::{Value, json};

    use super::super::example::{Office, request, ticket, with_customer};
    use super::*;
    use crate::api::ids::CustomerId;
    use crate::write::Request;

    fn put(body: Value) -> Request {
        request(Method::Put, "/tickets/1", body)
    }

    #[test]
    fn what_a_change_says_and_sends() {
        let seen = with_customer(ticket(json!({
            "customer_reply": true, "priority": "2 Normal", "due_date": "2026-05-20T00:00:00Z",
        })));
        let cases = [
            (
                json!({"status": "Resolved"}),
                "status New -> Resolved",
                json!({"status": "Resolved"}),
            ),
            (
                json!({"priority": "1 High", "status": "New"}),
                "priority 2 Normal -> 1 High",
                json!({"priority": "1 High"}),
            ),
            (
                json!({"due_date": "2026-05-23"}),
                "due date Wed 2026-05-20 -> Sat 2026-05-23",
                json!({"due_date": "2026-05-23"}),
            ),
            (
                json!({"contact_id": null, "subject": "Paper"}),
                "subject Blank page -> Paper; contact Ada -> nobody",
                json!({"contact_id": null, "subject": "Paper"}),
            ),
            (json!({"user_id": 8}), "assignee nothing -> user 8", json!({"user_id": 8})),
        ];
        for (body, says, mut sent) in cases {
            let proposed = Office::new().propose(&put(body), &seen, &[]).unwrap();
            sent["customer_reply"] = json!(true);
            assert_eq!(proposed.step.report, says);
            assert_eq!(proposed.step.request.body, Some(sent), "{says}");
            assert_eq!(proposed.whose, seen.ticket().map(whose));
        }
    }

    #[test]
    fn what_is_so_already_is_said_and_changes_nothing() {
        let seen = ticket(json!({}));
        let same = put(json!({"status": "New"}));
        let proposed = Office::new().propose(&same, &seen, &[]).unwrap();
        assert!(proposed.step.effect.changes_nothing());
        assert!(proposed.sheet.text().contains("status is already New"));
    }

    #[test]
    fn a_status_after_a_comment_sends_nothing_that_the_comment_changes() {
        let seen = ticket(json!({"customer_reply": true}));
        let effect = Effect::created(Collection::COMMENTS);
        let comment = request(Method::Post, "/tickets/1/comment", json!({}));
        let before = Step::new("comment", "", comment, effect);
        let close = put(json!({"status": "Resolved"}));
        let proposed = Office::new().propose(&close, &seen, &[before]).unwrap();
        assert_eq!(proposed.step.name, "status");
        assert_eq!(proposed.step.request.body, Some(json!({"status": "Resolved"})));
        assert!(proposed.step.preconditions.is_empty());
    }

    #[test]
    fn a_contact_is_one_of_the_customers() {
        let seen = with_customer(ticket(json!({"contact_id": null, "contact": null})));
        let of = |id: u64| Office::new().propose(&put(json!({"contact_id": id})), &seen, &[]);
        assert_eq!(of(3).unwrap().step.report, "contact nothing -> Ada");
        assert_eq!(of(4).unwrap_err().message, "Books has no contact 4");
    }

    #[test]
    fn a_contact_left_behind_is_pointed_out() {
        let theirs = |customer: u64| {
            let contact = json!({"id": 3, "name": "Ada", "customer_id": customer});
            let fields = json!({"customer_id": 9, "contact_id": 3, "contact": contact});
            with_customer(ticket(fields))
        };
        let seen = theirs(9);
        let found = |body: Value| {
            let proposed = Office::new().propose(&put(body), &seen, &[]).unwrap();
            proposed.findings.into_iter().map(|one| one.guard).collect::<Vec<_>>()
        };
        assert_eq!(found(json!({"customer_id": 2})), [Guard::OtherContact]);
        assert_eq!(found(json!({"customer_id": 2, "contact_id": null})), []);
        let moved = Office::new().propose(&put(json!({"customer_id": 2})), &theirs(2), &[]);
        assert!(moved.unwrap().findings.is_empty());
    }

    #[test]
    fn invoices_stand_against_deleting_a_ticket() {
        let gone = request(Method::Delete, "/tickets/1", Value::Null);
        let seen = ticket(json!({})).with_collection(Collection::COMMENTS, Vec::new());
        let plain = seen.clone().with_collection(Collection::INVOICES, Vec::new());
        let invoice = json!({"id": 5, "number": "67", "ticket_id": 1});
        let invoiced = seen.with_collection(Collection::INVOICES, vec![invoice]);
        for (seen, found) in [(plain, 0), (invoiced, 1)] {
            let proposed = Office::new().propose(&gone, &seen, &[]).unwrap();
            assert_eq!(proposed.findings.len(), found, "{:?}", proposed.findings);
            assert_eq!(proposed.title, "Delete ticket #100");
        }
    }

    fn post(more: Value) -> Request {
        let mut body = json!({"customer_id": 2, "subject": "Blank page", "user_id": 7});
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        request(Method::Post, "/tickets", body)
    }

    #[test]
    fn what_stands_against_a_new_ticket() {
        let open = Collection::open_tickets(CustomerId(2).into());
        let there = |status: &str, subject: &str| json!({"id": 9, "number": 90, "customer_id": 2, "status": status, "subject": subject});
        let cases = [
            (there("New", "Blank  page"), 1, true),
            (there("Resolved", "Blank page"), 0, false),
            (there("New", "Page comes out blank"), 0, true),
            (there("New", "Door sticks"), 0, false),
        ];
        for (ticket, found, is_similar) in cases {
            let seen = with_customer(Snapshot::default());
            let seen = seen.with_collection(open.clone(), vec![ticket.clone()]);
            let proposed = Office::new().propose(&post(json!({})), &seen, &[]).unwrap();
            assert_eq!(proposed.findings.len(), found, "{ticket}");
            let text = proposed.sheet.text();
            assert_eq!(text.contains("Similar open tickets"), is_similar, "{ticket}: {text}");
        }
    }

    #[test]
    fn what_a_new_ticket_says() {
        let seen = with_customer(Snapshot::default());
        let of = |more: Value| Office::new().propose(&post(more), &seen, &[]);
        let more = json!({"contact_id": 3, "due_date": "2026-05-23", "status": "New"});
        let proposed = of(more).unwrap();
        for row in ["Assignee  Robin", "Contact   Ada", "Due       Sat 2026-05-23", "Status    New"]
        {
            assert!(proposed.sheet.text().contains(row), "{row}: {}", proposed.sheet.text());
        }
        assert_eq!(proposed.step.report, "Blank page");
        let ignored = of(json!({"line_items": []})).unwrap();
        assert_eq!(ignored.sheet.notices(), ["Syncro ignores line_items when a ticket is created"]);
        let strange = of(json!({"contact_id": 4})).unwrap_err();
        assert_eq!(strange.message, "Books has no contact 4");
        assert_eq!(of(json!({"asset_ids": [5]})).unwrap_err().kind.exit_code(), 3);
    }
}
