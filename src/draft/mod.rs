//! Checks on prose before a customer reads it, whoever wrote it.

pub mod credentials;
