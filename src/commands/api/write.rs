//! A write of `syncro api`: the operation that its request is, sent as it was typed, and the API's answer as the report.

use serde_json::{Map, Value};

use super::typed::Path;
use crate::api::Method;
use crate::api::folder::TICKETS;
use crate::commands::bill::repair;
use crate::commands::delete;
use crate::commands::typed_again::Again;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Allowed, Operation, Severe};
use crate::render::sentence;
use crate::workflow::{self, Approval, Writing};
use crate::write::{Noun, Outcome, ReadSet, Request, RetryPolicy, Snapshot, snapshot};

/// What is named again of a record that is removed for good.
pub(super) struct Named<'a> {
    pub(super) number: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

/// Runs one write.
///
/// # Errors
/// See `syncro help exit-codes`.
pub(super) async fn run(
    ctx: &Context,
    method: Method,
    path: &Path,
    body: Option<Value>,
    named: &Named<'_>,
    allowed: &Allowed,
) -> Result<()> {
    let approval = match method {
        Method::Put | Method::Patch => Approval::of_change(ctx),
        _ => Approval::of(ctx),
    };
    let operation = Operation::any(&request(method, path, body))?;
    if operation.record().is_none() {
        // What is wrong with its values needs no request.
        operation.scope(&Snapshot::default())?;
    }
    let scope = workflow::scope(&ctx.reader()?, &operation).await?;
    let of_ticket = matches!(path.segments().as_slice(), [folder, _] if *folder == TICKETS.name());
    if let (Method::Delete, true, Some(id)) = (method, of_ticket, scope.ticket) {
        delete::said_again(ctx, &approval, id, named.number).await?;
    }
    if let Some(severe) = operation.severe() {
        named_again(ctx, &approval, &severe, named).await?;
    }
    let writing = Writing {
        next: Some(String::new()),
        operations: vec![operation],
        as_typed: true,
        allowed: allowed.clone(),
        ..Writing::all("api", scope, [])?
    };
    let turn = workflow::begin_writing(ctx, &writing)?;
    let outcome = workflow::write_steps(ctx, &approval, &writing, turn).await?;
    answered(ctx, &approval, outcome).await
}

/// Has a record named again that is removed for good.
///
/// # Errors
/// Exit 3 where there is none, and those of [`Again::confirm`].
async fn named_again(
    ctx: &Context,
    approval: &Approval,
    severe: &Severe,
    named: &Named<'_>,
) -> Result<()> {
    let noun = severe.of.noun().map_or("record", Noun::label);
    let needs = ReadSet::NOTHING.record(&severe.of);
    let seen = snapshot(&ctx.reader()?, None, needs, RetryPolicy::Retry).await?;
    let id = severe.of.id().unwrap_or_default();
    let raw = seen
        .record(&severe.of)
        .and_then(Value::as_object)
        .ok_or_else(|| Error::none(format!("{noun} {id}")).nothing_written())?;
    let is = (severe.is)(raw);
    let given = if severe.what == "number" { named.number } else { named.name };
    // What has no name is told by its id alone.
    let (what, is, heading) = match is.trim() {
        "" => ("id", id.to_string(), format!("{} without a {}", sentence(noun), severe.what)),
        _ => (severe.what, is.clone(), format!("{} {is} (id {id})", sentence(noun))),
    };
    let again = Again { noun, what, flag: severe.what, is: &is, heading };
    again.confirm(ctx, approval, given).await
}

/// The request as it was typed, with its query.
fn request(method: Method, typed: &Path, body: Option<Value>) -> Request {
    let mut path = typed.path.clone();
    if !typed.query.is_empty() {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&typed.query)
            .finish();
        path = format!("{path}?{query}");
    }
    let body = match (method, body) {
        (Method::Delete, None) => None,
        (_, Some(body)) => Some(body),
        (_, None) => Some(Value::Object(Map::new())),
    };
    Request { method, path, body }
}

/// Shows the API's own answer, where all went well; offers to repair an invoice that did not.
async fn answered(ctx: &Context, approval: &Approval, outcome: Option<Outcome>) -> Result<()> {
    let Some(outcome) = outcome else {
        return Ok(());
    };
    if outcome.stopped.is_some() || ctx.how().json {
        return repair::report(ctx, approval, false, outcome).await;
    }
    for warning in &outcome.warnings {
        ctx.ui().warn(&warning.to_string());
    }
    match outcome.made.last.clone() {
        Some(answer) => ctx.ui().json(&answer),
        None => workflow::report(ctx, &outcome),
    }
}
