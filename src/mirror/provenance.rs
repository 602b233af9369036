//! What is known of what is kept: how old it is, until when it is known what was deleted, and what is not kept of it.

use jiff::Timestamp;

use super::kinds::{Kind, Manner};
use super::run::Lacks;
use super::store::{HORIZON, LACKS, READ, SWEPT, Store, key};
use crate::api::Provenance;
use crate::error::Result;

impl Store {
    /// What is known of all of these kinds; nothing where one of them has not been read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn provenance(&self, kinds: &[Kind]) -> Result<Option<Provenance>> {
        let mut all: Option<Provenance> = None;
        for kind in kinds {
            let Some(one) = self.provenance_of(*kind)? else { return Ok(None) };
            all = Some(all.map_or(one, |all| all.and(one)));
        }
        Ok(all)
    }

    fn provenance_of(&self, kind: Kind) -> Result<Option<Provenance>> {
        let Some(as_of) = self.read_at(kind)? else { return Ok(None) };
        // What has no sweep of its own goes with its ticket.
        let swept = match kind {
            Kind::Comments | Kind::Details | Kind::Patches => None,
            _ => self.known::<Timestamp>(&key(kind, SWEPT))?,
        };
        let swept = swept.unwrap_or(as_of);
        let one = Provenance {
            as_of,
            swept,
            lacks_changes: kind.manner() == Manner::Newest && swept < as_of,
            lacks_texts: kind == Kind::Comments && self.lacks_texts()?,
            closed_from: match kind.has_horizon() {
                true => self.known(&key(kind, HORIZON))?,
                false => None,
            },
            again: "",
        };
        Ok(Some(match kind {
            Kind::Comments | Kind::Details | Kind::Timers => {
                self.provenance_of(Kind::Tickets)?.map_or(one, |tickets| one.and(tickets))
            }
            _ => one,
        }))
    }

    /// The server's clock when a kind was read last; nothing where it has not been, to its end.
    pub(super) fn read_at(&self, kind: Kind) -> Result<Option<Timestamp>> {
        let read_at = self.known(&key(kind, READ))?;
        // Where comments have no list of their own, they come with the tickets.
        if read_at.is_none()
            && kind == Kind::Comments
            && self.known::<Lacks>(&key(kind, LACKS))?.is_some()
        {
            return self.known(&key(Kind::Details, READ));
        }
        Ok(read_at)
    }
}
