//! Pages of a list that are read side by side: how many, and so how large the share of each is in what they may take
//! together, for which the pages before them are the measure. After one that is larger the next ones have larger shares.
//! Each page is added as soon as those before it are there, so that of what is not wanted nothing is kept.

use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;

use super::ask::Ask;
use super::error::Error;
use super::observe::Progress;
use super::pages::{IN_VAIN, Keep, Page, Pages};
use super::reader::Reader;
use super::request::Many;
use super::side_by_side::SideBySide as Reads;

/// Pages read side by side once the server has shown that it knows pages: enough that a thousand records take four
/// round trips, few enough that a long list takes a small part of the window at a time and leaves others their turn.
const SIDE_BY_SIDE: usize = 18;

/// Pages that are read or wait, at most: a slow one holds up none of those that come right after it.
const AT_ONCE: usize = 2 * SIDE_BY_SIDE;

/// Reading that takes longer says how far it is.
const WORTH_TELLING: Duration = Duration::from_millis(500);

impl Reader {
    /// Reads the pages from the next one to that one, a few at a time, and adds them in their order, until there is enough of
    /// them; `true` when so many of them brought nothing that the rest was not asked for.
    pub(super) async fn side_by_side(
        &self,
        ask: &Ask,
        shape: &Many,
        to: u64,
        keep: &Keep<'_>,
        pages: &mut Pages,
    ) -> Result<bool, Error> {
        let from = pages.next;
        let (mut vain, mut stop, mut told) = (0, false, false);
        let make = move |reader: Self, number: u64| -> LocalBoxFuture<'_, Result<Page, Error>> {
            Box::pin(async move { reader.page(ask, shape, number).await })
        };
        let mut reads = Reads::new(self, &make, from);
        let (before, began) = (pages.previous, Instant::now());
        'pages: while reads.due <= to && (reads.due < reads.next || !stop) {
            if !stop {
                let most = if reads.due - from == vain { IN_VAIN } else { SIDE_BY_SIDE };
                reads.begin(to, most, self.room.holds(pages.largest).min(AT_ONCE));
            }
            // The rest would be page one again, each at the cost of a request.
            stop |= reads.arrived().await?.is_some_and(Page::ignores_page);
            while let Some(page) = reads.take().await? {
                vain += u64::from(page.items.is_empty() || before == Some(page.fingerprint()));
                stop |= vain >= as_count(IN_VAIN);
                pages.add(page, keep);
                pages.next = reads.due;
                // What is still being read would only be kept to be left out again.
                if pages.items.len() >= shape.enough {
                    break 'pages;
                }
                if began.elapsed() >= WORTH_TELLING {
                    let (what, read) = (ask.path.to_string(), reads.due - 1);
                    self.observer().reading(&Progress { what, read, of: to });
                    told = true;
                }
            }
        }
        if told {
            self.observer().resumed();
        }
        Ok(vain >= as_count(IN_VAIN))
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
