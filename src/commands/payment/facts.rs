//! What a payment rests on: the invoice, whose it is, and the key's owner.

use std::time::Instant;

use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::users::{self, Me};
use crate::api::{Error as ApiError, Reader, Record};
use crate::billing::money;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{Account, Noun, Precondition, Scope};

/// What was read.
#[derive(Debug)]
pub struct Facts {
    /// The invoice, with its lines and payments.
    pub invoice: Record<Invoice>,
    /// Who pays.
    pub customer: Record<Customer>,
    /// The key's owner.
    pub me: Record<Me>,
    /// The account, for the plan.
    pub account: Account,
    /// When the first read began.
    pub at: Instant,
}

/// What a plan about the invoice is about: its ticket, else its customer.
#[must_use]
pub fn scope(invoice: &Invoice) -> Scope {
    Scope { ticket: invoice.ticket_id, number: None, customer: invoice.customer_id }
}

/// Reads all of it at once.
///
/// # Errors
/// Exit 3 when the invoice is gone, exit 5 when it has no customer; those of the reads.
pub async fn read(
    ctx: &Context,
    reader: &Reader,
    id: InvoiceId,
    customer: Option<CustomerId>,
) -> Result<Facts> {
    let at = Instant::now();
    let customer = customer.ok_or_else(|| {
        Error::refused(format!("invoice {id} has no customer; nothing was written"))
    })?;
    let (invoice, customer, me) = tokio::try_join!(
        reader.get(invoices::get(id).fresh()),
        reader.get(customers::get(customer).fresh()),
        reader.get(users::me()),
    )
    .map_err(|error| match error {
        ApiError::NotFound { .. } => Error::new(Kind::NotFound, format!("invoice {id} is gone")),
        error => error.into(),
    })?;
    if invoice.id != id || invoice.customer_id != Some(customer.id) {
        return Err(Error::refused(
            "Syncro returned a different invoice or customer; nothing was written",
        )
        .hint("try again; if it happens again, check for a cache or proxy in between"));
    }
    Ok(Facts { account: ctx.account(&me)?, invoice, customer, me, at })
}

impl Facts {
    /// What people call it.
    #[must_use]
    pub fn what(&self) -> String {
        format!("invoice #{}", self.invoice.number)
    }

    /// Its rows in a preview.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let invoice = &self.invoice;
        let paid = match (invoice.is_paid, invoice.is_settled()) {
            (true, _) => "paid",
            (false, true) => "partly paid",
            (false, false) => "unpaid",
        };
        let total = invoice.total.map_or_else(|| "?".to_owned(), money::display);
        Sheet::default()
            .row("Invoice", format!("#{} (id {})", invoice.number, invoice.id))
            .customer(&self.customer)
            .by(&self.me)
            .row("Total", format!("{total}, {paid}"))
    }

    /// That it is still the invoice that was previewed.
    pub fn given(&self) -> Precondition {
        let raw = &self.invoice.raw;
        let of = Noun::Invoice.record(self.invoice.id);
        Precondition::kept(of, &self.what(), raw, &["number", "total", "is_paid"]).recheck()
    }
}
