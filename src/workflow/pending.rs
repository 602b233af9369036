//! Plans that were begun and not finished: what they stand in the way of.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::api::Method;
use crate::config::Settings;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::{Finding, Guard, Operation};
use crate::render::when;
use crate::write::{Clock, Effect, Found, Journals, Noun, Plan, Request, Scope, Step};

/// Refuses a new plan while an unfinished one is pending on the same ticket, of which only the number may be known.
///
/// # Errors
/// Exit 5, naming `resume`.
pub fn refuse_if_pending(ctx: &Context, scope: &Scope) -> Result<()> {
    let same = |plan: &Plan| match &scope.number {
        Some(number) => plan.scope.number.as_ref() == Some(number),
        None => plan.scope.ticket == scope.ticket,
    };
    refuse_pending(ctx, "ticket", same)
}

/// Refuses a new plan while an unfinished one is pending on the same ticket or customer. What is about neither is left to
/// the look at its paths. `requests` are those of the new plan, where they are known by then.
///
/// # Errors
/// Exit 5, naming `resume`.
pub(super) fn refuse_if_pending_on(
    ctx: &Context,
    scope: &Scope,
    requests: &[&Request],
) -> Result<()> {
    if is_of_account(scope) {
        return Ok(());
    }
    let of_customer = scope.ticket.is_none();
    let same = |plan: &Plan| {
        plan.scope.lock_name() == scope.lock_name() && !(of_customer && is_apart(requests, plan))
    };
    refuse_pending(ctx, scope.noun(), same)
}

/// Whether a plan and the requests of another one each make records, and not in the same lists: a payment that may have been
/// made says nothing of an invoice that is to be.
fn is_apart(requests: &[&Request], plan: &Plan) -> bool {
    let own = lists(requests.iter().copied()).filter(|own| !own.is_empty());
    let pending = lists(plan.steps.iter().map(|step| &step.request));
    own.zip(pending).is_some_and(|(own, pending)| own.is_disjoint(&pending))
}

/// The lists that requests make records in, where they do nothing else.
fn lists<'r>(requests: impl Iterator<Item = &'r Request>) -> Option<BTreeSet<&'r str>> {
    let list = |request: &'r Request| match endpoint(request) {
        (Method::Post, path) => Some(path.trim_matches('/')).filter(|path| !path.contains('/')),
        _ => None,
    };
    requests.map(list).collect()
}

/// Refuses what a command would write while an unfinished plan that [`refuse_if_pending_on`] does not find sends to one of
/// its paths: a record may be of another customer since that plan, or of none. Doubt about one path says nothing of the
/// others, and a POST for one customer nothing of those for others. The requests are looked at and not the steps: of what is
/// so already there are none, and a pending plan may have made it so.
///
/// # Errors
/// Exit 5, naming `resume`.
pub(super) fn refuse_if_sent_before<'r>(
    ctx: &Context,
    scope: &Scope,
    requests: impl IntoIterator<Item = &'r Request>,
) -> Result<()> {
    let endpoints: Vec<_> = requests.into_iter().map(endpoint).collect();
    let same = |plan: &Plan| {
        let both_of_account = is_of_account(scope) && is_of_account(&plan.scope);
        let mut sent = plan.steps.iter().map(|step| endpoint(&step.request));
        sent.any(|one| endpoints.contains(&one) && (both_of_account || one.0 != Method::Post))
    };
    refuse_pending(ctx, scope.noun(), same)
}

/// Refuses to go on while any plan of the account and profile is unfinished.
///
/// # Errors
/// Exit 5, naming `resume`.
pub fn refuse_if_any_pending(ctx: &Context) -> Result<()> {
    refuse_pending(ctx, "account", |plan| plan.account.profile == ctx.settings().profile)
}

/// How long ago a request counts as sent.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a step is a POST that leaves nothing a GET shows: an email, or a request of which nothing is known.
pub(super) fn leaves_nothing(step: &Step) -> bool {
    step.effect.is_unverifiable() && step.request.method == Method::Post
}

/// Whether it makes a record that binds or bills by itself, of which a second one is like the first.
pub(super) fn binds(step: &Step) -> bool {
    let list = step.effect.collection();
    list.is_some_and(|list| matches!(list.noun, Noun::Schedule | Noun::Contract | Noun::Estimate))
}

/// The question about a request of which only the journal can tell whether it was sent: within a day, it was.
pub(super) fn sent_today(ctx: &Context, step: &Step) -> Option<Finding> {
    let request = &step.request;
    let now = Clock::now(&ctx.reader().ok()?);
    let at = ctx.journals().last_sent(&ctx.base_name().ok()?, request, now, DAY)?;
    let at = when::at_in_zone(at, &ctx.settings().timezone);
    let what = match Operation::of(request) {
        Some(_) if leaves_nothing(step) => step.effect.label(),
        _ => "the same request",
    };
    let text = format!("{what} was sent within a day ({at})");
    Some(Finding::new(Guard::Again, text))
}

fn is_of_account(scope: &Scope) -> bool {
    scope.ticket.is_none() && scope.customer.is_none()
}

/// What a request asks the server to do, whatever the query says.
fn endpoint(request: &Request) -> (Method, &str) {
    let path = request.path.as_str();
    (request.method, path.split_once('?').map_or(path, |(path, _)| path))
}

fn refuse_pending(ctx: &Context, noun: &str, same: impl Fn(&Plan) -> bool) -> Result<()> {
    let Some(unfinished) = pending(ctx, noun, same)? else {
        return Ok(());
    };
    let is_told = ctx.has_told_pending();
    ctx.told_pending();
    let error = Error::refused(unfinished.state).nothing_written();
    // A dry run writes nothing, so nothing is in its way.
    if ctx.how().dry_run {
        if !is_told {
            ctx.ui().warn(&error.to_string());
        }
        return Ok(());
    }
    Err(error.hint(unfinished.next))
}

/// The line about what is unfinished on the account of these settings.
#[must_use]
pub fn reminder(settings: &Settings) -> Option<String> {
    let base = settings.base_name()?;
    let is_here =
        |plan: &Plan| plan.account.base == base && plan.account.profile == settings.profile;
    let found =
        Journals::new(&settings.state_dir).pending().ok()?.into_iter().filter_map(|found| {
            match found {
                Found::Pending(story) if is_here(&story.plan) => Some(story.plan.title),
                // Whose it is nobody can tell.
                Found::Unreadable { id, .. } => Some(format!("Plan {id}")),
                _ => None,
            }
        });
    let found: Vec<String> = found.collect();
    let what = match found.as_slice() {
        [] => return None,
        [one] => format!("{one} is"),
        several => format!("{} plans are", several.len()),
    };
    Some(format!("{what} not finished; run `{} resume`", settings.program()))
}

/// A plan that stands in the way of another one.
struct Unfinished {
    /// What is known of it, for people.
    state: String,
    /// What finishes or drops it.
    next: Hint,
}

fn pending(ctx: &Context, noun: &str, same: impl Fn(&Plan) -> bool) -> Result<Option<Unfinished>> {
    let base = ctx.base_name()?;
    for found in ctx.journals().pending()? {
        let story = match found {
            Found::Pending(story) => story,
            // It may be about this ticket; nobody can tell.
            Found::Unreadable { id, why } => {
                let state = format!("cannot read plan {id} ({why}); it may belong to this {noun}");
                let next = Hint::from(format!("check this {noun} in Syncro, then run "))
                    .command(format!("resume --discard {id}"));
                return Ok(Some(Unfinished { state, next }));
            }
            Found::Busy(_) => continue,
        };
        if same(&story.plan) && story.plan.account.base == base && story.is_unfinished() {
            let (title, id) = (&story.plan.title, &story.plan.id);
            let state = format!("{title} is not finished (plan {id})");
            let resume = story.plan.account.command(&format!("resume {id}"));
            let drops = story.plan.account.command(&format!("resume --discard {id}"));
            let steps = story.plan.steps.iter().zip(&story.states);
            let next = match steps
                .into_iter()
                .any(|(step, state)| step.effect.is_unverifiable() && state.is_unknown())
            {
                true => format!(
                    "the API cannot confirm it: check in Syncro, then run `{drops}` to discard the plan"
                ),
                false => format!("`{resume}` checks what was written, then finishes it"),
            };
            return Ok(Some(Unfinished { state, next: next.into() }));
        }
    }
    Ok(None)
}

/// What is not found may be what a pending plan was removing: says so, since nothing else would. `typed` are the words of
/// the command line, of which one names it.
#[must_use]
pub fn mention_removal(ctx: &Context, typed: &[String], error: Error) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let is_typed = |known: &str| typed.iter().flat_map(|word| names(word)).any(|one| one == known);
    let removes = |plan: &Plan| {
        let number = plan.scope.number.as_ref().map(|number| number.0.as_str());
        plan.steps.iter().any(|step| match &step.effect {
            Effect::Deleted { of, label } => {
                // "contact Imelda Quill": her name.
                let name = label.split_once(' ').map(|(_, name)| name);
                let id = of.id().map(|id| id.to_string());
                [id.as_deref(), name, number]
                    .into_iter()
                    .flatten()
                    .any(|known| is_typed(known.trim_start_matches('#')))
            }
            _ => false,
        })
    };
    let Ok(Some(pending)) = pending(ctx, "record", removes) else {
        return error;
    };
    error.hint(pending.state).hint(pending.next)
}

/// What a word of the command line may name: itself, a flag's value (`--timer=7`), a part of a path (`/contacts/7`).
fn names(word: &str) -> impl Iterator<Item = &str> {
    let parts = std::iter::once(word).chain(word.split(['/', '=']));
    parts.map(|part| part.trim_start_matches("id:").trim_start_matches('#'))
}
