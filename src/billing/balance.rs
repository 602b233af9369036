//! What is open on an invoice, and how it stands. Pure.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::money;
use crate::api::ids::InvoiceId;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments::Payment;

/// How an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is paid.
    Paid,
    /// It is marked as paid, and some of it is due: nobody can tell which is so.
    MarkedPaid,
    /// It gives money back: nobody owes it.
    Credit,
    /// More was paid than it comes to.
    Overpaid,
    /// Nobody has published it: its customer has yet to get it.
    Draft,
    /// It is late.
    Overdue,
    /// It is not paid, or not all of it.
    Unpaid,
}

impl Standing {
    /// How it stands on the day `today`.
    #[must_use]
    pub fn of(invoice: &Invoice, today: Date) -> Self {
        match invoice.due_date {
            _ if invoice.is_credit() => Self::Credit,
            _ if invoice.is_marked_alone() => Self::MarkedPaid,
            _ if invoice.is_paid => Self::Paid,
            _ if invoice.is_draft() => Self::Draft,
            _ if over(invoice).is_some() => Self::Overpaid,
            // Where nothing is open, nothing is late.
            Some(due) if due < today && open(invoice) != Some(Decimal::ZERO) => Self::Overdue,
            _ => Self::Unpaid,
        }
    }

    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::MarkedPaid => "marked paid",
            Self::Credit => "credit",
            Self::Overpaid => "overpaid",
            Self::Draft => "draft",
            Self::Overdue => "overdue",
            Self::Unpaid => "unpaid",
        }
    }
}

/// What is open: the invoice's own `balance_due` where it is given, else the total less the successful payments that
/// belong to this invoice alone. `None` where an amount cannot be read.
#[must_use]
pub fn open(invoice: &Invoice) -> Option<Decimal> {
    if let Some(due) = money::stated(&invoice.balance_due).ok()? {
        return Some(due);
    }
    if invoice.is_paid {
        return Some(Decimal::ZERO);
    }
    Some(invoice.total?.saturating_sub(received(invoice)?))
}

/// How much more was paid than an invoice comes to that is no credit.
#[must_use]
pub fn over(invoice: &Invoice) -> Option<Decimal> {
    open(invoice).filter(|open| *open < Decimal::ZERO && !invoice.is_credit()).map(|open| -open)
}

/// Whether the record does not say what has been paid, as in a list: what is open is known from its own page alone, but
/// where there is nothing to pay.
#[must_use]
pub fn lacks_payments(invoice: &Invoice) -> bool {
    let is_owed = invoice.total.is_none_or(|total| !total.is_zero());
    is_owed && !states_balance(invoice) && !invoice.is_paid && invoice.payments.is_none()
}

/// Whether the record says by itself what is open, if only in a way that cannot be read.
fn states_balance(invoice: &Invoice) -> bool {
    !matches!(money::stated(&invoice.balance_due), Ok(None))
}

/// What is open on an invoice, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How much.
    pub amount: Decimal,
    /// Whether it may be less: what some payments have given this invoice, nobody can tell.
    pub is_at_most: bool,
}

/// For people.
impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = if self.is_at_most { "at most " } else { "" };
        write!(f, "{most}{}", money::display(self.amount))
    }
}

/// What is open, be it only known to be at most that: without what payments have given of which nobody can tell how much that
/// was. `None` where the invoice's own amounts cannot be read.
#[must_use]
pub fn left(invoice: &Invoice) -> Option<Left> {
    let unread = has_unread(invoice);
    let amount = match unread {
        false => open(invoice)?,
        true => {
            let read = own(invoice).filter(is_read).filter_map(|one| one.dollars());
            invoice.total?.saturating_sub(money::sum(read))
        }
    };
    Some(Left { amount, is_at_most: unread || is_at_most(invoice) })
}

/// How much is open in any case: all of each payment that is for other invoices as well may have been for this one.
#[must_use]
pub fn surely_open(invoice: &Invoice, left: Left) -> Decimal {
    if !left.is_at_most {
        return left.amount;
    }
    let shared = invoice.received().into_iter().filter(|one| is_shared(one, invoice.id));
    let given = shared.map(|one| one.dollars().filter(|_| is_read(&one)));
    let given = given.collect::<Option<Vec<_>>>().map(money::sum);
    given.map_or(Decimal::ZERO, |given| left.amount.saturating_sub(given).max(Decimal::ZERO))
}

/// Whether what is open rests on a payment that cannot be read.
#[must_use]
pub fn has_unread(invoice: &Invoice) -> bool {
    !states_balance(invoice) && !invoice.is_paid && own(invoice).any(|one| !is_read(&one))
}

/// Whether a payment says how much of it came in.
fn is_read(payment: &Payment) -> bool {
    payment.unreadable.among(&Payment::MONEY).is_none() && payment.dollars().is_some()
}

/// What is open, where all that it rests on is there and can be read.
#[must_use]
pub fn certain(invoice: &Invoice) -> Option<Decimal> {
    let is_clear = |payment: &Payment| payment.unreadable.among(&Payment::MONEY).is_none();
    let is_read = invoice.unreadable.among(&Invoice::MONEY).is_none()
        && (states_balance(invoice) || invoice.received().iter().all(is_clear));
    let left = left(invoice).filter(|left| is_read && !left.is_at_most);
    left.map(|left| left.amount)
}

/// Whether something is open, or nobody can tell.
#[must_use]
pub fn may_be_open(invoice: &Invoice) -> bool {
    open(invoice).is_none_or(|open| open > Decimal::ZERO)
}

/// Whether less may be open than the record tells: payments are not named there, or are for other invoices as well.
#[must_use]
pub fn is_at_most(invoice: &Invoice) -> bool {
    lacks_payments(invoice) || rests_on_shared(invoice)
}

/// The sum of the successful payments that belong to the invoice alone; `None` where one of them cannot be read.
#[must_use]
pub fn received(invoice: &Invoice) -> Option<Decimal> {
    let own = own(invoice).map(|one| one.dollars().filter(|_| is_read(&one)));
    own.collect::<Option<Vec<_>>>().map(money::sum)
}

/// The payments that did not fail, and belong to the invoice alone.
fn own(invoice: &Invoice) -> impl Iterator<Item = Payment> {
    let id = invoice.id;
    invoice.received().into_iter().filter(move |one| one.counts() && !is_shared(one, id))
}

/// Whether a successful payment is for other invoices as well: its part of this one is not known, and the open amount
/// rests on payments alone.
#[must_use]
pub fn rests_on_shared(invoice: &Invoice) -> bool {
    let mut payments = invoice.received().into_iter();
    !states_balance(invoice) && !invoice.is_paid && payments.any(|one| is_shared(&one, invoice.id))
}

/// Whether a successful payment is for other invoices as well.
#[must_use]
pub fn is_shared(payment: &Payment, invoice: InvoiceId) -> bool {
    payment.counts() && payment.invoice_ids.iter().any(|id| *id != invoice)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn invoice(fields: Value) -> Invoice {
        let mut invoice = json!({"id": 7, "number": "7", "total": "350.00"});
        for (name, value) in fields.as_object().unwrap() {
            invoice[name] = value.clone();
        }
        serde_json::from_value(invoice).unwrap()
    }

    #[test]
    fn what_is_open() {
        let pay = |amount: Value, success: Value, ids: Value| json!({"payment_amount": amount, "success": success, "invoice_ids": ids});
        let yes = || json!(true);
        for (fields, amount, shared) in [
            (json!({}), Some("350"), false),
            (json!({"is_paid": true}), Some("0"), false),
            (json!({"payments": [pay(json!(200), json!(false), json!([7]))]}), Some("350"), false),
            (json!({"payments": [pay(json!(200), json!("false"), json!([]))]}), Some("350"), false),
            (json!({"payments": [pay(json!(200), json!(0), json!([]))]}), Some("350"), false),
            (json!({"payments": [pay(json!(200), json!(null), json!([7]))]}), Some("150"), false),
            (
                json!({"payments": [pay(json!("200.5"), yes(), json!([null]))]}),
                Some("149.5"),
                false,
            ),
            (json!({"payments": [pay(json!(200), yes(), json!([7, 8]))]}), Some("350"), true),
            (json!({"payments": [pay(json!("1,5"), yes(), json!([7]))]}), None, false),
            (
                json!({"payments": [pay(json!("1,5"), json!(false), json!([7]))]}),
                Some("350"),
                false,
            ),
            (json!({"payments": [{"id": 1}]}), None, false),
            (
                json!({"balance_due": 80, "payments": [pay(json!(200), yes(), json!([7, 8]))]}),
                Some("80"),
                false,
            ),
            (json!({"balance_due": "80.25", "is_paid": false}), Some("80.25"), false),
            (json!({"balance_due": "80,25"}), None, false),
            (json!({"balance_due": null, "total": null}), None, false),
            (json!({"total": "-96.79"}), Some("-96.79"), false),
        ] {
            let invoice = invoice(fields.clone());
            let wanted: Option<Decimal> = amount.map(|amount| amount.parse().unwrap());
            assert_eq!(open(&invoice), wanted, "{fields}");
            assert_eq!(rests_on_shared(&invoice), shared, "{fields}");
        }
    }

    #[test]
    fn what_is_open_for_certain() {
        let pay = |fields: Value| json!({"payments": [fields]});
        for (fields, amount) in [
            // A list names no payments.
            (json!({}), None),
            (json!({"payments": []}), Some("350")),
            (json!({"is_paid": true}), Some("0")),
            (json!({"total": "0.0"}), Some("0")),
            (json!({"balance_due": "80.25"}), Some("80.25")),
            (json!({"balance_due": "80.25", "payments": [{"payment_amount": "?"}]}), Some("80.25")),
            (json!({"balance_due": "80,25", "payments": []}), None),
            (json!({"payments": [], "is_paid": "perhaps"}), None),
            (json!({"payments": [], "total": "95,50"}), None),
            (pay(json!({"payment_amount": 200, "invoice_ids": [7]})), Some("150")),
            (
                pay(json!({"payment_amount": 200, "invoice_ids": [7], "success": false})),
                Some("350"),
            ),
            (pay(json!({"payment_amount": 200, "invoice_ids": [7], "success": "perhaps"})), None),
            (pay(json!({"payment_amount": "1,5", "invoice_ids": [7]})), None),
            (pay(json!({"payment_amount": 200, "invoice_ids": [7, 8]})), None),
        ] {
            let mut raw = json!({"id": 7, "number": "7", "total": "350.00"});
            raw.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            let invoice = crate::api::Record::<Invoice>::read(raw).unwrap();
            let wanted: Option<Decimal> = amount.map(|amount| amount.parse().unwrap());
            assert_eq!(certain(&invoice), wanted, "{fields}");
        }
    }

    #[test]
    fn how_it_stands() {
        let today = jiff::civil::date(2026, 3, 17);
        for (fields, name) in [
            (json!({"due_date": "2026-03-16"}), "overdue"),
            (json!({"due_date": "2026-03-16", "status": "published"}), "overdue"),
            (json!({"due_date": "2026-03-16", "status": "draft"}), "draft"),
            (json!({"is_paid": true, "status": "draft"}), "paid"),
            (json!({"is_paid": true, "balance_due": "0.0"}), "paid"),
            (json!({"is_paid": true, "balance_due": "-5"}), "paid"),
            (json!({"is_paid": true, "balance_due": "80.25"}), "marked paid"),
            (json!({"is_paid": true, "balance_due": "80,25"}), "marked paid"),
            (json!({"is_paid": true, "balance_due": " "}), "paid"),
            (json!({"is_paid": true, "balance_due": "80.25", "total": "-96.79"}), "credit"),
            (json!({"due_date": "2026-03-16", "total": "0.0"}), "unpaid"),
            (json!({"due_date": "2026-03-17"}), "unpaid"),
            (json!({"due_date": "2026-03-16", "is_paid": true}), "paid"),
            (json!({"due_date": "2026-03-16", "subtotal": "-99.99", "total": "-96.79"}), "credit"),
            (json!({"total": "-96.79", "is_paid": true}), "credit"),
            (json!({"due_date": "2026-03-16", "balance_due": -20}), "overpaid"),
            (json!({"balance_due": "-0.01"}), "overpaid"),
            (json!({}), "unpaid"),
        ] {
            assert_eq!(Standing::of(&invoice(fields.clone()), today).name(), name, "{fields}");
        }
    }
}
