//! Every setting there is: its name, and what is typed for it. The reading of the file, `config` and completions know them
//! from here.

use super::settings::{LogTime, Unit};
use super::source::nearest;
use crate::api::Auth;
use crate::error::Error;

/// The words of a setting, each with what it means.
pub(super) type Words<T, const N: usize> = [(&'static str, T); N];

/// Those of `auth`.
pub(super) const AUTH: Words<Auth, 2> = [("query", Auth::Query), ("bearer", Auth::Bearer)];

/// Those of `billing.log_time`.
pub(super) const LOG_TIME: Words<LogTime, 2> = [("off", LogTime::Off), ("charge", LogTime::Charge)];

/// Those of a labor type's `unit`.
pub(super) const UNIT: Words<Unit, 2> = [("hour", Unit::Hour), ("each", Unit::Each)];

const AUTH_WORDS: [&str; 2] = typed_of(&AUTH);
const LOG_TIME_WORDS: [&str; 2] = typed_of(&LOG_TIME);
const UNIT_WORDS: [&str; 2] = typed_of(&UNIT);

/// The words alone.
const fn typed_of<T, const N: usize>(of: &Words<T, N>) -> [&'static str; N] {
    let mut words = [""; N];
    let mut at = 0;
    while at < N {
        words[at] = of[at].0;
        at += 1;
    }
    words
}

impl Unit {
    /// Its word in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = UNIT.iter().find(|(_, unit)| *unit == self);
        found.map_or("", |(word, _)| word)
    }
}

/// What is typed for a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// An exact decimal number, which the file has as a text.
    Decimal,
    /// A file that must be there.
    File,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Several texts.
    Texts,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// The key itself, or what may hold it.
    Secret,
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its place in the file: `write.settle_seconds`. A `*` is the name of a labor type.
    pub key: &'static str,
    /// What is typed for it.
    pub kind: Kind,
}

const fn of(key: &'static str, kind: Kind) -> Setting {
    Setting { key, kind }
}

/// The four ways to name the key, and where it is kept then.
pub(super) const KEYS: [(&str, &str); 4] = [
    ("api_key", "configuration"),
    ("api_key_command", "command"),
    ("api_key_file", "file"),
    ("api_key_keyring", "keyring"),
];

/// Every setting, in the order of the example.
pub const SETTINGS: [Setting; 44] = [
    of("subdomain", Kind::Text),
    of("base_url", Kind::Text),
    of("api_key", Kind::Secret),
    of("api_key_command", Kind::Secret),
    of("api_key_file", Kind::File),
    of("api_key_keyring", Kind::Text),
    of("user", Kind::Text),
    of("auth", Kind::Word(&AUTH_WORDS)),
    of("ca_file", Kind::File),
    of("timezone", Kind::Text),
    of("session_logs", Kind::Text),
    of("rate_limit.requests", Kind::Number),
    of("rate_limit.per_seconds", Kind::Number),
    of("write.timeout_seconds", Kind::Number),
    of("write.settle_seconds", Kind::Number),
    of("write.resend_after_seconds", Kind::Number),
    of("write.fresh_seconds", Kind::Number),
    of("tickets.closed", Kind::Texts),
    of("tickets.after_bill", Kind::Text),
    of("tickets.after_close", Kind::Text),
    of("tickets.priority", Kind::Text),
    of("guards.large_hours", Kind::Decimal),
    of("guards.large_amount", Kind::Decimal),
    of("billing.log_time", Kind::Word(&LOG_TIME_WORDS)),
    of("reports.prepaid_low", Kind::Decimal),
    of("reports.day_hours", Kind::Decimal),
    of("mirror.share", Kind::Decimal),
    of("mirror.comments", Kind::Flag),
    of("mirror.max_age", Kind::Text),
    of("mirror.keep_days", Kind::Number),
    of("labor.*.product_id", Kind::Number),
    of("labor.*.name", Kind::Text),
    of("labor.*.rate", Kind::Decimal),
    of("labor.*.free", Kind::Flag),
    of("labor.*.unit", Kind::Word(&UNIT_WORDS)),
    of("labor.*.minimum", Kind::Text),
    of("labor.*.increment", Kind::Text),
    of("labor.*.taxable", Kind::Flag),
    of("labor.*.prepaid", Kind::Flag),
    of("labor.*.when_prepaid.labor", Kind::Text),
    of("labor.*.when_prepaid.multiplier", Kind::Decimal),
    of("draft.urls", Kind::Texts),
    of("draft.model", Kind::Text),
    of("draft.timeout_seconds", Kind::Number),
];

impl Kind {
    /// The words that are typed for it, where they are few.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word(words) => words,
            Self::Flag => &["true", "false"],
            Self::Text | Self::Decimal | Self::File | Self::Texts | Self::Number | Self::Secret => {
                &[]
            }
        }
    }
}

/// Whether a labor type may be called that.
#[must_use]
pub fn is_labor_name(name: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

impl Setting {
    /// The same of a labor type.
    #[must_use]
    pub fn of_labor(&self, labor: &str) -> String {
        self.key.replace('*', labor)
    }

    /// Whether it is one of each labor type.
    #[must_use]
    pub fn is_of_labor(&self) -> bool {
        self.key.contains('*')
    }

    fn is_called(&self, key: &str) -> bool {
        let (mut known, mut typed) = (self.key.split('.'), key.split('.'));
        let fits = |(known, typed): (&str, &str)| match known {
            "*" => is_labor_name(typed),
            known => known == typed,
        };
        known.by_ref().zip(typed.by_ref()).all(fits)
            && self.key.split('.').count() == key.split('.').count()
    }
}

/// The setting called `key`.
///
/// # Errors
/// Exit 2, with those that may have been meant.
pub fn find(key: &str) -> Result<&'static Setting, Error> {
    SETTINGS.iter().find(|setting| setting.is_called(key)).ok_or_else(|| unknown(key))
}

/// What may stand directly in a table of the file; the file itself is the table without a name.
pub(super) fn names(table: &str) -> Vec<&'static str> {
    let within = |setting: &'static Setting| match table {
        "" => Some(setting.key),
        table => setting.key.strip_prefix(table)?.strip_prefix('.'),
    };
    let names = SETTINGS.iter().filter_map(within);
    let mut names: Vec<&str> =
        names.map(|rest| rest.split_once('.').map_or(rest, |(name, _)| name)).collect();
    names.dedup();
    names
}

fn unknown(key: &str) -> Error {
    let error = Error::usage(format!("{key:?} is not a setting")).nothing_written();
    let mut parts = key.split('.');
    let (labor, typed) = match (parts.next(), parts.next()) {
        (Some("labor"), Some(name)) if is_labor_name(name) => (name, key.to_owned()),
        // No labor type is called so, whatever is said of it.
        (Some("labor"), Some(name)) => ("NAME", key.replacen(name, "NAME", 1)),
        (Some("profiles"), _) => {
            return error.hint("for a setting of a profile, use --profile NAME");
        }
        _ => ("NAME", key.to_owned()),
    };
    let known: Vec<String> = SETTINGS.iter().map(|setting| setting.of_labor(labor)).collect();
    let ends = |end: &str| -> Vec<&str> {
        let fits =
            |one: &&str| one.rsplit('.').next() == Some(end) || one.starts_with(&format!("{end}."));
        known.iter().map(String::as_str).filter(fits).collect()
    };
    let all: Vec<&str> = known.iter().map(String::as_str).collect();
    let meant = match ends(key) {
        meant if meant.is_empty() => nearest(&typed, &all).into_iter().collect(),
        meant => meant,
    };
    match meant.is_empty() {
        true => error.next("config list", "list the settings"),
        false => error.hint(format!("did you mean {}?", meant.join(" or "))),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::file::File;
    use super::*;

    /// The reading of a file that says only this.
    fn read(key: &str, value: &str) -> Result<File, Error> {
        let needed = match key.strip_prefix("labor.x.") {
            Some("product_id") | None => "",
            Some(rest) if rest.starts_with("when_prepaid.l") => {
                "labor.x.product_id = 1\nlabor.x.when_prepaid.multiplier = 2\n"
            }
            Some(rest) if rest.starts_with("when_prepaid.") => {
                "labor.x.product_id = 1\nlabor.x.when_prepaid.labor = 'y'\n"
            }
            Some(_) => "labor.x.product_id = 1\n",
        };
        File::read("file", &format!("{needed}{key} = {value}\n"))
    }

    #[test]
    fn every_setting_is_one_that_is_read() {
        for setting in SETTINGS {
            let key = setting.of_labor("x");
            // No value of any setting is a moment.
            let error = read(&key, "2026-03-17").unwrap_err();
            assert!(!error.message.contains("is not a setting"), "{error}");
            assert!(error.message.contains(&key), "{error}");
            for word in setting.kind.words() {
                let word = match setting.kind {
                    Kind::Flag => (*word).to_owned(),
                    _ => format!("{word:?}"),
                };
                assert!(read(&key, &word).is_ok(), "{key} = {word}");
            }
        }
        assert!(KEYS.iter().all(|(key, _)| find(key).is_ok()));
    }

    #[test]
    fn what_is_no_setting_says_what_may_be_meant() {
        let hints = |key: &str| {
            let error = find(key).unwrap_err();
            assert_eq!(error.kind.exit_code(), 2);
            error.hint_lines().collect::<Vec<_>>().join(" ")
        };
        for (typed, said) in [
            ("tickets.priorty", "did you mean tickets.priority?"),
            ("priority", "did you mean tickets.priority?"),
            ("timeout_seconds", "did you mean write.timeout_seconds or draft.timeout_seconds?"),
            ("guards", "did you mean guards.large_hours or guards.large_amount?"),
            ("labor.remote.rat", "did you mean labor.remote.rate?"),
            ("labor.Remote.rate", "labor.NAME.rate"),
            ("profiles.sam.user", "--profile NAME"),
            ("wallpaper", "syncro config list"),
            ("", "syncro config list"),
        ] {
            let hints = hints(typed);
            assert!(hints.contains(said), "{typed}: {hints}");
        }
        assert!(find("labor.remote.rate").is_ok() && find("labor.*.rate").is_err());
    }
}
