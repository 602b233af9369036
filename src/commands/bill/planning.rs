//! From facts and wishes to a plan: the lines with their prices, what the invoice must say, the steps in their order,
//! and the preview. Pure: the same facts give the same plan, which is how a second gathering is compared.

use jiff::Timestamp;
use serde_json::json;

use super::facts::Facts;
use super::request::BillRequest;
use super::timers::{self, TimerLine};
use crate::api::Record;
use crate::api::ids::ProductId;
use crate::api::resources::customers::Customer;
use crate::api::resources::line_items::NewLineItem;
use crate::api::resources::{invoices, line_items};
use crate::billing::check::{ExpectedInvoice, ExpectedLine};
use crate::billing::labor::{self, Amount, BilledLine};
use crate::billing::money;
use crate::commands::on_ticket::whose;
use crate::commands::text::Prose;
use crate::config::{Settings, Unit};
use crate::error::{Error, Result};
use crate::operations::{Finding, comment, spelled};
use crate::render::bill as preview;
use crate::render::preview::Mailing;
use crate::write::{
    Account, Contents, Effect, Field, KnownLine, Noun, Plan, PlanId, Precondition, Scope, Step,
    field_at,
};

/// The products whose names and prices a bill needs. What the prepaid rule may choose is among them, since the
/// balance is read at the same time; fully pinned labor needs none.
#[must_use]
pub fn products(settings: &Settings, request: &BillRequest) -> Vec<ProductId> {
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
            let pinned = labor.rate.is_some() && labor.name.is_some();
            if !pinned && !ids.contains(&labor.product_id) {
                ids.push(labor.product_id);
            }
        }
    }
    ids
}

/// The line items to be made, in the order of their steps.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Those that timer entries become by being charged.
    pub from_timers: Vec<TimerLine>,
    /// Those that are added as they are.
    pub added: Vec<BilledLine>,
}

impl Lines {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<BilledLine> {
        let from_timers = self.from_timers.iter().map(|from_timers| &from_timers.line);
        from_timers.chain(&self.added).cloned().collect()
    }
}

/// The line items to be made.
///
/// # Errors
/// Exit 5 when a product has neither price nor pinned rate; exit 2 for a labor type that is not configured, and for
/// clocked time that nobody says what it is sold as.
pub fn lines(settings: &Settings, request: &BillRequest, facts: &Facts) -> Result<Lines> {
    Ok(Lines {
        from_timers: timers::lines(settings, request, facts)?,
        added: added(settings, request, facts)?,
    })
}

fn added(settings: &Settings, request: &BillRequest, facts: &Facts) -> Result<Vec<BilledLine>> {
    let balance = facts.customer.prepaid();
    request
        .work
        .iter()
        .map(|work| {
            let resolved = labor::resolve(&settings.labor, work, balance)
                .ok_or_else(|| super::ask::unknown_labor(settings, &work.labor))?;
            // What travel or a part is called says enough; what was done belongs to the hours.
            let description = match work.amount {
                Amount::Minutes(_) => request.description.as_str(),
                Amount::Units(_) => "",
            };
            let product =
                facts.products.get(&resolved.labor.product_id).map(|product| &product.view);
            labor::line(&resolved, &work.labor, product, description).map_err(|what| {
                Error::refused(format!("{what}; nothing was written")).hint(format!(
                    "set a price for the product in Syncro, or set `rate` in [labor.{}]",
                    work.labor
                ))
            })
        })
        .collect()
}

/// The plan, with its preview; `findings` are the guards' words, which the preview repeats.
pub fn plan(
    settings: &Settings,
    account: Account,
    request: &BillRequest,
    facts: &Facts,
    lines: &Lines,
    findings: &[Finding],
) -> Plan {
    let made_at = Timestamp::now();
    let all = lines.all();
    let open: Vec<KnownLine> = facts
        .ticket
        .line_items
        .iter()
        .filter(|line| !line.converted)
        .map(|line| KnownLine::of(line))
        .collect();
    let expected = expected(settings, facts, &all);
    let status = settings
        .tickets
        .after_bill
        .clone()
        .filter(|status| request.status && request.invoice && *status != facts.ticket.status);
    let notices: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    let comment = request.comment.as_ref().map(Prose::to_comment);
    let drafted =
        request.comment.as_ref().and_then(|prose| prose.drafted.as_ref()).map(ToString::to_string);
    let preview = preview::text(&preview::Bill {
        ticket: &facts.ticket,
        customer: &facts.customer,
        owner: &facts.me,
        comment: comment.as_ref(),
        mailing: mailing(request, facts),
        drafted: drafted.as_deref(),
        lines: &all,
        expected: &expected,
        invoice: request.invoice,
        status: status.as_deref(),
        notices: &notices,
    });
    Plan {
        id: PlanId::new(made_at),
        command: "bill".to_owned(),
        title: format!("Bill ticket #{}", facts.ticket.number),
        account,
        scope: Scope::of_ticket(
            facts.ticket.id,
            facts.ticket.number.clone(),
            Some(facts.customer.id),
        ),
        preview,
        steps: steps(request, facts, lines, expected, open, status),
        preconditions: vec![whose(&facts.ticket)],
        request: json!(settled(request, lines)),
        made_at,
        supersedes: None,
        baseline: facts.baseline(),
        notices: Vec::new(),
        next: None,
    }
}

/// The request with its timer entries named: once charged they no longer wait, and a resumed plan is about the same.
fn settled(request: &BillRequest, lines: &Lines) -> BillRequest {
    let mut request = request.clone();
    if let Some(from_timers) = &mut request.from_timers {
        let ids = lines.from_timers.iter().map(|line| line.timer.id);
        from_timers.which = Some(ids.collect());
    }
    request
}

fn steps(
    request: &BillRequest,
    facts: &Facts,
    lines: &Lines,
    expected: ExpectedInvoice,
    open: Vec<KnownLine>,
    status: Option<String>,
) -> Vec<Step> {
    let ticket = facts.ticket.id;
    let mut steps = Vec::new();
    if let Some(prose) = &request.comment {
        let comment = prose.to_comment();
        let mailing = mailing(request, facts);
        steps.push(comment::step(&facts.ticket, &facts.customer, &comment, &mailing));
    }
    steps.extend(timers::steps(ticket, &lines.from_timers));
    for line in &lines.added {
        let new = NewLineItem {
            product_id: line.product_id,
            name: line.name.clone(),
            description: line.description.clone(),
            quantity: line.quantity,
            price: line.rate,
            taxable: line.taxable,
        };
        let says = format!(
            "add the line item {} x {} = {}",
            line.quantity.normalize(),
            line.name,
            money::display(line.amount())
        );
        let write = line_items::create(ticket, &new);
        let step = Step::new("line_item", says, write, Effect::line_item(&new));
        let step = step.reports(spelled(line.quantity, &line.name, line.rate));
        steps.push(step.requires(balance(&facts.customer)));
    }
    if request.invoice {
        steps.push(invoice_step(facts, expected, open));
    }
    if let Some(to) = status {
        steps.push(Step::status(&facts.ticket, &to));
    }
    steps
}

/// The step that makes the invoice.
pub fn invoice_step(facts: &Facts, expected: ExpectedInvoice, open: Vec<KnownLine>) -> Step {
    let says = format!("create the invoice of {}", money::display(expected.subtotal()));
    let write = invoices::create(facts.ticket.id, facts.customer.id);
    let effect = Effect::invoice(expected, facts.customer.id);
    let invoices = facts.invoices.iter().map(|invoice| invoice.id).collect();
    let there = Contents { lines: open, invoices };
    Step::new("invoice", says, write, effect)
        .requires(Precondition::AsPreviewed(there))
        .requires(balance(&facts.customer))
}

/// That the customer has as many prepaid hours as in the preview: they decide what is billed, and what the invoice must say.
fn balance(customer: &Record<Customer>) -> Precondition {
    let hours = field_at(&customer.raw, "prepay_hours").clone();
    let still = vec![Field::called("prepay_hours", "prepaid hours", hours)];
    Precondition::new(
        Noun::Customer.record(customer.id),
        format!("customer {}", customer.name()),
        still,
    )
}

/// What the invoice must say: the lines that wait on the ticket, then the new ones.
#[must_use]
pub fn expected(settings: &Settings, facts: &Facts, lines: &[BilledLine]) -> ExpectedInvoice {
    let debits = |product| {
        let mut types = settings.labor.iter();
        types.any(|labor| {
            Some(labor.product_id) == product && labor.prepaid && labor.unit == Unit::Hour
        })
    };
    let waiting = facts.ticket.line_items.iter().filter(|line| !line.converted);
    let waiting = waiting.map(|line| ExpectedLine {
        product_id: line.product_id,
        name: line.name.clone(),
        quantity: line.quantity.unwrap_or_default(),
        price: line.price().unwrap_or_default(),
        prepaid: debits(line.product_id),
    });
    let lines: Vec<_> = waiting.chain(lines.iter().map(BilledLine::expected)).collect();
    let balance = facts.customer.prepaid();
    let debiting = lines.iter().filter(|line| line.prepaid);
    let (covered_hours, covered_amount) = labor::covered(balance, debiting);
    ExpectedInvoice { lines, balance, covered_hours, covered_amount }
}

/// Who is mailed the comment.
fn mailing(request: &BillRequest, facts: &Facts) -> Mailing {
    let comment = request.comment.as_ref().map(Prose::to_comment);
    comment.map_or(Mailing::None, |comment| {
        Mailing::of(&comment, facts.ticket.contact.as_ref(), &facts.customer)
    })
}
