//! The promises of the program, a module each, in one test binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed test, and a test may report"
)]

mod absent;
mod account;
mod alone;
mod already;
mod amounts;
mod api;
mod api_guards;
mod appointments;
#[cfg(unix)]
mod asked;
mod asked_once;
mod bill_colleague;
mod bill_doubt;
mod bill_faults;
mod bill_killed;
mod bill_logged;
mod bill_repair;
mod bill_requests;
mod bill_rounded;
mod bill_rules;
mod bill_terminal;
mod bill_timers;
mod bill_waiting;
mod billable;
mod cells;
mod completed;
mod config;
mod conversation;
mod create;
mod customers;
mod dead_ends;
mod doubt;
mod drafts;
#[cfg(unix)]
mod edited;
#[cfg(target_os = "linux")]
mod examples;
mod extremes;
mod fast;
mod fewer_questions;
mod forms;
mod fuzzed;
mod guard_reach;
mod help;
#[cfg(unix)]
mod kept;
#[cfg(unix)]
mod kept_early;
#[cfg(unix)]
mod kept_forms;
#[cfg(unix)]
mod kept_open;
mod lists;
mod manual;
mod measures;
#[cfg(feature = "offline")]
mod mirror;
mod money;
mod named_first;
mod nouns;
mod office;
#[cfg(unix)]
mod open;
mod options;
mod pacing;
#[cfg(unix)]
mod pager;
#[cfg(unix)]
mod panicking;
mod parity;
mod pickers;
mod practice;
mod preview;
#[cfg(unix)]
mod prompts;
mod prose;
mod readme;
mod references;
mod refusals;
mod releases;
mod report_alerts;
mod report_ar;
mod report_assets;
mod report_close;
mod report_duplicates;
mod report_patches;
mod report_prepaid;
mod report_recurring;
mod report_requests;
mod report_stale;
mod report_time;
mod reports;
mod resume;
mod rules;
mod safety;
mod sandbox;
mod scripting;
mod search;
mod secrets;
#[cfg(unix)]
mod seeing;
mod setup;
mod situations;
#[cfg(target_os = "linux")]
mod snapshots;
#[cfg(unix)]
mod stack;
mod streams;
mod support;
#[cfg(unix)]
mod tables;
mod ticket;
mod tickets;
mod timers;
#[cfg(unix)]
mod torn;
mod transport;
#[cfg(unix)]
mod typing;
mod unreadable;
mod update;
mod version;
mod walls;
mod wording;
mod write_faults;
