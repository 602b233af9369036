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
pub const TOPICS: [Topic; 9] = [
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
    Topic { name: "drafts", about: "Texts from a local model", text: include_str!("drafts.txt") },
];

impl Topic {
    /// The topic of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|topic| topic.name == name)
    }

    /// Its page, plain ASCII.
    #[must_use]
    pub fn page(&self) -> String {
        match self.name {
            "json" => format!("{}{}", self.text, lists()),
            _ => self.text.to_owned(),
        }
    }
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
        for line in wrap::wrap(&columns, Some(80), 4) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
