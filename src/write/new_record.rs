//! New records: what makes one ours and right. What they are called and where they name their author, their noun says.

use super::collection::Collection;
use super::effect::{Check, Effect};
use super::record::{Field, FieldKind};
use crate::api::ids::CustomerId;
use crate::api::resources::comments::NewComment;
use crate::api::resources::line_items::{NewLineItem, number};
use crate::billing::check::ExpectedInvoice;

impl Effect {
    /// A new record of `collection`, by the author that its noun names.
    pub fn created(collection: Collection) -> Self {
        let by = collection.noun.author().map(str::to_owned);
        Self::Created {
            collection,
            member: None,
            like: Vec::new(),
            check: Vec::new(),
            totals: None,
            by,
        }
    }

    /// And it must say these to be ours.
    pub fn like(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        if let Self::Created { like, .. } = &mut self {
            like.extend(fields);
        }
        self
    }

    /// And it must say these to be right.
    pub fn check(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        if let Self::Created { check, .. } = &mut self {
            check.extend(fields);
        }
        self
    }

    /// And its author is named in this field; none for a record that may be in anybody's name.
    pub fn by(mut self, field: Option<&str>) -> Self {
        if let Self::Created { by, .. } = &mut self {
            *by = field.map(str::to_owned);
        }
        self
    }

    /// And `--json` shows it in this member: `contacts` of several.
    pub fn shown_in(mut self, name: &str) -> Self {
        if let Self::Created { member, .. } = &mut self {
            *member = Some(name.to_owned());
        }
        self
    }

    /// The effect of `comments::create`.
    pub fn comment(comment: &NewComment) -> Self {
        let prose = |path: &str, text: &str| Field::new(path, text).kind(FieldKind::Prose);
        let hidden = Field::new("hidden", comment.hidden).kind(FieldKind::Flag);
        let like =
            [prose("subject", &comment.subject), prose("body", &comment.body), hidden.clone()];
        // It cannot be changed any more, so it is only pointed out.
        Self::created(Collection::COMMENTS).like(like).check([hidden.advisory()])
    }

    /// The effect of `line_items::create`.
    pub fn line_item(line: &NewLineItem) -> Self {
        let product = Field::new("product_id", line.product_id.0);
        let quantity = Field::new("quantity", number(line.quantity));
        let prose = |path: &str, text: &str| Field::new(path, text).kind(FieldKind::Prose);
        let description = prose("description", &line.description);
        // Not the price: a line that lost its price is still ours, and the check says so.
        let like = [product.clone(), quantity.clone(), description.clone()];
        Self::created(Collection::LINES).like(like).check([
            Field::called("price_retail", "price", number(line.price))
                .kind(FieldKind::Money)
                .or_cents("retail_cents"),
            quantity,
            Field::new("taxable", line.taxable).kind(FieldKind::Flag),
            // The server may leave it out, but not change it.
            product.identifying(),
            prose("name", &line.name).advisory(),
            description.advisory(),
        ])
    }

    /// The effect of `invoices::create`: an invoice of all uninvoiced lines of the ticket, whose totals are checked.
    pub fn invoice(expected: ExpectedInvoice, customer: CustomerId) -> Self {
        let mut effect = Self::created(Collection::INVOICES);
        if let Self::Created { totals, .. } = &mut effect {
            *totals = Some(Check::InvoiceTotals { expected, customer });
        }
        effect
    }
}
