//! A text that is open in an editor, in a file of its place from the beginning: whatever ends this program, what was saved
//! there is kept. The name of the file tells what the text was: one that nobody changed is none.

use std::io;
use std::path::{Path, PathBuf};

use super::place::{ENDING, Kept, Place, is_number, read};
use crate::ui::above_the_cut;

/// Between the name of a place and the sum of what its text was.
const OPEN: &str = "-open-";

/// What an editor adds to the name of a file that it saves when its window closes.
const RESCUED: &str = ".save";

/// What a text is known by in the name of its file.
fn sum(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

impl Place {
    /// Writes what an editor shows of a text that was `before`.
    pub(super) fn write_open(&self, before: &str, shown: &str) -> io::Result<PathBuf> {
        // Editors expect the last line to end.
        let shown = format!("{}\n", shown.trim_end_matches('\n'));
        self.called(&format!("{OPEN}{}", sum(before))).write_anew(&shown)
    }

    /// Has what an editor saved beside a file, as its window was closed, take the place of that. Best effort.
    pub(super) fn rescue(&self) {
        let named = |path: &Path| path.to_str()?.strip_suffix(RESCUED).map(PathBuf::from);
        let rescued = self.files().filter_map(|path| Some((named(&path)?, path)));
        for (open, rescued) in rescued.filter(|(open, _)| self.before(open).is_some()) {
            std::fs::rename(rescued, open).unwrap_or_default();
        }
    }

    /// The text that was left in an editor, if it is one.
    pub(super) fn left_open(&self, path: PathBuf) -> Option<Kept> {
        let before = self.before(&path)?.to_owned();
        let kept = self.parted(read(path).ok()?);
        let text = above_the_cut(&kept.text)?;
        (sum(&text) != before).then_some(Kept { text, ..kept })
    }

    /// Whether a file is one for an editor in which nobody has written anything; one that cannot be read may say something.
    pub(super) fn is_as_opened(&self, path: &Path) -> bool {
        let is_open = self.before(path).is_some();
        is_open && read(path.to_owned()).is_ok() && self.left_open(path.to_owned()).is_none()
    }

    /// The sum of what a text was, where a file is one for an editor.
    fn before<'p>(&self, path: &'p Path) -> Option<&'p str> {
        let name = self.behind_its_name(path)?.strip_prefix(OPEN)?;
        let (sum, number) = name.strip_suffix(ENDING)?.split_at_checked(SUM)?;
        is_number(number).then_some(sum)
    }
}

/// So many letters a sum has.
const SUM: usize = 8;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::Texts;
    use super::*;
    use crate::ui::with_instructions;

    #[test]
    fn what_was_changed_in_an_editor_is_a_text_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let plain = Place::new(folder.path(), "acme", "comment", 7);
        let answers = vec![("customer".to_owned(), "id:7".to_owned())];
        for (place, answers) in [(plain.clone(), vec![]), (plain.form(), answers)] {
            for (before, is_own, after, text) in [
                ("", false, "", None),
                ("", false, "More", Some("More")),
                ("Draft", false, "Draft", None),
                ("Draft", false, "", None),
                ("Draft", false, "Draft\nmore", Some("Draft\nmore")),
                ("Mine", true, "Mine", Some("Mine")),
                ("Mine", true, "Other", Some("Other")),
            ] {
                for rescued in ["txt", "txt.save"] {
                    let texts = Texts::default();
                    if is_own {
                        texts.hold_form(&place, before, answers.clone(), true);
                    }
                    let shown = with_instructions(before, "About it");
                    let path = texts.open(&place, before, &shown, answers.clone()).unwrap();
                    let written = std::fs::read_to_string(&path).unwrap();
                    let saved = written.replacen(before, after, 1);
                    std::fs::write(path.with_extension(rescued), saved).unwrap();
                    // Another run finds it once, or nothing.
                    let found: Vec<Kept> = place.young().collect();
                    let texts: Vec<_> =
                        found.iter().map(|kept| (kept.text.as_str(), &kept.answers)).collect();
                    let expected: Vec<_> = text.map(|text| (text, &answers)).into_iter().collect();
                    assert_eq!(texts, expected, "{before:?} {after:?} {rescued}");
                    assert_eq!(place.is_as_opened(&path), text.is_none());
                    let another = Texts::default();
                    found.iter().for_each(|kept| another.take(&place, kept));
                    another.sent();
                    assert_eq!(place.latest(), None);
                    assert_eq!(path.exists(), text.is_none());
                }
            }
        }
    }
}
