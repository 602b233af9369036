//! The promises of the program, a module each, in one test binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed test, and a test may report"
)]

mod config;
mod pacing;
#[cfg(unix)]
mod prompts;
mod sandbox;
mod transport;
