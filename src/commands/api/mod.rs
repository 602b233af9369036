//! `syncro api <METHOD> <path>`: any operation of the API, through the same pacing, safety and redaction as everything
//! else. Paths that other commands know are looked at as those do it; all others are sent once.

mod typed;
mod write;

use write::Named;

use crate::operations::Guard;
use crate::workflow::{HEADING, Overrides, guards};
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::api::{Get, List, Method};
use crate::commands::answer::{self, Printed};
use crate::commands::listing::Total;
use crate::commands::text;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::ListFlags;
use crate::render::Table;
use crate::render::list::{self, Grid};
use crate::render::lists::ANSWER;

/// Send any API request by method and path
///
/// GET prints the answer. Writes are previewed, confirmed, journaled and sent at most once; known endpoints use the
/// same guards and verification as their commands. An unknown endpoint is sent once: if the answer is lost, the outcome
/// cannot be verified.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro api GET tickets
  syncro api GET customers -f query=quill --paginate | jq length
  syncro api PUT tickets/108443837 -f priority=\"1 High\"
  syncro api POST contacts -F customer_id=31204551 -f name=\"Ada Finch\"
  syncro api DELETE tickets/108443222 --yes --number 32166
  syncro api POST tickets/108443837/comment --input comment.json --yes")]
pub struct ApiArgs {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// Path below the API's base URL, with or without a leading slash
    #[arg(value_name = "PATH")]
    pub path: String,
    /// Add a typed field: true, false, null and numbers keep their type; query parameter for GET; repeatable
    #[arg(short = 'F', long, value_name = "KEY=VALUE", value_parser = typed::field, conflicts_with = "input")]
    pub field: Vec<(String, String)>,
    /// Add a text field, sent exactly as typed; repeatable
    #[arg(short = 'f', long, value_name = "KEY=VALUE", value_parser = typed::field, conflicts_with = "input")]
    pub raw_field: Vec<(String, String)>,
    /// Read a JSON body from a file; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Read all pages of a list into one array
    #[arg(long)]
    pub paginate: bool,
    /// In which form
    #[command(flatten)]
    pub form: ListFlags,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(Guard::ALL) }>,
    /// Number of the ticket or estimate to delete, as confirmation
    #[arg(long, value_name = "NUMBER", help_heading = HEADING, display_order = 99)]
    pub number: Option<String>,
    /// Name of the customer, contract or schedule to delete, else its id
    #[arg(long, value_name = "NAME", help_heading = HEADING, display_order = 99)]
    pub name: Option<String>,
}

/// Runs `syncro api`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ApiArgs) -> Result<()> {
    let path = typed::path(&args.path)?;
    let method = match args.method.to_uppercase().as_str() {
        "GET" => return read(ctx, args, path).await,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        _ => {
            return Err(Error::usage(format!("invalid method \"{}\"", args.method))
                .nothing_sent()
                .hint("use GET, POST, PUT, PATCH or DELETE"));
        }
    };
    if args.paginate {
        return Err(Error::usage("--paginate works only with GET").nothing_sent());
    }
    if ctx.output().is_of_lists() {
        let only = "--columns, --csv and --tsv work only with GET";
        return Err(Error::usage(only).nothing_sent());
    }
    let body = body(ctx, args)?;
    let named = Named { number: args.number.as_deref(), name: args.name.as_deref() };
    write::run(ctx, method, &path, body, &named, &args.overrides.allowed).await
}

impl ApiArgs {
    /// Whether it only reads.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.method.eq_ignore_ascii_case("GET")
    }
}

/// The body of a write: the fields, or what `--input` holds.
fn body(ctx: &Context, args: &ApiArgs) -> Result<Option<Value>> {
    if let Some(file) = &args.input {
        let text = text::from(ctx.ui(), file)?;
        let body: Value = serde_json::from_str(&text).map_err(|error| {
            let name = match file.as_os_str() == "-" {
                true => "standard input".to_owned(),
                false => file.display().to_string(),
            };
            Error::usage(format!("{name} is not JSON: {error}")).nothing_sent()
        })?;
        if !body.is_object() {
            return Err(Error::usage("the body must be a JSON object").nothing_sent());
        }
        if body.get("api_key").is_some() {
            return Err(Error::usage("the body contains api_key, which is added automatically")
                .nothing_sent());
        }
        return Ok(Some(body));
    }
    let mut body = Map::new();
    for (key, text) in &args.field {
        typed::put(&mut body, key, typed::value(text))?;
    }
    for (key, text) in &args.raw_field {
        typed::put(&mut body, key, Value::from(text.as_str()))?;
    }
    Ok((!body.is_empty()).then_some(Value::Object(body)))
}

async fn read(ctx: &Context, args: &ApiArgs, path: typed::Path) -> Result<()> {
    if args.input.is_some() {
        return Err(Error::usage("a GET cannot have a body").nothing_sent());
    }
    let query = path.query.iter().chain(&args.field).chain(&args.raw_field);
    let reader = ctx.reader()?;
    let mut get: Get<Value> = Get::new(path.path.clone(), None).or_number();
    for (name, value) in query.clone() {
        get = get.asking(name.clone(), value);
    }
    let first = reader.get(get).await?.raw;
    let as_rows = ctx.output().is_of_lists();
    if !args.paginate {
        return match (as_rows, rows_in(&first)) {
            (false, _) => ctx.json(&first),
            (true, Some(items)) => rows(ctx, items.clone()),
            (true, None) => {
                let what = format!("the answer of {} is not a list", path.path);
                Err(Error::usage(what).hint("--columns, --csv and --tsv work only with lists"))
            }
        };
    }
    let Some(member) = list_in(&first) else {
        return Err(Error::refused(format!(
            "the answer of {} is not a list; it was read without --paginate",
            path.path
        ))
        .hint("remove --paginate"));
    };
    let mut list: List<Value> = List::new(path.path.clone(), member);
    for (name, value) in query.filter(|(name, _)| name != "page") {
        list = list.asking(name.clone(), value);
    }
    let all = reader.all(list).await?;
    let items: Vec<Value> = all.items.into_iter().map(|item| item.raw).collect();
    match as_rows {
        true => rows(ctx, items),
        false => ctx.json(&Value::Array(items)),
    }
}

/// Records of any kind as rows: of the columns that were asked for, or of all members that are no lists and no objects.
fn rows(ctx: &Context, records: Vec<Value>) -> Result<()> {
    let total = Total::all_of(&records);
    let members = list::of_members(&records);
    if ctx.output().columns.is_none() && !members.is_empty() {
        let grid = Grid::of(&Table::new([]), &records, Some(&members), &ctx.settings().timezone);
        return answer::print_cells(ctx, &grid, ctx.output().form);
    }
    let printed = Printed { shape: &ANSWER, records, rows: Table::new([]).into(), total };
    answer::print(ctx, printed, "no records")
}

/// The rows of an answer that is a list.
fn rows_in(answer: &Value) -> Option<&Vec<Value>> {
    match answer {
        Value::Array(rows) => Some(rows),
        answer => answer.get(list_in(answer)?)?.as_array(),
    }
}

/// The member of an answer that is the list which was asked for: a record may have a list among its fields.
fn list_in(answer: &Value) -> Option<String> {
    let mut members = answer.as_object()?.iter().filter(|(name, _)| *name != "meta");
    let (name, value) = members.next()?;
    (value.is_array() && members.next().is_none()).then(|| name.clone())
}
