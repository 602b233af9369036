//! What people type: one file a command, its arguments beside `run`.

pub mod bill;
pub mod perform;
pub mod resolve;
pub mod resume;
pub mod sandbox;
pub mod ticket;
