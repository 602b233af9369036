//! Changes of tickets: each value one that the account has, shown old and new, the contact one of the customer's.

use serde_json::{Map, Value};

use super::super::guard::Finding;
use super::super::names::{Names, Word};
use super::super::on_ticket::{self, whose};
use super::super::resource::ResourceField;
use super::super::rule::{Call, Env, Proposed, Rule};
use super::super::unbilled::{invoiced_reads, unbilled};
use super::{body, moving};
use crate::api::Record;
use crate::api::fields::to_id;
use crate::api::ids::{ContactId, CustomerId, TicketId, TicketTypeId, UserId};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::{self, Ticket, Timer};
use crate::error::Result;
use crate::render::fact::Fact;
use crate::render::preview::Sheet;
use crate::render::{in_brief, when};
use crate::write::{
    Collection, Effect, Field, Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot, Step,
    field_at, field_shown,
};

/// What of a ticket people know by other words than its names, in the order of a preview.
const FIELDS: [ResourceField; 9] = [
    ResourceField::new("status", "status"),
    ResourceField::new("priority", "priority"),
    ResourceField::new("problem_type", "issue type"),
    ResourceField::new("ticket_type_id", "ticket type"),
    ResourceField::new("user_id", "assignee"),
    ResourceField::new("customer_id", "customer"),
    ResourceField::new("due_date", "due date"),
    ResourceField::new("subject", "subject"),
    ResourceField::new("contact_id", "contact"),
];

/// What of a ticket may move with a change.
const SIDE_EFFECTS: [&str; 4] =
    ["user_id", "user", "contact_fullname", "customer_business_then_name"];

/// A ticket is changed.
#[derive(Debug)]
pub(super) struct TicketChange {
    ticket: TicketId,
    fields: Map<String, Value>,
    words: Vec<Word>,
    /// Whose it will be, where it moves.
    customer: Option<CustomerId>,
    contact: Option<ContactId>,
}

impl TicketChange {
    pub(super) fn of(ticket: TicketId, call: &Call) -> Self {
        let fields = body::inside(call.fields.clone(), "ticket");
        Self {
            ticket,
            words: Word::of_ticket(&fields),
            customer: body::number(&fields, "customer_id").map(CustomerId),
            contact: body::number(&fields, "contact_id").map(ContactId),
            fields,
        }
    }
}

impl Rule for TicketChange {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Word::keeps_status(&self.fields)?;
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let needs = match (self.customer, self.contact) {
            (Some(customer), _) => on_ticket::of_customer(Some(customer)).ticket(),
            (None, Some(_)) => on_ticket::with_customer(seen, scope),
            (None, None) => ReadSet::NOTHING.ticket(),
        };
        let needs = needs.and(on_ticket::named_reads(&self.fields));
        match (self.fields.contains_key("status"), self.customer) {
            (_, Some(_)) => needs.invoices().and(invoiced_reads(seen)),
            (true, None) => needs.and(invoiced_reads(seen)),
            (false, None) => needs,
        }
    }

    fn words(&self) -> &[Word] {
        &self.words
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        self.words.iter().try_for_each(|word| env.check(word))?;
        let new = self.customer.map(|id| on_ticket::read_customer(seen, id)).transpose()?;
        let contact = self.their_contact(seen, ticket, new.as_ref())?;
        let whose_now = self.customer.or(ticket.customer_id);
        on_ticket::named_theirs(&self.fields, seen, whose_now)?;
        let what = format!("ticket #{}", ticket.number);
        let (mut changes, unseen) = body::changes_of(&self.fields, &ticket.raw, &FIELDS);
        let place = |change: &Field| FIELDS.iter().position(|field| field.shown == change.path);
        changes.sort_by_key(|change| place(change).unwrap_or(FIELDS.len()));
        let words = Words { ticket, new: new.as_ref(), contact, names: env.names };
        let says: Vec<String> = changes.iter().map(|change| words.says(change)).collect();
        let mut sheet = on_ticket::sheet(ticket, env);
        for (change, says) in changes.iter().zip(&says) {
            sheet = match change.path.as_str() {
                "status" => sheet.fact(Fact::Status {
                    from: ticket.status.clone(),
                    to: field_shown(&change.expected),
                    says: says.clone(),
                }),
                _ => sheet.row("Change", says),
            };
        }
        let already = self.already(&changes, &words);
        let sheet = already.iter().fold(sheet, Sheet::line);
        let mut notices = body::notices(&call.fields, &ticket.raw, &unseen);
        let moves = new.as_ref().filter(|new| ticket.customer_id != Some(new.id));
        notices.extend(moves.into_iter().flat_map(|new| moving::invoiced(seen, new, env)));
        notices.extend(moves.into_iter().flat_map(|new| moving::left(ticket, new, env)));
        let stay = moves.filter(|_| !self.fields.contains_key("asset_ids"));
        notices.extend(stay.into_iter().flat_map(|new| moving::assets(ticket, new)));
        notices.extend(unbilled_at(&changes, seen, ticket, env));
        let sent = self.sent(call, ticket, env, &changes);
        let says = match (says.is_empty(), unseen.is_empty()) {
            (false, _) => says,
            (true, false) => unseen.clone(),
            // Where nothing changes, this is all there is to say.
            (true, true) => already,
        };
        let (name, description) = match self.status_alone() {
            Some(status) => ("status", setting_status(status)),
            None => ("update_ticket", format!("change {what}: {}", in_brief(&says))),
        };
        let of = Noun::Ticket.record(ticket.id);
        let effect = Effect::updated(of, &what, changes, &SIDE_EFFECTS).answered_in("ticket");
        let mut step = call.step(name, description, effect).reports(says.join("; "));
        step.request.body = Some(sent);
        if keeps(env) {
            step = step.requires_unchanged(&ticket.raw, &tickets::BOOLEANS);
        }
        let named = new.as_ref().map(on_ticket::named).into_iter();
        let named = named.chain(self.named_people(seen, ticket, new.as_ref()));
        let named = named.chain(moves.map(|_| moving::same_appointments(ticket)));
        let named = named.chain(moves.map(|_| moving::same_invoices(ticket, seen)));
        let named = named.chain(moves.into_iter().flat_map(|_| moving::same_parts(ticket, seen)));
        let named = named.chain(moves.and_then(on_ticket::as_enabled));
        step = named.fold(step, Step::requires);
        step.effect.settle(unseen);
        Ok(Proposed {
            title: format!("Change {what}"),
            sheet: sheet.all_notices(&notices),
            findings: moves.map_or_else(Vec::new, |new| self.moved(seen, ticket, new, env)),
            step,
            whose: Some(whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

/// What waits on a ticket that is closed, or counts as billed from then on.
fn unbilled_at(changes: &[Field], seen: &Snapshot, ticket: &Ticket, env: &Env<'_>) -> Vec<String> {
    let tickets = &env.settings.tickets;
    let status = changes.iter().find(|change| change.path == "status");
    let Some(status) = status.and_then(|change| change.expected.as_str()) else {
        return Vec::new();
    };
    let is_billed = tickets.after_bill.as_deref() == Some(status);
    let ends = tickets.closed.iter().map(String::as_str).chain(tickets.after_close.as_deref());
    let mut effects = env.before.iter().map(|step| &step.effect);
    // A bill takes what waits itself; and of an invoice that is deleted, its lines wait again.
    let is_billing = effects.any(|effect| {
        let noun = effect.record_ref().and_then(RecordRef::noun);
        effect.collection() == Some(&Collection::INVOICES) || noun == Some(Noun::Invoice)
    });
    if is_billing || !is_billed && !ends.into_iter().any(|end| end == status) {
        return Vec::new();
    }
    let stops = |timer: &Timer| {
        let mut effects = env.before.iter().map(|step| &step.effect);
        effects.any(|effect| match effect {
            Effect::TimerCharged { timer: charged, .. } => charged.id() == Some(timer.id.0),
            effect => effect.record_ref().and_then(RecordRef::id) == Some(timer.id.0),
        })
    };
    let mut notices = unbilled(seen, env.account, &env.settings.timezone, &stops);
    if notices.is_empty() && is_billed && ticket.line_items.is_empty() {
        let number = &ticket.number;
        let bill = env.account.command(&format!("bill {number}"));
        notices.push(format!("nothing of ticket #{number} is invoiced: {bill}"));
    }
    notices
}

/// Whether the booleans are sent along as they are: a comment of the same plan may have changed them.
fn keeps(env: &Env<'_>) -> bool {
    let is_timer = |of: &RecordRef| of.noun() == Some(Noun::Timer);
    env.before.iter().all(|step| step.effect.record_ref().is_some_and(is_timer))
}

impl TicketChange {
    fn status_alone(&self) -> Option<&str> {
        body::said(&self.fields, "status").filter(|_| self.fields.len() == 1)
    }

    /// That contacts and assignees are still called so where one takes the place of the other.
    fn named_people(
        &self,
        seen: &Snapshot,
        ticket: &Record<Ticket>,
        new: Option<&Record<Customer>>,
    ) -> Vec<Precondition> {
        let named =
            [("contact_id", "contact.name", "contact"), ("user_id", "user.full_name", "assignee")];
        let named = named.into_iter().filter(|(changes, ..)| self.fields.contains_key(*changes));
        let named =
            named.map(|(_, at, label)| Field::called(at, label, field_at(&ticket.raw, at).clone()));
        let of = Noun::Ticket.record(ticket.id);
        let named: Vec<Field> = named.collect();
        let old = (!named.is_empty())
            .then(|| Precondition::new(of, format!("ticket #{}", ticket.number), named));
        let theirs = new.cloned().or_else(|| on_ticket::customer(seen, ticket).ok());
        let new = theirs.zip(self.contact);
        let new = new.map(|(customer, id)| on_ticket::named_as(&customer, id));
        new.into_iter().chain(old).collect()
    }

    /// The contact that it will have, one of the customer whose it is or will be.
    fn their_contact(
        &self,
        seen: &Snapshot,
        ticket: &Ticket,
        new: Option<&Record<Customer>>,
    ) -> Result<Option<String>> {
        let Some(id) = self.contact else {
            return Ok(None);
        };
        let old = new.is_none().then(|| on_ticket::customer(seen, ticket)).transpose()?;
        let Some(customer) = new.or(old.as_ref()) else {
            return Ok(None);
        };
        Ok(Some(on_ticket::contact_of(customer, id)?.name.clone()))
    }

    /// What of it the ticket says already.
    fn already(&self, changes: &[Field], words: &Words<'_>) -> Vec<String> {
        let same = FIELDS.iter().filter(|field| !changes.iter().any(|one| one.path == field.shown));
        let typed = same.filter_map(|field| Some((field, self.fields.get(field.name)?)));
        typed
            .map(|(field, value)| {
                format!("{} is already {}", field.label, words.shown(field.shown, value))
            })
            .collect()
    }

    /// What stands against giving it to another customer.
    fn moved(
        &self,
        seen: &Snapshot,
        ticket: &Record<Ticket>,
        new: &Record<Customer>,
        env: &Env<'_>,
    ) -> Vec<Finding> {
        let stays =
            moving::left_behind(ticket, new).filter(|_| !self.fields.contains_key("contact_id"));
        let found = [moving::taken(seen, ticket, new, env), stays, on_ticket::disabled(new)];
        found.into_iter().flatten().collect()
    }

    /// The body: only what changes, unless it was typed so, and the booleans that the server may reset.
    fn sent(
        &self,
        call: &Call,
        ticket: &Record<Ticket>,
        env: &Env<'_>,
        changes: &[Field],
    ) -> Value {
        let body = call.request.body.as_ref().and_then(Value::as_object);
        let mut body = body.cloned().unwrap_or_default();
        if !env.as_typed {
            body.retain(|name, _| changes.iter().any(|change| change.path == *name));
        }
        if keeps(env) {
            body.extend(body::kept(&call.fields, &ticket.raw, &tickets::BOOLEANS));
        }
        Value::Object(body)
    }
}

/// What people know the values of a ticket by.
struct Words<'w> {
    ticket: &'w Record<Ticket>,
    new: Option<&'w Record<Customer>>,
    contact: Option<String>,
    names: &'w Names,
}

impl Words<'_> {
    fn says(&self, change: &Field) -> String {
        let known = FIELDS.iter().any(|field| field.shown == change.path);
        if !known {
            return change.says();
        }
        let (now, to) = (self.now(&change.path), self.shown(&change.path, &change.expected));
        format!("{} {now} -> {to}", change.label)
    }

    /// What the ticket says of a field now.
    fn now(&self, path: &str) -> String {
        let ticket = self.ticket;
        let raw = field_at(&ticket.raw, path);
        match path {
            "user_id" => ticket.assignee().map_or_else(|| field_shown(raw), str::to_owned),
            "customer_id" => ticket.customer_business_then_name.clone(),
            "contact_id" => match &ticket.contact {
                Some(contact) => contact.name.clone(),
                None => field_shown(raw),
            },
            "ticket_type_id" if !ticket.ticket_type().is_empty() => ticket.ticket_type().to_owned(),
            "due_date" => day(raw),
            _ => field_shown(raw),
        }
    }

    /// What a field is to be.
    fn shown(&self, path: &str, to: &Value) -> String {
        let id = to_id(to);
        match (path, id) {
            ("user_id" | "contact_id", None) if to.is_null() => "nobody".to_owned(),
            ("user_id", Some(id)) => self.names.user(UserId(id)),
            ("ticket_type_id", Some(id)) => self.names.ticket_type(TicketTypeId(id)),
            ("contact_id", Some(_)) => self.contact.clone().unwrap_or_default(),
            ("customer_id", Some(id)) => {
                let name = self.new.map_or_else(String::new, |new| new.name().to_owned());
                format!("{name} (id {id})")
            }
            ("due_date", _) => day(to),
            _ => field_shown(to),
        }
    }
}

/// What a step does that sets nothing but the status.
#[must_use]
pub fn setting_status(status: &str) -> String {
    format!("set the status to {status}")
}

/// A day as people read it; any other text as it is.
pub(super) fn day(value: &Value) -> String {
    let text = field_shown(value);
    let day = text.get(..10).and_then(|day| day.parse().ok());
    day.map_or(text, when::day)
}
