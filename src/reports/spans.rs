//! Spans of time: what others leave of them, and how much of them is there twice.

use jiff::{Timestamp, Zoned};

/// From when until when.
pub(super) type Span = (Timestamp, Timestamp);

/// How many seconds that are.
pub(super) fn seconds((begins, ends): Span) -> u64 {
    u64::try_from(ends.as_second().saturating_sub(begins.as_second())).unwrap_or_default()
}

/// `14:05`.
pub(super) fn hour(at: Timestamp, now: &Zoned) -> String {
    at.to_zoned(now.time_zone().clone()).strftime("%H:%M").to_string()
}

/// What `taken` leaves of a span, in its order.
pub(super) fn rest(span: Span, taken: &[Span]) -> Vec<Span> {
    let mut taken = taken.to_vec();
    taken.sort_unstable();
    let (mut begins, ends) = span;
    let mut left = Vec::new();
    for (from, to) in taken {
        if begins < from.min(ends) {
            left.push((begins, from.min(ends)));
        }
        begins = begins.max(to);
    }
    if begins < ends {
        left.push((begins, ends));
    }
    left
}

/// Spans of which each overlaps one before it, by their places in `spans`, which are in order.
pub(super) fn together(spans: &[Span]) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    let mut until: Option<Timestamp> = None;
    for (place, (begins, ends)) in spans.iter().enumerate() {
        match groups.last_mut().filter(|_| until.is_some_and(|until| *begins < until)) {
            Some(group) => group.end = place + 1,
            None => groups.push(place..place + 1),
        }
        until = until.max(Some(*ends));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(of: &[(i64, i64)]) -> Vec<Span> {
        let at = |second: i64| Timestamp::from_second(second).unwrap_or_default();
        of.iter().map(|(begins, ends)| (at(*begins), at(*ends))).collect()
    }

    #[test]
    fn what_is_taken_is_not_left() {
        for (taken, left) in [
            (&[][..], &[(10, 20)][..]),
            (&[(0, 30)], &[]),
            (&[(0, 12), (18, 30)], &[(12, 18)]),
            (&[(15, 16), (11, 12)], &[(10, 11), (12, 15), (16, 20)]),
            (&[(11, 17), (12, 13)], &[(10, 11), (17, 20)]),
            (&[(0, 10), (20, 30)], &[(10, 20)]),
        ] {
            assert_eq!(rest(spans(&[(10, 20)])[0], &spans(taken)), spans(left), "{taken:?}");
        }
    }

    #[test]
    fn what_overlaps_is_together() {
        let groups = together(&spans(&[(0, 9), (1, 2), (3, 4), (9, 10), (11, 13), (12, 14)]));
        assert_eq!(groups, [0..3, 3..4, 4..6]);
    }
}
