//! Reports: what the account's own records say of money that slipped. Pure: records and the day come in, rows, sums and
//! what could not be judged go out. Reading is the business of `commands/report`, showing that of `render/report`.
//!
//! What cannot be read is not absent: a case of which a part is missing is left out, and counted with the reason; a sum
//! that misses something says so.

pub mod alerts;
pub mod ar;
pub mod assets;
pub mod close;
pub mod drift;
pub mod duplicates;
pub mod patches;
pub mod prepaid;
pub mod recurring;
pub mod stale;
pub mod time;
pub mod uninvoiced;

mod alike;
mod at_least;
mod clocked;
mod code;
pub mod kept;
mod left_out;
mod mend;
mod parts;
mod received;
mod row;
mod spans;
mod takes;
mod time_rows;

pub use at_least::AtLeast;
pub use clocked::Office;
pub(crate) use left_out::deleted;
pub use left_out::{LeftOut, Why, why};
pub use mend::Mend;
pub use parts::{Parts, Seen};
pub use received::Received;
pub use row::{UNKNOWN, Whose, customer_name};
pub use takes::{Taken, Takes};
