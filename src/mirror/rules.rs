//! By which rules all is kept: what is never kept, and whether the texts of comments are. Where other rules were, what they
//! left is cut down before anything is read.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::kinds::Kind;
use super::never;
use super::row::Row;
use super::run::Lacks;
use super::store::{LACKS, Pen, READ, RULES, RUN, Store, TEXTS, UNSETTLED, key};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Rules {
    never: u32,
    bodies: bool,
    /// Whether comments are kept as long as their tickets; those of before had an age of their own.
    #[serde(default)]
    with_tickets: bool,
}

/// A record as it is kept: where, of which kind, with which id, the whole of it, and whether it is there.
type Record = (i64, String, i64, String, bool);

impl Store {
    /// Cuts down what other rules have left.
    pub(super) fn cut_down(&mut self, bodies: bool) -> Result<()> {
        let rules = Rules { never: never::RULES, bodies, with_tickets: true };
        let before: Option<Rules> = self.known(RULES)?;
        if before != Some(rules) {
            self.cut_all(rules, before)?;
        }
        // As long as somebody reads what was before, it is in the file.
        if self.known::<bool>(UNSETTLED)?.is_some() && self.checkpoint()? {
            self.together(|pen| pen.unlearn(UNSETTLED))?;
        }
        Ok(())
    }

    /// Whether texts of comments are not here that the account has.
    pub(super) fn lacks_texts(&self) -> Result<bool> {
        let rules: Option<Rules> = self.known(RULES)?;
        Ok(rules.is_some_and(|rules| !rules.bodies) || self.known::<bool>(TEXTS)?.is_some())
    }

    fn cut_all(&mut self, rules: Rules, before: Option<Rules>) -> Result<()> {
        let Rules { bodies, .. } = rules;
        self.together(|pen| {
            let places = pen.ids("SELECT rowid FROM rec", &[])?;
            for place in places {
                pen.cut_down(place, bodies)?;
            }
            // Texts that were not kept are read anew.
            if bodies && before.is_some_and(|before| !before.bodies) {
                pen.as_changed(Kind::Comments)?;
                pen.unlearn(&key(Kind::Comments, READ))?;
                // Where they have no list of their own, with their tickets.
                if pen.known::<Lacks>(&key(Kind::Comments, LACKS))?.is_some() {
                    pen.as_changed(Kind::Details)?;
                    pen.know(TEXTS, &true)?;
                }
            }
            if before.is_none_or(|before| !before.with_tickets) {
                pen.unlearn(&key(Kind::Comments, READ))?;
                pen.unlearn(&key(Kind::Comments, RUN))?;
            }
            pen.know(UNSETTLED, &true)?;
            pen.know(RULES, &rules)
        })
    }
}

impl Pen<'_> {
    /// Whatever is read of a kind next takes the place of what is there.
    pub(super) fn as_changed(&self, kind: Kind) -> rusqlite::Result<()> {
        let sql = "UPDATE rec SET updated_at = NULL WHERE kind = ?";
        self.db().execute(sql, [kind.name()]).map(drop)
    }

    fn cut_down(&self, place: i64, bodies: bool) -> rusqlite::Result<()> {
        let sql = "SELECT rowid, kind, id, json, gone IS NULL FROM rec WHERE rowid = ?";
        let (place, kind, id, json, is_there): Record =
            self.db().query_row(sql, [place], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
        let value = serde_json::from_str(&json).ok();
        let row =
            Kind::named(&kind).zip(value).and_then(|(kind, value)| Row::of(kind, value, bodies));
        let Some(row) = row.filter(|row| row.id == id) else { return Ok(()) };
        if row.json != json {
            self.db()
                .execute("UPDATE rec SET json = ? WHERE rowid = ?", params![row.json, place])?;
        }
        // Text is found by what is shown of it, of which other rules may have left more.
        self.unindex(place, row.kind, id)?;
        if is_there { self.index(place, &row) } else { Ok(()) }
    }
}
