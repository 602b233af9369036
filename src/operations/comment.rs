//! Comments: they email customers and can be neither edited nor removed, so whom one goes to and whether it was written
//! before is known here, for every command that adds one.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::clear::is_recent;
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
use crate::error::{Error, Result};
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
    let mailing = mailing(&comment, &call.fields, contact, &customer);
    let others = seen.comments();
    let others = others.iter().map(|comment| &comment.view);
    let zone = &env.settings.timezone;
    let repeated = repeated(&comment, others, env.me, seen.server_date(), zone);
    let repeated = repeated.map(|text| Finding::new(Guard::SameComment, text));
    let reached = reached(contact, &customer, &mailing);
    let texted = is_texted(&call.fields) && mailing.address().is_none();
    let texted = texted.then(|| texted_to(contact, &customer)).into_iter().flatten();
    let findings = repeated.into_iter().chain(reached).chain(texted).chain(secret(
        "the comment",
        &comment,
        &mailing,
        &call.fields,
    ));
    Ok(Proposed {
        title: format!("Comment on ticket #{}", ticket.number),
        sheet: rows(on_ticket::sheet(ticket, env), &comment, &mailing, &call.fields),
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
    let mailing = mailing(&comment, &call.fields, ticket.contact(), &ticket.customer);
    let step = adding(call.request.clone(), &comment, &mailing);
    let still = mailing.asked().map(|to| reached_at(&ticket.customer, ticket.contact(), to));
    let step = step.requires(ticket.whose(still.is_some()));
    let step = still.into_iter().fold(step, Step::requires);
    let opted_out = opted_out(ticket.contact(), &ticket.customer, &mailing);
    // A first comment is what the ticket is described by.
    let secret = secret("the description", &comment, &mailing, &call.fields);
    let findings = opted_out.into_iter().chain(secret);
    let sheet = Sheet::default().customer(&ticket.customer).by(env.me);
    Ok(Proposed {
        title: "Comment on the new ticket".to_owned(),
        sheet: rows(sheet, &comment, &mailing, &call.fields),
        findings: findings.collect(),
        step,
        whose: Some(on_ticket::named(&ticket.customer)),
        scope: Scope::of_customer(ticket.customer.id),
    })
}

/// The comment that a body makes.
///
/// # Errors
/// Exit 2 for a part inside another name, which no guard reads though a server might.
fn new(fields: &Map<String, Value>) -> Result<NewComment> {
    let mut all = fields.iter();
    let inside = all.find(|(name, value)| value.is_object() || name.contains('['));
    if let Some((name, _)) = inside {
        let error = Error::usage(format!("{name} is not a text of a comment")).nothing_sent();
        return Err(error.hint("use subject and body by themselves"));
    }
    Ok(NewComment {
        subject: body::prose(fields, "subject")?,
        body: body::prose(fields, "body")?,
        hidden: body::flag(fields, "hidden"),
        do_not_email: body::flag(fields, "do_not_email"),
        tech: body::said(fields, "tech").map(str::to_owned),
    })
}

/// The text message that goes along with a comment, however that is hidden.
const TEXT: &str = "sms_body";

/// Whether one goes along.
fn is_texted(fields: &Map<String, Value>) -> bool {
    fields.get(TEXT).is_some_and(|text| !text.is_null() && text.as_str() != Some(""))
}

/// Whom a comment goes to.
fn mailing(
    comment: &NewComment,
    fields: &Map<String, Value>,
    contact: Option<&Contact>,
    customer: &Customer,
) -> Mailing {
    match Mailing::of(comment, contact, customer) {
        Mailing::Private if is_texted(fields) => Mailing::Texted,
        mailing => mailing,
    }
}

/// What stands against a text message to the contact of a ticket.
fn texted_to(contact: Option<&Contact>, customer: &Record<Customer>) -> Vec<Finding> {
    let strange =
        contact.filter(|contact| !contact.name.is_empty() && !is_theirs(contact, customer));
    let strange = strange.map(|contact| {
        let (name, whose) = (&contact.name, customer.name());
        let text = format!(
            "the contact, {name}, does not belong to {whose}: another customer would get the text message"
        );
        Finding::new(Guard::OtherContact, text)
    });
    strange.into_iter().chain(on_ticket::disabled(customer)).collect()
}

/// The comments that a new ticket brings along.
const BROUGHT: &str = "comments_attributes";

/// The preview of a new ticket with the comments that it brings along, what stands against each, and what they rest on.
///
/// # Errors
/// Exit 2 for what is no list of comments: who would get them could not be said.
pub(super) fn brought(
    mut sheet: Sheet,
    fields: &Map<String, Value>,
    contact: Option<&Contact>,
    customer: &Record<Customer>,
) -> Result<(Sheet, Vec<Finding>, Vec<Precondition>)> {
    let (mut findings, mut grounds) = (Vec::new(), Vec::new());
    let all: Vec<&Value> = match fields.get(BROUGHT) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        // A server reads the values of `{"0": {...}}` as a list, too.
        Some(Value::Object(parts)) => parts.values().collect(),
        Some(other) => vec![other],
    };
    for one in all {
        let fields = one.as_object().ok_or_else(|| {
            Error::usage(format!("{BROUGHT} is not a list of comments")).nothing_sent()
        })?;
        let comment = new(fields)?;
        let mailing = mailing(&comment, fields, contact, customer);
        findings.extend(opted_out(contact, customer, &mailing));
        findings.extend(secret("the description", &comment, &mailing, fields));
        grounds.extend(mailing.asked().map(|address| reached_at(customer, contact, address)));
        sheet = rows(sheet, &comment, &mailing, fields);
    }
    Ok((sheet, findings, grounds))
}

/// A preview with the comment, as the customer will see it.
fn rows(
    sheet: Sheet,
    comment: &NewComment,
    mailing: &Mailing,
    fields: &Map<String, Value>,
) -> Sheet {
    let sheet = sheet.maybe("Shown as", comment.tech.as_deref()).comment(comment, mailing);
    let sheet = match is_texted(fields) {
        true => sheet.notice("sms_body goes to the customer as a text message"),
        false => sheet,
    };
    match matches!(mailing, Mailing::Hidden(_)) {
        true => sheet.notice("hidden without do_not_email: Syncro may still email it"),
        false => sheet,
    }
}

/// Text that looks like a credential, where the customer reads it: a text message is sent however the comment is hidden.
fn secret(
    whose: &str,
    comment: &NewComment,
    mailing: &Mailing,
    fields: &Map<String, Value>,
) -> Option<Finding> {
    let is_shown = !matches!(mailing, Mailing::Private | Mailing::Texted);
    let tech = comment.tech.as_deref().unwrap_or_default();
    let shown = is_shown.then_some([comment.body.as_str(), &comment.subject, tech]);
    let text = shown.and_then(|texts| written::secret(whose, &texts));
    let message = || written::secret_in("the text message", fields.get(TEXT));
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
        let recent = server_date.is_none_or(|now| is_recent(comment.created_at, now));
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
    let contact = contact.filter(|contact| !customer.is_silent() && !contact.name.is_empty());
    let name = contact.map_or_else(|| customer.name(), |contact| &contact.name);
    let text = match mailing {
        Mailing::OptedOut(address) => {
            let whom = if customer.is_silent() { "customer" } else { "contact" };
            format!(
                "Syncro was told not to email this {whom}, {name} <{address}>; whether it does is not known"
            )
        }
        Mailing::Unclear(address, flag) => {
            format!("{name} <{address}> may have opted out of email: cannot read {flag}")
        }
        Mailing::Hidden(to) => return opted_out(contact, customer, to),
        Mailing::Private
        | Mailing::Texted
        | Mailing::Public
        | Mailing::To(_)
        | Mailing::NoAddress => return None,
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
    (!is_theirs(contact, customer)).then(|| {
        format!(
            "the contact, {} <{address}>, does not belong to {}: another customer would get the email",
            contact.name,
            customer.name()
        )
    })
}

/// Whether a contact is not known to be another customer's.
fn is_theirs(contact: &Contact, customer: &Record<Customer>) -> bool {
    match contact.customer_id {
        Some(whose) => whose == customer.id,
        // A server that lists no contacts with its customers tells nothing.
        None => {
            customer.raw.get("contacts").is_none_or(|contacts| !contacts.is_array())
                || customer.contacts.iter().any(|one| one.id == contact.id)
        }
    }
}

/// The step that adds a comment to a ticket that was read. One that is emailed rests on whom it goes to.
pub fn step(
    ticket: &Record<Ticket>,
    customer: &Record<Customer>,
    comment: &NewComment,
    mailing: &Mailing,
) -> Step {
    let step = adding(comments::create(ticket.id, comment).into(), comment, mailing);
    match mailing.asked() {
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
pub(super) fn recipient(ticket: &Record<Ticket>) -> Precondition {
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
    let theirs = theirs.filter_map(|one| one.id);
    let theirs = theirs.flat_map(|id| ["email", "opt_out"].map(|is| format!("contacts.{id}.{is}")));
    let theirs: Vec<String> = theirs.collect();
    let names = ["email"].into_iter().chain(Customer::SILENT);
    let names = names.chain(theirs.iter().map(String::as_str));
    on_ticket::shown_of(customer, &names.collect::<Vec<_>>())
}

#[cfg(test)]
#[path = "comment_tests.rs"]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
