//! The guards of a bill: what has cost somebody a double bill, a surprised customer or a free hour. Each is a question
//! on a terminal, and in a script a refusal that names its override. Pure: facts and wishes in, findings out.

use super::facts::Facts;
use super::request::BillRequest;
use crate::billing::labor::BilledLine;
use crate::billing::money;
use crate::commands::text::Prose;
use crate::config::{Settings, Unit};
use crate::operations::{self, Finding, Guard, comment, is_same_line};
use crate::render::preview::Mailing;
use crate::render::when;
use crate::workflow::not_the_user;
use crate::write::{Collection, Plan, StepState};

/// What of the plan is done already: a resumed plan is not stopped by its own records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress<'a> {
    states: Option<(&'a Plan, &'a [StepState])>,
}

impl<'a> Progress<'a> {
    /// The progress of a plan that was cut off.
    #[must_use]
    pub const fn of(plan: &'a Plan, states: &'a [StepState]) -> Self {
        Self { states: Some((plan, states)) }
    }

    fn is_left(&self, step: &str) -> bool {
        self.states.is_none_or(|(plan, states)| {
            let unsent =
                |state: &StepState| matches!(state, StepState::NotSent | StepState::Unknown { .. });
            plan.steps.iter().zip(states).any(|(one, state)| one.name == step && unsent(state))
        })
    }

    /// Whether a record is the plan's own, or was there and answered for when the plan was made.
    fn knows(&self, collection: &Collection, id: u64) -> bool {
        self.states.is_some_and(|(plan, states)| {
            plan.baseline.has(collection, id) || plan.made(states, None).has(collection, id)
        })
    }
}

/// All findings that were not answered or overridden yet.
#[must_use]
pub fn open(
    facts: &Facts,
    request: &BillRequest,
    lines: &[BilledLine],
    settings: &Settings,
    progress: &Progress<'_>,
) -> Vec<Finding> {
    let mut found = Findings { request, list: Vec::new() };
    let comment_left = request.comment.is_some() && progress.is_left("comment");
    let lines_left = progress.is_left("line_item") || progress.is_left("charge");
    found.note(Guard::OtherUser, not_the_user(&facts.me, settings));
    if request.invoice && progress.is_left("invoice") {
        found.note(Guard::Again, invoiced(facts, progress));
    }
    if lines_left {
        found.note(Guard::SameLine, same_line(facts, lines, progress));
        found.note(Guard::Stacked, stacked(facts, lines, settings, progress));
    }
    if comment_left {
        found.note(Guard::SameComment, same_comment(facts, request, settings, progress));
        found.note(Guard::OtherContact, other_contact(facts, request));
    }
    found.note(Guard::Zero, zero(facts, request, lines, progress));
    found.note(Guard::TimerRunning, timer(facts, settings));
    found.note(Guard::Large, large(lines, settings));
    found.note(Guard::AllowSecrets, credential(request, lines));
    found.list
}

struct Findings<'a> {
    request: &'a BillRequest,
    list: Vec<Finding>,
}

impl Findings<'_> {
    fn note(&mut self, guard: Guard, text: Option<String>) {
        if let Some(text) = text.filter(|_| !self.request.allowed.contains(&guard)) {
            self.list.push(Finding { guard, text });
        }
    }
}

fn invoiced(facts: &Facts, progress: &Progress<'_>) -> Option<String> {
    let others: Vec<String> = facts
        .invoices
        .iter()
        .filter(|invoice| !progress.knows(&Collection::INVOICES, invoice.id.0))
        .map(|invoice| {
            let total = invoice.total.map_or_else(|| "?".to_owned(), money::display);
            format!("#{} ({total}{})", invoice.number, if invoice.is_paid { ", paid" } else { "" })
        })
        .collect();
    (!others.is_empty()).then(|| format!("the ticket is already invoiced: {}", others.join(", ")))
}

fn same_line(facts: &Facts, lines: &[BilledLine], progress: &Progress<'_>) -> Option<String> {
    let there = facts.ticket.line_items.iter().find(|there| {
        !progress.knows(&Collection::LINES, there.id.0)
            && lines.iter().any(|line| {
                is_same_line(
                    there,
                    (Some(line.product_id), &line.name),
                    line.quantity,
                    &line.description,
                )
            })
    })?;
    Some(format!(
        "the same line is on the ticket{}: {} x {}, \"{}\"",
        if there.converted { ", invoiced" } else { "" },
        there.quantity.unwrap_or_default().normalize(),
        there.name,
        there.description.trim()
    ))
}

fn same_comment(
    facts: &Facts,
    request: &BillRequest,
    settings: &Settings,
    progress: &Progress<'_>,
) -> Option<String> {
    let comment = request.comment.as_ref()?.to_comment();
    let others = facts.comments.iter();
    let others = others.filter(|comment| !progress.knows(&Collection::COMMENTS, comment.id.0));
    comment::repeated(
        &comment,
        others.map(|comment| &comment.view),
        &facts.me,
        facts.server_date,
        &settings.timezone,
    )
}

fn other_contact(facts: &Facts, request: &BillRequest) -> Option<String> {
    let comment = request.comment.as_ref()?.to_comment();
    let contact = facts.ticket.contact.as_ref();
    let mailing = Mailing::of(&comment, contact, &facts.customer);
    comment::strange_contact(contact, &facts.customer, &mailing)
}

fn zero(
    facts: &Facts,
    request: &BillRequest,
    lines: &[BilledLine],
    progress: &Progress<'_>,
) -> Option<String> {
    if let Some(line) = lines.iter().find(|line| line.amount().is_zero()) {
        return Some(format!("the line \"{}\" would be $0.00", line.name));
    }
    let free = facts.ticket.line_items.iter().find(|line| {
        request.invoice
            && !line.converted
            && !progress.knows(&Collection::LINES, line.id.0)
            && line.amount().unwrap_or_default().is_zero()
    })?;
    Some(format!("the line \"{}\" already on the ticket is $0.00", free.name))
}

/// Emergency labor and the labor that it is based on, for the same hours.
fn stacked(
    facts: &Facts,
    lines: &[BilledLine],
    settings: &Settings,
    progress: &Progress<'_>,
) -> Option<String> {
    lines.iter().find_map(|line| {
        let emergency = settings.labor(&line.asked)?;
        let base = settings.labor(&emergency.when_prepaid.as_ref()?.labor)?;
        let asked = lines.iter().any(|other| other.asked == base.key);
        let there = facts.ticket.line_items.iter().any(|line| {
            !line.converted
                && line.product_id == Some(base.product_id)
                && !progress.knows(&Collection::LINES, line.id.0)
        });
        (asked || there).then(|| {
            format!(
                "{} and {} would both be billed; are they different hours?",
                emergency.key, base.key
            )
        })
    })
}

fn timer(facts: &Facts, settings: &Settings) -> Option<String> {
    let running = facts.ticket.ticket_timers.iter().find(|timer| timer.is_running())?;
    let since = running
        .start_time
        .map(|at| format!(" since {}", when::at_in_zone(at, &settings.timezone)))
        .unwrap_or_default();
    Some(format!("a timer is running on the ticket{since}; its time is not in this bill"))
}

fn large(lines: &[BilledLine], settings: &Settings) -> Option<String> {
    let hours = lines.iter().filter(|line| line.unit == Unit::Hour).map(|line| line.quantity);
    let hours = money::sum(hours);
    let subtotal = money::sum(lines.iter().map(BilledLine::amount));
    let limits = settings.guards;
    if hours > limits.large_hours {
        return Some(format!(
            "{} hours in one bill is unusually large (more than {})",
            hours.normalize(),
            limits.large_hours.normalize()
        ));
    }
    (subtotal > limits.large_amount).then(|| {
        format!(
            "{} in one bill is unusually large (more than {})",
            money::display(subtotal),
            money::display(limits.large_amount)
        )
    })
}

fn credential(request: &BillRequest, lines: &[BilledLine]) -> Option<String> {
    let comment = request.comment.as_ref().and_then(Prose::secret);
    comment.or_else(|| {
        let texts: Vec<&str> = lines.iter().map(|line| line.description.as_str()).collect();
        operations::secret("a line item's description", &texts)
    })
}
