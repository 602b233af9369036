//! The gathering of every write that `operations` knows: reads in rounds until nothing more is needed, everything of a
//! round at once, then the plan that follows from them. Values in, one copy for all commands.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use crate::account::AccountFacts;
use crate::account::names::{names, with_words};
use crate::api::ids::{ProductId, TimerId, UserId};
use crate::api::resources::users::{self, Me};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::draft::Wording;
use crate::error::{Error, Result};
use crate::operations::{
    self, Allowed, Env, Finding, Guard, Names, Operation, Word, Worked, Worker,
};
use crate::render::preview::Sheet;
use crate::write::{
    Baseline, Collection, Effect, Noun, Plan, Precondition, ReadSet, RecordRef, Request,
    RetryPolicy, Scope, Snapshot, Step, snapshot,
};

/// Where a line item, and the time that one is made of, say what was done.
const LINE_TEXTS: [&str; 2] = ["description", "notes"];

/// What a gathering has led to.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The plan, with its preview. One without steps has nothing to send: its title says what is so already.
    pub plan: Plan,
    /// What the guards found, answered or not.
    pub findings: Vec<Finding>,
    /// What they found of labor that is meant to cost nothing: it is answered.
    pub meant: Vec<Finding>,
    /// Whose key it is.
    pub me: Me,
    /// When the first of its reads began.
    pub at: Instant,
}

/// What a command would write, before anything is read for it.
#[derive(Debug, Clone)]
pub struct Writing<'w> {
    /// The command, as the journal names it.
    pub command: &'w str,
    /// What it all does, in a line; where nothing is said, what each write does.
    pub title: Option<String>,
    /// What the report proposes to type next; where nothing is said, the page of the ticket.
    pub next: Option<String>,
    /// The same where a step of the plan charges time, as a stop does in some accounts.
    pub once_charged: Option<String>,
    /// What it is about, by what was read before the lock.
    pub scope: Scope,
    /// What was read already and need not be read again, if the plan is made at once.
    pub known: Known,
    /// The writes, in order.
    pub operations: Vec<Operation>,
    /// Whether they are sent as they were typed.
    pub as_typed: bool,
    /// Guard overrides.
    pub allowed: Allowed,
    /// What the requests were made of besides: it must still be so whenever the plan is made.
    pub grounds: Vec<Precondition>,
    /// The timer entries of which the account's own rounding is kept.
    pub kept: Vec<TimerId>,
    /// Whether an invoice of another amount for that needs nobody's yes.
    pub rounded: bool,
    /// The text of one of them, where a person may edit it at the preview.
    pub wording: Option<Wording>,
    /// What the preview says that no request tells, after all else.
    pub remarks: Sheet,
    /// What stood against it when its requests were made, and no request tells.
    pub found: Vec<Finding>,
    /// When the work began that it bills, where that was said and no request tells.
    pub began: Option<Timestamp>,
    /// What is said of when the time was worked that it bills.
    pub worked: Worked,
    /// Whether it bills emergency labor, as whatever product.
    pub is_emergency: bool,
    /// The products that it sells for nothing, as labor of which that is meant.
    pub free: Vec<ProductId>,
}

/// What a command has read before its plan is made.
#[derive(Debug, Clone)]
pub struct Known {
    /// Records and lists.
    pub view: Snapshot,
    /// The key's owner.
    pub me: Option<Record<Me>>,
    /// What ids are called: it hardly changes, and is not read again.
    pub names: Option<Names>,
    /// When the first of those reads began.
    pub at: Instant,
}

impl Default for Known {
    fn default() -> Self {
        Self { view: Snapshot::default(), me: None, names: None, at: Instant::now() }
    }
}

impl<'w> Writing<'w> {
    /// Writes of a command.
    ///
    /// # Errors
    /// For a request that `operations` does not know: a defect.
    pub fn all(
        command: &'w str,
        scope: Scope,
        requests: impl IntoIterator<Item = Request>,
    ) -> Result<Self> {
        Ok(Self {
            command,
            title: None,
            next: None,
            once_charged: None,
            scope,
            known: Known::default(),
            operations: Operation::all(requests)?,
            as_typed: false,
            allowed: Allowed::new(),
            rounded: false,
            grounds: Vec::new(),
            kept: Vec::new(),
            wording: None,
            remarks: Sheet::default(),
            found: Vec::new(),
            began: None,
            worked: Worked::Unsaid,
            is_emergency: false,
            free: Vec::new(),
        })
    }

    /// Whether its requests are those of `other`, text and all.
    pub(super) fn sends_the_same(&self, other: &Self) -> bool {
        let requests = |writing: &Self| {
            writing.operations.iter().map(|one| one.request().clone()).collect::<Vec<_>>()
        };
        requests(self) == requests(other)
    }

    /// The same with this text, in the place of the one that it had.
    ///
    /// # Errors
    /// As for [`Writing::all`].
    pub(super) fn worded(&self, new: Wording) -> Result<Self> {
        let old = self.wording.as_ref().map(|old| Value::from(old.body()));
        let mut requests: Vec<Request> =
            self.operations.iter().map(|one| one.request().clone()).collect();
        // A line that is made of time says it twice: the entry's notes are the line's description.
        let lines = self.wording.as_ref().and_then(Wording::of_line).zip(new.of_line());
        let bodies = requests.iter_mut().filter_map(|request| request.body.as_mut());
        for (at, body) in bodies.filter_map(Value::as_object_mut).enumerate() {
            if let Some((was, is)) = lines {
                for name in LINE_TEXTS {
                    let text = body.get_mut(name).filter(|text| text.as_str() == Some(was));
                    if let Some(text) = text {
                        *text = Value::from(is);
                    }
                }
            }
            let is_its = match &old {
                Some(old) => body.get(new.field) == Some(old),
                None => at == 0,
            };
            if is_its {
                body.insert(new.field.to_owned(), Value::from(new.body()));
            }
        }
        let operations = Operation::all(requests)?;
        Ok(Self { operations, wording: Some(new), ..self.clone() })
    }

    /// The same, made of what a record, `raw`, said in the fields of these names.
    #[must_use]
    pub fn made_of(mut self, of: RecordRef, label: &str, raw: &Value, names: &[&str]) -> Self {
        self.grounds.push(Precondition::kept(of.clone(), label, raw, names));
        self.known.view = self.known.view.with_record(of, Some(raw.clone()));
        self
    }

    /// Whether what was found of the write at a place is labor for nothing that is meant. What a charge makes, the write
    /// behind it says.
    fn means(&self, place: usize, finding: &Finding) -> bool {
        let mut named = self.operations.iter().skip(place).take(2).filter_map(Operation::product);
        finding.guard == Guard::Zero && named.next().is_some_and(|one| self.free.contains(&one))
    }

    /// One write of a command.
    ///
    /// # Errors
    /// For a request that `operations` does not know: a defect.
    pub fn of(command: &'w str, scope: Scope, request: impl Into<Request>) -> Result<Self> {
        Self::all(command, scope, [request.into()])
    }
}

/// What an operation is about, for the lock: its record says so.
///
/// # Errors
/// Exit 3 when there is no such record.
pub async fn scope(reader: &Reader, operation: &Operation) -> Result<Scope> {
    let needs = operation.record().iter().fold(ReadSet::NOTHING, ReadSet::record);
    let seen = snapshot(reader, None, needs, RetryPolicy::Retry).await?;
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
    // What was read for the first preview is too old for the second.
    let fresh = writing.known.at.elapsed() <= ctx.settings().write.fresh;
    let known = Some(&writing.known).filter(|_| fresh);
    let at = known.map_or_else(Instant::now, |known| known.at);
    let (seen, me, names) = read(ctx, reader, writing, known).await?;
    for ground in &writing.grounds {
        ground.holds(&seen, &Baseline::default())?;
    }
    let account = ctx.account(&me)?;
    let mut plan =
        Plan::new(writing.command, String::new(), account.clone(), Scope::default(), ctx.now());
    let (mut titles, mut findings, mut sheet) =
        (Vec::new(), writing.found.clone(), Sheet::default());
    let (mut same, mut meant) = (Vec::new(), Vec::new());
    let outside = outside_hours(ctx, writing, &seen)?;
    let (mut scope, mut baseline) = (writing.scope.clone(), Baseline::default());
    for (place, operation) in writing.operations.iter().enumerate() {
        let env = Env {
            me: &me,
            account: &account,
            settings: ctx.settings(),
            names: &names,
            now: ctx.now(),
            as_typed: writing.as_typed,
            before: &plan.steps,
            kept: &writing.kept,
        };
        let proposed = operation.propose(&seen, &env)?;
        sheet = sheet.and(proposed.sheet);
        // What is about something that the plan itself makes says nothing of what it is for.
        if proposed.scope != Scope::default() {
            scope = proposed.scope;
        }
        if proposed.step.effect.changes_nothing() {
            if operation.says_nothing() {
                return Err(Error::usage("the request has no fields").nothing_written());
            }
            same.push(already(&proposed.step));
            continue;
        }
        // A list of what the plan itself has yet to make was not read.
        let collection = proposed.step.effect.collection();
        if let Some(collection) = collection.filter(|collection| seen.has_listed(collection)) {
            baseline.set(collection, seen.ids(collection));
        }
        titles.push(proposed.title);
        // What a request carries is judged here, so that no command and no path of `api` can forget it.
        let carried = operations::findings(&proposed.step.request, ctx.settings());
        let own = |found: &Finding| proposed.findings.iter().any(|own| own.guard == found.guard);
        let carried: Vec<Finding> = carried.into_iter().filter(|found| !own(found)).collect();
        for finding in proposed.findings.into_iter().chain(carried) {
            // What stands against several writes of a plan is asked once.
            match writing.means(place, &finding) {
                true => meant.push(finding),
                false if !findings.contains(&finding) => findings.push(finding),
                false => {}
            }
        }
        let whose = proposed.whose.filter(|whose| !plan.preconditions.contains(whose));
        let step = resting_on_hours(proposed.step, &writing.grounds);
        plan = whose.into_iter().fold(plan, Plan::requires).step(step);
    }
    if plan.steps.is_empty() {
        titles = same;
    }
    findings.retain(|finding| !operations::is_answered(finding, &plan.steps));
    let worker = Worker { worked: writing.worked, ..worker(ctx, &me)? };
    let together = operations::together(&plan.steps, &seen, ctx.settings(), &worker);
    add_others(&mut findings, together);
    let blind = operations::rest_on_time(&mut plan.steps, &seen, ctx.settings(), &worker);
    if let Some(wording) = &writing.wording {
        sheet = wording.drafted.iter().map(ToString::to_string).fold(sheet, Sheet::line);
        sheet = wording.changes().into_iter().fold(sheet, Sheet::notice);
    }
    sheet = sheet.and(writing.remarks.clone()).all_notices(&outside);
    sheet = blind.into_iter().fold(sheet, Sheet::notice);
    let title = writing.title.clone().filter(|_| !plan.steps.is_empty());
    plan.title = title.unwrap_or_else(|| titles.join("; "));
    plan.scope = scope;
    let charges = plan.steps.iter().any(|step| matches!(step.effect, Effect::TimerCharged { .. }));
    let once_charged = writing.once_charged.clone().filter(|_| charges);
    plan.next = once_charged.or_else(|| writing.next.clone());
    plan.facts = sheet.value(&plan.title);
    plan.notices = sheet.notices().to_vec();
    plan.preview = sheet.preview();
    plan.baseline = baseline;
    Ok(Proposal { plan, findings, meant, me: me.view, at })
}

/// The prepaid hours that decided what a line is must still be there when it is sent.
fn resting_on_hours(step: Step, grounds: &[Precondition]) -> Step {
    let made = step.effect.collection().filter(|_| matches!(step.effect, Effect::Created { .. }));
    if !matches!(made, Some(&Collection::LINES | &Collection::TIMERS)) {
        return step;
    }
    let is_customer = |of: &RecordRef| of.noun() == Some(Noun::Customer);
    let hours = grounds.iter().filter(|one| one.record_ref().is_some_and(is_customer));
    hours.cloned().fold(step, Step::requires)
}

/// Adds what no guard has found yet.
fn add_others(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    for finding in more {
        if findings.iter().all(|known| known.guard != finding.guard) {
            findings.push(finding);
        }
    }
}

/// Who types time now, by the account's clock; by the technician's where the account's is not known.
///
/// # Errors
/// Exit 10 where the state folder is not to be used.
pub fn worker(ctx: &Context, me: &Me) -> Result<Worker> {
    let zone = ctx.account_facts()?.get().and_then(AccountFacts::zone);
    let zone = zone.unwrap_or_else(|| ctx.settings().timezone.clone());
    Ok(Worker { user: me.user_id, now: ctx.now(), zone, worked: Worked::Unsaid })
}

/// The question about work that begins when the account does not work, where it may be emergency labor: the account bills
/// such labor, or a product is named that is none.
fn outside_hours(ctx: &Context, writing: &Writing<'_>, seen: &Snapshot) -> Result<Option<String>> {
    let Some(hours) = ctx.account_facts()?.get().and_then(AccountFacts::hours) else {
        return Ok(None);
    };
    let settings = ctx.settings();
    let emergency: Vec<ProductId> =
        settings.labor.iter().filter(|one| one.is_emergency()).map(|one| one.product_id).collect();
    let named: Vec<ProductId> = writing.operations.iter().filter_map(Operation::product).collect();
    let is_one = writing.is_emergency || named.iter().any(|product| emergency.contains(product));
    if is_one || (emergency.is_empty() && named.is_empty()) {
        return Ok(None);
    }
    let told = writing.operations.iter().filter_map(|one| one.begins(seen));
    let mut begins = writing.began.into_iter().chain(told);
    let found = begins.find_map(|at| hours.outside(at, &settings.timezone));
    Ok(found.map(|text| format!("{text}: emergency?")))
}

/// What there is to say of a change to what is so already.
fn already(step: &Step) -> String {
    match (step.effect.label(), step.report.as_str()) {
        (label, "") => format!("{label} already has these values"),
        (label, says) => format!("{label}: {says}"),
    }
}

/// Everything that the operations need, in rounds, and beside the first of them whose key it is.
///
/// # Errors
/// Those of the reads.
pub async fn read(
    ctx: &Context,
    reader: &Reader,
    writing: &Writing<'_>,
    known: Option<&Known>,
) -> Result<(Snapshot, Record<Me>, Names)> {
    let mut seen = known.map(|known| known.view.clone()).unwrap_or_default();
    let needs = |seen: &Snapshot, user: Option<UserId>| {
        let operations = writing.operations.iter();
        let reads = operations.map(|one| one.reads(seen, &writing.scope));
        let operations = writing.operations.iter();
        let own = user.map(|user| operations.map(move |one| one.reads_for(seen, user)));
        let reads = reads.chain(own.into_iter().flatten());
        let grounds = writing.grounds.iter().map(Precondition::reads);
        let worked = operations::worked_reads(seen, writing.worked, user);
        seen.lacks(reads.chain(grounds).fold(worked, ReadSet::and))
    };
    let look = |needs: ReadSet| snapshot(reader, writing.scope.ticket, needs, RetryPolicy::Retry);
    let me = async {
        match known.and_then(|known| known.me.clone()) {
            Some(me) => Ok(me),
            None => reader.get(users::me()).await,
        }
    };
    let names = async {
        let words: Vec<Word> =
            writing.operations.iter().flat_map(Operation::words).cloned().collect();
        match &writing.known.names {
            Some(names) => Ok(names.clone()),
            None if !words.is_empty() => Ok(with_words(ctx, reader, &words).await?),
            None if writing.operations.iter().any(Operation::wants_names) => {
                Ok(names(ctx, reader).await)
            }
            None => Ok(Names::default()),
        }
    };
    let first = async { Ok(look(needs(&seen, None)).await?) };
    let me = async { Ok::<_, Error>(me.await?) };
    let (first, me, names) = tokio::try_join!(first, me, names)?;
    seen = seen.and(first);
    loop {
        let more = needs(&seen, Some(me.user_id));
        if more.is_nothing() {
            break;
        }
        seen = seen.and(look(more).await?);
    }
    let strangers = writing.operations.iter().any(|one| one.names_others(&seen, &me, &names));
    let names = match strangers {
        true => Names { users: self::names(ctx, reader).await.users, ..names },
        false => names,
    };
    Ok((seen, me, names))
}
