//! The figures of a text, and which of them came from nowhere: numbers, money, percentages, times, numbers of
//! telephones and tickets. On the careful side: a figure that is written another way than in its source counts as
//! invented, unless both are plainly the same (1,5 and 1.5; 2pm and 14:00; a part of a date).

/// What a number counts, where a sign or word beside it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Dollar,
    Euro,
    Pound,
    Krone,
    Percent,
    Hours,
    Minutes,
}

/// A figure of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figure {
    /// As it stands there.
    shown: String,
    /// So that equal figures are equal.
    value: String,
    /// The parts of a date or of a number with dashes.
    parts: Vec<String>,
    mark: Option<Mark>,
}

/// The figures of `text` that none of the sources has, as they stand there, each once.
pub(super) fn invented(text: &str, sources: &[&str]) -> Vec<String> {
    let known: Vec<Figure> = sources.iter().flat_map(|source| figures(source)).collect();
    let mut found: Vec<String> = Vec::new();
    for figure in figures(text) {
        if !is_known(&figure, &known) && !found.contains(&figure.shown) {
            found.push(figure.shown);
        }
    }
    found
}

/// Whether a text has this figure, as it was shown.
pub(super) fn has(text: &str, shown: &str) -> bool {
    figures(text).iter().any(|figure| figure.shown == shown)
}

fn is_known(figure: &Figure, known: &[Figure]) -> bool {
    let same = |one: &Figure| {
        one.value == figure.value && (figure.mark.is_none() || figure.mark == one.mark)
    };
    let part =
        |value: &String| known.iter().any(|one| one.value == *value || one.parts.contains(value));
    known.iter().any(same)
        || (figure.mark.is_none()
            && (part(&figure.value) || !figure.parts.is_empty() && figure.parts.iter().all(part)))
}

fn figures(text: &str) -> Vec<Figure> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_numeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < letters.len() && belongs(&letters, at) {
            at += 1;
        }
        found.push(figure(&letters, start, at));
    }
    found
}

/// Digits, and what joins them.
fn belongs(letters: &[char], at: usize) -> bool {
    let joins = ".,:/-\u{2013}'\u{2019}";
    letters[at].is_numeric()
        || joins.contains(letters[at]) && letters.get(at + 1).is_some_and(|next| next.is_numeric())
}

/// The figure in `letters[start..end]`, with what stands beside it.
fn figure(letters: &[char], start: usize, end: usize) -> Figure {
    let raw: String = letters[start..end].iter().collect();
    let raw = raw.replace('\u{2013}', "-").replace('\u{2019}', "'");
    let (behind, last) = word_behind(letters, end);
    let (before, first) = word_before(letters, start);
    let half = match behind.as_str() {
        "am" | "a.m" => Some(0),
        "pm" | "p.m" => Some(12),
        _ => None,
    };
    let time = clock(&raw, half);
    let (mark, from, to) = match (&time, mark(&behind), money(&before)) {
        (Some(_), _, _) => (None, start, if half.is_some() { last } else { end }),
        (None, Some(mark), _) => (Some(mark), start, last),
        (None, None, Some(mark)) => (Some(mark), first, end),
        (None, None, None) => (behind_hours(letters, start), start, end),
    };
    let parts = if time.is_none() && raw.contains(['-', '/']) {
        raw.split(['-', '/'])
            .flat_map(|part| [value(part), value(part.trim_start_matches('0'))])
            .filter(|part| !part.is_empty())
            .collect()
    } else {
        Vec::new()
    };
    Figure {
        shown: letters[from..to].iter().collect(),
        value: time.unwrap_or_else(|| value(&raw)),
        parts,
        mark,
    }
}

/// The sign or word behind a figure, in lower case, and where it ends.
fn word_behind(letters: &[char], end: usize) -> (String, usize) {
    let gap = usize::from(letters.get(end).is_some_and(|c| is_gap(*c)));
    let start = end + gap;
    let length = match letters.get(start) {
        Some('%' | '$' | '\u{20ac}' | '\u{a3}') => 1,
        _ => letters[start.min(letters.len())..]
            .iter()
            .take_while(|c| c.is_alphabetic() || **c == '.')
            .count(),
    };
    let word: String =
        letters[start.min(letters.len())..start.min(letters.len()) + length].iter().collect();
    let word = word.trim_end_matches('.');
    let last = start + word.chars().count();
    (word.to_lowercase(), last.min(letters.len()))
}

/// The sign or word before a figure, in lower case, and where it begins.
fn word_before(letters: &[char], start: usize) -> (String, usize) {
    let gap = usize::from(start > 0 && is_gap(letters[start - 1]));
    let end = start - gap;
    let length = match end.checked_sub(1).map(|last| letters[last]) {
        Some('$' | '\u{20ac}' | '\u{a3}') => 1,
        _ => letters[..end].iter().rev().take_while(|c| c.is_alphabetic()).count(),
    };
    let word: String = letters[end - length..end].iter().collect();
    (word.to_lowercase(), end - length)
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// The minutes of `1h30`.
fn behind_hours(letters: &[char], start: usize) -> Option<Mark> {
    let two = letters.get(start.checked_sub(2)?..start)?;
    (two[0].is_numeric() && matches!(two[1], 'h' | 'H')).then_some(Mark::Minutes)
}

fn mark(word: &str) -> Option<Mark> {
    Some(match word {
        "%" | "percent" | "pct" => Mark::Percent,
        "h" | "hr" | "hrs" | "hour" | "hours" => Mark::Hours,
        "m" | "min" | "mins" | "minute" | "minutes" => Mark::Minutes,
        _ => return money(word),
    })
}

fn money(word: &str) -> Option<Mark> {
    Some(match word {
        "$" | "usd" | "dollar" | "dollars" => Mark::Dollar,
        "\u{20ac}" | "eur" | "euro" | "euros" => Mark::Euro,
        "\u{a3}" | "gbp" | "pound" | "pounds" => Mark::Pound,
        "kr" | "nok" | "sek" | "dkk" => Mark::Krone,
        _ => return None,
    })
}

/// `14:00` for `14:00`, `2pm` and `2:00 p.m.`; none for what is no time of the day.
fn clock(raw: &str, half: Option<u32>) -> Option<String> {
    let mut parts = raw.split(':');
    let hour: u32 = two_digits(parts.next()?)?;
    let rest: Vec<&str> = parts.collect();
    if rest.len() > 2 || rest.is_empty() && half.is_none() {
        return None;
    }
    if !rest
        .iter()
        .all(|part| part.len() == 2 && two_digits(part).is_some_and(|number| number < 60))
    {
        return None;
    }
    let hour = match half {
        Some(add) => (1..=12).contains(&hour).then_some(hour % 12 + add)?,
        None => (hour < 24).then_some(hour)?,
    };
    let minute = rest.first().unwrap_or(&"00");
    let second = rest.get(1).map(|second| format!(":{second}"));
    Some(format!("{hour:02}:{minute}{}", second.unwrap_or_default()))
}

fn two_digits(text: &str) -> Option<u32> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// A number so that 1,5 is 1.5 and 2.50 is 2.5. With three digits behind it a mark may stand for thousands: such a
/// number equals itself alone.
fn value(raw: &str) -> String {
    let Some((whole, fraction)) = raw.split_once(['.', ',']) else {
        return raw.to_owned();
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
        return raw.to_owned();
    }
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_may_be_said_another_way() {
        for (typed, said) in [
            ("1,5 h on site", "It took 1.5 hours."),
            ("back 2pm", "We are back at 14:00, that is 2:00 p.m."),
            ("fixed 9:30", "Fixed at 09:30."),
            ("1h30m", "1 hour and 30 minutes"),
            ("1h30", "1 h 30 min"),
            ("$60", "60 dollars"),
            ("60 USD", "$60.00"),
            ("due 2026-05-23", "Due on 23 May 2026, month 5"),
            ("call 555-0142", "555-0142, or 555 0142"),
            ("#32181", "ticket 32181."),
            ("win11, KB5034441", "Windows 11 and KB5034441"),
            ("15%", "15 percent"),
            ("192.168.1.20", "the printer at 192.168.1.20"),
            ("rebooted 3 times", "Rebooted 3 times, no more"),
            ("none", "none"),
        ] {
            assert_eq!(invented(said, &[typed]), [""; 0], "{typed}: {said}");
        }
    }

    #[test]
    fn what_comes_from_nowhere_is_named() {
        for (typed, said, named) in [
            ("cleaned it", "It took 30 minutes.", "30 minutes"),
            ("30 cables", "It took 30 minutes.", "30 minutes"),
            ("2 receipts", "That is $2.", "$2"),
            ("$2", "That is 2%", "2%"),
            ("2pm", "2 receipts", "2"),
            ("back 2pm", "back at 2am", "2am"),
            ("14:00", "15:00", "15:00"),
            ("1,500", "1500", "1500"),
            ("1,500", "1.5", "1.5"),
            ("192.168.1.20", "192.168.1.2", "192.168.1.2"),
            ("10 and 20", "10-21", "10-21"),
            ("x", "half: \u{bd}", "\u{bd}"),
            ("3", "\u{663}", "\u{663}"),
            ("32181", "3218", "3218"),
            ("", "in 2026", "2026"),
            ("", "60 Dollars.", "60 Dollars"),
        ] {
            assert_eq!(invented(said, &[typed]), [named], "{typed}: {said}");
            assert!(has(&format!("So: {said}"), named), "{said}");
        }
        assert!(!has("it took 30", "30 minutes"));
        assert_eq!(invented("7 and 7", &["1", "8"]), ["7"]);
        assert_eq!(invented("7 and 8", &["7", "8"]), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn a_text_invents_nothing_of_its_own(text in "[0-9.,:/a-z$% \\-]{0,40}|\\PC{0,40}") {
            proptest::prop_assert_eq!(invented(&text, &[&text]), Vec::<String>::new());
        }

        #[test]
        fn a_number_that_is_nowhere_is_found(number in 1000_u32..1_000_000, text in "[a-z .,]{0,20}") {
            let said = format!("{text} {number} {text}");
            proptest::prop_assert_eq!(invented(&said, &[&text]).len(), 1);
        }
    }
}
