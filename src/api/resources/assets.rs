//! Assets: the computers and other things of a customer, and the patches of those that are looked after remotely.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::customers::Customer;
use crate::api::fields::{self, Unread};
use crate::api::folder::{ASSETS, PATCHES};
use crate::api::ids::{AssetId, ContactId, CustomerId};
use crate::api::record::Record;
use crate::api::request::{Get, List, Write};
use crate::names;

/// An asset.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Asset {
    /// Which.
    pub id: AssetId,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// What kind it is, a word of the account.
    #[serde(default, deserialize_with = "fields::text")]
    pub asset_type: String,
    /// Its serial number.
    #[serde(default, deserialize_with = "fields::text")]
    pub asset_serial: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The customer itself.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer: Option<Customer>,
    /// Who uses it.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub contact_id: Option<ContactId>,
    /// Whatever the account keeps of it. Ignored when an asset is made, kept on PUT.
    #[serde(default)]
    pub properties: Value,
    /// Where it is looked after, if elsewhere.
    #[serde(default, deserialize_with = "fields::text")]
    pub external_rmm_link: String,
    /// Since when it is known.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "fields::instant")]
    pub updated_at: Option<Timestamp>,
}

impl Asset {
    /// Whose it is, from wherever the server says so.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        let embedded = || self.customer.as_ref().map(|customer| customer.id);
        self.customer_id.or_else(embedded)
    }

    /// Whether all words of a query are somewhere in it.
    #[must_use]
    pub fn mentions(&self, query: &str) -> bool {
        let mut parts = vec![self.name.as_str(), &self.asset_type, &self.asset_serial];
        parts.extend(self.customer.as_ref().map(|customer| customer.name()));
        texts(&self.properties, &mut parts);
        names::fits(query, parts)
    }
}

/// All texts in a value, however deep.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// `GET /customer_assets`.
#[must_use]
pub fn all() -> List<Asset> {
    ASSETS.list()
}

/// `GET /customer_assets?customer_id=&query=`: a customer's, or those that something fits.
#[must_use]
pub fn search(customer: Option<CustomerId>, query: Option<&str>) -> List<Asset> {
    let words = query.unwrap_or_default().to_owned();
    all().filter("customer_id", customer, move |one| one.customer() == customer).filter(
        "query",
        query,
        move |one| one.mentions(&words),
    )
}

/// `GET /customer_assets/{id}`, wrapped or bare.
#[must_use]
pub fn get(id: AssetId) -> Get<Asset> {
    ASSETS.get(id).bare_too()
}

/// The patches of an asset, as far as one page goes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Patches {
    /// Missing, failed, rejected: what is to be seen to. Paged.
    #[serde(default, deserialize_with = "fields::list")]
    pub available_patches: Vec<Record<Patch>>,
    /// Installed of late.
    #[serde(default, deserialize_with = "fields::list")]
    pub installed_patches: Vec<Record<Patch>>,
    /// How many pages of the available ones there are.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub available_patches_meta: Option<PatchesMeta>,
}

/// A list that claims more pages is broken.
const MOST_PAGES: u64 = 200;

impl Patches {
    /// How many pages of available patches there are.
    #[must_use]
    pub fn pages(&self) -> u64 {
        let meta = self.available_patches_meta.unwrap_or_default();
        meta.total_pages.unwrap_or(1).min(MOST_PAGES)
    }

    /// Adds the available patches of another page, which was asked for by this number. A server that does not know pages here
    /// answers page one again.
    pub fn add(&mut self, asked: u64, page: Self) {
        let says = page.available_patches_meta.and_then(|meta| meta.page);
        if says.is_some_and(|says| says != asked) {
            return;
        }
        let known = self.available_patches.len();
        for patch in page.available_patches {
            if !self.available_patches[..known].iter().any(|one| one.raw == patch.raw) {
                self.available_patches.push(patch);
            }
        }
    }

    /// How many available patches the server counts that are not here.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let here = u64::try_from(self.available_patches.len()).unwrap_or(u64::MAX);
        let meta = self.available_patches_meta.unwrap_or_default();
        meta.total_entries.unwrap_or(here).saturating_sub(here)
    }
}

/// What the server says of the pages of available patches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct PatchesMeta {
    /// Which page this is.
    #[serde(default, deserialize_with = "fields::count")]
    pub page: Option<u64>,
    /// How many there are.
    #[serde(default, deserialize_with = "fields::count")]
    pub total_pages: Option<u64>,
    /// How many patches there are on all of them.
    #[serde(default, deserialize_with = "fields::count")]
    pub total_entries: Option<u64>,
}

/// A patch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Patch {
    /// Its number in the maker's knowledge base; drivers have none.
    #[serde(default, deserialize_with = "fields::text")]
    pub kb: String,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub title: String,
    /// What sort it is.
    #[serde(default, deserialize_with = "fields::text")]
    pub category: String,
    /// "Missing Patches", "Failed Patches", "Rejected Patches", "Recently Installed".
    #[serde(default, deserialize_with = "fields::text")]
    pub status: String,
    /// Why it failed.
    #[serde(default, deserialize_with = "fields::text")]
    pub failure_reason: String,
    /// When it was installed.
    #[serde(default, deserialize_with = "fields::instant")]
    pub installed_at: Option<Timestamp>,
    /// When it failed.
    #[serde(default, deserialize_with = "fields::instant")]
    pub attempted_installation: Option<Timestamp>,
    /// When somebody refused it.
    #[serde(default, deserialize_with = "fields::instant")]
    pub rejected_at: Option<Timestamp>,
    /// When it was found missing.
    #[serde(default, deserialize_with = "fields::instant")]
    pub evaluated_at: Option<Timestamp>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// What became of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchState {
    /// It is to be installed.
    Missing,
    /// It could not be installed.
    Failed,
    /// Somebody refused it.
    Rejected,
    /// It is there.
    Installed,
}

impl Patch {
    /// When what its status says came about.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.installed_at.or(self.attempted_installation).or(self.rejected_at).or(self.evaluated_at)
    }

    /// What became of it; nothing where its status is another word.
    #[must_use]
    pub fn state(&self) -> Option<PatchState> {
        let status = self.status.to_lowercase();
        let known = [
            ("missing", PatchState::Missing),
            ("fail", PatchState::Failed),
            ("reject", PatchState::Rejected),
            ("install", PatchState::Installed),
        ];
        known.into_iter().find(|(word, _)| status.contains(word)).map(|(_, state)| state)
    }

    /// The order in which people want to see them: missing, failed, what is new, rejected, installed.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self.state() {
            Some(PatchState::Missing) => 0,
            Some(PatchState::Failed) => 1,
            None => 2,
            Some(PatchState::Rejected) => 3,
            Some(PatchState::Installed) => 4,
        }
    }
}

/// `GET /customer_assets/{id}/patches`: the available ones page by page, the installed ones on each page.
#[must_use]
pub fn patches(id: AssetId, page: u64) -> Get<Patches> {
    let get = Get::new(ASSETS.below(id, PATCHES), None);
    if page > 1 { get.asking("page", page) } else { get }
}

/// `POST /customer_assets`: `properties` are ignored here.
#[must_use]
pub fn create(fields: Map<String, Value>) -> Write {
    ASSETS.create(fields)
}

/// `PUT /customer_assets/{id}`: sets what `fields` names, properties too. `asset` is an id, or what stands for it until
/// it is known. There is no delete.
#[must_use]
pub fn update(asset: impl std::fmt::Display, fields: Map<String, Value>) -> Write {
    ASSETS.update(asset, fields)
}
