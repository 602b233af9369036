//! What people type: a file a command, a folder where it has parts, arguments beside `run`; and what they share: how
//! tickets are named (`resolve`), what a command on one ticket begins with (`on_ticket`), how plans are confirmed and carried out (`perform`).

pub mod bill;
pub mod customer;
pub mod customers;
pub mod delete;
pub mod line;
pub mod listing;
pub mod on_ticket;
pub mod perform;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod search;
pub mod ticket;
pub mod tickets;
pub mod update;
