//! Pages of a list that are read side by side: how many, and how much of them is in memory at once. Together with those that
//! wait for one before them they have the [`Room`] of one answer, each its share, for which the pages before them are the
//! measure. One that is larger is read again by itself once the others are in, and the next ones have larger shares. Each
//! page is added as soon as those before it are there, so that of what is not wanted nothing is kept.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinSet};

use super::ask::Ask;
use super::error::Error;
use super::observe::Progress;
use super::pages::{IN_VAIN, Page, Pages};
use super::reader::Reader;
use super::request::Many;
use super::room::Room;

/// Pages read side by side once the server has shown that it knows pages: enough that a thousand records take four
/// round trips, few enough that a long list takes a small part of the window at a time and leaves others their turn.
const SIDE_BY_SIDE: usize = 18;

/// Pages that are read or wait, at most: a slow one holds up none of those that come right after it.
const AT_ONCE: usize = 2 * SIDE_BY_SIDE;

/// Reading that takes longer says how far it is.
const WORTH_TELLING: Duration = Duration::from_millis(500);

/// Pages that are there and not added yet; none for one that was larger than its share.
type Waiting = BTreeMap<u64, Option<Page>>;

impl Reader {
    /// Reads pages `from..=to`, a few at a time, and adds them in their order, until there is enough of them. The first
    /// page that was not added, and `true` when so many of them brought nothing that the rest was not asked for.
    pub(super) async fn side_by_side(
        &self,
        ask: &Ask,
        shape: &Many,
        (from, to): (u64, u64),
        pages: &mut Pages<'_>,
    ) -> Result<(u64, bool), Error> {
        let (mut next, mut due) = (from, from);
        let (mut vain, mut stop, mut told) = (0, false, false);
        let (mut tasks, mut waiting) = (JoinSet::new(), Waiting::new());
        let (before, began) = (pages.previous, Instant::now());
        'pages: while due <= to && (due < next || !stop) {
            let most = if due - from == vain { IN_VAIN } else { SIDE_BY_SIDE };
            let fit = pages.largest.pages().min(AT_ONCE);
            while !stop && next <= to && tasks.len() < most && next - due < as_count(fit) {
                let (reader, shape, number) = (self.clone(), shape.clone(), next);
                let ask = Ask { room: Room::shared_by(fit), ..ask.clone() };
                tasks.spawn(async move { (number, reader.page(&ask, &shape, number).await) });
                next += 1;
            }
            if let Some(joined) = tasks.join_next().await {
                let (number, page) = arrived(ask, joined)?;
                // The rest would be page one again, each at the cost of a request.
                stop |= page.as_ref().is_some_and(Page::ignores_page);
                waiting.insert(number, page);
            }
            while let Some(page) =
                self.taken(ask, shape, due, &mut waiting, tasks.is_empty()).await?
            {
                vain += u64::from(page.items.is_empty() || before == Some(page.fingerprint()));
                stop |= vain >= as_count(IN_VAIN);
                pages.add(page);
                due += 1;
                // What is still being read would only be kept to be left out again.
                if pages.items.len() >= shape.enough {
                    break 'pages;
                }
                if began.elapsed() >= WORTH_TELLING {
                    let what = ask.path.to_string();
                    self.transport.observer().reading(&Progress { what, read: due - 1, of: to });
                    told = true;
                }
            }
        }
        if told {
            self.transport.observer().resumed();
        }
        Ok((due, vain >= as_count(IN_VAIN)))
    }

    /// The page that is due, where it is there; one that was too large for its share, once it can be read by itself.
    async fn taken(
        &self,
        ask: &Ask,
        shape: &Many,
        due: u64,
        waiting: &mut Waiting,
        is_alone: bool,
    ) -> Result<Option<Page>, Error> {
        match waiting.get(&due) {
            None => Ok(None),
            Some(None) if !is_alone => Ok(None),
            Some(None) => {
                waiting.remove(&due);
                self.page(ask, shape, due).await.map(Some)
            }
            Some(Some(_)) => Ok(waiting.remove(&due).flatten()),
        }
    }
}

/// A page that was read; none for one that is larger than its share.
fn arrived(
    ask: &Ask,
    joined: Result<(u64, Result<Page, Error>), JoinError>,
) -> Result<(u64, Option<Page>), Error> {
    match joined {
        Ok((number, Err(Error::TooLarge { .. }))) => Ok((number, None)),
        Ok((number, page)) => Ok((number, Some(page?))),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(ask.foreign("the reading was stopped", 200)),
        },
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
