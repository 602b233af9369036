//! How a read is answered: rows or a page for people, and with `--json` the API's own objects, every field kept.

use serde_json::Value;

use super::listing::{Limit, Total, look};
use crate::api::{Listing, Record};
use crate::context::Context;
use crate::error::Result;
use crate::render::Look;

/// The beginning of a list that was read, and what is known of the rest of it.
#[derive(Debug, Clone)]
pub struct Shown<T> {
    /// What is shown.
    pub items: Vec<Record<T>>,
    /// How many there are.
    pub total: Total,
}

impl<T> Shown<T> {
    /// The first of `listing`, as many as `limit` says. `same_filter`: whether the server filters as the client does.
    #[must_use]
    pub fn of(listing: Listing<T>, limit: Limit, same_filter: bool) -> Self {
        let total = Total::of(&listing, same_filter);
        let mut items = listing.items;
        items.truncate(limit.count());
        Self { items, total }
    }

    /// Prints them, `rows` being how they look, or says that there is `nothing`; and on stderr what was left out.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn print(
        self,
        ctx: &Context,
        nothing: &str,
        rows: impl FnOnce(&[Record<T>], &Look) -> String,
    ) -> Result<()> {
        let shown = self.items.len();
        if ctx.how().json {
            array(ctx, self.items)?;
        } else if self.items.is_empty() {
            ctx.ui().note(nothing);
        } else {
            ctx.ui().stdout(&rows(&self.items, &look(ctx)))?;
        }
        self.total.say(ctx.ui(), shown);
        Ok(())
    }
}

/// Prints records as one array of the API's own objects.
///
/// # Errors
/// When stdout cannot be written.
pub fn array<T>(ctx: &Context, records: Vec<Record<T>>) -> Result<()> {
    let array: Vec<Value> = records.into_iter().map(|record| record.raw).collect();
    ctx.ui().json(&Value::Array(array))
}

/// Reads a list and answers with the first of it, or with what fits `keep`.
pub struct Search<'a, T> {
    /// Where to look, with what the server is asked for.
    pub list: crate::api::List<T>,
    /// How much is shown.
    pub limit: Limit,
    /// What fits, looked at again since the server may not know what it was asked for.
    pub keep: &'a dyn Fn(&T) -> bool,
    /// Whether the server, if it knows all that it is asked for, filters as `keep` does.
    pub same_filter: bool,
}

impl<T: serde::de::DeserializeOwned> Search<'_, T> {
    /// Reads as many pages as it takes.
    ///
    /// # Errors
    /// Those of the reads.
    pub async fn read(self, reader: &crate::api::Reader) -> Result<Shown<T>> {
        let list = self.list.enough(self.limit.count());
        let listing = reader.matching(list, self.keep).await?;
        Ok(Shown::of(listing, self.limit, self.same_filter))
    }
}
