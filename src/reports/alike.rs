//! What is the same to people, however it is written: names without case, accents, punctuation and legal suffixes, email
//! addresses, and telephone numbers.

use std::collections::BTreeMap;

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::{names, sorting};

/// Legal suffixes, one a line.
const SUFFIXES: &str = include_str!("suffixes.txt");

/// Folds names of companies and people.
#[derive(Debug)]
pub(super) struct Folding {
    /// The words of each suffix, the longest first: `gmbh & co kg` is several of them.
    suffixes: Vec<Vec<&'static str>>,
}

impl Default for Folding {
    fn default() -> Self {
        let lines = SUFFIXES.lines().filter(|line| !line.starts_with('#'));
        let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut suffixes: Vec<Vec<&str>> = words.filter(|words| !words.is_empty()).collect();
        sorting::sort_by_key(&mut suffixes, |words| std::cmp::Reverse(words.len()));
        Self { suffixes }
    }
}

impl Folding {
    /// What a name is compared by; nothing where no letter and no figure is in it. Its words are joined, since "Blue Bell" is
    /// "Bluebell" to people; a suffix that is all of a name is a name.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        let plain = without_accents(name);
        let mut words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
        // "&" is punctuation, which is not compared; nor is what people write for it.
        if words.iter().any(|word| *word != AND) {
            words.retain(|word| *word != AND);
        }
        while let Some(suffix) = self
            .suffixes
            .iter()
            .find(|suffix| words.len() > suffix.len() && words.ends_with(suffix))
        {
            words.truncate(words.len() - suffix.len());
        }
        Some(words.concat()).filter(|folded| !folded.is_empty())
    }
}

/// What is written for "&".
const AND: &str = "and";

/// A text in lower case, without accents; full stops and apostrophes are left out, and what else is neither a letter nor a
/// figure is a blank.
fn without_accents(text: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let letters = apart.chars().flat_map(char::to_lowercase);
    let letters: String = letters.filter(|letter| !is_accent(*letter)).collect();
    let mut plain = String::with_capacity(letters.len());
    // Signs of other scripts belong to their letters.
    for letter in names::composed(&letters).chars() {
        match letter {
            '.' | '\'' | '\u{2019}' | '`' => {}
            letter if let Some((_, spelled)) = SPELLED.iter().find(|(one, _)| *one == letter) => {
                plain.push_str(spelled);
            }
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    plain
}

/// Letters with a stroke or a tie, which no standard takes apart.
const SPELLED: [(char, &str); 10] = [
    ('\u{df}', "ss"),
    ('\u{e6}', "ae"),
    ('\u{153}', "oe"),
    ('\u{f8}', "o"),
    ('\u{f0}', "d"),
    ('\u{111}', "d"),
    ('\u{fe}', "th"),
    ('\u{142}', "l"),
    ('\u{131}', "i"),
    // The last letter of a word is written otherwise.
    ('\u{3c2}', "\u{3c3}"),
];

/// Whether it is a sign above or below a Latin, Greek or Cyrillic letter. Those of other scripts make other letters.
const fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// What an email address is compared by; nothing where it is none.
pub(super) fn email(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let is_one =
        address.split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty());
    is_one.then_some(address)
}

/// Fewer figures than these are an extension, or no number at all.
const FIGURES: usize = 7;

/// What a telephone number is compared by: its figures. Nothing where they are too few, or all the same, as they are
/// typed in place of one.
pub(super) fn phone(text: &str) -> Option<String> {
    let figures: String = text.chars().filter(char::is_ascii_digit).collect();
    let first = figures.chars().next()?;
    let is_one = figures.len() >= FIGURES && figures.chars().any(|figure| figure != first);
    is_one.then_some(figures)
}

/// So many figures tell a number that is written without the code of its country.
const TELLING: usize = 9;

/// The numbers that are written in two ways, each with its longer one: with the code of a country, and without it or with the
/// nought that is dialed in its place. Where the codes of two countries fit one number, it is neither's, and all stay apart.
pub(super) fn whole_numbers<'f>(all: impl Iterator<Item = &'f str>) -> BTreeMap<String, String> {
    let mut alike: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for figures in all {
        let number = figures.trim_start_matches('0');
        let end = number.len().checked_sub(TELLING).and_then(|at| number.get(at..));
        if let Some(end) = end {
            alike.entry(end).or_default().entry(number).or_default().push(figures);
        }
    }
    let mut whole = BTreeMap::new();
    for numbers in alike.values() {
        let mut by_length: Vec<&str> = numbers.keys().copied().collect();
        sorting::sort_by_key(&mut by_length, |number| number.len());
        let longer = match by_length.as_slice() {
            [short, long] if long.strip_suffix(short).is_some_and(is_code) => Some(*long),
            _ => None,
        };
        for (number, written) in numbers {
            let longer = longer.unwrap_or(number).to_owned();
            whole.extend(written.iter().map(|figures| ((*figures).to_owned(), longer.clone())));
        }
    }
    whole
}

/// Whether figures are the code of a country, or may be: some of three figures are not given out.
fn is_code(figures: &str) -> bool {
    const TWO: [u8; 44] = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55,
        56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ];
    let two = |figures: &str| figures.parse().is_ok_and(|code: u8| TWO.contains(&code));
    match figures.len() {
        1 => figures == "1" || figures == "7",
        2 => two(figures),
        3 => !figures.starts_with(['0', '1', '7']) && !figures.get(..2).is_some_and(two),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_alike_however_they_are_written() {
        let folding = Folding::default();
        for (one, other) in [
            ("Stonecrop Opticians", "Stonecrop Opticians Ltd"),
            ("Stonecrop Opticians", "STONECROP OPTICIANS, L.L.C."),
            ("Caf\u{e9} Corvina", "Cafe Corvina GmbH & Co. KG"),
            ("Cafe\u{301} Corvina", "CAFE\u{301}  corvina S.A. de C.V."),
            ("Wren & Otter", "WREN AND OTTER"),
            ("Wren & Otter", "Wren-Otter, Inc."),
            ("Bluebell Laundry", "Blue Bell Laundry"),
            ("\u{d8}re Lydstudio A/S", "Ore Lydstudio"),
            ("O'Brien Motors", "O\u{2019}Brien Motors Pty Ltd"),
            ("Stra\u{df}e 9", "STRASSE 9"),
            ("\u{ff21}\u{ff23}\u{ff2d}\u{ff25}", "Acme"),
            ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c2}"),
            ("\u{130}stanbul Kitap", "istanbul kitap"),
        ] {
            assert_eq!(folding.name(one), folding.name(other), "{one} {other}");
        }
        for (one, other) in [
            ("Stonecrop", "Stonecrop Opticians"),
            ("Pettigrew Joinery", "Pettigrew Roofing"),
            ("Saltmarsh Pharmacy", "Saltmarsh Pharmacy East"),
            // A suffix alone is a name, and one in the middle is a part of it.
            ("Limited", "Company"),
            ("Co Op", "Op"),
            // Another letter, not an accent.
            ("\u{306f}\u{306a}", "\u{3070}\u{306a}"),
        ] {
            assert_ne!(folding.name(one), folding.name(other), "{one} {other}");
        }
        assert_eq!(folding.name("Ltd"), Some("ltd".to_owned()));
        assert_eq!(folding.name("and"), Some("and".to_owned()));
        assert_eq!((folding.name("\u{1f33b} & ."), folding.name("")), (None, None));
    }

    #[test]
    fn addresses_and_numbers_are_alike_however_they_are_written() {
        assert_eq!(email(" Shared@Pettigrew.example "), email("shared@pettigrew.example"));
        assert_eq!(["none", "@", "x@", "@x", ""].map(email), [None, None, None, None, None]);
        assert_eq!(phone("(555) 010-0128"), phone("5550100128"));
        assert_ne!(phone("555-0128"), phone("555-0145"));
        assert_eq!(["123", "000-0000", "none", ""].map(phone), [None, None, None, None]);
    }

    /// A number is the same with its country's code and without where that can be decided.
    #[test]
    fn the_code_of_a_country_tells_no_other_number() {
        let same = |all: &[&str]| {
            let whole = whole_numbers(all.iter().copied());
            let keys = all.iter().map(|one| whole.get(*one).map_or(*one, String::as_str));
            keys.collect::<std::collections::BTreeSet<_>>().len() == 1
        };
        for one in [
            &["15550100128", "5550100128"][..],
            &["49301234567", "0301234567"],
            &["0049301234567", "0301234567", "49301234567"],
            &["353861234567", "0861234567"],
        ] {
            assert!(same(one), "{one:?}");
        }
        for apart in [
            // Too few figures tell nothing.
            &["5550128", "15550128"][..],
            &["15550128", "35315550128"],
            // Which of the two countries it is of nobody can tell.
            &["15550100128", "445550100128", "5550100128"],
            &["5550100128", "5550100129"],
            &["15550100128", "25550100128"],
            &["99995550100128", "5550100128"],
            // A figure more at the front is no country.
            &["5301234567", "301234567"],
            &["15550100128", "415550100128", "5550100128"],
        ] {
            assert!(!same(apart), "{apart:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_folded_is_folded_no_more(name in "\\PC{0,24}") {
            let folding = Folding::default();
            if let Some(once) = folding.name(&name) {
                prop_assert_eq!(folding.name(&once), Some(once.clone()));
            }
        }

        #[test]
        fn case_punctuation_and_suffixes_tell_nothing(
            words in proptest::collection::vec("[a-z\u{e9}\u{fc}\u{f1}\u{e7}]{3,8}", 1..4),
            suffix in proptest::sample::select(vec!["Ltd", "LLC", "Inc.", "S.A.", "GmbH & Co. KG", "Pty. Ltd."]),
            sign in proptest::sample::select(vec![" ", ", ", " - ", " & "]),
        ) {
            let folding = Folding::default();
            // A word of its own may be a suffix.
            let name = format!("larch {} vale", words.join(" "));
            let written = format!("{} {suffix}", format!("larch {} vale", words.join(sign)).to_uppercase());
            prop_assert_eq!(folding.name(&name), folding.name(&written));
        }
    }
}
