//! Contacts: made, changed and deleted as `contact create`, `update` and `delete` do.

use std::time::Instant;

use serde_json::{Map, Value};

use super::super::write::Call;
use super::draft::{Base, Changed};
use super::fields::{kept, number, said, text};
use super::{Draft, customer, new, record};
use crate::api::Method;
use crate::api::ids::{ContactId, CustomerId};
use crate::api::resources::users;
use crate::commands::contact::create::same;
use crate::commands::contact::update;
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::write::{RecordRef, RetryPolicy, Scope, snapshot};

/// What a plan about it is about.
///
/// # Errors
/// Exit 3 when there is no such contact.
pub(super) async fn scope(call: &Call<'_>, id: ContactId) -> Result<Scope> {
    let (contact, _) = update::read(&call.reader, id).await?;
    Ok(update::scope(&contact))
}

/// What a PUT replaces as a whole, where it is in the body.
fn parts(body: &Map<String, Value>) -> &'static [&'static str] {
    match body.contains_key("properties") {
        true => &["properties"],
        false => &[],
    }
}

/// `POST /contacts`.
///
/// # Errors
/// Exit 3 when there is no such customer.
pub(super) async fn create(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let Some(effect) = new::effect("contacts", &body) else {
        return record::nothing(call).await;
    };
    let id = CustomerId(number(&body, "customer_id").unwrap_or_default());
    let scope = Scope::of_customer(id);
    let view = async {
        let needs = effect.reads(None);
        Ok(snapshot(&call.reader, &scope, needs, RetryPolicy::Retry).await?)
    };
    let (customer, view, me) = tokio::try_join!(customer::read(call, id), view, async {
        Ok(call.reader.get(users::me()).await?)
    })?;
    let collection = effect.collection().cloned();
    let name = text(&body, "name");
    let found =
        collection.and_then(|collection| same(&view, &collection, name, said(&body, "email")));
    let title = format!("Create a contact of {}", customer.name());
    let sheet = Sheet::default().customer(&customer).by(&me);
    let mut notices = Vec::new();
    if body.contains_key("title") {
        notices.push("a title is kept as properties[title] only".to_owned());
    }
    let base = Base::of(scope.clone(), title, sheet, effect, (me, at));
    Ok(base.over(&view).found(found).draft(call)?.notice(notices))
}

/// `PUT` and `DELETE /contacts/{id}`.
///
/// # Errors
/// Exit 3 when there is no such contact.
pub(super) async fn touch(call: &Call<'_>, id: ContactId) -> Result<Draft> {
    if call.method == Method::Delete {
        let proposal = update::gather_delete(call.ctx, &call.reader, id, None).await?;
        return Ok(proposal.into());
    }
    let at = Instant::now();
    let (contact, me) = update::read(&call.reader, id).await?;
    let (what, body) = (format!("contact {}", contact.name), call.fields());
    let sheet = Sheet::default()
        .row("Contact", format!("{} (id {id})", contact.name))
        .maybe("Customer", contact.customer_id.map(|id| format!("id {id}")))
        .by(&me);
    let of = RecordRef::Contact(id.into());
    let changed = Changed::of(of, &what, &body, &contact.raw, sheet, &[]);
    let kept = kept(&body, &contact.raw, &update::ALONG);
    let (scope, title) = (update::scope(&contact), format!("Change {what}"));
    let base = Base::of(scope, title, changed.sheet, changed.effect, (me, at));
    let draft = base.draft(call)?.unseen(changed.unseen).along(kept);
    let draft = draft.requires_unchanged(&contact.raw, &update::ALONG);
    let draft = draft.requires_unchanged(&contact.raw, parts(&body));
    Ok(draft.notice(changed.notices))
}
