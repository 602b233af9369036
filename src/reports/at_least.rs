//! A sum that may miss something, and says so.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::billing::money;

/// What is known of a sum; with anything unknown in it, it is a lower bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AtLeast {
    /// The sum of what is known.
    pub known: Decimal,
    /// Whether something is not in it.
    pub misses: bool,
}

impl AtLeast {
    /// Adds an amount, or that one is not known, or too large for a sum.
    pub fn add(&mut self, amount: Option<Decimal>) {
        match amount.and_then(|amount| self.known.checked_add(amount)) {
            Some(known) => self.known = known,
            None => self.misses = true,
        }
    }

    /// Adds another sum.
    pub fn join(&mut self, other: Self) {
        self.add(Some(other.known));
        self.misses |= other.misses;
    }

    /// The same, which also misses something where that is so.
    #[must_use]
    pub const fn missing(self, misses: bool) -> Self {
        Self { misses: self.misses || misses, ..self }
    }

    /// The known part as scripts read it, with two decimals.
    #[must_use]
    pub fn json(&self) -> Value {
        json!(money::plain(money::cents(self.known)))
    }

    /// The names of those sums that are lower bounds.
    #[must_use]
    pub fn names(sums: &[(&str, Self)]) -> Value {
        sums.iter().filter(|(_, sum)| sum.misses).map(|(name, _)| json!(name)).collect()
    }
}
