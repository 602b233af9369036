//! `syncro asset create|update`: an asset, and its properties, which Syncro ignores when an asset is made: they go in by a
//! second call of the same plan.

use std::time::Instant;

use serde_json::{Map, Value, json};

use super::find;
use crate::api::fields::keep;
use crate::api::resources::assets::{self, Asset};
use crate::api::resources::customers::Customer;
use crate::api::resources::users::{self, Me};
use crate::api::{Reader, Record};
use crate::commands::fields::Fields;
use crate::commands::resolve::{self, CustomerArg, IdOrName, Lists, Which};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Allowed, Finding, Guard};
use crate::render::preview::Sheet;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{
    Change, Collection, Effect, Field, Noun, Plan, ReadSet, RecordId, RetryPolicy, Scope, Snapshot,
    Step, snapshot,
};

/// What every PUT sends along: the specification requires the name.
pub(crate) const ALONG: [&str; 1] = ["name"];

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
    // A dot leads into what a property holds, and nobody could read it back.
    if key.is_empty() || key.contains('.') {
        return Err("a property name must not be empty or contain a dot".to_owned());
    }
    Ok((key.to_owned(), value.trim().to_owned()))
}

impl About {
    fn properties(&self) -> Map<String, Value> {
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
  syncro asset create 31204551 TILL-3 --type Desktop --property \"OS=Windows 11\" --yes --json")]
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
    pub overrides: Overrides<{ guards(&[Guard::SameAsset]) }>,
}

/// Change an asset
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset update TILL-1 --serial QF-0032
  syncro asset update 12400001 --property \"OS=Windows 11\" --yes")]
pub struct UpdateArgs {
    /// Asset: a name, part of one, a serial number, or an id
    #[arg(value_name = "ASSET")]
    pub asset: IdOrName,
    /// New customer: an id or a name
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
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &CreateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    if args.name.trim().is_empty() {
        return Err(Error::usage("an asset needs a name; nothing was written"));
    }
    let reader = ctx.reader()?;
    let (customer, kind) = tokio::try_join!(
        resolve::customer(ctx, &reader, &args.customer),
        kind(ctx, &reader, args.about.kind.as_deref()),
    )?;
    let mut args = args.clone();
    args.about.kind = kind;
    let args = &args;
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, &customer, args);
    let scope = Scope::of_customer(customer.id);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// The type as the account spells it.
async fn kind(ctx: &Context, reader: &Reader, typed: Option<&str>) -> Result<Option<String>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let mut lists = Lists::read(ctx, reader).await?;
    let found = lists.choose(ctx, reader, Which::AssetType, typed).await;
    found.map(Some).map_err(|error| error.hint("nothing was written"))
}

async fn gather(
    ctx: &Context,
    reader: &Reader,
    customer: &Customer,
    args: &CreateArgs,
) -> Result<Proposal> {
    let at = Instant::now();
    let scope = Scope::of_customer(customer.id);
    let collection = Collection::assets(customer.id.into());
    let needs = ReadSet::NOTHING.collection(&collection);
    let (view, me) = tokio::try_join!(
        snapshot(reader, &scope, needs, RetryPolicy::Retry),
        reader.get(users::me())
    )?;
    let fields = Fields::default().text("name", "name", Some(&args.name)).text(
        "asset_serial",
        "serial number",
        args.about.serial.as_deref(),
    );
    let mut sheet = fields
        .rows(Sheet::default().customer(customer).by(&me))
        .maybe("Type", args.about.kind.as_deref());
    for (key, value) in &args.about.property {
        sheet = sheet.row("Property", format!("{key} = {value}"));
    }
    let serial = args.about.serial.as_deref().unwrap_or_default();
    let findings = same(&view, &collection, &args.name, serial);
    let title = format!("Create an asset of {}", customer.name());
    let mut plan = Plan::new("asset create", title, ctx.account(&me)?, scope)
        .over(view.baseline())
        .previewed(sheet.text())
        .step(asset_step(customer, args, &fields, collection));
    if !args.about.property.is_empty() {
        plan = plan.step(properties_step(args));
    }
    Ok(Proposal {
        plan: plan.then(format!("asset list --customer {}", customer.id)),
        findings: findings.into_iter().collect(),
        me: me.view,
        at,
    })
}

fn asset_step(
    customer: &Customer,
    args: &CreateArgs,
    fields: &Fields,
    collection: Collection,
) -> Step {
    let mut body = fields.body();
    body.insert("customer_id".to_owned(), json!(customer.id));
    let mut check = fields.check();
    if let Some(kind) = &args.about.kind {
        body.insert("asset_type_name".to_owned(), json!(kind));
        check.push(Field::called("asset_type", "type", kind.as_str()));
    }
    let like = fields.like(&["name", "asset_serial"]);
    let effect = Effect::created(collection).like(like).check(check);
    let name = args.name.trim();
    Step::new("asset", format!("create the asset {name}"), assets::create(body), effect)
        .reports(name)
}

fn properties_step(args: &CreateArgs) -> Step {
    let asset = RecordId::later("asset");
    let changes: Vec<Change> = args
        .about
        .property
        .iter()
        .map(|(key, value)| Change::to(&format!("properties.{key}"), key, value.as_str()))
        .collect();
    let mut body = Map::new();
    body.insert("name".to_owned(), Value::from(args.name.trim()));
    body.insert("properties".to_owned(), Value::Object(args.about.properties()));
    let (of, write) = (Noun::Asset.record(asset.clone()), assets::update(asset, body));
    let step = Step::change("properties", of, "asset properties", changes, write);
    Step { description: "set its properties".to_owned(), ..step }
}

/// An asset of the customer with the same name or serial number.
pub(crate) fn same(
    view: &Snapshot,
    collection: &Collection,
    name: &str,
    serial: &str,
) -> Option<Finding> {
    let is = |record: &Value, field: &str, text: &str| {
        let there = record[field].as_str().unwrap_or_default();
        !text.trim().is_empty() && there.trim().eq_ignore_ascii_case(text.trim())
    };
    view.records(collection).into_iter().find_map(|one| {
        let why = match (is(one, "name", name), is(one, "asset_serial", serial)) {
            (true, _) => "name",
            (_, true) => "serial number",
            _ => return None,
        };
        let name = one["name"].as_str().unwrap_or_default();
        let text = format!("asset {name} (id {}) has the same {why}", one["id"]);
        Some(Finding::new(Guard::SameAsset, text))
    })
}

/// Runs `syncro asset update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn update(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
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
    let customer = match &args.customer {
        Some(typed) => Some(resolve::customer(ctx, &reader, typed).await?.id),
        None => None,
    };
    let (found, kind) = tokio::try_join!(
        find(ctx, &reader, &args.asset, customer),
        kind(ctx, &reader, about.kind.as_deref()),
    )?;
    let mut args = args.clone();
    args.about.kind = kind;
    let args = &args;
    let id = found.id;
    let gather = || async {
        let at = Instant::now();
        let (asset, me) =
            tokio::try_join!(async { Ok(reader.get(assets::get(id).fresh()).await?) }, async {
                Ok::<_, Error>(reader.get(users::me()).await?)
            },)?;
        if asset.id != id {
            return Err(Error::new(Kind::NotFound, format!("there is no asset {id}")));
        }
        let plan = update_plan(ctx, &asset, args, &me)?;
        Ok(Proposal { plan, findings: Vec::new(), me: me.view, at })
    };
    let scope = scope(&found);
    let allowed = Allowed::new();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// What a plan about it is about: its customer.
pub(crate) fn scope(asset: &Asset) -> Scope {
    Scope { customer: asset.customer(), ..Scope::default() }
}

fn update_plan(ctx: &Context, asset: &Record<Asset>, args: &UpdateArgs, me: &Me) -> Result<Plan> {
    let what = format!("asset {}", asset.name);
    let fields = Fields::default().text("name", "name", args.name.as_deref()).text(
        "asset_serial",
        "serial number",
        args.about.serial.as_deref(),
    );
    let (mut changes, mut body) = fields.changes(&asset.raw);
    if let Some(kind) = &args.about.kind {
        let change = Change::new(&asset.raw, "asset_type", "type", kind.as_str());
        if change.is_one() {
            body.insert("asset_type_name".to_owned(), json!(kind));
            changes.push(change);
        }
    }
    let properties: Vec<Change> = args
        .about
        .property
        .iter()
        .map(|(key, value)| {
            Change::new(&asset.raw, &format!("properties.{key}"), key, value.as_str())
        })
        .filter(Change::is_one)
        .collect();
    if !properties.is_empty() {
        // The whole of them, so that a server that replaces and one that merges do the same.
        let mut all = asset.raw["properties"].as_object().cloned().unwrap_or_default();
        all.extend(args.about.properties());
        body.insert("properties".to_owned(), Value::Object(all));
        changes.extend(properties);
    }
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "{what} already has these values; nothing was written"
        )));
    }
    let mut sheet = Sheet::default()
        .row("Asset", format!("{} (id {})", asset.name, asset.id))
        .maybe("Customer", asset.customer.as_ref().map(|one| one.name().to_owned()))
        .by(me);
    for change in &changes {
        sheet = sheet.row("Change", change.says());
    }
    keep(&mut body, &asset.raw, &ALONG);
    let write = assets::update(asset.id, body);
    let of = Noun::Asset.record(asset.id);
    let kept: &[&str] = match args.about.property.is_empty() {
        true => &ALONG,
        false => &["name", "properties"],
    };
    let step = Step::change("update_asset", of, &what, changes, write)
        .requires_unchanged(&asset.raw, kept);
    Ok(Plan::new("asset update", format!("Change {what}"), ctx.account(me)?, scope(asset))
        .previewed(sheet.text())
        .step(step)
        .then(format!("asset show {}", asset.id)))
}
