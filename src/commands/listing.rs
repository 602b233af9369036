//! What all lists share: how much of one is shown, and saying so when that is not all.

use std::num::NonZeroUsize;

use crate::api::Listing;
use crate::context::Context;
use crate::output::{Form, ListFlags, OfflineFlag};
use crate::render::list::Shape;
use crate::render::{Look, counted};
use crate::ui::Ui;

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Limit {
    /// Maximum rows
    #[arg(long, value_name = "N", default_value = "30", value_parser = at_least_one)]
    pub limit: NonZeroUsize,
    /// Show all rows
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
    /// In which form
    #[command(flatten)]
    pub form: ListFlags,
}

fn at_least_one(typed: &str) -> Result<NonZeroUsize, String> {
    let number: Result<usize, _> = typed.trim().parse();
    let number = number.map_err(|_| "use a whole number, like 50".to_owned())?;
    NonZeroUsize::new(number).ok_or_else(|| "use at least 1; --all shows all of them".to_owned())
}

impl Default for Limit {
    fn default() -> Self {
        Self {
            limit: NonZeroUsize::MIN.saturating_add(29),
            all: false,
            offline: OfflineFlag,
            form: ListFlags,
        }
    }
}

impl Limit {
    /// How many are shown at most.
    #[must_use]
    pub const fn count(&self) -> usize {
        if self.all { usize::MAX } else { self.limit.get() }
    }
}

/// How many records there are besides those shown, as far as that is known for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many in all.
    Exactly(u64),
    /// So many in all, or more.
    AtLeast(u64),
    /// Not more than so many, of which some may not fit.
    AtMost(u64),
    /// So many that could be read, of more: that these are not all has been said.
    Short(u64),
    /// More than are shown where more are here, of which some do not fit; nobody knows where not.
    Read(u64),
    /// More than are shown, which are the best of so many.
    BestOf(usize),
}

impl Total {
    /// What a listing proves. Where it was not read to its end, the server's own count is the truth only if the server
    /// filters as the client does and nothing that it sent had to be dropped.
    #[must_use]
    pub fn of<T>(listing: &Listing<T>) -> Self {
        let same_filter = listing.same_filter;
        match listing.total {
            _ if listing.complete => Self::Exactly(count(listing.items.len())),
            _ if listing.short => Self::Short(count(listing.items.len())),
            // The server counts what does not fit as well.
            Some(total) if !same_filter || listing.dropped > 0 => {
                Self::AtMost(total.saturating_sub(count(listing.dropped)))
            }
            None if !same_filter || listing.dropped > 0 => Self::Read(count(listing.items.len())),
            Some(total) => Self::Exactly(total),
            None => Self::AtLeast(listing.at_least),
        }
    }

    /// As many as are here: the whole list has been read.
    #[must_use]
    pub fn all_of<T>(records: &[T]) -> Self {
        Self::Exactly(count(records.len()))
    }

    /// More than are here.
    #[must_use]
    pub fn more_than<T>(records: &[T]) -> Self {
        Self::AtLeast(count(records.len()).saturating_add(1))
    }

    /// `30 of 812` when `shown` records are not all, and the number behind which they are named; nothing when they are.
    fn part(self, shown: usize) -> Option<(String, u64)> {
        let seen = count(shown);
        match self {
            Self::Exactly(total) | Self::Short(total) if total <= seen => None,
            Self::Exactly(total) => Some((format!("{shown} of {total}"), total)),
            Self::AtLeast(total) | Self::Short(total) if total > seen => {
                Some((format!("{shown} of at least {total}"), total))
            }
            Self::AtMost(total) if total > seen => {
                Some((format!("{shown} of at most {total}"), total))
            }
            Self::BestOf(searched) => {
                Some((format!("the best {shown} of the first {searched} matches"), seen))
            }
            Self::AtLeast(_) | Self::AtMost(_) | Self::Read(_) | Self::Short(_) => {
                Some((format!("the first {shown}"), seen))
            }
        }
    }

    /// The way to the rest, where there is one for certain, or to see whether there is.
    fn rest(self, shown: usize) -> &'static str {
        match self {
            Self::AtLeast(read) | Self::Read(read) if read <= count(shown) => PERHAPS,
            _ => REST,
        }
    }

    /// What to say on stderr when `shown` records are not all.
    #[must_use]
    pub fn note(self, shown: usize) -> Option<String> {
        self.part(shown).map(|(part, _)| format!("showing {part}{}", self.rest(shown)))
    }

    /// What to say below the list: `30 of 812 tickets`, and the way to the rest of them.
    #[must_use]
    pub fn foot(self, shown: usize, shape: &Shape) -> (String, &'static str) {
        match (self, self.part(shown)) {
            (Self::BestOf(_), Some((part, _))) => (part, REST),
            (_, Some((part, of))) => {
                let named = if of == 1 { shape.one } else { shape.several };
                (format!("{part} {named}"), self.rest(shown))
            }
            (Self::Short(_), None) => {
                (format!("{} that could be read", counted(shown, shape.one, shape.several)), "")
            }
            (_, None) => (counted(shown, shape.one, shape.several), ""),
        }
    }

    /// Says it.
    pub fn say(self, ui: &Ui, shown: usize) {
        if let Some(note) = self.note(shown) {
            ui.note(&note);
        }
    }
}

/// The way to the rest of a list.
const REST: &str = "; --all for the rest";
/// The same where the server does not say whether there is one.
const PERHAPS: &str = "; there may be more: --all shows all";

/// How rows are to look on this terminal.
#[must_use]
pub fn look(ctx: &Context) -> Look {
    // What a script reads does not depend on the terminal.
    let is_table = ctx.output().form == Form::Table;
    Look {
        width: ctx.ui().width().filter(|_| is_table),
        zone: ctx.settings().timezone.clone(),
        now: ctx.now(),
        colour: ctx.ui().colour(),
        all_comments: false,
        links: ctx.ui().links(),
        address: None,
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn listing(items: usize, total: Option<u64>, dropped: usize, complete: bool) -> Listing<u8> {
        let item = crate::api::Record { view: 0, raw: serde_json::Value::Null };
        let items = vec![item; items];
        Listing {
            first: 0,
            items,
            total,
            at_least: 776,
            dropped,
            unclear: Vec::new(),
            complete,
            short: false,
            same_filter: false,
        }
    }

    #[test]
    fn only_what_is_certain_is_said() {
        let said = |listing: Listing<u8>, same_filter| {
            Total::of(&Listing { same_filter, ..listing }).note(30)
        };
        let note = |text: &str| Some(format!("{text}; --all for the rest"));
        assert_eq!(said(listing(30, None, 9, true), false), None);
        assert_eq!(said(listing(41, Some(900), 9, true), false), note("showing 30 of 41"));
        assert_eq!(said(listing(50, Some(812), 0, false), true), note("showing 30 of 812"));
        assert_eq!(said(listing(50, None, 0, false), true), note("showing 30 of at least 776"));
        for (dropped, same, most) in [(0, false, 812), (1, true, 811), (9, false, 803)] {
            assert_eq!(
                said(listing(50, Some(812), dropped, false), same),
                note(&format!("showing 30 of at most {most}"))
            );
            assert_eq!(
                said(listing(50, None, dropped, false), same),
                note(match same || dropped > 0 {
                    _ if dropped == 0 && same => "showing 30 of at least 776",
                    _ => "showing the first 30",
                })
            );
        }
        assert_eq!(said(listing(50, Some(31), 1, false), false), note("showing the first 30"));
        // Nobody knows whether there are more than were read.
        let perhaps = Some("showing the first 30; there may be more: --all shows all".to_owned());
        let few = |dropped| Listing { at_least: 30, ..listing(30, None, dropped, false) };
        assert_eq!(said(few(0), true), perhaps);
        assert_eq!(said(few(0), false), perhaps);
        assert_eq!(said(few(2), true), perhaps);
    }

    #[test]
    fn one_is_not_several() {
        let tickets = crate::render::lists::of_command("tickets").unwrap();
        let foot = |total: Total, shown| total.foot(shown, tickets).0;
        assert_eq!(foot(Total::Read(1), 1), "the first 1 ticket");
        assert_eq!(foot(Total::Read(3), 2), "the first 2 tickets");
        assert_eq!(foot(Total::Exactly(28), 1), "1 of 28 tickets");
        assert_eq!(foot(Total::AtMost(2), 1), "1 of at most 2 tickets");
        assert_eq!(foot(Total::Exactly(1), 1), "1 ticket");
    }
}
