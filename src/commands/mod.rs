//! What people type: a file a command, a folder where it has parts, arguments beside `run`; and what they share: how
//! tickets are named (`resolve`), what a command on one ticket begins with (`on_ticket`), how plans are confirmed and
//! carried out (`perform`), how much of a list is shown (`listing`), how a read is answered (`answer`).

pub mod answer;
pub mod appointment;
pub mod asset;
pub mod bill;
pub mod contact;
pub mod delete;
pub mod invoice;
pub mod line;
pub mod listing;
pub mod on_ticket;
pub mod payment;
pub mod perform;
pub mod product;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod ticket;
pub mod timer;
pub mod update;
