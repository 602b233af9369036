//! Text that a person gives a command, shared by all that take one: from where (`-m`, `--file`, standard input, a draft,
//! the editor), in which form it is sent, what looks like a credential, and what becomes of it in a comment. Which texts
//! a command needs, and whether it sends them, is its own business.

mod comment;
mod compose;
mod flags;
mod form;
mod read;
mod source;

pub use crate::draft::{Drafted, Form};
pub use comment::{Prose, fate};
pub use compose::{Drafting, Wanted, Written, about, text};
pub use flags::{CommentFlags, one_line};
pub use form::FormArgs;
pub use source::{ProseArgs, Source, from};
