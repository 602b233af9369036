//! Ids as types, so that a customer cannot be passed where a ticket is meant. All are 64-bit: the server's ids
//! passed 2^31 long ago. A ticket's number, which people see, is not its id, which paths take.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Reads an unsigned integer given as a JSON number or as a string of digits.
fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let text = match &value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err(serde::de::Error::custom("an id is a number")),
    };
    text.parse().map_err(|_| serde::de::Error::custom(format!("{text:?} is not an id")))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                digits(deserializer).map(Self)
            }
        }
    )*};
}

ids! {
    /// A ticket's internal id, the one paths take.
    TicketId,
    /// A comment on a ticket.
    CommentId,
    /// A line item of a ticket.
    LineItemId,
    /// A timer entry of a ticket.
    TimerId,
    /// A customer.
    CustomerId,
    /// A customer's contact.
    ContactId,
    /// A product, labor products included.
    ProductId,
    /// An invoice's internal id; its number is another thing.
    InvoiceId,
    /// A recurring invoice.
    ScheduleId,
    /// A line of a recurring invoice.
    ScheduleLineId,
    /// A type of assets, a word of the account.
    AssetTypeId,
    /// A user: the technician a key belongs to, or a colleague.
    UserId,
    /// An appointment.
    AppointmentId,
    /// A kind of appointment, from the account's own list.
    AppointmentTypeId,
    /// A customer's asset: a computer, a printer.
    AssetId,
    /// An alert of an asset.
    AlertId,
    /// A payment.
    PaymentId,
    /// One of a customer's addresses.
    AddressId,
    /// A kind of ticket, from the account's own list.
    TicketTypeId,
}

/// A ticket's or invoice's number as people see and type it: text, since the server sends both `32181` and `"32181"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Number(pub String);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::String(text) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a number is digits")),
        }
    }
}
