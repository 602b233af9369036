//! Names as they are compared, everywhere alike: what looks the same to people is the same. An accent may be a letter's
//! own or a sign behind it, a blank may not break, and there may be two of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::render::sanitise::is_unsafe;

/// A text with each accent in its letter.
#[must_use]
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// A text with one blank between its words.
#[must_use]
pub(crate) fn spaced(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    composed(&words.join(" ")).into_owned()
}

/// A name without what people do not see: as a server is asked for it.
#[must_use]
pub(crate) fn folded(name: &str) -> String {
    spaced(&seen(name, true))
}

/// The same in lower case: as it is compared.
#[must_use]
pub(crate) fn plain(name: &str) -> String {
    spaced(&seen(&name.to_lowercase(), false))
}

/// A name without what has no shape of its own. A joiner may be how letters of other scripts are written.
fn seen(name: &str, keeps_joiners: bool) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let mut before = ' ';
    let is_seen = |sign: &char| {
        let joins = matches!(sign, '\u{200c}' | '\u{200d}') && !before.is_ascii();
        before = *sign;
        sign.is_whitespace() || !is_unsafe(*sign) || keeps_joiners && joins
    };
    name.chars().filter(is_seen).collect()
}

/// Whether two names are the same to people.
#[must_use]
pub(crate) fn same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Whether a name is one of these.
#[must_use]
pub(crate) fn is_among(name: &str, names: &[String]) -> bool {
    names.iter().any(|one| same(one, name))
}

/// Whether all words of `text` occur in `parts`.
#[must_use]
pub(crate) fn fits<'a>(text: &str, parts: impl IntoIterator<Item = &'a str>) -> bool {
    let whole: Vec<String> = parts.into_iter().map(plain).collect();
    let whole = whole.join(" ");
    plain(text).split_whitespace().all(|word| whole.contains(word))
}

/// Whether each word of `text`, which has one, begins a word of `parts`; one of fewer than `letters` is meant whole.
#[must_use]
pub(crate) fn begins<'a>(
    text: &str,
    letters: usize,
    parts: impl IntoIterator<Item = &'a str>,
) -> bool {
    let words = |text: &str| -> Vec<String> {
        let text = plain(text);
        let apart = |c: char| !c.is_alphanumeric();
        text.split(apart).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let own: Vec<String> = parts.into_iter().flat_map(words).collect();
    let typed = words(text);
    let is_long = |word: &String| word.chars().count() >= letters;
    let begins =
        |word: &String| own.iter().any(|own| own == word || is_long(word) && own.starts_with(word));
    !typed.is_empty() && typed.iter().all(begins)
}

/// How many words a subject has in common with the one that is wanted, where they are enough to be about the same.
#[must_use]
pub(crate) fn likeness(wanted: &str, subject: &str) -> Option<usize> {
    let wanted = telling(wanted);
    let common = telling(subject).intersection(&wanted).count();
    (common > 0 && common * 2 >= wanted.len().min(4)).then_some(common)
}

/// The words of a subject that say something, by their beginnings: "print" and "prints" are one.
fn telling(subject: &str) -> BTreeSet<String> {
    let words = subject.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() > 2)
        .map(|word| word.to_lowercase().chars().take(5).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_begins_no_word_names_nothing() {
        let parts = || ["Labor - Remote", "imelda2@quillfeather.example"];
        for typed in ["remote", "lab rem", "REM", "imelda2@quill", "quillfeather", "- labor"] {
            assert!(begins(typed, 3, parts()), "{typed}");
        }
        for typed in ["", " ", "-", "mote", "2", "r", "re", "remote x", "feather"] {
            assert!(!begins(typed, 3, parts()), "{typed}");
        }
        assert!(begins("r", 1, parts()) && !begins("2", 1, parts()));
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (one, other) in [
            ("Café Olé", "cafe\u{301} ole\u{301}"),
            ("\u{c5}ngstr\u{f6}m", "A\u{30a}NGSTRO\u{308}M"),
            ("In\u{a0}Progress", " in  progress "),
            ("In\u{202f}Progress", "In\tProgress"),
            ("\u{212b}", "\u{e5}"),
            ("Quillfeather\u{200b} Books", "\u{feff}Quill\u{ad}feather Books\u{2060}"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{62e}"),
            ("Nguy\u{1ec5}n", "Nguye\u{302}\u{303}n"),
        ] {
            assert!(same(one, other), "{one:?} {other:?}");
        }
        assert!(!same("Cafe", "Caf\u{e9}"));
        assert!(!same("InProgress", "In Progress"));
    }
}
