//! Assets that need attention: those of disabled customers, of one serial number, that nobody has seen for long, that nobody uses.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::row::{self, row};
use super::{LeftOut, Mend, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::{Said, at, has, to_flag, to_id, to_instant};
use crate::api::ids::AssetId;
use crate::api::resources::assets::Asset;
use crate::api::resources::customers::Customer;
use crate::{names, sorting};

/// An asset that is looked after remotely is seen more often than this.
const SEEN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What stands in place of a serial number, one a line.
const NO_SERIALS: &str = include_str!("serials.txt");

/// What is to be said of an asset, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Its customer is one no more.
    DisabledCustomer,
    /// Another has its serial number.
    SameSerial,
    /// It is looked after remotely, and has not been seen for 30 days.
    NotSeen,
    /// Nobody at its customer is said to use it.
    NoContact,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::DisabledCustomer, Self::SameSerial, Self::NotSeen, Self::NoContact];

    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DisabledCustomer => "disabled-customer",
            Self::SameSerial => "same-serial",
            Self::NotSeen => "not-seen",
            Self::NoContact => "no-contact",
        }
    }
}

/// A finding.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The asset.
    pub asset: Record<Asset>,
    /// What is to be said of it.
    pub finding: Finding,
    /// When it was last seen, as far as that is known.
    pub seen: Option<Timestamp>,
    /// The others of its serial number, where that is what is said.
    pub same: Vec<AssetId>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings, the worst first.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The report of all assets; `left_out` is what could not even be read.
#[must_use]
pub fn report(assets: &[Record<Asset>], now: Timestamp, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    let mut serials: BTreeMap<String, Vec<AssetId>> = BTreeMap::new();
    for asset in assets {
        match serial(asset) {
            Ok(Some(serial)) => serials.entry(serial).or_default().push(asset.id),
            Ok(None) => {}
            Err(why) => report.left_out.add(why, asset.customer()),
        }
    }
    for asset in assets {
        let seen = seen(asset);
        let own = serial(asset).ok().flatten().and_then(|serial| serials.get(&serial));
        let same = own.into_iter().flatten().copied().filter(|id| *id != asset.id);
        let same: Vec<AssetId> = same.collect();
        let is_late =
            |seen: Option<Timestamp>| seen.is_some_and(|at| now.duration_since(at) > SEEN);
        for (finding, is_so) in [
            (Finding::DisabledCustomer, is_of_disabled(asset)),
            (Finding::SameSerial, Ok(!same.is_empty())),
            (Finding::NotSeen, seen.map(is_late)),
            (Finding::NoContact, lacks_contact(asset)),
        ] {
            match is_so {
                Ok(true) => report.rows.push(Row {
                    whose: Whose::of_asset(asset),
                    asset: asset.clone(),
                    finding,
                    seen: seen.ok().flatten(),
                    same: if finding == Finding::SameSerial { same.clone() } else { Vec::new() },
                }),
                Ok(false) => {}
                Err(why) => report.left_out.add(why, asset.customer()),
            }
        }
    }
    let whose = report.rows.iter_mut().map(|row| &mut row.whose);
    row::mark_unnamed(whose, &mut report.left_out);
    sorting::sort_by_key(&mut report.rows, |row| {
        // Those of one serial number stand together.
        let serial = Some(names::plain(&row.asset.asset_serial))
            .filter(|_| row.finding == Finding::SameSerial);
        (
            row.finding,
            serial,
            names::plain(&row.whose.customer),
            row.asset.name.clone(),
            row.asset.id,
        )
    });
    report
}

/// The serial number of an asset as it is compared; none where it says nothing.
fn serial(asset: &Record<Asset>) -> Result<Option<String>, Why> {
    match asset.raw.get("asset_serial") {
        Some(Value::Null | Value::String(_) | Value::Number(_)) => {}
        _ => return Err(why::SERIAL),
    }
    let serial = names::plain(&asset.asset_serial);
    let signs: Vec<char> = serial.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let is_one = signs.len() >= 4 && signs.iter().any(|sign| Some(sign) != signs.first());
    let mut none = NO_SERIALS.lines().filter(|line| !line.starts_with('#'));
    Ok(Some(serial).filter(|serial| is_one && none.all(|line| line != serial)))
}

/// Whether an asset belongs to a customer; what belongs to nobody is in stock.
fn is_owned(asset: &Record<Asset>) -> Result<bool, Why> {
    match asset.customer() {
        Some(_) => Ok(true),
        None if has(&asset.raw, "customer_id") && at(&asset.raw, "customer_id").is_null() => {
            Ok(false)
        }
        None => Err(why::ASSET_OF),
    }
}

fn is_of_disabled(asset: &Record<Asset>) -> Result<bool, Why> {
    if !is_owned(asset)? {
        return Ok(false);
    }
    match to_flag(at(&asset.raw, Customer::DISABLED_IN)) {
        Said::Clear(disabled) => Ok(disabled),
        Said::Nothing | Said::Unreadable => Err(why::DISABLED),
    }
}

fn lacks_contact(asset: &Record<Asset>) -> Result<bool, Why> {
    // Whose it is not known has been said already.
    if !is_owned(asset).unwrap_or(false) {
        return Ok(false);
    }
    match at(&asset.raw, "contact_id") {
        Value::Null if has(&asset.raw, "contact_id") => Ok(true),
        contact => to_id(contact).map(|_| false).ok_or(why::CONTACT),
    }
}

/// When an asset was last seen; none where nobody looks after it remotely.
fn seen(asset: &Record<Asset>) -> Result<Option<Timestamp>, Why> {
    match asset.raw.get("rmm_store") {
        Some(Value::Null) => Ok(None),
        Some(store) => to_instant(&store["updated_at"]).map(Some).ok_or(why::SEEN),
        None => Err(why::SEEN),
    }
}

impl Report {
    /// How many findings there are of one kind.
    #[must_use]
    pub fn count(&self, finding: Finding) -> usize {
        self.rows.iter().filter(|row| row.finding == finding).count()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let by_finding = Finding::ALL.map(|one| (one.name().to_owned(), json!(self.count(one))));
        let by_finding: serde_json::Map<_, _> = by_finding.into_iter().collect();
        json!({ "findings": self.rows.len(), "by_finding": by_finding })
    }
}

impl Row {
    /// The command that shows it: what is found is changed in the browser.
    #[must_use]
    pub fn mend(&self) -> Mend {
        Mend::of_asset(self.asset.id)
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let asset = &self.asset;
        let own = json!({
            "asset": asset.name,
            "asset_id": asset.id,
            "type": asset.asset_type,
            "serial": asset.asset_serial,
            "contact": asset.contact_id,
            "seen": self.seen,
            "finding": self.finding.name(),
            "same_as": self.same,
            "mend": self.mend().line(program),
        });
        row(&self.whose, None, own)
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 11] = [
    "customer",
    "customer_id",
    "asset",
    "asset_id",
    "type",
    "serial",
    "contact",
    "seen",
    "finding",
    "same_as",
    "mend",
];

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
