//! Every promise of the program, a module each, in one binary.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod sandbox;
