//! Alerts of assets, those of one asset and one description together: which of them come again and again, and which of
//! them nobody works on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::row::{self, row};
use super::{LeftOut, Mend, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::{at, has, to_id};
use crate::api::folder;
use crate::api::ids::{AlertId, AssetId, CustomerId};
use crate::api::resources::alerts::Alert;
use crate::{names, sorting};

/// Alerts repeat where so many of one kind come within [`WEEK`].
const MANY: usize = 3;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// An alert that is open for so long without a ticket is an orphan.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the report is made of.
pub struct Input<'i> {
    /// The alerts: all that are open, and those of the window.
    pub alerts: &'i [Record<Alert>],
    /// Whether a moment is in the window.
    pub is_in: &'i dyn Fn(Timestamp) -> bool,
    /// The customer that is asked about, if one is.
    pub customer: Option<CustomerId>,
    /// The present.
    pub now: Timestamp,
}

/// Alerts of one asset and one description.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose asset it is; the name is filled in by [`Report::name`].
    pub whose: Whose,
    /// The asset.
    pub asset_id: Option<AssetId>,
    /// What it is called.
    pub asset: String,
    /// What they say.
    pub description: String,
    /// How many were made in the window.
    pub count: usize,
    /// How many are open.
    pub open: usize,
    /// How often three or more of them came within a week.
    pub repeats: usize,
    /// How many are open for a day without a ticket.
    pub orphans: usize,
    /// When the first of them was made.
    pub first: Timestamp,
    /// When the last of them was made.
    pub last: Timestamp,
    /// The one to look at: the last orphan, else the last one that is open, else the last.
    pub alert: AlertId,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The alerts, what nobody works on first.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// An alert of which all is known that the report is about.
struct Clear<'i> {
    alert: &'i Record<Alert>,
    at: Timestamp,
    is_open: bool,
    is_orphan: bool,
    is_counted: bool,
}

/// What alerts of one row have in common: whose they are, of which asset, by its id or else its name, and what they say.
type Key = (Option<CustomerId>, Option<AssetId>, String, String);

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    let mut groups: BTreeMap<Key, Vec<Clear<'_>>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    // An alert that is open is in both lists.
    for alert in input.alerts.iter().filter(|alert| known.insert(alert.id)) {
        let whose = whose(alert);
        if input.customer.is_some() && whose.is_some() && whose != input.customer {
            continue;
        }
        if input.customer.is_some() && whose.is_none() {
            report.left_out.add(why::ALERT_OF, None);
            continue;
        }
        match report.judged(input, alert) {
            Ok(one) if one.is_open || one.is_counted => {
                groups.entry(key(alert)).or_default().push(one);
            }
            Ok(_) => {}
            Err(why) => report.left_out.add(why, whose),
        }
    }
    report.rows = groups.into_iter().filter_map(|(key, alerts)| Row::of(key, alerts)).collect();
    sorting::sort_by_key(&mut report.rows, |row| {
        let is_lost = (Reverse(row.orphans > 0), Reverse(row.repeats > 0));
        (is_lost, Reverse(row.count), Reverse(row.last), row.alert)
    });
    report
}

/// Whose asset it is; the specification's example has 0 where it is nobody's.
fn whose(alert: &Alert) -> Option<CustomerId> {
    alert.customer_id.filter(|id| id.0 != 0)
}

fn key(alert: &Alert) -> Key {
    let name = match alert.asset_id {
        Some(_) => String::new(),
        None => names::plain(&alert.computer_name),
    };
    (whose(alert), alert.asset_id, name, names::plain(&alert.description))
}

impl Report {
    fn judged<'i>(
        &mut self,
        input: &Input<'_>,
        alert: &'i Record<Alert>,
    ) -> Result<Clear<'i>, Why> {
        let made = alert.created_at.ok_or(why::ALERT)?;
        let is_open = !alert.resolved.ok_or(why::ALERT)?;
        let raw = &alert.raw;
        let is_text = |name: &str| matches!(raw.get(name), Some(Value::String(_) | Value::Null));
        let asset = at(raw, "asset_id");
        let names_asset = asset.is_null() && has(raw, "asset_id") || to_id(asset).is_some();
        if !names_asset || !is_text("description") || !is_text("computer_name") {
            return Err(why::ALERT);
        }
        let is_old = input.now.duration_since(made) >= DAY;
        let is_orphan = is_open
            && is_old
            && match raw.get("ticket_number") {
                Some(Value::Null) => true,
                Some(Value::String(number)) => number.trim().is_empty(),
                Some(Value::Number(_)) => false,
                _ => {
                    self.left_out.add(why::ALERT_TICKET, whose(alert));
                    false
                }
            };
        Ok(Clear { alert, at: made, is_open, is_orphan, is_counted: (input.is_in)(made) })
    }

    /// Says whose the rows are.
    pub fn name(&mut self, names: &BTreeMap<CustomerId, String>) {
        let rows = self.rows.iter_mut().map(|row| &mut row.whose);
        row::name(rows, names, why::ALERT_OF, &mut self.left_out);
    }

    /// How many rows have something to do: alerts that repeat, and those that nobody works on.
    #[must_use]
    pub fn found(&self) -> usize {
        self.rows.iter().filter(|row| row.repeats > 0 || row.orphans > 0).count()
    }

    /// A sum over all rows.
    #[must_use]
    pub fn sum(&self, of: fn(&Row) -> usize) -> usize {
        self.rows.iter().map(of).sum()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        json!({
            "count": self.sum(|row| row.count),
            "open": self.sum(|row| row.open),
            "repeats": self.sum(|row| row.repeats),
            "orphans": self.sum(|row| row.orphans),
        })
    }
}

/// How often, of moments in their order, so many came within a week that they repeat; each moment belongs to one week.
fn repeats(moments: &[Timestamp]) -> usize {
    let (mut rest, mut count) = (moments, 0);
    while let Some(first) = rest.first() {
        let within = rest.iter().take_while(|at| at.duration_since(*first) <= WEEK).count();
        let is_many = within >= MANY;
        count += usize::from(is_many);
        rest = rest.get(if is_many { within } else { 1 }..).unwrap_or_default();
    }
    count
}

impl Row {
    fn of((customer, asset_id, ..): Key, mut alerts: Vec<Clear<'_>>) -> Option<Self> {
        sorting::sort_by_key(&mut alerts, |one| (one.at, one.alert.id));
        let moments: Vec<Timestamp> =
            alerts.iter().filter(|one| one.is_counted).map(|one| one.at).collect();
        let last = alerts.last()?;
        let number = |is_it: fn(&Clear<'_>) -> bool| alerts.iter().filter(|one| is_it(one)).count();
        let latest = |is_it: fn(&&Clear<'_>) -> bool| alerts.iter().rfind(is_it);
        let to_see = latest(|one| one.is_orphan).or_else(|| latest(|one| one.is_open));
        Some(Self {
            whose: Whose::unnamed(customer),
            asset_id,
            asset: last.alert.computer_name.clone(),
            description: last.alert.description.clone(),
            count: moments.len(),
            open: number(|one| one.is_open),
            repeats: repeats(&moments),
            orphans: number(|one| one.is_orphan),
            first: alerts.first()?.at,
            last: last.at,
            alert: to_see.unwrap_or(last).alert.id,
        })
    }

    /// The command that shows the alert to look at. A ticket that is made elsewhere is not that of the alert.
    #[must_use]
    pub fn mend(&self) -> Mend {
        Mend(format!("api GET {}/{}", folder::ALERTS.name(), self.alert))
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let own = json!({
            "asset": self.asset,
            "asset_id": self.asset_id,
            "description": self.description,
            "count": self.count,
            "open": self.open,
            "repeats": self.repeats,
            "orphans": self.orphans,
            "first": self.first,
            "last": self.last,
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
    "description",
    "count",
    "open",
    "repeats",
    "orphans",
    "first",
    "last",
    "mend",
];

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
