//! The repair of a bill whose price was lost: lines repriced, the wrong invoice deleted and seen to be gone, made anew,
//! and the rest of the bill carried on. A plan of its own, previewed and confirmed like any other, and only for the
//! unpaid invoice that the bill itself made.

use std::fmt::Write as _;
use std::time::Instant;

use futures_util::future::FutureExt as _;
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::fields::to_decimal;
use crate::api::ids::{InvoiceId, LineItemId, TicketId};
use crate::api::resources::invoices;
use crate::api::resources::line_items::{self, LineItem};
use crate::billing::discount::Discount;
use crate::billing::money;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations;
use crate::workflow::{self, Approval};
use crate::write::{
    Collection, Effect, Field, FieldKind, Gathered, KnownLine, Mode, Noun, Outcome, Plan, PlanId,
    Precondition, ReadSet, RecordRef, RetryPolicy, Snapshot, Step, StepState, StopReason, confirm,
    snapshot,
};

/// Reports an outcome, and offers the repair where one is possible.
///
/// # Errors
/// The outcome's own when there is no repair; else the repair's.
pub async fn report(
    ctx: &Context,
    approval: &Approval,
    flag: bool,
    outcome: Outcome,
) -> Result<()> {
    match is_possible(&outcome) {
        true => Box::pin(offer(ctx, approval, flag, outcome)).await,
        false => workflow::report(ctx, &outcome),
    }
}

/// Whether the bill stopped at something that a repair can mend. Not while another of its steps is in doubt: that is
/// for `resume` to settle first; and only an invoice of a ticket can be made anew.
#[must_use]
pub fn is_possible(outcome: &Outcome) -> bool {
    outcome.plan.scope.ticket.is_some()
        && !outcome.states.iter().any(StepState::is_unknown)
        && matches!(&outcome.stopped, Some((_, StopReason::CheckFailed(why))) if why.is_lost_price())
}

/// Offers the repair: asks on a terminal; in a script only with `--repair`.
///
/// # Errors
/// The bill's own when there is no repair; else the repair's.
pub async fn offer(ctx: &Context, approval: &Approval, flag: bool, outcome: Outcome) -> Result<()> {
    let gathered = match gather(ctx, &outcome).await {
        Ok(gathered) => gathered,
        Err(why) => {
            let outcome = Outcome { no_repair: Some(why.to_string()), ..outcome };
            return workflow::report(ctx, &outcome);
        }
    };
    if approval.mode() == Mode::Yes && !flag {
        return workflow::report(ctx, &outcome).map_err(|error| {
            let resume = format!("resume {} --yes --repair", outcome.plan.id);
            error.hint(format!(
                "in a script, run `{}` to repair it",
                outcome.plan.account.command(&resume)
            ))
        });
    }
    if let Some(error) = outcome.error() {
        ctx.ui().warn(&error.to_string());
    }
    let prompter = workflow::TerminalPrompter::new(ctx);
    let id = gathered.plan.id.clone();
    let again = || {
        let again = async {
            let mut again = gather(ctx, &outcome).await?;
            again.plan.id = id.clone();
            Ok(again)
        };
        again.boxed_local()
    };
    match confirm(&prompter, approval.mode(), gathered, &again, ctx.settings().write.fresh).await {
        Err(refused) if refused.kind == Kind::Interrupted => {
            // The bill's own error has been said; Ctrl-C decides the exit code.
            workflow::report(ctx, &outcome).unwrap_or_default();
            Err(refused)
        }
        Err(refused) => {
            ctx.ui().warn(&refused.after_writes().to_string());
            workflow::report(ctx, &outcome)
        }
        Ok(confirmed) => {
            let mended = workflow::execute(ctx, confirmed).await?;
            // A repair that has written nothing leaves the bill as it was, and as what is to be finished.
            if mended.stopped.is_some() && !mended.has_traces() {
                if let Some(error) = mended.error() {
                    ctx.ui().warn(&error.to_string());
                }
                return workflow::report(ctx, &outcome);
            }
            workflow::report(ctx, &mended.after(&outcome))
        }
    }
}

/// Reads how things stand and plans the repair.
async fn gather(ctx: &Context, outcome: &Outcome) -> Result<Gathered> {
    let at = Instant::now();
    let made = made_invoice(outcome);
    let needs = ReadSet::NOTHING.ticket().invoices().comments();
    let old = &outcome.plan;
    let grounds = old.steps.iter().flat_map(|step| old.grounds(step));
    let grounds = grounds.filter_map(Precondition::known_record).cloned();
    let invoice = made.map(|invoice| Noun::Invoice.record(invoice));
    let needs = grounds.chain(invoice).fold(needs, |needs, of| needs.record(&of));
    let view =
        snapshot(&ctx.reader()?, outcome.plan.scope.ticket, needs, RetryPolicy::Retry).await?;
    let plan = plan(outcome, made, &view, ctx.now())?;
    // What the bill rested on, its repair rests on as well.
    let broken = plan.broken(&vec![StepState::NotSent; plan.steps.len()], &view);
    broken.into_iter().next().map_or(Ok(Gathered { plan, at }), |why| Err(why.into()))
}

fn made_invoice(outcome: &Outcome) -> Option<InvoiceId> {
    let steps = outcome.plan.steps.iter().zip(&outcome.states);
    steps
        .filter(|(step, _)| step.effect.expected_invoice().is_some())
        .find_map(|(_, state)| state.id().map(InvoiceId))
}

fn plan(
    outcome: &Outcome,
    made: Option<InvoiceId>,
    view: &Snapshot,
    made_at: Timestamp,
) -> Result<Plan> {
    let old = &outcome.plan;
    guard(old, &outcome.states, made, view)?;
    let ticket = old.scope.ticket.ok_or_else(|| Error::refused("the plan has no ticket"))?;
    let anew = old.steps.iter().find(|step| step.effect.expected_invoice().is_some());
    let there = anew.and_then(Step::contents).cloned().unwrap_or_default();
    let mut shown = operations::Repair::of(there, view);
    let (mut fixes, mut steps, mut preview) = (Vec::new(), Vec::new(), String::new());
    for (index, (step, state)) in old.steps.iter().zip(&outcome.states).enumerate() {
        let Some(sold) = Sold::by(&old.steps[index..]) else {
            continue;
        };
        let Some(id) = state.id().map(LineItemId) else {
            writeln!(preview, "  {}", step.description).unwrap_or_default();
            steps.push(step.clone());
            continue;
        };
        let gone = || Error::refused(format!("line item {id} ({}) is gone", sold.name));
        let line = view.line(id).ok_or_else(gone)?;
        let is_lost = sold.is_lost(line)?;
        if is_lost {
            let fix = reprice(ticket, line, &sold);
            writeln!(preview, "  {}", fix.description).unwrap_or_default();
            fixes.push(fix);
        }
        shown.line(line, sold.price, is_lost);
    }
    let mut delete = None;
    if let Some(invoice) = made {
        let found = view.invoice(invoice).ok_or_else(|| Error::refused(GONE))?;
        let label = format!("invoice #{}", found.number);
        let says = format!("delete the wrong {label}");
        writeln!(preview, "  {says}").unwrap_or_default();
        let effect = Effect::Deleted { of: Noun::Invoice.record(invoice), label };
        delete = Some(Step::new("delete_invoice", says, invoices::delete(invoice), effect));
        shown.deletes(found);
    }
    let mut steps: Vec<Step> = shown.fixing(fixes, delete).into_iter().chain(steps).collect();
    for step in &old.steps {
        if let Some(expected) = step.effect.expected_invoice() {
            let total = money::display(expected.subtotal());
            writeln!(preview, "  create the invoice of {total} again").unwrap_or_default();
            steps.push(shown.anew(step));
        } else if is_status(step) {
            writeln!(preview, "  set the {}", step.report).unwrap_or_default();
            steps.push(step.clone());
        }
    }
    Ok(Plan {
        id: PlanId::new(made_at),
        title: format!(
            "Repair the bill of ticket #{}",
            old.scope.number.as_ref().map_or("", |number| &number.0)
        ),
        preview: crate::render::sanitise::text(&preview).into(),
        steps,
        made_at,
        supersedes: Some(old.id.clone()),
        baseline: view.baseline(),
        ..old.clone()
    })
}

/// Whether a step sets the ticket's status, which is neither a line nor an invoice.
fn is_status(step: &Step) -> bool {
    matches!(step.effect.record_ref(), Some(RecordRef::Of(Noun::Ticket, _)))
}

/// Gives a line its price back.
fn reprice(ticket: TicketId, line: &LineItem, sold: &Sold) -> Step {
    let (id, shown) = (line.id, line.price().unwrap_or_default());
    let (from, to) = (money::display(shown), money::display(sold.price));
    let says = format!("reprice line item {id} ({}) from {from} to {to}", sold.name);
    let write = line_items::reprice(ticket, id, sold.price, sold.taxable);
    let price = Field::called("price_retail", "price", line_items::number(sold.price))
        .from(line_items::number(shown))
        .or_cents("retail_cents")
        .kind(FieldKind::Money);
    // It goes along, and must not change with the price.
    let taxable =
        Field::called("taxable", "taxable", sold.taxable).from(sold.taxable).kind(FieldKind::Flag);
    let changes = vec![price, taxable];
    let of = Noun::LineItem.record(id);
    let report = changes.first().map(Field::says).unwrap_or_default();
    let effect = Effect::Updated {
        of,
        label: format!("line item {id}"),
        changes,
        side_effects: operations::FOLLOW_PRICE.map(str::to_owned).to_vec(),
        wrapper: Some("ticket_line_item".to_owned()),
        charged: false,
    };
    Step::new("reprice", says, write, effect).reports(report)
}

/// What a line of the bill is to say.
struct Sold {
    name: String,
    /// With what the account may have made of the hours by its own rounding.
    quantity: Field,
    price: Decimal,
    taxable: bool,
}

impl Sold {
    /// Whether a line has lost its price, and nothing else.
    ///
    /// # Errors
    /// Exit 5 for one that says something else, or what cannot be understood: the reason is not known.
    fn is_lost(&self, line: &Record<LineItem>) -> Result<bool> {
        let (id, name) = (line.id, &self.name);
        operations::readable(&line.unreadable, &LineItem::MONEY, format_args!("line item {id}"))?;
        let known = KnownLine::of(line);
        let is_ours = self.quantity.is_in(&line.raw)
            && known.taxable == self.taxable
            && known.discount == Some(Discount::None);
        if !is_ours {
            return Err(Error::refused(changed(id, name)));
        }
        if known.price != self.price && !known.price.is_zero() {
            // Lost prices are repaired. Another price has a reason that is not known: a contract, or a colleague.
            let (shown, price) = (money::display(known.price), money::display(self.price));
            let text = format!("line item {id} ({name}) costs {shown}, not {price}");
            return Err(Error::refused(format!("{text}; the reason is not known")));
        }
        Ok(known.price != self.price)
    }

    /// What the first of `steps` makes, if that is a line: as it is added, or as the step behind its charge mends it.
    fn by(steps: &[Step]) -> Option<Self> {
        match steps {
            [charge, repair_line, ..] if matches!(charge.effect, Effect::TimerCharged { .. }) => {
                Self::of(&repair_line.effect)
            }
            [line, ..] if matches!(line.effect, Effect::Created { .. }) => Self::of(&line.effect),
            _ => None,
        }
    }

    fn of(effect: &Effect) -> Option<Self> {
        Some(Self {
            name: effect.expected("name")?.as_str()?.to_owned(),
            quantity: effect.field("quantity")?.clone(),
            price: effect.expected("price_retail").and_then(to_decimal)?,
            taxable: effect.expected("taxable")?.as_bool()?,
        })
    }
}

/// Why there is nothing to repair.
const GONE: &str = "the invoice is already gone";

fn changed(id: LineItemId, name: &str) -> String {
    format!("line item {id} ({name}) was changed or removed in the meantime")
}

/// Only the unpaid invoice that this bill made, and only when nobody else's took the lines.
fn guard(old: &Plan, states: &[StepState], made: Option<InvoiceId>, view: &Snapshot) -> Result<()> {
    let from_timers = |effect: &Effect| {
        matches!(effect, Effect::TimerCharged { .. })
            || matches!(effect.record_ref(), Some(RecordRef::Of(Noun::LineItem, _)))
    };
    let mut steps = old.steps.iter().zip(states);
    if steps.any(|(step, state)| {
        from_timers(&step.effect) && !matches!(state, StepState::Checked { .. })
    }) {
        return Err(Error::refused("there is time left to charge first"));
    }
    let known = old.steps.iter().find_map(Step::contents).cloned().unwrap_or_default();
    let invoices = view.invoices();
    let other = invoices
        .iter()
        .find(|invoice| Some(invoice.id) != made && !known.invoices.contains(&invoice.id));
    if let Some(other) = other {
        return Err(Error::refused(format!(
            "someone else created invoice #{} in the meantime, and it may have the line items; check it in Syncro",
            other.number
        )));
    }
    match made.map(|id| view.invoice(id)) {
        Some(None) => return Err(Error::refused(GONE)),
        Some(Some(invoice)) if invoice.is_settled() => {
            return Err(Error::refused("the invoice is fully or partly paid"));
        }
        _ => {}
    }
    let ours = old.made(states, None);
    // By the mark alone: a line without it may be on the very invoice that is repaired.
    let added = view.lines().iter().find(|line| {
        let is_known = known.lines.iter().any(|known| known.id == line.id);
        !line.converted && !is_known && !ours.has(&Collection::LINES, line.id.0)
    });
    let is_other =
        |known: &&KnownLine| view.line(known.id).is_none_or(|line| KnownLine::of(line) != **known);
    if let Some(line) = known.lines.iter().find(is_other) {
        return Err(Error::refused(changed(line.id, &line.name)));
    }
    if let Some(line) = added {
        return Err(Error::refused(format!(
            "line item {} ({}) was added in the meantime; bill or remove it first",
            line.id, line.name
        )));
    }
    Ok(())
}

impl Outcome {
    /// The repair's outcome, with what the bill before it had made.
    #[must_use]
    fn after(mut self, bill: &Self) -> Self {
        for member in ["comment", "line_items"] {
            if let Some(records) = bill.made.records.get(member) {
                let kept = self.made.records.entry(member.to_owned());
                kept.or_insert_with(|| records.clone());
            }
        }
        let kept: Vec<(Step, StepState)> = bill
            .plan
            .steps
            .iter()
            .cloned()
            .zip(bill.states.iter().cloned())
            .filter(|(step, state)| matches!(state, StepState::Checked { .. }) && !is_status(step))
            .collect();
        let shift = kept.len();
        let (steps, states): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
        self.plan.steps.splice(0..0, steps);
        self.states.splice(0..0, states);
        self.stopped = self.stopped.map(|(at, stop)| (at + shift, stop));
        self
    }
}
