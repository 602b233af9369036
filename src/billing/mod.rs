//! Billing rules as pure functions: quantities, amounts, discounts, what is open, labor types, the prepaid rule, the check of an
//! invoice; amounts as they are typed, and as the account's currency writes them.

pub mod balance;
pub mod check;
pub mod contents;
pub mod currency;
pub mod discount;
pub mod expected;
pub mod labor;
mod matched;
pub mod money;
pub mod quantity;
mod told;
pub mod typed;
pub mod uninvoiced;

#[cfg(test)]
mod amount_tests;
