//! From what people type to what paths take: tickets by number, customers and users by name, words by the account's own
//! lists. Asks for what is not remembered; a value that names several is a question on a terminal, an error elsewhere.

pub mod candidates;
pub mod contact;
pub mod customer;
pub mod named;
pub mod reading;
pub mod ticket;
pub mod user;

pub use crate::operations::choice::{self, choice, choice_of};
pub use candidates::Candidate;
pub use customer::{CustomerArg, customer, customer_id, customer_or_disabled, may_mean};
pub use named::IdOrName;
pub use ticket::{
    Heading, Target, TicketArg, Waiting, another, find, heading, not_found, proves, target,
};
pub use user::{UserArg, user};
