//! Why a look has nothing of a list that not every account has, or not for every key.

use crate::api::Error;

/// Why nothing of a list was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// The account has no such list, or none for this key: that is all there is to see.
    None,
    /// The list may have anything: it could not be read.
    Unread,
}

impl Lack {
    /// The same of a list that is not needed, where it came to this: the account has none, or a page of whoever stands between
    /// came in its place. Any other failure stays one.
    pub(super) fn or_page(error: Option<Error>) -> Result<Self, Error> {
        match error {
            Some(Error::NotFound { by_api: false, .. }) => Ok(Self::Unread),
            Some(error) if !error.is_none() => Err(error),
            _ => Ok(Self::None),
        }
    }

    /// What a failed read comes to. Where the account answers nothing at all, nor does anything else.
    pub(super) fn of(error: Error) -> Result<Self, Error> {
        match error {
            Error::NotFound { by_api: true, .. }
            | Error::NotHere { .. }
            | Error::NotAuthorised { status: 403, .. } => Ok(Self::None),
            // A page of whoever stands between.
            Error::NotFound { by_api: false, .. }
            | Error::Refused { .. }
            | Error::Unavailable { .. }
            | Error::Unread { .. }
            | Error::Foreign { .. }
            | Error::TooLarge { .. }
            | Error::Another { .. }
            | Error::Unseen(_) => Ok(Self::Unread),
            error => Err(error),
        }
    }
}
