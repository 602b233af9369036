//! Payments: each invoice that one is for is looked at as `payment add` does.

use std::time::Instant;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::write::Call;
use super::draft::Base;
use super::fields::{number, said};
use super::{Draft, customer, new, record};
use crate::api::Record;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::{payments, users};
use crate::billing::money;
use crate::commands::invoice::{InvoiceArg, find};
use crate::commands::payment::add::{FINAL, after, findings, left};
use crate::commands::payment::facts::{self, Facts};
use crate::commands::resolve::choice;
use crate::error::{Error, Result};
use crate::operations::Finding;
use crate::render::preview::Sheet;
use crate::write::{
    Collection, Field, Precondition, ReadSet, RetryPolicy, Scope, Snapshot, field_shown,
    same_value, snapshot,
};

/// What goes to which invoice: as it is said, or all of it to the one that is named.
///
/// # Errors
/// Exit 2 for a part that is no invoice or no count of cents.
fn shares(body: &Map<String, Value>) -> Result<Vec<(InvoiceId, Decimal)>> {
    let dollars = |cents: u64| Decimal::from(cents) / Decimal::ONE_HUNDRED;
    let Some(said) = body.get("apply_payments").filter(|said| !said.is_null()) else {
        let one = number(body, "invoice_id").zip(number(body, "amount_cents"));
        let one = one.map(|(id, cents)| (InvoiceId(id), dollars(cents)));
        return Ok(one.into_iter().collect());
    };
    let parts = said.as_object().ok_or_else(unclear)?;
    parts
        .keys()
        .map(|id| {
            let cents = number(parts, id).ok_or_else(unclear)?;
            let id = id.trim().parse().map_err(|_| unclear())?;
            Ok((InvoiceId(id), dollars(cents)))
        })
        .collect()
}

fn unclear() -> Error {
    Error::usage("apply_payments is invalid; nothing was sent")
        .hint("use -F apply_payments[1652300001]=2005: the invoice id and cents")
}

/// What a plan about it is about: the first invoice's ticket, else the customer.
///
/// # Errors
/// Exit 3 for an invoice that is not there.
pub(super) async fn scope(call: &Call<'_>) -> Result<Scope> {
    match shares(&call.fields())?.first() {
        Some((id, _)) => {
            let found = invoice(call, *id).await?;
            Ok(facts::scope(&found))
        }
        None => Ok(new::scope(call, "payments")),
    }
}

/// The invoice of that id, and no other that has it for a number.
async fn invoice(call: &Call<'_>, id: InvoiceId) -> Result<Record<Invoice>> {
    find(&call.reader, &InvoiceArg::Id(id)).await
}

/// The payment's invoices, with what each is to get.
async fn invoices(
    call: &Call<'_>,
    shares: &[(InvoiceId, Decimal)],
) -> Result<Vec<(Facts, Decimal)>> {
    let mut found = Vec::new();
    for (id, amount) in shares {
        let customer = invoice(call, *id).await?.customer_id;
        let facts = facts::read(call.ctx, &call.reader, *id, customer).await?;
        found.push((facts, *amount));
    }
    Ok(found)
}

async fn method(call: &Call<'_>, body: &Map<String, Value>) -> Result<()> {
    let Some(typed) = said(body, "payment_method") else {
        return Ok(());
    };
    let names = call.reader.get(payments::methods()).await?.names();
    let known = choice("payment method", typed, &names)?;
    exact("payment method", &body["payment_method"], &Value::from(known))
}

/// `POST /payments`.
///
/// # Errors
/// As for `payment add`; exit 2 for a method that the account spells in another way.
pub(super) async fn add(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let Some(mut effect) = new::effect("payments", &body) else {
        return record::nothing(call).await;
    };
    let shares = shares(&body)?;
    let collection = Collection::PAYMENTS;
    let needs = ReadSet::NOTHING.collection(&collection);
    let scope = Scope::default();
    let (found, view, me, ()) = tokio::try_join!(
        invoices(call, &shares),
        async { Ok::<_, Error>(snapshot(&call.reader, &scope, needs, RetryPolicy::Retry).await?) },
        async { Ok(call.reader.get(users::me()).await?) },
        method(call, &body),
    )?;
    let cents = number(&body, "amount_cents").unwrap_or_default();
    let amount = Decimal::from(cents) / Decimal::ONE_HUNDRED;
    let mut parts = Parts::default();
    for (facts, share) in &found {
        parts.add(facts, *share, &view)?;
    }
    let (title, scope) = match found.first() {
        Some((facts, _)) => {
            if let crate::write::Effect::Created { like, .. } = &mut effect {
                let customer = facts.customer.id;
                *like = alike(&body, amount, customer, &shares);
            }
            let title = format!("Add a payment for {}", facts.what());
            (title, facts::scope(&facts.invoice))
        }
        None => (for_nothing(call, &body, &mut parts).await?, new::scope(call, "payments")),
    };
    let given = money::sum(shares.iter().map(|(_, share)| *share));
    if !shares.is_empty() && given != amount {
        parts.notices.push(format!(
            "{} of {} go to invoices",
            money::display(given),
            money::display(amount)
        ));
    }
    let sheet = parts.sheet.row("Payment", money::display(amount)).by(&me).line(FINAL);
    let mut base =
        Base::of(scope, title, sheet, effect, (me, at)).over(&view).found(parts.findings);
    base.preconditions = parts.given;
    Ok(base.draft(call)?.notice(parts.notices))
}

/// What tells the payment from others, as `payment add` has it.
fn alike(
    body: &Map<String, Value>,
    amount: Decimal,
    customer: CustomerId,
    shares: &[(InvoiceId, Decimal)],
) -> Vec<Field> {
    let invoices: Vec<InvoiceId> = shares.iter().map(|(id, _)| *id).collect();
    let mut like = vec![
        Field::called("payment_amount", "amount", amount.to_string()),
        Field::called("customer.id", "customer", customer.0).identifying(),
        Field::called("invoice_ids", "invoices", json!(invoices)).identifying().advisory(),
    ];
    for (name, label) in [("payment_method", "method"), ("ref_num", "reference")] {
        like.extend(said(body, name).map(|text| Field::called(name, label, text)));
    }
    like
}

/// A payment on no invoice: the customer is named.
async fn for_nothing(
    call: &Call<'_>,
    body: &Map<String, Value>,
    parts: &mut Parts,
) -> Result<String> {
    parts.notices.push("it is not for an invoice".to_owned());
    let Some(id) = number(body, "customer_id") else {
        return Ok("Add a payment".to_owned());
    };
    let customer = customer::read(call, CustomerId(id)).await?;
    parts.sheet = std::mem::take(&mut parts.sheet).customer(&customer);
    Ok(format!("Add a payment of {}", customer.name()))
}

/// What the invoices come to, one after the other.
#[derive(Default)]
struct Parts {
    sheet: Sheet,
    findings: Vec<Finding>,
    notices: Vec<String>,
    given: Vec<Precondition>,
}

impl Parts {
    fn add(&mut self, facts: &Facts, share: Decimal, view: &Snapshot) -> Result<()> {
        let left = left(facts)?;
        let total = facts.invoice.total.map(money::display).unwrap_or_default();
        self.sheet = std::mem::take(&mut self.sheet)
            .row("Invoice", format!("#{} (id {}), {total}", facts.invoice.number, facts.invoice.id))
            .customer(&facts.customer)
            .row("Open", money::display(left))
            .row("Gets", money::display(share))
            .row("Left", after(left, share));
        self.findings.extend(findings(facts, share, left, view));
        self.given.push(facts.given());
        Ok(())
    }
}

/// Refuses what the account spells in another way: it would be sent as it was typed.
fn exact(label: &str, typed: &Value, known: &Value) -> Result<()> {
    let texts = typed.as_str().zip(known.as_str());
    let same = texts.map_or_else(|| same_value(typed, known), |(typed, known)| typed == known);
    if same {
        return Ok(());
    }
    Err(Error::usage(format!(
        "the {label} is \"{}\", not \"{}\"; nothing was sent",
        field_shown(known),
        field_shown(typed)
    )))
}
