//! What a preview says that a script reads too: each fact is a row for people and a member of `preview` in `--json`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::api::ids::{CustomerId, Number, TicketId};
use crate::billing::money;
use crate::write::LineKind;

/// What a comment is called where it is emailed.
pub const COMMENT: &str = "comment";

/// The same of an appointment.
pub const APPOINTMENT: &str = "appointment";

/// What its row is called: beside a comment that is emailed, it is another email.
pub const EMAIL_APPOINTMENT: &str = "Email appointment";

/// One fact of a preview.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The ticket that it is about.
    Ticket {
        /// Its id.
        id: TicketId,
        /// Its number.
        number: Number,
        /// Its subject.
        subject: String,
        /// Its status before.
        status: String,
    },
    /// Whose it is.
    Customer {
        /// The id, where it is known.
        id: Option<CustomerId>,
        /// The name.
        name: String,
    },
    /// In whose name it is done.
    By(String),
    /// Somebody is emailed, or nobody is.
    Email {
        /// What is sent: "comment".
        kind: &'static str,
        /// The addresses to which it may go, where Syncro is asked to email it.
        to: Vec<String>,
        /// The same for people.
        says: String,
    },
    /// A line item of the invoice, or one for it.
    Line(LineFact),
    /// What the invoice comes to before tax.
    Subtotal {
        /// How much.
        amount: Decimal,
        /// The same for people.
        says: String,
    },
    /// What is taken from a prepaid block.
    Prepaid(Option<PrepaidFact>),
    /// The ticket's new status.
    Status {
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
        /// The same for people.
        says: String,
    },
}

/// A line item.
#[derive(Debug, Clone, PartialEq)]
pub struct LineFact {
    /// What it is called.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// Both multiplied, less the discount.
    pub amount: Decimal,
    /// Whether tax is added.
    pub taxable: bool,
    /// Where it comes from: `new`, or the `ticket`, where it waited.
    pub source: &'static str,
    /// The same for people.
    pub says: String,
}

/// Hours of a prepaid block.
#[derive(Debug, Clone, PartialEq)]
pub struct PrepaidFact {
    /// Hours before.
    pub before: Decimal,
    /// Hours that it covers.
    pub covered: Decimal,
    /// What is left to pay.
    pub left: Decimal,
}

impl PrepaidFact {
    /// Hours afterwards.
    fn after(&self) -> Decimal {
        self.before.saturating_sub(self.covered)
    }

    fn says(&self) -> String {
        let hours = [self.before, self.after(), self.covered];
        let [before, after, covered] = hours.map(|hours| hours.normalize());
        let left = money::display(self.left);
        format!("{before} h -> {after} h if Syncro debits {covered} h; then {left} left to pay")
    }
}

impl Fact {
    /// The row: what it is, and what it will be.
    #[must_use]
    pub fn row(&self) -> (&'static str, String) {
        match self {
            Self::Ticket { id, number, subject, .. } => {
                ("Ticket", format!("#{number} {subject} (id {id})"))
            }
            Self::Customer { id: Some(id), name } => ("Customer", format!("{name} (id {id})")),
            Self::Customer { id: None, name } => ("Customer", name.clone()),
            Self::By(who) => ("As", who.clone()),
            Self::Email { kind: COMMENT, says, .. } => ("Comment", says.clone()),
            Self::Email { kind: APPOINTMENT, says, .. } => (EMAIL_APPOINTMENT, says.clone()),
            Self::Email { says, .. } => ("Email", says.clone()),
            Self::Line(line) => ("Line item", line.says.clone()),
            Self::Subtotal { says, .. } => ("Subtotal", says.clone()),
            Self::Prepaid(None) => ("Prepaid", "none".to_owned()),
            Self::Prepaid(Some(prepaid)) => ("Prepaid", prepaid.says()),
            Self::Status { says, .. } => ("Change", says.clone()),
        }
    }

    /// What its line is: whom it reaches and how much it is about is what a person says yes to.
    #[must_use]
    pub fn kind(&self) -> LineKind {
        match self {
            // Its text follows; whom it reaches is said once more at the end.
            Self::Email { kind: COMMENT, .. } => LineKind::Plain,
            Self::Email { to, .. } if !to.is_empty() => LineKind::Stake,
            Self::Subtotal { .. } | Self::Prepaid(Some(_)) => LineKind::Stake,
            _ => LineKind::Plain,
        }
    }

    /// Whether it says what a write is about: that is said once, however many writes there are.
    #[must_use]
    pub const fn is_head(&self) -> bool {
        matches!(self, Self::Ticket { .. } | Self::Customer { .. } | Self::By(_))
    }

    /// Puts it where `preview` has it.
    pub fn put(&self, preview: &mut Value) {
        let plain = |number: &Decimal| number.normalize().to_string();
        // As money is written: with its cents.
        let amount = |amount: &Decimal| {
            let amount = amount.normalize();
            let places = amount.scale().max(2) as usize;
            format!("{amount:.places$}")
        };
        let (member, value) = match self {
            Self::Ticket { id, number, subject, status } => (
                "ticket",
                json!({"id": id, "number": number, "subject": subject, "status": status}),
            ),
            Self::Customer { id, name } => ("customer", json!({"id": id, "name": name})),
            Self::By(who) => ("attributed_to", json!(who)),
            Self::Email { kind, to, .. } => {
                if let Value::Array(all) = &mut preview["email"] {
                    all.extend(to.iter().map(|to| json!({"to": to, "kind": kind})));
                }
                return;
            }
            Self::Line(line) => (
                "lines",
                json!({
                    "name": line.name,
                    "quantity": plain(&line.quantity),
                    "price": amount(&line.price),
                    "amount": amount(&line.amount),
                    "taxable": line.taxable,
                    "source": line.source,
                }),
            ),
            Self::Subtotal { amount: subtotal, .. } => ("subtotal", json!(amount(subtotal))),
            Self::Prepaid(None) => return,
            Self::Prepaid(Some(prepaid)) => (
                "prepaid",
                json!({
                    "before": plain(&prepaid.before),
                    "after": plain(&prepaid.after()),
                    "covered_hours": plain(&prepaid.covered),
                    "left_to_pay": amount(&prepaid.left),
                }),
            ),
            Self::Status { from, to, .. } => ("status", json!({"from": from, "to": to})),
        };
        match &mut preview[member] {
            Value::Array(several) => several.push(value),
            one => *one = value,
        }
    }
}

/// A `preview` that says nothing yet.
#[must_use]
pub fn nothing() -> Value {
    json!({
        "title": "", "customer": null, "ticket": null, "attributed_to": null, "email": [], "lines": [],
        "subtotal": null, "prepaid": null, "status": null, "guards": [], "notes": [], "rows": [],
    })
}
