//! The way of every write, whichever command asks for it: its turn, what is gathered for it, its guards and preview, the
//! confirmation, the execution and the report.

mod allowed;
mod approval;
mod course;
mod execute;
mod gather;
mod lock;
mod overrides;
mod pending;
mod prompter;
mod report;
mod web;
mod wording;

pub use allowed::{allowed_of, was_allowed};
pub use approval::Approval;
pub use course::{
    Turn, begin, begin_writing, clear, not_the_user, with_flag, write, write_in_turn, write_steps,
};
pub use execute::{continue_plan, execute};
pub use gather::{Known, Writing, read, scope, worker};
pub use lock::{Locks, lock, lock_time};
pub use overrides::{HEADING, Overrides, guards};
pub use pending::{mention_removal, refuse_if_any_pending, refuse_if_pending, reminder};
pub use prompter::{TerminalPrompter, dry_run};
pub use report::{already, nothing_json, report, report_made, report_onward, unsent};
pub use web::{shown_page, web_page};
pub use wording::{
    OFFERED, about_field, edited, how_used, keep, keep_unsent, last_comment, offered, place,
    text_args, ticket_called, waiting, writing,
};
