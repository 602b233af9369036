//! `syncro`, room by room. Each room's own first lines say what it is for and what it leaves to others.
#![warn(missing_docs)]

/// The Syncro API, typed: reads and writes as values, one file that sends.
pub mod api;
/// Billing rules: pure functions.
pub mod billing;
/// Settings: what was typed, then what it means.
pub mod config;
/// Kinds of failure, hints, exit codes.
pub mod error;
/// The practice server; knows nobody.
pub mod sandbox;
/// The one door for writes: plan, confirmation, journal, execution, settling, resume.
pub mod write;
