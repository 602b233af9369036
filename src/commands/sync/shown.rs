//! How a sync looks to people: what is being read, what came of it, and what is kept.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Zoned;

use crate::mirror::{Outcome, Status, Step};
use crate::render::{counted, when};

/// `tickets 12/240, about 6 min`.
pub(super) fn step(step: &Step) -> String {
    let Step { kind, read, of, left } = step;
    let minutes = left.as_secs().div_ceil(60);
    let left = match left.as_secs() {
        0..30 => String::new(),
        _ => format!(", about {minutes} min"),
    };
    format!("{} {read}/{of}{left}", kind.name())
}

/// What came of each kind of which something did, and of all.
pub(super) fn outcomes(outcomes: &[Outcome], requests: usize) -> String {
    let mut text = String::new();
    for Outcome { kind, new, changed, gone, .. } in outcomes {
        let parts = [(new, "new"), (changed, "changed"), (gone, "deleted")];
        let parts = parts.iter().filter(|(count, _)| **count > 0);
        let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        if !parts.is_empty() {
            line(&mut text, kind, &parts.join(", "));
        }
    }
    if text.is_empty() {
        text.push_str("nothing has changed\n");
    }
    line(&mut text, "all", &counted(requests, "request", "requests"));
    text
}

/// What is kept of each kind, and how old it is.
pub(super) fn status(kinds: &[Status], path: &Path, now: &Zoned) -> String {
    let mut text = format!("Mirror: {}\n", path.display());
    let clock = |at| when::clock(at, now.timestamp(), now.time_zone());
    for Status { kind, records, gone, read_at, swept_at, unfinished } in kinds {
        let age = match (read_at, swept_at) {
            (Some(at), Some(swept)) if swept < at => {
                format!("as of {}, deletions as of {}", clock(*at), clock(*swept))
            }
            (Some(at), _) => format!("as of {}", clock(*at)),
            (None, _) => "not read yet".to_owned(),
        };
        let gone = if *gone > 0 { format!(", {gone} deleted") } else { String::new() };
        let cut =
            unfinished.map_or_else(String::new, |page| format!(", stopped before page {page}"));
        line(&mut text, kind, &format!("{records} records{gone}, {age}{cut}"));
    }
    text
}

fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{name:<10} {value}");
}
