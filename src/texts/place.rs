//! Where a text waits: the files of a command and what it is about, and before that is known, of what was typed of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::{self, Answers};
use crate::private;

/// Below the state folder: that of all texts, and in it that of an account.
const LEVELS: usize = 2;

/// No text that is offered is longer.
const LONGEST: u64 = 1_000_000;

/// No text that was not taken waits longer.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a text was written for: a command, and what it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub(super) folder: PathBuf,
    name: String,
    private: bool,
    /// Whether the text is that of a form, with answers beside it.
    form: bool,
}

/// What a place is called, as a plan in the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceName {
    whose: String,
    name: String,
    private: bool,
    #[serde(default)]
    form: bool,
}

/// A text that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The text.
    pub text: String,
    /// The answers of a form beside it.
    pub answers: Answers,
    /// When it was kept.
    pub at: Timestamp,
    pub(super) path: PathBuf,
}

impl Place {
    /// That of `command` about `what`, in the account called `whose`.
    #[must_use]
    pub fn new(state_dir: &Path, whose: &str, command: &str, what: u64) -> Self {
        let name = format!("{}-{what}", plain(command));
        Self {
            folder: state_dir.join("texts").join(plain(whose)),
            name,
            private: false,
            form: false,
        }
    }

    /// The same for a text that is meant so: what was written for colleagues is not offered for an email, nor HTML where
    /// lines are typed.
    #[must_use]
    pub fn meant(mut self, private: bool, html: bool) -> Self {
        self.private = private;
        for (is_so, mark) in [(html, "html-"), (private, "private-")] {
            if is_so {
                self.name.insert_str(0, mark);
            }
        }
        self
    }

    /// The same for a text below a line of its own that says something else: a headline, or a line item's description.
    #[must_use]
    pub fn headed(mut self) -> Self {
        if !self.is_headed() {
            self.name.insert_str(0, HEADED);
        }
        self
    }

    /// Whether its texts stand below such a line.
    #[must_use]
    pub fn is_headed(&self) -> bool {
        self.name.starts_with(HEADED)
    }

    /// The place of that name.
    #[must_use]
    pub fn named(state_dir: &Path, of: &PlaceName) -> Self {
        let folder = state_dir.join("texts").join(plain(&of.whose));
        Self { folder, name: plain(&of.name), private: of.private, form: of.form }
    }

    pub(super) fn its_name(&self) -> PlaceName {
        let whose = self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        PlaceName { whose, name: self.name.clone(), private: self.private, form: self.form }
    }

    /// The same for a form of several answers.
    #[must_use]
    pub fn form(mut self) -> Self {
        self.form = true;
        self.name.insert_str(0, "form-");
        self
    }

    /// Whether answers stand beside its texts.
    #[must_use]
    pub const fn is_form(&self) -> bool {
        self.form
    }

    /// Whether it is for texts that the customer cannot see.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    /// The latest text that waits here.
    #[must_use]
    pub fn latest(&self) -> Option<Kept> {
        self.young().max_by_key(|kept| kept.at)
    }

    /// What waits here and is not too old.
    pub(super) fn young(&self) -> impl Iterator<Item = Kept> {
        self.rescue();
        let all = self.all().into_iter().map(|kept| self.parted(kept));
        let open = self.files().filter_map(|path| self.left_open(path));
        all.chain(open).filter(|kept| !is_old(&kept.path))
    }

    /// A text without the answers that stand beside it in its file.
    pub(super) fn parted(&self, kept: Kept) -> Kept {
        if !self.form {
            return kept;
        }
        let (text, answers) = form::read(&kept.text);
        Kept { text, answers, ..kept }
    }

    /// The same place as long as only what was typed is known of the record.
    #[must_use]
    pub fn early(mut self, typed: &str) -> Self {
        self.name = format!("{}{EARLY}{}", self.stem(), spelled(typed));
        self
    }

    /// Its name without its record.
    fn stem(&self) -> &str {
        let stem = self.name.rsplit_once(EARLY).or_else(|| self.name.rsplit_once('-'));
        stem.map_or(self.name.as_str(), |(stem, _)| stem)
    }

    /// Whether texts of the same kind wait there.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.folder == other.folder && self.stem() == other.stem()
    }

    /// Its files are numbered: a text that was not taken does not make room for the next one.
    pub(super) fn path(&self, number: usize) -> PathBuf {
        match number {
            1 => self.folder.join(format!("{}{ENDING}", self.name)),
            _ => self.folder.join(format!("{}-{number}{ENDING}", self.name)),
        }
    }

    /// The files of its folder.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> + use<> {
        let entries =
            private::no_links(&self.folder, LEVELS).and_then(|()| fs::read_dir(&self.folder));
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.path())
    }

    pub(super) fn all(&self) -> Vec<Kept> {
        let paths = self.files().filter(|path| self.has(path));
        paths.filter_map(|path| read(path).ok()).collect()
    }

    /// Whether a file is one of its own, whatever its number.
    fn has(&self, path: &Path) -> bool {
        self.behind_its_name(path).and_then(|rest| rest.strip_suffix(ENDING)).is_some_and(is_number)
    }

    /// The name of a file behind that of this place, where it begins so.
    pub(super) fn behind_its_name<'p>(&self, path: &'p Path) -> Option<&'p str> {
        path.file_name()?.to_str()?.strip_prefix(&self.name)
    }

    /// The same place under a longer name.
    pub(super) fn called(&self, more: &str) -> Self {
        Self { name: format!("{}{more}", self.name), ..self.clone() }
    }

    /// Has a text that waits offered no more; where it is from now on, for as long as one waits.
    ///
    /// # Errors
    /// When it cannot be put there; it is offered on.
    pub fn set_aside(&self, kept: &Kept) -> io::Result<PathBuf> {
        let aside = Self { name: format!("not-used-{}", self.name), ..self.clone() };
        let path = aside.write(&form::written(&kept.text, &kept.answers))?;
        remove(std::iter::once(&kept.path));
        Ok(path)
    }

    /// The file of a text that waits.
    pub(super) fn same(&self, text: &str) -> Option<PathBuf> {
        let same = self.all().into_iter().find(|kept| kept.text == text);
        same.map(|kept| kept.path)
    }

    /// Has no folder grow without end. Best effort.
    fn forget_old(&self) {
        let old: Vec<PathBuf> = self.files().filter(|path| is_old(path)).collect();
        remove(old.iter());
    }

    /// Writes a text beside those that wait, but for one that is the same.
    pub(super) fn write(&self, text: &str) -> io::Result<PathBuf> {
        if let Some(same) = self.same(text) {
            return Ok(same);
        }
        self.write_anew(text)
    }

    /// Writes a text into a file of its own.
    pub(super) fn write_anew(&self, text: &str) -> io::Result<PathBuf> {
        private::make_nested_folder(&self.folder, LEVELS)?;
        self.forget_old();
        let mut number = 1;
        loop {
            let path = self.path(number);
            let mut options = OpenOptions::new();
            match private::file(options.write(true).create_new(true)).open(&path) {
                Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// How the names of all files end.
pub(super) const ENDING: &str = ".txt";

/// Whether the end of a name is the number of a file, which the first one has not.
pub(super) fn is_number(end: &str) -> bool {
    let is_number = |digits: &str| digits.parse::<usize>().is_ok();
    end.is_empty() || end.strip_prefix('-').is_some_and(is_number)
}

/// A name that is one of a file, whatever it says.
fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    // Windows knows no folder whose name ends in a dot.
    let end = name.trim_end_matches('.').len();
    let letters = name.char_indices();
    letters.map(|(at, c)| if allowed(c) && at < end { c } else { '-' }).collect()
}

/// Whether a text has waited so long that it may go.
fn is_old(path: &Path) -> bool {
    let kept = fs::symlink_metadata(path).and_then(|about| about.modified());
    kept.is_ok_and(|at| at.elapsed().is_ok_and(|waited| waited > LONGEST_WAIT))
}

pub(super) fn read(path: PathBuf) -> io::Result<Kept> {
    let file: File = private::file(OpenOptions::new().read(true)).open(&path)?;
    let about = file.metadata()?;
    if !about.is_file() || about.len() > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let at = Timestamp::try_from(about.modified()?).map_err(io::Error::other)?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(Kept { text, answers: Answers::new(), at, path })
}

impl Kept {
    /// What was answered.
    #[must_use]
    pub fn answer(&self, asked: &str) -> Option<&str> {
        let found = self.answers.iter().find(|(known, _)| known == asked);
        found.map(|(_, answer)| answer.as_str())
    }
}

/// Before the name of a place whose texts stand below a line of their own.
const HEADED: &str = "headed-";

/// Between the kind of a text and what was typed of its record.
const EARLY: &str = "-for-";

/// What was typed, as a part of a file's name that nothing else is spelled as.
fn spelled(typed: &str) -> String {
    let letters = typed.trim().trim_start_matches('#').chars().take(LONGEST_NAME);
    let one = |letter: char| match letter.to_lowercase().next() {
        Some(letter) if letter.is_ascii_alphanumeric() => letter.to_string(),
        _ => format!("_{:x}", u32::from(letter)),
    };
    letters.map(one).collect()
}

/// So many letters of what was typed make the name of a file, which no system takes at any length.
const LONGEST_NAME: usize = 30;

/// Best effort: what stays is offered once more.
pub(super) fn remove<'p>(paths: impl Iterator<Item = &'p PathBuf>) {
    for path in paths {
        fs::remove_file(path).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_has_one_name() {
        let place = Place::new(Path::new("s"), "acme", "line add description", 7);
        let early = |typed: &str| place.clone().meant(true, false).early(typed);
        assert_eq!(early("#32181").name, "private-line-add-description-for-32181");
        assert_eq!(early("32181"), early("#32181"));
        assert_eq!(early("Bly & Co").name, "private-line-add-description-for-bly_20_26_20co");
        assert_ne!(early("32181-2"), early("32181 2"));
        assert_ne!(early("Ærø"), early("Øre"));
        assert!(early("32181").is_like(&place.clone().meant(true, false)));
        assert!(!early("32181").is_like(&place));
        // A plan in the journal finds it again.
        let early = early("Bly & Co");
        assert_eq!(Place::named(Path::new("s"), &early.its_name()), early);
        let other = Place::new(Path::new("s"), "acme", "line add", 7);
        assert!(!other.early("32181").is_like(&place));
    }
}
