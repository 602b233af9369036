//! `syncro asset`: customers' computers and other things, and how one is found by id or name. A file a verb.

pub mod create;
pub mod list;
pub mod patches;
pub mod show;

use crate::api::ids::{AssetId, CustomerId};
use crate::api::resources::assets::{self, Asset};
use crate::api::{Error as ApiError, Reader, Record};
use crate::commands::deferred::Deferred;
use crate::commands::resolve::IdOrName;
use crate::commands::resolve::named::{fits, is_called, or_whose, pick};
use crate::context::Context;
use crate::error::Result;

/// Manage customer assets
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset list --customer Quillfeather
  syncro asset show TILL-1
  syncro asset patches TILL-1")]
pub struct AssetArgs {
    #[command(subcommand)]
    verb: Deferred<Verb>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Verb {
    List(list::ListArgs),
    Show(show::ShowArgs),
    Create(create::CreateArgs),
    Update(create::UpdateArgs),
    Patches(patches::PatchesArgs),
}

/// Runs `syncro asset`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &AssetArgs) -> Result<()> {
    match &*args.verb {
        Verb::List(args) => list::run(ctx, args).await,
        Verb::Show(args) => show::run(ctx, args).await,
        Verb::Create(args) => create::run(ctx, args).await,
        Verb::Update(args) => create::update(ctx, args).await,
        Verb::Patches(args) => patches::run(ctx, args).await,
    }
}

/// The asset that was meant, from its own page.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn find(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<Record<Asset>> {
    if let Some(asset) = by_id(reader, typed, customer).await? {
        return Ok(asset);
    }
    let id = by_name(ctx, reader, typed, customer).await?;
    match reader.get(assets::get(id)).await {
        Ok(asset) if asset.id == id => Ok(asset),
        Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => {
            Err(typed.not_found("asset"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn by_id(
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<Option<Record<Asset>>> {
    let Some(id) = typed.id().map(AssetId) else {
        return Ok(None);
    };
    match reader.get(assets::get(id)).await {
        Ok(asset) if asset.id == id && theirs(&asset, customer) => Ok(Some(asset)),
        Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn theirs(asset: &Asset, customer: Option<CustomerId>) -> bool {
    customer.is_none_or(|customer| asset.customer() == Some(customer))
}

/// The id of the asset that has this name.
async fn by_name(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<AssetId> {
    let name = typed.name().ok_or_else(|| typed.not_found("asset"))?;
    let list = assets::search(customer, Some(name));
    let keep = |asset: &Asset| {
        let names = [asset.name.as_str(), &asset.asset_serial];
        theirs(asset, customer) && fits(name, names)
    };
    let found = reader.matching(list, keep).await?.items;
    let exact =
        |asset: &Asset| is_called(&asset.name, name) || is_called(&asset.asset_serial, name);
    let heading = |asset: &Asset| {
        let customer = asset.customer.as_ref().map(|customer| customer.name());
        let customer = match (customer, asset.customer()) {
            (Some(name), _) => format!(", {name}"),
            (None, Some(id)) => format!(", customer {id}"),
            (None, None) => String::new(),
        };
        format!("{} (id {}{customer})", asset.name, asset.id)
    };
    let asset = pick(ctx, "asset", typed, found, exact, heading).await;
    Ok(asset.map_err(or_whose)?.id)
}
