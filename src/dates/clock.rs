//! Times of the day: `14:00`, `2pm`, `9:30 am`, `noon`. A bare number is none.

use jiff::civil::Time;

/// Whether words were a time.
pub(super) enum Clock {
    /// They were.
    At(Time),
    /// They were meant to be one and are none: why.
    Wrong(String),
    /// They are something else.
    No,
}

/// What a word, or a word and its `am` or `pm`, says.
pub(super) fn read(words: &[String]) -> Clock {
    let text = words.concat();
    match text.as_str() {
        "noon" | "midday" => return Clock::At(Time::constant(12, 0, 0, 0)),
        "midnight" => {
            return Clock::Wrong(
                "midnight is ambiguous: use 00:00 with the day that it starts".to_owned(),
            );
        }
        _ => {}
    }
    let (digits, half) = halved(&text);
    let mut parts = digits.split(':');
    let (Some(hour), minute, second, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Clock::No;
    };
    if minute.is_none() && half.is_none() {
        return Clock::No;
    }
    let (Some(hour), Some(minute), Some(second)) =
        (number(hour, 1), number(minute.unwrap_or("00"), 2), number(second.unwrap_or("00"), 2))
    else {
        return Clock::No;
    };
    let wrong = || Clock::Wrong(format!("invalid time \"{text}\": use 14:00 or 2pm"));
    let hour = match half {
        None if hour == 24 => {
            return Clock::Wrong("invalid time 24:00: use 00:00 with the next day".to_owned());
        }
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return wrong(),
        Some(Half::Am) => hour % 12,
        Some(Half::Pm) => hour % 12 + 12,
    };
    Time::new(hour, minute, second, 0).map_or_else(|_| wrong(), Clock::At)
}

#[derive(Clone, Copy)]
enum Half {
    Am,
    Pm,
}

fn halved(text: &str) -> (&str, Option<Half>) {
    let ends: [(&str, Half); 6] = [
        ("a.m.", Half::Am),
        ("p.m.", Half::Pm),
        ("am", Half::Am),
        ("pm", Half::Pm),
        ("a", Half::Am),
        ("p", Half::Pm),
    ];
    ends.iter()
        .find_map(|(end, half)| Some((text.strip_suffix(end)?, Some(*half))))
        .unwrap_or((text, None))
}

/// Two digits, or as few as `least`.
fn number(text: &str, least: usize) -> Option<i8> {
    let digits = (least..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
