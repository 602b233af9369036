//! Texts that a person wrote and that are not sent yet: private files, until they are. A plan in the journal keeps its
//! own.

use std::cell::{Cell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use form::Answers;

use crate::private;

mod form;

/// No text that is offered is longer.
const LONGEST: u64 = 1_000_000;

/// No text that was not taken waits longer.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a text was written for: a command, and what it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
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
    path: PathBuf,
}

/// The text of this run.
#[derive(Debug)]
struct Held {
    place: Place,
    text: String,
    answers: Answers,
    /// Where it is, once it was written.
    path: Option<PathBuf>,
}

/// The text of this run, until it is sent.
#[derive(Debug, Default)]
pub struct Texts {
    held: RefCell<Option<Held>>,
    taken: Cell<bool>,
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

    /// The place of that name.
    #[must_use]
    pub fn named(state_dir: &Path, of: &PlaceName) -> Self {
        let folder = state_dir.join("texts").join(plain(&of.whose));
        Self { folder, name: plain(&of.name), private: of.private, form: of.form }
    }

    fn its_name(&self) -> PlaceName {
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
    fn young(&self) -> impl Iterator<Item = Kept> {
        let young = self.all().into_iter().filter(|kept| !is_old(&kept.path));
        young.map(|kept| {
            if !self.form {
                return kept;
            }
            let (text, answers) = form::read(&kept.text);
            Kept { text, answers, ..kept }
        })
    }

    /// Its files are numbered: a text that was not taken does not make room for the next one.
    fn path(&self, number: usize) -> PathBuf {
        match number {
            1 => self.folder.join(format!("{}.txt", self.name)),
            _ => self.folder.join(format!("{}-{number}.txt", self.name)),
        }
    }

    fn all(&self) -> Vec<Kept> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| self.has(path));
        paths.filter_map(|path| read(path).ok()).collect()
    }

    /// Whether a file is one of its own, whatever its number.
    fn has(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.strip_prefix(&self.name).and_then(|rest| rest.strip_suffix(".txt"));
        let is_number = |digits: &str| digits.parse::<usize>().is_ok();
        number.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
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
    fn same(&self, text: &str) -> Option<PathBuf> {
        let same = self.all().into_iter().find(|kept| kept.text == text);
        same.map(|kept| kept.path)
    }

    /// Has no folder grow without end. Best effort.
    fn forget_old(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let old: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_old(path)).collect();
        remove(old.iter());
    }

    /// Writes a text beside those that wait, but for one that is the same.
    fn write(&self, text: &str) -> io::Result<PathBuf> {
        if let Some(same) = self.same(text) {
            return Ok(same);
        }
        private::make_folder(&self.folder)?;
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

/// A name that is one of a file, whatever it says.
fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.';
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

fn read(path: PathBuf) -> io::Result<Kept> {
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

impl Texts {
    /// Has `text` kept if it is not sent; `at_once` also if this program is ended from outside. It takes the place of
    /// the one before it in this run.
    pub fn hold(&self, place: &Place, text: &str, at_once: bool) {
        let answers = self.held_at(place).map(|(_, answers)| answers).unwrap_or_default();
        self.hold_form(place, text, answers, at_once);
    }

    /// The same for a form, with its answers.
    pub fn hold_form(&self, place: &Place, text: &str, answers: Answers, at_once: bool) {
        let before = self.held.take();
        let whole = form::written(text, &answers);
        // What cannot be written now is tried again at the end.
        let path = match at_once {
            true => place.write(&whole).ok(),
            false => place.same(&whole),
        };
        let held = Held { place: place.clone(), text: text.to_owned(), answers, path };
        let unused =
            before.and_then(|before| before.path).filter(|old| held.path.as_ref() != Some(old));
        remove(unused.iter());
        self.held.replace(Some(held));
    }

    /// Where the text of this run is kept, if there is one.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.held.borrow().as_ref().map(|held| held.place.clone())
    }

    /// The text of this run, and the name of the place where it waits, if there is one.
    #[must_use]
    pub fn held(&self) -> Option<(PlaceName, String)> {
        let held = self.held.borrow();
        held.as_ref().map(|held| (held.place.its_name(), held.text.clone()))
    }

    /// The latest form of another run that was answered so.
    #[must_use]
    pub fn waiting(&self, place: &Place, answers: &[(&str, &str)]) -> Option<Kept> {
        let held = self.held.borrow();
        let own = held.as_ref().and_then(|held| held.path.as_ref());
        let fits = |kept: &Kept| {
            let is_so = |(asked, answer): &(&str, &str)| kept.answer(asked) == Some(answer);
            own != Some(&kept.path) && answers.iter().all(is_so)
        };
        place.young().filter(fits).max_by_key(|kept| kept.at)
    }

    /// Goes on with a text that waited.
    pub fn take(&self, place: &Place, kept: &Kept) {
        let Kept { text, answers, path, .. } = kept.clone();
        let held = Held { place: place.clone(), text, answers, path: Some(path.clone()) };
        let before = self.held.replace(Some(held)).and_then(|before| before.path);
        remove(before.iter().filter(|old| **old != path));
        self.taken.set(true);
    }

    /// Whether this run goes on with one that waited.
    #[must_use]
    pub const fn has_taken(&self) -> bool {
        self.taken.get()
    }

    /// What this run holds at a place.
    #[must_use]
    pub fn held_at(&self, place: &Place) -> Option<(String, Answers)> {
        let held = self.held.borrow();
        let held = held.as_ref().filter(|held| held.place == *place)?;
        Some((held.text.clone(), held.answers.clone()))
    }

    /// It was sent, or a plan in the journal has it.
    pub fn sent(&self) {
        if let Some(held) = self.held.take() {
            remove(held.path.iter());
        }
    }

    /// Where the text of this run is, if it was not sent.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn left(&self) -> io::Result<Option<PathBuf>> {
        match self.held.take() {
            None => Ok(None),
            Some(Held { path: Some(path), .. }) => Ok(Some(path)),
            Some(held) => held.place.write(&form::written(&held.text, &held.answers)).map(Some),
        }
    }
}

/// Best effort: what stays is offered once more.
fn remove<'p>(paths: impl Iterator<Item = &'p PathBuf>) {
    for path in paths {
        fs::remove_file(path).unwrap_or_default();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn place(folder: &tempfile::TempDir) -> Place {
        Place::new(folder.path(), "acme.example-8080/..", "comment", 7)
    }

    #[test]
    fn a_text_is_there_until_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        let texts = Texts::default();
        texts.hold(&place, "one", true);
        assert_eq!(place.latest().unwrap().text, "one");
        // Edited: the old one makes room.
        texts.hold(&place, "one, edited", true);
        assert_eq!(place.all().len(), 1);
        texts.sent();
        assert_eq!(place.latest(), None);
        assert_eq!(texts.left().unwrap(), None);

        texts.hold(&place, "two", false);
        assert_eq!(place.latest(), None);
        let path = texts.left().unwrap().unwrap();
        assert!(path.ends_with("texts/acme.example-8080---/comment-7.txt"), "{path:?}");
        assert_eq!(fs::read_to_string(path).unwrap(), "two");
    }

    #[test]
    fn a_text_that_is_not_taken_waits_thirty_days() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        let texts = Texts::default();
        texts.hold(&place, "one", true);
        let path = texts.left().unwrap().unwrap();
        texts.hold(&place, "two", true);
        assert_eq!(place.all().len(), 2);
        texts.sent();
        let day = Duration::from_secs(24 * 60 * 60);
        for (days, waits) in [(29, true), (31, false)] {
            // Closed at once: on Windows, a file that is open outlasts its removal.
            let file = OpenOptions::new().write(true).open(&path).unwrap();
            file.set_modified(std::time::SystemTime::now() - day * days).unwrap();
            drop(file);
            assert_eq!(place.latest().is_some_and(|kept| kept.text == "one"), waits);
            texts.hold(&place, "three", true);
            texts.sent();
            assert_eq!(path.exists(), waits);
        }
    }

    #[test]
    fn a_text_that_is_set_aside_is_there_and_offered_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        for text in ["one", "two"] {
            let texts = Texts::default();
            texts.hold(&place, text, true);
            let aside = place.set_aside(&place.latest().unwrap()).unwrap();
            assert_eq!(place.all(), []);
            assert_eq!(fs::read_to_string(aside).unwrap(), text);
        }
        assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 2);
        // Written again, it is offered again.
        let texts = Texts::default();
        texts.hold(&place, "one", true);
        assert_eq!(place.latest().unwrap().text, "one");
    }

    #[test]
    fn what_is_meant_otherwise_waits_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let meant = |private, html| place(&folder).meant(private, html);
        let all = [(false, false), (true, false), (false, true), (true, true)];
        for (private, html) in all {
            let texts = Texts::default();
            texts.hold(&meant(private, html), &format!("{private} {html}"), true);
        }
        for (private, html) in all {
            let [kept] = &meant(private, html).all()[..] else { unreachable!() };
            assert_eq!(kept.text, format!("{private} {html}"));
        }
    }

    #[test]
    fn a_form_is_kept_with_its_text_and_its_answers() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder).form();
        let answers = |due: &str| {
            vec![("customer".to_owned(), "id:7".to_owned()), ("Due".to_owned(), due.to_owned())]
        };
        let texts = Texts::default();
        texts.hold_form(&place, "", answers("2026-05-21"), true);
        texts.hold(&place, "Two\nlines: one", true);
        let path = texts.left().unwrap().unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.starts_with("Two\nlines: one\n"), "{written}");
        let kept = Texts::default().waiting(&place, &[("customer", "id:7")]).unwrap();
        assert_eq!(
            (kept.text.as_str(), &kept.answers),
            ("Two\nlines: one", &answers("2026-05-21"))
        );
        let other = Texts::default();
        assert_eq!(other.waiting(&place, &[("customer", "id:8")]), None);
        texts.take(&place, &kept);
        texts.hold_form(&place, &kept.text, answers("2026-05-22"), true);
        assert_eq!(place.all().len(), 1);
        assert_eq!(place.latest().unwrap().answer("Due"), Some("2026-05-22"));
        texts.sent();
        assert_eq!(place.latest(), None);
    }

    #[test]
    fn the_same_text_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        for _ in 0..2 {
            let texts = Texts::default();
            texts.hold(&place, "one", false);
            texts.left().unwrap();
        }
        assert_eq!(place.all().len(), 1);
        let texts = Texts::default();
        texts.take(&place, &place.latest().unwrap());
        texts.sent();
        assert_eq!(place.latest(), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it_and_no_link_leads_it_elsewhere() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        private::make_folder(&place.folder).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "not ours").unwrap();
        symlink(&elsewhere, place.path(1)).unwrap();
        assert_eq!(place.latest(), None);
        let texts = Texts::default();
        texts.hold(&place, "one", true);
        let path = texts.left().unwrap().unwrap();
        assert_eq!(path, place.path(2));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "not ours");
    }
}
