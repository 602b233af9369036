//! Patches that assets lack: missing ones, failed ones, those that somebody refused; and assets that nobody looks at.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::row::{self, row};
use super::{LeftOut, Mend, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::Unread;
use crate::api::resources::assets::{Asset, Patch, PatchState, Patches};
use crate::{names, sorting};

/// An asset and its patches, those of all pages; or why they are not known.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The asset.
    pub asset: Record<Asset>,
    /// Its patches; none where Syncro says that it has none of this asset.
    pub patches: Result<Option<Record<Patches>>, Why>,
}

/// What an asset lacks.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The asset.
    pub asset: Record<Asset>,
    /// How many patches are missing.
    pub missing: usize,
    /// How many failed.
    pub failed: usize,
    /// How many somebody has refused.
    pub rejected: usize,
    /// How many that are missing or failed are critical.
    pub critical: usize,
    /// How many that are missing or failed are of security.
    pub security: usize,
    /// Since when the oldest that is missing or failed is known.
    pub oldest: Option<Date>,
    /// Whether anything is known of its patches.
    pub looked_at: bool,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The assets that lack something, and those that nobody looks at.
    pub rows: Vec<Row>,
    /// How many assets were judged.
    pub assets: usize,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(looked: &[Looked], zone: &TimeZone, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    for one in looked {
        let customer = one.asset.customer();
        match one
            .patches
            .as_ref()
            .map_err(|why| *why)
            .and_then(|patches| report.row(&one.asset, patches.as_ref(), zone))
        {
            Ok(row) => {
                report.assets += 1;
                report.rows.extend(Some(row).filter(Row::is_something));
            }
            Err(why) => report.left_out.add(why, customer),
        }
    }
    let whose = report.rows.iter_mut().map(|row| &mut row.whose);
    row::mark_unnamed(whose, &mut report.left_out);
    sorting::sort_by_key(&mut report.rows, |row| {
        let lacks = [row.critical + row.security, row.failed, row.missing].map(std::cmp::Reverse);
        let is_only_rejected = row.looked_at && !row.lacks();
        let named = (names::plain(&row.whose.customer), row.asset.name.clone(), row.asset.id);
        (is_only_rejected, !row.looked_at, lacks, named)
    });
    report
}

impl Report {
    /// What an asset lacks. What is not clear of one patch is left out, and the rest is counted.
    fn row(
        &mut self,
        asset: &Record<Asset>,
        patches: Option<&Record<Patches>>,
        zone: &TimeZone,
    ) -> Result<Row, Why> {
        let says = |name: &str| patches.is_some_and(|patches| !patches.raw[name].is_null());
        let mut row = Row {
            whose: Whose::of_asset(asset),
            asset: asset.clone(),
            missing: 0,
            failed: 0,
            rejected: 0,
            critical: 0,
            security: 0,
            oldest: None,
            looked_at: says("available_patches") || says("installed_patches"),
        };
        if row.looked_at && !says("available_patches") {
            return Err(why::PATCHES);
        }
        let Some(patches) = patches else { return Ok(row) };
        for patch in &patches.available_patches {
            if let Err(why) = row.count(patch, zone) {
                self.left_out.add(why, asset.customer());
            }
        }
        if patches.missing() > 0 {
            self.left_out.add(why::PATCHES, asset.customer());
        }
        Ok(row)
    }

    /// A sum over all rows.
    #[must_use]
    pub fn sum(&self, of: fn(&Row) -> usize) -> usize {
        self.rows.iter().map(of).sum()
    }

    /// How many assets nobody looks at.
    #[must_use]
    pub fn unseen(&self) -> usize {
        self.sum(|row| usize::from(!row.looked_at))
    }

    /// How many rows have something to do: patches to install, and assets to look at.
    #[must_use]
    pub fn found(&self) -> usize {
        self.sum(|row| usize::from(row.lacks() || !row.looked_at))
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        json!({
            "assets": self.assets,
            "missing": self.sum(|row| row.missing),
            "failed": self.sum(|row| row.failed),
            "rejected": self.sum(|row| row.rejected),
            "not_looked_at": self.unseen(),
        })
    }
}

impl Row {
    fn count(&mut self, patch: &Record<Patch>, zone: &TimeZone) -> Result<(), Why> {
        let number = match patch.state() {
            Some(PatchState::Missing) => &mut self.missing,
            Some(PatchState::Failed) => &mut self.failed,
            // Refused on purpose: nothing is to be installed.
            Some(PatchState::Rejected) => {
                self.rejected += 1;
                return Ok(());
            }
            Some(PatchState::Installed) => return Ok(()),
            None => return Err(why::PATCH),
        };
        *number += 1;
        let category = match patch.raw.get("category") {
            Some(Value::Null) => "",
            Some(Value::String(category)) => category,
            _ => return Err(why::PATCH),
        };
        let is_of = |kind: &str| names::plain(category).contains(kind);
        self.critical += usize::from(is_of("critical"));
        self.security += usize::from(is_of("security"));
        if let Some(at) = patch.at() {
            let day = at.to_zoned(zone.clone()).date();
            self.oldest = Some(self.oldest.map_or(day, |oldest| oldest.min(day)));
        }
        // One without a date is missing all the same.
        if patch.unreadable == Unread::default() { Ok(()) } else { Err(why::PATCH) }
    }

    /// Whether patches are to be installed.
    const fn lacks(&self) -> bool {
        self.missing > 0 || self.failed > 0
    }

    fn is_something(&self) -> bool {
        self.lacks() || self.rejected > 0 || !self.looked_at
    }

    /// The command that shows its patches; of an asset without any, itself.
    #[must_use]
    pub fn mend(&self) -> Mend {
        match self.looked_at {
            true => Mend(format!("asset patches {}", self.asset.id)),
            false => Mend::of_asset(self.asset.id),
        }
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let own = json!({
            "asset": self.asset.name,
            "asset_id": self.asset.id,
            "missing": self.missing,
            "failed": self.failed,
            "rejected": self.rejected,
            "critical": self.critical,
            "security": self.security,
            "oldest": self.oldest,
            "looked_at": self.looked_at,
            "mend": self.mend().line(program),
        });
        row(&self.whose, None, own)
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 12] = [
    "customer",
    "customer_id",
    "asset",
    "asset_id",
    "missing",
    "failed",
    "rejected",
    "critical",
    "security",
    "oldest",
    "looked_at",
    "mend",
];

#[cfg(test)]
#[path = "patches_tests.rs"]
mod tests;
