//! From the wish to the plan: the ticket, its first comment, its appointment, and the preview of all three. Pure.

use serde_json::{Map, Value, json};

use super::new_ticket::{Facts, NewTicket, Visit};
use crate::api::Record;
use crate::api::ids::CustomerId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::comments::{self, NewComment};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::resources::users::Me;
use crate::commands::appointment::calendar;
use crate::context::Context;
use crate::dates::spelled;
use crate::operations::{self, Finding, Guard, comment};
use crate::render::preview::{Mailing, Sheet};
use crate::write::{
    Account, Collection, Effect, Field, Noun, Plan, Precondition, RecordId, Scope, Snapshot, Step,
};

/// The subject of the first comment.
const FIRST: &str = "Initial Issue";

/// What there is around the new ticket.
pub(super) struct Around {
    /// What the looks read.
    pub(super) view: Snapshot,
    /// The customer's open tickets.
    pub(super) open: Vec<Record<Ticket>>,
    /// Everybody's appointments around the visit.
    pub(super) calendar: Vec<Record<Appointment>>,
}

pub(super) fn plan(
    ctx: &Context,
    account: Account,
    facts: &Facts,
    wish: &NewTicket,
    around: &Around,
    me: &Me,
) -> (Plan, Vec<Finding>) {
    let open = still_open(ctx, wish.customer, &around.open);
    let comment = first_comment(wish);
    let overlaps = wish.visit.as_ref().map_or_else(Vec::new, |visit| {
        let busy = (visit.start.timestamp(), visit.end.timestamp());
        calendar::overlaps(ctx, &around.calendar, &[visit.owner.0], busy, None)
    });
    let sheet = preview(facts, wish, comment.as_ref(), &overlaps, &open, me);
    let title = format!("Create a ticket for {}", facts.customer.name());
    let mut plan = Plan::new("create", title, account, Scope::of_customer(wish.customer))
        .over(around.view.baseline())
        .noticing(sheet.notices())
        .previewed(sheet.text())
        .step(ticket_step(wish))
        .then("ticket {number}");
    if let Some(comment) = &comment {
        plan = plan.step(comment_step(facts, wish, comment));
    }
    if let Some(visit) = &wish.visit {
        plan = plan.step(visit_step(wish, visit));
    }
    (plan, findings(wish, comment.as_ref(), &open))
}

/// Those of `tickets` that are the customer's and open by the configuration.
fn still_open(
    ctx: &Context,
    customer: CustomerId,
    tickets: &[Record<Ticket>],
) -> Vec<Record<Ticket>> {
    let closed = &ctx.settings().tickets.closed;
    let theirs = tickets.iter().filter(|ticket| ticket.customer_id.is_none_or(|id| id == customer));
    theirs.filter(|ticket| !closed.contains(&ticket.status)).cloned().collect()
}

fn findings(
    wish: &NewTicket,
    comment: Option<&NewComment>,
    open: &[Record<Ticket>],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(operations::same_subject(&wish.subject, open));
    let secret = comment
        .and(wish.description.as_deref())
        .and_then(|text| operations::secret("the description", &[text]))
        .or_else(|| operations::secret("the subject", &[&wish.subject]));
    if let Some(text) = secret {
        findings.push(Finding::new(Guard::AllowSecrets, text));
    }
    let now = jiff::Timestamp::now();
    let visit = wish.visit.as_ref();
    if visit.is_some_and(|visit| visit.start.timestamp() < now) {
        findings.push(Finding::new(Guard::Past, calendar::PAST));
    }
    findings
}

fn first_comment(wish: &NewTicket) -> Option<NewComment> {
    let text = wish.description.as_deref()?.trim();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    Some(NewComment {
        subject: FIRST.to_owned(),
        body: lines.join("<br>"),
        hidden: false,
        do_not_email: !wish.email,
        tech: None,
    })
}

fn ticket_step(wish: &NewTicket) -> Step {
    let body = body(wish);
    // Automation may change these as soon as the ticket is there.
    let soft = ["status", "priority", "problem_type", "user_id", "contact_id", "due_date"];
    let check = soft
        .into_iter()
        .filter_map(|name| Some(Field::new(name, body.get(name)?.clone()).advisory()));
    let like = [
        Field::called("customer_id", "customer", wish.customer.0).identifying(),
        Field::new("subject", wish.subject.as_str()),
    ];
    let effect = Effect::created(wish.tickets()).like(like).check(check);
    Step::new("ticket", "create the ticket", tickets::create(body), effect)
        .reports(wish.subject.clone())
}

fn body(wish: &NewTicket) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("customer_id".to_owned(), json!(wish.customer));
    body.insert("subject".to_owned(), json!(wish.subject));
    // Left out, it would leave the ticket with nobody.
    let assignee = wish.assignee.as_ref().map(|(id, _)| id);
    body.insert("user_id".to_owned(), json!(assignee));
    let mut put = |name: &str, value: Option<Value>| {
        body.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("problem_type", wish.issue_type.as_deref().map(Value::from));
    let ticket_type = wish.ticket_type.as_ref();
    put("ticket_type_id", ticket_type.map(|(id, _)| json!(id)));
    put("status", wish.status.as_deref().map(Value::from));
    put("priority", wish.priority.as_deref().map(Value::from));
    put("due_date", wish.due.map(|day| json!(day.to_string())));
    put("contact_id", wish.contact.as_ref().map(|(id, _)| json!(id)));
    put("address_id", wish.address.map(|id| json!(id)));
    put("asset_ids", wish.asset.as_ref().map(|(id, _)| json!([id])));
    body
}

fn mailing(facts: &Facts, wish: &NewTicket, comment: &NewComment) -> Mailing {
    let contact = wish.contact.as_ref().map(|(_, contact)| contact);
    Mailing::of(comment, contact, &facts.customer)
}

fn comment_step(facts: &Facts, wish: &NewTicket, comment: &NewComment) -> Step {
    let reach = mailing(facts, wish, comment).says();
    let write = comments::create(RecordId::later("ticket"), comment);
    let says = format!("add the comment \"{FIRST}\" ({reach})");
    let step = Step::new("comment", says, write, Effect::comment(comment)).reports(reach);
    match mailing(facts, wish, comment) {
        Mailing::To(_) => {
            step.requires(whose(wish, true)).requires(comment::address(&facts.customer))
        }
        _ => step.requires(whose(wish, false)),
    }
}

/// That the new ticket is the customer's and, where the contact is mailed, names the one that was previewed: automation
/// and an answer that names another ticket must not lead a mail elsewhere.
fn whose(wish: &NewTicket, mailed: bool) -> Precondition {
    let mut still = vec![Field::called("customer_id", "customer", wish.customer.0)];
    if mailed {
        let contact = wish.contact.as_ref().map(|(id, _)| id.0);
        still.push(Field::called("contact_id", "contact", contact));
    }
    Precondition::new(Noun::Ticket.record(RecordId::later("ticket")), "the new ticket", still)
}

fn visit_step(wish: &NewTicket, visit: &Visit) -> Step {
    let new = appointments::NewAppointment {
        summary: wish.subject.clone(),
        start: visit.start.timestamp(),
        end: visit.end.timestamp(),
        ticket: Some(RecordId::later("ticket").json()),
        customer: Some(wish.customer),
        kind: visit.kind.as_ref().map(|(id, _)| *id),
        owner: Some(visit.owner.0),
        location: visit.location.clone(),
        description: None,
        mailed: visit.mailed,
    };
    let start = spelled(&visit.start);
    let effect = Effect::created(Collection::APPOINTMENTS)
        .like([Field::called("start_at", "start", new.start.to_string())])
        .check([Field::called("end_at", "end", new.end.to_string())]);
    let step = Step::new(
        "appointment",
        format!("create the appointment at {start}"),
        appointments::create(&new),
        effect,
    )
    .reports(start);
    step.requires(whose(wish, visit.mailed))
}

fn preview(
    facts: &Facts,
    wish: &NewTicket,
    comment: Option<&NewComment>,
    overlaps: &[String],
    open: &[Record<Ticket>],
    me: &Me,
) -> Sheet {
    let mut sheet = Sheet::default()
        .customer(&facts.customer)
        .by(me)
        .row("Subject", &wish.subject)
        .row("Assignee", wish.assignee.as_ref().map_or("nobody", |(_, name)| name.as_str()))
        .maybe("Status", wish.status.as_deref())
        .maybe("Priority", wish.priority.as_deref())
        .maybe("Issue", wish.issue_type.as_deref())
        .maybe("Type", wish.ticket_type.as_ref().map(|(_, name)| name.as_str()))
        .maybe("Due", wish.due.map(|day| day.strftime("%a %Y-%m-%d").to_string()))
        .maybe("Contact", wish.contact.as_ref().map(|(_, one)| one.name.as_str()))
        .maybe("Address", wish.address.map(|id| format!("id {id}")))
        .maybe("Asset", wish.asset.as_ref().map(|(id, name)| format!("{name} (id {id})")));
    if let Some(comment) = comment {
        sheet = sheet.comment(comment, &mailing(facts, wish, comment));
        if let Some(drafted) = &wish.drafted {
            sheet = sheet.line(drafted.to_string());
        }
    }
    if let Some(visit) = &wish.visit {
        sheet = visit_rows(sheet.gap(), visit, overlaps, facts);
    }
    operations::similar(sheet, &wish.subject, open)
}

fn visit_rows(sheet: Sheet, visit: &Visit, overlaps: &[String], facts: &Facts) -> Sheet {
    let mailed = match (visit.mailed, facts.customer.email.trim()) {
        (false, _) => "not sent to the customer".to_owned(),
        (true, "") => {
            "Syncro is asked to email it, but the customer has no email address".to_owned()
        }
        (true, address) => format!("sent to {address}"),
    };
    sheet
        .row("Appointment", calendar::span(&visit.start, &visit.end))
        .row("Owner", &visit.owner.1)
        .maybe("Type", visit.kind.as_ref().map(|(_, name)| name.as_str()))
        .maybe("Location", visit.location.as_deref())
        .row("Email", mailed)
        .all_notices(visit.notes.iter().chain(overlaps))
        .line("\"Do not invite\" can be set only on Syncro's web page")
}
