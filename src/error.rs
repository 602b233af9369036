//! What can go wrong, seen from outside: a kind (which decides the exit code), one message, hints on what to
//! type next. Rooms have typed errors of their own where their callers must tell cases apart; here they meet.

use std::fmt;

/// Why a command ended without doing all it was asked; each kind has one exit code, promised in README.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything that has no kind of its own.
    Failure,
    /// Bad or missing arguments, or a write without a confirmation.
    Usage,
    /// The record does not exist.
    NotFound,
    /// 401 or 403.
    NotAuthorised,
    /// The API said no, or a check of ours did before anything was sent, or a plan is pending.
    Refused,
    /// A write may or may not have landed.
    Unconfirmed,
    /// 429 until patience ended.
    RateLimited,
    /// Network or server failure; the failing step wrote nothing.
    Unavailable,
    /// The person said no.
    Cancelled,
    /// Configuration is wrong, or the journal cannot be written.
    Configuration,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The process's exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotAuthorised => 4,
            Self::Refused => 5,
            Self::Unconfirmed => 6,
            Self::RateLimited => 7,
            Self::Unavailable => 8,
            Self::Cancelled => 9,
            Self::Configuration => 10,
            Self::Interrupted => 130,
        }
    }

    /// The name that `--json` prints as `error.kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::NotAuthorised => "not_authorised",
            Self::Refused => "refused",
            Self::Unconfirmed => "unconfirmed",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Cancelled => "cancelled",
            Self::Configuration => "configuration",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The crate's error: what happened, in a sentence, and what to type next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What happened and what was and was not written, without a full stop at the end of a single sentence.
    pub message: String,
    /// What to do or type next, one hint a line.
    pub hints: Vec<String>,
    /// The HTTP status behind it, if one was.
    pub status: Option<u16>,
}

/// The result of nearly everything outside `api`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without hints.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new(), status: None }
    }

    /// A usage error (exit 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A configuration error (exit 10).
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// A refusal by a check of ours (exit 5).
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// Says as well that nothing was written.
    #[must_use]
    pub fn unwritten(mut self) -> Self {
        self.message.push_str("; nothing was written");
        self
    }

    /// Adds a line on what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same, its hints naming this program as it was called: `syncro --sandbox` is what to type next in practice.
    #[must_use]
    pub fn hints_for(mut self, program: &str) -> Self {
        for hint in &mut self.hints {
            for before in ["`", ": "] {
                let plain = format!("{before}syncro ");
                let parts: Vec<&str> = hint.split(&plain).collect();
                let mut out = parts.first().copied().unwrap_or_default().to_owned();
                for part in parts.iter().skip(1) {
                    out.push_str(&match part.starts_with("--") {
                        true => plain.clone(),
                        false => format!("{before}{program} "),
                    });
                    out.push_str(part);
                }
                *hint = out;
            }
        }
        self
    }

    /// Adds the HTTP status behind it.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A failure without a kind of its own, told with all that led to it.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Kind::Failure, format!("{error:#}"))
    }
}
