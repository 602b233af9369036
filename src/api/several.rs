//! Reads of several objects, a few at a time, each with an answer of its own: what one of them lacks does not lose the
//! others. Together they have the memory of one answer, beside what is kept of them.

use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::observe::Progress;
use super::reader::Reader;
use super::record::Record;
use super::request::Get;
use super::side_by_side::SideBySide;

/// So many are read side by side.
const AT_ONCE: usize = 6;

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
        let of = as_count(gets.len());
        let began = Instant::now();
        let (mut read, mut unanswered) = (Vec::new(), 0);
        let one = async |reader: &Self, get: &Get<T>| Ok(reader.one(get).await);
        let take = |answer| {
            unanswered = match &answer {
                Err(Error::Unavailable { .. }) => unanswered + 1,
                _ => 0,
            };
            read.push(match answer {
                Err(error) if unanswered == IN_A_ROW || error.stops_all() => return Err(error),
                answer => answer,
            });
            if began.elapsed() >= WORTH_TELLING {
                let read = as_count(read.len());
                self.observer().reading(&Progress { what: what.to_owned(), read, of });
            }
            Ok(true)
        };
        self.in_turn(&gets, one, take).await?;
        self.observer().resumed();
        Ok(read)
    }

    /// Makes the reads of each of `items`, and answers in their order, with what `read` keeps of them. It is given a reader with
    /// a share of the memory, and is called again with all of it where that was too little.
    ///
    /// # Errors
    /// One of `read`: the first that comes.
    pub async fn each<I, T, E>(
        &self,
        items: &[I],
        read: impl AsyncFn(&Self, &I) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut kept = Vec::new();
        let take = |one| {
            kept.push(one);
            true
        };
        self.each_while(items, read, take).await?;
        Ok(kept)
    }

    /// The same, each handed on as soon as those before it are, for as long as `take` wants more.
    ///
    /// # Errors
    /// As for [`Reader::each`].
    pub async fn each_while<I, T, E>(
        &self,
        items: &[I],
        read: impl AsyncFn(&Self, &I) -> Result<T, E>,
        mut take: impl FnMut(T) -> bool,
    ) -> Result<(), E> {
        self.in_turn(items, read, |one| Ok(take(one))).await
    }

    /// The same, where `take` may end all of it.
    async fn in_turn<I, T, E>(
        &self,
        items: &[I],
        read: impl AsyncFn(&Self, &I) -> Result<T, E>,
        mut take: impl FnMut(T) -> Result<bool, E>,
    ) -> Result<(), E> {
        let read = &read;
        let make = move |reader: Self, number: u64| -> LocalBoxFuture<'_, Result<Option<T>, E>> {
            Box::pin(async move {
                let item = usize::try_from(number).ok().and_then(|number| items.get(number));
                match item {
                    Some(item) => read(&reader, item).await.map(Some),
                    None => Ok(None),
                }
            })
        };
        let Some(last) = as_count(items.len()).checked_sub(1) else { return Ok(()) };
        let fit = items.len().min(AT_ONCE);
        let mut reads = SideBySide::new(self, &make, 0);
        while reads.due <= last {
            reads.begin(last, fit, fit);
            reads.arrived().await?;
            while let Some(one) = reads.take().await? {
                if !one.map_or(Ok(true), &mut take)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
