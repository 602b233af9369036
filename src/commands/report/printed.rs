//! How a report is answered: rows for people, cells for spreadsheets, one object for scripts; what was left out, and the
//! exit code.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::flags::CheckFlags;
use super::invoiced::begins_before_the_mirror;
use crate::commands::answer::{Printed, print_rows, refuse_unknown};
use crate::commands::listing::Total;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::counted;
use crate::render::list::{Rows, Shape};
use crate::reports::{LeftOut, why};

/// A report that is printed.
pub(super) struct Answer {
    /// The list that it is.
    pub(super) shape: &'static Shape,
    /// What it is called.
    pub(super) name: &'static str,
    /// When it was made.
    pub(super) as_of: Timestamp,
    /// What was asked for.
    pub(super) filters: Value,
    /// Its rows for scripts.
    pub(super) records: Vec<Value>,
    /// How many of them `--check` is about.
    pub(super) found: usize,
    /// Its rows for people.
    pub(super) rows: Rows,
    /// Its sums.
    pub(super) totals: Value,
    /// What could not be judged.
    pub(super) left_out: LeftOut,
    /// What is said where there is nothing.
    pub(super) nothing: &'static str,
}

/// Refuses columns that no row has, before anything is read.
///
/// # Errors
/// Exit 2 for those.
pub(super) fn check_columns(
    ctx: &Context,
    shape: &'static Shape,
    members: &[&'static str],
) -> Result<()> {
    let Some(typed) = &ctx.output().columns else { return Ok(()) };
    let row: Map<String, Value> =
        members.iter().map(|member| ((*member).to_owned(), Value::Null)).collect();
    let row = [Value::Object(row)];
    refuse_unknown(shape, &row, &shape.meant(typed, &row))
}

/// Prints it.
///
/// # Errors
/// With `--check`, exit 11 where there are rows, and exit 8 where there are none and something was left out; when stdout
/// cannot be written.
pub(super) fn print(ctx: &Context, answer: Answer, flags: CheckFlags) -> Result<()> {
    let Answer { shape, name, as_of, filters, records, found, rows, totals, left_out, nothing } =
        answer;
    let mut left_out = left_out;
    let since = filters["since"].as_str().and_then(|day| day.parse::<Date>().ok());
    if begins_before_the_mirror(ctx, since) {
        left_out.add(why::MIRRORED, None);
    }
    let mirrored = ctx.provenance();
    if mirrored.is_some_and(|of| of.deleted_since().is_some()) {
        left_out.add(why::DELETED, None);
    }
    let is_complete = left_out.is_empty();
    let is_nothing = records.is_empty();
    if ctx.how().json {
        ctx.json(&json!({
            "report": name,
            "as_of": mirrored.map_or(as_of, |of| of.as_of),
            "source": if ctx.is_offline() { "mirror" } else { "live" },
            "complete": is_complete,
            "filters": filters,
            "rows": records,
            "totals": totals,
            "left_out": left_out.json(),
        }))?;
    } else {
        let list = Printed { shape, total: Total::all_of(&records), records, rows };
        print_rows(ctx, list, is_complete.then_some(nothing))?;
    }
    for (why, count) in left_out.counts() {
        ctx.ui().warn(&format!("left out: {}: {why}", counted(count, "case", "cases")));
    }
    if !is_complete && is_nothing {
        ctx.ui().warn("the report is incomplete: nothing was found in what could be read");
    }
    match (flags.check, found) {
        (true, 0) if !is_complete => {
            let why = "the report is incomplete, and found nothing in what could be read";
            Err(Error::new(Kind::Unavailable, why))
        }
        (true, 1..) => {
            let found = counted(found, shape.one, shape.several);
            Err(Error::new(Kind::Found, format!("the report found something: {found}")))
        }
        _ => Ok(()),
    }
}
