//! What ids are called, for screens: users and appointment types from the account's lists, which are kept for a day;
//! products from the configuration's labor types, else from Syncro.

use std::collections::BTreeMap;

use super::lists::{Lists, Which, warn_unchecked};
use crate::api::Reader;
use crate::api::ids::ProductId;
use crate::api::resources::products;
use crate::config::Settings;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::operations::{Names, Word};

/// The names as kept, or as the account has them. Only a help: where they cannot be read, ids are shown instead.
pub async fn names(ctx: &Context, reader: &Reader) -> Names {
    let lists = Lists::read(ctx, reader).await;
    lists.map(|lists| lists.as_names()).unwrap_or_default()
}

/// How many requests they take.
#[must_use]
pub fn requests(ctx: &Context) -> usize {
    if Lists::kept(ctx).is_some() { 0 } else { 2 }
}

/// The same where more than a help is needed: what is not in kept lists is looked for in the account's own. A key that may
/// not read them may still use their words, so that they are unknown to it as to an account without such lists; that they are
/// not checked is said.
///
/// # Errors
/// Those of [`Lists::read`].
pub async fn with_words(ctx: &Context, reader: &Reader, words: &[Word]) -> Result<Names> {
    let mut lists = Lists::read(ctx, reader).await;
    let is_unknown = |lists: &Lists| words.iter().any(|word| lists.as_names().check(word).is_err());
    if lists.as_ref().is_ok_and(|lists| lists.is_kept() && is_unknown(lists)) {
        lists = Lists::fresh(ctx, reader).await;
    }
    match lists {
        Err(error) if error.kind == Kind::NotAuthorised => {
            unchecked(ctx, words, |_| true);
            Ok(Names::default())
        }
        Err(error) => Err(error),
        Ok(lists) => {
            unchecked(ctx, words, |which| lists.hides(which));
            Ok(lists.as_names())
        }
    }
}

/// Says of the words in lists that the key may not read that they are not checked.
fn unchecked(ctx: &Context, words: &[Word], is_hidden: impl Fn(Which) -> bool) {
    for word in words {
        let (which, typed) = match word {
            Word::Status(text) => (Which::Status, text),
            Word::Priority(text) => (Which::Priority, text),
            Word::IssueType(text) => (Which::IssueType, text),
            // An id is no word.
            Word::TicketType(_) | Word::User(_) => continue,
        };
        if is_hidden(which) {
            warn_unchecked(ctx, which.what(), typed);
        }
    }
}

/// The labor type that a product is sold as, by the configuration.
#[must_use]
pub fn labor_of(settings: &Settings, product: ProductId) -> Option<&str> {
    let found = settings.labor.iter().find(|labor| labor.product_id == product)?;
    Some(&found.key)
}

/// What products are called: as labor types, else by their own names, each asked for once and all at once.
pub async fn products(
    ctx: &Context,
    reader: &Reader,
    ids: impl IntoIterator<Item = ProductId>,
) -> BTreeMap<ProductId, String> {
    let mut names: BTreeMap<ProductId, String> = BTreeMap::new();
    let mut unknown = Vec::new();
    for id in ids {
        match labor_of(ctx.settings(), id) {
            _ if names.contains_key(&id) => {}
            Some(labor) => drop(names.insert(id, labor.to_owned())),
            None => {
                names.insert(id, format!("product {id}"));
                unknown.push(id);
            }
        }
    }
    let reads = unknown.iter().map(|&id| reader.get(products::get(id)));
    // Only a help: one that cannot be read keeps its id for a name.
    for product in futures_util::future::join_all(reads).await.into_iter().flatten() {
        if unknown.contains(&product.id) && !product.name.is_empty() {
            names.insert(product.id, product.view.name);
        }
    }
    names
}
