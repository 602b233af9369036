//! What has been paid on the invoices of a list: its records do not say.

use crate::api::resources::invoices::{self, Invoice};
use crate::api::{Reader, Record};
use crate::billing::balance::lacks_payments;

/// So many invoices are asked for their payments. Of more than these only the most that can be open is said.
const MOST: usize = 20;

/// Reads what has been paid on the unpaid ones of a list, each from its own page, all at once. One that cannot be read
/// stays as it is.
pub async fn payments_of(reader: &Reader, invoices: &mut [Record<Invoice>]) {
    let mut unknown: Vec<_> = invoices.iter_mut().filter(|one| lacks_payments(one)).collect();
    if unknown.len() > MOST {
        return;
    }
    let pages = unknown.iter().map(|one| reader.get(invoices::get(one.id)));
    let pages = futures_util::future::join_all(pages.collect::<Vec<_>>()).await;
    for (one, page) in unknown.iter_mut().zip(pages) {
        if let Some(page) = page.ok().filter(|page| page.id == one.id) {
            // What a script reads stays the list's own record.
            one.view = page.view;
        }
    }
}
