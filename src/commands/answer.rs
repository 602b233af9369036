//! How a read is answered: rows or a page for people, and with `--json` the API's own objects, every field kept. All
//! lists are printed here.

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::listing::{Limit, Total, look};
use super::sort::Sorting;
use crate::account::offers;
use crate::api::{List, Listing, Reader, Record};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::{Form, columns_of};
use crate::render::list::{Grid, Rows, Shape, chosen, unknown};
use crate::render::{Look, counted, sanitise};

/// The beginning of a list that was read, and what is known of the rest of it.
#[derive(Debug, Clone)]
pub struct Shown<T> {
    /// What is shown.
    pub items: Vec<Record<T>>,
    /// How many there are.
    pub total: Total,
    /// Those of which nobody can tell whether they are wanted.
    pub unclear: Vec<String>,
    /// The key of the column by which they are sorted, where that was asked for: it is shown.
    pub sorted: Option<&'static str>,
    /// So many of them, the first ones, are as the server has them. From others nothing is learned: they may be old.
    pub of_server: usize,
}

impl<T> Shown<T> {
    /// The first of `listing`, as many as `limit` says.
    #[must_use]
    pub fn of(listing: Listing<T>, limit: Limit) -> Self {
        let total = Total::of(&listing);
        let mut items = listing.items;
        items.truncate(limit.count());
        let of_server = items.len();
        Self { items, total, unclear: listing.unclear, sorted: None, of_server }
    }

    /// The first of records that have been read to the last one.
    #[must_use]
    pub fn whole(records: &[Record<T>], limit: Limit) -> Self
    where
        T: Clone,
    {
        let items: Vec<_> = records.iter().take(limit.count()).cloned().collect();
        let (total, of_server) = (Total::all_of(records), items.len());
        Self { items, total, unclear: Vec::new(), sorted: None, of_server }
    }

    /// Prints them, `rows` being how they look, or says that there is `nothing`; and on stderr what was left out.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn print<R: Into<Rows>>(
        self,
        ctx: &Context,
        shape: &'static Shape,
        nothing: &str,
        rows: impl FnOnce(&[Record<T>], &Look) -> R,
    ) -> Result<()> {
        let mut rows = match ctx.how().json || self.items.is_empty() {
            true => shape.table().into(),
            false => rows(&self.items, &look(ctx)).into(),
        };
        if let Some(sorted) = self.sorted {
            rows.table.keep(sorted);
        }
        let records: Vec<Value> = self.items.into_iter().map(|record| record.raw).collect();
        let learned = records.get(..self.of_server).unwrap_or(&records);
        offers::keep(ctx, shape.command, learned);
        print(ctx, Printed { shape, records, rows, total: self.total }, nothing)?;
        warn_of_unclear(ctx, shape, &self.unclear);
        Ok(())
    }
}

/// A list that is printed.
pub struct Printed {
    /// What it is.
    pub shape: &'static Shape,
    /// The API's own objects.
    pub records: Vec<Value>,
    /// How they look to people; nothing is needed here with `--json`.
    pub rows: Rows,
    /// How many there are.
    pub total: Total,
}

/// Prints a list, or says that there is `nothing`; and on stderr what was left out.
///
/// # Errors
/// When stdout cannot be written.
pub fn print(ctx: &Context, list: Printed, nothing: &str) -> Result<()> {
    let shown = list.records.len();
    if ctx.how().json {
        ctx.json(&Value::Array(list.records))?;
        list.total.say(ctx.ui(), shown);
        return Ok(());
    }
    print_rows(ctx, list, Some(nothing))
}

/// Prints the rows of a list in the form that was asked for; where there are none, says that there is `nothing`, if that is
/// known.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_rows(ctx: &Context, list: Printed, nothing: Option<&str>) -> Result<()> {
    let (shown, output) = (list.records.len(), ctx.output());
    let named = output.columns.as_ref().map(|typed| list.shape.meant(typed, &list.records));
    if let Some(named) = &named {
        refuse_unknown(list.shape, &list.records, named)?;
    }
    let zone = &ctx.settings().timezone;
    if output.form != Form::Table {
        let grid = Grid::of(&list.rows.table, &list.records, named.as_deref(), zone);
        print_cells(ctx, &grid, output.form)?;
    } else if shown > 0 {
        let rows = match &named {
            Some(named) => chosen(&list.rows.table, &list.records, named, zone).into(),
            None => list.rows,
        };
        let (count, rest) = list.total.foot(shown, list.shape);
        ctx.ui().stdout(&rows.text(&count, rest, &look(ctx)))?;
        if ctx.ui().is_one_screen() {
            return Ok(());
        }
    }
    if let Some(nothing) = nothing.filter(|_| shown == 0) {
        ctx.ui().note(nothing);
    }
    list.total.say(ctx.ui(), shown);
    Ok(())
}

/// Whether it is printed as the list's own table: nothing is shown but what is in its columns.
#[must_use]
pub fn is_plain(ctx: &Context) -> bool {
    let output = ctx.output();
    !ctx.how().json && output.form == Form::Table && output.columns.is_none()
}

/// Whether a column of the list is asked for by its name.
#[must_use]
pub fn is_named(ctx: &Context, shape: &Shape, column: &str) -> bool {
    let typed = ctx.output().columns.as_ref();
    typed.is_some_and(|typed| shape.meant(typed, &[]).iter().any(|name| name == column))
}

/// Prints cells for scripts.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_cells(ctx: &Context, grid: &Grid, form: Form) -> Result<()> {
    let text = match form {
        Form::Csv { .. } => grid.csv().context("cannot write the values")?,
        Form::Table | Form::Tsv => grid.tsv(),
    };
    let mark = if form == (Form::Csv { bom: true }) { "\u{feff}" } else { "" };
    ctx.ui().stdout(&format!("{mark}{text}"))
}

/// So many of those that are left out are named.
const NAMED: usize = 10;

/// Says which records are left out because nobody can tell whether they are wanted.
pub(crate) fn warn_of_unclear(ctx: &Context, shape: &Shape, unclear: &[String]) {
    if unclear.is_empty() {
        return;
    }
    let mut named: Vec<&str> = unclear.iter().take(NAMED).map(String::as_str).collect();
    if unclear.len() > NAMED {
        named.push("...");
    }
    let count = counted(unclear.len(), shape.one, shape.several);
    let names = sanitise::one_line(&named.join(", "));
    ctx.ui().warn(&format!("left out, because a value is unreadable: {count} ({names})"));
}

/// Refuses columns that no row has.
///
/// # Errors
/// Exit 2 for those.
pub fn refuse_unknown(shape: &Shape, records: &[Value], named: &[String]) -> Result<()> {
    let unknown = unknown(shape, records, named);
    if unknown.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = unknown.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("--columns: no {} has {}", shape.one, names.join(" or "));
    let near: Vec<&str> = unknown.iter().filter_map(|(_, near)| near.as_deref()).collect();
    let error = Error::usage(message);
    let error = match near.is_empty() {
        true => error,
        false => error.hint(format!("did you mean {}?", near.join(" and "))),
    };
    Err(columns_of(shape, error))
}

impl<T: DeserializeOwned> Shown<T> {
    /// Reads as many pages of a list as it takes; all of them where it is sorted, since the first may be on any.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn sorted(
        reader: &Reader,
        list: List<T>,
        limit: Limit,
        sorting: Option<&Sorting<T>>,
    ) -> Result<Self> {
        let Some(sorting) = sorting else {
            return Self::read(reader, list, limit).await;
        };
        let mut listing = reader.all(list.partly()).await?;
        sorting.sort(&mut listing.items);
        Ok(Self { sorted: Some(sorting.column()), ..Self::of(listing, limit) })
    }

    /// Reads as many pages of a list as it takes.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn read(reader: &Reader, list: List<T>, limit: Limit) -> Result<Self> {
        let listing = reader.all(list.enough(limit.count()).partly()).await?;
        Ok(Self::of(listing, limit))
    }
}
