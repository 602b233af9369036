//! Reads of what an account may lack: its lists, and the records of which only the list tells whether there are any.

use serde::de::DeserializeOwned;

use super::ask::Ask;
use super::error::Error;
use super::folder;
use super::pages::Listing;
use super::reader::Reader;
use super::request::List;

impl Reader {
    /// Reads a list that the account may not have; none where it has not, which is remembered. Only for a path that names no
    /// record: below one, a 404 may mean the record.
    ///
    /// # Errors
    /// As for [`Reader::all`], but for a 404.
    pub async fn all_if_there<T: DeserializeOwned>(
        &self,
        list: List<T>,
    ) -> Result<Option<Listing<T>>, Error> {
        let path = list.path().to_owned();
        if self.absent.as_ref().is_some_and(|absent| absent.has(&path)) {
            return Ok(None);
        }
        match self.all(list).await {
            Ok(listing) => Ok(Some(listing)),
            // A page may be that of a proxy, which tomorrow says something else.
            Err(Error::NotFound { by_api, .. }) => {
                let absent = self.absent.iter().filter(|_| by_api);
                absent.for_each(|absent| absent.remember(&path));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Why a record was not found: where the account may have none of its kind, the list of them tells, once a day.
    pub(super) async fn by_its_list(&self, ask: &Ask, error: Error) -> Error {
        let is_missing =
            matches!(error, Error::NotFound { .. } | Error::Foreign { status: Some(404), .. });
        let Some(name) = folder::list_above(&ask.path).filter(|_| is_missing) else {
            return error;
        };
        let list = Ask { path: format!("/{name}"), query: Vec::new(), ..ask.clone() };
        let memory = self.absent.as_ref();
        if !memory.is_some_and(|absent| absent.has(&list.path)) {
            match Box::pin(self.ask(&list)).await {
                Err(Error::NotFound { by_api, .. }) => {
                    let memory = memory.filter(|_| by_api);
                    memory.into_iter().for_each(|absent| absent.remember(&list.path));
                }
                _ => return error,
            }
        }
        Error::NotHere { what: folder::none_here(name, &list.what()) }
    }
}
