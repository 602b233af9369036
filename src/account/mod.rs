//! What is known of the account without asking it each time: its lists, what ids are called, tickets' numbers. It is kept
//! in small files in the state folder.

mod cache;
pub mod lists;
pub mod names;
mod ticket_numbers;

pub use lists::{Lists, Which};
pub use ticket_numbers::TicketNumbers;
