//! Each write of the API, known once: what must be read before it, what stands against it, what its preview says and how
//! it is checked. Values in, values out: it knows neither commands nor terminals, and sends nothing. `Operation::of` is
//! the only router of requests; a noun's rules are in the file of its name.

mod agreement;
pub mod appointment;
mod asset;
pub mod body;
pub mod calendar;
mod change;
mod charged_line;
mod charged_today;
pub mod choice;
mod clear;
pub mod comment;
mod contact;
mod customer;
mod direct_invoice;
mod document_contents;
mod document_line;
mod elsewhere;
mod estimate;
#[cfg(test)]
mod example;
mod figures;
mod guard;
mod invoice;
mod invoicing;
mod later;
mod line;
mod names;
mod no_undo;
mod on_ticket;
mod operation;
mod other;
mod paid;
mod paid_part;
pub mod payment;
mod publishing;
mod records;
mod repaid;
mod repair;
mod resource;
mod rule;
mod sold;
mod sums;
mod ticket;
pub mod timer;
mod together;
mod twins;
mod unbilled;
mod written;

pub use charged_today::{Worked, Worker, charged_today, worked_reads};
pub use clear::readable;
pub use elsewhere::others;
pub use guard::{Allowed, Finding, Guard, flags};
pub use invoicing::known_before;
pub use line::{FOLLOW_PRICE, spelled};
pub use names::{Names, Word};
pub use on_ticket::{customer_of, disabled, disabled_on, whose};
pub use operation::Operation;
pub use repair::Repair;
pub use resource::{Alike, Resource, ResourceField};
pub use rule::{Call, Env, Proposed, Rule, Severe};
pub use sold::product_ref;
pub use ticket::setting_status;
pub use together::{is_answered, left_behind, rest_on_time, stacked, stays_uninvoiced, together};
pub use unbilled::{
    invoiced_reads, may_run, running_since, timer_running, unbilled, uninvoiced, unmarked,
};
pub use written::findings;
