//! Invoices that are published, or taken back to a draft. An account that has drafts shows the status of its invoices, and
//! that alone tells whether it was done.

use serde_json::Value;

use super::clear::unclear;
use super::direct_invoice::amount;
use super::guard::{Finding, Guard};
use super::invoice::{
    as_previewed, found, label, payer, payer_id, same_address, scope, sheet, total_of, unpaid,
};
use super::rule::{Call, Env, Proposed, Rule, digits};
use super::written::secret;
use super::{on_ticket, readable};
use crate::api::folder::INVOICES;
use crate::api::ids::InvoiceId;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::{self, Invoice};
use crate::api::{Method, Record};
use crate::error::{Error, Result};
use crate::write::{Effect, Field, Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot};

/// What may move with the status.
const FOLLOW: [&str; 2] = ["published_date", "due_date"];

#[derive(Debug)]
struct Publishing {
    id: InvoiceId,
    act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Publish,
    Withdraw,
}

/// What a request does to the status of an invoice, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (INVOICES, parts) = call.place()? else {
        return None;
    };
    let (id, act) = match (call.request.method, parts.as_slice()) {
        (Method::Post, [id, invoices::PUBLISH]) => (digits(id)?, Act::Publish),
        (Method::Post, [id, invoices::WITHDRAW]) => (digits(id)?, Act::Withdraw),
        _ => return None,
    };
    Some(Box::new(Publishing { id: InvoiceId(id), act }))
}

impl Rule for Publishing {
    fn record(&self) -> Option<RecordRef> {
        Some(Noun::Invoice.record(self.id))
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        found(seen, self.id).map(|invoice| scope(&invoice))
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = Noun::Invoice.record(self.id);
        let customer = seen.record(&record).map_or(scope.customer, payer_id);
        on_ticket::of_customer(customer).record(&record)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let invoice = found(seen, self.id)?;
        let customer = payer(seen, &invoice)?;
        let what = label(&invoice);
        if !call.fields.is_empty() {
            let verb = call.path().pop().unwrap_or_default().to_owned();
            return Err(Error::usage(format!("{verb} takes no fields"))
                .nothing_sent()
                .hint("change the invoice first, then send this without fields"));
        }
        has_drafts(&invoice)?;
        readable(&invoice.unreadable, &Invoice::MONEY, &what)?;
        no_credit(&invoice)?;
        let (name, to, title, says) = match self.act {
            Act::Publish => (
                "publish",
                invoices::PUBLISHED,
                format!("Publish {what}"),
                "Syncro may email it to the customer: the API does not say",
            ),
            Act::Withdraw => (
                "withdraw",
                invoices::DRAFT,
                format!("Make {what} a draft again"),
                "the customer may have the invoice already",
            ),
        };
        let change = Field::change(&invoice.raw, "status", "status", Value::from(to));
        let changes: Vec<Field> = Some(change).filter(Field::is_change).into_iter().collect();
        let mut findings = Vec::new();
        if !changes.is_empty() {
            match self.act {
                Act::Publish => findings = stands_against(&invoice, &customer, env),
                Act::Withdraw => unpaid(&invoice)?,
            }
        }
        let rows = changes.iter().map(Field::says);
        let sheet =
            rows.fold(sheet(&invoice, &customer, env), |sheet, says| sheet.row("Change", says));
        let of = Noun::Invoice.record(self.id);
        let effect = Effect::updated(of.clone(), &what, changes, &FOLLOW);
        let names = ["customer_id", "note"];
        let same = Precondition::kept(of, &what, &invoice.raw, &names).recheck();
        let step = call.step(name, format!("set {what} to {to}"), effect);
        let step = step.asked_as(format!("set {what} of {} to {to}", total_of(&invoice)));
        let step = step.requires(as_previewed(&invoice)).requires(same);
        Ok(Proposed {
            title,
            sheet: sheet.notice(says),
            findings,
            step: step.requires(same_address(&customer)),
            whose: Some(on_ticket::named(&customer)),
            scope: scope(&invoice),
        })
    }
}

/// Refuses an invoice without a status: there is nothing to publish, and Syncro would answer as if there were no invoice.
///
/// # Errors
/// Exit 5.
fn has_drafts(invoice: &Invoice) -> Result<()> {
    if !invoice.status.is_empty() {
        return Ok(());
    }
    let text = format!("{} has no status: this account has no draft invoices", label(invoice));
    Err(Error::refused(text).nothing_written().hint("turn on draft invoices in Syncro first"))
}

/// Refuses a credit: Syncro takes none either way.
///
/// # Errors
/// Exit 5.
fn no_credit(invoice: &Invoice) -> Result<()> {
    match invoice.is_credit() {
        false => Ok(()),
        true => {
            let text = format!("{} is a credit, which stays {}", label(invoice), invoice.status);
            Err(Error::refused(text).nothing_written())
        }
    }
}

/// What stands against showing an invoice to its customer.
fn stands_against(
    invoice: &Record<Invoice>,
    customer: &Record<Customer>,
    env: &Env<'_>,
) -> Vec<Finding> {
    let what = label(invoice);
    let lines = invoice.line_items.iter().flat_map(|line| [line.item.as_str(), line.name.as_str()]);
    let texts: Vec<&str> = lines.chain([invoice.note.as_str()]).collect();
    let secret = secret(&what, &texts).map(|text| Finding::new(Guard::AllowSecrets, text));
    let unread = Customer::SILENT.iter().find_map(|flag| customer.unreadable.among(&[*flag]));
    let silent = match unread {
        Some(flag) => Some(unclear(customer.name(), "opted out of email", flag)),
        None => customer.is_silent().then(|| {
            format!("{} does not accept email, and Syncro may email {what}", customer.name())
        }),
    };
    let silent = silent.map(|text| Finding::new(Guard::OptedOut, text));
    let amount = amount(&what, invoice.total.unwrap_or_default(), env);
    let found = [amount, secret, silent, on_ticket::disabled(customer)];
    found.into_iter().flatten().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::super::example::{Office, request, with_customer};
    use super::*;

    fn proposed(verb: &str, more: &Value) -> Result<Proposed> {
        let mut invoice = json!({
            "id": 9, "number": "77", "customer_id": 2, "total": "45.0", "is_paid": false,
            "payments": [], "status": "draft", "line_items": [{"item": "Labor", "name": "Spool"}],
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            invoice[name] = value.clone();
        }
        let seen = with_customer(Snapshot::default())
            .with_record(Noun::Invoice.record(InvoiceId(9)), Some(invoice));
        let request = request(Method::Post, &format!("/invoices/9/{verb}"), json!({}));
        Office::new().propose(&request, &seen, &[])
    }

    #[test]
    fn what_stands_against_publishing_an_invoice() {
        let told = json!({"line_items": [{"item": "Labor", "name": "password: hunter-two"}]});
        let cases: [(Value, &[Guard]); 6] = [
            (json!({}), &[]),
            (json!({"total": "0.0"}), &[Guard::Zero]),
            (json!({"total": "5000.01"}), &[Guard::Large]),
            (told, &[Guard::AllowSecrets]),
            (json!({"note": "password: hunter-two"}), &[Guard::AllowSecrets]),
            (json!({"total": "0.0", "status": "published"}), &[]),
        ];
        for (more, guards) in cases {
            let proposed = proposed("publish", &more).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{more}");
            let so = more["status"] == "published";
            assert_eq!(proposed.step.effect.changes_nothing(), so, "{more}");
        }
    }

    #[test]
    fn what_cannot_be_published_or_taken_back_is_refused() {
        let published = |more: Value| {
            let mut all = json!({"status": "published"});
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        for (verb, more, says) in [
            ("publish", json!({"status": null}), "invoice #77 has no status"),
            ("publish", json!({"total": "1,5"}), "total"),
            ("publish", json!({"total": "-45.0"}), "is a credit"),
            ("convert_to_draft", published(json!({"total": "-45.0"})), "is a credit"),
            ("convert_to_draft", json!({"status": ""}), "invoice #77 has no status"),
            ("convert_to_draft", published(json!({"is_paid": true})), "fully or partly paid"),
            ("convert_to_draft", published(json!({"payments": [{"id": 1}]})), "partly paid"),
        ] {
            let error = proposed(verb, &more).unwrap_err();
            assert!(error.to_string().contains(says), "{verb} {more}: {error}");
            assert!(error.to_string().contains("nothing was written"), "{error}");
        }
        let back = proposed("convert_to_draft", &published(json!({}))).unwrap();
        assert_eq!(back.title, "Make invoice #77 a draft again");
        assert_eq!(back.step.effect.changes()[0].says(), "status published -> draft");
    }
}
