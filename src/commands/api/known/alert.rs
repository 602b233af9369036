//! Alerts of machines: a DELETE resolves one, and a GET goes on showing it.

use std::time::Instant;

use super::super::write::Call;
use super::Draft;
use super::draft::{Base, changing};
use super::record::{Shown, named, nothing, scope_of, shown};
use crate::api::resources::users;
use crate::error::{Error, Result};
use crate::write::{Change, field_shown};

/// `DELETE /rmm_alerts/{id}`.
///
/// # Errors
/// Exit 3 when there is no such alert, exit 5 when it is resolved already.
pub(super) async fn resolve(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let Some(Shown { thing, raw }) = shown(call).await? else {
        return nothing(call).await;
    };
    let me = call.reader.get(users::me()).await?;
    let what = format!("alert {}", field_shown(&raw["id"]));
    let change = Change::new(&raw, "resolved", "resolved", true);
    if !change.is_one() {
        return Err(Error::refused(format!("{what} is already resolved; nothing was written")));
    }
    let machine = raw.get("computer_name").map(field_shown);
    let sheet = named(&raw).maybe("Machine", machine).by(&me);
    let moves = ["status", "resolved_at"];
    let (effect, sheet) = changing(thing, &what, vec![change], sheet, &moves);
    let title = format!("Resolve {what}");
    let base = Base::of(scope_of(&raw), title, sheet, effect, (me, at));
    base.draft(call)
}
