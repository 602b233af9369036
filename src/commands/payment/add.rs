//! `syncro payment add <invoice>`: a payment that was received. It cannot be taken back through the API.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::facts::{self, Facts, scope};
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::payments::{self, NewPayment};
use crate::api::{Reader, Record};
use crate::billing::{money, typed};
use crate::commands::invoice::{InvoiceArg, find};
use crate::commands::resolve::choice;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{
    Collection, Effect, Field, Plan, ReadSet, RetryPolicy, Scope, Snapshot, Step, snapshot,
};

/// Add a payment to an invoice
///
/// Shows the open amount before and after the payment. The API can neither change nor delete payments.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro payment add 67409 --full --method Check --ref 11006
  syncro payment add 67409 --amount 81.53 --method \"Bank Transfer\" --yes --json")]
pub struct AddArgs {
    /// Invoice number (id:1652300001 also works)
    #[arg(value_name = "INVOICE")]
    pub invoice: InvoiceArg,
    /// Amount paid
    #[arg(long, value_name = "AMOUNT", value_parser = typed::amount, allow_negative_numbers = true)]
    pub amount: Option<Decimal>,
    /// Pay the whole open amount
    #[arg(long, conflicts_with = "amount")]
    pub full: bool,
    /// Payment method, from the account's list
    #[arg(long, value_name = "METHOD")]
    pub method: String,
    /// Check or transaction number
    #[arg(long = "ref", value_name = "TEXT")]
    pub reference: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Again, Guard::Over, Guard::SamePayment]) }>,
}

/// Runs `syncro payment add`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    match args.amount {
        Some(amount) => drop(cents(amount)?),
        None if args.full => {}
        None => {
            let error = Error::usage("the amount is missing; nothing was written");
            return Err(error.hint("use --amount 81.53, or --full for the whole open amount"));
        }
    }
    let reader = ctx.reader()?;
    let (found, methods) = tokio::try_join!(find(&reader, &args.invoice), async {
        Ok(reader.get(payments::methods()).await?)
    })?;
    let names: Vec<String> = methods.names();
    let method = choice("payment method", &args.method, &names)?;
    let (id, customer) = (found.id, found.customer_id);
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, args, &method, (id, customer));
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// Dollars as the cents that the API takes.
fn cents(amount: Decimal) -> Result<i64> {
    let cents = amount.checked_mul(Decimal::ONE_HUNDRED).filter(|_| amount > Decimal::ZERO);
    let whole = cents.filter(|cents| cents.fract().is_zero()).and_then(|cents| cents.to_i64());
    whole.ok_or_else(|| {
        Error::usage(format!("invalid amount \"{amount}\": use whole cents, more than 0.00"))
    })
}

/// What is not paid yet.
///
/// # Errors
/// Exit 5 for an invoice without a total.
pub(crate) fn left(facts: &Facts) -> Result<Decimal> {
    let invoice = &facts.invoice;
    let total = invoice.total.ok_or_else(|| {
        Error::refused(format!("{} shows no total; nothing was written", facts.what()))
    })?;
    if invoice.is_paid {
        return Ok(Decimal::ZERO);
    }
    let paid = money::sum(invoice.received().iter().filter_map(|one| one.dollars()));
    Ok(total.saturating_sub(paid).max(Decimal::ZERO))
}

async fn gather(
    ctx: &Context,
    reader: &Reader,
    args: &AddArgs,
    method: &str,
    (id, customer): (InvoiceId, Option<CustomerId>),
) -> Result<Proposal> {
    let collection = Collection::PAYMENTS;
    let needs = ReadSet::NOTHING.collection(&collection);
    let (facts, view) = tokio::try_join!(facts::read(ctx, reader, id, customer), async {
        Ok(snapshot(reader, &Scope::default(), needs, RetryPolicy::Retry).await?)
    })?;
    let left = left(&facts)?;
    let amount = match args.amount {
        Some(amount) => amount,
        None if left.is_zero() => {
            return Err(Error::refused(format!(
                "{} has no open amount; nothing was written",
                facts.what()
            )));
        }
        None => left,
    };
    let new = NewPayment {
        customer: facts.customer.id,
        invoice: id,
        cents: cents(amount)?,
        method: method.to_owned(),
        reference: args.reference.clone(),
    };
    let preview = facts
        .sheet()
        .row("Open", money::display(left))
        .row("Payment", format!("{} by {method}", money::display(amount)))
        .maybe("Reference", args.reference.as_deref())
        .row("Left", after(left, amount))
        .line(FINAL)
        .text();
    let findings = findings(&facts, amount, left, &view);
    let step = step(&facts, &new, amount, collection);
    let plan = Plan::new(
        "payment add",
        format!("Add a payment for {}", facts.what()),
        facts.account.clone(),
        scope(&facts.invoice),
    )
    .over(view.baseline())
    .previewed(preview)
    .step(step)
    .then(format!("invoice show {}", facts.invoice.number));
    Ok(Proposal { plan, findings, me: facts.me.view, at: facts.at })
}

/// What is said of every payment.
pub(crate) const FINAL: &str = "the API can neither change nor delete payments";

/// What is open once `amount` of `left` is paid.
pub(crate) fn after(left: Decimal, amount: Decimal) -> String {
    match left.saturating_sub(amount) {
        rest if rest.is_sign_negative() && !rest.is_zero() => {
            format!("{} more than the open amount", money::display(-rest))
        }
        rest if rest.is_zero() => "nothing".to_owned(),
        rest => money::display(rest),
    }
}

/// What speaks against a payment of `amount` on the invoice; `view` has the account's latest payments.
pub(crate) fn findings(
    facts: &Facts,
    amount: Decimal,
    left: Decimal,
    view: &Snapshot,
) -> Vec<Finding> {
    let what = facts.what();
    let mut findings = Vec::new();
    if facts.invoice.is_paid {
        findings.push(Finding::new(Guard::Again, format!("{what} is already paid")));
    } else if amount > left {
        let text = format!(
            "{} is more than the open amount of {}",
            money::display(amount),
            money::display(left)
        );
        findings.push(Finding::new(Guard::Over, text));
    }
    let id = Value::from(facts.invoice.id.0);
    let on_page = facts.invoice.received().iter().any(|one| one.dollars() == Some(amount));
    let listed = view.records(&Collection::PAYMENTS).into_iter().any(|one| {
        let of_it = one["invoice_ids"].as_array().is_some_and(|ids| ids.contains(&id));
        of_it && Field::new("payment_amount", amount.to_string()).is_in(one)
    });
    if on_page || listed {
        let text = format!("{what} already has a payment of {}", money::display(amount));
        findings.push(Finding::new(Guard::SamePayment, text));
    }
    findings
}

fn step(facts: &Facts, new: &NewPayment, amount: Decimal, collection: Collection) -> Step {
    let of_invoice = Field::called("invoice_ids", "invoices", serde_json::json!([new.invoice]));
    let mut like = vec![
        Field::called("payment_amount", "amount", amount.to_string()),
        Field::called("customer.id", "customer", facts.customer.id.0).identifying(),
        of_invoice.clone().identifying(),
        Field::called("payment_method", "method", new.method.as_str()),
    ];
    if let Some(reference) = &new.reference {
        like.push(Field::called("ref_num", "reference", reference.as_str()));
    }
    let effect = Effect::created(collection).like(like).check([of_invoice.advisory()]);
    let text = format!("{} by {}", money::display(amount), new.method);
    let says = format!("add the payment of {text}");
    Step::new("payment", says, payments::create(new), effect)
        .requires(facts.given())
        .reports(format!("{text} for {}", facts.what()))
}

impl payments::Methods {
    /// The names of all.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.payment_methods.iter();
        names.map(|method: &Record<payments::Method>| method.name.clone()).collect()
    }
}
