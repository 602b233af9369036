//! The session log of a ticket in Markdown: its facts, the conversation from the beginning, time and line items, and how
//! it ended; and names of files that every system takes.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::resources::comments::Comment;
use crate::api::resources::tickets::Ticket;
use crate::billing::money;
use crate::render::{html, sanitise, when};

/// The longest name of a file or folder, in bytes; systems take 255, and paths have limits of their own.
const LONGEST: usize = 100;

/// The whole log. `comments` are all of them, newest first, as lists give them.
#[must_use]
pub fn text(ticket: &Ticket, comments: &[Record<Comment>], zone: &TimeZone) -> String {
    let mut out = format!("# #{} {}\n\n", ticket.number, line(&ticket.subject));
    facts(&mut out, ticket, zone);
    conversation(&mut out, comments, zone);
    time(&mut out, ticket, zone);
    lines(&mut out, ticket);
    if let Some(last) = comments.iter().find(|comment| !comment.hidden) {
        let resolution = html::to_text(&last.body);
        writeln!(out, "## Resolution\n\n{}", body(&resolution)).unwrap_or_default();
    }
    out
}

fn facts(out: &mut String, ticket: &Ticket, zone: &TimeZone) {
    let at = |at: Option<Timestamp>| at.map(|at| when::at_in_zone(at, zone)).unwrap_or_default();
    let contact = ticket.contact.as_ref();
    for (label, value) in [
        ("Customer", ticket.customer_business_then_name.clone()),
        (
            "Contact",
            contact
                .map(|contact| contact.name.clone())
                .unwrap_or_default(),
        ),
        ("Status", ticket.status.clone()),
        ("Issue type", ticket.problem_type.clone()),
        ("Priority", ticket.priority.clone()),
        ("Assignee", ticket.assignee().unwrap_or_default().to_owned()),
        ("Opened", at(ticket.created_at)),
        ("Resolved", at(ticket.resolved_at)),
    ] {
        if !value.trim().is_empty() {
            writeln!(out, "- {label}: {}", line(&value)).unwrap_or_default();
        }
    }
    out.push('\n');
}

fn conversation(out: &mut String, comments: &[Record<Comment>], zone: &TimeZone) {
    if comments.is_empty() {
        return;
    }
    out.push_str("## Conversation\n\n");
    for comment in comments.iter().rev() {
        let kind = if comment.hidden { "private" } else { "public" };
        let at = comment.created_at.map(|at| when::at_in_zone(at, zone));
        writeln!(
            out,
            "### {} - {} ({kind}) - {}\n\n{}",
            at.unwrap_or_default(),
            line(&comment.tech),
            line(&comment.subject),
            body(&html::to_text(&comment.body))
        )
        .unwrap_or_default();
    }
}

fn time(out: &mut String, ticket: &Ticket, zone: &TimeZone) {
    if ticket.ticket_timers.is_empty() {
        return;
    }
    out.push_str("## Time\n\n");
    let now = Timestamp::now();
    for timer in &ticket.ticket_timers {
        let from = timer.start_time.map(|at| when::at_in_zone(at, zone));
        let length = timer.minutes(now).map(when::length);
        writeln!(
            out,
            "- {}: {}{}{}",
            from.unwrap_or_default(),
            length.unwrap_or_default(),
            if timer.recorded { ", charged" } else { "" },
            note(&timer.notes)
        )
        .unwrap_or_default();
    }
    out.push('\n');
}

fn lines(out: &mut String, ticket: &Ticket) {
    if ticket.line_items.is_empty() {
        return;
    }
    out.push_str("## Line items\n\n");
    for item in &ticket.line_items {
        let quantity: Decimal = item.quantity.unwrap_or_default();
        writeln!(
            out,
            "- {} x {} @ {} = {}{}",
            quantity.normalize(),
            line(&item.name),
            money::display(item.price().unwrap_or_default()),
            money::display(item.amount().unwrap_or_default()),
            note(&item.description)
        )
        .unwrap_or_default();
    }
    out.push('\n');
}

fn note(text: &str) -> String {
    match line(text) {
        text if text.is_empty() => String::new(),
        text => format!(" - {text}"),
    }
}

fn line(text: &str) -> String {
    sanitise::one_line(text).trim().to_owned()
}

fn body(text: &str) -> String {
    let text = sanitise::text(text);
    format!("{}\n", text.trim())
}

/// A name for a file or folder that Windows, macOS and Linux all take, and that leads nowhere else.
#[must_use]
pub fn safe_name(name: &str) -> String {
    const RESERVED: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
        "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    let plain: String = sanitise::one_line(name)
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() => '-',
            c => c,
        })
        .collect();
    let mut short = String::new();
    for c in plain.trim().trim_start_matches('.').chars() {
        if short.len() + c.len_utf8() > LONGEST {
            break;
        }
        short.push(c);
    }
    // Windows drops dots and blanks at the end, so two names would be one.
    let short = short.trim_matches([' ', '.']).to_owned();
    let stem = short
        .split('.')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    match short.as_str() {
        "" => "unnamed".to_owned(),
        _ if RESERVED.contains(&stem.as_str()) => format!("_{short}"),
        _ => short,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::safe_name;

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(safe_name("../Escape & Sons"), "-Escape & Sons");
        assert_eq!(safe_name(".."), "unnamed");
        assert_eq!(safe_name("CON"), "_CON");
        assert_eq!(safe_name("con.md"), "_con.md");
        assert_eq!(safe_name("Harrow: Finch? "), "Harrow- Finch-");
        assert_eq!(safe_name("C:\\temp\\x"), "C--temp-x");
        assert_eq!(safe_name("Bridge..."), "Bridge");
        assert_eq!(safe_name(""), "unnamed");
    }

    proptest! {
        #[test]
        fn any_name_is_one_harmless_part(name in ".{0,300}") {
            let safe = safe_name(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= 101);
            prop_assert!(!safe.contains(['/', '\\', ':', '\0']));
            prop_assert!(!safe.starts_with('.') && !safe.ends_with(['.', ' ']));
            prop_assert_eq!(std::path::Path::new(&safe).components().count(), 1);
        }
    }
}
