//! Which of two figures is the month: `3/4/2026`. The account's own way of writing dates says so, where it is known.

use std::sync::OnceLock;

use jiff::civil::Date;

/// Which figure comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `3/17/2026`.
    MonthFirst,
    /// `17.3.2026`.
    DayFirst,
}

/// That of this process, which acts for one account.
static ORDER: OnceLock<Order> = OnceLock::new();

/// Has all dates in figures read that way from now on. The first call counts.
pub fn set_order(order: Order) {
    ORDER.get_or_init(|| order);
}

/// The account's order, where it is known.
pub(super) fn current() -> Option<Order> {
    ORDER.get().copied()
}

impl Order {
    /// The order of a date format as Syncro states it: `mm-dd-yy`. None where the year comes first, which is read the same
    /// everywhere, and where nothing can be told.
    #[must_use]
    pub fn of(format: &str) -> Option<Self> {
        let format = format.trim().to_lowercase();
        let letters = || format.chars().filter(char::is_ascii_alphabetic);
        match (letters().next()?, letters().find(|c| !"dmy".contains(*c))) {
            ('m', None) => Some(Self::MonthFirst),
            ('d', None) => Some(Self::DayFirst),
            _ => None,
        }
    }
}

/// A date in figures with its year last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    /// Only one date can be meant, or the order decides.
    Date(Date),
    /// Two could be meant, and nothing decides.
    Either,
    /// No date.
    Never,
}

/// The date of `17`, `3` and `2026`.
pub(super) fn read(one: &str, two: &str, year: &str, order: Option<Order>) -> Figures {
    let date = |month: &str, day: &str| {
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        Date::new(year.parse().ok()?, month, day).ok()
    };
    match (date(one, two), date(two, one), order) {
        (Some(one), Some(other), None) if one != other => Figures::Either,
        (Some(_), Some(other), Some(Order::DayFirst)) => Figures::Date(other),
        (Some(one), ..) => Figures::Date(one),
        (None, Some(other), _) => Figures::Date(other),
        (None, None, _) => Figures::Never,
    }
}

/// Whether only the account's order tells which date is meant.
#[must_use]
pub fn needs_order(typed: &str) -> bool {
    let words = super::typed::words(typed);
    // A text that is longer is none that only says when.
    words.len() <= 4
        && words.iter().any(|word| {
            let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
            matches!(parts.as_slice(), [one, two, year]
                if year.len() == 4 && read(one, two, year, None) == Figures::Either)
        })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_accounts_order_decides_what_could_be_two_days() {
        let (us, de) = (Some(Order::MonthFirst), Some(Order::DayFirst));
        for (one, two, us_date, de_date, unknown) in [
            ("3", "17", Some((3, 17)), Some((3, 17)), Some((3, 17))),
            ("17", "3", Some((3, 17)), Some((3, 17)), Some((3, 17))),
            ("3", "4", Some((3, 4)), Some((4, 3)), None),
            ("05", "05", Some((5, 5)), Some((5, 5)), Some((5, 5))),
            ("13", "13", None, None, None),
            ("2", "30", None, None, None),
            ("0", "4", None, None, None),
        ] {
            for (order, meant) in [(us, us_date), (de, de_date), (None, unknown)] {
                let found = match read(one, two, "2026", order) {
                    Figures::Date(found) => Some(found),
                    Figures::Either | Figures::Never => None,
                };
                let meant = meant.map(|(month, day)| date(2026, month, day));
                assert_eq!(found, meant, "{one} {two} {order:?}");
            }
        }
    }

    #[test]
    fn formats_as_accounts_state_them() {
        for (format, order) in [
            ("mm-dd-yy", Some(Order::MonthFirst)),
            ("MM/DD/YYYY", Some(Order::MonthFirst)),
            ("%m/%d/%Y", Some(Order::MonthFirst)),
            ("dd-mm-yy", Some(Order::DayFirst)),
            ("dd.mm.yyyy", Some(Order::DayFirst)),
            ("yy-mm-dd", None),
            ("", None),
            ("default", None),
        ] {
            assert_eq!(Order::of(format), order, "{format}");
        }
    }

    #[test]
    fn only_what_could_be_two_days_needs_the_account() {
        for (typed, needs) in [
            ("3/4/2026", true),
            ("fri 3.4.2026 14:00", true),
            ("3/17/2026", false),
            ("3/3/2026", false),
            ("2026-03-04", false),
            ("3/4", false),
            ("replaced on 3/4/2026 as agreed with her", false),
            ("10.1.2.2026", false),
        ] {
            assert_eq!(needs_order(typed), needs, "{typed}");
        }
    }
}
