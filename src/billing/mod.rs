//! Billing rules as pure functions: quantities, amounts, labor types, the prepaid rule, the check of an invoice; and amounts as they are typed.

pub mod check;
pub mod contents;
pub mod labor;
pub mod money;
pub mod quantity;
pub mod typed;
