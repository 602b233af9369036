//! How a read is answered: rows or a page for people, and with `--json` the API's own objects, every field kept. All
//! lists are printed here.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::listing::{Limit, Total, look};
use crate::api::{List, Listing, Reader, Record};
use crate::context::Context;
use crate::error::Result;
use crate::render::Look;
use crate::render::list::{Rows, Shape};

/// The beginning of a list that was read, and what is known of the rest of it.
#[derive(Debug, Clone)]
pub struct Shown<T> {
    /// What is shown.
    pub items: Vec<Record<T>>,
    /// How many there are.
    pub total: Total,
}

impl<T> Shown<T> {
    /// The first of `listing`, as many as `limit` says.
    #[must_use]
    pub fn of(listing: Listing<T>, limit: Limit) -> Self {
        let total = Total::of(&listing);
        let mut items = listing.items;
        items.truncate(limit.count());
        Self { items, total }
    }

    /// The first of records that have been read to the last one.
    #[must_use]
    pub fn whole(records: &[Record<T>], limit: Limit) -> Self
    where
        T: Clone,
    {
        let items = records.iter().take(limit.count()).cloned().collect();
        Self { items, total: Total::all_of(records) }
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
        let rows = match ctx.how().json || self.items.is_empty() {
            true => shape.table().into(),
            false => rows(&self.items, &look(ctx)).into(),
        };
        let records = self.items.into_iter().map(|record| record.raw).collect();
        print(ctx, Printed { shape, records, rows, total: self.total }, nothing)
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
        ctx.ui().json(&Value::Array(list.records))?;
    } else if shown > 0 {
        let (count, rest) = list.total.foot(shown, list.shape);
        ctx.ui().stdout(&list.rows.text(&count, rest, &look(ctx)))?;
        if ctx.ui().is_one_screen() {
            return Ok(());
        }
    } else {
        ctx.ui().note(nothing);
    }
    list.total.say(ctx.ui(), shown);
    Ok(())
}

impl<T: DeserializeOwned> Shown<T> {
    /// Reads as many pages of a list as it takes.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn read(reader: &Reader, list: List<T>, limit: Limit) -> Result<Self> {
        let listing = reader.all(list.enough(limit.count())).await?;
        Ok(Self::of(listing, limit))
    }
}
