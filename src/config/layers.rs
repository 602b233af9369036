//! Which value of each setting is in force, and where it comes from: the environment, a profile, the file and the defaults
//! lie above each other as they are written. The key is in none of them, only where it is kept.

use serde_json::{Value, json};
use toml_edit::{Item, TableLike};

use super::edit::{MASK, parse, parts};
use super::environment::Environment;
use super::file::DEFAULTS;
use super::known::{KEYS, SETTINGS};
use super::zones;
use crate::error::Result;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A variable.
    Environment,
    /// `[profiles.NAME]`.
    Profile,
    /// The file.
    File,
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Profile => "profile",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// What is in force of a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// Its place in the file, with the name of the labor type.
    pub key: String,
    /// Its value, as it was written; null where there is none.
    pub value: Value,
    /// Where that comes from.
    pub origin: Origin,
    /// What it would be if nobody said anything.
    pub default: Value,
}

impl InForce {
    /// The name of where its value comes from, if it has one.
    #[must_use]
    pub fn source(&self) -> Option<&'static str> {
        (!self.value.is_null()).then(|| self.origin.name())
    }

    /// The same for scripts.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "key": self.key,
            "value": self.value,
            "source": self.source(),
            "default": self.default,
        })
    }
}

type Values = Vec<(String, Value)>;

/// The settings as they are written.
#[derive(Debug)]
pub struct Layers(Vec<(Origin, Values)>);

/// The ways to name the account; the first of them counts.
const ACCOUNT: [&str; 2] = ["base_url", "subdomain"];

/// What is replaced as a whole: the account, the key, a labor type.
fn whole(key: &str) -> &str {
    let labor = || {
        let name = key.strip_prefix("labor.")?;
        let end = name.find('.')?;
        key.get(..end + "labor.".len())
    };
    match key {
        _ if ACCOUNT.contains(&key) => ACCOUNT[0],
        _ if KEYS.iter().any(|(known, _)| *known == key) => KEYS[0].0,
        key => labor().unwrap_or(key),
    }
}

impl Layers {
    /// Those of a file's text, which is a configuration that is called `name`.
    ///
    /// # Errors
    /// Exit 10 when it is none.
    pub fn read(
        name: &str,
        text: &str,
        profile: Option<&str>,
        environment: &Environment,
    ) -> Result<Self> {
        let document = parse(name, parts(text).1)?;
        let mut defaults = flat(parse("the defaults", DEFAULTS)?.as_table());
        let zone = zones::system();
        defaults.extend(zone.iana_name().map(|zone| ("timezone".to_owned(), zone.into())));
        let over = profile.and_then(|profile| document.get("profiles")?.get(profile));
        let over = over.and_then(Item::as_table_like).map(flat).unwrap_or_default();
        let variables = |given: &[(&str, Option<&str>)]| -> Values {
            let given = given.iter().filter_map(|(key, value)| Some((key, (*value)?)));
            given.map(|(key, value)| ((*key).to_owned(), value.into())).collect()
        };
        let account = variables(&[
            ("base_url", environment.base_url.as_deref()),
            ("subdomain", environment.subdomain.as_deref()),
        ]);
        // The variable's key is not sent for a profile that has one.
        let has_key = environment.api_key.is_some();
        let key = variables(&[("api_key", has_key.then_some(Origin::Environment.name()))]);
        let layers = vec![
            (Origin::Environment, account),
            (Origin::Profile, over),
            (Origin::Environment, key),
            (Origin::File, flat(document.as_table())),
            (Origin::Default, defaults),
        ];
        Ok(Self(layers))
    }

    /// Every setting, those of each labor type behind the others.
    #[must_use]
    pub fn all(&self) -> Vec<InForce> {
        let plain = SETTINGS.iter().filter(|setting| !setting.is_of_labor());
        let mut keys: Vec<&str> = plain.map(|setting| setting.key).collect();
        for (key, _) in self.0.iter().rev().flat_map(|(_, values)| values) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        let all = keys.into_iter().map(|key| self.of(key));
        all.filter(|one| !one.value.is_null() || !one.key.starts_with("labor.")).collect()
    }

    /// What is in force of a setting.
    #[must_use]
    pub fn of(&self, key: &str) -> InForce {
        let same = |known: &str| whole(known) == whole(key);
        let layer = self.0.iter().find(|(_, values)| values.iter().any(|(known, _)| same(known)));
        InForce {
            key: key.to_owned(),
            value: layer.map_or(Value::Null, |(_, values)| match at(values, ACCOUNT[0]) {
                // The first of a layer's ways to name the account counts.
                first if !first.is_null() && key == ACCOUNT[1] => Value::Null,
                _ => at(values, key),
            }),
            origin: layer.map_or(Origin::Default, |(origin, _)| *origin),
            default: self.said(Origin::Default, key),
        }
    }

    /// What one of them says of a setting; null for nothing.
    #[must_use]
    pub fn said(&self, origin: Origin, key: &str) -> Value {
        let layers = self.0.iter().filter(|(known, _)| *known == origin);
        let found = layers.map(|(_, values)| at(values, key)).find(|value| !value.is_null());
        found.unwrap_or_default()
    }
}

fn at(values: &Values, key: &str) -> Value {
    let found = values.iter().find(|(known, _)| known == key);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A table's values by their places; of the key, where it is kept.
fn flat(table: &dyn TableLike) -> Values {
    fn below(table: &dyn TableLike, at: &str, found: &mut Values) {
        for (key, item) in table.iter().filter(|(key, _)| !at.is_empty() || *key != "profiles") {
            let place = format!("{at}{key}");
            match (item.as_table_like(), item.as_value()) {
                (Some(table), _) => below(table, &format!("{place}."), found),
                (None, Some(value)) => found.push((place, plain(value))),
                (None, None) => {}
            }
        }
    }
    let mut found = Vec::new();
    below(table, "", &mut found);
    for (key, kept) in KEYS {
        let Some((_, value)) = found.iter_mut().find(|(known, _)| known == key) else {
            continue;
        };
        if key == "api_key" {
            *value = kept.into();
            continue;
        }
        // What is said to a command may be the key.
        let words = value.as_array_mut().into_iter().flatten().skip(1);
        words.for_each(|word| *word = MASK.into());
        found.push(("api_key".to_owned(), kept.into()));
    }
    found
}

/// A value as JSON has it.
pub(super) fn plain(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Array(all) => all.iter().map(plain).collect(),
        // Nothing that is read is a moment, or a table here.
        toml_edit::Value::Datetime(_) | toml_edit::Value::InlineTable(_) => Value::Null,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    const FILE: &str = "\
base_url = \"https://acme.example/api/v1\"
subdomain = \"acme\"
api_key = \"T-secret\"
rate_limit.requests = 90
[labor.remote]
product_id = 9001
rate = \"120.00\"
[profiles.sam]
subdomain = \"sams\"
api_key_command = [\"pass\", \"T-secret\"]
labor.remote.product_id = 9002
[profiles.kim]
user = \"kim\"
";

    fn told(profile: Option<&str>, environment: &Environment, key: &str) -> (Value, &'static str) {
        let layers = Layers::read("file", FILE, profile, environment).unwrap();
        let found = layers.of(key);
        assert!(!format!("{layers:?}").contains("secret"));
        (found.value, found.origin.name())
    }

    #[test]
    fn the_uppermost_layer_that_says_anything_counts() {
        let none = Environment::default();
        let set = Environment {
            api_key: Some("T-secret".to_owned()),
            subdomain: Some("other".to_owned()),
            ..Environment::default()
        };
        for (profile, environment, key, value, from) in [
            (None, &none, "base_url", json!("https://acme.example/api/v1"), "file"),
            (None, &none, "subdomain", Value::Null, "file"),
            (Some("sam"), &none, "subdomain", json!("sams"), "profile"),
            (Some("sam"), &none, "base_url", Value::Null, "profile"),
            (Some("sam"), &set, "subdomain", json!("other"), "environment"),
            (None, &none, "api_key", json!("configuration"), "file"),
            (Some("kim"), &none, "api_key", json!("configuration"), "file"),
            (Some("kim"), &set, "api_key", json!("environment"), "environment"),
            (Some("sam"), &set, "api_key", json!("command"), "profile"),
            (Some("sam"), &set, "api_key_command", json!(["pass", "***"]), "profile"),
            (None, &none, "rate_limit.requests", json!(90), "file"),
            (None, &none, "rate_limit.per_seconds", json!(60), "default"),
            (None, &none, "user", Value::Null, "default"),
            (Some("kim"), &none, "user", json!("kim"), "profile"),
            (None, &none, "labor.remote.rate", json!("120.00"), "file"),
            (Some("sam"), &none, "labor.remote.rate", Value::Null, "profile"),
            (Some("sam"), &none, "labor.remote.product_id", json!(9002), "profile"),
        ] {
            assert_eq!(told(profile, environment, key), (value, from), "{profile:?} {key}");
        }
    }

    #[test]
    fn every_setting_is_there_once_and_those_of_labor_where_they_are_written() {
        let layers = Layers::read("file", FILE, Some("sam"), &Environment::default()).unwrap();
        let all = layers.all();
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        let plain = SETTINGS.iter().filter(|setting| !setting.is_of_labor());
        assert!(plain.clone().all(|setting| keys.contains(&setting.key)));
        assert_eq!(keys.len(), plain.count() + 1);
        assert_eq!(keys.last(), Some(&"labor.remote.product_id"));
    }
}
