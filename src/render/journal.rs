//! Why the journal cannot be used, for people.

use std::fmt;

use crate::error::{Error, Hint, Kind};
use crate::write::{Doing, JournalError, Unread};

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Io(doing, path, error) => Self::configuration(format!(
                "the journal could not be {doing} ({}: {error})",
                path.display()
            ))
            .hint("make the state folder writable, or set SYNCRO_STATE_DIR; writes need a journal"),
            JournalError::NoPlan(id) => Self::new(Kind::NotFound, format!("there is no plan {id}"))
                .next("resume", "list pending plans"),
            JournalError::Unread(id, why) => {
                Self::configuration(format!("cannot read the journal of plan {id}: {why}")).hint(
                    Hint::from("check the ticket in Syncro, then run ")
                        .command(format!("resume --discard {id}")),
                )
            }
        }
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Make => "made",
            Self::Open => "opened",
            Self::Lock => "locked",
            Self::Read => "read",
            Self::Write => "written",
            Self::Sync => "synced",
            Self::SetAside => "set aside",
        })
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::NoPlan => f.write_str("its first line is damaged"),
            Self::Newer(format) => {
                write!(f, "it was written by a newer version (format {format}); update syncro")
            }
            Self::Older(format) => write!(
                f,
                "it was written by an older version (format {format}), which alone can finish it"
            ),
            Self::Io(error) => f.write_str(error),
        }
    }
}
