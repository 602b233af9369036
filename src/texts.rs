//! Texts that a person wrote and that are not sent yet: private files, until they are. A plan in the journal keeps its
//! own.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::PathBuf;

pub(crate) use early::Early;
pub(crate) use form::Answers;
use place::remove;
pub(crate) use place::{Kept, LONGEST_WAIT, Place, PlaceName};

mod early;
mod form;
mod open;
mod place;

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
    early: RefCell<Option<Early>>,
    /// Whether the command line has it, too.
    repeated: Cell<bool>,
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
        self.repeated.set(false);
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

    /// Opens a text for an editor: the file that it is told, in which whatever ends this program leaves what was saved.
    /// `shown` is the text as the editor shows it; `answers` are those of its form, where none are held. What is left is
    /// held, or this is forgotten, once the editor has ended.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(
        &self,
        place: &Place,
        text: &str,
        shown: &str,
        answers: Answers,
    ) -> io::Result<PathBuf> {
        let held = self.held_at(place).map(|(_, answers)| answers);
        // What a person wrote is a text, even if it is left as it was.
        let before = if held.is_some() { "" } else { text };
        let answers = held.unwrap_or(answers);
        let path = place.write_open(before, &form::written(shown, &answers))?;
        let held =
            Held { place: place.clone(), text: text.to_owned(), answers, path: Some(path.clone()) };
        let before = self.held.replace(Some(held)).and_then(|before| before.path);
        remove(before.iter());
        Ok(path)
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

    /// The latest form of another run that `is_so`.
    #[must_use]
    pub fn waiting(&self, place: &Place, is_so: impl Fn(&Kept) -> bool) -> Option<Kept> {
        let held = self.held.borrow();
        let own = held.as_ref().and_then(|held| held.path.as_ref());
        let fits = |kept: &Kept| own != Some(&kept.path) && is_so(kept);
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
            Some(Held { path: Some(path), place, .. }) => {
                Ok(Some(path).filter(|path| !place.is_as_opened(path)))
            }
            Some(held) => held.place.write(&form::written(&held.text, &held.answers)).map(Some),
        }
    }

    /// Tells what the command that has begun may be given to write.
    pub fn begin(&self, early: Early) {
        self.early.replace(Some(early));
    }

    /// What the command may be given to write, as it was begun.
    #[must_use]
    pub fn early(&self) -> Option<Early> {
        self.early.borrow().clone()
    }

    /// Whether an argument is the text.
    #[must_use]
    pub fn is_text(&self, arg: &str) -> bool {
        self.early.borrow().as_ref().is_some_and(|early| early.args.contains(&arg))
    }

    /// Has a text kept before anything is read; one that `is_repeated` with the command line is not worth keeping when that
    /// could not be understood.
    pub fn hold_early(&self, text: &str, is_repeated: bool) {
        if let Some(early) = self.early().filter(|_| !text.trim().is_empty()) {
            self.hold(&early.place, text, !is_repeated);
            self.repeated.set(is_repeated);
        }
    }

    /// Tells that the command line has the text that is held, too.
    pub fn is_repeated(&self) {
        self.repeated.set(true);
    }

    /// Forgets a text that stands in a command line with an error.
    pub fn forget_repeated(&self) {
        if self.repeated.get() {
            self.sent();
        }
    }

    /// The latest text that waits at a place, or for what was typed of it.
    #[must_use]
    pub fn latest(&self, place: &Place) -> Option<Kept> {
        let early = self.early().filter(|early| early.place.is_like(place));
        place.latest().or_else(|| early?.place.latest())
    }

    /// Where the text of this run is, if it was not sent, and how it is used.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn left_with_hint(&self) -> io::Result<Option<(PathBuf, Option<&'static str>)>> {
        let is_headed = self.place().is_some_and(|place| place.is_headed());
        let early = self.early();
        let hint = early.and_then(|early| if is_headed { early.headed } else { early.hint });
        Ok(self.left()?.map(|path| (path, hint)))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::time::Duration;

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
        let of =
            |customer: &'static str| move |kept: &Kept| kept.answer("customer") == Some(customer);
        let kept = Texts::default().waiting(&place, of("id:7")).unwrap();
        assert_eq!(
            (kept.text.as_str(), &kept.answers),
            ("Two\nlines: one", &answers("2026-05-21"))
        );
        let other = Texts::default();
        assert_eq!(other.waiting(&place, of("id:8")), None);
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
        crate::private::make_folder(&place.folder).unwrap();
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
