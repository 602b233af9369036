//! The API's nouns: for each, what this program understands of it and the requests that concern it, as values.
//! One file a noun; types and requests together, so that a field is one edit.

pub mod appointments;
pub mod assets;
pub mod comments;
pub mod contacts;
pub mod customers;
pub mod invoices;
pub mod line_items;
pub mod payments;
pub mod products;
pub mod settings;
pub mod tickets;
pub mod timers;
pub mod users;
