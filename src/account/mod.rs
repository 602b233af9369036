//! What is known of the account without asking it each time: its currency, zone and business hours, its lists, what ids are
//! called, tickets' numbers, and what lists have shown. It is kept in small files in the state folder.

mod cache;
pub mod currency;
mod facts;
pub mod lists;
pub mod names;
pub mod offers;
mod ticket_numbers;

pub use facts::{AccountCache, AccountFacts};
pub use lists::{Lists, Which};
pub use ticket_numbers::TicketNumbers;
