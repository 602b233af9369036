//! What a report has read by its id, or could not: nothing of it is asked for again.

use std::collections::BTreeMap;

use crate::api::Record;
use crate::api::ids::{InvoiceId, ProductId};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::products::Product;

/// What was read, by its id; nothing where it could not be.
#[derive(Default)]
pub(super) struct Known {
    /// Invoices from their own pages.
    pub(super) invoices: BTreeMap<InvoiceId, Option<Record<Invoice>>>,
    /// Products.
    pub(super) products: BTreeMap<ProductId, Option<Record<Product>>>,
    /// What time without a product is sold as, once it was asked for.
    pub(super) default_labor: Option<Option<ProductId>>,
}

impl Known {
    /// An invoice, where its page could be read.
    pub(super) fn invoice(&self, id: InvoiceId) -> Option<&Record<Invoice>> {
        self.invoices.get(&id)?.as_ref()
    }
}
