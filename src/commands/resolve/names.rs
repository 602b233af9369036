//! What ids are called, for screens: users and appointment types from the account's lists, which are kept for a day;
//! products from the configuration's labor types, else from Syncro.

use std::collections::BTreeMap;

use super::lists::Lists;
use crate::api::Reader;
use crate::api::ids::{AppointmentTypeId, ProductId, UserId};
use crate::api::resources::products;
use crate::config::Settings;
use crate::context::Context;

/// The names of users and appointment types.
#[derive(Debug, Clone, Default)]
pub struct Names {
    users: BTreeMap<UserId, String>,
    appointment_types: BTreeMap<AppointmentTypeId, String>,
}

impl Names {
    /// The names as kept, or as the account has them. Only a help: where they cannot be read, ids are shown instead.
    pub async fn read(ctx: &Context, reader: &Reader) -> Self {
        let Ok(lists) = Lists::read(ctx, reader).await else {
            return Self::default();
        };
        let users = lists.users().iter();
        let types = lists.appointment_types().iter();
        Self {
            users: users.map(|one| (one.id, one.name.clone())).collect(),
            appointment_types: types.map(|one| (one.id, one.name.clone())).collect(),
        }
    }

    /// What a user is called.
    #[must_use]
    pub fn user(&self, id: UserId) -> String {
        let name = self.users.get(&id).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| format!("user {id}"))
    }

    /// What a kind of appointment is called, where that is known.
    #[must_use]
    pub fn appointment_type(&self, id: AppointmentTypeId) -> Option<&str> {
        self.appointment_types.get(&id).map(String::as_str)
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
