//! Text that a person gives a command, shared by all that take one: from where (`-m`, `--file`, standard input, a draft,
//! the editor), what of it customers would see as markup, what looks like a credential, and what becomes of it in a
//! comment. Which texts a command needs, and whether it sends them, is its own business.

mod comment;
mod compose;
mod read;
mod source;

pub use comment::Prose;
pub use compose::{Drafted, Drafting, Wanted, Written, plain, text};
pub use source::{ProseArgs, Source, from};
