//! A write of `syncro api`: from what is known of its path to a plan, and the API's answer as the report.

use serde_json::{Map, Value};

use super::ApiArgs;
use super::known::{self, Known};
use super::typed::Path;
use crate::api::{Method, Reader, Write};
use crate::commands::bill::repair;
use crate::commands::delete;
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Operation, body};
use crate::workflow::{self, Approval, Writing};
use crate::write::Outcome;

/// Runs one write.
///
/// # Errors
/// See the exit codes in README.md.
pub(super) async fn run(
    ctx: &Context,
    args: &ApiArgs,
    method: Method,
    path: &Path,
    body: Option<Value>,
) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let call = Call { ctx, reader: ctx.reader()?, method, path, body };
    let request = call.write().into();
    let operation = Operation::any(&request)?;
    let known = known::of(&call)?;
    // What no noun knows yet may still be known below.
    if Operation::of(&request).is_some() || matches!(known, Known::Other) {
        let scope = workflow::scope(&call.reader, &operation).await?;
        if let (Method::Delete, ["tickets", _], Some(id)) =
            (method, path.segments().as_slice(), scope.ticket)
        {
            delete::said_again(ctx, &approval, id, args.number.as_ref()).await?;
        }
        let writing = Writing {
            next: Some(String::new()),
            operations: vec![operation],
            as_typed: true,
            allowed: args.overrides.allowed.clone(),
            ..Writing::all("api", scope, [])?
        };
        let turn = workflow::begin(ctx, &writing.scope)?;
        let outcome = workflow::write_steps(ctx, &approval, &writing, turn).await?;
        return answered(ctx, &approval, outcome).await;
    }
    let scope = known.scope().await?;
    let gather = || async { known.gather(&call).await?.finish(&call) };
    let allowed = args.overrides.allowed.clone();
    let outcome = workflow::run_steps(ctx, &approval, &scope, allowed, gather).await?;
    answered(ctx, &approval, outcome).await
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
        ctx.ui().warn(warning);
    }
    match outcome.made.last.clone() {
        Some(answer) => ctx.ui().json(&answer),
        None => workflow::report(ctx, &outcome),
    }
}

/// One write as it was typed.
pub(super) struct Call<'a> {
    pub(super) ctx: &'a Context,
    pub(super) reader: Reader,
    pub(super) method: Method,
    pub(super) path: &'a Path,
    pub(super) body: Option<Value>,
}

impl Call<'_> {
    /// What is said of the record.
    pub(super) fn fields(&self) -> Map<String, Value> {
        body::fields(&self.write().into())
    }

    /// The request, with the query that was typed.
    pub(super) fn write(&self) -> Write {
        let mut path = self.path.path.clone();
        if !self.path.query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.path.query)
                .finish();
            path = format!("{path}?{query}");
        }
        let body = match (self.method, &self.body) {
            (Method::Delete, None) => None,
            (_, Some(body)) => Some(body.clone()),
            (_, None) => Some(Value::Object(Map::new())),
        };
        Write { method: self.method, path, body }
    }
}
