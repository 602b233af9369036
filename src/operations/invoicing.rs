//! An invoice of the line items that wait on a ticket and of those that earlier steps of the plan add. What it must say
//! follows from both, so that the check of it is the same whoever asks for it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::clear::readable;
use super::document_contents::brought;
use super::guard::{Finding, Guard};
use super::invoice::total_of;
use super::rule::{Call, Env, Proposed, Rule};
use super::together::NewLine;
use super::unbilled::{invoiced_reads, timer_running, unmarked};
use super::{body, on_ticket, sold};
use crate::api::Record;
use crate::api::folder::INVOICES;
use crate::api::ids::{ProductId, TicketId};
use crate::api::resources::customers::Customer;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::products::Product;
use crate::api::resources::tickets::Ticket;
use crate::billing::discount::Discount;
use crate::billing::expected::{self, ExpectedInvoice, ExpectedLine};
use crate::billing::money;
use crate::billing::uninvoiced::{Unmarked, is_open};
use crate::config::{LaborType, Settings};
use crate::error::{Error, Hint, Result};
use crate::render::fact::{Fact, LineFact, PrepaidFact};
use crate::render::hidden::{LINES, refuse_hidden};
use crate::render::preview::Sheet;
use crate::render::{counted, invoice::marked, when};
use crate::write::{
    Check, Collection, Contents, Effect, Field, KnownLine, MayBeRounded, Noun, Precondition,
    ReadSet, Scope, Snapshot, Step, field_at,
};

/// Fields of a new invoice that leave what is on it to the ticket.
const OF_TICKET: [&str; 7] =
    ["ticket_id", "customer_id", "category", "date", "due_date", "po_number", "note"];

#[derive(Debug)]
struct Create {
    ticket: TicketId,
    /// What the lines are made of that the body brings along.
    products: BTreeSet<ProductId>,
}

/// What a request for a new invoice does, if it is one of a ticket.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    if !call.makes(INVOICES) {
        return None;
    }
    let ticket = TicketId(body::number(&call.fields, "ticket_id")?);
    Some(Box::new(Create { ticket, products: sold::in_lines(call) }))
}

impl Rule for Create {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let needs = on_ticket::with_customer(seen, scope).invoices().and(invoiced_reads(seen));
        let needs = needs.and(sold::of_products(self.products.iter().copied()));
        waiting(seen).fold(needs, |needs, id| needs.record(&sold::known_ref(id)))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let customer = payer(call, seen, ticket)?;
        readable(
            &customer.unreadable,
            &["prepay_hours"],
            format_args!("customer {}", customer.id),
        )?;
        let unmarked = unmarked(seen);
        let lines = Lines::of(ticket, &unmarked, env)?;
        lines.are_clear()?;
        let mut findings = findings(seen, ticket, &lines, env.settings);
        findings.extend(on_ticket::disabled(&customer));
        let (sold, unread): (Vec<_>, Vec<_>) =
            waiting(seen).map(|id| sold::known(seen, id)).partition(Result::is_ok);
        let sold: Vec<Record<Product>> = sold.into_iter().flatten().collect();
        findings.extend(sold.iter().filter_map(|product| sold::disabled(product)));
        findings.extend(brought(call)?.iter().flat_map(|line| line.findings(env)));
        let expected = lines.expected(&customer);
        let (total, making) = (money::display(expected.subtotal()), expected.making());
        let stake = expected.stake();
        let sheet = unmarked.iter().fold(on_ticket::sheet(ticket, env), |sheet, (id, number)| {
            sheet.notice(format!(
                "line item {id} is on invoice #{number}, though Syncro does not mark it as invoiced"
            ))
        });
        let sheet = unread.into_iter().filter_map(Result::err).fold(sheet, Sheet::notice);
        let (sheet, effect) = if is_of_ticket(call) {
            if lines.count() == 0 {
                return Err(nothing_waits(ticket));
            }
            let sheet = totals(lines.shown(sheet), &expected, lines.taxable());
            let rounded = lines.may_be_rounded(env.before);
            let untaxed = lines.taxable().is_zero();
            let totals = Check::InvoiceTotals { expected, customer: customer.id, untaxed, rounded };
            let owner = [
                Field::called("customer_id", "customer", customer.id.0),
                Field::called("customer.id", "customer", customer.id.0),
                Field::called("ticket_id", "ticket", self.ticket.0),
            ];
            let effect = Effect::created(Collection::INVOICES).totals(totals);
            (sheet, effect.check(owner.map(Field::identifying)))
        } else {
            if expected.subtotal().is_zero() {
                findings.push(Finding::new(Guard::Zero, "there is nothing to invoice"));
            }
            let waiting = counted(lines.count(), "line item", "line items");
            let sheet = sheet.row("Waiting", format!("{waiting}, {total}")).notice(
                "the contents of this invoice are not checked; `syncro invoice create` checks them",
            );
            let like = Field::called("ticket_id", "ticket", self.ticket.0);
            (sheet, Effect::created(Collection::INVOICES).like([like]).by(None))
        };
        let invoices = seen.invoices();
        let there = Contents {
            // By Syncro's own mark, which is what is compared when it is read again.
            lines: open_lines(ticket).map(|line| KnownLine::of(line)).collect(),
            invoices: invoices.iter().map(|invoice| invoice.id).collect(),
        };
        let step = call
            .step("invoice", making, effect)
            .asked_as(stake)
            .requires(Precondition::AsPreviewed(there));
        let step = payer_as_shown(ticket, &customer).into_iter().fold(step, Step::requires);
        let step = sold.iter().map(sold::still_sold).fold(step, Step::requires);
        let proposed = Proposed {
            title: format!("Invoice ticket #{}", ticket.number),
            sheet,
            findings,
            step,
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        };
        let products = self.products.iter().copied();
        sold::selling(proposed, call, seen, (products, &sold::IS_SOLD))
    }
}

/// The products of the lines that an invoice would take.
fn waiting(seen: &Snapshot) -> impl Iterator<Item = ProductId> {
    let unmarked = unmarked(seen);
    let lines = seen.lines().iter().filter(|line| is_open(line, &unmarked));
    lines.filter_map(|line| line.product_id).collect::<BTreeSet<_>>().into_iter()
}

/// Whether a request leaves the contents of its invoice to the ticket, which then say what it must come to.
fn is_of_ticket(call: &Call) -> bool {
    let category = call.fields.get("category");
    call.fields.keys().all(|name| OF_TICKET.contains(&name.as_str()))
        && category.is_none_or(|category| category == "Standard")
}

/// Who pays: the ticket's customer, and nobody else.
///
/// # Errors
/// Exit 5 for a ticket of nobody, and for a request that names another customer.
fn payer(call: &Call, seen: &Snapshot, ticket: &Ticket) -> Result<Record<Customer>> {
    let customer = on_ticket::customer(seen, ticket)?;
    on_ticket::not_anothers(&call.fields, ticket)?;
    on_ticket::named_contact(&call.fields, &customer)?;
    Ok(customer)
}

fn nothing_waits(ticket: &Ticket) -> Error {
    Error::refused(format!("ticket #{} has no uninvoiced line items", ticket.number))
        .nothing_written()
        .hint(
            Hint::from("use ")
                .command("line add")
                .text(" to add one, or ")
                .command("bill")
                .text(" to bill time"),
        )
}

/// The lines without the mark of an invoice.
fn open_lines(ticket: &Ticket) -> impl Iterator<Item = &Record<LineItem>> {
    ticket.line_items.iter().filter(|line| !line.converted)
}

/// What an invoice would take.
struct Lines<'l> {
    /// The lines that wait on the ticket.
    waiting: Vec<&'l Record<LineItem>>,
    /// Those that earlier steps of the plan make.
    added: Vec<NewLine>,
    settings: &'l Settings,
}

impl<'l> Lines<'l> {
    /// # Errors
    /// Exit 5 for a line that cannot be understood.
    fn of(ticket: &'l Record<Ticket>, unmarked: &Unmarked, env: &Env<'l>) -> Result<Self> {
        refuse_hidden(ticket, LINES)?;
        for line in &ticket.line_items {
            readable(&line.unreadable, &LineItem::MONEY, format_args!("line item {}", line.id))?;
        }
        let waiting = ticket.line_items.iter().filter(|line| is_open(line, unmarked));
        let added = NewLine::all(env.before);
        Ok(Self { waiting: waiting.collect(), added, settings: env.settings })
    }

    /// Refuses a line of which nobody can tell what it comes to.
    ///
    /// # Errors
    /// Exit 5.
    fn are_clear(&self) -> Result<()> {
        match self.waiting.iter().find(|line| line.discount().is_none()) {
            None => Ok(()),
            Some(line) => {
                let text =
                    format!("the discount of line item {} ({}) is unclear", line.id, line.name);
                Err(Error::refused(text)
                    .nothing_written()
                    .hint("set one discount for the line in Syncro, in percent or as an amount"))
            }
        }
    }

    fn count(&self) -> usize {
        self.waiting.len() + self.added.len()
    }

    /// The lines as they must be on the invoice: those that wait, then the new ones.
    fn all(&self) -> Vec<ExpectedLine> {
        let waiting = self.waiting.iter().map(|line| ExpectedLine {
            product_id: line.product_id,
            name: line.name.clone(),
            quantity: line.quantity.unwrap_or_default(),
            price: line.price().unwrap_or_default(),
            discount: line.discount().unwrap_or_default(),
            prepaid: self.settings.debits(line.product_id),
            unknown: self.is_unknown(line.product_id),
        });
        let added = self.added.iter().map(|line| ExpectedLine {
            product_id: line.product,
            name: line.name.clone(),
            quantity: line.quantity,
            price: line.price,
            discount: Discount::None,
            prepaid: self.settings.debits(line.product),
            unknown: self.is_unknown(line.product),
        });
        waiting.chain(added).collect()
    }

    /// Those that an earlier step makes of charged time whose rounding is the account's.
    fn may_be_rounded(&self, before: &[Step]) -> Vec<MayBeRounded> {
        let added = before.iter().filter(|step| NewLine::of(&step.effect).is_some());
        let places = added.enumerate().filter_map(|(place, step)| {
            let mut changes = step.effect.changes().iter();
            let may_be = changes.any(|change| !change.also.is_empty());
            let of = step.effect.record_ref().filter(|_| may_be)?.clone();
            Some(MayBeRounded { line: self.waiting.len() + place, of })
        });
        places.collect()
    }

    /// Whether the configuration has no labor type of a product: nobody has said that the block does not cover it.
    fn is_unknown(&self, product: Option<ProductId>) -> bool {
        self.settings.labor.iter().all(|one| Some(one.product_id) != product)
    }

    /// What the invoice must say.
    fn expected(&self, customer: &Customer) -> ExpectedInvoice {
        let (lines, balance) = (self.all(), customer.prepaid());
        let debiting = lines.iter().filter(|line| line.prepaid);
        let (covered_hours, covered_amount) = expected::covered(balance, debiting);
        ExpectedInvoice { lines, balance, covered_hours, covered_amount }
    }

    /// More than is usual in sum. What the plan itself adds is asked about as such.
    fn large(&self) -> Option<Finding> {
        let most = self.settings.guards.large_amount;
        let all = money::sum(self.all().iter().map(ExpectedLine::amount));
        let added = money::sum(self.added.iter().map(NewLine::amount));
        (all > most && added <= most).then(|| {
            let (all, most) = (money::display(all), money::display(most));
            let text = format!("an invoice of {all} is unusually large (more than {most})");
            Finding::new(Guard::Large, text)
        })
    }

    /// What tax is added to.
    fn taxable(&self) -> Decimal {
        let waiting = self.waiting.iter().map(|line| line.taxable);
        let taxed = waiting.chain(self.added.iter().map(|line| line.is_taxed));
        let taxed = self.all().into_iter().zip(taxed).filter(|(_, taxed)| *taxed);
        money::sum(taxed.map(|(line, _)| line.amount()))
    }

    /// The preview with the lines that wait; a new one is shown by the step that makes it.
    fn shown(&self, sheet: Sheet) -> Sheet {
        self.all().into_iter().zip(&self.waiting).fold(sheet, |sheet, (line, waiting)| {
            sheet.fact(Fact::Line(LineFact {
                name: line.name.clone(),
                quantity: line.quantity,
                price: line.price,
                amount: line.amount(),
                taxable: waiting.taxable,
                source: "ticket",
                says: format!("{} (already on the ticket)", line.says()),
            }))
        })
    }
}

fn findings(
    seen: &Snapshot,
    ticket: &Ticket,
    lines: &Lines<'_>,
    settings: &Settings,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = already(seen).into_iter().collect();
    let mut waiting = lines.waiting.iter();
    let is_lost = |line: &&&Record<LineItem>| {
        line.amount().unwrap_or_default().is_zero()
            && !LaborType::is_free(&settings.labor, line.product_id, &line.name)
    };
    if let Some(free) = waiting.find(is_lost) {
        let text = format!("the line \"{}\" already on the ticket is {}", free.name, money::zero());
        findings.push(Finding::new(Guard::Zero, text));
    }
    findings.extend(timer_running(ticket, settings));
    findings.extend(lines.large());
    findings
}

/// What stands against billing the ticket that was read, whatever is billed: for whoever asks before that is known.
#[must_use]
pub fn known_before(seen: &Snapshot, settings: &Settings, has_invoice: bool) -> Vec<Finding> {
    let already = has_invoice.then(|| already(seen)).flatten();
    let running = seen.ticket().and_then(|ticket| timer_running(ticket, settings));
    let customer = seen.ticket().and_then(|ticket| on_ticket::disabled_on(seen, ticket));
    [already, running, customer].into_iter().flatten().collect()
}

/// Invoices that the ticket has already.
fn already(seen: &Snapshot) -> Option<Finding> {
    let said = seen.invoices().into_iter().map(|invoice| {
        let date = invoice.date.map_or_else(String::new, |date| format!(" of {}", when::day(date)));
        let paid = marked(&invoice).map_or_else(String::new, |marked| format!(", {marked}"));
        format!("#{}{date} ({}{paid})", invoice.number, total_of(&invoice))
    });
    let said: Vec<String> = said.collect();
    let text = format!("the ticket is already invoiced: {}", said.join(", "));
    (!said.is_empty()).then(|| Finding::new(Guard::Again, text))
}

/// The preview with what the invoice comes to: tax, and prepaid hours.
fn totals(sheet: Sheet, expected: &ExpectedInvoice, taxable: Decimal) -> Sheet {
    let subtotal = expected.subtotal();
    let tax = match taxable.is_zero() {
        true => "no tax".to_owned(),
        false => format!("tax: set by Syncro on {} taxable", money::display(taxable)),
    };
    let lines = counted(expected.lines.len(), "line", "lines");
    let text = format!("{} ({lines}), {tax}", money::display(subtotal));
    let sheet = sheet.fact(Fact::Subtotal { amount: subtotal, says: text });
    if expected.balance <= Decimal::ZERO {
        return sheet.fact(Fact::Prepaid(None));
    }
    let prepaid = PrepaidFact {
        before: expected.balance,
        covered: expected.covered_hours,
        left: expected.left(),
    };
    sheet.fact(Fact::Prepaid(Some(prepaid)))
}

/// That the customer has as many prepaid hours as in the preview, which decide what is billed and what the invoice must say;
/// and is as little disabled as then. That the ticket carries, too, which is read before the invoice whatever the steps before
/// it took; where it does not, the customer is read again.
fn payer_as_shown(ticket: &Record<Ticket>, customer: &Record<Customer>) -> Vec<Precondition> {
    let hours = Field::new("prepay_hours", field_at(&customer.raw, "prepay_hours").clone());
    let enabled = on_ticket::enabled(&customer.raw, Customer::DISABLED);
    let (of, label) = (Noun::Customer.record(customer.id), format!("customer {}", customer.name()));
    let payer = Precondition::new(of, label, vec![hours, enabled]);
    let of = Noun::Ticket.record(ticket.id);
    match on_ticket::enabled_in(of, &ticket.raw, Some(customer.id)) {
        Some(carried) => vec![payer, carried],
        None => vec![payer.recheck()],
    }
}

#[cfg(test)]
#[path = "invoicing_tests.rs"]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
