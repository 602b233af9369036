//! Why a read gave no answer. Each cause keeps its status and the server's own words; what the command makes of it
//! (exit code, hint) is decided once, in the conversion below.

use crate::error::{Error as Top, Kind};

/// A read that failed for good, retries included.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// 404.
    #[error("{what} was not found (404)")]
    NotFound {
        /// Method and path.
        what: String,
        /// Whether the API itself says so, and not a page of whoever stands before it.
        by_api: bool,
    },
    /// 404 of one record, where the account has none of its kind: nothing is said of that one.
    #[error("{what} was not found (404)")]
    NotHere {
        /// What the account lacks, and how that was seen.
        what: String,
    },
    /// A record that is not among what is kept of the account: there is none, or it was left out.
    #[error("{what} is not in the mirror")]
    NotKept {
        /// Method and path.
        what: String,
    },
    /// What is not kept of the account, whatever its records are.
    #[error("{what}: not in the mirror")]
    NotMirrored {
        /// Method and path, or a filter that only the server knows.
        what: String,
        /// What keeps it: the command behind this program's name.
        by: Option<&'static str>,
    },
    /// 401 or 403.
    #[error("{what}: not authorized ({status}): {message}")]
    NotAuthorised {
        /// Method and path.
        what: String,
        /// 401 or 403.
        status: u16,
        /// The API's own words.
        message: String,
    },
    /// Another 4xx with the API's own words.
    #[error("{what} was refused ({status}): {message}")]
    Refused {
        /// Method and path.
        what: String,
        /// The status.
        status: u16,
        /// The API's own words.
        message: String,
    },
    /// 429 until the retries were used up.
    #[error("{what}: Syncro's rate limit is exhausted ({message}); gave up after {}", count(*tries))]
    RateLimited {
        /// Method and path.
        what: String,
        /// The API's own words.
        message: String,
        /// How often it was tried.
        tries: u32,
    },
    /// Network failure or 5xx until the retries were used up.
    #[error("{what}: {cause}; gave up after {}", count(*tries))]
    Unavailable {
        /// Method and path.
        what: String,
        /// Why, for people.
        cause: String,
        /// The status, if an answer came.
        status: Option<u16>,
        /// How often it was tried.
        tries: u32,
    },
    /// The API's answer, with a field that this program needs and cannot read.
    #[error("{what}: {cause}")]
    Unread {
        /// Method and path.
        what: String,
        /// Which field, for people.
        cause: String,
        /// The status.
        status: u16,
    },
    /// An answer that is not the API's: a login or proxy page, a redirect, no JSON, another shape.
    #[error("{what}: {cause}")]
    Foreign {
        /// Method and path.
        what: String,
        /// What came instead, for people.
        cause: String,
        /// The status.
        status: Option<u16>,
    },
    /// An answer of which no more was read: there is no room for it.
    #[error("{what}: {cause}")]
    TooLarge {
        /// Method and path.
        what: String,
        /// How large it is, for people.
        cause: String,
        /// The status.
        status: Option<u16>,
    },
    /// An answer about another record than the one that was asked for.
    #[error("{what}: the answer is for a different record, id {id}")]
    Another {
        /// Method and path.
        what: String,
        /// What was answered.
        id: u64,
    },
    /// Answers that do not show what was looked for.
    #[error("the look: {0}")]
    Unseen(Unseen),
    /// The client could not be built: a CA file that cannot be read, say. No request was made.
    #[error("{0}")]
    Setup(String),
    /// The system trusts nobody. No request was made.
    #[error("this machine has no certificate authorities to check a server by")]
    NoAuthorities,
    /// The key could not be obtained. No request was made.
    #[error(transparent)]
    Key(#[from] Top),
}

/// Why a look shows nothing of what was looked for.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unseen {
    /// It is on a ticket of which the id is not known.
    #[error("the plan has no ticket")]
    NoTicket,
    /// Its own id is not known.
    #[error("the plan does not have the record id yet")]
    NoId,
    /// Another record has answered.
    #[error("the server returned a different record")]
    Another,
    /// A field that decisions are made by, as the cause says.
    #[error("cannot read the server's answer: {0}")]
    Unreadable(String),
    /// `null` for a record that is there.
    #[error("the server answers null for a record that its list has")]
    NullButListed,
    /// A list of which the records cannot be told apart.
    #[error("the server's list has records without ids")]
    WithoutIds,
    /// A record that should show its lines.
    #[error("the server's answer has no line items")]
    NoLines,
    /// A list of which pages are missing.
    #[error("the server reports more pages than it returns")]
    Cut,
}

fn foreign(message: String, status: Option<u16>) -> Top {
    let top = Top::new(Kind::Unavailable, message)
        .hint("check the subdomain, the proxy, and whether a login page is in between");
    match status {
        Some(status) => top.status(status),
        None => top,
    }
}

/// "1 try", "4 tries".
fn count(tries: u32) -> String {
    match tries {
        1 => "1 try".to_owned(),
        tries => format!("{tries} tries"),
    }
}

impl Error {
    /// Whether what stopped one read stops all that follow: a key that is not known, a used-up rate limit.
    #[must_use]
    pub const fn stops_all(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::NotAuthorised { status: 401, .. }
                | Self::NotMirrored { .. }
        )
    }

    /// Whether there is no such record, as far as whoever answers knows.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::NotFound { .. } | Self::NotKept { .. })
    }
}

impl From<Error> for Top {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound { .. } | Error::NotHere { .. } => {
                Self::new(Kind::NotFound, message).status(404)
            }
            Error::NotKept { .. } => Self::new(Kind::NotFound, message),
            Error::NotMirrored { by, .. } => {
                let top = Self::new(Kind::NotFound, message);
                match by {
                    Some(sync) => top.next(sync, "copy it"),
                    None => top,
                }
            }
            Error::NotAuthorised { status, .. } => Self::new(Kind::NotAuthorised, message)
                .status(status)
                .hint(if status == 401 {
                    "check the API key: Admin > API Tokens in Syncro"
                } else {
                    "the key lacks a permission: see Admin > API Tokens in Syncro, and `syncro help keys`"
                }),
            Error::Refused { status, .. } => Self::new(Kind::Refused, message).status(status),
            Error::RateLimited { .. } => Self::new(Kind::RateLimited, message)
                .status(429)
                .hint("all users behind one address share the limit; try again in a minute"),
            Error::Unavailable { status, .. } => {
                let top = Self::new(Kind::Unavailable, message);
                match status {
                    Some(status) => top.status(status),
                    None => top.hint("check the network, the proxy and the subdomain"),
                }
            }
            Error::Foreign { status, .. } | Error::TooLarge { status, .. } => {
                foreign(message, status)
            }
            Error::Unseen(_) => foreign(message, None),
            Error::Unread { what, status, .. } => {
                let look = format!("api {}", what.replacen(" /", " ", 1));
                Self::new(Kind::Unavailable, message)
                    .status(status)
                    .next(look, "see what Syncro answers")
            }
            Error::Another { .. } => Self::new(Kind::Unavailable, message)
                .hint("try again; if it happens again, check for a cache or proxy in between"),
            Error::Setup(_) => Self::new(Kind::Configuration, message),
            Error::NoAuthorities => Self::new(Kind::Configuration, message)
                .hint("install them (on Linux the package `ca-certificates`), or name a file in `ca_file`"),
            Error::Key(top) => top,
        }
    }
}
