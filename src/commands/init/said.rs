//! What `init` says beside its questions, within the width of the terminal.

use crate::render::{sanitise, wrap};
use crate::ui::Ui;

/// Shows a text on stderr, its words within the width of the terminal: what is longer goes on below its label.
pub(super) fn preview(ui: &Ui, text: &str) {
    ui.preview(&within(&sanitise::text(text), ui.preview_width()));
}

/// A path that is longer than the line stays whole, so that it can be copied.
pub(super) fn within(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let label = |line: &str| if line.chars().nth(BELOW - 1) == Some(' ') { BELOW } else { 2 };
    text.lines().map(|line| wrap::styled(line, width, 0, label(line)) + "\n").collect()
}

/// The columns of a label.
const BELOW: usize = 10;
