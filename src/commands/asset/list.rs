//! `syncro asset list`: everybody's assets, a customer's, or those that something fits.

use serde_json::Value;

use crate::api::resources::assets::{self, Asset};
use crate::commands::answer::Search;
use crate::commands::listing::Limit;
use crate::commands::resolve::named::fits;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List assets
///
/// Searches names, types, serial numbers, properties and customer names.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset list --customer Quillfeather
  syncro asset list till
  syncro asset list --all --json | jq '.[].name'")]
pub struct ListArgs {
    /// Search words
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro asset list`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let query = args.query.as_deref().map(str::trim);
    let query = query.filter(|query| !query.is_empty());
    let keep = |asset: &Asset| {
        super::find::theirs(asset, customer) && query.is_none_or(|query| holds(asset, query))
    };
    let search = Search {
        list: assets::search(customer, query),
        limit: args.limit,
        keep: &keep,
        same_filter: true,
    };
    let shown = search.read(&reader).await?;
    shown.print(ctx, &render::asset::LIST, "no matching assets", |items, _| {
        render::asset::rows(items)
    })
}

/// Whether all words of the query are somewhere in it.
fn holds(asset: &Asset, query: &str) -> bool {
    let mut parts =
        vec![asset.name.as_str(), asset.asset_type.as_str(), asset.asset_serial.as_str()];
    parts.extend(asset.customer.as_ref().map(|customer| customer.name()));
    texts(&asset.properties, &mut parts);
    fits(query, parts)
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
