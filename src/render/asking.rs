//! A preview as a terminal shows it before it asks, and the question: what a yes is about stands last, and stands out.

use std::collections::BTreeSet;

use anstyle::Style;
use rust_decimal::Decimal;

use super::{ATTENTION, DIM, STAKE, counted, sanitise, sentence, wrap};
use crate::billing::money;
use crate::write::{Collection, Effect, LineKind, Noun, Plan, RecordId, RecordRef, Step};

/// A text of more lines than this is folded: so many of its first lines stay, and so many of its last.
const FOLDED: (usize, usize) = (10, 4);
/// The question names so many writes without a stake at most.
const NAMED: usize = 4;
/// From so many of a kind on, they are counted.
const MANY: usize = 3;
/// The name of a step that stops a timer by giving it a length.
const STOPS: &str = "stop_timer";

/// How a preview is shown.
#[derive(Debug, Clone, Copy)]
pub struct Showing {
    /// The terminal's columns.
    pub width: Option<usize>,
    /// Whether styles are embedded.
    pub colour: bool,
    /// Whether a long text is folded in the middle.
    pub folds: bool,
}

/// The lines of a plan's preview as a terminal shows them.
#[must_use]
pub fn lines(plan: &Plan, showing: Showing) -> String {
    let lines = plan.preview.lines();
    let mut out = String::new();
    let mut show = |style: Style, text: &str| {
        for line in wrap::page(text, showing.width).lines() {
            match showing.colour && style != Style::new() {
                true => out.push_str(&format!("{style}{line}{style:#}\n")),
                false => out.push_str(&format!("{line}\n")),
            }
        }
    };
    for run in lines.chunk_by(|one, next| one.kind == next.kind) {
        let kind = run[0].kind;
        let hidden = if showing.folds { folded(kind, run.len()) } else { 0..0 };
        for (at, line) in run.iter().enumerate() {
            match kind {
                _ if at == hidden.start && !hidden.is_empty() => {
                    show(DIM, &format!("  … {} lines more; p shows all", hidden.len()));
                }
                _ if hidden.contains(&at) => {}
                LineKind::Plain | LineKind::Quoted => show(Style::new(), &line.text),
                LineKind::Notice => show(ATTENTION, &line.text),
                LineKind::Stake | LineKind::Reminder => show(STAKE, &line.text),
            }
        }
    }
    out
}

/// Whether [`lines`] folds anything.
#[must_use]
pub fn folds(plan: &Plan) -> bool {
    let lines = plan.preview.lines();
    let mut runs = lines.chunk_by(|one, next| one.kind == next.kind);
    runs.any(|run| !folded(run[0].kind, run.len()).is_empty())
}

/// Which lines of a run are left out; a few are not worth it.
fn folded(kind: LineKind, count: usize) -> std::ops::Range<usize> {
    let (first, last) = FOLDED;
    match kind == LineKind::Quoted && count > first + last + 2 {
        true => first..count - last,
        false => 0..0,
    }
}

/// The question about the steps that are left: whom they reach and how much they are about, whole and first, then what else
/// they do. `uninvoiced` is what several line items come to that no invoice takes.
#[must_use]
pub fn question(steps: &[Step], uninvoiced: Option<Decimal>) -> String {
    let invoices = steps.iter().any(|step| step.effect.expected_invoice().is_some());
    let mends_only = steps.iter().all(|step| mends(&step.effect));
    let asked = |step: &&Step| {
        let is_said = invoices && serves_invoice(&step.effect);
        !is_said && (mends_only || !mends(&step.effect))
    };
    // The sum stands for the amount of each line item.
    let has_stake = |step: &Step| {
        let is_summed = uninvoiced.is_some() && serves_invoice(&step.effect);
        !step.stake.is_empty() && !is_summed
    };
    let (stakes, others): (Vec<&Step>, Vec<&Step>) =
        steps.iter().filter(asked).partition(|step| has_stake(step));
    let stakes = stakes.into_iter().map(|step| sanitise::one_line(&step.stake));
    let many = if uninvoiced.is_some() { 1 } else { MANY };
    let others = each_kind(&others, many);
    let more = match others.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let mut seen = BTreeSet::new();
    let named = stakes.chain(others.into_iter().take(NAMED));
    let named = named.filter(|text| seen.insert(text.clone()));
    let named = named.collect::<Vec<_>>().join(", ");
    let sum = uninvoiced.map(|sum| format!("; {} stays uninvoiced", money::display(sum)));
    format!("{}{more}{}?", sentence(&named), sum.unwrap_or_default())
}

/// What steps do that are about no stake; those of which there are `many` are counted.
fn each_kind(steps: &[&Step], many: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for step in steps {
        let kind = Kind::of(step);
        let same = steps.iter().filter(|other| kind.is_some() && Kind::of(other) == kind).count();
        let text = match kind {
            Some(kind) if same >= many => kind.counted(same),
            _ => sanitise::one_line(&says(step)),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// What a step is called that is about no stake.
fn says(step: &Step) -> String {
    match (Kind::of(step), &step.effect) {
        (Some(Kind::Stop), Effect::Updated { label, .. }) if step.name != STOPS => {
            format!("stop {label}")
        }
        _ => step.description.clone(),
    }
}

/// What steps do of which a plan may have many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Stop,
    Charge,
    Log,
    Line,
}

impl Kind {
    fn of(step: &Step) -> Option<Self> {
        let stops = || step.request.path.ends_with("/stop");
        match &step.effect {
            _ if step.name == STOPS || stops() => Some(Self::Stop),
            Effect::TimerCharged { .. } => Some(Self::Charge),
            Effect::Created { collection, .. } if *collection == Collection::LINES => {
                Some(Self::Line)
            }
            Effect::Created { collection, .. } if *collection == Collection::TIMERS => {
                Some(Self::Log)
            }
            _ => None,
        }
    }

    fn counted(self, count: usize) -> String {
        match self {
            Self::Stop => format!("stop {}", counted(count, "timer", "timers")),
            Self::Charge => format!("charge {}", counted(count, "timer entry", "timer entries")),
            Self::Log => format!("add {}", counted(count, "timer entry", "timer entries")),
            Self::Line => format!("add {}", counted(count, "line item", "line items")),
        }
    }
}

/// Whether a step only corrects the line item that a charge of the same plan makes.
fn mends(effect: &Effect) -> bool {
    matches!(effect, Effect::Updated { of: RecordRef::Of(Noun::LineItem, RecordId::Later(_)), .. })
}

/// Whether a step makes what an invoice of the same plan takes in, or follows from it: its amount stands for it.
fn serves_invoice(effect: &Effect) -> bool {
    let lists = [Collection::LINES, Collection::TIMERS];
    let nouns = [Noun::Ticket, Noun::LineItem, Noun::Timer];
    match effect {
        Effect::Created { collection, .. } => lists.contains(collection),
        Effect::TimerCharged { .. } => true,
        Effect::Updated { of: RecordRef::Of(noun, _), .. } => nouns.contains(noun),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::write::{Account, Preview, Request, Scope};

    const PLAIN: Showing = Showing { width: Some(80), colour: false, folds: true };

    fn plan(preview: Preview) -> Plan {
        let account: Account =
            serde_json::from_value(json!({"base": "b", "owner": 1, "owner_name": "R"})).unwrap();
        Plan::new("bill", "Bill", account, Scope::default(), jiff::Timestamp::UNIX_EPOCH)
            .previewed(preview)
    }

    fn quoted(count: usize) -> Plan {
        let mut preview = Preview::from("  Comment   public");
        for at in 1..=count {
            preview.push(LineKind::Quoted, format!("  | line {at}"));
        }
        preview.push(LineKind::Plain, "  Change    status");
        plan(preview)
    }

    #[test]
    fn a_long_text_is_folded_in_the_middle() {
        for (count, more) in [(16, None), (17, Some(3)), (38, Some(24))] {
            let plan = quoted(count);
            assert_eq!(folds(&plan), more.is_some(), "{count}");
            let shown = lines(&plan, PLAIN);
            let text = format!("  … {} lines more; p shows all\n", more.unwrap_or_default());
            assert_eq!(shown.contains(&text), more.is_some(), "{shown}");
            assert!(shown.contains("| line 10\n") && shown.contains(&format!("| line {count}\n")));
            assert!(shown.ends_with("  Change    status\n"), "{shown}");
            let whole = lines(&plan, Showing { folds: false, ..PLAIN });
            assert_eq!(whole, plan.preview.to_string());
        }
    }

    #[test]
    fn what_a_yes_is_about_stands_last_and_stands_out() {
        let mut preview = Preview::from("  As        Robin");
        preview.push(LineKind::Stake, "  Subtotal  $60.00");
        preview.push(LineKind::Plain, "  Change    status");
        preview.push(LineKind::Reminder, "  Email     joe@x.example");
        preview.notice("late");
        let plan = plan(preview);
        let shown = "  As        Robin\n  Change    status\n  ! late\n  Email     joe@x.example\n  Subtotal  $60.00\n";
        assert_eq!(lines(&plan, PLAIN), shown);
        let coloured = lines(&plan, Showing { colour: true, ..PLAIN });
        for (style, line) in [(STAKE, "  Subtotal  $60.00"), (ATTENTION, "  ! late")] {
            assert!(coloured.contains(&format!("{style}{line}{style:#}\n")), "{coloured:?}");
        }
        assert!(coloured.starts_with("  As        Robin\n"));
    }

    #[test]
    fn the_question_names_each_write_once() {
        let step = |says: &str, effect: Effect| {
            let request =
                Request { method: crate::api::Method::Post, path: "x".to_owned(), body: None };
            Step::new("x", says, request, effect)
        };
        let made = |collection| Effect::created(collection);
        let mail = step("add the comment", made(Collection::COMMENTS)).asked_as("email joe@x");
        let line = step("add the line item", made(Collection::LINES));
        let ask = |steps: &[Step]| question(steps, None);
        assert_eq!(ask(&[mail.clone(), mail.clone()]), "Email joe@x?");
        assert_eq!(ask(&[line.clone(), mail.clone()]), "Email joe@x, add the line item?");
        let several = |collection: Collection| -> Vec<Step> {
            let one = |at: u64| step(&format!("delete {at}"), made(collection.clone()));
            (1..=6).map(one).chain([mail.clone()]).collect()
        };
        let others = several(Collection::COMMENTS);
        let shown = "Email joe@x, delete 1, delete 2, delete 3, delete 4 and 2 more?";
        assert_eq!(ask(&others), shown);
        let lines = several(Collection::LINES);
        assert_eq!(ask(&lines), "Email joe@x, add 6 line items?");
        let sum = question(&lines, Some(Decimal::from(450)));
        assert_eq!(sum, "Email joe@x, add 6 line items; $450.00 stays uninvoiced?");
        let entry = Noun::Timer.record(RecordId::Id(7));
        let stop = Effect::updated(entry, "timer entry 7", Vec::new(), &[]);
        let stop =
            Step { name: STOPS.to_owned(), ..step("stop timer entry 7: length -> 5 h", stop) };
        assert_eq!(ask(&[stop]), "Stop timer entry 7: length -> 5 h?");
    }
}
