//! The topics of `syncro help`, each with its text.

use std::fmt::Write as _;

use crate::render::lists::LISTS;
use crate::render::wrap;

/// What has a page of its own without being a command.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// What is typed.
    pub name: &'static str,
    /// Its short line.
    pub about: &'static str,
    text: &'static str,
}

/// All of them.
pub const TOPICS: [Topic; 10] = [
    Topic {
        name: "exit-codes",
        about: "What each exit code means",
        text: include_str!("exit-codes.txt"),
    },
    Topic {
        name: "environment",
        about: "Environment variables",
        text: include_str!("environment.txt"),
    },
    Topic {
        name: "json",
        about: "Output for scripts: JSON, CSV, columns",
        text: include_str!("json.txt"),
    },
    Topic {
        name: "dates",
        about: "Days and times as you can type them",
        text: include_str!("dates.txt"),
    },
    Topic {
        name: "keys",
        about: "Where settings and the API key are kept",
        text: include_str!("keys.txt"),
    },
    Topic {
        name: "writes",
        about: "What each write does and asks",
        text: include_str!("writes.txt"),
    },
    Topic {
        name: "safety",
        about: "What is promised, and what cannot be",
        text: include_str!("safety.txt"),
    },
    Topic {
        name: "shells",
        about: "Quoting in bash, PowerShell and cmd",
        text: include_str!("shells.txt"),
    },
    Topic {
        name: "offline",
        about: "Answers from a copy on this machine",
        text: include_str!("offline.txt"),
    },
    Topic { name: "drafts", about: "Texts from a local model", text: include_str!("drafts.txt") },
];

impl Topic {
    /// The topic of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|topic| topic.name == name)
    }

    /// Its page, plain ASCII, for a terminal of that width; as it is written where there is room for that, or no terminal.
    #[must_use]
    pub fn page(&self, width: Option<usize>) -> String {
        let text = match self.name {
            "json" => format!("{}{}", self.text, lists()),
            _ => self.text.to_owned(),
        };
        match width.filter(|width| *width < WRITTEN) {
            Some(width) => folded(&text, width.max(NARROWEST)),
            None => text,
        }
    }
}

/// The width for which topics are written.
const WRITTEN: usize = 80;
/// No page is laid out for less than that.
pub(super) const NARROWEST: usize = 40;
/// A second column of less than that stands below the first one.
const COLUMN: usize = 20;

/// Whether a line of help is a command line, to be pasted: it is never broken.
pub(super) fn is_example(line: &str) -> bool {
    line.starts_with("  ")
        && (line.trim_start().starts_with("syncro ") || line.contains("| syncro "))
}

/// A page for a narrower terminal: lines that were filled are filled again, in the column where they stand.
fn folded(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if is_example(line) {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let start = body_of(line);
        let (head, body) = line.split_at(start);
        let (mut body, mut last) = (body.to_owned(), line);
        while let Some(next) = lines.next_if(|next| goes_on(last, next, start)) {
            body.push(' ');
            body.push_str(next.trim_start());
            last = next;
        }
        let longest = body.split(' ').map(wrap::columns).max().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let (head, start) = match start + longest.max(COLUMN.min(body.len())) > width {
            true if start > indent => {
                (format!("{}\n{:indent$}    ", head.trim_end(), ""), indent + 4)
            }
            _ => (head.to_owned(), start),
        };
        let filled = wrap::wrap(&body, Some(width.saturating_sub(start)), 0);
        let filled = filled.join(&format!("\n{:start$}", ""));
        out.push_str(format!("{head}{filled}").trim_end());
        out.push('\n');
    }
    out
}

/// Where the text of a line begins: in its second column, behind its bullet, or behind its margin.
fn body_of(line: &str) -> usize {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    match text.find("  ") {
        _ if text.starts_with("- ") => indent + 2,
        Some(gap) => line.len() - text[gap..].trim_start().len(),
        None => indent,
    }
}

/// Whether a line was broken only because the next word had no room on it.
fn goes_on(line: &str, next: &str, start: usize) -> bool {
    let word = next.split_whitespace().next();
    let is_below = next.len() - next.trim_start().len() == start && body_of(next) == start;
    word.is_some_and(|word| is_below && line.len() + 1 + word.len() > WRITTEN)
}

/// The commands that print lists, and the columns of each.
fn lists() -> String {
    let mut text = String::new();
    for list in LISTS {
        let columns = match list.columns.is_empty() {
            true => "the members of what came".to_owned(),
            false => list.names().join(", "),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}", list.command);
        for line in wrap::wrap(&columns, Some(WRITTEN), 4) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
