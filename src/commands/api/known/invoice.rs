//! Invoices: changed, mailed and deleted as `invoice update`, `email` and `delete` do.

use rust_decimal::Decimal;

use super::super::write::Call;
use super::Draft;
use super::draft::{Base, Changed};
use crate::api::ids::{CustomerId, InvoiceId, TicketId};
use crate::api::resources::invoices::Invoice;
use crate::api::{Method, Record};
use crate::billing::money;
use crate::commands::invoice::{InvoiceArg, delete, email, facts, find, update};
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
use crate::error::Result;
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::write::{Collection, Effect, Field, Noun, ReadSet, Scope};

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

/// `POST /invoices` with more than `bill` sends: what will be on it nobody can say, so only what is there is shown.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub(super) async fn make(call: &Call<'_>, ticket: TicketId) -> Result<Draft> {
    let on = OnTicket::find(call.ctx, &TicketArg::Id(ticket)).await?;
    let seen = on.read(ReadSet::NOTHING.invoices()).await?;
    let lines = seen.ticket.line_items.iter();
    let waiting: Vec<Decimal> = lines
        .filter(|line| !line.converted)
        .map(|line| line.amount().unwrap_or_default())
        .collect();
    let total = money::sum(waiting.iter().copied());
    let mut findings = Vec::new();
    if let Some(invoice) = seen.view.invoices().first() {
        let text = format!("the ticket already has invoice #{}", invoice.number);
        findings.push(Finding::new(Guard::Again, text));
    }
    if total.is_zero() {
        findings.push(Finding::new(Guard::Zero, "there is nothing to invoice"));
    }
    if let Some(timer) = seen.ticket.ticket_timers.iter().find(|one| one.is_running()) {
        let text = format!("timer entry {} is running", timer.id);
        findings.push(Finding::new(Guard::TimerRunning, text));
    }
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Waiting", format!("{} line items, {}", waiting.len(), money::display(total)));
    let effect = Effect::created(Collection::INVOICES)
        .like([Field::called("ticket_id", "ticket", ticket.0)])
        .by(None);
    let title = format!("Invoice ticket #{}", seen.ticket.number);
    let base = Base::on(seen, title, sheet, effect).found(findings);
    let notice =
        "the contents of this invoice are not checked; `syncro invoice create` checks them";
    Ok(base.draft(call)?.notice([notice.to_owned()]))
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
    let of = Noun::Invoice.record(id);
    let changed = Changed::of(of, &what, &call.fields(), raw, facts.sheet(), &[]);
    let findings = update::paid(&facts);
    let scope = facts::scope(&facts.invoice);
    let title = format!("Change {what}");
    let base = Base::of(scope, title, changed.sheet, changed.effect, (facts.me, facts.at));
    let draft = base.found(findings).draft(call)?;
    Ok(draft.unseen(changed.unseen).notice(changed.notices))
}
