//! Lists, read page by page: the first page says how many there are, and the others are read with it or when somebody has
//! leave for them. No page is read twice.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ask::Ask;
use super::decode;
use super::error::Error;
use super::pages::{IN_VAIN, Keep, Listing, Pages};
use super::reader::Reader;
use super::record::Record;
use super::request::{Filtered, List, Many};

/// A list that claims more pages is broken; reading on would only use up the rate limit.
const MOST_PAGES: u64 = 10_000;

/// A list of which some pages are here.
pub struct Begun<T> {
    list: List<T>,
    pages: Pages,
}

impl<T> Begun<T> {
    fn of(list: List<T>) -> Self {
        let pages = Pages::new(list.ask.part);
        Self { list, pages }
    }

    /// How many pages are left, as far as the server says; where it does not, as many as may be read before that is asked
    /// again. None once it has no more.
    #[must_use]
    pub fn left(&self) -> usize {
        self.pages.left()
    }

    /// How many records there are, at least and at most, as far as the server says.
    #[must_use]
    pub fn records(&self) -> (usize, usize) {
        self.pages.records()
    }
}

impl Reader {
    /// Reads a list: page one, then the rest side by side. How many are enough is counted in what its filters leave, so that
    /// one which the server does not know costs pages and never records.
    ///
    /// # Errors
    /// See [`Error`]; one page that cannot be read fails the list, since half a list proves no absence.
    pub async fn all<T: DeserializeOwned>(&self, list: List<T>) -> Result<Listing<T>, Error> {
        let mut begun = Begun::of(list);
        self.read_until(&mut begun, u64::MAX).await?;
        self.listing(begun)
    }

    /// Reads the first page of a list.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn begin<T: DeserializeOwned>(&self, list: List<T>) -> Result<Begun<T>, Error> {
        let mut begun = Begun::of(list);
        self.read_until(&mut begun, 1).await?;
        Ok(begun)
    }

    /// Reads so many more of its pages, at most.
    ///
    /// # Errors
    /// As for [`Reader::all`].
    pub async fn go_on<T: DeserializeOwned>(
        &self,
        begun: &mut Begun<T>,
        most: usize,
    ) -> Result<(), Error> {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let until = begun.pages.next.saturating_sub(1).saturating_add(most);
        self.read_until(begun, until).await
    }

    /// The list as far as it was read.
    ///
    /// # Errors
    /// A record that cannot be read.
    pub fn listing<T: DeserializeOwned>(&self, begun: Begun<T>) -> Result<Listing<T>, Error> {
        let (found, lack) = self.listed(begun)?;
        self.warn(lack.as_deref());
        Ok(found)
    }

    /// Reads a list, and where the server gives less of it than it counts, what `other` has of the same records, where the
    /// account has that list.
    ///
    /// # Errors
    /// As for [`Reader::all`]; `other` only helps.
    pub async fn all_with<T: DeserializeOwned>(
        &self,
        list: List<T>,
        other: List<T>,
    ) -> Result<Listing<T>, Error> {
        let mut begun = Begun::of(list);
        self.read_until(&mut begun, u64::MAX).await?;
        let (mut found, mut lack) = self.listed(begun)?;
        if lack.is_some()
            && let Ok(Some(other)) = self.all_if_there(other).await
        {
            let ids: HashSet<String> =
                found.items.iter().map(|one| one.raw["id"].to_string()).collect();
            let is_new = |one: &Record<T>| !ids.contains(&one.raw["id"].to_string());
            found.items.extend(other.items.into_iter().filter(is_new));
            let counted = found
                .total
                .is_none_or(|total| total <= u64::try_from(found.items.len()).unwrap_or(u64::MAX));
            if other.complete && counted {
                (found.complete, found.short, lack) = (true, false, None);
            }
        }
        self.warn(lack.as_deref());
        Ok(found)
    }

    /// Reads on, up to that page.
    async fn read_until<T: DeserializeOwned>(
        &self,
        begun: &mut Begun<T>,
        until: u64,
    ) -> Result<(), Error> {
        let Begun { list: List { ask, shape: Filtered { many, filters }, .. }, pages } = begun;
        // What cannot be read is kept, to be told below where it stands.
        let keep = |raw: &Value| match filters.is_none() {
            true => Some(true),
            false => decode::read(raw).map_or(Some(true), |view| filters.fit(&view)),
        };
        Box::pin(self.pages(ask, many, &keep, pages, until)).await?;
        self.has_shown(&ask.path);
        Ok(())
    }

    /// The list, and what it lacks, for people. Of a look nobody is told: it shows nothing, and is made again.
    fn listed<T: DeserializeOwned>(
        &self,
        begun: Begun<T>,
    ) -> Result<(Listing<T>, Option<String>), Error> {
        let Begun { list: List { ask, shape: Filtered { many, filters }, .. }, mut pages } = begun;
        let lack = (pages.short && !ask.fresh)
            .then(|| format!("incomplete list: {}: {}", ask.what(), pages.shortage()));
        let at_least = pages.at_least();
        let records = std::mem::take(&mut pages.items).into_iter();
        let read = |(index, raw)| ask.record(raw, &format!("{}[{index}]", many.member), 200);
        let mut items: Vec<Result<Record<T>, Error>> = records.map(read).collect();
        let of_first = items.iter().take(pages.kept_of_first);
        let partly = many.partly && !self.wholly;
        let first = of_first.filter(|one| !partly || one.is_ok()).count();
        if partly && items.iter().any(Result::is_ok) {
            self.skip(&mut items, &mut pages);
        }
        let listing = Listing {
            items: items.into_iter().collect::<Result<_, _>>()?,
            first,
            total: pages.total,
            at_least,
            dropped: pages.dropped,
            unclear: pages.unclear,
            complete: pages.complete,
            short: pages.short,
            // What is kept is filtered here alone, but for some of it.
            same_filter: filters.same && (self.source.server().is_some() || filters.is_none()),
        };
        Ok((listing, lack))
    }

    /// Leaves out the records that cannot be read. What is left is not all, and proves no absence.
    fn skip<T>(&self, items: &mut Vec<Result<Record<T>, Error>>, pages: &mut Pages) {
        let count = items.len();
        let why = items.iter().find_map(|one| one.as_ref().err()).map(Error::to_string);
        items.retain(Result::is_ok);
        let Some(why) = why else { return };
        (pages.complete, pages.short) = (false, pages.complete || pages.short);
        let records = match count - items.len() {
            1 => "a record".to_owned(),
            several => format!("{several} records"),
        };
        self.warn(Some(&format!("skipped {records}: {why}")));
    }

    /// Reads the pages up to that one, whatever their records are.
    async fn pages(
        &self,
        ask: &Ask,
        shape: &Many,
        keep: &Keep<'_>,
        pages: &mut Pages,
        until: u64,
    ) -> Result<(), Error> {
        if pages.next == 1 {
            let first = self.page(ask, shape, 1).await?;
            pages.add(first, keep);
            pages.next = 2;
        }
        match pages.last_page {
            Some(last) if shape.ends => {
                if last > 1 {
                    let page = self.page(ask, shape, last).await?;
                    let is_another = page.says.is_some_and(|says| says != last);
                    pages.add(page, keep);
                    // What is newest may be on it: without it nothing is known to be absent.
                    if is_another || pages.stalled {
                        return Err(ask.unread(&format!("page {last} was not returned"), 200));
                    }
                }
                if last <= 2 {
                    pages.end();
                }
                Ok(())
            }
            Some(_) => self.rest_by_meta(ask, shape, keep, pages, until).await,
            None => self.rest_by_trying(ask, shape, keep, pages, until).await,
        }
    }

    /// Reads the pages after the first as `meta` counts them, and those that it counts more of by the end.
    async fn rest_by_meta(
        &self,
        ask: &Ask,
        shape: &Many,
        keep: &Keep<'_>,
        pages: &mut Pages,
        until: u64,
    ) -> Result<(), Error> {
        let mut stuck = false;
        loop {
            let last = pages.last_page.unwrap_or(1);
            if last > MOST_PAGES {
                let cause = format!("the list claims to have {last} pages");
                return Err(ask.foreign(&cause, 200));
            }
            if pages.next > last || pages.ignores_page || stuck {
                pages.end();
                return Ok(());
            }
            if pages.items.len() >= shape.enough || last > shape.longest || pages.next > until {
                return Ok(());
            }
            // As many as can be needed, a page being as long as the first; the server says how many there are.
            let missing = shape.enough - pages.items.len();
            let needed = missing.div_ceil(pages.first_length.max(1));
            let needed = match pages.dropped {
                0 => u64::try_from(needed).unwrap_or(u64::MAX),
                // What is looked for is rare: as many pages as can be had at once.
                _ => u64::try_from(needed.max(IN_VAIN)).unwrap_or(u64::MAX),
            };
            let to = last.min(until).min(pages.next.saturating_add(needed - 1));
            stuck = self.side_by_side(ask, shape, to, keep, pages).await?;
        }
    }

    /// Without `meta`: goes on until an empty or a repeated page.
    async fn rest_by_trying(
        &self,
        ask: &Ask,
        shape: &Many,
        keep: &Keep<'_>,
        pages: &mut Pages,
        until: u64,
    ) -> Result<(), Error> {
        for number in pages.next..=MOST_PAGES {
            if pages.stalled {
                pages.end();
                return Ok(());
            }
            // Whether there is more shows only in the next page: one record beyond what is enough.
            let is_enough = pages.items.len() > shape.enough;
            if is_enough || number > shape.longest || number > until {
                return Ok(());
            }
            let page = self.page(ask, shape, number).await?;
            pages.add(page, keep);
            pages.next = number + 1;
        }
        Err(ask.foreign("the list has no end", 200))
    }
}
