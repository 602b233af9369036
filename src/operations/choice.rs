//! A typed word against the account's own list: exact, in another case, without the number in front, or shortened as far
//! as it stays clear. Pure; the lists are read elsewhere.

use crate::error::{Error, Result};
use crate::names;

/// The entry of `list` that `typed` means: the entry itself in any case, its word without the number in front (`high` is
/// `1 High`, and `medium` is whatever reads normal), its number, or the beginning of the only entry that begins so.
/// A list without entries knows nothing better: what was typed is returned.
///
/// # Errors
/// Exit 2, naming near misses and the whole list; `what` says what it is a list of ("status").
pub fn choice(what: &str, typed: &str, list: &[String]) -> Result<String> {
    choice_of("the account", what, typed, list)
}

/// The same in a list that is somebody else's than the account's: `whose` has it.
///
/// # Errors
/// As for [`choice`].
pub fn choice_of(whose: &str, what: &str, typed: &str, list: &[String]) -> Result<String> {
    let wanted = typed.trim();
    if wanted.is_empty() {
        return Err(Error::usage(format!("the {what} is empty")));
    }
    let list: Vec<&String> = list.iter().filter(|entry| !entry.trim().is_empty()).collect();
    if list.is_empty() {
        return Ok(wanted.to_owned());
    }
    let lower = names::plain(wanted);
    let entry = |fits: &dyn Fn(&str) -> bool| only(&list, fits);
    let found = list
        .iter()
        .find(|entry| entry.trim() == wanted)
        .or_else(|| list.iter().find(|entry| names::plain(entry) == lower))
        .copied()
        .or_else(|| entry(&|text| word(text) == lower))
        .or_else(|| entry(&|text| number(text) == lower))
        .or_else(|| entry(&|text| text.starts_with(&lower)))
        .or_else(|| entry(&|text| word(text).starts_with(&lower)))
        .or_else(|| entry(&|text| lower == "medium" && word(text) == "normal"));
    found.cloned().ok_or_else(|| unknown(whose, what, wanted, &list))
}

/// The one entry that fits, told in lower case; none when several do.
fn only<'a>(list: &[&'a String], fits: &dyn Fn(&str) -> bool) -> Option<&'a String> {
    let mut found = list.iter().copied().filter(|entry| fits(&names::plain(entry)));
    match (found.next(), found.next()) {
        (Some(entry), None) => Some(entry),
        _ => None,
    }
}

/// `high` of `1 high`; an entry without a number is its own word.
fn word(entry: &str) -> &str {
    let rest = entry.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.trim_start_matches([' ', '-', '.', ':', ')']) {
        "" => entry,
        word if rest.len() < entry.len() && rest.len() > word.len() => word,
        _ => entry,
    }
}

/// `1` of `1 high`; empty for an entry without a number.
fn number(entry: &str) -> &str {
    entry[..entry.len() - word(entry).len()].trim_end_matches([' ', '-', '.', ':', ')'])
}

fn unknown(whose: &str, what: &str, typed: &str, list: &[&String]) -> Error {
    let whole: Vec<&str> = list.iter().map(|entry| entry.trim()).collect();
    let near = near_misses(typed, whole.iter().copied());
    let error = Error::usage(format!("there is no {what} \"{typed}\""));
    let error = match near.as_slice() {
        [] => error,
        near => error.hint(format!("did you mean {}?", near.join(" or "))),
    };
    error.hint(format!("{whose} has: {}", whole.join(", ")))
}

/// Of `names` those that `typed` may have been meant for, the nearest first, at most three.
pub fn near_misses<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let lower = names::plain(typed);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| Some((distance(&lower, &names::plain(name))?, name)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    near.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// How far off a name is, all of it or one of its words; nothing when it cannot be meant.
fn distance(typed: &str, name: &str) -> Option<usize> {
    if typed.is_empty() {
        return None;
    }
    if typed.chars().count() >= 3 && name.contains(typed) {
        return Some(1);
    }
    // Anything short is near the "for" of a longer name.
    let long = |part: &&str| part.chars().count() > 3;
    std::iter::once(name)
        .chain([word(name)])
        .chain(name.split_whitespace().filter(long))
        .map(|part| {
            let allowed = 1 + part.chars().count() / 4;
            (strsim::damerau_levenshtein(typed, part), allowed)
        })
        .filter(|(distance, allowed)| distance <= allowed)
        .map(|(distance, _)| distance)
        .min()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::error::Kind;
    use proptest::prelude::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn priorities_are_found_by_word_number_and_beginning() {
        let list = words(&["", "1 High", "2 Normal", "3 Low", "4 Urgent"]);
        for (typed, meant) in [
            ("1 High", "1 High"),
            ("1 high", "1 High"),
            ("high", "1 High"),
            ("HIGH", "1 High"),
            ("medium", "2 Normal"),
            ("Normal", "2 Normal"),
            ("3", "3 Low"),
            ("urg", "4 Urgent"),
            (" low ", "3 Low"),
        ] {
            assert_eq!(choice("priority", typed, &list).unwrap(), meant, "{typed}");
        }
        let own = words(&["1 High", "Medium", "2 Normal"]);
        assert_eq!(choice("priority", "medium", &own).unwrap(), "Medium");
    }

    #[test]
    fn statuses_may_be_shortened_while_they_are_clear() {
        let list = words(&["New", "Waiting on Customer", "Waiting on Vendor", "In Progress"]);
        assert_eq!(choice("status", "in", &list).unwrap(), "In Progress");
        assert_eq!(choice("status", "waiting on v", &list).unwrap(), "Waiting on Vendor");
        let error = choice("status", "waiting", &list).unwrap_err();
        assert_eq!(error.kind, Kind::Usage);
        assert_eq!(
            error.hint_lines().collect::<Vec<_>>(),
            [
                "did you mean Waiting on Customer or Waiting on Vendor?",
                "the account has: New, Waiting on Customer, Waiting on Vendor, In Progress",
            ]
        );
    }

    #[test]
    fn an_exact_entry_beats_a_longer_one_and_another_case() {
        let list = words(&["new", "New", "New lead"]);
        assert_eq!(choice("status", "New", &list).unwrap(), "New");
        assert_eq!(choice("status", "NEW", &list).unwrap(), "new");
    }

    #[test]
    fn what_is_in_no_list_is_refused_with_near_misses() {
        let list = words(&["New", "Resolved", "2nd line"]);
        let error = choice("status", "Resloved", &list).unwrap_err();
        assert_eq!(error.message, "there is no status \"Resloved\"");
        assert_eq!(error.hint_lines().next().unwrap(), "did you mean Resolved?");
        let parts = words(&["New", "Waiting for Parts"]);
        let hints = |typed: &str| choice("status", typed, &parts).unwrap_err().hint_lines().count();
        assert_eq!(["Foo", "prats", "Nwe"].map(hints), [1, 2, 2]);
        let error = choice("status", "zebra", &list).unwrap_err();
        assert_eq!(
            error.hint_lines().collect::<Vec<_>>(),
            ["the account has: New, Resolved, 2nd line"]
        );
        assert!(choice("status", "", &list).is_err());
        assert!(choice("status", "line", &list).is_err());
        assert_eq!(choice("status", " Odd ", &[]).unwrap(), "Odd");
    }

    proptest! {
        #[test]
        fn an_answer_is_always_of_the_list(
            typed in "[a-c1-3 ]{1,6}",
            list in prop::collection::vec("[1-3]? ?[a-cA-C]{0,4}", 1..6),
        ) {
            let has_words = list.iter().any(|entry| !entry.trim().is_empty());
            if let Ok(found) = choice("status", &typed, &list) {
                prop_assert!(list.contains(&found) || !has_words);
            }
        }
    }
}
