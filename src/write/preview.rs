//! A preview as lines, each with what it is: a terminal shows last, and in color, what a yes is about. As one text it goes
//! to the journal and to a dry run; a second gathering is compared with it line by line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a line of a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// One among others.
    Plain,
    /// What somebody wrote.
    Quoted,
    /// What it points out.
    Notice,
    /// Whom it reaches, or how much it is about.
    Stake,
    /// The same once more, for where it is asked: it is said elsewhere in the text.
    Reminder,
}

/// A line of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// What it is.
    pub kind: LineKind,
    /// Its text.
    pub text: String,
}

/// The lines of a preview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Preview(Vec<PreviewLine>);

impl Preview {
    /// Adds a line.
    pub fn push(&mut self, kind: LineKind, text: impl Into<String>) {
        self.0.push(PreviewLine { kind, text: text.into() });
    }

    /// Adds a line that points something out.
    pub fn notice(&mut self, text: &str) {
        self.push(LineKind::Notice, notice(text));
    }

    /// The same without what it points out of `said`: who reads it has just been asked about that.
    #[must_use]
    pub fn after(&self, said: &[String]) -> Self {
        let said: Vec<String> = said.iter().map(|text| notice(text)).collect();
        let is_said =
            |line: &PreviewLine| line.kind == LineKind::Notice && said.contains(&line.text);
        Self(self.0.iter().filter(|line| !is_said(line)).cloned().collect())
    }

    /// The lines but those that say how much it is about.
    pub(super) fn without_stakes(&self) -> Vec<&PreviewLine> {
        self.0.iter().filter(|line| line.kind != LineKind::Stake).collect()
    }

    /// The lines as they are shown, everywhere alike: whom it reaches and then how much it is about stand last.
    #[must_use]
    pub fn lines(&self) -> Vec<&PreviewLine> {
        let last = [LineKind::Reminder, LineKind::Stake];
        let first = self.0.iter().filter(|line| !last.contains(&line.kind));
        let of = |kind| self.0.iter().filter(move |line| line.kind == kind);
        first.chain(last.into_iter().flat_map(of)).collect()
    }
}

fn notice(text: &str) -> String {
    format!("  ! {text}")
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines().into_iter().filter(|line| line.kind != LineKind::Reminder);
        lines.into_iter().try_for_each(|line| writeln!(f, "{}", line.text))
    }
}

impl From<String> for Preview {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Preview {
    fn from(text: &str) -> Self {
        let plain = |text: &str| PreviewLine { kind: LineKind::Plain, text: text.to_owned() };
        Self(text.lines().map(plain).collect())
    }
}

impl From<Preview> for String {
    fn from(preview: Preview) -> Self {
        preview.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_its_text_without_what_is_said_twice() {
        let mut preview = Preview::from("  As        Robin\n\n");
        preview.push(LineKind::Reminder, "  Email     joe@x.example");
        preview.notice("late");
        assert_eq!(preview.to_string(), "  As        Robin\n\n  ! late\n");
        assert_eq!(preview.lines().len(), 4);
        assert_eq!(preview.after(&["late".to_owned()]).lines().len(), 3);
        assert_eq!(preview.after(&["early".to_owned()]), preview);
    }

    #[test]
    fn what_a_yes_is_about_stands_last_in_every_form() {
        let mut preview = Preview::default();
        preview.push(LineKind::Stake, "  Subtotal  $60.00");
        preview.push(LineKind::Plain, "  Status    New");
        preview.push(LineKind::Reminder, "  Email     joe@x.example");
        preview.notice("late");
        assert_eq!(preview.to_string(), "  Status    New\n  ! late\n  Subtotal  $60.00\n");
        let shown: Vec<&str> = preview.lines().iter().map(|line| line.text.trim()).collect();
        let last = ["Email     joe@x.example", "Subtotal  $60.00"];
        assert_eq!(shown, ["Status    New", "! late", last[0], last[1]]);
    }
}
