//! Invoices: changed, deleted and emailed, each for whoever pays it. How one is made of a ticket's line items is in
//! `invoicing`.

use super::change::Changed;
use super::clear::{flagged, readable, state, unclear};
use super::guard::{Finding, Guard};
use super::resource::ResourceField;
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use super::{body, comment, on_ticket};
use serde_json::Value;

use crate::api::fields::{at, to_id};
use crate::api::folder::INVOICES;
use crate::api::ids::{ContactId, CustomerId, InvoiceId};
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::{self, Invoice, InvoiceLine};
use crate::api::resources::tickets::{Contact, Ticket};
use crate::api::{Method, Record, decode};
use crate::billing::{balance, money};
use crate::config::Settings;
use crate::error::{Error, Hint, Result};
use crate::names;
use crate::render::fact::Fact;
use crate::render::preview::{Mailing, Sheet};
use crate::render::{self, counted};
use crate::write::{
    Effect, FieldKind, Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot, Step,
};

/// The fields that its command sets.
const FIELDS: [ResourceField; 4] = [
    ResourceField::new("date", "date").kind(FieldKind::Day),
    ResourceField::new("due_date", "due date").kind(FieldKind::Day),
    ResourceField::new("po_number", "order number"),
    ResourceField::new("note", "note"),
];

/// A write to an invoice that is there.
#[derive(Debug)]
struct Existing {
    id: InvoiceId,
    act: Act,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Update,
    Delete,
    Email,
}

/// What a request does to an invoice, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, parts) = call.place()?;
    let (id, act) = match (call.request.method, folder, parts.as_slice()) {
        (Method::Post, INVOICES, [id, invoices::EMAIL]) => (digits(id)?, Act::Email),
        (Method::Put | Method::Patch, INVOICES, [id]) => (digits(id)?, Act::Update),
        (Method::Delete, INVOICES, [id]) => (digits(id)?, Act::Delete),
        _ => return None,
    };
    Some(Box::new(Existing { id: InvoiceId(id), act }))
}

/// That an invoice is paid, or marked so, which is changed or emailed; nothing of a document that is no invoice.
pub(super) fn paid(raw: &Value, what: &str) -> Option<Finding> {
    let invoice: Option<Invoice> = decode::read(raw).ok();
    let paid = invoice.as_ref().and_then(render::invoice::marked);
    flagged(Guard::Paid, (raw, "is_paid"), what, paid.as_deref().unwrap_or("paid"))
}

impl Existing {
    fn findings(&self, seen: &Snapshot, settings: &Settings) -> Vec<Finding> {
        let Ok(invoice) = found(seen, self.id) else {
            return Vec::new();
        };
        let (what, mut findings) = (label(&invoice), Vec::new());
        if !matches!(self.act, Act::Delete) {
            findings.extend(paid(&invoice.raw, &what));
        }
        if matches!(self.act, Act::Email) {
            let is_free = invoice.total.is_some_and(|total| total.is_zero());
            let total = (&invoice.unreadable, "total", is_free);
            findings.extend(state(Guard::Zero, total, &what, &format!("for {}", money::zero())));
        }
        if invoice.is_draft() && matches!(self.act, Act::Email) {
            let text =
                format!("{what} is a draft: the customer would get it before it is published");
            findings.push(Finding::new(Guard::Unpublished, text));
        }
        if matches!(self.act, Act::Delete) {
            findings.extend(left_invoiced(seen, &invoice, settings));
        }
        let customer = payer(seen, &invoice).ok().filter(|_| matches!(self.act, Act::Email));
        findings.extend(customer.into_iter().flat_map(|customer| {
            let contact = its_contact(&invoice, &customer);
            let mailing = mailing(&invoice, &customer);
            let opted_out = comment::opted_out(contact, &customer, &mailing);
            let strange = strange_contact(&invoice, &customer);
            strange.into_iter().chain(opted_out).chain(on_ticket::disabled(&customer))
        }));
        findings
    }
}

/// The documented request has no body: what a field of it would do, to whom the email goes among it, nobody knows.
fn takes_no_fields(call: &Call) -> Result<()> {
    let Some(name) = call.fields.keys().next() else { return Ok(()) };
    let text = format!("invalid field {name:?}: the email of an invoice has no fields");
    Err(Error::usage(text).nothing_written().hint("the invoice goes to its customer's address"))
}

impl Rule for Existing {
    fn record(&self) -> Option<RecordRef> {
        Some(Noun::Invoice.record(self.id))
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        found(seen, self.id).map(|invoice| scope(&invoice))
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = Noun::Invoice.record(self.id);
        let customer = seen.record(&record).map_or(scope.customer, payer_id);
        let needs = on_ticket::of_customer(customer).record(&record);
        match (self.act, scope.ticket) {
            // By itself, since a ticket that is gone keeps nobody from deleting its invoice.
            (Act::Delete, Some(ticket)) => needs.record(&Noun::Ticket.record(ticket)).invoices(),
            _ => needs,
        }
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let invoice = found(seen, self.id)?;
        let customer = payer(seen, &invoice)?;
        let what = label(&invoice);
        let total = total_of(&invoice);
        let sheet = sheet(&invoice, &customer, env);
        let (title, sheet, step) = match self.act {
            Act::Update => {
                stays(call, &invoice, &customer)?;
                not_published(call, &invoice)?;
                let changed = Changed {
                    of: Noun::Invoice.record(self.id),
                    label: &what,
                    raw: &invoice.raw,
                    fields: &FIELDS,
                    kept: &[],
                    side_effects: &[],
                };
                let (sheet, step) = changed.step("update_invoice", sheet, call, env)?;
                (format!("Change {what}"), sheet, step.requires(as_previewed(&invoice)))
            }
            Act::Delete => {
                let sheet = match its_ticket(seen, &invoice) {
                    Some(ticket) => sheet.ticket(ticket),
                    None => sheet,
                };
                let sheet = sheet
                    .row("Delete", deleted(&invoice)?)
                    .maybe("Prepaid", took_hours(&invoice.line_items, &customer, env.settings));
                let effect =
                    Effect::Deleted { of: Noun::Invoice.record(self.id), label: what.clone() };
                let step = call.step("delete_invoice", format!("delete {what}"), effect);
                let step = step.asked_as(format!("delete {what} of {total}"));
                let step = step.requires(as_previewed(&invoice));
                let ticket = its_ticket(seen, &invoice).map(on_ticket::whose);
                (format!("Delete {what}"), sheet, ticket.into_iter().fold(step, Step::requires))
            }
            Act::Email => {
                takes_no_fields(call)?;
                let to = recipient(&customer)?;
                let says = match mailing(&invoice, &customer) {
                    Mailing::OptedOut(_) => format!("to {to}, who opted out"),
                    Mailing::Unclear(_, flag) => {
                        format!("to {to}, who may have opted out ({flag})")
                    }
                    _ => format!("to {to}"),
                };
                let fact = Fact::Email { kind: "invoice", to: vec![to.clone()], says };
                let sheet = sheet.fact(fact).line(
                    "Syncro does not show whether it was already emailed; this may email it again",
                );
                let effect = Effect::Unverifiable { label: format!("the email of {what} to {to}") };
                let step = call.step("email", format!("email {what} to {to}"), effect);
                let step = step.asked_as(format!("email {what} of {total} to {to}"));
                let contact = its_contact(&invoice, &customer);
                let reached = comment::reached_at(&customer, contact, &customer.email);
                let names = [&SHOWN.0[..], &SHOWN.1, &["contact_id"]].concat();
                let step = step.requires(kept(&invoice, &names)).requires(reached.recheck());
                let step = step.requires(same_address(&customer));
                let step = on_ticket::as_enabled(&customer).into_iter().fold(step, Step::requires);
                (format!("Email {what}"), sheet, step)
            }
        };
        Ok(Proposed {
            title,
            sheet,
            findings: self.findings(seen, env.settings),
            step,
            whose: Some(on_ticket::named(&customer)),
            scope: scope(&invoice),
        })
    }
}

/// The invoice that was read.
///
/// # Errors
/// Exit 3 where there is none.
pub(super) fn found(seen: &Snapshot, id: InvoiceId) -> Result<Record<Invoice>> {
    seen.invoice(id).ok_or_else(|| gone("invoice", id.0))
}

pub(super) fn payer_id(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

/// Who pays it.
///
/// # Errors
/// Exit 5 where it is nobody's.
pub(super) fn payer(seen: &Snapshot, invoice: &Invoice) -> Result<Record<Customer>> {
    let nobody = || Error::refused(format!("{} has no customer", label(invoice))).nothing_written();
    let id = invoice.customer_id.ok_or_else(nobody)?;
    seen.typed_record(&Noun::Customer.record(id)).ok_or_else(|| gone("customer", id.0))
}

/// What a plan about the invoice is about: its ticket, else its customer.
pub(super) fn scope(invoice: &Invoice) -> Scope {
    Scope {
        ticket: invoice.ticket_id,
        customer: invoice.customer_id,
        invoice: Some(invoice.id),
        ..Scope::default()
    }
}

/// What people call it.
pub(super) fn label(invoice: &Invoice) -> String {
    format!("invoice #{}", invoice.number)
}

/// Its total; as it came, where it cannot be understood.
pub(super) fn total_of(invoice: &Invoice) -> String {
    render::invoice::total(invoice)
}

/// How a preview of a write to it begins.
pub(super) fn sheet(invoice: &Invoice, customer: &Customer, env: &Env<'_>) -> Sheet {
    let marked = render::invoice::marked(invoice);
    let paid = match (marked.as_deref(), invoice.is_settled()) {
        _ if invoice.is_credit() => "credit",
        (None, _) if invoice.is_draft() => "draft",
        (Some(marked), _) => marked,
        (None, true) => "partly paid",
        (None, false) => "unpaid",
    };
    let unclear = invoice.unreadable.among(&["is_paid"]).map(ToString::to_string);
    let paid = unclear.unwrap_or_else(|| paid.to_owned());
    let total = total_of(invoice);
    Sheet::default()
        .row("Invoice", format!("#{} (id {})", invoice.number, invoice.id))
        .customer(customer)
        .by(env.me)
        .stake("Total", format!("{total}, {paid}"))
}

/// What an invoice is, and what of it is paid.
const SHOWN: ([&str; 4], [&str; 3]) =
    (["number", "total", "ticket_id", "status"], ["balance_due", "is_paid", "payments"]);

/// That it is still the invoice that was previewed.
pub(super) fn as_previewed(invoice: &Record<Invoice>) -> Precondition {
    kept(invoice, &[&SHOWN.0[..], &SHOWN.1].concat())
}

/// The same where what is paid of it is asked by itself.
pub(super) fn as_made(invoice: &Record<Invoice>) -> Precondition {
    kept(invoice, &SHOWN.0)
}

fn kept(invoice: &Record<Invoice>, names: &[&str]) -> Precondition {
    let of = Noun::Invoice.record(invoice.id);
    Precondition::kept(of, &label(invoice), &invoice.raw, names).recheck()
}

/// Refuses a change that would publish an invoice past what is asked and checked before that.
///
/// # Errors
/// Exit 2.
fn not_published(call: &Call, invoice: &Record<Invoice>) -> Result<()> {
    let fields = body::inside(call.fields.clone(), "invoice");
    let moves = |name: &&str| fields.get(*name).is_some_and(|to| to != at(&invoice.raw, name));
    let Some(name) = ["status", "published_date"].into_iter().find(moves) else {
        return Ok(());
    };
    let way = |verb| INVOICES.below(invoice.id, verb);
    let (publish, withdraw) = (way(invoices::PUBLISH), way(invoices::WITHDRAW));
    let hint = Hint::run(format!("api POST {publish}"), "publish it")
        .text(", or ")
        .command(format!("api POST {withdraw}"))
        .text(" to make it a draft again");
    let text = format!("{name} of an invoice is not changed like another field");
    Err(Error::usage(text).nothing_sent().hint(hint))
}

/// Refuses a change that gives it to another customer than its ticket's, or to another ticket.
///
/// # Errors
/// Exit 5, and exit 3 for a contact who is not the customer's.
fn stays(call: &Call, invoice: &Invoice, customer: &Customer) -> Result<()> {
    let fields = body::inside(call.fields.clone(), "invoice");
    let moves = |name: &str, to: Option<u64>| {
        fields.contains_key(name) && body::number(&fields, name) != to
    };
    let what = label(invoice);
    on_ticket::stays(&fields, &what, Some(customer.id))?;
    if moves("ticket_id", invoice.ticket_id.map(|id| id.0)) {
        let text = format!("{what} would be of another ticket");
        return Err(Error::refused(text).nothing_written());
    }
    on_ticket::named_contact(&fields, customer)
}

/// The ticket that it was made from, where that is still there.
pub(super) fn its_ticket<'s>(seen: &'s Snapshot, invoice: &Invoice) -> Option<&'s Record<Ticket>> {
    seen.ticket().filter(|ticket| Some(ticket.id) == invoice.ticket_id)
}

/// A ticket that stays in the status of a billed one, without an invoice.
fn left_invoiced(seen: &Snapshot, invoice: &Invoice, settings: &Settings) -> Option<Finding> {
    let ticket = its_ticket(seen, invoice)?;
    let others = seen.invoices();
    let has_another = others.iter().any(|other| other.id != invoice.id);
    stays_invoiced(ticket, "without an invoice", settings).filter(|_| !has_another)
}

/// A ticket that stays in the status of a billed one, with what is said of it.
pub(super) fn stays_invoiced(ticket: &Ticket, how: &str, settings: &Settings) -> Option<Finding> {
    let after_bill = settings.tickets.after_bill.as_deref()?;
    let what = format!("ticket #{}", ticket.number);
    let text = match ticket.unreadable.among(&["status"]) {
        Some(found) => unclear(what, after_bill, found),
        None if names::same(&ticket.status, after_bill) => {
            format!("{what} stays {after_bill} {how}")
        }
        None => return None,
    };
    Some(Finding::new(Guard::KeepStatus, text))
}

/// Refuses an invoice of which nobody can tell what is paid, since its page leaves that out.
///
/// # Errors
/// Exit 5.
pub(super) fn shows_payments(invoice: &Invoice) -> Result<()> {
    if !balance::lacks_payments(invoice) {
        return Ok(());
    }
    let text = format!("{} shows neither what is open nor its payments", label(invoice));
    Err(Error::refused(text).nothing_written())
}

/// Refuses an invoice that somebody has paid for, if only in part.
///
/// # Errors
/// Exit 5.
pub(super) fn unpaid(invoice: &Invoice) -> Result<()> {
    readable(&invoice.unreadable, &["is_paid"], label(invoice))?;
    shows_payments(invoice)?;
    match invoice.is_settled() {
        false => Ok(()),
        true => Err(Error::refused(format!("{} is fully or partly paid", label(invoice)))
            .nothing_written()
            .hint("delete the payment in Syncro first")),
    }
}

/// What is said of deleting it.
///
/// # Errors
/// Exit 5 for one that somebody has paid for.
fn deleted(invoice: &Invoice) -> Result<String> {
    let what = label(invoice);
    unpaid(invoice)?;
    let lines = invoice.line_items.len();
    let they = if lines == 1 { "it" } else { "they" };
    let lines = counted(lines, "line", "lines");
    Ok(format!("{what} with {lines}; {they} can be invoiced again"))
}

/// The prepaid hours that lines may have taken: hours for nothing, of labor that a block covers. What becomes of them when
/// they are deleted, no answer of the API says.
pub(super) fn took_hours<'l>(
    lines: impl IntoIterator<Item = &'l InvoiceLine>,
    customer: &Customer,
    settings: &Settings,
) -> Option<String> {
    let free = lines.into_iter().filter(|line| {
        settings.debits(line.product_id) && line.price.is_some_and(|price| price.is_zero())
    });
    let hours = money::sum(free.filter_map(|line| line.quantity)).normalize();
    let has_block =
        customer.prepay_hours.is_some() || customer.unreadable.raw("prepay_hours").is_some();
    let text = || format!("{hours} h may have come off the prepaid block; check it afterwards");
    (has_block && !hours.is_zero()).then(text)
}

/// The contact that it names, as the customer lists them.
fn its_contact<'c>(invoice: &Record<Invoice>, customer: &'c Customer) -> Option<&'c Contact> {
    let id = to_id(at(&invoice.raw, "contact_id")).map(ContactId)?;
    customer.contacts.iter().find(|contact| contact.id == Some(id))
}

/// The question about a contact whom it names and who is another customer's. Syncro emails the customer; what becomes of
/// such a contact, nothing says.
fn strange_contact(invoice: &Record<Invoice>, customer: &Record<Customer>) -> Option<Finding> {
    let id = to_id(at(&invoice.raw, "contact_id")).map(ContactId)?;
    let lists = customer.raw.get("contacts").is_some_and(Value::is_array);
    (lists && its_contact(invoice, customer).is_none()).then(|| {
        let (what, whose) = (label(invoice), customer.name());
        let text = format!(
            "contact {id} of {what} does not belong to {whose}: another customer may get the email"
        );
        Finding::new(Guard::OtherContact, text)
    })
}

/// Whether whoever gets it wants email: its contact, or the customer.
fn mailing(invoice: &Record<Invoice>, customer: &Customer) -> Mailing {
    match Mailing::to(its_contact(invoice, customer), customer) {
        Mailing::To(_) => Mailing::to(None, customer),
        other => other,
    }
}

/// Whom Syncro emails an invoice: the customer, and whoever gets copies of all.
///
/// # Errors
/// Exit 5 where there is no address.
fn recipient(customer: &Record<Customer>) -> Result<String> {
    let address = customer.email.trim();
    if address.is_empty() {
        return Err(Error::refused(format!("{} has no email address", customer.name()))
            .nothing_written()
            .hint(Hint::from("to fix it: ").line(format!("customer update {}", customer.id))));
    }
    let copies = customer.raw["invoice_cc_emails"].as_str().unwrap_or_default();
    Ok(match copies.trim() {
        "" => address.to_owned(),
        copies => format!("{address}, copies to {copies}"),
    })
}

/// That it would still be emailed to the same addresses.
pub(super) fn same_address(customer: &Record<Customer>) -> Precondition {
    let [no_email, opt_out] = Customer::SILENT;
    on_ticket::shown_of(customer, &["email", no_email, opt_out, "invoice_cc_emails"]).recheck()
}

#[cfg(test)]
#[path = "invoice_tests.rs"]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
