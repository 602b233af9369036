//! A reading of a list: where it stands, which is kept with each page, and what its end means.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kinds::Kind;
use super::store::{HORIZON, LACKS, Pen, READ, RUN, SWEPT, key};

/// Why there is nothing of a kind: the account has none, or the key may not read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lacks {
    /// Why, for people.
    pub(super) why: String,
    /// What the server answered.
    pub(super) status: u16,
}

/// Whether a page ends its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// There are more.
    Later,
    /// It does.
    Here,
    /// The server counts more, and gives none.
    TooSoon,
}

/// A reading of a list, as far as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run {
    /// From when on changes are asked for; nothing where the whole list is read.
    pub(super) since: Option<Timestamp>,
    /// Which of several lists.
    #[serde(default)]
    pub(super) part: u8,
    /// The next page.
    pub(super) page: u64,
    /// The server's clock at the first page.
    pub(super) date: Option<Timestamp>,
    /// How many records the server counted there.
    pub(super) total: Option<u64>,
    /// Whether it ends with a page that brings nothing new.
    pub(super) until_known: bool,
    /// Whether it goes from the last page to the first: the list has the oldest first.
    #[serde(default)]
    pub(super) backwards: bool,
    /// Whether all records of the kind are seen, so that what is not is gone.
    pub(super) sweeps: bool,
    /// What is closed and older is not kept.
    pub(super) horizon: Option<Timestamp>,
}

impl Run {
    /// How many lists it reads: the further ones are those of a first run.
    pub(super) fn parts(&self, kind: Kind) -> u8 {
        match self.is_first() {
            true => kind.parts(),
            false => 1,
        }
    }

    /// Whether it is the first one, or one with an earlier horizon.
    pub(super) fn is_first(&self) -> bool {
        self.since.is_some() && self.since == self.horizon
    }
}

/// Ends a run. What a whole list does not have is gone, if the server gave as many records as it counts; where it gave
/// fewer, the run was none, and what it has seen is not known to the next one. Says how many are gone.
pub(super) fn end(
    pen: &Pen<'_>,
    kind: Kind,
    run: &Run,
    proves: bool,
) -> rusqlite::Result<Option<u64>> {
    pen.unlearn(&key(kind, RUN))?;
    let has_all = match run.total {
        Some(total) if run.sweeps => pen.swept(kind)? >= total,
        _ => true,
    };
    let whole = run.date.filter(|_| proves && has_all);
    let mut gone = whole.map(|_| 0);
    if let Some(date) = whole {
        if run.sweeps {
            gone = Some(pen.gone_unswept(kind, date)?);
        }
        // From the first run on it is known what there was.
        if run.sweeps || run.is_first() {
            pen.know(&key(kind, SWEPT), &date)?;
        }
        match run.horizon {
            Some(horizon) => pen.know(&key(kind, HORIZON), &horizon)?,
            // All that was dropped is back.
            None if run.sweeps => pen.unlearn(&key(kind, HORIZON))?,
            None => {}
        }
        pen.know(&key(kind, READ), &date)?;
        pen.unlearn(&key(kind, LACKS))?;
        pen.forget_sweep(kind)?;
    }
    Ok(gone)
}
