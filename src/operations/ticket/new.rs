//! New tickets: their values are ones that the account has, and open tickets of the customer that may be about the same
//! are shown.

use jiff::{Span, tz::TimeZone};
use serde_json::{Map, Value};

use super::super::guard::{Finding, Guard};
use super::super::names::Word;
use super::super::on_ticket;
use super::super::rule::{Call, Env, Proposed, Rule, gone};
use super::super::written;
use super::super::{body, comment};
use super::change::day;
use crate::api::Record;
use crate::api::fields::to_id;
use crate::api::ids::{AssetId, ContactId, CustomerId, TicketTypeId, UserId};
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Ticket;
use crate::error::{Error, Result};
use crate::names;
use crate::render::preview::Sheet;
use crate::sorting;
use crate::write::{
    Collection, Effect, Field, Noun, Precondition, ReadSet, Scope, Snapshot, Step, Which,
    normal_text,
};

/// At most so many similar tickets are shown.
const SIMILAR: usize = 5;

/// What automation may change as soon as the ticket is there.
const ADVISORY: [&str; 6] =
    ["status", "priority", "problem_type", "user_id", "contact_id", "due_date"];

/// A ticket is made.
#[derive(Debug)]
pub(super) struct TicketCreation {
    customer: CustomerId,
    words: Vec<Word>,
    assets: Vec<AssetId>,
    named: ReadSet,
}

impl TicketCreation {
    /// What a request makes; none where nothing would tell the ticket from others.
    pub(super) fn of(call: &Call) -> Option<Self> {
        let fields = &call.fields;
        fields.get("subject")?;
        let assets = fields.get("asset_ids").and_then(Value::as_array);
        Some(Self {
            customer: CustomerId(body::number(fields, "customer_id")?),
            words: Word::of_ticket(fields),
            named: on_ticket::named_reads(fields),
            assets: assets.into_iter().flatten().filter_map(to_id).map(AssetId).collect(),
        })
    }

    /// The customer's tickets of the last days.
    fn tickets(&self, seen: &Snapshot) -> Collection {
        let today = seen.now().to_zoned(TimeZone::UTC).date();
        Collection::tickets(self.customer.into(), today.saturating_sub(Span::new().days(2)))
    }
}

impl Rule for TicketCreation {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(Scope::of_customer(self.customer))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let needs = on_ticket::of_customer(Some(self.customer));
        let needs = needs
            .collection(&self.tickets(seen))
            .collection(&Collection::open_tickets(self.customer.into()));
        needs.and(self.named.clone())
    }

    fn words(&self) -> &[Word] {
        &self.words
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let fields = &call.fields;
        let customer = on_ticket::read_customer(seen, self.customer)?;
        self.words.iter().try_for_each(|word| env.check(word))?;
        on_ticket::named_theirs(fields, seen, Some(self.customer))?;
        let subject = body::text(fields, "subject");
        let alike = Which::OpenLike {
            subject: subject.to_owned(),
            closed: env.settings.tickets.closed.clone(),
        };
        let list = Collection::open_tickets(self.customer.into());
        let open = open_like(seen, &list, &alike)?;
        let sheet = Sheet::default().customer(&customer).by(env.me).row("Subject", subject);
        let sheet = rows(sheet, fields, &customer, env)?;
        let sheet = similar(self.with_assets(sheet, seen)?, subject, &open);
        let contact = body::number(fields, "contact_id").map(ContactId);
        let emailed = contact.map(|id| on_ticket::contact_of(&customer, id)).transpose()?;
        let (sheet, against, reached) = comment::brought(sheet, fields, emailed, &customer)?;
        let value = |name: &str| Some(Field::new(name, fields.get(name)?.clone()));
        let like = [
            Field::called("customer_id", "customer", self.customer.0).identifying(),
            Field::new("subject", subject),
        ];
        let check = ADVISORY.into_iter().filter_map(value).map(Field::advisory);
        let effect = Effect::created(self.tickets(seen)).like(like).check(check);
        let secret = written::secret("the subject", &[subject]);
        let secret = secret.map(|text| Finding::new(Guard::AllowSecrets, text));
        let found = [on_ticket::disabled(&customer), same_subject(subject, &open), secret];
        let step = call.step("ticket", "create the ticket".to_owned(), effect);
        let named = contact.map(|id| on_ticket::named_as(&customer, id));
        let label = "similar open tickets of the customer";
        let said = ["subject", "status"];
        let others = Precondition::some_listed((&list, alike), label, seen, &said);
        let named = named.into_iter().chain(self.named_assets(seen)).chain(others).chain(reached);
        let named = named.collect::<Vec<_>>();
        Ok(Proposed {
            title: format!("Create a ticket for {}", customer.name()),
            sheet: sheet.all_notices(&notices(fields)),
            findings: found.into_iter().flatten().chain(against).collect(),
            step: named.into_iter().fold(step.reports(subject), Step::requires),
            whose: Some(on_ticket::named(&customer)),
            scope: Scope::of_customer(self.customer),
        })
    }
}

impl TicketCreation {
    /// That its assets are still called so.
    fn named_assets(&self, seen: &Snapshot) -> Vec<Precondition> {
        let asset = |id: &AssetId| {
            let of = Noun::Asset.record(*id);
            let raw = seen.record(&of)?;
            Some(Precondition::kept(of, &format!("asset {id}"), raw, &["name"]))
        };
        self.assets.iter().filter_map(asset).collect()
    }

    fn with_assets(&self, sheet: Sheet, seen: &Snapshot) -> Result<Sheet> {
        self.assets.iter().try_fold(sheet, |sheet, id| {
            let asset = seen.record(&Noun::Asset.record(*id)).ok_or_else(|| gone("asset", id.0))?;
            Ok(sheet.row("Asset", format!("{} (id {id})", body::shown_name(asset))))
        })
    }
}

fn rows(
    sheet: Sheet,
    fields: &Map<String, Value>,
    customer: &Record<Customer>,
    env: &Env<'_>,
) -> Result<Sheet> {
    let id = |name: &str| body::number(fields, name);
    let assignee = match id("user_id").map(UserId) {
        Some(user) if user == env.me.user_id => env.me.user_name.clone(),
        Some(user) => env.names.user(user),
        None => "nobody".to_owned(),
    };
    let kind = id("ticket_type_id").map(|id| env.names.ticket_type(TicketTypeId(id)));
    let contact =
        id("contact_id").map(|id| on_ticket::contact_of(customer, ContactId(id))).transpose()?;
    let due = fields.get("due_date").filter(|due| !due.is_null());
    Ok(sheet
        .row("Assignee", assignee)
        .maybe("Status", body::said(fields, "status"))
        .maybe("Priority", body::said(fields, "priority"))
        .maybe("Issue", body::said(fields, "problem_type"))
        .maybe("Type", kind)
        .maybe("Due", due.map(day))
        .maybe("Contact", contact.map(|contact| contact.name.as_str()))
        .maybe("Address", id("address_id").map(|id| format!("id {id}"))))
}

fn notices(fields: &Map<String, Value>) -> Vec<String> {
    let mut notices = Vec::new();
    if !fields.contains_key("user_id") {
        notices.push("without user_id the ticket is unassigned".to_owned());
    }
    if fields.contains_key("line_items") {
        notices.push("Syncro ignores line_items when a ticket is created".to_owned());
    }
    notices
}

/// The customer's tickets that are open by the configuration and may be about the same.
///
/// # Errors
/// Exit 5 where one cannot be read.
fn open_like(seen: &Snapshot, list: &Collection, alike: &Which) -> Result<Vec<Record<Ticket>>> {
    let found = seen.records(list).into_iter().filter(|raw| alike.fits(raw));
    let read = found.map(|raw| {
        Record::read(raw.clone()).map_err(|_| {
            Error::refused("an open ticket of the customer cannot be read").nothing_written()
        })
    });
    read.collect()
}

/// An open ticket of the same subject.
fn same_subject(subject: &str, open: &[Record<Ticket>]) -> Option<Finding> {
    let same = |ticket: &&Record<Ticket>| normal_text(&ticket.subject) == normal_text(subject);
    open.iter().find(same).map(|ticket| {
        let text = format!("open ticket #{} of this customer has the same subject", ticket.number);
        Finding::new(Guard::SameSubject, text)
    })
}

/// Open tickets of the customer whose subject has words in common.
fn similar(sheet: Sheet, subject: &str, open: &[Record<Ticket>]) -> Sheet {
    let likeness = |ticket: &Record<Ticket>| names::likeness(subject, &ticket.subject);
    let mut found: Vec<(usize, &Record<Ticket>)> =
        open.iter().filter_map(|ticket| Some((likeness(ticket)?, ticket))).collect();
    sorting::sort_by_key(&mut found, |(common, ticket)| (std::cmp::Reverse(*common), ticket.id));
    if found.is_empty() {
        return sheet;
    }
    let mut sheet = sheet.gap().line("Similar open tickets of this customer:");
    for (_, ticket) in found.iter().take(SIMILAR) {
        sheet = sheet.line(format!("  #{}  {}  {}", ticket.number, ticket.status, ticket.subject));
    }
    sheet
}
