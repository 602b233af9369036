//! Reads of several objects, a few at a time, each with an answer of its own: what one of them lacks does not lose the
//! others.

use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use serde::de::DeserializeOwned;

use super::error::Error;
use super::observe::Progress;
use super::reader::Reader;
use super::record::Record;
use super::request::Get;

/// So many are read side by side.
const SIDE_BY_SIDE: usize = 6;

/// Reading that takes longer says how far it is.
const WORTH_TELLING: Duration = Duration::from_millis(500);

/// So many that get no answer one after another: the others would get none, either, each after its own retries.
const IN_A_ROW: usize = 12;

impl Reader {
    /// Reads several objects, and answers in their order; `what` they are is said while that takes long.
    ///
    /// # Errors
    /// What stops all of them: a key that is not known, a used-up rate limit, a server that does not answer any more.
    pub async fn several<T: DeserializeOwned>(
        &self,
        what: &str,
        gets: Vec<Get<T>>,
    ) -> Result<Vec<Result<Record<T>, Error>>, Error> {
        let of = u64::try_from(gets.len()).unwrap_or(u64::MAX);
        let began = Instant::now();
        let mut answers = stream::iter(gets).map(|get| self.get(get)).buffered(SIDE_BY_SIDE);
        let (mut read, mut unanswered) = (Vec::new(), 0);
        while let Some(answer) = answers.next().await {
            unanswered = match &answer {
                Err(Error::Unavailable { .. }) => unanswered + 1,
                _ => 0,
            };
            read.push(match answer {
                Err(error) if unanswered == IN_A_ROW || error.stops_all() => return Err(error),
                answer => answer,
            });
            if began.elapsed() >= WORTH_TELLING {
                let read = u64::try_from(read.len()).unwrap_or(u64::MAX);
                self.observer().reading(&Progress { what: what.to_owned(), read, of });
            }
        }
        self.observer().resumed();
        Ok(read)
    }
}
