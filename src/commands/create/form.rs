//! The one form of `syncro create` on a terminal: all fields with what is known of them, changed by number, checked as
//! they are typed.

use super::kept::Asked;
use super::new_ticket::{Facts, Key, Typed};
use crate::commands::resolve::named::say;
use crate::commands::text::{self, Wanted};
use crate::context::Context;
use crate::error::Result;
use crate::render::{Cell, Column, Table};
use crate::ui::{Edited, Ui};
use crate::workflow::{self, writing};

/// What clears a field.
const CLEAR: &str = "-";

/// What an answer to the form means.
enum Said {
    Done,
    /// The words that a field may be.
    Choices(Key),
    /// A field that is asked for by itself.
    Ask(Key),
    /// A field and its value.
    Set(Key, String),
}

/// Shows the form until Enter; what is answered is kept.
///
/// # Errors
/// Those of the prompts.
pub(super) async fn fill(
    ctx: &Context,
    facts: &Facts,
    wanted: &Wanted,
    mut typed: Typed,
    asked: &Asked<'_>,
) -> Result<Typed> {
    let subject = wanted.subject.as_deref().unwrap_or_default();
    let title = format!("New ticket for {}: {subject}", facts.customer.name());
    loop {
        ctx.ui().preview(&page(&title, facts, &typed, ctx.ui().preview_width()));
        let fields = typed.fields();
        let question = "Field and value (4 high), ?4 for its choices, Enter to continue";
        let unfinished = |text: &str| {
            if let Ok(Said::Set(Key::Description, text)) = read(text, fields) {
                let mut left = typed.clone();
                left.set(Key::Description, text);
                asked.hold(ctx, &left);
            }
        };
        let ask = move |ui: &Ui| ui.recalled("field", question, None, |text| read(text, fields));
        let said = writing(ctx, unfinished, ask).await?;
        let (key, value) = match said {
            Said::Done => return Ok(typed),
            Said::Choices(key) => {
                show_choices(ctx, facts, key);
                continue;
            }
            Said::Ask(Key::Description) => {
                let old = typed.get(Key::Description).to_owned();
                let fate = text::fate(false, typed.get(Key::Email) != "no");
                let about = text::about(&Wanted { fate, ..wanted.clone() });
                let (place, answers) = (asked.place, asked.answers(&typed));
                match workflow::edited(ctx, place, &old, &about, answers).await?.opened()? {
                    Edited::Changed(text) => (Key::Description, text),
                    _ => continue,
                }
            }
            Said::Ask(key) => {
                show_choices(ctx, facts, key);
                let label = format!("{} (Enter keeps it, - clears it)", key.label());
                let old = (!typed.get(key).is_empty()).then(|| facts.shown(key, &typed));
                let offered = old.clone();
                let take = |text: &str| Ok(text.to_owned());
                let kind = key.label();
                let ask = move |ui: &Ui| ui.recalled(kind, &label, offered.as_deref(), take);
                let text = ctx.blocking(ask).await?;
                match text.trim() {
                    CLEAR => (key, key.cleared().to_owned()),
                    kept if kept == old.as_deref().unwrap_or_default().trim() => continue,
                    value => (key, value.to_owned()),
                }
            }
            Said::Set(key, value) => (key, value),
        };
        match facts.check(key, &value, &typed) {
            Ok(value) => {
                for note in &value.notes {
                    ctx.ui().warn(note);
                }
                typed.set(key, value);
                asked.hold(ctx, &typed);
            }
            Err(error) => say(ctx, error),
        }
    }
}

/// Reads an answer to a form that shows so many `fields`.
fn read(text: &str, fields: usize) -> std::result::Result<Said, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Said::Done);
    }
    let wrong = || format!("start with a field number, 1 to {fields}");
    let key = |digits: &str| {
        let number: usize = digits.trim().parse().ok()?;
        let shown = Key::ALL.get(..fields)?;
        shown.get(number.checked_sub(1)?).copied()
    };
    if let Some(rest) = text.strip_prefix('?') {
        return key(rest).map(Said::Choices).ok_or_else(wrong);
    }
    match text.split_once(char::is_whitespace) {
        None => key(text).map(Said::Ask).ok_or_else(wrong),
        Some((number, value)) => {
            let key = key(number).ok_or_else(wrong)?;
            let value = match value.trim() {
                CLEAR => key.cleared(),
                value => value,
            };
            Ok(Said::Set(key, value.to_owned()))
        }
    }
}

fn show_choices(ctx: &Context, facts: &Facts, key: Key) {
    let choices = facts.choices(key);
    if choices.is_empty() {
        ctx.ui().note(example(key));
        return;
    }
    ctx.ui().note(&format!("{}: {}", key.label(), choices.join("; ")));
}

/// What a field without a list takes.
const fn example(key: Key) -> &'static str {
    match key {
        Key::Due => "a day: fri, 7d, 2026-05-23",
        Key::Start => "a time: tomorrow 2pm, fri 9:30, 2026-05-23 14:00",
        Key::End => "an end time: 15:30, +45m, 1h30m",
        Key::Address => "an address id; this customer shows no addresses",
        _ => "any text",
    }
}

/// The form as it stands.
fn page(title: &str, facts: &Facts, typed: &Typed, width: Option<usize>) -> String {
    let columns = [Column::figures(""), Column::id(""), Column::elastic("")];
    let mut table = Table::new(columns).without_header();
    for (at, key) in Key::ALL.into_iter().take(typed.fields()).enumerate() {
        let value = typed.get(key);
        let shown = match (key, value) {
            (Key::Assign, "") => format!("{} (you)", facts.me.user_name),
            (Key::End, "") if !typed.get(Key::Start).is_empty() => "90 minutes later".to_owned(),
            (Key::Owner, "") if !typed.get(Key::Start).is_empty() => "the assignee".to_owned(),
            (_, "") => "-".to_owned(),
            _ => facts.shown(key, typed),
        };
        table.row([(at + 1).to_string(), key.label().to_owned(), shown].map(Cell::from));
    }
    format!("\n{title}\n{}", table.indented(width, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_every_answer() {
        let read = |text| read(text, 12);
        assert!(matches!(read(""), Ok(Said::Done)));
        assert!(matches!(read("?4"), Ok(Said::Choices(Key::Priority))));
        assert!(matches!(read("4"), Ok(Said::Ask(Key::Priority))));
        assert!(matches!(read("4 high"), Ok(Said::Set(Key::Priority, text)) if text == "high"));
        assert!(matches!(read("4 -"), Ok(Said::Set(Key::Priority, text)) if text.is_empty()));
        assert!(matches!(read("8 -"), Ok(Said::Set(Key::Assign, text)) if text == "none"));
        assert!(matches!(read("12"), Ok(Said::Ask(Key::Start))));
        for wrong in ["0", "13", "99 x", "high", "?"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
