//! How much an answer may be: its bytes, and its values, each of which takes hundreds of bytes in memory and few when it is
//! written. So memory is bounded whatever a server sends: an answer by itself has all of the room; what is read side by side
//! shares it, that included which waits for what comes before it. What is kept is what is shown, or what a report needs, and
//! grows with that alone.

use serde_json::Value;

/// The longest answer that is read, unpacked; the API's largest are well below one.
const LARGEST_BODY: usize = 32 << 20;

/// The most values that are read of one answer.
const MOST_VALUES: usize = LARGEST_BODY / 128;

/// How much an answer may be, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) bytes: usize,
    pub(super) values: usize,
}

impl Room {
    /// That of an answer by itself.
    pub(super) const WHOLE: Self = Self { bytes: LARGEST_BODY, values: MOST_VALUES };

    /// None of it.
    pub(super) const NONE: Self = Self { bytes: 0, values: 0 };

    /// The most that is kept of a record of which a part is kept, whatever that part holds.
    pub(super) fn of_a_part() -> Self {
        Self::WHOLE.shared_by(32)
    }

    /// One of so many equal parts of it.
    pub(super) fn shared_by(self, parts: usize) -> Self {
        let part = |all: usize| all / parts.max(1);
        Self { bytes: part(self.bytes), values: part(self.values) }
    }

    /// How much a value takes, about as it was written.
    pub(super) fn of(value: &Value) -> Self {
        let inside = match value {
            Value::Array(items) => Self::sum(items.iter().map(Self::of)),
            Value::Object(members) => Self::sum(
                members.iter().map(|(name, value)| Self::of(value).and_bytes(name.len() + 3)),
            ),
            Value::String(text) => Self { bytes: text.len() + 2, values: 0 },
            _ => Self { bytes: 5, values: 0 },
        };
        Self { bytes: inside.bytes + 1, values: inside.values + 1 }
    }

    /// That of several.
    pub(super) fn sum(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::NONE, |sum, part| Self {
            bytes: sum.bytes + part.bytes,
            values: sum.values + part.values,
        })
    }

    const fn and_bytes(self, more: usize) -> Self {
        Self { bytes: self.bytes + more, ..self }
    }

    /// The larger of both, in either way.
    pub(super) fn max(self, other: Self) -> Self {
        Self { bytes: self.bytes.max(other.bytes), values: self.values.max(other.values) }
    }

    /// For how many of that size, or half as much again, it is enough; at least one.
    pub(super) fn holds(self, one: Self) -> usize {
        let fit = |all: usize, one: usize| all * 2 / (one * 3).max(1);
        fit(self.bytes, one.bytes).min(fit(self.values, one.values)).max(1)
    }

    /// What is wrong with an answer of this room that is larger than that, for people.
    pub(super) fn refuses(self, is: Self) -> Option<String> {
        if is.bytes > self.bytes {
            return Some(format!("the answer is larger than {} MiB", LARGEST_BODY >> 20));
        }
        let too_many = is.values > self.values;
        too_many.then(|| format!("the answer has more than {MOST_VALUES} values"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_pages_side_by_side_share_the_room_of_one_answer() {
        assert_eq!(Room::of(&json!(null)).values, 1);
        let page = Room::of(&json!([{"id": 1, "subject": "Till"}, {"id": 2}]));
        assert_eq!(page.values, 6);
        assert!((30..60).contains(&page.bytes), "{page:?}");
        for (bytes, values, pages) in [
            (0, 0, LARGEST_BODY * 2),
            (LARGEST_BODY, 1, 1),
            (1, MOST_VALUES, 1),
            (LARGEST_BODY / 3, 1, 2),
            (1, MOST_VALUES / 30, 20),
            (100_000, MOST_VALUES / 3, 2),
        ] {
            let fits = Room::WHOLE.holds(Room { bytes, values });
            assert!(fits == pages || bytes == 0 && fits >= MOST_VALUES, "{bytes} {values}: {fits}");
            let share = Room::WHOLE.shared_by(fits);
            let all = Room { bytes: share.bytes * fits, values: share.values * fits };
            assert_eq!(Room::WHOLE.refuses(all), None);
        }
        let one = Room { bytes: 1, values: 1 };
        assert_eq!(Room::WHOLE.refuses(Room::WHOLE), None);
        assert!(one.refuses(Room { bytes: 2, values: 1 }).is_some());
        assert!(one.refuses(Room { bytes: 1, values: 2 }).is_some());
    }
}
