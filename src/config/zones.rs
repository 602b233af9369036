//! Time zones by name, and what a misspelt name may have meant.

use std::path::Path;

use jiff::tz::TimeZone;

use super::source::nearest;

/// The zone called `name`.
///
/// # Errors
/// When there is none; with the name that may have been meant, if one is near.
pub fn named(name: &str) -> Result<TimeZone, Option<String>> {
    own_file(name).map_or_else(|| TimeZone::get(name).map_err(|_| near(name)), Ok)
}

/// The zone of this machine.
pub(super) fn system() -> TimeZone {
    linked().unwrap_or_else(TimeZone::system)
}

/// The zone that `/etc/localtime` names, unless TZ does, of which the library knows all the spellings.
fn linked() -> Option<TimeZone> {
    if std::env::var_os("TZ").is_some() {
        return None;
    }
    let target = std::fs::read_link("/etc/localtime").ok()?;
    own_file(target.to_str()?.rsplit_once("zoneinfo/")?.1)
}

/// The zone as its own file has it, where the name is spelled exactly so. The library reads the names of all zones before
/// the first one, which takes longer than all else that a command does before its request.
fn own_file(name: &str) -> Option<TimeZone> {
    if !cfg!(target_os = "linux") || std::env::var_os("TZDIR").is_some() {
        return None;
    }
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let is_plain = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
        !part.is_empty() && part.chars().all(allowed)
    };
    // Two further copies of the database, of which one counts leap seconds.
    let is_copy = name.starts_with("posix/") || name.starts_with("right/");
    if is_copy || !name.split('/').all(is_plain) {
        return None;
    }
    let data = std::fs::read(Path::new("/usr/share/zoneinfo").join(name)).ok()?;
    TimeZone::tzif(name, &data).ok()
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
#[expect(clippy::unwrap_used, reason = "a test may fail")]
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

    #[test]
    fn a_zone_is_the_librarys_wherever_it_was_found() {
        for name in ["Europe/Oslo", "America/Argentina/Ushuaia", "Etc/GMT+5", "UTC"] {
            assert_eq!(named(name).unwrap(), TimeZone::get(name).unwrap(), "{name}");
        }
        assert_eq!(named("europe/oslo").unwrap().iana_name(), Some("Europe/Oslo"));
        assert_eq!(system(), TimeZone::system());
        for no_name in [
            "posix/Europe/Oslo",
            "right/Europe/Oslo",
            "/etc/localtime",
            "../localtime",
            "Europe",
            "zone.tab",
        ] {
            assert!(own_file(no_name).is_none(), "{no_name}");
        }
    }
}
