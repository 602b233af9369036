//! What people type: a file a command, a folder where it has parts, arguments beside `run`; and what they share: how
//! tickets, customers and words are named (`resolve`), what a command on one ticket begins with (`on_ticket`), how lists
//! are cut (`listing`), how plans are confirmed and carried out (`perform`).

pub mod appointment;
pub mod bill;
pub mod completions;
pub mod create;
pub mod customer;
pub mod customers;
pub mod delete;
pub mod doctor;
pub mod init;
pub mod line;
pub mod listing;
pub mod move_appointment;
pub mod on_ticket;
pub mod perform;
pub mod prose;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod search;
pub mod ticket;
pub mod tickets;
pub mod update;
pub mod whoami;
