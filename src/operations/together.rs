//! What stands against the writes of a plan together, though each alone may pass: the same line item twice, emergency labor
//! beside its base labor, more hours or money than is usual in sum. Asked for every plan, whichever command makes it. Pure.

use rust_decimal::Decimal;
use serde_json::Value;

use super::charged_today::{Worker, charged_today, worked_blind, worked_ground};
use super::guard::{Finding, Guard};
use super::unbilled::unmarked;
use crate::api::Record;
use crate::api::fields::{to_decimal, to_id};
use crate::api::ids::{ProductId, TimerId};
use crate::api::resources::tickets::Timer;
use crate::billing::money;
use crate::billing::uninvoiced::is_open;
use crate::config::{LaborType, Settings, Unit};
use crate::render::hidden::{TIMERS, hidden};
use crate::render::timer::waiting;
use crate::write::{
    Collection, Effect, Noun, Precondition, RecordRef, Snapshot, Step, normal_text,
};

/// A line item that a step of a plan makes, as far as the step tells what it will say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewLine {
    pub(super) product: Option<ProductId>,
    pub(super) name: String,
    pub(super) quantity: Decimal,
    pub(super) price: Decimal,
    pub(super) is_taxed: bool,
    /// Whether it is charged time: two equal entries are two times.
    is_charged: bool,
}

impl NewLine {
    /// The line of a step that adds one, or that gives one its contents which a charge has made.
    pub(super) fn of(effect: &Effect) -> Option<Self> {
        let is_charged = match effect {
            Effect::Created { collection, .. } if *collection == Collection::LINES => false,
            Effect::Updated { of, .. } if of.is_charged_line() => true,
            _ => return None,
        };
        let decimal = |path| effect.expected(path).and_then(to_decimal);
        Some(Self {
            product: effect.expected("product_id").and_then(to_id).map(ProductId),
            name: effect.expected("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            quantity: decimal("quantity").unwrap_or(Decimal::ONE),
            price: decimal("price_retail").unwrap_or_default(),
            // Left out, it is taxed.
            is_taxed: effect.expected("taxable").and_then(Value::as_bool).unwrap_or(true),
            is_charged,
        })
    }

    /// Those of a plan.
    pub(super) fn all(steps: &[Step]) -> Vec<Self> {
        let mut charged = None;
        let lines = steps.iter().filter_map(|step| {
            if let Effect::TimerCharged { timer, .. } = &step.effect {
                charged = Some(timer);
            }
            let mut line = Self::of(&step.effect)?;
            // Time that the plan itself logs is typed, whatever it is charged by.
            line.is_charged &= charged.is_none_or(|timer| timer.id().is_some());
            Some(line)
        });
        lines.collect()
    }

    /// Whether both are the same work, by the definition that holds for lines on a ticket.
    fn is_same(&self, other: &Self) -> bool {
        let same_product = match (self.product, other.product) {
            (None, None) => normal_text(&self.name) == normal_text(&other.name),
            (one, other) => one == other,
        };
        same_product && self.quantity == other.quantity && !(self.is_charged && other.is_charged)
    }

    pub(super) fn amount(&self) -> Decimal {
        money::amount(self.quantity, self.price)
    }

    /// Whether it is time that no entry has counted.
    fn is_typed_time(&self, settings: &Settings) -> bool {
        !self.is_charged && self.is_hours(settings)
    }

    fn is_hours(&self, settings: &Settings) -> bool {
        let mut labor = settings.labor.iter();
        let is_hourly =
            |one: &LaborType| Some(one.product_id) == self.product && one.unit == Unit::Hour;
        self.is_charged || labor.any(is_hourly)
    }
}

/// What the line items of several writes come to, where no invoice of theirs says it: it stays uninvoiced.
#[must_use]
pub fn stays_uninvoiced(steps: &[Step]) -> Option<Decimal> {
    let bills = steps.iter().any(|step| step.effect.expected_invoice().is_some());
    let lines = NewLine::all(steps);
    let is_told = bills || lines.len() < 2;
    (!is_told).then(|| money::sum(lines.iter().map(NewLine::amount)))
}

/// What the guards find in all steps of a plan.
#[must_use]
pub fn together(
    steps: &[Step],
    seen: &Snapshot,
    settings: &Settings,
    worker: &Worker,
) -> Vec<Finding> {
    let lines = NewLine::all(steps);
    let is_typed = has_typed_time(&lines, settings);
    let twice_billed = is_typed.then(|| charged_today(seen, worker)).flatten();
    let found = [
        twice(&lines),
        stacked(&sold(&lines, settings), seen, settings),
        left(steps, is_typed, seen),
        twice_billed,
        large(&lines, settings),
    ];
    found.into_iter().flatten().collect()
}

/// Has the line items of typed time, and the invoice of that and of time that is charged, rest on what is charged on other
/// tickets; what is said where nobody can see that of typed time.
pub fn rest_on_time(
    steps: &mut [Step],
    seen: &Snapshot,
    settings: &Settings,
    worker: &Worker,
) -> Option<&'static str> {
    let is_typed = has_typed_time(&NewLine::all(steps), settings);
    let typed = worked_ground(seen, worker).filter(|_| is_typed);
    let charged = steps.iter().filter(|step| matches!(step.effect, Effect::TimerCharged { .. }));
    let charged = charged.flat_map(|step| &step.preconditions).filter(|given| given.is_of_time());
    let grounds: Vec<Precondition> = charged.cloned().chain(typed.clone()).collect();
    for step in steps {
        let rests_on = match step.effect.collection() {
            Some(list) if *list == Collection::INVOICES => &grounds[..],
            Some(list) if *list == Collection::LINES => typed.as_slice(),
            _ => &[],
        };
        step.preconditions.extend_from_slice(rests_on);
    }
    if is_typed { worked_blind(seen, worker.worked) } else { None }
}

fn has_typed_time(lines: &[NewLine], settings: &Settings) -> bool {
    lines.iter().any(|line| line.is_typed_time(settings))
}

/// Whether a plan answers by itself what stands against one of its writes: a ticket that is left in the status of a billed
/// one, and gets another in the same plan.
#[must_use]
pub fn is_answered(finding: &Finding, steps: &[Step]) -> bool {
    let sets_status = |step: &Step| {
        step.effect.record_ref().and_then(RecordRef::noun) == Some(Noun::Ticket)
            && step.effect.expected("status").is_some()
    };
    finding.guard == Guard::KeepStatus && steps.iter().any(sets_status)
}

/// Stopped time that a bill does not charge: it would be billed a second time by the next one.
fn left(steps: &[Step], is_typed: bool, seen: &Snapshot) -> Option<Finding> {
    let invoices = Some(&Collection::INVOICES);
    let bills = steps.iter().any(|step| step.effect.collection() == invoices);
    if !bills && !is_typed {
        return None;
    }
    let is_charged = |id: TimerId| {
        let mut effects = steps.iter().map(|step| &step.effect);
        effects.any(|effect| matches!(effect, Effect::TimerCharged { timer, .. } if timer.id() == Some(id.0)))
    };
    let ticket = seen.ticket()?;
    if let Some(text) = hidden(ticket, TIMERS) {
        return Some(Finding::new(Guard::LeaveTimers, text));
    }
    left_behind(ticket.ticket_timers.iter().filter(|timer| !is_charged(timer.id)))
}

/// The question about such time.
#[must_use]
pub fn left_behind<'t>(timers: impl IntoIterator<Item = &'t Record<Timer>>) -> Option<Finding> {
    // Of less than a minute, nothing is billed that anybody would miss.
    let counts = |timer: &&Record<Timer>| timer.billable_seconds().is_some_and(|time| time >= 60);
    let time = waiting(timers.into_iter().filter(counts))?;
    let text = format!("stopped time is not charged yet and not in this bill: {time}");
    Some(Finding::new(Guard::LeaveTimers, text))
}

fn twice(lines: &[NewLine]) -> Option<Finding> {
    let mut all = lines.iter().enumerate();
    let (_, line) = all.find(|(at, line)| lines[..*at].iter().any(|other| line.is_same(other)))?;
    let (quantity, name) = (line.quantity.normalize(), &line.name);
    let text = format!("the same line item would be added twice: {quantity} x {name}");
    Some(Finding::new(Guard::SameLine, text))
}

/// Emergency labor and the labor that it is based on, for the same hours: `asked` is the labor of the plan's lines.
#[must_use]
pub fn stacked(asked: &[&LaborType], seen: &Snapshot, settings: &Settings) -> Option<Finding> {
    let unmarked = unmarked(seen);
    asked.iter().find_map(|emergency| {
        let base = settings.labor(&emergency.when_prepaid.as_ref()?.labor)?;
        let is_asked = asked.iter().any(|other| other.key == base.key);
        let mut waiting = seen.lines().iter().filter(|line| is_open(line, &unmarked));
        let waits = waiting.any(|line| line.product_id == Some(base.product_id));
        let (emergency, base) = (&emergency.key, &base.key);
        let text =
            format!("{emergency} and {base} would both be billed; are they different hours?");
        (is_asked || waits).then(|| Finding::new(Guard::Stacked, text))
    })
}

/// The labor of lines as their products tell it: not that of a type whose base is sold as the same product, which `bill`
/// alone tells, by its name.
fn sold<'s>(lines: &[NewLine], settings: &'s Settings) -> Vec<&'s LaborType> {
    let is_told = |one: &&LaborType| {
        let base = one.when_prepaid.as_ref().and_then(|rule| settings.labor(&rule.labor));
        base.is_none_or(|base| base.product_id != one.product_id)
    };
    let is_sold = |one: &&LaborType| lines.iter().any(|line| line.product == Some(one.product_id));
    settings.labor.iter().filter(is_sold).filter(is_told).collect()
}

/// More than is usual in sum; what a single line says is judged with it.
fn large(lines: &[NewLine], settings: &Settings) -> Option<Finding> {
    if lines.len() < 2 {
        return None;
    }
    let limits = settings.guards;
    let hours = lines.iter().filter(|line| line.is_hours(settings)).map(|line| line.quantity);
    let hours = money::sum(hours);
    let sum = money::sum(lines.iter().map(NewLine::amount));
    let (what, most) = if hours > limits.large_hours {
        (format!("{} hours", hours.normalize()), limits.large_hours.normalize().to_string())
    } else if sum > limits.large_amount {
        (money::display(sum), money::display(limits.large_amount))
    } else {
        return None;
    };
    let text = format!("{what} in one bill is unusually large (more than {most})");
    Some(Finding::new(Guard::Large, text))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::super::charged_today::Worked;
    use super::super::example::{request, ticket};
    use super::*;
    use crate::api::Method;
    use crate::api::ids::UserId;
    use crate::config::{Environment, Overrides};
    use crate::write::{Field, RecordId};

    /// The labor of an office: onsite 1, emergency 2 on top of it, travel 3 by unit.
    fn settings() -> Settings {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        let text = "subdomain = \"acme\"\n[labor.onsite]\nproduct_id = 1\n[labor.emergency]\nproduct_id = 2\n\
                    when_prepaid = { labor = \"onsite\", multiplier = \"1.5\" }\n\
                    [labor.travel]\nproduct_id = 3\nunit = \"each\"\n";
        std::fs::write(&file, text).unwrap();
        let environment = Environment {
            config: Some(file),
            state_dir: Some("/nowhere".into()),
            ..Environment::default()
        };
        Settings::load_from(&Overrides::default(), &environment).unwrap()
    }

    fn worker() -> Worker {
        let (user, zone) = (UserId(7), TimeZone::get("America/Chicago").unwrap());
        Worker { user, now: "2026-03-18T04:30:00Z".parse().unwrap(), zone, worked: Worked::Unsaid }
    }

    fn step(effect: Effect) -> Step {
        Step::new("x", "", request(Method::Post, "/tickets/1/add_line_item", json!({})), effect)
    }

    fn added(product: u64, quantity: &str, price: &str) -> Step {
        let fields = [("product_id", json!(product)), ("quantity", json!(quantity))];
        let fields = fields.into_iter().chain([("price_retail", json!(price))]);
        let like = fields.map(|(name, value)| Field::new(name, value));
        step(Effect::created(Collection::LINES).like(like))
    }

    fn charged(product: u64, quantity: &str) -> Step {
        let changes = [("product_id", json!(product)), ("quantity", json!(quantity))];
        let changes = changes.map(|(name, value)| Field::called(name, name, value));
        let line = Noun::LineItem.record(RecordId::later("charge"));
        step(Effect::updated(line, "line", changes.into(), &[]))
    }

    /// Time that waits is billed by charging it, and not beside it.
    #[test]
    fn time_that_waits_and_is_not_charged_is_found() {
        let entry = |id: u64, seconds: u64, recorded: bool| {
            json!({
                "id": id, "recorded": recorded, "active_duration": seconds,
                "start_time": "2026-03-17T08:00:00Z", "end_time": "2026-03-17T09:00:00Z",
            })
        };
        let runs = json!({"id": 4, "start_time": "2026-03-17T08:00:00Z", "end_time": null});
        let seen = |timers: Vec<Value>| ticket(json!({"ticket_timers": timers}));
        let two = seen(vec![entry(1, 1800, false), entry(2, 900, false), entry(3, 60, true)]);
        let none = seen(vec![entry(1, 0, false), entry(3, 60, true), runs]);
        let charge = |timer: u64| {
            let timer = TimerId(timer).into();
            step(Effect::TimerCharged { timer, like: vec![], check: vec![], stops: false })
        };
        let invoice = || step(Effect::created(Collection::INVOICES));
        let comment = || step(Effect::created(Collection::COMMENTS));
        let cases = [
            (&two, vec![comment(), added(1, "0.75", "10"), invoice()], Some("45 min in 2")),
            (&two, vec![added(1, "0.75", "10")], Some("45 min in 2 timer entries")),
            (&two, vec![invoice()], Some("45 min in 2 timer entries")),
            (&two, vec![charge(1), charged(1, "0.5"), invoice()], Some("15 min in 1 timer entry")),
            (&two, vec![charge(1), charge(2), invoice()], None),
            (&two, vec![charge(1), charged(1, "0.5")], None),
            (&two, vec![comment()], None),
            (&two, vec![added(3, "1", "45")], None),
            (&none, vec![added(1, "0.75", "10"), invoice()], None),
        ];
        for (seen, steps, says) in cases {
            let findings = together(&steps, seen, &settings(), &worker());
            let found = findings.iter().find(|one| one.guard == Guard::LeaveTimers);
            let text = found.map(|found| found.text.clone());
            let is_right = match says {
                Some(says) => text.as_ref().is_some_and(|text| text.contains(says)),
                None => text.is_none(),
            };
            assert!(is_right, "{says:?}: {text:?}");
        }
    }

    /// The same time is the same person's of the same day, as the account counts its days: half past eleven at night.
    #[test]
    fn time_that_is_charged_and_waits_is_found() {
        let entry = |user: u64, start: &str, line: u64| {
            json!({
                "id": 1, "user_id": user, "recorded": true, "ticket_line_item_id": line,
                "start_time": start, "end_time": "2026-03-18T03:00:00Z",
            })
        };
        let lines = |is_invoiced: bool| json!([{"id": 5, "quantity": 1, "converted": is_invoiced}]);
        let seen = |timer: Value, lines: Value| {
            ticket(json!({"ticket_timers": [timer], "line_items": lines}))
        };
        let typed = || vec![added(1, "0.5", "10")];
        let logged = |start: &str| {
            let start = Field::called("start_time", "start", json!(start));
            let timer = RecordId::later("timer");
            vec![
                step(Effect::created(Collection::TIMERS).like([start])),
                step(Effect::TimerCharged { timer, like: vec![], check: vec![], stops: false }),
                charged(1, "0.5"),
            ]
        };
        let (today, yesterday) = ("2026-03-17T14:00:00Z", "2026-03-17T04:59:00Z");
        let mine = seen(entry(7, today, 5), lines(false));
        let cases = [
            (&mine, typed(), true),
            (&mine, logged("2026-03-17T20:00:00-05:00"), true),
            (&mine, vec![added(3, "1", "45")], false),
            (&mine, vec![step(Effect::created(Collection::INVOICES))], false),
            (&seen(entry(7, yesterday, 5), lines(false)), typed(), false),
            (
                &seen(entry(7, yesterday, 5), lines(false)),
                logged("2026-03-16T20:00:00-05:00"),
                false,
            ),
            (&seen(entry(8, today, 5), lines(false)), typed(), false),
            (&seen(entry(7, today, 5), lines(true)), typed(), false),
            (&seen(entry(7, today, 6), lines(false)), typed(), false),
        ];
        let is_asked = |steps: &[Step], seen: &Snapshot, worker: &Worker| {
            let found = together(steps, seen, &settings(), worker);
            found.iter().any(|one| one.guard == Guard::ChargedToday)
        };
        for (at, (seen, steps, is_found)) in cases.iter().enumerate() {
            assert_eq!(is_asked(steps, seen, &worker()), *is_found, "{at}");
        }
        // Where it was typed when the time began, only what it overlaps is asked about, whatever the day.
        let old = seen(entry(7, yesterday, 5), lines(false));
        for (seen, begins, ends, is_found) in [
            (&mine, "2026-03-17T13:00:00Z", "2026-03-17T14:00:00Z", false),
            (&mine, "2026-03-17T13:00:00Z", "2026-03-17T14:00:01Z", true),
            (&mine, "2026-03-18T02:59:59Z", "2026-03-18T04:00:00Z", true),
            (&mine, "2026-03-18T03:00:00Z", "2026-03-18T04:00:00Z", false),
            (&old, "2026-03-17T05:30:00Z", "2026-03-17T06:00:00Z", true),
            (&old, "2026-03-17T04:30:00Z", "2026-03-17T04:59:00Z", false),
        ] {
            let worked = Worked::Between(begins.parse().unwrap(), ends.parse().unwrap());
            let worker = Worker { worked, ..worker() };
            assert_eq!(is_asked(&typed(), seen, &worker), is_found, "{begins} to {ends}");
        }
        let entered = Worker { worked: Worked::Entered, ..worker() };
        assert!(!is_asked(&logged("2026-03-17T09:00:00-05:00"), &mine, &entered));
    }

    #[test]
    fn what_stands_against_lines_together() {
        use Guard::{Large, SameLine, Stacked};
        let waits = json!({"line_items": [{"id": 5, "product_id": 1, "quantity": 1}]});
        let (none, waits) = (ticket(json!({})), ticket(waits));
        let cases: [(&Snapshot, Vec<Step>, &[Guard]); 10] = [
            (&none, vec![added(1, "0.5", "10"), added(3, "1", "45")], &[]),
            (&none, vec![added(3, "1", "45"), added(3, "1.0", "45")], &[SameLine]),
            (&none, vec![added(3, "1", "45"), added(3, "2", "45")], &[]),
            (&none, vec![charged(1, "0.5"), charged(1, "0.5")], &[]),
            (&none, vec![charged(1, "0.5"), added(1, "0.5", "1")], &[SameLine]),
            (&none, vec![added(2, "1", "10"), added(1, "0.5", "10")], &[Stacked]),
            (&waits, vec![added(2, "1", "10")], &[Stacked]),
            (&none, vec![added(2, "1", "10")], &[]),
            (&none, vec![added(1, "7", "10"), charged(9, "6")], &[Large]),
            (&none, vec![added(3, "100", "40"), added(3, "101", "40")], &[Large]),
        ];
        for (seen, steps, guards) in cases {
            let findings = together(&steps, seen, &settings(), &worker());
            let found: Vec<Guard> = findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{findings:?}");
        }
    }
}
