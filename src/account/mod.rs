//! What is known of the account without asking it each time: its currency, zone and business hours, its lists, what ids are
//! called, tickets' numbers, what lists have shown, and which of them it does not have. It is kept in small files in the
//! state folder.

mod absent;
mod cache;
pub mod currency;
mod facts;
pub mod lists;
pub mod names;
pub mod offers;
mod ticket_numbers;

pub use absent::Absent;
pub use facts::{AccountCache, AccountFacts};
pub use lists::{Lists, Which};
pub use ticket_numbers::TicketNumbers;
