//! Assets: made and changed as `asset create` and `asset update` do.

use std::time::Instant;

use super::super::write::Call;
use super::draft::{Base, Changed};
use super::fields::{kept, number, text};
use super::{Draft, customer, new, record};
use crate::api::ids::{AssetId, CustomerId};
use crate::api::resources::assets::{self, Asset};
use crate::api::resources::users;
use crate::api::{Error as ApiError, Method, Record};
use crate::commands::asset::create as command;
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{Noun, RetryPolicy, Scope, snapshot};

async fn read(call: &Call<'_>, id: AssetId) -> Result<Record<Asset>> {
    match call.reader.get(assets::get(id).fresh()).await {
        Ok(asset) if asset.id == id => Ok(asset),
        Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => {
            Err(Error::new(Kind::NotFound, format!("there is no asset {id}; nothing was written")))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a plan about it is about.
///
/// # Errors
/// Exit 3 when there is no such asset.
pub(super) async fn scope(call: &Call<'_>, id: AssetId) -> Result<Scope> {
    let found = read(call, id).await?;
    Ok(command::scope(&found))
}

/// `POST /customer_assets`.
///
/// # Errors
/// Exit 3 when there is no such customer.
pub(super) async fn create(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let Some(effect) = new::effect("customer_assets", &body) else {
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
    let (name, serial) = (text(&body, "name"), text(&body, "asset_serial"));
    let collection = effect.collection().cloned();
    let found = collection.and_then(|collection| command::same(&view, &collection, name, serial));
    let mut notices = Vec::new();
    if body.contains_key("properties") {
        notices.push("Syncro ignores properties when an asset is created".to_owned());
    }
    let title = format!("Create an asset of {}", customer.name());
    let sheet = Sheet::default().customer(&customer).by(&me);
    let base = Base::of(scope.clone(), title, sheet, effect, (me, at));
    Ok(base.over(&view).found(found).draft(call)?.notice(notices))
}

/// `PUT /customer_assets/{id}`; there is no DELETE, and what one would do nobody knows.
///
/// # Errors
/// Exit 3 when there is no such asset.
pub(super) async fn touch(call: &Call<'_>, id: AssetId) -> Result<Draft> {
    if call.method == Method::Delete {
        return record::touch(call).await;
    }
    let at = Instant::now();
    let (asset, me) =
        tokio::try_join!(read(call, id), async { Ok(call.reader.get(users::me()).await?) })?;
    let what = format!("asset {}", asset.name);
    let owner = asset.customer.as_ref().map(|one| one.name().to_owned());
    let sheet = Sheet::default()
        .row("Asset", format!("{} (id {id})", asset.name))
        .maybe("Customer", owner)
        .by(&me);
    let of = Noun::Asset.record(id);
    let body = call.fields();
    let changed = Changed::of(of, &what, &body, &asset.raw, sheet, &[]);
    let (scope, title) = (command::scope(&asset), format!("Change {what}"));
    let base = Base::of(scope, title, changed.sheet, changed.effect, (me, at));
    let kept = kept(&body, &asset.raw, &command::ALONG);
    let draft = base.draft(call)?.unseen(changed.unseen).along(kept);
    let draft = draft.requires_unchanged(&asset.raw, &command::ALONG);
    let parts: &[&str] = match body.contains_key("properties") {
        true => &["properties"],
        false => &[],
    };
    let draft = draft.requires_unchanged(&asset.raw, parts);
    Ok(draft.notice(changed.notices))
}
