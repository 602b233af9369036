//! The repair of a bill whose price was lost: lines repriced, the wrong invoice deleted and seen to be gone, made anew,
//! and the rest of the bill carried on. A plan of its own, previewed and confirmed like any other, and only for the
//! unpaid invoice that the bill itself made.

use std::fmt::Write as _;
use std::time::Instant;

use futures_util::future::FutureExt as _;
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::api::fields::to_decimal;
use crate::api::ids::{InvoiceId, LineItemId};
use crate::api::resources::{invoices, line_items};
use crate::billing::money;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::workflow::{self, Approval};
use crate::write::{
    Effect, Failure, Gathered, KnownLine, Mode, Outcome, Plan, PlanId, ReadSet, RetryPolicy,
    Snapshot, Step, StepState, StopReason, confirm, look,
};

/// Whether the bill stopped at something that a repair can mend. Not while another of its steps is in doubt: that is
/// for `resume` to settle first.
#[must_use]
pub fn is_possible(outcome: &Outcome) -> bool {
    !outcome.states.iter().any(StepState::is_unknown)
        && matches!(
            outcome.stopped,
            Some((
                _,
                StopReason::CheckFailed(
                    Failure::LinePrice { .. } | Failure::InvoiceEmpty | Failure::InvoiceZero
                )
            ))
        )
}

/// Offers the repair: asks on a terminal; in a script only with `--repair`.
///
/// # Errors
/// The bill's own when there is no repair; else the repair's.
pub async fn offer(ctx: &Context, approval: &Approval, flag: bool, outcome: Outcome) -> Result<()> {
    let gathered = match gather(ctx, &outcome).await {
        Ok(gathered) => gathered,
        Err(why) => {
            return workflow::report(ctx, &outcome)
                .map_err(|error| error.hint(format!("no repair is possible: {}", why.message)));
        }
    };
    if approval.mode() == Mode::Yes && !flag {
        return workflow::report(ctx, &outcome).map_err(|error| {
            let resume = format!("resume {} --yes --repair", outcome.plan.id);
            error.hint(format!("`{}` mends it in a script", outcome.plan.account.command(&resume)))
        });
    }
    if let Some(error) = outcome.error() {
        ctx.ui().warn(&error.message);
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
    match confirm(&prompter, approval.mode(), gathered, &again).await {
        Err(refused) if refused.kind == Kind::Interrupted => {
            // The bill's own error has been said; Ctrl-C decides the exit code.
            workflow::report(ctx, &outcome).unwrap_or_default();
            Err(refused)
        }
        Err(refused) => {
            ctx.ui().warn(&refused.message);
            workflow::report(ctx, &outcome)
        }
        Ok(confirmed) => {
            let mended = workflow::execute(ctx, confirmed).await?;
            // A repair that has written nothing leaves the bill as it was, and as what is to be finished.
            if mended.stopped.is_some() && !mended.has_traces() {
                if let Some(error) = mended.error() {
                    ctx.ui().warn(&error.message);
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
    let needs = match made {
        Some(invoice) => needs.invoice(invoice),
        None => needs,
    };
    let view = look(&ctx.reader()?, &outcome.plan.scope, needs, RetryPolicy::Retry).await?;
    Ok(Gathered { plan: plan(outcome, made, &view)?, at })
}

fn made_invoice(outcome: &Outcome) -> Option<InvoiceId> {
    let steps = outcome.plan.steps.iter().zip(&outcome.states);
    steps
        .filter(|(step, _)| matches!(step.effect, Effect::Invoice { .. }))
        .find_map(|(_, state)| state.id().map(InvoiceId))
}

fn plan(outcome: &Outcome, made: Option<InvoiceId>, view: &Snapshot) -> Result<Plan> {
    let old = &outcome.plan;
    guard(old, &outcome.states, made, view)?;
    let ticket = old.scope.ticket.ok_or_else(|| Error::refused("the plan is about no ticket"))?;
    let mut steps = Vec::new();
    let mut preview = String::new();
    let mut lines = Vec::new();
    for (index, (step, state)) in old.steps.iter().zip(&outcome.states).enumerate() {
        let Some(sold) = Sold::by(&old.steps[index..]) else {
            continue;
        };
        let Some(id) = state.id().map(LineItemId) else {
            writeln!(preview, "  {}", step.description).unwrap_or_default();
            steps.push(step.clone());
            continue;
        };
        // As the server tells it, which may have rewritten the name; only the price is to become ours.
        let known = view.line(id).map(|line| KnownLine::of(line));
        let sent = || KnownLine {
            id,
            name: sold.name.clone(),
            quantity: sold.quantity,
            price: sold.price,
        };
        lines.push(KnownLine { price: sold.price, ..known.unwrap_or_else(sent) });
        let shown = view.line(id).and_then(|line| line.price()).unwrap_or_default();
        if shown != sold.price {
            let says = format!(
                "reprice line item {id} ({}) from {} to {}",
                sold.name,
                money::display(shown),
                money::display(sold.price)
            );
            writeln!(preview, "  {says}").unwrap_or_default();
            let write = line_items::reprice(ticket, id, sold.price, sold.taxable);
            let effect =
                Effect::Price { line: id, from: shown, to: sold.price, taxable: sold.taxable };
            steps.insert(0, Step::new("reprice", says, write, effect));
        }
    }
    if let Some(invoice) = made {
        let number =
            view.invoice.as_ref().map_or_else(String::new, |found| found.number.to_string());
        let says = format!("delete the wrong invoice #{number}");
        writeln!(preview, "  {says}").unwrap_or_default();
        steps.push(Step::new(
            "delete_invoice",
            says,
            invoices::delete(invoice),
            Effect::InvoiceGone { invoice },
        ));
    }
    for (step, _) in old.steps.iter().zip(&outcome.states) {
        match &step.effect {
            Effect::Invoice { expected, lines: there, invoices: before } => {
                let text =
                    format!("make the invoice of {} anew", money::display(expected.subtotal()));
                writeln!(preview, "  {text}").unwrap_or_default();
                steps.push(Step {
                    effect: Effect::Invoice {
                        expected: expected.clone(),
                        lines: there.iter().cloned().chain(lines.iter().cloned()).collect(),
                        invoices: before.clone(),
                    },
                    ..step.clone()
                });
            }
            Effect::Status { from, to } => {
                writeln!(preview, "  set the status {from} -> {to}").unwrap_or_default();
                steps.push(step.clone());
            }
            _ => {}
        }
    }
    let now = Timestamp::now();
    Ok(Plan {
        id: PlanId::new(now),
        title: format!(
            "Repair the bill of ticket #{}",
            old.scope.number.as_ref().map_or("", |number| &number.0)
        ),
        preview: crate::render::sanitise::text(&preview),
        steps,
        made_at: now,
        supersedes: Some(old.id.clone()),
        baseline: view.baseline(),
        ..old.clone()
    })
}

/// What a line of the bill is to say.
struct Sold {
    name: String,
    quantity: Decimal,
    price: Decimal,
    taxable: bool,
}

impl Sold {
    /// What the first of `steps` makes, if that is a line: as it is added, or as the step behind its charge mends it.
    fn by(steps: &[Step]) -> Option<Self> {
        match steps {
            [charge, repair_line, ..] if matches!(charge.effect, Effect::TimerCharged { .. }) => {
                Self::of(&repair_line.effect)
            }
            [line, ..] if matches!(line.effect, Effect::LineItem { .. }) => Self::of(&line.effect),
            _ => None,
        }
    }

    fn of(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::LineItem { price, quantity, name, taxable, .. } => Some(Self {
                name: name.clone(),
                quantity: *quantity,
                price: *price,
                taxable: *taxable,
            }),
            Effect::Updated { changes, .. } => {
                let to = |at: &str| {
                    let change = changes.iter().find(|change| change.at == at)?;
                    Some(&change.to)
                };
                Some(Self {
                    name: to("name")?.as_str()?.to_owned(),
                    quantity: to("quantity").and_then(to_decimal)?,
                    price: to("price_retail").and_then(to_decimal)?,
                    taxable: to("taxable")?.as_bool()?,
                })
            }
            _ => None,
        }
    }
}

/// The line items that the plan has made.
fn steps_made<'a>(plan: &'a Plan, states: &'a [StepState]) -> impl Iterator<Item = u64> {
    let steps = plan.steps.iter().zip(states);
    steps
        .filter(|(step, _)| {
            matches!(step.effect, Effect::LineItem { .. } | Effect::TimerCharged { .. })
        })
        .filter_map(|(_, state)| state.id())
}

/// Only the unpaid invoice that this bill made, and only when nobody else's took the lines.
fn guard(old: &Plan, states: &[StepState], made: Option<InvoiceId>, view: &Snapshot) -> Result<()> {
    let from_timers =
        |effect: &Effect| matches!(effect, Effect::TimerCharged { .. } | Effect::Updated { .. });
    let mut steps = old.steps.iter().zip(states);
    if steps.any(|(step, state)| {
        from_timers(&step.effect) && !matches!(state, StepState::Checked { .. })
    }) {
        return Err(Error::refused("time is left to be charged first"));
    }
    let before = old.steps.iter().find_map(|step| match &step.effect {
        Effect::Invoice { invoices, .. } => Some(invoices.as_slice()),
        _ => None,
    });
    let before = before.unwrap_or_default();
    let other = view
        .invoices
        .iter()
        .find(|invoice| Some(invoice.id) != made && !before.contains(&invoice.id));
    if let Some(other) = other {
        return Err(Error::refused(format!(
            "invoice #{} was made by someone else meanwhile and may have the lines; sort it out in Syncro",
            other.number
        )));
    }
    if made.is_some() && view.invoice.is_none() {
        return Err(Error::refused("the invoice is gone already"));
    }
    if view.invoice.as_ref().is_some_and(|invoice| invoice.is_settled()) {
        return Err(Error::refused("the invoice is paid, at least in part"));
    }
    let own = |id: u64| steps_made(old, states).any(|made| made == id);
    let previewed = |id: LineItemId| {
        old.steps.iter().any(|step| match &step.effect {
            Effect::Invoice { lines, .. } => lines.iter().any(|known| known.id == id),
            _ => false,
        })
    };
    let added =
        view.lines().iter().find(|line| !line.converted && !own(line.id.0) && !previewed(line.id));
    if let Some(line) = added {
        return Err(Error::refused(format!(
            "line item {} ({}) was added meanwhile; bill or remove it first",
            line.id, line.name
        )));
    }
    Ok(())
}

impl Outcome {
    /// The repair's outcome, with what the bill before it had made.
    #[must_use]
    fn after(mut self, bill: &Self) -> Self {
        self.made.comment = self.made.comment.or_else(|| bill.made.comment.clone());
        if self.made.line_items.is_empty() {
            self.made.line_items.clone_from(&bill.made.line_items);
        }
        let kept: Vec<(Step, StepState)> = bill
            .plan
            .steps
            .iter()
            .cloned()
            .zip(bill.states.iter().cloned())
            .filter(|(step, state)| {
                matches!(state, StepState::Checked { .. })
                    && !matches!(step.effect, Effect::Status { .. })
            })
            .collect();
        let shift = kept.len();
        self.made.already = self.made.already.iter().map(|at| at + shift).collect();
        let (steps, states): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
        self.plan.steps.splice(0..0, steps);
        self.states.splice(0..0, states);
        self.stopped = self.stopped.map(|(at, stop)| (at + shift, stop));
        self
    }
}
