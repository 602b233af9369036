//! A path of which nothing is known, for nouns that do not know all of theirs.

use std::time::Instant;

use super::super::write::Call;
use super::Draft;
use super::draft::Base;
use crate::api::resources::users;
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::write::{Effect, Scope};

/// A path of which nothing is known.
///
/// # Errors
/// Those of the read of the key's owner.
pub(super) async fn nothing(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let me = call.reader.get(users::me()).await?;
    let write = call.write();
    let notice =
        "unknown endpoint: sent once; if the answer is lost, the outcome cannot be verified";
    let what = format!("{} {}", write.method.name(), write.path);
    let effect = Effect::Unverifiable { label: what };
    let sheet = Sheet::default().by(&me);
    let title = "unknown endpoint".to_owned();
    let base = Base::of(Scope::default(), title, sheet, effect, (me, at));
    Ok(base.draft(call)?.notice([notice.to_owned()]))
}
