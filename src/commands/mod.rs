//! What people type: a file a command, a folder where it has parts, arguments beside `run`; and what they share: how
//! tickets, customers and words are named (`resolve`), what a command on one ticket begins with (`on_ticket`), how lists
//! are cut (`listing`), how a read is answered (`answer`), how plans are confirmed and carried out (`perform`).

pub mod answer;
pub mod api;
pub mod appointment;
pub mod asking;
pub mod asset;
pub mod bill;
pub mod close;
pub mod comment;
pub mod completions;
pub mod config;
mod consent;
pub mod contact;
pub mod create;
pub mod customer;
pub mod customers;
pub mod days;
pub mod delete;
pub mod doctor;
pub mod fields;
pub mod help;
pub mod init;
pub mod invoice;
pub mod line;
pub mod listing;
pub mod logout;
pub mod man;
pub mod mirrored;
pub mod move_appointment;
pub mod on_ticket;
pub mod open;
pub mod payment;
pub mod product;
pub mod report;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod search;
pub mod sort;
pub mod spent;
#[cfg(feature = "offline")]
pub mod sync;
pub mod text;
pub mod ticket;
pub mod tickets;
pub mod timer;
mod typed_again;
pub mod update;
pub mod verbs;
pub mod whoami;
