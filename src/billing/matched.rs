//! Lines of an invoice that name no product, told by what else they show: which of the planned lines each of them is. Pure.

use rust_decimal::Decimal;

use super::expected::{self, ExpectedInvoice, ExpectedLine};
use crate::api::ids::ProductId;
use crate::api::resources::invoices::{Invoice, InvoiceLine};

/// A planned line, and how many of it no line of the invoice has taken yet.
struct Planned<'l> {
    line: &'l ExpectedLine,
    product: ProductId,
    left: Decimal,
}

/// What was planned and what was made of it with a product for each line: one that names none has that of the planned line
/// which it is, and a planned one without has an id of its own.
///
/// # Errors
/// That a line is none of the planned ones, for people.
pub(super) fn with_products(
    expected: &ExpectedInvoice,
    invoice: &Invoice,
) -> Result<(ExpectedInvoice, Invoice), String> {
    let (mut expected, mut invoice) = (expected.clone(), invoice.clone());
    for (line, own) in expected.lines.iter_mut().zip((0..u64::MAX).rev()) {
        line.product_id.get_or_insert(ProductId(own));
    }
    let planned = expected
        .lines
        .iter()
        .filter_map(|line| Some(Planned { line, product: line.product_id?, left: line.quantity }));
    let mut planned: Vec<Planned<'_>> = planned.collect();
    for line in invoice.line_items.iter().filter(|line| line.product_id.is_some()) {
        let own = planned.iter_mut().find(|one| Some(one.product) == line.product_id);
        own.into_iter().for_each(|one| one.take(line));
    }
    for line in invoice.line_items.iter_mut().filter(|line| line.product_id.is_none()) {
        let one = of(line, &mut planned).ok_or_else(|| none_of_them(line))?;
        one.take(line);
        line.product_id = Some(one.product);
    }
    Ok((expected, invoice))
}

impl Planned<'_> {
    fn take(&mut self, line: &InvoiceLine) {
        self.left = self.left.saturating_sub(line.quantity.unwrap_or_default());
    }

    fn is_called_as(&self, line: &InvoiceLine) -> bool {
        [&line.item, &line.name].into_iter().any(|name| name.trim() == self.line.name.trim())
    }

    /// Whether what a line shows of its numbers is its own, or what a prepaid block leaves of it.
    fn fits(&self, line: &InvoiceLine) -> bool {
        let is_price = |price: Decimal| {
            price == self.line.price || (price.is_zero() && self.line.may_be_covered())
        };
        line.price.is_none_or(is_price) && line.quantity.unwrap_or_default() <= self.left
    }

    /// How much of what a line shows is its own.
    fn likeness(&self, line: &InvoiceLine) -> (bool, bool, bool) {
        let is_price = line.price == Some(self.line.price);
        (self.fits(line), is_price, line.quantity == Some(self.left))
    }
}

/// The planned line that a line is: one of its name, whatever it costs, else one whose numbers it shows.
fn of<'p, 'l>(line: &InvoiceLine, planned: &'p mut [Planned<'l>]) -> Option<&'p mut Planned<'l>> {
    let is_named = planned.iter().any(|one| one.is_called_as(line));
    let of_name = planned.iter_mut().filter(|one| one.is_called_as(line) == is_named);
    let may_be = of_name.filter(|one| is_named || one.fits(line));
    may_be.reduce(|best, one| if one.likeness(line) > best.likeness(line) { one } else { best })
}

fn none_of_them(line: &InvoiceLine) -> String {
    let name = if line.item.trim().is_empty() { &line.name } else { &line.item };
    let is = (line.quantity.unwrap_or_default(), line.price.unwrap_or_default());
    format!("no line was planned like {}", expected::discounted(is, name, line.discount()))
}
