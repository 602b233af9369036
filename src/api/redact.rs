//! Keeps secrets out of everything that leaves the transport: the key, however a server or a proxy may echo it,
//! and the `user_token` that `GET /me` gives away.

use std::fmt;

use memchr::memmem;
use serde_json::Value;
use url::form_urlencoded;

use super::key::ApiKey;

/// What stands where the key stood.
const MARK: &str = "[key]";

/// Keys shorter than this are left alone: replacing a common word everywhere would spoil the data, and no real key
/// is that short.
const SHORTEST: usize = 8;

/// Removes one key, in each spelling it can come back in.
#[derive(Clone)]
pub(super) struct Redactor {
    spellings: Vec<String>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(***)")
    }
}

impl Redactor {
    /// A remover of `key`.
    pub(super) fn new(key: &ApiKey) -> Self {
        let plain = key.expose();
        if plain.len() < SHORTEST {
            return Self { spellings: Vec::new() };
        }
        let form: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let quoted = Value::from(plain).to_string();
        let mut spellings = vec![
            plain.to_owned(),
            form.replace('+', "%20"),
            lower_escapes(&form),
            form,
            quoted.trim_matches('"').to_owned(),
            quoted.trim_matches('"').replace('/', "\\/"),
        ];
        spellings.sort();
        spellings.dedup();
        Self { spellings }
    }

    /// `text` without the key.
    pub(super) fn text(&self, text: String) -> String {
        self.spellings.iter().fold(text, |text, spelling| match has(&text, spelling) {
            true => text.replace(spelling.as_str(), MARK),
            false => text,
        })
    }

    /// `value` without the key, whatever escapes it was written with, and with every `user_token` null.
    pub(super) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(std::mem::take(text)),
            Value::Array(list) => list.iter_mut().for_each(|entry| self.value(entry)),
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    if name == "user_token" {
                        *member = Value::Null;
                    } else {
                        self.value(member);
                    }
                }
                self.names(members);
            }
            _ => {}
        }
    }

    /// Member names without the key.
    fn names(&self, members: &mut serde_json::Map<String, Value>) {
        let holds_key = |name: &String| self.spellings.iter().any(|key| has(name, key));
        if members.keys().any(holds_key) {
            *members = std::mem::take(members)
                .into_iter()
                .map(|(name, member)| (self.text(name), member))
                .collect();
        }
    }
}

/// Whether `key` is in `text`; all that a server sends is searched for it.
fn has(text: &str, key: &str) -> bool {
    memmem::find(text.as_bytes(), key.as_bytes()).is_some()
}

/// `%2F` as `%2f`: both spellings are in use.
fn lower_escapes(encoded: &str) -> String {
    let mut after_percent = 0;
    encoded
        .chars()
        .map(|c| {
            if c == '%' {
                after_percent = 2;
                c
            } else if after_percent > 0 {
                after_percent -= 1;
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_of_the_key_goes() {
        let redactor = Redactor::new(&ApiKey::new("Fake+key/do not=use"));
        for echo in [
            "Fake+key/do not=use",
            "Fake%2Bkey%2Fdo+not%3Duse",
            "Fake%2Bkey%2Fdo%20not%3Duse",
            "Fake%2bkey%2fdo+not%3duse",
            "Fake+key\\/do not=use",
        ] {
            assert_eq!(redactor.text(format!("?api_key={echo}&page=2")), "?api_key=[key]&page=2");
        }
    }

    #[test]
    fn keys_and_tokens_go_at_any_depth() {
        let redactor = Redactor::new(&ApiKey::new("fake-key-do-not-use"));
        // Written with an escape, the key only shows once the JSON is parsed.
        let mut value: Value = serde_json::from_str(
            r#"{"user_token": "abc", "list": [{"user_token": {"a": 1}, "echo": "a fake\u002dkey-do-not-use"}],
                "fake-key-do-not-use": 1}"#,
        )
        .unwrap();
        redactor.value(&mut value);
        assert_eq!(
            value,
            json!({"user_token": null, "list": [{"user_token": null, "echo": "a [key]"}], "[key]": 1})
        );
    }

    #[test]
    fn a_short_key_spoils_nothing() {
        let redactor = Redactor::new(&ApiKey::new("a"));
        assert_eq!(redactor.text("banana".to_owned()), "banana");
        let empty = Redactor::new(&ApiKey::new(""));
        assert_eq!(empty.text("banana".to_owned()), "banana");
    }
}
