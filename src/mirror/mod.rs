//! The mirror: what `syncro sync` keeps of an account on this machine, one SQLite file for each address and key. `place`
//! names the file, `store` keeps records in it, `never` leaves out what is never kept, `kinds` says what is read, and
//! `sync` reads it; `answers` answers what reads ask of the API, and `provenance` says what is known of them. `rules` brings a
//! copy that was made by older rules in line with these.
//!
//! What is here may be old. No plan, preview or guard reads it: the rooms that make those cannot name this one, which
//! `tests/it/walls.rs` holds.

mod answers;
mod budget;
mod details;
mod kinds;
mod named;
mod narrowed;
mod never;
mod offered;
mod old;
mod outcome;
mod place;
mod provenance;
mod row;
mod rules;
mod run;
mod said;
mod store;
mod sync;

pub use answers::Answers;
pub use budget::Budget;
pub use kinds::Kind;
pub use outcome::{Outcome, Step, Watch, Wishes};
pub use place::Place;
pub use said::{COUNTED, Said};
pub use store::{Status, Store};
pub use sync::Sync;
