//! The promises of the program, a module each, in one test binary.
#![expect(clippy::unwrap_used, reason = "a test may fail and report")]

mod config;
