//! Customers whose names columns and terminals must get right: accents, and from right to left.

use super::super::state::State;
use super::people::{Customer, add_customer, customer};

/// "Smakbua på Brygga", with accents.
pub(super) const SMAKBUA: i64 = 31_204_777;
/// A bookshop called after the gull, from right to left.
pub(super) const NAWRAS: i64 = 31_204_793;

const CUSTOMERS: [Customer; 2] = [
    customer(
        SMAKBUA,
        Some("Smakbua på Brygga"),
        ("Åse", "Lindgård-Núñez"),
        Some("aase@smakbua.example"),
        None,
        Some("8.25"),
    ),
    customer(
        NAWRAS,
        Some("مكتبة النورس"),
        ("ليلى", "النورسي"),
        Some("layla@nawras-books.example"),
        Some("3.0"),
        None,
    ),
];

/// Adds them.
pub(super) fn add(state: &mut State) {
    for customer in &CUSTOMERS {
        add_customer(state, customer);
    }
}
