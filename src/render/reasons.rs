//! Why a step stopped, is in doubt or deserves a warning, for people.

use std::fmt::{self, Display};

use crate::api::same;
use crate::billing::expected::spell;
use crate::billing::money;
use crate::error::Error;
use crate::write::{Changed, Conflict, Difference, Failure, FieldKind, Rounded, Warning, Why};

/// What to do where nothing was written, and only the preview is out of date.
pub(super) const AGAIN: &str = "run the command again to plan from the current data";

/// How much of a text a warning repeats.
const SHOWN: usize = 160;

impl From<Changed> for Error {
    fn from(changed: Changed) -> Self {
        Self::refused(changed.to_string()).nothing_written().hint(AGAIN)
    }
}

impl Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(label) => write!(f, "{label} is gone"),
            Self::Differs(label, difference) => previewed_otherwise(f, label, difference),
            Self::Charged(timer) => write!(f, "timer entry {timer} was charged in the meantime"),
            Self::NotBillable(timer) => write!(f, "timer entry {timer} is marked as not billable"),
            Self::ChargeUnclear(timer) => {
                write!(f, "cannot read whether timer entry {timer} is charged")
            }
            Self::BillableUnclear(timer) => {
                write!(f, "cannot read whether timer entry {timer} is billable")
            }
            Self::Paid => f.write_str("the invoice is fully or partly paid"),
            Self::Contents(what) => f.write_str(what),
            Self::Listed(label) => write!(f, "{label} changed since the preview"),
            Self::Unread(label) => write!(f, "{label} cannot be read any more"),
            Self::Came(label, ids) => {
                let ids = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                write!(f, "the same {label} appeared since the preview (id {ids})")
            }
            Self::Rounded(rounded) => rounded.fmt(f),
            Self::Since(label, id, news) => {
                write!(f, "{label} {id} was right when it was checked, and has changed: {news}")
            }
            Self::Overwritten(None, now) => write!(f, "someone else changed it to \"{now}\""),
            Self::Overwritten(Some(why), now) => {
                write!(f, "{why}; and someone else changed it to \"{now}\"")
            }
            Self::Meanwhile => f.write_str("the data changed while the plan was being prepared"),
            Self::Orphaned => f.write_str("the record it belongs to was not found"),
        }
    }
}

fn previewed_otherwise(
    f: &mut fmt::Formatter<'_>,
    label: &str,
    difference: &Difference,
) -> fmt::Result {
    let (field, expected) = (&difference.field.label, &difference.field.expected);
    if expected.is_object() || expected.is_array() {
        return write!(f, "{label}: its {field} changed since the preview");
    }
    let (now, expected) = (difference.now(), difference.expected());
    write!(f, "{label}: {field} is now {now}, but the preview showed {expected}")
}

impl Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("gone"),
            Self::Field(difference) => {
                write!(f, "{} {}", difference.field.label, difference.now())
            }
        }
    }
}

impl Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (money::display(self.from), money::display(self.to));
        write!(f, "Syncro rounded charged time up: the invoice comes to {to}, not to {from}")
    }
}

impl Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoId(label) => return write!(f, "the answer has no {label} id"),
            Self::Said(cause) => cause,
            Self::NoAnswer => "no answer was recorded",
            Self::Damaged => "the journal is damaged",
            Self::NotShown => "Syncro accepted it, but a GET does not show the change",
            Self::NotFound => "not found when it was old enough to send again",
            Self::AnotherTimer => "the answer is for a different timer entry",
            Self::NotNew => "the answer names a record that already existed",
            Self::NotConfirmed => "the answer does not confirm it",
        })
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Price { label, shown, sent } => {
                let (shown, sent) = (money::display(*shown), money::display(*sent));
                write!(f, "the {label} shows {shown} instead of {sent}")
            }
            Self::Discount { label, shown, sent } => {
                let sent = money::display(*sent);
                match shown.map(money::display) {
                    Some(shown) => write!(f, "the {label} comes to {shown} instead of {sent}"),
                    None => write!(f, "the {label} has an unclear discount instead of {sent}"),
                }
            }
            Self::InvoiceEmpty => f.write_str("the invoice has no lines"),
            Self::InvoiceZero => {
                write!(f, "the invoice is {}, and no prepaid hours were taken", money::zero())
            }
            Self::Invoice(what) => f.write_str(what),
            Self::Unreadable => f.write_str("cannot read the invoice or its customer"),
            Self::Declined(said) if said.is_empty() => f.write_str("the payment failed"),
            Self::Declined(said) => write!(f, "the payment failed: {said}"),
            Self::Charged(charged) => {
                write!(f, "{charged}; the preview did not show it, and the next invoice takes it")
            }
            Self::Unclear(label, found) => write!(f, "cannot read {found} of the {label}"),
            Self::Missing(label) => write!(f, "cannot find the {label}"),
            Self::Differs(fields) => {
                let fields: Vec<String> = fields.iter().map(Difference::to_string).collect();
                f.write_str(&fields.join("; "))
            }
            Self::NotStored(fields) => {
                write!(f, "Syncro accepted it, but did not store {}", fields.join(", "))
            }
            Self::Conflict(Conflict::Gone) => f.write_str("it is gone"),
            Self::Conflict(now) => write!(f, "it is now \"{now}\""),
        }
    }
}

impl Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(number) => {
                write!(f, "invoice #{number} is a draft: its customer gets it once it is published")
            }
            Self::UnplannedTax(tax) => {
                write!(f, "the invoice has {} of tax, but none was planned", money::display(*tax))
            }
            Self::ChargedAs { timer, made, own } => {
                write!(f, "Syncro charged timer entry {timer} as {made} hours, not {own}")
            }
            Self::ChargedAtOnce { timer, line, made } => {
                write!(f, "Syncro charged timer entry {timer} at once: ")?;
                match (made, line) {
                    (Some(made), _) => {
                        let price = made.price().unwrap_or_default();
                        let discount = made.discount().unwrap_or_default();
                        let quantity = made.quantity.unwrap_or_default();
                        let line = spell(quantity, &made.name, price, discount);
                        write!(f, "line item {}: {line}", made.id)
                    }
                    (None, Some(id)) => write!(f, "line item {id}"),
                    (None, None) => f.write_str("check the line items of the ticket"),
                }
            }
            Self::MayBeCharged { timer, found } => write!(
                f,
                "timer entry {timer} may be charged: cannot read {found}; check the line items of the ticket"
            ),
            Self::NotCharged { timer } => write!(
                f,
                "Syncro stopped timer entry {timer} but did not charge it: there is no new line item"
            ),
            // A text is not repeated as it was sent, which whoever reads this has written.
            Self::Stored(label, stored) if stored.field.kind == FieldKind::Prose => {
                let words = same::text(stored.now.as_str().unwrap_or_default());
                let words: String = words.chars().take(SHOWN).collect();
                let field = &stored.field.label;
                write!(f, "Syncro shows the {label} with another {field}: {words}")
            }
            Self::Stored(_, difference) => difference.fmt(f),
            Self::Moved(label, names) => {
                write!(f, "Syncro also changed: {}; check {label}", names.join(", "))
            }
            Self::Kept { line, planned } => {
                write!(f, "kept Syncro's rounding: {line} instead of {planned}")
            }
            Self::Accepted(label) => {
                write!(f, "Syncro accepted {label}; the API cannot confirm it")
            }
            Self::KeepsSecrets(path) => write!(
                f,
                "secrets that were sent could not be taken out of {}; remove that file, or they stay for a month",
                path.display()
            ),
            Self::NotClosed => f.write_str(
                "everything was written and checked, but the journal could not be closed; `syncro resume` will check again",
            ),
        }
    }
}
