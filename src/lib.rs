//! `syncro`, room by room. See each room's own first lines for what it leaves to others.
#![warn(missing_docs)]

pub mod sandbox;
