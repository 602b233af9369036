//! A list, page by page, each page a transaction with where the reading stands. Cut off anywhere, the next sync goes on
//! through all that was not read.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use super::super::details;
use super::super::kinds::{Kind, Manner};
use super::super::outcome::{Counts, Outcome};
use super::super::row::{Row, moment, whole};
use super::super::run::{End, Run, end};
use super::super::store::{HORIZON, Pen, READ, RUN, SWEPT, key};
use super::{EMPTY, Sync};
use crate::api::Sheet;
use crate::error::Result;
use crate::names;

/// Clocks of a server's machines differ, and a record is in its list a little after it was written.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// A reading is not continued after so long: records that went meanwhile have moved others to pages that were read. A first
/// one may take longer.
const SAME_SWEEP: SignedDuration = SignedDuration::from_hours(1);

/// A list that claims more pages is broken.
const MOST_PAGES: u64 = 100_000;

/// The months before the first sync of which closed tickets, invoices, time and comments are kept.
const MONTHS: i64 = 24;

/// What is said of a list that is not whole.
const TOO_FEW: &str = "the server returned fewer records than it counts; none is taken for deleted";

impl Sync<'_> {
    /// A list, from where its reading stands.
    pub(super) async fn list(&mut self, kind: Kind) -> Result<Outcome> {
        let mut outcome = Outcome::of(kind);
        let Some(mut run) = self.begin(kind)? else {
            return Ok(outcome);
        };
        let mut seen = BTreeSet::new();
        loop {
            let list = kind.list(run.since, run.part);
            let sheet = self.asked(async |reader| reader.sheet(&list, run.page).await).await;
            let sheet = match sheet {
                Ok(sheet) => sheet,
                Err(error) => {
                    let Outcome { left_out, failed, .. } = self.left_out(kind, error)?;
                    return Ok(Outcome { left_out, failed, ..outcome });
                }
            };
            let date = self.date();
            if run.page == 1 && run.part == 0 {
                (run.date, run.total) = (Some(date), sheet.total);
            }
            let ids: BTreeSet<i64> = sheet.records.iter().filter_map(id).collect();
            // Each of several lists begins anew.
            if run.page == 1 {
                seen.clear();
            }
            let is_again = ids.is_subset(&seen);
            // Behind its end a list has empty pages, or the last one again; before it, one of those proves nothing.
            let end = match sheet.last {
                _ if run.backwards && is_again => End::TooSoon,
                _ if run.backwards && run.page <= 2 => End::Here,
                _ if run.backwards => End::Later,
                Some(last) if run.page <= last && last > 1 && is_again => End::TooSoon,
                Some(last) if run.page >= last => End::Here,
                None if is_again => End::Here,
                _ if sheet.ignores_page => End::TooSoon,
                Some(last) if last > MOST_PAGES => End::TooSoon,
                _ => End::Later,
            };
            seen.extend(ids);
            self.step(kind, run.page, sheet.last.unwrap_or(run.page));
            if self.keep(kind, sheet, &mut run, end, (date, &mut outcome))? {
                return Ok(outcome);
            }
        }
    }

    /// From when on closed records are kept where nobody has said it.
    fn at_first(&self) -> Timestamp {
        let now = self.reader.now().to_zoned(TimeZone::UTC);
        now.checked_sub(MONTHS.months()).map_or(Timestamp::MIN, |at| at.timestamp())
    }

    /// The run that a list is due for: one that was cut off, where it can be continued, or a new one.
    fn begin(&mut self, kind: Kind) -> Result<Option<Run>> {
        let known = |what: &str| self.store.known::<Timestamp>(&key(kind, what));
        let (read, swept, horizon) = (known(READ)?, known(SWEPT)?, known(HORIZON)?);
        let kept_from = self.wishes.keep.unwrap_or(Timestamp::MIN);
        let earlier =
            self.wishes.since.map(|since| since.max(kept_from)).filter(|since| {
                kind.has_horizon() && horizon.is_none_or(|horizon| *since < horizon)
            });
        let cut_off: Option<Run> = self.store.known(&key(kind, RUN))?;
        let continued = cut_off.filter(|run| {
            !run.until_known
                && (!self.wishes.full || run.sweeps)
                && earlier.is_none_or(|earlier| run.horizon == Some(earlier))
                && (!self.is_older(run.date, SAME_SWEEP) || run.is_first())
        });
        // What was on the page in hand may be on the one before by now.
        if let Some(run) = continued {
            return Ok(Some(Run { page: run.page.saturating_sub(1).max(1), ..run }));
        }
        let kept = earlier.or(horizon).unwrap_or_else(|| self.at_first()).max(kept_from);
        let sweeps = kind.sweep().is_some_and(|span| self.is_older(swept, span));
        let from = |at: Timestamp| at.checked_sub(SLACK).unwrap_or(at);
        let changes = matches!(kind.manner(), Manner::Changed(_));
        let since = match (read, earlier) {
            _ if !changes || self.wishes.full => None,
            (None, _) | (_, Some(_)) => Some(kept),
            (Some(_), None) if sweeps => None,
            (Some(read), None) => Some(from(read)),
        };
        if kind.manner() == Manner::Whole && !sweeps && !self.wishes.full {
            return Ok(None);
        }
        let sweeps = since.is_none() && (sweeps || self.wishes.full);
        let until_known = kind.manner() == Manner::Newest && !sweeps;
        // What a run has brought that did not come to its end is new to this one, too.
        if !until_known {
            self.store.together(|pen| pen.forget_sweep(kind))?;
        }
        Ok(Some(Run {
            since,
            part: 0,
            page: 1,
            date: None,
            total: None,
            until_known,
            backwards: false,
            sweeps,
            horizon: kind.has_horizon().then_some(kept),
        }))
    }

    /// Keeps a page, and with it where the reading stands. Says whether it has come to its end.
    fn keep(
        &mut self,
        kind: Kind,
        sheet: Sheet,
        run: &mut Run,
        ends: End,
        (date, outcome): (Timestamp, &mut Outcome),
    ) -> Result<bool> {
        let wishes = self.wishes;
        let horizon = run.horizon.map(moment);
        let is_empty = sheet.records.is_empty() && run.page == 1;
        let is_last = ends != End::Later;
        // Without a count of records, an empty list may be one that was lost on the way.
        let may_be_lost =
            is_empty && sheet.total.is_none() && run.sweeps && self.store.has_any(kind)?;
        let proves = ends != End::TooSoon && !may_be_lost;
        let has_tickets = self.store.read_at(Kind::Tickets)?.is_some();
        let mut next = run.clone();
        // The oldest are on the first page: what is new is on the last ones.
        let last = sheet.last.filter(|last| *last > 1 && run.until_known && run.page == 1);
        let last = last.filter(|_| !run.backwards && is_oldest_first(&sheet.records));
        let (counts, is_done, is_whole) = self.store.together(|pen| {
            let (mut counts, mut is_again) = (Counts::default(), false);
            for mut value in sheet.records {
                // They have their own list, or their tickets' pages.
                if kind == Kind::Tickets {
                    details::part(&mut value, "comments");
                }
                let Some(row) = Row::of(kind, value, wishes.bodies) else { continue };
                if next.sweeps || next.until_known {
                    is_again |= !pen.sweep(kind, row.id)?;
                }
                let ages = row.updated_at.as_ref().zip(horizon.as_ref());
                let is_old = ages.is_some_and(|(at, horizon)| at < horizon)
                    && !is_open(kind, &row, &wishes.closed);
                // What was said is as old as its ticket.
                let is_kept = |pen: &Pen<'_>| match (kind, row.ticket_id) {
                    (Kind::Comments, Some(id)) if has_tickets => pen.has(Kind::Tickets, id),
                    (Kind::Comments, _) => Ok(true),
                    _ => Ok(false),
                };
                // Also from a server that does not know the filter.
                if is_old && !pen.has(kind, row.id)? && !is_kept(pen)? {
                    continue;
                }
                counts.add(pen.put(&row, date, false)?);
            }
            if let Some(last) = last {
                (next.page, next.backwards) = (last, true);
                pen.know(&key(kind, RUN), &next)?;
                return Ok((counts, false, true));
            }
            let is_known = next.until_known && counts.new + counts.changed == 0 && !is_again;
            let is_part = ends == End::Here && next.parts(kind) > next.part + 1;
            (next.page, next.part) = match is_part {
                true => (1, next.part + 1),
                false if next.backwards => (next.page.saturating_sub(1), next.part),
                false => (next.page + 1, next.part),
            };
            if (is_last && !is_part) || is_known {
                let gone = end(pen, kind, &next, proves)?;
                counts.gone = gone.unwrap_or(0);
                return Ok((counts, true, gone.is_some()));
            }
            pen.know(&key(kind, RUN), &next)?;
            Ok((counts, false, true))
        })?;
        outcome.add(counts);
        if !is_whole {
            outcome.failed = !may_be_lost;
            let why = if may_be_lost { EMPTY } else { TOO_FEW };
            outcome.left_out = Some(format!("{}: {why}", kind.name()));
        }
        *run = next;
        Ok(is_done)
    }
}

/// Whether a page has its oldest record first, as far as ids tell.
fn is_oldest_first(records: &[Value]) -> bool {
    let ends = records.first().and_then(id).zip(records.last().and_then(id));
    ends.is_some_and(|(first, last)| first < last)
}

fn id(value: &Value) -> Option<i64> {
    whole(value.get("id")?)
}

/// Whether a record is kept however old it is: a ticket that is not closed, an invoice that is not paid.
fn is_open(kind: Kind, row: &Row, closed: &[String]) -> bool {
    let is_closed = |state: &String| closed.iter().any(|one| names::same(one, state));
    match kind {
        Kind::Tickets => !row.state.as_ref().is_some_and(is_closed),
        Kind::Invoices => !row.is_paid,
        _ => false,
    }
}
