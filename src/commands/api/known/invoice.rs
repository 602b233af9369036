//! Invoices: changed, mailed and deleted as `invoice update`, `email` and `delete` do.

use super::super::write::Call;
use super::Draft;
use super::draft::{Base, Changed};
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices::Invoice;
use crate::api::{Method, Record};
use crate::commands::invoice::{InvoiceArg, delete, email, facts, find, update};
use crate::error::Result;
use crate::write::{Scope, Thing};

/// The invoice of that id, and no other that has it for a number.
///
/// # Errors
/// Exit 3 when there is none.
pub(super) async fn read(call: &Call<'_>, id: InvoiceId) -> Result<Record<Invoice>> {
    find(&call.reader, &InvoiceArg::Id(id)).await
}

async fn customer(call: &Call<'_>, id: InvoiceId) -> Result<Option<CustomerId>> {
    Ok(read(call, id).await?.customer_id)
}

/// What a plan about it is about.
///
/// # Errors
/// As for [`read`].
pub(super) async fn scope(call: &Call<'_>, id: InvoiceId) -> Result<Scope> {
    let found = read(call, id).await?;
    Ok(facts::scope(&found))
}

/// `POST /invoices/{id}/email`.
///
/// # Errors
/// As for `invoice email`.
pub(super) async fn mail(call: &Call<'_>, id: InvoiceId) -> Result<Draft> {
    let customer = customer(call, id).await?;
    let proposal = email::gather(call.ctx, &call.reader, id, customer).await?;
    Ok(proposal.into())
}

/// `PUT` and `DELETE /invoices/{id}`.
///
/// # Errors
/// As for `invoice update` and `invoice delete`.
pub(super) async fn touch(call: &Call<'_>, id: InvoiceId) -> Result<Draft> {
    let customer = customer(call, id).await?;
    if call.method == Method::Delete {
        let proposal = delete::gather(call.ctx, &call.reader, id, customer).await?;
        return Ok(proposal.into());
    }
    let facts = facts::read(call.ctx, &call.reader, id, customer).await?;
    let (what, raw) = (facts.what(), &facts.invoice.raw);
    let of = Thing::Invoice(id.into());
    let changed = Changed::of(of, &what, &call.fields(), raw, facts.sheet(), &[]);
    let findings = update::paid(&facts);
    let scope = facts::scope(&facts.invoice);
    let title = format!("Change {what}");
    let base = Base::of(
        scope,
        title,
        changed.sheet,
        changed.effect,
        (facts.me, facts.at),
    );
    let draft = base.found(findings).draft(call)?;
    Ok(draft.unseen(changed.unseen).notice(changed.notices))
}
