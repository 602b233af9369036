//! The session log of a ticket in Markdown: its facts, the conversation from the beginning, time and line items, and how
//! it ended; and names of files that every system takes.
//!
//! It is a form that is filled in, for which `format!` is the tool; Markdown crates write back what they have parsed.
//! Crates that clean file names leave `COM¹` to Windows and give two names that become one no tail of their own.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::ids::CommentId;
use crate::api::resources::comments::Comment;
use crate::api::resources::tickets::Ticket;
use crate::billing::money;
use crate::render::hidden::{LINES, TIMERS, hidden};
use crate::render::wrap::beginning;
use crate::render::{html, sanitise, timer as clocked, when};

/// The longest name of a file or folder, in bytes; systems take 255, and paths have limits of their own.
const LONGEST: usize = 100;

/// What the closing said of how it was solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The comment that it wrote.
    Comment(CommentId),
    /// It wrote none.
    None,
    /// The ticket was closed before: the newest comment with this headline, if there is one.
    Earlier(&'static str),
}

/// The whole log as it is `now`. `comments` are all of them, newest first, as lists give them.
#[must_use]
pub fn text(
    ticket: &Record<Ticket>,
    comments: &[Record<Comment>],
    resolution: Resolution,
    now: &Zoned,
) -> String {
    let zone = now.time_zone();
    let mut out = format!("# #{} {}\n\n", ticket.number, line(&ticket.subject));
    facts(&mut out, ticket, zone);
    conversation(&mut out, comments, zone);
    time(&mut out, ticket, now);
    lines(&mut out, ticket);
    let resolution = resolved(comments, resolution);
    writeln!(out, "## Resolution\n\n{}", body(&resolution)).unwrap_or_default();
    out
}

/// How it was solved, in the closing comment's own words; never in another comment's.
fn resolved(comments: &[Record<Comment>], resolution: Resolution) -> String {
    let said = |comment: &Record<Comment>| html::to_text(&comment.body);
    match resolution {
        Resolution::None => "none given".to_owned(),
        Resolution::Comment(id) => {
            let own = comments.iter().find(|comment| comment.id == id);
            own.map_or_else(|| format!("comment {id}"), said)
        }
        Resolution::Earlier(headline) => {
            let headed = |comment: &&Record<Comment>| comment.subject.trim() == headline;
            let own = comments.iter().find(headed);
            own.map_or_else(|| format!("no comment has the subject \"{headline}\""), said)
        }
    }
}

fn facts(out: &mut String, ticket: &Ticket, zone: &TimeZone) {
    let at = |at: Option<Timestamp>| at.map(|at| when::at_in_zone(at, zone)).unwrap_or_default();
    let contact = ticket.contact.as_ref();
    for (label, value) in [
        ("Customer", ticket.customer_business_then_name.clone()),
        ("Contact", contact.map(|contact| contact.name.clone()).unwrap_or_default()),
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
        let kind = comment.privacy();
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

fn time(out: &mut String, ticket: &Record<Ticket>, now: &Zoned) {
    let unseen = hidden(ticket, TIMERS);
    if ticket.ticket_timers.is_empty() && unseen.is_none() {
        return;
    }
    out.push_str("## Time\n\n");
    unseen.into_iter().for_each(|text| out.push_str(&format!("{text}\n")));
    let zone = now.time_zone();
    for timer in &ticket.ticket_timers {
        let from = timer.start_time.map(|at| when::at_in_zone(at, zone));
        let length = clocked::length(timer, now.timestamp());
        writeln!(
            out,
            "- {}: {}{}{}",
            from.unwrap_or_default(),
            length.unwrap_or_default(),
            match (timer.is_charged(), timer.is_not_billable()) {
                (true, _) => ", charged",
                (false, true) => ", not billable",
                (false, false) => "",
            },
            note(&timer.notes)
        )
        .unwrap_or_default();
    }
    out.push('\n');
}

fn lines(out: &mut String, ticket: &Record<Ticket>) {
    let unseen = hidden(ticket, LINES);
    if ticket.line_items.is_empty() && unseen.is_none() {
        return;
    }
    out.push_str("## Line items\n\n");
    unseen.into_iter().for_each(|text| out.push_str(&format!("{text}\n")));
    for item in &ticket.line_items {
        let quantity: Decimal = item.quantity.unwrap_or_default();
        writeln!(
            out,
            "- {} x {} @ {}{} = {}{}",
            quantity.normalize(),
            line(&item.name),
            money::display(item.price().unwrap_or_default()),
            item.discount().unwrap_or_default().says(),
            item.amount().map_or_else(|| "?".to_owned(), money::display),
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
    let plain: String = sanitise::one_line(name)
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() => '-',
            c => c,
        })
        .collect();
    // Windows drops dots and blanks at the end, so two names would be one.
    let short = beginning(plain.trim().trim_start_matches('.'), LONGEST);
    let short = short.trim_matches([' ', '.']).to_owned();
    match short.as_str() {
        "" => "unnamed".to_owned(),
        _ if is_reserved(&short) => format!("_{short}"),
        _ => short,
    }
}

/// The same for one of many: a name that had to be changed ends in what is its own, `id`, since another one may have
/// become the same.
#[must_use]
pub fn own_name(name: &str, id: impl std::fmt::Display) -> String {
    let safe = safe_name(name);
    if safe == name {
        return safe;
    }
    let tail = format!("-{id}");
    let room = LONGEST.saturating_sub(tail.len());
    format!("{}{tail}", beginning(&safe, room))
}

/// Whether Windows means a device by it. It reads the superscripts of Latin-1 as digits, too.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim().to_lowercase();
    let port = |of: &str| {
        let digit = stem.strip_prefix(of).map(|rest| rest.chars().collect());
        let digit: Option<Vec<char>> = digit;
        matches!(digit.as_deref(), Some(['1'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}']))
    };
    let devices = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    devices.contains(&stem.as_str()) || port("com") || port("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{own_name, safe_name};

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(safe_name("../Escape & Sons"), "-Escape & Sons");
        assert_eq!(safe_name(".."), "unnamed");
        assert_eq!(safe_name("CON"), "_CON");
        assert_eq!(safe_name("con.md"), "_con.md");
        assert_eq!(safe_name("COM1"), "_COM1");
        for digit in ["\u{b9}", "\u{b2}", "\u{b3}"] {
            assert_eq!(safe_name(&format!("COM{digit}")), format!("_COM{digit}"));
            assert_eq!(safe_name(&format!("lpt{digit}.x")), format!("_lpt{digit}.x"));
        }
        assert_eq!(safe_name("COM0"), "COM0");
        assert_eq!(safe_name("Com12"), "Com12");
        assert_eq!(safe_name("Harrow: Finch? "), "Harrow- Finch-");
        assert_eq!(safe_name("C:\\temp\\x"), "C--temp-x");
        assert_eq!(safe_name("Bridge..."), "Bridge");
        assert_eq!(safe_name(""), "unnamed");
    }

    #[test]
    fn two_customers_never_share_a_folder() {
        assert_eq!(own_name("East-West", 7), "East-West");
        assert_eq!(own_name("East/West", 8), "East-West-8");
        assert_eq!(own_name("..", 9), "unnamed-9");
        assert_eq!(own_name("...", 10), "unnamed-10");
        assert_eq!(own_name("CON", 11), "_CON-11");
        assert_eq!(own_name("Bridge.", 12), "Bridge-12");
        let long = "x".repeat(300);
        assert_eq!(own_name(&long, 13), format!("{}-13", "x".repeat(97)));
    }

    proptest! {
        #[test]
        fn any_name_is_one_harmless_part(name in ".{0,300}") {
            for safe in [safe_name(&name), own_name(&name, 31_204_551)] {
                prop_assert!(!safe.is_empty() && safe.len() <= 101);
                prop_assert!(!safe.contains(['/', '\\', ':', '\0']));
                prop_assert!(!safe.starts_with('.') && !safe.ends_with(['.', ' ']));
                prop_assert_eq!(std::path::Path::new(&safe).components().count(), 1);
            }
        }
    }
}
