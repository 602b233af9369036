//! Time zones by name, and what a misspelt name may have meant.

use jiff::tz::TimeZone;

use super::source::nearest;

/// The zone called `name`.
///
/// # Errors
/// When there is none; with the name that may have been meant, if one is near.
pub fn named(name: &str) -> Result<TimeZone, Option<String>> {
    TimeZone::get(name).map_err(|_| near(name))
}

/// The zone whose name is nearest: a city without its region, or a letter or two amiss.
fn near(typed: &str) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase().replace(' ', "_");
    let typed = plain(typed);
    if typed.is_empty() {
        return None;
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let city = |name: &str| plain(name.rsplit('/').next().unwrap_or(name));
    if let Some(name) = known.iter().find(|name| city(name) == typed && name.contains('/')) {
        return Some(name.clone());
    }
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let lower: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let found = nearest(&typed, &lower)?;
    let at = lower.iter().position(|name| *name == found)?;
    names.get(at).map(|name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found() {
        for (typed, meant) in [
            ("Europe/Olso", "Europe/Oslo"),
            ("europe/berln", "Europe/Berlin"),
            ("Oslo", "Europe/Oslo"),
            ("new york", "America/New_York"),
        ] {
            assert_eq!(named(typed).err().flatten().as_deref(), Some(meant));
        }
        assert!(named("Europe/Oslo").is_ok());
        for typed in ["", "Middle-earth/Shire", "??"] {
            assert_eq!(named(typed).err(), Some(None), "{typed}");
        }
    }
}
