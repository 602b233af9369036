//! What the repair of a bill rests on, as it follows from what its preview shows: the lines that get their prices back, the
//! wrong invoice that is deleted, and the new one that takes these lines and no others.

use rust_decimal::Decimal;

use super::invoice::as_made;
use super::line::line_as_shown;
use crate::api::Record;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::LineItem;
use crate::write::{Contents, KnownLine, Precondition, Snapshot, Step};

/// What a repair shows.
#[derive(Debug)]
pub struct Repair {
    /// What the new invoice takes, and the invoices that were there before.
    there: Contents,
    /// The lines as they are shown.
    lines: Vec<Precondition>,
    /// The invoice that it deletes.
    wrong: Option<Record<Invoice>>,
}

impl Repair {
    /// One of a bill that showed `there`: the lines of it that waited before are as they are now.
    #[must_use]
    pub fn of(there: Contents, seen: &Snapshot) -> Self {
        let waiting = there.lines.iter().filter_map(|known| seen.line(known.id));
        let lines = waiting.map(|line| line_as_shown(line, false)).collect();
        Self { there, lines, wrong: None }
    }

    /// And a line of the bill's own. It is as the server tells it, which may have rewritten its name; only its price is to
    /// become `price`, where that `is_lost`.
    pub fn line(&mut self, line: &Record<LineItem>, price: Decimal, is_lost: bool) {
        self.there.lines.push(KnownLine { price, ..KnownLine::of(line) });
        self.lines.push(line_as_shown(line, is_lost));
    }

    /// And the invoice that is deleted.
    pub fn deletes(&mut self, wrong: Record<Invoice>) {
        self.wrong = Some(wrong);
    }

    /// Its steps up to the new invoice: each only while what is to be put right is as it was shown, and while what is to replace
    /// the wrong invoice can still be made as it is said. The last one deletes that, where there is one: only while nobody
    /// has paid for it or put it right; its lines may follow those that get their prices back before.
    pub fn fixing(&self, mut fixes: Vec<Step>, delete: Option<Step>) -> Vec<Step> {
        if let (Some(step), Some(wrong)) = (delete, &self.wrong) {
            let step = step.requires(Precondition::Unpaid { invoice: wrong.id });
            let still = fixes.is_empty().then(|| as_made(wrong));
            fixes.push(still.into_iter().fold(step, Step::requires));
        }
        let besides = self.wrong.as_ref().map(|wrong| wrong.id);
        let fixes = fixes.into_iter().map(|step| {
            let since = Precondition::NothingNew { since: self.there.clone(), besides };
            self.lines.iter().cloned().fold(step.requires(since), Step::requires)
        });
        fixes.collect()
    }

    /// The step that makes the invoice anew: it takes what is shown, and nothing else.
    pub fn anew(&self, step: &Step) -> Step {
        let mut step = step.clone();
        step.preconditions.retain(|given| !matches!(given, Precondition::AsPreviewed(_)));
        step.requires(Precondition::AsPreviewed(self.there.clone()))
    }
}
