//! The conversation that leads to a text: a model's draft, checked, in the editor, and asked about where it still says
//! what nobody told it; or a line at a prompt; or the editor alone. Nothing that a model wrote passes unseen.

use tokio::task::JoinSet;

use super::Source;
use crate::context::Context;
use crate::draft::{self, Draft, Drafted, Input, Purpose, Unavailable, without_its_line};
use crate::error::{Error, Result};
use crate::render::{sanitise, sentence};
use crate::texts::{Answers, Place};
use crate::ui::{Edited, Ui};
use crate::workflow::{self, Approval, ticket_called, waiting, writing};

/// What begins the line with the headline in the editor.
const SUBJECT: &str = "Subject:";

/// What a command wants written.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is, as people call it: `Comment`.
    pub what: &'static str,
    /// What it is for.
    pub purpose: Purpose,
    /// The ticket's number, where there is one yet.
    pub ticket: Option<String>,
    /// The ticket's subject.
    pub subject: Option<String>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The ticket's last comment, with its author, where it was read.
    pub last: Option<String>,
    /// What is done with the text, in a sentence.
    pub fate: &'static str,
    /// Whether a draft's headline is of use.
    pub headline: bool,
    /// Where it waits until it is sent.
    pub place: Place,
    /// How to do without it, as a hint: `--no-comment bills without one`.
    pub without: Option<&'static str>,
}

impl Wanted {
    /// A text of its own, about no ticket yet.
    #[must_use]
    pub const fn new(what: &'static str, purpose: Purpose, place: Place) -> Self {
        Self {
            what,
            purpose,
            ticket: None,
            subject: None,
            customer: None,
            last: None,
            fate: "",
            headline: false,
            place,
            without: None,
        }
    }
}

/// A text, and what came with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The text, in plain lines.
    pub text: String,
    /// The headline of a draft, where one was wanted.
    pub subject: Option<String>,
    /// A draft's proposal for a line item's description.
    pub line_description: Option<String>,
    /// A draft's summary.
    pub summary: Option<String>,
    /// Who drafted it, if a model did.
    pub drafted: Option<Drafted>,
}

impl Written {
    fn by_hand(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// A draft under way: it may be begun before the text is needed, while something else is asked.
#[derive(Debug)]
pub struct Drafting {
    notes: String,
    task: JoinSet<Result<Draft, Unavailable>>,
}

impl Drafting {
    /// Asks the model for what `source` wants drafted, if it does.
    #[must_use]
    pub fn begin(ctx: &Context, source: &Source, wanted: &Wanted) -> Option<Self> {
        let Source::Draft(notes) = source else {
            return None;
        };
        let settings = ctx.settings().draft.clone();
        let input = Input {
            typed: notes.clone(),
            purpose: wanted.purpose,
            ticket: wanted.ticket.clone(),
            subject: wanted.subject.clone(),
            customer: wanted.customer.clone(),
        };
        let mut task = JoinSet::new();
        task.spawn(async move { draft::draft(&settings, &input).await });
        Some(Self { notes: notes.clone(), task })
    }

    async fn end(mut self, ctx: &Context) -> (String, Result<Draft, String>) {
        let model = ctx.settings().draft.model.as_deref().unwrap_or("the model");
        ctx.ui().status(&format!("{model} is writing a draft ..."));
        let ended = self.task.join_next().await;
        ctx.ui().clear_status();
        let draft = match ended {
            Some(Ok(draft)) => draft.map_err(|why| why.to_string()),
            Some(Err(_)) | None => Err("it was interrupted".to_owned()),
        };
        (self.notes, draft)
    }
}

/// The text from its source; `begun` is a draft that was begun before. Where there is somebody to ask, drafts and texts
/// that are missing go through the editor.
///
/// # Errors
/// Exit 9 when no text is written, 130 for Ctrl-C, 2 when there is neither a text nor somebody to write it.
pub async fn text(
    ctx: &Context,
    approval: &Approval,
    source: Source,
    begun: Option<Drafting>,
    wanted: &Wanted,
) -> Result<Written> {
    if source == Source::Missing
        && let Some(written) = offered(ctx, approval, wanted).await?
    {
        return Ok(written);
    }
    let is_given = matches!(source, Source::Given(_));
    let written = composed(ctx, approval, source, begun, wanted).await?;
    let is_seen = is_given || written.drafted.as_ref().is_some_and(|drafted| !drafted.edited);
    // What a dry run was given is where it came from.
    if !(approval.is_dry_run() && is_seen) {
        ctx.texts().hold(&wanted.place, &written.text, approval.may_ask());
    }
    Ok(written)
}

/// The text that waits, if a person wants it, without what stands above it.
async fn offered(ctx: &Context, approval: &Approval, wanted: &Wanted) -> Result<Option<Written>> {
    let headed = wanted.place.clone().headed();
    let at = |place| ctx.texts().latest(place).map(|kept| kept.at);
    let place = if at(&headed) > at(&wanted.place) { &headed } else { &wanted.place };
    let about = wanted.ticket.as_ref().map(ticket_called);
    let Some(text) = waiting(ctx, approval, place, about).await? else {
        return Ok(None);
    };
    if !place.is_headed() {
        ctx.texts().hold(&wanted.place, &text, true);
        return Ok(Some(Written::by_hand(text)));
    }
    // One of the two stands above it, whatever is wanted of it now.
    if let (Some(subject), below) = parts(&text, true) {
        ctx.texts().hold(&wanted.place, &below, true);
        let subject = Some(subject).filter(|_| wanted.headline);
        return Ok(Some(Written { subject, ..Written::by_hand(below) }));
    }
    let (line, below) = without_its_line(&text);
    let line_description = line.map(str::to_owned);
    Ok(Some(Written { line_description, ..Written::by_hand(below.to_owned()) }))
}

async fn composed(
    ctx: &Context,
    approval: &Approval,
    source: Source,
    begun: Option<Drafting>,
    wanted: &Wanted,
) -> Result<Written> {
    let may_ask = approval.may_ask();
    let begun = begun.or_else(|| Drafting::begin(ctx, &source, wanted));
    if let Some(drafting) = begun {
        return match drafting.end(ctx).await {
            (_, Ok(draft)) if may_ask => with_a_person(ctx, draft, wanted).await,
            (_, Ok(draft)) => Ok(unseen(ctx, draft, wanted)),
            (notes, Err(why)) => {
                ctx.ui().note(&format!("no draft: {why}"));
                if !may_ask {
                    return Err(nobody(wanted));
                }
                by_hand(ctx, notes, wanted).await
            }
        };
    }
    match source {
        Source::Given(text) => Ok(Written::by_hand(text)),
        _ if may_ask => by_hand(ctx, String::new(), wanted).await,
        _ => Err(nobody(wanted)),
    }
}

fn nobody(wanted: &Wanted) -> Error {
    let error = Error::usage(format!("the text of the {} is missing", wanted.what.to_lowercase()))
        .nothing_sent();
    error.hint("use -m")
}

/// A draft as it is, for a dry run that nobody watches.
fn unseen(ctx: &Context, draft: Draft, wanted: &Wanted) -> Written {
    for finding in &draft.findings {
        ctx.ui().warn(&finding.text);
    }
    let (text, subject) = (draft.body.clone(), draft.subject.clone());
    written(draft, wanted, text, Some(subject), false)
}

fn written(
    draft: Draft,
    wanted: &Wanted,
    text: String,
    subject: Option<String>,
    edited: bool,
) -> Written {
    let filled = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    Written {
        text,
        subject: subject.and_then(filled).filter(|_| wanted.headline),
        line_description: filled(draft.line_description),
        summary: filled(draft.summary),
        drafted: Some(Drafted { model: draft.model, host: draft.host, edited }),
    }
}

/// Has a person read and edit a draft.
async fn with_a_person(ctx: &Context, draft: Draft, wanted: &Wanted) -> Result<Written> {
    for finding in &draft.findings {
        ctx.ui().warn(&finding.text);
    }
    let instructions = instructions(&draft, wanted);
    let mut page = page(&draft, wanted);
    let mut edited = false;
    let (subject, body) = loop {
        let place = match has_headline(&draft, wanted) {
            true => wanted.place.clone().headed(),
            false => wanted.place.clone(),
        };
        match in_editor(ctx, &place, &page, &instructions).await? {
            Edited::Changed(text) => {
                edited = true;
                page = text;
            }
            Edited::Unchanged => {
                let question = if edited {
                    "The text is unchanged. Use it anyway?"
                } else {
                    "The draft is unchanged. Use it anyway?"
                };
                if !ask(ctx, question.to_owned()).await? {
                    return by_hand(ctx, String::new(), wanted).await;
                }
            }
            _ => return Err(cancelled(wanted)),
        }
        let (subject, body) = parts(&page, wanted.headline);
        if body.is_empty() {
            return Err(cancelled(wanted));
        }
        let left = draft.still_invented(&page);
        if left.is_empty() {
            break (subject, body);
        }
        let question =
            format!("{} came from the model, not from your notes. Keep it?", left.join(", "));
        if ask(ctx, question).await? {
            break (subject, body);
        }
    };
    Ok(written(draft, wanted, body, subject, edited))
}

/// The draft as the editor shows it, with its headline as the first line.
fn page(draft: &Draft, wanted: &Wanted) -> String {
    if has_headline(draft, wanted) {
        format!("{SUBJECT} {}\n\n{}", draft.subject, draft.body)
    } else {
        draft.body.clone()
    }
}

fn has_headline(draft: &Draft, wanted: &Wanted) -> bool {
    wanted.headline && !draft.subject.is_empty()
}

/// Headline and text of a page.
fn parts(page: &str, headline: bool) -> (Option<String>, String) {
    let first = page.lines().next().unwrap_or_default();
    match first.get(..SUBJECT.len()) {
        Some(label) if headline && label.eq_ignore_ascii_case(SUBJECT) => {
            let subject = first[SUBJECT.len()..].trim().to_owned();
            let body = page[first.len()..].trim().to_owned();
            (Some(subject), body)
        }
        _ => (None, page.trim().to_owned()),
    }
}

fn instructions(draft: &Draft, wanted: &Wanted) -> String {
    let mut text = format!(
        "Drafted by {} on {} from your notes. Edit the text above this line.",
        draft.model, draft.host
    );
    for finding in &draft.findings {
        text.push_str(&format!("\n! {}", sentence(&finding.text)));
    }
    text.push_str(&format!(
        "\nDelete the text to write no {}.\n{}",
        wanted.what.to_lowercase(),
        facts(wanted)
    ));
    text
}

/// A line at the prompt, or the editor for more than one, or with the notes that no model made a text of.
async fn by_hand(ctx: &Context, notes: String, wanted: &Wanted) -> Result<Written> {
    let line = match notes.is_empty() {
        true => line(ctx, wanted).await?,
        false => String::new(),
    };
    if !line.trim().is_empty() {
        return Ok(Written::by_hand(line));
    }
    let question = "Your notes are unchanged. Use them anyway?";
    match in_editor(ctx, &wanted.place, &notes, &about(wanted)).await? {
        Edited::Changed(text) => Ok(Written::by_hand(text)),
        Edited::Unchanged if !notes.is_empty() && ask(ctx, question.to_owned()).await? => {
            Ok(Written::by_hand(notes))
        }
        _ => Err(cancelled(wanted)),
    }
}

/// What is typed at the prompt.
async fn line(ctx: &Context, wanted: &Wanted) -> Result<String> {
    let prompt = format!("{} (Enter opens the editor)", wanted.what);
    // What was typed for colleagues is not called back into an email.
    let kind = if wanted.place.is_private() { "private note" } else { wanted.what };
    let hold = |unfinished: &str| ctx.texts().hold(&wanted.place, unfinished, true);
    writing(ctx, hold, move |ui: &Ui| ui.prose(kind, &prompt)).await
}

/// What becomes of a text in the editor, which is there.
async fn in_editor(ctx: &Context, place: &Place, text: &str, about: &str) -> Result<Edited> {
    workflow::edited(ctx, place, text, about, Answers::new()).await?.opened()
}

/// What a person who writes should know, below the line that is cut.
#[must_use]
pub fn about(wanted: &Wanted) -> String {
    let reader = match wanted.purpose {
        Purpose::Note => "colleagues",
        _ => "the customer",
    };
    format!("Write the text for {reader} above.\n{}", facts(wanted))
}

/// What is done with a text, and what it is about.
fn facts(wanted: &Wanted) -> String {
    let mut lines = vec![wanted.fate.to_owned(), String::new()];
    let subject = wanted.subject.iter();
    lines.extend(subject.map(|subject| match &wanted.ticket {
        Some(number) => format!("Ticket: #{number} {subject}"),
        None => format!("New ticket: {subject}"),
    }));
    lines.extend(wanted.customer.iter().map(|name| format!("Customer: {name}")));
    lines.extend(wanted.last.iter().map(|last| format!("Last comment: {last}")));
    sanitise::text(lines.join("\n").trim_end())
}

fn cancelled(wanted: &Wanted) -> Error {
    let what = wanted.what.to_lowercase();
    let error = Error::cancelled_as(format!("no {what} was written")).nothing_sent();
    wanted.without.iter().fold(error, |error, hint| error.hint(*hint))
}

async fn ask(ctx: &Context, question: String) -> Result<bool> {
    ctx.blocking(move |ui| ui.ask_question(&question)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_is_the_pages_first_line() {
        let both = "subject:  Gift receipts \n\nHello,\n\nSubject: stays\n";
        assert_eq!(
            parts(both, true),
            (Some("Gift receipts".to_owned()), "Hello,\n\nSubject: stays".to_owned())
        );
        assert_eq!(parts("Hello", true), (None, "Hello".to_owned()));
        let unwanted = "Subject: x\n\nHello";
        assert_eq!(parts(unwanted, false), (None, unwanted.to_owned()));
        assert_eq!(parts("Subject: x\n", true).1, "");
        assert_eq!(parts("Ærlig talt", true).1, "Ærlig talt");
    }
}
