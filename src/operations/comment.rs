//! Comments: they email customers and can be neither edited nor removed, so whom one goes to and whether it was written
//! before is known here, for every command that adds one.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::guard::{Finding, Guard};
use super::on_ticket::{self, NewTicket, whose};
use super::rule::{Call, Env, Proposed, Rule, record_id};
use super::{body, written};
use crate::api::folder::TICKETS;
use crate::api::ids::TicketId;
use crate::api::resources::comments::{self, Comment, NewComment};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{Contact, Ticket};
use crate::api::resources::users::Me;
use crate::api::{Method, Record};
use crate::error::Result;
use crate::names;
use crate::render::preview::{Mailing, Sheet, has_address};
use crate::render::when;
use crate::write::{
    Collection, Effect, Field, FieldKind, Noun, Precondition, ReadSet, RecordId, Request, Scope,
    Snapshot, Step, field_at, normal_text,
};

/// A comment on a ticket that is there, or that an earlier step makes.
#[derive(Debug)]
struct Comments {
    ticket: RecordId,
}

/// The comment that a request adds, if it adds one.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, parts) = call.place()?;
    match (call.request.method, folder, parts.as_slice()) {
        (Method::Post, TICKETS, [id, comments::ADD]) => {
            Some(Box::new(Comments { ticket: record_id(id)? }))
        }
        _ => None,
    }
}

impl Rule for Comments {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        let ticket = self.ticket.id().map(TicketId);
        Ok(ticket.map_or_else(Scope::default, on_ticket::scope_of))
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        match self.ticket {
            RecordId::Id(_) => on_ticket::with_customer(seen, scope).comments(),
            RecordId::Later(_) => on_ticket::of_customer(scope.customer),
        }
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        match &self.ticket {
            RecordId::Id(id) => on_there(call, seen, env, TicketId(*id)),
            RecordId::Later(token) => on_new(call, seen, env, token),
        }
    }
}

/// A comment on a ticket that was read.
fn on_there(call: &Call, seen: &Snapshot, env: &Env<'_>, id: TicketId) -> Result<Proposed> {
    let ticket = on_ticket::ticket(seen, id)?;
    let customer = on_ticket::customer(seen, ticket)?;
    let comment = new(&call.fields)?;
    let contact = ticket.contact.as_ref();
    let mailing = Mailing::of(&comment, contact, &customer);
    let others = seen.comments();
    let others = others.iter().map(|comment| &comment.view);
    let zone = &env.settings.timezone;
    let repeated = repeated(&comment, others, env.me, seen.server_date(), zone);
    let repeated = repeated.map(|text| Finding::new(Guard::SameComment, text));
    let reached = reached(contact, &customer, &mailing);
    let findings =
        repeated.into_iter().chain(reached).chain(secret("the comment", &comment, &call.fields));
    Ok(Proposed {
        title: format!("Comment on ticket #{}", ticket.number),
        sheet: rows(on_ticket::sheet(ticket, env), &comment, &mailing),
        findings: findings.collect(),
        step: Step { request: call.request.clone(), ..step(ticket, &customer, &comment, &mailing) },
        whose: Some(whose(ticket)),
        scope: on_ticket::scope(ticket),
    })
}

/// The first comment on a ticket that an earlier step makes.
fn on_new(call: &Call, seen: &Snapshot, env: &Env<'_>, token: &str) -> Result<Proposed> {
    let ticket = NewTicket::of(token, seen, env)?;
    let comment = new(&call.fields)?;
    let mailing = Mailing::of(&comment, ticket.contact(), &ticket.customer);
    let step = adding(call.request.clone(), &comment, &mailing);
    let step = match mailing.address() {
        Some(address) => {
            let still = reached_at(&ticket.customer, ticket.contact(), address);
            step.requires(ticket.whose(true)).requires(still)
        }
        None => step.requires(ticket.whose(false)),
    };
    let opted_out = opted_out(ticket.contact(), &ticket.customer, &mailing);
    // A first comment is what the ticket is described by.
    let findings = opted_out.into_iter().chain(secret("the description", &comment, &call.fields));
    Ok(Proposed {
        title: "Comment on the new ticket".to_owned(),
        sheet: rows(Sheet::default().customer(&ticket.customer).by(env.me), &comment, &mailing),
        findings: findings.collect(),
        step,
        whose: Some(on_ticket::named(&ticket.customer)),
        scope: Scope::of_customer(ticket.customer.id),
    })
}

/// The comment that a body makes.
fn new(fields: &Map<String, Value>) -> Result<NewComment> {
    Ok(NewComment {
        subject: body::prose(fields, "subject")?,
        body: body::prose(fields, "body")?,
        hidden: body::flag(fields, "hidden"),
        do_not_email: body::flag(fields, "do_not_email"),
        tech: body::said(fields, "tech").map(str::to_owned),
    })
}

/// A preview with the comment, as the customer will see it.
fn rows(sheet: Sheet, comment: &NewComment, mailing: &Mailing) -> Sheet {
    let sheet = sheet.maybe("Shown as", comment.tech.as_deref()).comment(comment, mailing);
    match comment.hidden && !comment.do_not_email {
        true => sheet.notice("hidden without do_not_email: Syncro may still email it"),
        false => sheet,
    }
}

/// Text that looks like a credential, where the customer reads it: a text message is sent however the comment is hidden.
fn secret(whose: &str, comment: &NewComment, fields: &Map<String, Value>) -> Option<Finding> {
    let shown = (!comment.hidden).then_some([comment.body.as_str(), &comment.subject]);
    let text = shown.and_then(|texts| written::secret(whose, &texts));
    let message = || written::secret_in("the text message", fields.get("sms_body"));
    text.or_else(message).map(|text| Finding::new(Guard::AllowSecrets, text))
}

/// Says so when the same user wrote the same comment within a day, by the server's own clock: this machine's may be
/// wrong. Unknown ages count as recent.
#[must_use]
pub fn repeated<'c>(
    new: &NewComment,
    others: impl IntoIterator<Item = &'c Comment>,
    me: &Me,
    server_date: Option<Timestamp>,
    zone: &TimeZone,
) -> Option<String> {
    let body = gist(&new.body);
    let same = others.into_iter().find(|comment| {
        let by_us = comment.user_id.is_none_or(|user| user == me.user_id);
        let recent = match (server_date, comment.created_at) {
            (Some(now), Some(then)) => now.duration_since(then) <= SignedDuration::from_hours(24),
            _ => true,
        };
        by_us && recent && gist(&comment.body) == body
    })?;
    let when =
        same.created_at.map(|at| format!(" on {}", when::at_in_zone(at, zone))).unwrap_or_default();
    Some(format!("{} wrote the same comment{when}, less than a day ago", me.user_name))
}

/// What a customer would take for the same comment: its letters and digits, where it has any.
fn gist(body: &str) -> String {
    let text = names::plain(&normal_text(body));
    let gist: String = text.chars().filter(|sign| sign.is_alphanumeric()).collect();
    if gist.is_empty() { text } else { gist }
}

/// What stands against whom a comment of a ticket goes to.
#[must_use]
pub fn reached(
    contact: Option<&Contact>,
    customer: &Record<Customer>,
    mailing: &Mailing,
) -> Vec<Finding> {
    let strange = strange_contact(contact, customer, mailing);
    let strange = strange.map(|text| Finding::new(Guard::OtherContact, text));
    let disabled = mailing.address().and_then(|_| on_ticket::disabled(customer));
    let opted_out = opted_out(contact, customer, mailing);
    strange.into_iter().chain(opted_out).chain(disabled).collect()
}

/// Says so when Syncro was told not to email whom something would be emailed to.
pub(super) fn opted_out(
    contact: Option<&Contact>,
    customer: &Customer,
    mailing: &Mailing,
) -> Option<Finding> {
    let contact = contact.filter(|contact| !customer.no_email && !contact.name.is_empty());
    let name = contact.map_or_else(|| customer.name(), |contact| &contact.name);
    let text = match mailing {
        Mailing::OptedOut(address) => {
            let whom = if customer.no_email { "customer" } else { "contact" };
            format!(
                "Syncro was told not to email this {whom}, {name} <{address}>; whether it does is not known"
            )
        }
        Mailing::Unclear(address, flag) => {
            format!("{name} <{address}> may have opted out of email: cannot read {flag}")
        }
        Mailing::Private | Mailing::Public | Mailing::To(_) | Mailing::NoAddress => return None,
    };
    Some(Finding::new(Guard::OptedOut, text))
}

/// Says so when an email would go to a contact who is known not to be the customer's: a ticket that has moved may have
/// kept the contact of the customer before.
#[must_use]
pub fn strange_contact(
    contact: Option<&Contact>,
    customer: &Record<Customer>,
    mailing: &Mailing,
) -> Option<String> {
    let contact = contact.filter(|contact| !contact.email.trim().is_empty())?;
    let address = mailing.address()?;
    let is_theirs = match contact.customer_id {
        Some(whose) => whose == customer.id,
        // A server that lists no contacts with its customers tells nothing.
        None => {
            customer.raw.get("contacts").is_none_or(|contacts| !contacts.is_array())
                || customer.contacts.iter().any(|one| one.id == contact.id)
        }
    };
    (!is_theirs).then(|| {
        format!(
            "the contact, {} <{address}>, does not belong to {}: another customer would get the email",
            contact.name,
            customer.name()
        )
    })
}

/// The step that adds a comment to a ticket that was read. One that is emailed rests on whom it goes to.
pub fn step(
    ticket: &Record<Ticket>,
    customer: &Record<Customer>,
    comment: &NewComment,
    mailing: &Mailing,
) -> Step {
    let step = adding(comments::create(ticket.id, comment).into(), comment, mailing);
    match mailing.address() {
        Some(address) => {
            let still = reached_at(customer, ticket.contact.as_ref(), address);
            step.requires(recipient(ticket)).requires(still)
        }
        None => step,
    }
}

/// What a new comment must say to be ours.
pub fn made(comment: &NewComment) -> Effect {
    let prose = |path: &str, text: &str| Field::new(path, text).kind(FieldKind::Prose);
    let hidden = Field::new("hidden", comment.hidden).kind(FieldKind::Flag);
    let like = [prose("subject", &comment.subject), prose("body", &comment.body), hidden.clone()];
    // It cannot be changed any more, so it is only pointed out.
    Effect::created(Collection::COMMENTS).like(like).check([hidden.advisory()])
}

fn adding(request: Request, comment: &NewComment, mailing: &Mailing) -> Step {
    let reach = mailing.says();
    let description = format!("add the comment ({reach})");
    let step = Step::new("comment", description, request, made(comment)).reports(reach);
    match mailing.address() {
        Some(address) => step.asked_as(format!("email {address}")),
        None => step,
    }
}

/// That the ticket still names the contact, at the same address.
fn recipient(ticket: &Record<Ticket>) -> Precondition {
    let fields = [
        ("contact_id", "contact"),
        ("contact.email", "the contact's address"),
        ("contact.opt_out", "the contact's email opt-out"),
    ];
    let still =
        fields.map(|(at, label)| Field::called(at, label, field_at(&ticket.raw, at).clone()));
    let what = format!("ticket #{}", ticket.number);
    Precondition::new(Noun::Ticket.record(ticket.id), what, still.to_vec())
}

/// That the customer is still emailed, and at the same address, and whoever of theirs has it still wants to be.
pub(super) fn reached_at(
    customer: &Record<Customer>,
    contact: Option<&Contact>,
    address: &str,
) -> Precondition {
    let named = contact.and_then(|contact| contact.id);
    let theirs = customer.contacts.iter().filter(|one| has_address(one, named, address));
    let theirs = theirs.filter_map(|one| Some(format!("contacts.{}.opt_out", one.id?)));
    let theirs: Vec<String> = theirs.collect();
    let names = ["email", "no_email"].into_iter().chain(theirs.iter().map(String::as_str));
    on_ticket::shown_of(customer, &names.collect::<Vec<_>>())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
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
        let mine = |at: &str| {
            said(json!({"id": 5, "body": "It  is done", "user_id": 7, "created_at": at}))
        };
        let theirs = json!({"id": 5, "body": "It is done", "user_id": 8});
        let secret = json!({"body": "see<br>password: hunter-two"});
        let cases: [(Snapshot, Value, &[Guard]); 10] = [
            (plain.clone(), json!({}), &[]),
            (plain.clone(), secret.clone(), &[Guard::AllowSecrets]),
            (plain.clone(), json!({"body": secret["body"], "hidden": "true"}), &[]),
            (plain, json!({"body": secret["body"], "hidden": "perhaps"}), &[Guard::AllowSecrets]),
            (strange.clone(), json!({}), &[Guard::OtherContact]),
            (strange.clone(), json!({"do_not_email": 1}), &[]),
            (strange, json!({"hidden": true}), &[]),
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
            (&seen, json!({"hidden": true}), "private: the customer cannot see it", 0),
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
            let mut raw =
                json!({"id": 2, "business_name": "Books", "email": "office@books.example"});
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
            for quiet in [json!({"hidden": true}), json!({"do_not_email": true})] {
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
        let first =
            Request { path: "/tickets/{ticket.id}/comment".to_owned(), ..comment(&json!({})) };
        let seen = with_customer(Snapshot::default());
        let proposed = Office::new().propose(&first, &seen, &[made]).unwrap();
        assert_eq!(proposed.step.report, "emailed to ada@books.example");
        assert_eq!(proposed.step.preconditions.len(), 2);
        assert!(proposed.step.waits());
        let error = Office::new().propose(&first, &seen, &[]).unwrap_err();
        assert_eq!(error.message, "no step makes {ticket.id}");
    }
}
