//! The gathering of every write that `operations` knows: reads in rounds until nothing more is needed, everything of a
//! round at once, then the plan that follows from them. Values in, one copy for all commands.

use std::time::Instant;

use crate::api::Reader;
use crate::api::resources::users::{self, Me};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Allowed, Env, Finding, Operation};
use crate::write::{Baseline, Plan, ReadSet, Request, RetryPolicy, Scope, Snapshot, snapshot};

/// What a gathering has led to.
#[derive(Debug)]
pub struct Proposal {
    /// The plan, with its preview.
    pub plan: Plan,
    /// What the guards found, answered or not.
    pub findings: Vec<Finding>,
    /// Whose key it is.
    pub me: Me,
    /// When the first of its reads began.
    pub at: Instant,
}

/// What a command would write, before anything is read for it.
#[derive(Debug)]
pub struct Writing<'w> {
    /// The command, as the journal names it.
    pub command: &'w str,
    /// What the report proposes to type next.
    pub next: String,
    /// What it is about, by what was read before the lock.
    pub scope: Scope,
    /// Records that need not be read again: what is shown of them may be a moment old.
    pub known: Snapshot,
    /// The writes, in order.
    pub operations: Vec<Operation>,
    /// Whether they are sent as they were typed.
    pub as_typed: bool,
    /// Guard overrides.
    pub allowed: Allowed,
}

impl<'w> Writing<'w> {
    /// One write of a command.
    ///
    /// # Errors
    /// For a request that `operations` does not know: a defect.
    pub fn of(command: &'w str, scope: Scope, request: impl Into<Request>) -> Result<Self> {
        let request = request.into();
        let unknown = || Error::new(Kind::Failure, format!("no way is known to {}", request.path));
        Ok(Self {
            command,
            next: String::new(),
            scope,
            known: Snapshot::default(),
            operations: vec![Operation::of(&request).ok_or_else(unknown)?],
            as_typed: false,
            allowed: Allowed::new(),
        })
    }
}

/// What an operation is about, for the lock: its record says so.
///
/// # Errors
/// Exit 3 when there is no such record.
pub async fn scope(reader: &Reader, operation: &Operation) -> Result<Scope> {
    let needs = operation.record().iter().fold(ReadSet::NOTHING, ReadSet::record);
    let seen = snapshot(reader, &Scope::default(), needs, RetryPolicy::Retry).await?;
    operation.scope(&seen)
}

/// What a write comes to, by what is read for it now.
///
/// # Errors
/// Those of the reads and of what is proposed.
pub(super) async fn gather(
    ctx: &Context,
    reader: &Reader,
    writing: &Writing<'_>,
) -> Result<Proposal> {
    let at = Instant::now();
    let needs = |seen: &Snapshot| {
        let operations = writing.operations.iter();
        let reads = operations.map(|one| one.reads(seen, writing.scope.customer));
        seen.lacks(reads.fold(ReadSet::NOTHING, ReadSet::and))
    };
    let look = |needs: ReadSet| snapshot(reader, &writing.scope, needs, RetryPolicy::Retry);
    let (first, me) = tokio::try_join!(look(needs(&writing.known)), reader.get(users::me()))?;
    let mut seen = writing.known.clone().and(first);
    loop {
        let more = needs(&seen);
        if more.is_nothing() {
            break;
        }
        seen = seen.and(look(more).await?);
    }
    let env = Env { me: &me, as_typed: writing.as_typed };
    let (mut titles, mut findings) = (Vec::new(), Vec::new());
    let (mut scope, mut baseline) = (writing.scope.clone(), Baseline::default());
    let mut plan = Plan::new(writing.command, String::new(), ctx.account(&me)?, Scope::default());
    for operation in &writing.operations {
        let proposed = operation.propose(&seen, &env)?;
        if let Some(collection) = proposed.step.effect.collection() {
            baseline.set(collection, seen.ids(collection));
        }
        titles.push(proposed.title);
        findings.extend(proposed.findings);
        plan.preview.push_str(&proposed.sheet.text());
        plan.notices.extend_from_slice(proposed.sheet.notices());
        scope = proposed.scope;
        plan = plan.step(proposed.step);
    }
    plan.title = titles.join("; ");
    plan.scope = scope;
    Ok(Proposal { plan: plan.over(baseline).then(writing.next.clone()), findings, me: me.view, at })
}
