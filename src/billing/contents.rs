//! What an invoice would take of a ticket, as a preview showed it, and what has come, changed or gone since. Pure.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::discount::Discount;
use crate::api::Record;
use crate::api::ids::{InvoiceId, LineItemId};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::LineItem;

/// The uninvoiced lines and the invoices of a ticket, as a preview showed them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The uninvoiced lines.
    pub lines: Vec<KnownLine>,
    /// The invoices.
    pub invoices: Vec<InvoiceId>,
}

/// A line item that was on the ticket when the preview was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLine {
    /// Which.
    pub id: LineItemId,
    /// Its name, for messages.
    pub name: String,
    /// Hours or units.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// What is taken off; `None` where nobody can tell.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// Whether tax is added to it.
    #[serde(default)]
    pub taxable: bool,
}

impl KnownLine {
    /// What is known of `line`; a missing number counts as zero, as on the invoice.
    #[must_use]
    pub fn of(line: &LineItem) -> Self {
        Self {
            id: line.id,
            name: line.name.clone(),
            quantity: line.quantity.unwrap_or_default(),
            price: line.price().unwrap_or_default(),
            discount: line.discount(),
            taxable: line.taxable,
        }
    }
}

/// The same ticket now.
#[derive(Debug)]
pub struct Now<'a> {
    /// All its lines, invoiced ones too.
    pub lines: &'a [Record<LineItem>],
    /// Its invoices.
    pub invoices: Vec<Record<Invoice>>,
    /// The lines that the plan itself has made.
    pub our_lines: BTreeSet<u64>,
    /// The invoices that the plan itself has made, or is about to delete.
    pub our_invoices: BTreeSet<u64>,
}

impl Now<'_> {
    fn open(&self) -> impl Iterator<Item = &Record<LineItem>> {
        self.lines.iter().filter(|line| !line.converted)
    }

    fn is_open(&self, id: u64) -> bool {
        self.open().any(|line| line.id.0 == id)
    }
}

impl Contents {
    fn line(&self, id: LineItemId) -> Option<&KnownLine> {
        self.lines.iter().find(|known| known.id == id)
    }

    /// Whether nobody has added a line or an invoice.
    ///
    /// # Errors
    /// What was added, for people.
    pub fn has_nothing_new(&self, now: &Now<'_>) -> Result<(), String> {
        let mut invoices = now.invoices.iter();
        if let Some(other) = invoices.find(|invoice| {
            !self.invoices.contains(&invoice.id) && !now.our_invoices.contains(&invoice.id.0)
        }) {
            return Err(format!("invoice #{} was created in the meantime", other.number));
        }
        let is_new = |line: &&Record<LineItem>| {
            self.line(line.id).is_none() && !now.our_lines.contains(&line.id.0)
        };
        match now.open().find(is_new) {
            Some(line) => {
                Err(format!("line item {} ({}) was added in the meantime", line.id, line.name))
            }
            None => Ok(()),
        }
    }

    /// Whether the lines and invoices are those of the preview, and besides them what the plan itself has made.
    ///
    /// # Errors
    /// What has changed, for people.
    pub fn is_all(&self, now: &Now<'_>) -> Result<(), String> {
        self.has_nothing_new(now)?;
        let is_ours = |line: &&Record<LineItem>| now.our_lines.contains(&line.id.0);
        for line in now.open().filter(|line| !is_ours(line)) {
            if self.line(line.id).is_some_and(|known| *known != KnownLine::of(line)) {
                let (id, name) = (line.id, &line.name);
                return Err(format!("line item {id} ({name}) was changed in the meantime"));
            }
        }
        if let Some(KnownLine { id, name, .. }) =
            self.lines.iter().find(|known| !now.is_open(known.id.0))
        {
            return Err(format!("line item {id} ({name}) was removed or invoiced in the meantime"));
        }
        match now.our_lines.iter().find(|id| !now.is_open(**id)) {
            Some(gone) => {
                Err(format!("our line item {gone} was removed or invoiced in the meantime"))
            }
            None => Ok(()),
        }
    }
}
