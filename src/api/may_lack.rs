//! Reads of what an account may lack: its lists, and the records of which only the list tells whether there are any.

use serde::de::DeserializeOwned;

use super::ask::Ask;
use super::begun::Begun;
use super::error::Error;
use super::folder;
use super::pages::Listing;
use super::reader::Reader;
use super::request::List;

impl Reader {
    /// Why a path was not read. That a list is missing is kept here, whoever has asked for it; a page may be that of a proxy,
    /// which tomorrow says something else. One that has been there is not missing because it was not found once.
    pub(super) fn lacking(&self, path: &str, error: Error) -> Error {
        if self.has_answered(path) {
            return error;
        }
        let error = folder::missing(path, error);
        if let (Error::NotFound { by_api: true, .. }, true) = (&error, folder::may_lack(path)) {
            self.absent.iter().for_each(|absent| absent.remember(path));
        }
        error
    }

    /// Whether the account has answered a list that others lack.
    fn has_answered(&self, path: &str) -> bool {
        folder::may_lack(path)
            && self.absent.as_ref().is_some_and(|absent| absent.has_answered(path))
    }

    /// Whether a failed read of the list at that path says that the account has none: in the API's own words, where it has never
    /// shown one.
    #[must_use]
    pub fn says_none(&self, path: &str, error: &Error) -> bool {
        matches!(error, Error::NotFound { by_api: true, .. }) && !self.has_answered(path)
    }

    /// Whether it was found of late that the account lacks a list.
    #[must_use]
    pub fn is_known_to_lack<T>(&self, list: &List<T>) -> bool {
        self.absent.as_ref().is_some_and(|absent| absent.has(list.path()))
    }

    /// Keeps that the account has such a list, or records as this path names one, whatever their list says.
    pub(super) fn has_shown(&self, path: &str) {
        if folder::may_lack(path) {
            self.absent.iter().for_each(|absent| absent.answered(path));
        }
        if let (Some(name), Some(absent)) = (folder::list_above(path), &self.absent)
            && !absent.has(&records_of(name))
        {
            absent.remember(&records_of(name));
        }
    }

    /// Keeps that the account lacks what is done to a record by this path: it was answered as if there were no such thing,
    /// though the last look before it showed the record.
    pub fn keep_lack(&self, path: &str) {
        if let (Some(done), Some(absent)) = (folder::done_to_any(path), &self.absent) {
            absent.remember(&done);
        }
    }

    /// Whether that was found of late, of whichever record.
    #[must_use]
    pub fn lacks(&self, path: &str) -> bool {
        let done = folder::done_to_any(path);
        done.zip(self.absent.as_ref()).is_some_and(|(done, absent)| absent.has(&done))
    }

    /// Reads a list that the account may not have; none where it has not, which the API has to say itself: what somebody
    /// between says in its place is no answer. Only for a path that names no record: below one, a 404 may mean the record.
    ///
    /// # Errors
    /// As for [`Reader::all`]; a 404 that is not believed is one of those, and of a list that has been there nobody can tell
    /// what it has.
    pub async fn all_if_there<T: DeserializeOwned>(
        &self,
        list: List<T>,
    ) -> Result<Option<Listing<T>>, Error> {
        if self.is_known_to_lack(&list) {
            return Ok(None);
        }
        let path = list.path().to_owned();
        match self.or_none(&path, self.all(list).await) {
            Err(Error::NotFound { what, .. }) if self.has_answered(&path) => Err(Error::Foreign {
                what,
                cause: "answered 404, though this account has the list".to_owned(),
                status: Some(404),
            }),
            found => found,
        }
    }

    /// The same of a list that is only begun.
    ///
    /// # Errors
    /// As for [`Reader::begin`].
    pub async fn begin_if_there<T: DeserializeOwned>(
        &self,
        list: List<T>,
    ) -> Result<Option<Begun<T>>, Error> {
        if self.is_known_to_lack(&list) {
            return Ok(None);
        }
        let path = list.path().to_owned();
        self.or_none(&path, self.begin(list).await)
    }

    fn or_none<L>(&self, path: &str, read: Result<L, Error>) -> Result<Option<L>, Error> {
        match read {
            Err(error) if self.says_none(path, &error) => Ok(None),
            read => read.map(Some),
        }
    }

    /// Why a record was not found: where the account may have none of its kind, the list of them tells, once a day; unless it
    /// has shown one.
    pub(super) async fn by_its_list(&self, ask: &Ask, error: Error) -> Error {
        let is_missing =
            matches!(error, Error::NotFound { .. } | Error::Foreign { status: Some(404), .. });
        let Some(name) = folder::list_above(&ask.path).filter(|_| is_missing) else {
            return error;
        };
        let list = Ask { path: format!("/{name}"), query: Vec::new(), ..ask.clone() };
        let knows = |path: &str| self.absent.as_ref().is_some_and(|absent| absent.has(path));
        let is_missing = !knows(&records_of(name))
            && !self.has_answered(&list.path)
            && (knows(&list.path)
                || matches!(Box::pin(self.ask(&list)).await, Err(Error::NotFound { .. })));
        match is_missing {
            true => Error::NotHere { what: folder::none_here(name, &list.what()) },
            false => error,
        }
    }
}

/// Under which name it is kept that the account has records of a list.
fn records_of(name: &str) -> String {
    format!("/{name}/")
}
