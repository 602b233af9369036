//! Comments of several tickets that have words: a row each, with the part of the text in which they are.

use serde_json::Value;

use super::list::Shape;
use super::{BOLD, Cell, Column, DIM, Look, Table, html, when};
use crate::api::Record;
use crate::api::resources::comments::Comment;
use crate::names;

/// What their list shows.
pub const SAID: Shape = Shape {
    command: "search",
    one: "comment",
    several: "comments",
    columns: &[
        Column::id("Ticket").made("ticket"),
        Column::date("Date").of("created_at"),
        Column::name("Author").of("tech"),
        Column::name("Subject").good_to_know().made("subject_of_ticket"),
        Column::text("Privacy").extra().of("hidden"),
        Column::elastic("Text").stays().of("body"),
    ],
};

/// Comments, one line each; each with its ticket, where that is known.
#[must_use]
pub fn rows(found: &[(Record<Comment>, Option<Value>)], words: &str, look: &Look) -> Table {
    let mut table = SAID.table();
    for (comment, ticket) in found {
        let of_ticket = |name: &str| match ticket.as_ref().map(|ticket| &ticket[name]) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let number = of_ticket("number");
        let shown = if number.is_empty() { String::new() } else { format!("#{number}") };
        let at = comment.created_at.map_or_else(String::new, |at| when::at(at, &look.zone));
        table.row([
            Cell::styled(&shown, BOLD).valued(Some(number)),
            Cell::from(at),
            Cell::from(&comment.tech),
            Cell::from(of_ticket("subject")),
            Cell::styled(comment.privacy(), DIM),
            Cell::from(part(&comment.body, words)),
        ]);
    }
    table
}

/// So many characters of the text are before the first of the words.
const BEFORE: usize = 24;

/// The text in one line, from a little before the first of the words on.
fn part(body: &str, words: &str) -> String {
    let text = html::to_text(body).split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = names::plain(words);
    let wanted: Vec<&str> = wanted.split(|c: char| !c.is_alphanumeric()).collect();
    let begins = |word: &str| {
        let word = names::plain(word);
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        wanted.iter().any(|one| !one.is_empty() && word.starts_with(one))
    };
    let mut starts = text.split_inclusive(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len();
        Some((start, word))
    });
    let first = starts.find(|(_, word)| begins(word)).map_or(0, |(start, _)| start);
    let before = text.get(..first).unwrap_or_default();
    if before.chars().count() <= BEFORE {
        return text;
    }
    let skipped = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    // From the beginning of a word.
    let from = text
        .get(skipped..first)
        .and_then(|near| near.find(' '))
        .map_or(first, |at| skipped + at + 1);
    format!("... {}", text.get(from..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_from_a_little_before_the_words() {
        let body = "Called Imelda this morning and asked her about the till.<br>The gift receipts do not print.";
        let shown = part(body, "GIFT");
        assert_eq!(shown, "... about the till. The gift receipts do not print.");
        assert_eq!(part("Gift receipts print", "receipts"), "Gift receipts print");
        // What the index found by another rule is shown from its beginning.
        assert_eq!(part(body, "zebra").split(' ').next(), Some("Called"));
    }
}
