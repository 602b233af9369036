//! What an invoice would take of a ticket, as a preview showed it, and what has come, changed or gone since. Pure.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::discount::Discount;
use super::money;
use crate::api::Record;
use crate::api::ids::{InvoiceId, LineItemId, ProductId};
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
    /// What it is of; none of older plans, which did not keep it.
    #[serde(default)]
    pub product: Option<ProductId>,
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
            product: line.product_id,
            name: line.name.clone(),
            quantity: line.quantity.unwrap_or_default(),
            price: line.price().unwrap_or_default(),
            discount: line.discount(),
            taxable: line.taxable,
        }
    }

    fn amount(&self) -> Option<Decimal> {
        Some(self.discount?.amount(self.quantity, self.price))
    }

    /// What the line says otherwise by now, for people.
    fn news(&self, line: &LineItem) -> Option<String> {
        let mut now = Self::of(line);
        now.product = self.product.and(now.product);
        // What cannot be read counts as nothing, which is not what it says.
        let is_clear = line.unreadable.among(&LineItem::MONEY).is_none();
        if is_clear && now == *self {
            return None;
        }
        let amounts = self.amount().zip(now.amount()).filter(|(was, is)| is_clear && was != is);
        let amounts = amounts.map(|(was, is)| {
            let (was, is) = (money::display(was), money::display(is));
            format!("came to {was} in the preview, and comes to {is} now")
        });
        let taxable = (is_clear && self.taxable != now.taxable).then(|| match now.taxable {
            true => "is taxable now".to_owned(),
            false => "is no longer taxable".to_owned(),
        });
        let says: Vec<String> = amounts.into_iter().chain(taxable).collect();
        let says = match says.is_empty() {
            true => "was changed in the meantime".to_owned(),
            false => says.join("; it "),
        };
        Some(format!("line item {} ({}) {says}", self.id, line.name))
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
        self.new_lines(now).next().map_or(Ok(()), Err)
    }

    /// What there is to say of each line that somebody has added.
    pub fn new_lines(&self, now: &Now<'_>) -> impl Iterator<Item = String> {
        let is_new = |line: &&Record<LineItem>| {
            self.line(line.id).is_none() && !now.our_lines.contains(&line.id.0)
        };
        let came = now.open().filter(is_new);
        came.map(|line| format!("line item {} ({}) was added in the meantime", line.id, line.name))
    }

    /// The lines of the preview that say something else by now, or are not there to be invoiced, and what there is to say of
    /// each.
    pub fn changed(&self, now: &Now<'_>) -> impl Iterator<Item = (LineItemId, String)> {
        let others = self.lines.iter().filter(move |known| !now.our_lines.contains(&known.id.0));
        others.filter_map(move |known| {
            let (id, name) = (known.id, &known.name);
            let gone =
                || format!("line item {id} ({name}) was removed or invoiced in the meantime");
            let open = now.open().find(|line| line.id == id);
            open.map_or_else(|| Some(gone()), |line| known.news(line)).map(|news| (id, news))
        })
    }

    /// Whether the lines and invoices are those of the preview, and besides them what the plan itself has made.
    ///
    /// # Errors
    /// What has changed, for people.
    pub fn is_all(&self, now: &Now<'_>) -> Result<(), String> {
        self.has_nothing_new(now)?;
        if let Some((_, news)) = self.changed(now).next() {
            return Err(news);
        }
        match now.our_lines.iter().find(|id| !now.is_open(**id)) {
            Some(gone) => {
                Err(format!("our line item {gone} was removed or invoiced in the meantime"))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_line_says_otherwise_is_said_and_what_cannot_be_read_is_not_the_same() {
        let line = |quantity: &str, price: &str| {
            let fields = json!({
                "id": 5, "name": "Remote", "quantity": quantity, "price_retail": price,
                "taxable": false, "converted": false,
            });
            Record::<LineItem>::read(fields).unwrap()
        };
        let amounts = "line item 5 (Remote) came to $60.00 in the preview, and comes to $75.00 now";
        let changed = "line item 5 (Remote) was changed in the meantime";
        let taxed = |price: &str| {
            let mut line = line("0.5", price);
            line.view.taxable = true;
            line
        };
        let taxable = "line item 5 (Remote) is taxable now";
        let both = "line item 5 (Remote) came to $60.00 in the preview, and comes to $75.00 now; it is taxable now";
        for (was, is, says) in [
            (line("0.5", "120"), taxed("120"), Some(taxable)),
            (taxed("120"), line("0.5", "120"), Some("line item 5 (Remote) is no longer taxable")),
            (line("0.5", "120"), taxed("150"), Some(both)),
            (line("0.5", "120"), line("0.50", "120.0"), None),
            (line("0.5", "120"), line("0.5", "150"), Some(amounts)),
            (line("0.5", "120"), line("1", "60"), Some(changed)),
            (line("0.5", "120"), line("0.5", "perhaps"), Some(changed)),
            (line("0.5", "0"), line("0.5", "perhaps"), Some(changed)),
        ] {
            let said = KnownLine::of(&was).news(&is);
            assert_eq!(said.as_deref(), says, "{is:?}");
        }
    }
}
