//! Recurring invoices to look at: those that are paused, that have not run, that come to nothing, and those that charge for
//! another number of assets than the customer has.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::row::{self, row};
use super::{AtLeast, LeftOut, Mend, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::{Said, at, has, to_day, to_flag, to_id};
use crate::api::ids::{AssetTypeId, CustomerId, ScheduleLineId};
use crate::api::resources::assets::Asset;
use crate::api::resources::schedules::{Schedule, ScheduleLine};
use crate::sorting;

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The recurring invoices.
    pub schedules: &'i [Record<Schedule>],
    /// The assets of the customers of [`counted`]; or why they are not known.
    pub assets: &'i BTreeMap<CustomerId, Result<Vec<Record<Asset>>, Why>>,
    /// What the account calls its types of assets.
    pub types: &'i BTreeMap<AssetTypeId, String>,
    /// The day.
    pub today: Date,
}

/// What is to be said of a recurring invoice, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It was to run on a day that has gone.
    DidNotRun,
    /// It comes to nothing, and takes nothing from tickets.
    Zero,
    /// One of its lines charges for another number of assets than there are.
    Miscounted,
    /// It rests.
    Paused,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DidNotRun, Self::Zero, Self::Miscounted, Self::Paused];

    /// The name that people and scripts read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DidNotRun => "did-not-run",
            Self::Zero => "zero",
            Self::Miscounted => "miscounted",
            Self::Paused => "paused",
        }
    }
}

/// A line that charges for assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Which.
    pub line: ScheduleLineId,
    /// How many it charges for.
    pub fixed: Decimal,
    /// How many the customer has.
    pub there: usize,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is; the name is filled in by [`Report::name`].
    pub whose: Whose,
    /// The recurring invoice.
    pub schedule: Record<Schedule>,
    /// What is to be said of it.
    pub finding: Finding,
    /// The line that it is said of, where it is said of one.
    pub count: Option<Count>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings, the worst first.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The customers whose assets have to be counted.
#[must_use]
pub fn counted(schedules: &[Record<Schedule>]) -> BTreeSet<CustomerId> {
    let runs = schedules.iter().filter(|one| one.paused == Some(false));
    let has_fixed =
        |one: &&Record<Schedule>| one.lines.iter().flatten().any(|line| is_fixed(line) == Ok(true));
    runs.filter(has_fixed).filter_map(|one| one.customer_id).collect()
}

/// Kinds of lines (`recurring_type_id`) that the server counts by itself, whatever their quantity says: assets, contacts and the
/// like, by the description of the newer operations.
const COUNTED: [u64; 6] = [4, 5, 6, 8, 9, 10];

/// Whether a line charges again and again for all assets of a type, with a quantity that somebody has typed.
fn is_fixed(line: &Record<ScheduleLine>) -> Result<bool, Why> {
    if line.unreadable.among(&["asset_type_id"]).is_some() {
        return Err(why::RECURS);
    }
    if line.asset_type_id.is_none() {
        return Ok(false);
    }
    let kind = match at(&line.raw, "recurring_type_id") {
        _ if !has(&line.raw, "recurring_type_id") => return Err(why::RECURS),
        Value::Null => None,
        kind => Some(to_id(kind).ok_or(why::RECURS)?),
    };
    let once = match to_flag(&line.raw["one_time_charge"]) {
        Said::Unreadable => return Err(why::RECURS),
        once => once == Said::Clear(true),
    };
    let names_devices = match &line.raw["device_ids"] {
        Value::Null => false,
        Value::Array(devices) => !devices.is_empty(),
        _ => return Err(why::RECURS),
    };
    Ok(!once && !names_devices && !kind.is_some_and(|kind| COUNTED.contains(&kind)))
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    for schedule in input.schedules {
        let customer = schedule.customer_id;
        let unknown = match schedule.paused {
            Some(true) => {
                report.find(schedule, Finding::Paused, None);
                continue;
            }
            Some(false) => vec![
                report.ran(input, schedule),
                report.is_something(schedule),
                report.counts(input, schedule),
            ],
            None => vec![Err(why::PAUSED)],
        };
        for why in unknown.into_iter().filter_map(Result::err) {
            report.left_out.add(why, customer);
        }
    }
    sorting::sort_by_key(&mut report.rows, |row| {
        (row.finding, row.whose.id, row.schedule.id, row.count.map(|count| count.line))
    });
    report
}

impl Report {
    fn find(&mut self, schedule: &Record<Schedule>, finding: Finding, count: Option<Count>) {
        let whose = Whose::unnamed(schedule.customer_id);
        self.rows.push(Row { whose, schedule: schedule.clone(), finding, count });
    }

    /// Whether it has run when it was to.
    fn ran(&mut self, input: &Input<'_>, schedule: &Record<Schedule>) -> Result<(), Why> {
        if has_not_run(schedule, input.today)?.is_some() {
            self.find(schedule, Finding::DidNotRun, None);
        }
        Ok(())
    }

    /// Whether it comes to something. One that takes what waits on tickets may have no lines of its own.
    fn is_something(&mut self, schedule: &Record<Schedule>) -> Result<(), Why> {
        let is_zero = schedule.subtotal.ok_or(why::RECURS)?.is_zero();
        match schedule.invoice_unbilled_ticket_charges {
            Some(true) => {}
            _ if !is_zero => {}
            Some(false) => self.find(schedule, Finding::Zero, None),
            None => return Err(why::SCHEDULES),
        }
        Ok(())
    }

    /// Whether its lines for assets have as many as there are.
    fn counts(&mut self, input: &Input<'_>, schedule: &Record<Schedule>) -> Result<(), Why> {
        let lines = schedule.lines.as_ref().ok_or(why::RECURS)?;
        let mut unknown = Ok(());
        for line in lines {
            match is_fixed(line)
                .and_then(|fixed| fixed.then(|| count(input, schedule, line)).transpose())
            {
                Ok(None) => {}
                Ok(Some(count)) if count.fixed == Decimal::from(count.there) => {}
                Ok(Some(count)) => self.find(schedule, Finding::Miscounted, Some(count)),
                Err(why) => unknown = Err(why),
            }
        }
        unknown
    }

    /// Says whose the rows are.
    pub fn name(&mut self, names: &BTreeMap<CustomerId, String>) {
        let rows = self.rows.iter_mut().map(|row| &mut row.whose);
        row::name(rows, names, why::SCHEDULE_OF, &mut self.left_out);
    }

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

/// The day on which a recurring invoice was to run, where it has gone by and the invoice does not rest.
///
/// # Errors
/// Why that is not known.
pub fn has_not_run(schedule: &Schedule, today: Date) -> Result<Option<Date>, Why> {
    match schedule.paused {
        Some(true) => Ok(None),
        Some(false) => {
            let day = to_day(&schedule.next_run).ok_or(why::RUNS)?;
            Ok((day < today).then_some(day))
        }
        None => Err(why::PAUSED),
    }
}

/// What a line charges for, and what there is.
fn count(
    input: &Input<'_>,
    schedule: &Schedule,
    line: &Record<ScheduleLine>,
) -> Result<Count, Why> {
    let customer = schedule.customer_id.ok_or(why::SCHEDULE_OF)?;
    let fixed = line.quantity.ok_or(why::RECURS)?;
    let kind = line.asset_type_id.and_then(|id| input.types.get(&id)).ok_or(why::ASSET_TYPE)?;
    let assets = input.assets.get(&customer).ok_or(why::ASSETS)?;
    let assets = assets.as_ref().map_err(|why| *why)?;
    // One that names no type may be of this one.
    if assets.iter().any(|asset| asset.asset_type.is_empty()) {
        return Err(why::ASSETS);
    }
    let there = assets.iter().filter(|asset| asset.asset_type == *kind).count();
    Ok(Count { line: line.id, fixed, there })
}

impl Row {
    /// The command that mends it, or shows it.
    #[must_use]
    pub fn mend(&self) -> Option<Mend> {
        let path = format!("schedules/{}", self.schedule.id?);
        Some(Mend(match (self.finding, self.count) {
            (Finding::Miscounted, Some(Count { line, there, .. })) if there > 0 => {
                format!("api PUT {path}/line_items/{line} -F quantity={there}")
            }
            // What rests may send, email and charge at once when it rests no more: it is looked at first.
            _ => format!("api GET {path}"),
        }))
    }

    /// The line that it is said of, where it is said of one.
    fn line(&self) -> Option<&Record<ScheduleLine>> {
        let id = self.count?.line;
        self.schedule.lines.iter().flatten().find(|line| line.id == id)
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let schedule = &self.schedule;
        let own = json!({
            "schedule": schedule.name,
            "schedule_id": schedule.id,
            "frequency": schedule.frequency,
            "next_run": to_day(&schedule.next_run),
            "paused": schedule.paused,
            "subtotal": schedule.subtotal.map(|known| AtLeast { known, misses: false }.json()),
            "takes": schedule.invoice_unbilled_ticket_charges,
            "finding": self.finding.name(),
            "line": self.line().map(|line| &line.name),
            "line_id": self.count.map(|count| count.line),
            "fixed": self.count.map(|count| count.fixed.normalize().to_string()),
            "counted": self.count.map(|count| count.there),
            "mend": self.mend().map(|mend| mend.line(program)),
        });
        row(&self.whose, None, own)
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 15] = [
    "customer",
    "customer_id",
    "schedule",
    "schedule_id",
    "frequency",
    "next_run",
    "paused",
    "subtotal",
    "takes",
    "finding",
    "line",
    "line_id",
    "fixed",
    "counted",
    "mend",
];

#[cfg(test)]
#[path = "recurring_tests.rs"]
pub(in crate::reports) mod tests;
