//! What people type: a file a command, a folder where it has parts, arguments beside `run`; and what they share: how
//! tickets are named (`resolve`), how plans are confirmed and carried out (`perform`).

pub mod bill;
pub mod completions;
pub mod doctor;
pub mod init;
pub mod perform;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod ticket;
pub mod whoami;
