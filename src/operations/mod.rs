//! Each write of the API, known once: what must be read before it, what stands against it, what its preview says and how
//! it is checked. Values in, values out: it knows neither commands nor terminals, and sends nothing.

mod guard;
mod written;

pub use guard::{Allowed, Finding, Guard, flags};
pub use written::{findings, is_same_line};
