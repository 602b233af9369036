//! The text of a write: it is kept until it is sent, offered when the same command is begun again, and edited at the
//! preview. A command that composes its text, as a comment is composed, brings its own; that of any other stands in a
//! field of its request.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::approval::Approval;
use super::gather::Writing;
use crate::api::Record;
use crate::api::resources::comments::Comment;
use crate::api::resources::{line_items, timers};
use crate::context::Context;
use crate::draft::Wording;
use crate::error::{Error, Kind, Result};
use crate::render::{counted, html, sanitise, when, wrap};
use crate::texts::{Answers, Kept, LONGEST_WAIT, Place, PlaceName};
use crate::ui::{Edited, Ui, with_instructions};
use crate::write::{Plan, Request, Step, StepState};

/// The commands whose text stands in a field of their request, with the argument that it is given by and the field.
const FIELDS: [(&str, &str, &str); 13] = [
    ("appointment add", "description", "description"),
    ("contact create", "notes", "notes"),
    ("contact update", "notes", "notes"),
    ("customer create", "notes", "notes"),
    ("customer update", "notes", "notes"),
    ("invoice update", "note", "note"),
    ("line add", "description", "description"),
    ("line update", "description", "description"),
    ("payment add", "reference", "ref_num"),
    ("timer add", "notes", "notes"),
    ("timer start", "notes", "notes"),
    ("timer stop", "notes", "notes"),
    ("timer update", "notes", "notes"),
];

/// The commands that have their text written otherwise, with the arguments that it is given by.
const OWN: [(&str, &[&str]); 5] = [
    ("bill", &["message"]),
    ("close", &["message"]),
    ("comment", &["text", "message"]),
    ("create", &["description"]),
    ("update", &["subject"]),
];

/// The arguments that are the text of a command, and what its place is called by.
#[must_use]
pub fn text_args(command: &str) -> Vec<(&'static str, String)> {
    let fields = FIELDS.iter().filter(|(known, ..)| *known == command);
    let fields = fields.map(|(known, arg, field)| (*arg, placed(known, field)));
    let own = OWN.iter().filter(|(known, _)| *known == command);
    let own = own.flat_map(|(known, args)| args.iter().map(|arg| (*arg, (*known).to_owned())));
    fields.chain(own).collect()
}

/// How a text that is kept is used, for a hint.
#[must_use]
pub fn how_used(command: &str) -> Option<&'static str> {
    match command {
        "bill" | "close" | "comment" => Some(
            "to use it: add --file with this path, or begin the same command on a terminal without a text",
        ),
        "create" => Some(OFFERED),
        command if is_update(command) => Some(CHANGED),
        command => field(command).map(|_| OFFERED),
    }
}

/// How the text of a change is used.
const CHANGED: &str = "to use it: begin the same command on a terminal without any change";

/// How a text is used that can only be typed.
pub const OFFERED: &str = "to use it: begin the same command on a terminal without a text";

/// So many lines of a text that waits are shown, and so much of each.
const FIRST: (usize, usize) = (3, 70);

/// So many lines of the last comment are shown.
const LAST: usize = 20;

fn field(command: &str) -> Option<&'static str> {
    argument_and_field(command).map(|(_, field)| field)
}

fn argument_and_field(command: &str) -> Option<(&'static str, &'static str)> {
    let found = FIELDS.iter().find(|(known, ..)| *known == command);
    found.map(|(_, argument, field)| (*argument, *field))
}

/// What the place of a text in a field is called by.
fn placed(command: &str, field: &str) -> String {
    format!("{command} {field}")
}

/// Where the text of a field waits. That of a change waits by what was typed of its record: it is offered before that is
/// read.
///
/// # Errors
/// As [`Context::host`].
pub fn place(ctx: &Context, command: &str, field: &str, id: u64) -> Result<Place> {
    match ctx.texts().early().filter(|_| is_update(command)) {
        Some(early) => Ok(early.place),
        None => ctx.place(&placed(command, field), id),
    }
}

/// The record that a writing is about, as far as a text is told from others by it: the line or timer of a ticket that is
/// changed, where there is one.
fn about(writing: &Writing<'_>) -> u64 {
    let request = writing.operations.first().map(|one| one.request());
    let body = request.and_then(|request| request.body.as_ref());
    let part = [line_items::ID, timers::ID].iter().find_map(|id| body?.get(id)?.as_u64());
    let path = request.map(|request| request.path.as_str());
    let last = path.and_then(|path| path.split('/').rev().find_map(|part| part.parse().ok()));
    let named = part.or(last);
    let ticket = writing.scope.ticket.map(|id| id.0);
    named.or(ticket).or(writing.scope.customer.map(|id| id.0)).unwrap_or_default()
}

/// Has the text of a command kept from now on, for the case that it does not come to its preview; `id` is the record
/// that its request will name.
///
/// # Errors
/// As [`Context::host`].
pub fn keep(
    ctx: &Context,
    approval: &Approval,
    command: &str,
    id: u64,
    text: Option<&str>,
) -> Result<()> {
    // What a dry run was given is where it came from.
    if let (Some(text), Some(field), false) = (text, field(command), approval.is_dry_run()) {
        ctx.texts().hold(&place(ctx, command, field, id)?, text, approval.may_ask());
    }
    Ok(())
}

/// Asks at a prompt where a person writes a text: what stood in its line when it was left goes to `hold`.
///
/// # Errors
/// Those of the prompt.
pub async fn writing<R: Send + 'static>(
    ctx: &Context,
    hold: impl FnOnce(&str),
    prompt: impl FnOnce(&Ui) -> Result<R> + Send + 'static,
) -> Result<R> {
    let answer = ctx.blocking(prompt).await;
    let unfinished = ctx.ui().unfinished();
    if !unfinished.trim().is_empty() {
        hold(&unfinished);
    }
    answer
}

/// Has a person edit a text that waits at `place` until it is sent; below it stands `about`. The file that the editor opens
/// is one of that place, with the `answers` of its form where none are held. What comes of it is held.
///
/// # Errors
/// When the file cannot be written, or read.
pub async fn edited(
    ctx: &Context,
    place: &Place,
    text: &str,
    about: &str,
    answers: Answers,
) -> Result<Edited> {
    let texts = ctx.texts();
    let before = texts.held_at(place);
    let file =
        texts.open(place, text, &with_instructions(text, about), answers).map_err(|why| {
            let what = format!("cannot write a file for the editor: {why}");
            Error::new(Kind::Failure, what).nothing_sent()
        })?;
    let edited = ctx.blocking(move |ui: &Ui| ui.edit(&file)).await?;
    match &edited {
        Edited::Changed(text) => texts.hold(place, text, true),
        _ => match before {
            Some((text, _)) => texts.hold(place, &text, true),
            None => texts.sent(),
        },
    }
    Ok(edited)
}

/// The text that waits at this place, if a person wants it; one that is not wanted is not offered again. `about` is what
/// it was written for, as people call it.
///
/// # Errors
/// 130 for Ctrl-C.
pub async fn waiting(
    ctx: &Context,
    approval: &Approval,
    place: &Place,
    about: Option<String>,
) -> Result<Option<String>> {
    let asks = approval.may_ask() && !approval.is_dry_run();
    let kept = ctx.texts().latest(place).filter(|_| asks);
    match kept {
        Some(kept) if offered(ctx, place, &kept, about).await? => Ok(Some(kept.text)),
        _ => Ok(None),
    }
}

/// Whether a person wants what waits; it is gone on with then, and else not offered again.
///
/// # Errors
/// 130 for Ctrl-C.
pub async fn offered(
    ctx: &Context,
    place: &Place,
    kept: &Kept,
    about: Option<String>,
) -> Result<bool> {
    for (asked, answer) in &kept.answers {
        let line = sanitise::one_line(&format!("{asked}: {answer}"));
        ctx.ui().preview(&format!("| {}\n", wrap::cut(&line, FIRST.1)));
    }
    let text = kept.text.trim();
    let (lines, columns) = FIRST;
    for line in text.lines().take(lines) {
        ctx.ui().preview(&format!("| {}\n", wrap::cut(&sanitise::one_line(line), columns)));
    }
    let count = text.lines().count();
    if count > lines {
        ctx.ui().preview(&format!("| +{}\n", counted(count - lines, "line", "lines")));
    }
    let from = when::clock(kept.at, ctx.now(), &ctx.settings().timezone);
    let what = if place.is_private() { "private note" } else { "text" };
    let long =
        [counted(count, "line", "lines"), counted(text.chars().count(), "character", "characters")];
    let facts = about.into_iter().chain(long).collect::<Vec<_>>().join(", ");
    let question = match place.is_form() {
        true => format!("Use what you had typed ({from})?"),
        false => format!("Use the {what} from {from} ({facts})?"),
    };
    if ctx.blocking(move |ui: &Ui| ui.ask_unless(&question)).await? {
        ctx.texts().take(place, kept);
        return Ok(true);
    }
    if let Ok(path) = place.set_aside(kept) {
        let days = LONGEST_WAIT.as_secs() / (24 * 60 * 60);
        let path = path.display();
        ctx.ui().note(&format!("it is not offered again; for {days} days it stays in {path}"));
    }
    Ok(false)
}

/// A ticket as an offer names it.
#[must_use]
pub fn ticket_called(number: impl Display) -> String {
    format!("ticket #{number}")
}

/// What a text is that stands in a field, and where.
#[must_use]
pub fn about_field(called: &str, ticket: Option<impl Display>) -> String {
    let ticket = ticket.map(ticket_called);
    std::iter::once(called.to_lowercase()).chain(ticket).collect::<Vec<_>>().join(", ")
}

/// The writing with the text that stands in its request, or else with the one that waits for it.
///
/// # Errors
/// 130 for Ctrl-C.
pub(super) async fn worded<'w, 'a>(
    ctx: &Context,
    approval: &Approval,
    writing: &'a Writing<'w>,
) -> Result<Cow<'a, Writing<'w>>> {
    let field = argument_and_field(writing.command).filter(|_| writing.wording.is_none());
    let Some(((argument, field), request)) = field.zip(writing.operations.first()) else {
        return Ok(Cow::Borrowed(writing));
    };
    let (request, id) = (request.request(), about(writing));
    let text = request.body.as_ref().and_then(|body| body[field].as_str());
    // A line that nobody described has the name of what it sells.
    let given = text.filter(|_| !repeats_the_name(request, field));
    keep(ctx, approval, writing.command, id, given)?;
    let waits = match given {
        None if has_fields(request) && !is_update(writing.command) => {
            let about = about_field(argument, writing.scope.number.as_ref());
            waiting(ctx, approval, &place(ctx, writing.command, field, id)?, Some(about)).await?
        }
        _ => None,
    };
    let text = waits.as_deref().or(text);
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(Cow::Borrowed(writing));
    };
    Ok(Cow::Owned(writing.worded(Wording::of_field(field, text))?))
}

fn repeats_the_name(request: &Request, field: &str) -> bool {
    let body = request.body.as_ref();
    body.is_some_and(|body| body.get("name").is_some_and(|name| *name == body[field]))
}

/// Whether a command changes a record that has a text already: who changes another field of it wants that left alone.
fn is_update(command: &str) -> bool {
    command.split(' ').next_back() == Some("update")
}

/// Whether a request sets fields: one that only stops a timer takes no notes.
fn has_fields(request: &Request) -> bool {
    let fields = request.body.as_ref().and_then(Value::as_object);
    fields.is_some_and(|fields| !fields.is_empty())
}

/// The last of a ticket's comments, which are newest first, as whoever writes the next one reads it.
#[must_use]
pub fn last_comment(comments: &[Record<Comment>], zone: &TimeZone) -> Option<String> {
    let comment = comments.first()?;
    let at = comment.created_at.map_or_else(String::new, |at| format!(", {}", when::at(at, zone)));
    let text = html::to_text(&comment.body);
    let lines: Vec<&str> = text.trim().lines().take(LAST).collect();
    let private = if comment.hidden { " (private)" } else { "" };
    Some(format!("{}{private}{at}:\n{}", comment.tech, lines.join("\n")))
}

/// The writes with the text as a person has edited it at the preview; their guards are asked again with it.
pub(super) async fn edit<'w>(
    ctx: &Context,
    writing: &Writing<'w>,
    plan: &Plan,
) -> Result<Writing<'w>> {
    let Some(old) = &writing.wording else { return Ok(writing.clone()) };
    let mut about_it = format!(
        "Once you have saved it, it is previewed again.\n\n{}\n{}",
        plan.title, plan.preview
    );
    let comments = writing.known.view.comments();
    if let Some(last) = last_comment(&comments, &ctx.settings().timezone) {
        about_it.push_str(&format!("\nLast comment: {}", sanitise::text(&last)));
    }
    let place = match ctx.texts().place() {
        Some(place) => place,
        None => place(ctx, writing.command, old.field, about(writing))?,
    };
    let place = match &old.line {
        Some(_) => headed(ctx, place, old),
        None => place,
    };
    match edited(ctx, &place, &old.editable(), &about_it, Answers::new()).await? {
        Edited::Changed(text) => {
            let new = old.reworded(&text);
            ctx.texts().hold(&place, &new.editable(), true);
            writing.worded(new)
        }
        Edited::Unchanged => Ok(writing.clone()),
        Edited::Unopened(why) => {
            let another = "to use another editor, set EDITOR";
            ctx.ui().warn(&format!("{why}; the text stays as it was; {another}"));
            Ok(writing.clone())
        }
        Edited::Emptied => {
            ctx.ui().note("nothing is left of the text, so it stays as it was");
            Ok(writing.clone())
        }
    }
}

/// Where a text waits whose line item is edited with it; what is held of it already is held there.
fn headed(ctx: &Context, place: Place, wording: &Wording) -> Place {
    let headed = place.headed();
    if ctx.texts().place().is_some() {
        ctx.texts().hold(&headed, &wording.editable(), true);
    }
    headed
}

/// Where a plan keeps its text.
const TEXT: &str = "text";

/// The text of a plan, as its journal keeps it beside the requests that are made of it.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    /// The step that sends it.
    step: usize,
    place: PlaceName,
    text: String,
}

/// Has a plan know the text that a person wrote for it, and where that waits if it is not sent.
pub(super) fn carry(ctx: &Context, writing: &Writing<'_>, plan: &mut Plan) {
    let Some((wording, (place, text))) = writing.wording.as_ref().zip(ctx.texts().held()) else {
        return;
    };
    let body = Value::from(wording.body());
    let sends = |step: &Step| {
        let field = step.request.body.as_ref().and_then(|fields| fields.get(wording.field));
        field == Some(&body)
    };
    if let Some(step) = plan.steps.iter().position(sends) {
        plan.request[TEXT] = json!(Carried { step, place, text });
    }
}

/// Has the text of a plan that is dropped wait for the next run of its command, unless it was sent.
pub fn keep_unsent(ctx: &Context, plan: &Plan, states: &[StepState]) {
    let Ok(carried) = Carried::deserialize(&plan.request[TEXT]) else {
        return;
    };
    if states.get(carried.step) == Some(&StepState::NotSent) {
        let place = Place::named(&ctx.settings().state_dir, &carried.place);
        ctx.texts().hold(&place, &carried.text, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_one_text() {
        let mut commands: Vec<&str> = FIELDS.iter().map(|(command, ..)| *command).collect();
        commands.dedup();
        assert_eq!(commands.len(), FIELDS.len());
        assert!(commands.is_sorted());
    }
}
