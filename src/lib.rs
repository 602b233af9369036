//! `syncro`, room by room. Each room's own first lines say what it is for and what it leaves to others.
#![warn(missing_docs)]

/// The Syncro API, typed: reads and writes as values, one file that sends.
pub mod api;
/// Billing rules: pure functions.
pub mod billing;
/// Global flags, the command enum, dispatch.
pub mod cli;
/// What people type: a file a command, a folder where it has parts, and what they share.
pub mod commands;
/// Settings: what was typed, then what it means.
pub mod config;
/// What a command gets.
pub mod context;
/// Days and moments as people type them.
pub mod dates;
/// Prose from a local model, and checks on any prose before a customer reads it.
pub mod draft;
/// Kinds of failure, hints, exit codes.
pub mod error;
/// Each write of the API, known once: reads, guards, preview, checks.
pub mod operations;
/// Values in, text out.
pub mod render;
/// The practice server; imports no other room.
pub mod sandbox;
/// The one room that owns the terminal.
pub mod ui;
/// The way of every write: lock, gather, guards, preview, confirmation, execution, report.
pub mod workflow;
/// The one door for writes: plan, confirmation, journal, execution, settling, resume.
pub mod write;
