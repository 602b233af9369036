//! Reads side by side, and reads that are made again. Those side by side have the [`Room`](super::room::Room) of one answer
//! together, each its share, those included that wait for one before them. One of which an answer was larger is made again by
//! itself once the others are in.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::reader::Reader;

impl Reader {
    /// Says what is amiss with a list, or keeps it for [`Reader::tell`].
    pub(super) fn warn(&self, lack: Option<&str>) {
        let Some(lack) = lack else { return };
        match &self.untold {
            Some(untold) => untold.lock().unwrap_or_else(PoisonError::into_inner).push(lack.into()),
            None => self.observer().warning(lack),
        }
    }

    /// Says what is amiss with what was read with this part of `whole`, once it is known that it is not read again.
    fn tell(&self, whole: &Self) {
        let untold = self.untold.as_ref().map(|untold| {
            std::mem::take(&mut *untold.lock().unwrap_or_else(PoisonError::into_inner))
        });
        untold.iter().flatten().for_each(|lack| whole.warn(Some(lack.as_str())));
    }

    /// What a read came to that was made with this share of `whole`; none where an answer was larger, and it has to be made
    /// again. What is amiss with it is said of the one that counts.
    fn made<T>(&self, read: T, whole: &Self) -> Option<T> {
        if self.is_exceeded() {
            return None;
        }
        self.tell(whole);
        Some(read)
    }

    /// Makes two reads of different kinds side by side.
    ///
    /// # Errors
    /// One of theirs: the first that comes.
    pub async fn both<A, B, E>(
        &self,
        one: impl AsyncFn(&Self) -> Result<A, E>,
        other: impl AsyncFn(&Self) -> Result<B, E>,
    ) -> Result<(A, B), E> {
        let (a, b) = tokio::try_join!(self.in_half(&one), self.in_half(&other))?;
        let a = match a {
            Some(a) => a,
            None => one(self).await?,
        };
        let b = match b {
            Some(b) => b,
            None => other(self).await?,
        };
        Ok((a, b))
    }

    async fn in_half<T, E>(
        &self,
        read: &impl AsyncFn(&Self) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let half = self.sharing(2);
        let read = read(&half).await;
        half.made(read, self).transpose()
    }

    /// Makes a read, and where that will not do, another one in its place: what is amiss is said of the one that counts.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn or_again<T, E>(
        &self,
        first: impl AsyncFnOnce(&Self) -> Result<T, E>,
        does: impl FnOnce(&T) -> bool,
        again: impl AsyncFnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut trial = self.clone();
        trial.untold = Some(Arc::default());
        let found = first(&trial).await?;
        if !does(&found) {
            return again(self).await;
        }
        trial.tell(self);
        Ok(found)
    }
}

/// Makes the read of that number, with a reader that has its share of the room.
pub(super) type Make<'r, T, E> = dyn Fn(Reader, u64) -> LocalBoxFuture<'r, Result<T, E>> + 'r;

/// A read that is being made: its number, and what it came to; none where an answer was larger than its share.
type Made<'r, T, E> = LocalBoxFuture<'r, (u64, Option<Result<T, E>>)>;

/// Reads that are numbered, and taken in their order.
pub(super) struct SideBySide<'r, T, E> {
    reader: &'r Reader,
    make: &'r Make<'r, T, E>,
    running: FuturesUnordered<Made<'r, T, E>>,
    /// Those that are in and not due yet; none for one that has to be made again.
    waiting: BTreeMap<u64, Option<T>>,
    /// The number of the one that is taken next.
    pub(super) due: u64,
    /// The number of the one that is begun next.
    pub(super) next: u64,
}

impl<'r, T, E> SideBySide<'r, T, E> {
    /// None yet; the first has the number `first`.
    pub(super) fn new(reader: &'r Reader, make: &'r Make<'r, T, E>, first: u64) -> Self {
        let (running, waiting) = (FuturesUnordered::new(), BTreeMap::new());
        Self { reader, make, running, waiting, due: first, next: first }
    }

    /// Begins those up to `last`, as long as fewer than `most` are being made, and fewer than `fit` are made or wait: each may
    /// take that part of the room.
    pub(super) fn begin(&mut self, last: u64, most: usize, fit: usize) {
        let fitting = u64::try_from(fit).unwrap_or(u64::MAX);
        while self.next <= last && self.running.len() < most && self.next - self.due < fitting {
            let (number, whole, reader) = (self.next, self.reader, self.reader.sharing(fit));
            let read = (self.make)(reader.clone(), number);
            self.running.push(Box::pin(async move {
                let read = read.await;
                (number, reader.made(read, whole))
            }));
            self.next += 1;
        }
    }

    /// Waits for one of them, and shows it; none where it has to be made again, or none is being made.
    pub(super) async fn arrived(&mut self) -> Result<Option<&T>, E> {
        let Some((number, read)) = self.running.next().await else { return Ok(None) };
        let read = read.transpose()?;
        Ok(self.waiting.entry(number).or_insert(read).as_ref())
    }

    /// The one that is due, where it is in, or can be made by itself.
    pub(super) async fn take(&mut self) -> Result<Option<T>, E> {
        let is_alone = self.running.is_empty();
        let taken = match self.waiting.remove(&self.due) {
            None => return Ok(None),
            Some(None) if !is_alone => {
                self.waiting.insert(self.due, None);
                return Ok(None);
            }
            Some(None) => (self.make)(self.reader.clone(), self.due).await?,
            Some(Some(read)) => read,
        };
        self.due += 1;
        Ok(Some(taken))
    }
}
