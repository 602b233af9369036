//! The promises of the program, a module each, in one test binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail and report"
)]

mod pacing;
mod transport;
