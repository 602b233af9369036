//! The patches of assets, asset by asset: so many requests are made only where they are asked for.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::outcome::Outcome;
use super::super::row::{Row, moment};
use super::super::store::{READ, key};
use super::{MOST_UNREAD, Sync, cut_off, passes};
use crate::api::Error as ApiError;
use crate::api::ids::AssetId;
use crate::api::resources::assets::{self, PatchesMeta};
use crate::error::Result;

/// Those of an asset are read again after so long.
const OLD: SignedDuration = SignedDuration::from_hours(12);

/// A list that claims more pages is broken.
const MOST_PAGES: u64 = 200;

impl Sync<'_> {
    /// Those of each asset that are not here, or old.
    pub(super) async fn patches(&mut self) -> Result<Outcome> {
        let mut outcome = Outcome::of(Kind::Patches);
        if self.store.read_at(Kind::Assets)?.is_none() {
            outcome.left_out = Some("patches: whose they are is not known without assets".into());
            return Ok(outcome);
        }
        let due = self.assets_due()?;
        let of = u64::try_from(due.len()).unwrap_or(u64::MAX);
        let mut unread = 0;
        for (read, id) in (0..).zip(due) {
            self.step(Kind::Patches, read, of);
            let found = match self.patches_of(AssetId(id.unsigned_abs())).await {
                Ok(found) => found,
                Err(error @ ApiError::NotAuthorised { .. }) => {
                    return self.left_out(Kind::Patches, error);
                }
                // An asset that nobody looks after has none.
                Err(ApiError::NotFound { by_api: true, .. }) => json!({}),
                Err(error) if passes(&error) && unread < MOST_UNREAD => {
                    unread += 1;
                    outcome.failed = true;
                    outcome.left_out =
                        Some(format!("the patches of {unread} assets could not be read: {error}"));
                    continue;
                }
                Err(error) => return Err(cut_off(error)),
            };
            let (date, bodies) = (self.date(), self.wishes.bodies);
            let mut record = found;
            record["id"] = Value::from(id);
            if let Some(row) = Row::of(Kind::Patches, record, bodies) {
                outcome.count(self.store.together(|pen| pen.put(&row, date, false))?);
            }
        }
        let date = self.date();
        outcome.gone = self.store.together(|pen| {
            pen.know(&key(Kind::Patches, READ), &date)?;
            pen.gone_without(Kind::Patches, Kind::Assets, date)
        })?;
        Ok(outcome)
    }

    /// The assets whose patches are due.
    fn assets_due(&self) -> Result<Vec<i64>> {
        let span = if self.wishes.full { SignedDuration::ZERO } else { OLD };
        let before = moment(self.reader.now().checked_sub(span).unwrap_or_default());
        let sql = "SELECT a.id FROM rec a LEFT JOIN rec p ON p.kind = 'patches' AND p.id = a.id \
                   WHERE a.kind = 'assets' AND a.gone IS NULL \
                   AND (p.id IS NULL OR p.gone IS NOT NULL OR p.seen <= ?) ORDER BY a.id";
        let due =
            self.store.db().prepare(sql).and_then(|mut statement| {
                statement.query_map([before], |row| row.get(0))?.collect()
            });
        due.map_err(|error| self.store.told(error))
    }

    /// The patches of an asset, those of all pages.
    async fn patches_of(&mut self, id: AssetId) -> Result<Value, ApiError> {
        let first = self.asked(async |reader| reader.get(assets::patches(id, 1)).await).await?;
        let PatchesMeta { total_pages, .. } = first.available_patches_meta.unwrap_or_default();
        let mut all = first.raw;
        for page in 2..=total_pages.unwrap_or(1).min(MOST_PAGES) {
            let more =
                self.asked(async |reader| reader.get(assets::patches(id, page)).await).await?;
            if more.available_patches_meta.and_then(|meta| meta.page).is_some_and(|is| is != page) {
                break;
            }
            let more = more.raw["available_patches"].as_array().cloned().unwrap_or_default();
            if let Some(here) = all["available_patches"].as_array_mut() {
                here.extend(more);
            }
        }
        // They are on one page now.
        if let Some(members) = all.as_object_mut() {
            members.shift_remove("available_patches_meta");
        }
        Ok(all)
    }
}
