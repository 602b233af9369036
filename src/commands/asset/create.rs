//! `syncro asset create|update`: an asset, and its properties, which Syncro ignores when an asset is made: they go in by a
//! second call of the same plan.

use serde_json::{Value, json};

use super::find::find;
use crate::account::{Lists, Which};
use crate::api::Reader;
use crate::api::resources::assets;
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Known, Overrides, Writing, guards};
use crate::write::{Noun, RecordId, Request, Scope, Snapshot};

/// What is known of an asset.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct About {
    /// Asset type (asset_type_name), from the account's list
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Serial number
    #[arg(long, value_name = "TEXT")]
    pub serial: Option<String>,
    /// Set a property; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = property)]
    pub property: Vec<(String, String)>,
}

fn property(typed: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = typed.split_once('=').ok_or_else(|| "use KEY=VALUE".to_owned())?;
    let key = key.trim();
    if key.is_empty() {
        return Err("a property needs a name: use KEY=VALUE".to_owned());
    }
    Ok((key.to_owned(), value.trim().to_owned()))
}

impl About {
    fn fields(&self, name: Option<&str>, kind: Option<&str>) -> Fields {
        Fields::default()
            .text("name", name)
            .text("asset_serial", self.serial.as_deref())
            .text("asset_type_name", kind)
    }

    fn properties(&self) -> Value {
        let all = self.property.iter();
        all.map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect()
    }
}

/// Create an asset for a customer
///
/// Properties need a second request because Syncro ignores them in the first; both are confirmed together.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset create quillfeather TILL-3 --type Desktop --serial QF-0031
  syncro asset create 31204551 TILL-3 --type Desktop --property OS=11 --yes")]
pub struct CreateArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Asset name
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    about: About,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::SameAsset, Guard::Disabled]) }>,
}

/// Change an asset
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset update TILL-1 --serial QF-0032
  syncro asset update 12400000 --property \"OS=Windows 11\" --yes")]
pub struct UpdateArgs {
    /// Asset: a name, part of one, a serial number, or an id
    #[arg(value_name = "ASSET")]
    pub asset: IdOrName,
    /// Customer it belongs to
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// New name
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    #[command(flatten)]
    about: About,
}

/// Runs `syncro asset create`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    if args.name.trim().is_empty() {
        return Err(Error::usage("an asset needs a name").nothing_written());
    }
    let reader = ctx.reader()?;
    let (customer, kind) = tokio::try_join!(
        resolve::customer(ctx, &reader, &args.customer),
        kind(ctx, &reader, args.about.kind.as_deref()),
    )?;
    let mut body = args.about.fields(Some(&args.name), kind.as_deref()).body();
    body.insert("customer_id".to_owned(), json!(customer.id));
    let mut requests = vec![assets::create(body)];
    if !args.about.property.is_empty() {
        let mut body = Fields::default().text("name", Some(&args.name)).body();
        body.insert("properties".to_owned(), args.about.properties());
        requests.push(assets::update(RecordId::later("asset"), body));
    }
    let (id, scope) = (customer.id, Scope::of_customer(customer.id));
    let of = Noun::Customer.record(id);
    let requests = requests.into_iter().map(Request::from);
    let writing = Writing {
        title: Some(format!("Create an asset of {}", customer.name())),
        next: Some(format!("asset list --customer {id}")),
        known: Known {
            view: Snapshot::default().with_record(of, Some(customer.raw)),
            ..Known::default()
        },
        allowed: args.overrides.allowed.clone(),
        ..Writing::all("asset create", scope, requests)?
    };
    workflow::write(ctx, &approval, &writing).await
}

/// The type as the account spells it.
async fn kind(ctx: &Context, reader: &Reader, typed: Option<&str>) -> Result<Option<String>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let mut lists = Lists::read(ctx, reader).await?;
    let found = lists.choose(ctx, reader, Which::AssetType, typed).await;
    found.map(Some).map_err(Error::nothing_written)
}

/// Runs `syncro asset update`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn update(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let about = &args.about;
    let nothing = args.name.is_none()
        && about.kind.is_none()
        && about.serial.is_none()
        && about.property.is_empty();
    if nothing {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --name, --type, --serial, --property"));
    }
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let (found, kind) = tokio::try_join!(
        find(ctx, &reader, &args.asset, customer),
        kind(ctx, &reader, about.kind.as_deref()),
    )?;
    let mut body = about.fields(args.name.as_deref(), kind.as_deref()).body();
    if !about.property.is_empty() {
        body.insert("properties".to_owned(), about.properties());
    }
    let scope = Scope { customer: found.customer(), ..Scope::default() };
    let writing = Writing::of("asset update", scope, assets::update(found.id, body))?;
    workflow::write(ctx, &approval, &writing).await
}
