//! From facts and wishes to requests: the lines with their prices, and the writes in their order. Pure: the same facts give
//! the same requests.

use super::ask::unsold;
use super::facts::Facts;
use super::logged::Log;
use super::planned::{PlannedLine, Way};
use super::request::BillRequest;
use super::timers;
use crate::api::ids::ProductId;
use crate::api::resources::line_items::{self, NewLineItem};
use crate::api::resources::timers as charge;
use crate::api::resources::{comments, invoices, products, tickets};
use crate::billing::labor::{self, Amount, BilledLine, RateSource, Work};
use crate::billing::money;
use crate::commands::text::Prose;
use crate::config::{LaborType, Settings};
use crate::draft::Wording;
use crate::error::Result;
use crate::operations::timer::still;
use crate::operations::{Finding, stacked, timer_running};
use crate::render::preview::Sheet;
use crate::workflow::Writing;
use crate::write::{Noun, Precondition, RecordId, RecordRef, Request};

/// The products that a bill sells: their names and prices, and whether they are disabled. What the prepaid rule may choose is
/// among them, since the balance is read at the same time.
#[must_use]
pub fn needed_products(settings: &Settings, request: &BillRequest) -> Vec<ProductId> {
    let mut ids = Vec::new();
    let from_timers = request.from_timers.as_ref();
    let fallback = from_timers.and_then(|from_timers| from_timers.labor.as_ref());
    let work = request.work.iter().map(|work| &work.labor);
    for name in work.chain(fallback) {
        let asked = settings.labor(name);
        let instead = asked
            .and_then(|labor| labor.when_prepaid.as_ref())
            .and_then(|rule| settings.labor(&rule.labor));
        for labor in asked.into_iter().chain(instead) {
            if !ids.contains(&labor.product_id) {
                ids.push(labor.product_id);
            }
        }
    }
    ids
}

/// The line items to be made, in the order of their steps: those of clocked time first.
///
/// # Errors
/// Exit 5 when a product has neither price nor pinned rate; exit 2 for a labor type that is not configured, for clocked
/// time that nobody says what it is sold as, and for time that cannot be logged.
pub fn lines(
    settings: &Settings,
    request: &BillRequest,
    facts: &Facts,
) -> Result<Vec<PlannedLine>> {
    let mut lines = timers::lines(settings, request, facts)?;
    let mut log = Log::begin(settings, request, facts)?;
    for work in &request.work {
        let line = worked(settings, request, facts, work)?;
        let entry = match &mut log {
            Some(log) => log.entry(work.amount, &line)?,
            None => None,
        };
        lines.push(PlannedLine { line, way: entry.map_or(Way::Added, Way::Logged) });
    }
    Ok(lines)
}

/// The line item of work that was typed.
fn worked(
    settings: &Settings,
    request: &BillRequest,
    facts: &Facts,
    work: &Work,
) -> Result<BilledLine> {
    let resolved = labor::resolve(&settings.labor, work, facts.customer.prepaid())
        .ok_or_else(|| super::labor_name::unknown_labor(settings, &work.labor))?;
    // What travel or a part is called says enough; what was done belongs to the hours.
    let description = match work.amount {
        Amount::Minutes(_) => request.description.as_str(),
        Amount::Units(_) => "",
    };
    let product = facts.products.get(&resolved.labor.product_id).map(|product| &product.view);
    labor::line(&resolved, &work.labor, product, description).map_err(|lacks| unsold(&lacks))
}

/// The writes of a bill, in their order.
#[must_use]
pub fn requests(
    request: &BillRequest,
    facts: &Facts,
    lines: &[PlannedLine],
    status: Option<&str>,
) -> Vec<Request> {
    let (ticket, mut all) = (facts.ticket.id, Vec::new());
    all.extend(request.comment.as_ref().map(|prose| comments::create(ticket, &prose.to_comment())));
    let (mut entries, mut charges) = (0, 0);
    for PlannedLine { line, way } in lines {
        match way {
            Way::Added => {
                all.push(line_items::create(ticket, &new(line)));
                continue;
            }
            Way::Charged { timer, .. } => all.push(charge::charge(ticket, timer.id)),
            Way::Logged(entry) => {
                all.push(charge::create(ticket, entry));
                let made = RecordId::nth("timer", entries);
                all.push(charge::charge_later(ticket, made.json()));
                entries += 1;
            }
        }
        all.push(timers::repair(ticket, charges, line));
        charges += 1;
    }
    if request.invoice {
        all.push(invoices::create(ticket, facts.customer.id));
        all.extend(status.map(|status| tickets::set_status(ticket, status)));
    }
    all.into_iter().map(Request::from).collect()
}

fn new(line: &BilledLine) -> NewLineItem {
    NewLineItem {
        product_id: line.product_id,
        name: line.name.clone(),
        description: line.description.clone(),
        quantity: line.quantity,
        price: line.rate,
        taxable: line.taxable,
    }
}

/// The products that are sold for nothing because that is meant, and not because a price was lost, too.
fn free(lines: &[PlannedLine]) -> Vec<ProductId> {
    let for_nothing = lines.iter().map(|planned| &planned.line);
    let for_nothing = for_nothing.filter(|line| line.amount().is_zero());
    let (free, lost): (Vec<_>, Vec<_>) = for_nothing.partition(|line| line.is_free());
    let is_lost = |id: &ProductId| lost.iter().any(|line| line.product_id == *id);
    free.into_iter().map(|line| line.product_id).filter(|id| !is_lost(id)).collect()
}

/// What the preview says of a bill that no request tells.
pub fn remarks(request: &BillRequest, lines: &[PlannedLine]) -> Sheet {
    let mut prices: Vec<String> = Vec::new();
    for PlannedLine { line, .. } in lines {
        let source = match line.source {
            RateSource::Pinned => "pinned rate",
            RateSource::Product => "the product's price",
        };
        let why = line.note.as_ref().map_or_else(String::new, |why| format!("; {why}"));
        let text = format!("{}: {source}{why}", line.name);
        if !prices.contains(&text) {
            prices.push(text);
        }
    }
    let mut sheet = prices.iter().fold(Sheet::default(), |sheet, text| sheet.row("Price", text));
    if !request.invoice {
        let amount = money::sum(lines.iter().map(|planned| planned.line.amount()));
        let text = format!("none; {} stays uninvoiced on the ticket", money::display(amount));
        sheet = sheet.stake("Invoice", text);
    }
    let note = request.log.as_ref().and_then(|log| log.note.as_ref());
    sheet.all_notices(note)
}

/// What stands against a bill that its requests do not tell: emergency labor that the prepaid rule has made base labor, and
/// time that runs beside lines which nobody invoices yet.
pub fn findings(
    settings: &Settings,
    request: &BillRequest,
    facts: &Facts,
    lines: &[PlannedLine],
) -> Vec<Finding> {
    let labor = lines.iter().filter_map(|planned| settings.labor(&planned.line.asked));
    let stacked = stacked(&labor.collect::<Vec<_>>(), &facts.known().view, settings);
    let running = (!request.invoice).then(|| timer_running(&facts.ticket, settings)).flatten();
    stacked.into_iter().chain(running).collect()
}

/// The text that may be edited at the preview: the comment, or where there is none, what the labor line says.
fn wording(request: &BillRequest, lines: &[PlannedLine]) -> Option<Wording> {
    let text = request.description.as_str();
    let line = lines.iter().find(|planned| planned.line.description == text).map(|_| text);
    let comment = request.comment.as_ref().map(Prose::wording);
    let both = comment.map(|of| Wording { line: line.map(str::to_owned), ..of });
    both.or_else(|| line.map(|text| Wording::of_field("description", text)))
}

/// A bill, or the charging of its time, before it is guarded and shown.
///
/// # Errors
/// As for [`lines`].
pub fn writing<'w>(
    settings: &Settings,
    command: &'w str,
    request: &BillRequest,
    facts: &Facts,
) -> Result<Writing<'w>> {
    let lines = lines(settings, request, facts)?;
    let status = settings.tickets.after_bill.as_deref();
    let status = status.filter(|status| *status != facts.ticket.status);
    let customer = &facts.customer;
    let label = format!("customer {}", customer.name());
    let mut writing = Writing {
        known: facts.known(),
        allowed: request.allowed.clone(),
        remarks: remarks(request, &lines),
        wording: wording(request, &lines),
        found: findings(settings, request, facts, &lines),
        began: request.began,
        worked: request.worked(),
        is_emergency: lines.iter().any(|planned| {
            settings.labor(&planned.line.asked).is_some_and(LaborType::is_emergency)
        }),
        free: free(&lines),
        ..Writing::all(command, facts.scope(), requests(request, facts, &lines, status))?
    }
    .made_of(Noun::Customer.record(customer.id), &label, &customer.raw, &["prepay_hours"]);
    for planned in &lines {
        let Way::Charged { timer, keeps_rounding } = &planned.way else { continue };
        if *keeps_rounding {
            writing.kept.push(timer.id);
        }
        let label = format!("timer entry {}", timer.id);
        writing.grounds.push(Precondition::new(Noun::Timer.record(timer.id), label, still(timer)));
    }
    for (id, product) in &facts.products {
        let of = RecordRef::answer(&products::get(*id));
        let names = ["name", "price_retail", "disabled"];
        writing = writing.made_of(of, &format!("product {id}"), &product.raw, &names);
    }
    Ok(writing)
}
