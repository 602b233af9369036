//! Records that no command knows: one that a GET shows is read, named as far as that goes, and looked at; of all else
//! nothing is known.

use std::time::Instant;

use serde_json::Value;

use super::super::write::Call;
use super::Draft;
use super::draft::{Base, Changed};
use super::fields;
use crate::api::ids::{CustomerId, TicketId};
use crate::api::resources::users;
use crate::api::{Error as ApiError, Get, Method};
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{Effect, RecordRef, Scope, field_at};

/// A record as its path shows it, and which it is.
pub(super) struct Shown {
    pub(super) thing: RecordRef,
    pub(super) raw: Value,
}

/// What people may know a record by.
const NAMES: [&str; 6] = ["number", "name", "subject", "summary", "title", "description"];

fn nothing_there(call: &Call<'_>) -> Error {
    let message = format!("GET {} found nothing; nothing was written", call.path.path);
    Error::new(Kind::NotFound, message)
}

/// The record of the path; none where the path has no GET of its own.
///
/// # Errors
/// Exit 3 where there should be one.
pub(super) async fn shown(call: &Call<'_>) -> Result<Option<Shown>> {
    let get: Get<Value> = Get::new(call.path.path.clone(), None).fresh();
    let answer = match call.reader.get(get).await {
        Ok(answer) => answer.raw,
        Err(ApiError::NotFound { .. }) if call.path.segments().len() == 2 => {
            return Err(nothing_there(call));
        }
        Err(ApiError::NotFound { .. } | ApiError::Refused { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let wrapper = wrapper(&answer);
    let raw = wrapper.as_ref().map_or(&answer, |name| &answer[name]).clone();
    if raw.is_null() {
        return Err(nothing_there(call));
    }
    let thing = RecordRef::Path { path: call.path.path.clone() };
    Ok(Some(Shown { thing, raw }))
}

/// The one member that wraps a record, where one does.
fn wrapper(answer: &Value) -> Option<String> {
    let object = answer.as_object()?;
    let mut members = object.iter().filter(|(name, _)| *name != "meta");
    let (name, value) = members.next()?;
    let alone = members.next().is_none();
    (alone && (value.is_object() || value.is_null())).then(|| name.clone())
}

/// What the record is about, for the lock.
///
/// # Errors
/// Those of the read.
pub(super) async fn scope(call: &Call<'_>) -> Result<Scope> {
    let shown = shown(call).await?;
    Ok(shown.map_or_else(Scope::default, |shown| scope_of(&shown.raw)))
}

pub(super) fn scope_of(raw: &Value) -> Scope {
    let id = |name: &str| field_at(raw, name).as_u64();
    Scope {
        ticket: id("ticket_id").map(TicketId),
        number: None,
        customer: id("customer_id").map(CustomerId),
    }
}

/// The rows that say which record it is.
pub(super) fn named(raw: &Value) -> Sheet {
    NAMES.iter().fold(Sheet::default(), |sheet, name| {
        let text = raw.get(*name).map(crate::write::field_shown);
        let label = crate::render::sentence(name);
        sheet.maybe(&label, text.filter(|text| text != "nothing"))
    })
}

/// A change or removal of the record.
///
/// # Errors
/// Those of the reads.
pub(super) async fn touch(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let Some(Shown { thing, raw }) = shown(call).await? else {
        return nothing(call).await;
    };
    let me = call.reader.get(users::me()).await?;
    let what = call.path.path.trim_start_matches('/').to_owned();
    let sheet = named(&raw).by(&me);
    let scope = scope_of(&raw);
    if call.method == Method::Delete {
        let effect = Effect::Deleted { of: thing, label: what.clone() };
        let sheet = sheet.row("Delete", &what);
        let base = Base::of(scope, format!("Delete {what}"), sheet, effect, (me, at));
        return base.draft(call);
    }
    let body = call.fields();
    let changed = Changed::of(thing, &what, &body, &raw, sheet, &[]);
    let title = format!("Change {what}");
    let base = Base::of(scope, title, changed.sheet, changed.effect, (me, at));
    let draft = base.draft(call)?.unseen(changed.unseen);
    let draft = draft.notice(changed.notices);
    Ok(match fields::is_wrapped(&body, &raw) {
        true => draft,
        false => draft.notice(fields::defaults(&body, &raw)),
    })
}

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
