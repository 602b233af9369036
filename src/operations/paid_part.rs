//! An invoice as what a payment is for: what it gets, what is open on it, and what speaks against that.

use rust_decimal::Decimal;

use super::guard::{Finding, Guard};
use super::paid::{self, settled};
use super::rule::Env;
use super::{invoice, on_ticket};
use crate::api::Record;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments::Payment;
use crate::billing::balance::{self, Left};
use crate::billing::money;
use crate::render::preview::Sheet;
use crate::write::{Snapshot, Step};

/// An invoice that the payment is for.
pub(super) struct Part {
    pub(super) invoice: Record<Invoice>,
    pub(super) customer: Record<Customer>,
    /// What it gets.
    pub(super) share: Decimal,
    /// What is open without it.
    pub(super) left: Left,
}

impl Part {
    pub(super) fn sheet(&self, amount: Decimal, env: &Env<'_>) -> Sheet {
        let gets = (self.share != amount).then(|| money::display(self.share));
        let sheet = invoice::sheet(&self.invoice, &self.customer, env)
            .row("Open", self.left.to_string())
            .maybe("Gets", gets)
            .row("Left", self.rest());
        self.notice().into_iter().fold(sheet, Sheet::notice)
    }

    /// A step that rests on it.
    pub(super) fn held_by(&self, step: Step) -> Step {
        let named = on_ticket::named(&self.customer);
        step.requires(invoice::as_previewed(&self.invoice)).requires(named)
    }

    /// What the open amount leaves out.
    fn notice(&self) -> Option<&'static str> {
        self.left.is_at_most.then_some(
            "payments shared with other invoices are not counted: check what is open in Syncro",
        )
    }

    /// What is open once it is paid.
    fn rest(&self) -> String {
        match self.left.amount.saturating_sub(self.share) {
            rest if rest.is_sign_negative() && !rest.is_zero() => {
                let least = if self.left.is_at_most { "at least " } else { "" };
                format!("{least}{} more than the open amount", money::display(-rest))
            }
            rest if rest.is_zero() && self.left.is_at_most => {
                "nothing, or more is paid than was open".to_owned()
            }
            rest if rest.is_zero() => "nothing".to_owned(),
            amount => Left { amount, ..self.left }.to_string(),
        }
    }

    /// What speaks against it as a part of `amount`; `seen` has the account's latest payments, and `changed` is the one that it
    /// is made of, if it is none of its own.
    pub(super) fn findings(
        &self,
        seen: &Snapshot,
        amount: Decimal,
        changed: Option<&Payment>,
    ) -> Vec<Finding> {
        let (share, left) = (self.share, self.left);
        let what = invoice::label(&self.invoice);
        let mut findings = settled(&self.invoice, left.amount, changed);
        let surely = balance::surely_open(&self.invoice, left);
        if share > surely && !left.amount.is_zero() {
            let is = if share > left.amount { "is" } else { "may be" };
            let share = money::display(share);
            let text = format!("{share} {is} more than the open amount of {left}");
            findings.push(Finding::new(Guard::Over, text));
        }
        if paid::has_such(seen, &self.invoice, share, changed) {
            let text = format!("{what} already has a payment of {}", money::display(share));
            findings.push(Finding::new(Guard::SamePayment, text));
        } else {
            let amounts = [share, amount];
            findings.extend(paid::for_none(seen, &self.customer, &amounts, changed));
        }
        findings
    }
}
