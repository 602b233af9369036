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
    /// Nothing of a list that is not found, be it by a page of whoever stands between: what is shown of it says that it cannot
    /// be seen.
    pub(super) fn or_page<L>(error: Error) -> Result<Option<L>, Error> {
        if error.is_none() { Ok(None) } else { Err(error) }
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
