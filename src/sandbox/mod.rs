//! The practice server: a stateful stand-in for the Syncro API, with its habits and, on demand,
//! its failures.
//!
//! It knows none of the other rooms and has its own reading of the API, so that a mistake in
//! theirs shows. Its company is invented; what a server sends to customers goes nowhere.

mod alerts;
mod appointment_writes;
mod appointments;
mod assets;
mod blank;
mod bounds;
mod clock;
mod colleague;
mod comments;
mod contacts;
mod contracts;
mod customers;
mod estimates;
mod fault;
mod fault_reply;
mod invoice_lines;
mod invoices;
mod invoicing;
mod kind;
mod lines;
mod listing;
mod log;

mod call;
mod email;
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
mod search;
mod seed;
mod serve;
mod server;
mod settings;
mod state;
mod store;
mod ticket_writes;
mod tickets;
mod timers;
mod value;
mod wire;

use std::path::PathBuf;

use jiff::civil::Date;

pub use fault::{Fault, FaultError};
pub use rate::{Rate, RateError};
pub use server::{Server, start};
pub use store::reset;

/// The key of Robin Ashgrove, the trainee technician.
pub const KEY: &str = "sandbox-key-not-a-secret";

/// The key of Mika Thornquist, the colleague.
pub const COLLEAGUE_KEY: &str = "sandbox-colleague-key-not-a-secret";

const TRAINEE: i64 = 81_204;
const COLLEAGUE: i64 = 81_207;

/// The account as its records name it.
const ACCOUNT: i64 = 5_108;

/// Options of a practice server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the state; servers that share it share the account.
    pub dir: PathBuf,
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Faults to strike requests with.
    pub faults: Vec<Fault>,
    /// Limit on requests in a window of time.
    pub rate: Rate,
    /// Log file: one line of JSON for each request.
    pub log: Option<PathBuf>,
    /// Entries on a page of a list; comments have their own size.
    pub list_page: usize,
    /// The first day of a new account, around which its records lie: the last working day, unless a test wants its
    /// dates to be always the same.
    pub first_day: Option<Date>,
}

impl Options {
    /// Returns the server's ordinary behaviour, on any free port.
    ///
    /// For tests, `SYNCRO_SANDBOX_TODAY` names the first day, as `2026-03-17`; an unreadable value is ignored.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            faults: Vec::new(),
            rate: Rate::default(),
            log: None,
            list_page: 25,
            first_day: std::env::var("SYNCRO_SANDBOX_TODAY").ok().and_then(|day| day.parse().ok()),
        }
    }
}

/// Returns the configuration that goes with the practice account, in the format of `config.toml`.
pub fn config() -> &'static str {
    include_str!("config.toml")
}
