//! What is being read, and since when: values only.

use std::time::Instant;

use crate::api::Progress;

/// What is being read.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// The paths of the reads under way, oldest first.
    pub(super) under_way: Vec<String>,
    /// How far a long list is.
    pub(super) pages: Option<Progress>,
    /// When the present wait began.
    pub(super) since: Option<Instant>,
    /// When a read ended last.
    pub(super) ended: Option<Instant>,
}

impl Reads {
    /// `reading tickets, comments ...`
    pub(super) fn text(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        for path in &self.under_way {
            let name = match &self.pages {
                Some(Progress { what, read, of }) if what == path => {
                    format!("{}: page {read} of {of}", noun(path))
                }
                _ => noun(path),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        format!("reading {} ...", names.join(", "))
    }
}

/// What a path holds, for people: `comments` of `/tickets/7/comments`, `customer assets` of `/customer_assets`.
fn noun(path: &str) -> String {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let mut parts = path.rsplit('/');
    let name = parts.find(|part| part.chars().any(|c| !c.is_ascii_digit()));
    name.unwrap_or("data").replace('_', " ")
}
