//! Appointments: made with a ticket or without, moved, changed and canceled. What one overlaps is pointed out; that it
//! begins with another of its ticket or in the past is asked about.

mod change;
mod create;
mod email;
mod fields;

use jiff::Timestamp;

use super::calendar;
use super::on_ticket;
use super::rule::{Call, Env, Proposed, Rule, digits};
use crate::api::fields::at;
use crate::api::folder::APPOINTMENTS;
use crate::api::ids::{AppointmentId, CustomerId};
use crate::api::resources::appointments::Appointment;
use crate::api::resources::customers::Customer;
use crate::api::{Method, Record};
use crate::error::Result;
use crate::write::{Noun, ReadSet, RecordRef, Scope, Snapshot};
pub use change::scope;
use create::{New, Parent};
use fields::AppointmentFields;

/// A write of an appointment.
#[derive(Debug)]
struct Appointments {
    act: Act,
    fields: AppointmentFields,
}

#[derive(Debug)]
enum Act {
    Create(New),
    Update(AppointmentId),
    Cancel(AppointmentId),
}

/// What a request does to an appointment, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let fields = AppointmentFields::of(call);
    let (folder, parts) = call.place()?;
    let act = match (call.request.method, folder, parts.as_slice()) {
        (Method::Post, APPOINTMENTS, []) => Act::Create(New::of(&fields)?),
        (Method::Put | Method::Patch, APPOINTMENTS, [id]) => {
            Act::Update(AppointmentId(digits(id)?))
        }
        (Method::Delete, APPOINTMENTS, [id]) => Act::Cancel(AppointmentId(digits(id)?)),
        _ => return None,
    };
    Some(Box::new(Appointments { act, fields }))
}

impl Rule for Appointments {
    fn record(&self) -> Option<RecordRef> {
        match self.act {
            Act::Create(..) => None,
            Act::Update(id) | Act::Cancel(id) => Some(Noun::Appointment.record(id)),
        }
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        self.fields.readable()?;
        Ok(match &self.act {
            Act::Create(New { parent: Parent::Ticket(id), .. }) => on_ticket::scope_of(*id),
            Act::Create(..) => {
                let customer = self.fields.number("customer_id").map(CustomerId);
                Scope { customer, ..Scope::default() }
            }
            Act::Update(id) | Act::Cancel(id) => {
                let found = change::found(seen, *id)?;
                scope(&found)
            }
        })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let needs = self.record().iter().fold(ReadSet::NOTHING, ReadSet::record);
        let needs = match &self.act {
            Act::Create(new) => needs.and(new.reads(scope)),
            Act::Update(_) => needs,
            Act::Cancel(_) => return needs,
        };
        // Whoever gets an email is looked at, and who is not shown by the one that changes.
        let customer = self.whose(seen, scope);
        let needs = match (self.fields.is_emailed(), customer) {
            (true, customer) => {
                let needs = needs.and(on_ticket::of_customer(customer));
                let found = self.found(seen);
                let ticket = found.and_then(|found| self.fields.then_on(&found));
                ticket.iter().fold(needs, ReadSet::record)
            }
            (false, Some(id)) if self.hides_customer(seen) => {
                needs.record(&on_ticket::asked_of(id))
            }
            (false, _) => needs,
        };
        match self.fields.start() {
            Some(start) => needs.collection(&calendar::around(start)),
            None => needs,
        }
    }

    fn wants_names(&self) -> bool {
        let is_new = matches!(self.act, Act::Create(..));
        is_new && (self.fields.kind().is_some() || !self.fields.owners().is_empty())
    }

    fn begins(&self, _call: &Call, _seen: &Snapshot) -> Option<Timestamp> {
        match self.act {
            Act::Create(_) | Act::Update(_) => self.fields.start(),
            Act::Cancel(_) => None,
        }
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        self.fields.readable()?;
        match &self.act {
            Act::Create(new) => new.propose(&self.fields, call, seen, env),
            Act::Update(id) => self.fields.update(call, seen, env, *id),
            Act::Cancel(id) => change::cancel(call, seen, env, *id),
        }
    }
}

impl Appointments {
    /// Whether one is to be changed that does not say whether its customer is disabled.
    fn hides_customer(&self, seen: &Snapshot) -> bool {
        let found = self.record().filter(|_| matches!(self.act, Act::Update(_)));
        let found = found.and_then(|of| seen.record(&of).cloned());
        found.is_some_and(|raw| at(&raw, Customer::DISABLED_IN).is_null())
    }

    /// The one that is there.
    fn found(&self, seen: &Snapshot) -> Option<Record<Appointment>> {
        seen.typed_record(&self.record()?)
    }

    /// The customer of one that is there, or of the ticket of a new one; where it is emailed, whose it is then.
    fn whose(&self, seen: &Snapshot, scope: &Scope) -> Option<CustomerId> {
        let there = match self.act {
            Act::Create(New { parent: Parent::Ticket(_), .. }) => {
                seen.ticket().and_then(|ticket| ticket.customer_id)
            }
            Act::Create(_) => None,
            Act::Update(_) | Act::Cancel(_) => {
                self.found(seen).and_then(|found| match self.fields.is_emailed() {
                    true => self.fields.then_of(&found),
                    false => found.customer(),
                })
            }
        };
        there.or(scope.customer)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::{Value, json};

    use super::super::example::{Office, request, ticket, with_customer};
    use super::super::guard::Guard;
    use super::super::operation::Operation;
    use super::*;
    use crate::api::ids::TicketId;
    use crate::error::Kind;
    use crate::write::{Collection, Effect, Precondition, RecordId, Request, Step};

    const PAST: &str = "1969-12-31T10:00:00Z";
    const NEXT: &str = "2027-03-17T15:00:00Z";

    /// Ticket #100 with an appointment, an appointment of its own page, and a calendar in which somebody is busy.
    fn seen() -> Snapshot {
        let one = json!({
            "id": 5, "summary": "Visit", "start_at": NEXT, "end_at": "2027-03-17T15:40:00Z", "user_id": 8,
            "ticket_id": 1, "customer_id": 2, "customer": {"id": 2, "business_then_name": "Books"},
            "all_day": false, "do_not_email": "1",
        });
        let busy = json!({"id": 6, "summary": "Lunch", "start_at": NEXT, "user_id": 7});
        let seen = with_customer(ticket(json!({"appointments": [one]})));
        let seen = seen.with_record(Noun::Appointment.record(AppointmentId(5)), Some(one));
        [PAST, NEXT].into_iter().fold(seen, |seen, start| {
            let list = calendar::around(start.parse().unwrap());
            seen.with_collection(list, vec![busy.clone()])
        })
    }

    fn new(more: Value) -> Request {
        let mut body = json!({"summary": "Visit", "start_at": NEXT, "user_id": 9});
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        request(Method::Post, "/appointments", body)
    }

    fn change(body: Value) -> Request {
        request(Method::Put, "/appointments/5", body)
    }

    /// The fields of each record that a step rests on.
    fn rests_on(step: &Step) -> Vec<Vec<&str>> {
        let fields = step.preconditions.iter().map(|given| match given {
            Precondition::Record { expected, .. } => {
                expected.iter().map(|field| field.path.as_str()).collect()
            }
            _ => Vec::new(),
        });
        fields.collect()
    }

    #[test]
    fn what_stands_against_an_appointment() {
        let overlap = "overlaps \"Lunch\"";
        let cases: [(Request, &[Guard], &str, &str); 11] = [
            (
                new(json!({"ticket_id": 1})),
                &[Guard::SameTime],
                "Add an appointment to ticket #100",
                "",
            ),
            (
                new(json!({"ticket_id": "1", "user_id": 7})),
                &[Guard::SameTime],
                "Add an appointment to ticket #100",
                overlap,
            ),
            (
                new(json!({"ticket_id": 1, "start_at": PAST})),
                &[Guard::Past],
                "Add an appointment to ticket #100",
                "",
            ),
            (new(json!({"customer_id": 2})), &[], "Add an appointment", "Books (id 2)"),
            (new(json!({"user_id": null})), &[], "Add an appointment", overlap),
            (new(json!({"user_ids": [7]})), &[], "Add an appointment", overlap),
            (
                change(json!({"start_at": PAST})),
                &[Guard::Past],
                "Move an appointment of Books",
                "From",
            ),
            (
                change(json!({"appointment": {"start_at": PAST}})),
                &[Guard::Past],
                "Move an appointment of Books",
                "To",
            ),
            (
                change(json!({"start_at": NEXT, "user_id": 7})),
                &[],
                "Move an appointment of Books",
                overlap,
            ),
            (
                change(json!({"summary": "Call"})),
                &[],
                "Change appointment 5",
                "summary Visit -> Call",
            ),
            (
                request(Method::Delete, "/appointments/5", json!({})),
                &[],
                "Cancel appointment 5",
                "No email is sent",
            ),
        ];
        for (request, guards, title, row) in cases {
            let proposed = Office::new().propose(&request, &seen(), &[]).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!((&found[..], &*proposed.title), (guards, title), "{request:?}");
            let text = proposed.sheet.text();
            assert!(text.contains(row), "{request:?}: {text}");
            assert_eq!(text.contains(overlap), row == overlap, "{request:?}: {text}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        for (request, kind) in [
            (new(json!({"customer_id": 3})), Kind::NotFound),
            (new(json!({"ticket_id": 4})), Kind::NotFound),
            (change(json!({"start_at": "2027-03-17 10:00"})), Kind::Usage),
            (change(json!({"appointment": {"end_at": "2027-03-17T10:00:00"}})), Kind::Usage),
            (new(json!({"start_at": "2027-03-17 10:00"})), Kind::Usage),
            (new(json!({"start_at": "soon"})), Kind::Usage),
            (new(json!({"ticket_id": 1, "end_at": "11:00"})), Kind::Usage),
            (request(Method::Delete, "/appointments/4", json!({})), Kind::NotFound),
        ] {
            let error = Office::new().propose(&request, &seen(), &[]).unwrap_err();
            assert_eq!(error.kind, kind, "{request:?}");
        }
        let so = Office::new().propose(&change(json!({"start_at": NEXT})), &seen(), &[]).unwrap();
        assert!(so.step.effect.changes_nothing());
        // What tells the new one from others is missing, or the id is not digits alone.
        for (method, path, body) in [
            (Method::Post, "/appointments", json!({"summary": "Visit"})),
            (Method::Post, "/appointments", json!({"start_at": NEXT})),
            (Method::Put, "/appointments/5-x", json!({"start_at": NEXT})),
        ] {
            assert!(Operation::of(&request(method, path, body)).is_none(), "{path}");
        }
    }

    #[test]
    fn a_change_sends_along_what_would_be_reset() {
        let to = json!({"start_at": "2027-03-17T16:00:00Z"});
        let step = Office::new().propose(&change(to), &seen(), &[]).unwrap().step;
        let sent =
            json!({"start_at": "2027-03-17T16:00:00Z", "all_day": false, "do_not_email": "1"});
        assert_eq!(step.request.body, Some(sent));
        // Whose it is and what goes along must be as they were.
        let names = ["all_day", "do_not_email", "customer_id", "ticket_id", "summary"];
        assert_eq!(rests_on(&step), [names]);
    }

    #[test]
    fn one_of_a_ticket_that_is_yet_to_be_made_rests_on_that() {
        let made = request(
            Method::Post,
            "/tickets",
            json!({"customer_id": 2, "contact_id": 3, "subject": "New switch"}),
        );
        let nothing = Effect::Unverifiable { label: String::new() };
        let before = [Step::new("ticket", "", made, nothing)];
        // The contact may be emailed, or the customer.
        let whose = vec!["customer_id", "contact_id"];
        for (emailed, grounds) in [
            (true, vec![whose, vec!["email", "contacts.3.email"], vec!["email"]]),
            (false, vec![vec!["customer_id"]]),
        ] {
            let new = new(json!({"ticket_id": "{ticket.id}", "email_customer": emailed}));
            let proposed = Office::new().propose(&new, &seen(), &before).unwrap();
            assert!(proposed.findings.is_empty());
            assert_eq!(proposed.step.effect.collection(), Some(&Collection::APPOINTMENTS));
            assert_eq!(rests_on(&proposed.step), grounds);
            let ticket = Noun::Ticket.record(RecordId::later("ticket"));
            assert_eq!(proposed.step.preconditions[0].record_ref(), Some(&ticket));
        }
        let there = new(json!({"ticket_id": 1, "email_customer": true}));
        let proposed = Office::new().propose(&there, &seen(), &[]).unwrap();
        assert_eq!(proposed.scope.ticket, Some(TicketId(1)));
        assert!(proposed.whose.is_some());
    }
}
