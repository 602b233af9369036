//! `syncro`: the architecture page.
//!
//! # The one idea
//!
//! Everything dangerous about this program is a write. So a write is a value, not a call: it is planned, previewed and
//! confirmed before anything is sent, sent at most once, and believed only when a GET shows it.
//!
//! ```text
//! argv ─ cli ─ commands ─────────► workflow ─► operations ─► write ─► api ─► server
//!              args → requests     lock        what to read  journal   one transport,
//!                                  gather      guards        send once pacing, retry of reads
//!                                  approval    preview       look
//!                                  report      effect        check
//! syncro api, resume: the same way, from the same requests
//! ```
//!
//! Calls go downward in this picture. `api`, `billing`, `operations`, `write` and `render` know nothing of terminals; `ui`
//! and `render` know nothing of HTTP; nobody but `write` sends; `sandbox` imports no other room. `tests/it/walls.rs` guards
//! the walls that the compiler cannot, and `tests/it/measures` the sizes.
//!
//! # How a write flows
//!
//! 1. A command turns its arguments into requests. [`operations::Operation::of`] says of each what must be read, and the
//!    workflow reads that: independent GETs at once.
//! 2. Each operation proposes, without a request: preview rows, findings, the [`write::Effect`] it makes true and the
//!    [`write::Precondition`]s that must still hold when it is sent. Together they are a [`write::Plan`].
//! 3. [`operations::Guard`]s that found something become questions; a script must name their flags.
//! 4. The approval makes a [`write::Confirmed`], the only value that the sender accepts.
//! 5. For each step: the intent goes to the journal and to the disk, the request is sent once, the answer is classified,
//!    the outcome is journaled, and a GET checks it. An unclear answer means *unknown*: the program looks, and does not send
//!    again.
//! 6. What is unfinished stays in the journal, where `syncro resume` finds it.
//!
//! # How to add …
//!
//! - **a command:** a file in `commands` (args, examples and `run` together), an arm in `cli`, a line in
//!   `tests/it/fast.rs`, its cases in `tests/it/write_faults` if it writes. What a person is asked for where an argument is
//!   missing is a row in `commands/asking`; what a shell offers for it is one in `completion`; where a text that it sends
//!   is kept is one in `workflow/wording.rs`. `tests/it/snapshots` gets its whole output.
//! - **a noun:** its paths in `api/folder.rs`, its types and calls in `api/resources`, its names in `write::Noun`, its [`operations::Resource`] (or a
//!   [`operations::Rule`] where a write is not just create, update or delete) with a line in the list of routes, its table
//!   in `tests/it/parity`, its pages and its list's columns in `render`, a line in `render/lists.rs`, what tells its records
//!   apart in `commands/resolve/candidates.rs`,
//!   a folder in `commands`, its routes and seed in `sandbox`.
//! - **a guard:** a line in `operations/guard.rs`. Its flag, help text and refusal follow from it; a command offers it by
//!   naming it in the type of its `Overrides`. One that a request alone decides is a rule in `operations/written.rs`, which
//!   every write goes through.
//! - **a setting:** a row in `config/known.rs`, its reading in `config/file.rs`, its default in `config/defaults.toml`, its
//!   line in `config.example.toml`.
//! - **a report:** its rule in `reports`, as a function of records, with its worked example; its shape and rows in
//!   a file `render/report…`, a line in `render/lists.rs`; its reading in `commands/report`; what it reads of a record in
//!   `reports/kept.rs`, since nothing else of one is kept.
//! - **a kind of records in the mirror:** its lines in `mirror/kinds.rs`, by what it is found in `mirror/row.rs`; what must
//!   not be kept of it in `mirror/never.rs`.
//! - **a fault:** a kind in `sandbox/kind.rs`, its behavior in `sandbox/fault_reply.rs`, its cases in the matrices.
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | plan, step | everything a command would write; one request of it |
//! | effect | what a step makes true: created, updated, deleted, timer charged, or unverifiable |
//! | precondition | what must still be as previewed when a step is sent |
//! | collection | a list in which a new record appears |
//! | read set, snapshot | which reads a look makes; what they returned |
//! | observation | what a snapshot shows of one step: found, missing, duplicates, ambiguous, conflict |
//! | baseline | the ids that were there before the first write |
//! | adopted | a record found by looking, after its answer was lost |
//! | guard, finding, override | a known mistake; one that was found; the flag that lets it pass |
//! | settling | looking for a record after an unclear answer, for `settle_seconds` |
#![warn(missing_docs)]

/// What is known of the account and kept for a while: lists, names, ticket numbers.
pub mod account;
/// The Syncro API, typed: reads and requests as values; transport, pacing, retries, pages, errors. Only the transport
/// names the HTTP library.
pub mod api;
/// Labor types, quantities, the prepaid rule, amounts, invoice checks: pure functions.
pub mod billing;
/// Global flags, the command enum, dispatch.
pub mod cli;
/// What people type: a file a verb, and what they share.
pub mod commands;
/// What a shell offers when a person presses Tab.
pub mod completion;
/// File, profiles, environment and key sources: what was typed, then what it means.
pub mod config;
/// What a command gets: settings, clock, terminal; reader and sender built on first use.
pub mod context;
/// Days and moments as people type them.
pub mod dates;
/// What of the command line is described only once its command was typed.
pub mod deferred;
/// Drafts from a local model, with an HTTP client of their own that knows neither key nor base URL.
pub mod draft;
/// Kinds of failure, hints, exit codes.
pub mod error;
/// What `--help` and `syncro help` print: pages, groups and topics.
pub mod help;
/// What was typed at prompts before.
mod history;
/// Hosts, as people know them.
mod hosts;
/// What `syncro sync` keeps of the account: one SQLite file per address and key. Plans, previews and guards cannot read it.
#[cfg(feature = "offline")]
pub mod mirror;
/// Names as they are compared, everywhere alike.
mod names;
/// Each write of the API, known once: reads, guards, preview, effect, checks.
pub mod operations;
/// In which form an answer is printed, as the global flags say: filtered JSON, chosen columns, CSV.
pub mod output;
/// Files and folders that only their owner can enter.
mod private;
/// Programs that people name, found as their shell would find them.
mod programs;
/// Tables, pages, previews, JSON, HTML to text, sanitizing: values in, text out.
pub mod render;
/// Reports of money that slipped: what waits, what contradicts itself. Records in, rows and sums out.
pub mod reports;
/// The practice server: state, one route table, faults; its seed is data.
pub mod sandbox;
/// One sort for all records.
mod sorting;
/// Texts that a person wrote, kept until they are sent.
mod texts;
/// The one room that owns the terminal: stdout, stderr, color, width, prompts, progress.
pub mod ui;
/// The way of every write: lock, gathering, guards, preview, approval, execution, report.
pub mod workflow;
/// The one door for writes: plan, confirmation, journal, execution, matching, checking.
pub mod write;
