//! What has been paid on the invoices of a list: its records do not say.

use crate::api::resources::invoices::{self, Invoice};
use crate::api::{Reader, Record};
use crate::billing::balance::lacks_payments;
use crate::reports::kept::INVOICE;

/// So many invoices are asked for their payments. Of more than these only the most that can be open is said.
const MOST: usize = 20;

/// Reads what has been paid on the unpaid ones of a list, each from its own page. One that cannot be read stays as it
/// is.
pub async fn payments_of(reader: &Reader, invoices: &mut [Record<Invoice>]) {
    let mut unknown: Vec<_> = invoices.iter_mut().filter(|one| lacks_payments(one)).collect();
    if unknown.len() > MOST {
        return;
    }
    let pages = unknown.iter().map(|one| invoices::get(one.id).keeping(&INVOICE)).collect();
    let pages = reader.several("invoices", pages).await.unwrap_or_default();
    for (one, page) in unknown.iter_mut().zip(pages) {
        if let Some(page) = page.ok().filter(|page| page.id == one.id) {
            // What a script reads stays the list's own record.
            take_page(&mut one.view, page.view);
        }
    }
}

/// Takes what the own page of an invoice says. Whose it is, the list says; a page may do without.
pub fn take_page(listed: &mut Invoice, page: Invoice) {
    let customer_business_then_name = std::mem::take(&mut listed.customer_business_then_name);
    let customer_id = listed.customer_id;
    *listed = Invoice { customer_id, customer_business_then_name, ..page };
}
