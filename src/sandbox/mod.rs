//! The practice server: a stateful stand-in for the Syncro API, with its habits and, on demand,
//! its failures.
//!
//! It knows none of the other rooms and has its own reading of the API, so that a mistake in
//! theirs shows. Its company is invented; what a server sends to customers goes nowhere.

mod account;
mod alerts;
mod all_comments;
mod appointment_writes;
mod appointments;
mod assets;
mod blueprints;
mod bounds;
mod call;
mod clock;
mod colleague;
mod comments;
mod contacts;
mod contracts;
mod customers;
mod email;
mod estimates;
mod fault;
mod fault_reply;
mod history;
mod invoice_lines;
mod invoices;
mod invoicing;
mod kind;
mod lines;
mod listing;
mod log;
mod options;
mod patches;
mod payments;
mod phones;
mod products;
mod rate;
mod references;
mod reply;
mod respond;
mod routes;
mod rows;
mod schedules;
mod search;
mod seed;
mod serve;
mod server;
mod settings;
mod spelling;
mod state;
mod store;
mod table;
mod ticket_writes;
mod tickets;
mod timelogs;
mod timers;
mod value;
mod wire;

pub use account::{COLLEAGUE_KEY, KEY};
pub use fault::{Fault, FaultError};
pub use options::Options;
pub use rate::{Rate, RateError};
pub use server::{Server, start};
pub use store::reset;

/// Returns the configuration that goes with the practice account, in the format of `config.toml`.
pub fn config() -> &'static str {
    include_str!("config.toml")
}
