//! The API's nouns: for each, what this program understands of it and the requests that concern it, as values.
//! One file a noun; types and requests together, so that a field is one edit.

pub mod alerts;
pub mod appointments;
pub mod assets;
pub mod comments;
pub mod contacts;
pub mod customers;
pub mod invoices;
pub mod line_items;
pub mod payments;
pub mod products;
pub mod schedules;
pub mod settings;
pub mod tickets;
pub mod timelogs;
pub mod timers;
pub mod users;

/// An address in a line: what is said of the streets and of the town.
fn address(streets: [&str; 2], town: [&str; 3]) -> String {
    let said = |part: &&str| !part.is_empty();
    let town: Vec<&str> = town.into_iter().map(str::trim).filter(said).collect();
    let town = town.join(" ");
    let parts = streets.into_iter().map(str::trim).chain([town.as_str()]).filter(said);
    parts.collect::<Vec<_>>().join(", ")
}
