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
/// Values in, text out: tables, the ticket page, HTML to text, sanitising.
pub mod render;
/// The practice server; knows nobody.
pub mod sandbox;
/// The one room that owns the terminal: streams, colour, prompts, progress, Ctrl-C.
pub mod ui;
/// The one door for writes: plan, confirmation, journal, execution, settling, resume.
pub mod write;
