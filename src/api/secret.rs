//! Secrets in what is sent: passwords, tokens and codes, known by what their members are called. They are sent as they were
//! typed, and shown nowhere: in no preview, in no `--json`, in nothing that a server says of them. Only the journal has them,
//! in a file that nobody else can read, and for as long as its plan may be resumed: once it is closed, they are cut out.

use serde_json::Value;

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// What the name of a secret has in it: that of a member, or of a parameter of a link.
pub(crate) const IN_NAMES: [&str; 9] = [
    "token",
    "secret",
    "passw",
    "passphrase",
    "credential",
    "apikey",
    "api_key",
    "accesskey",
    "jwt",
];

/// Such names as a whole.
pub(crate) const NAMES: [&str; 7] = ["pass", "pwd", "pw", "pin", "otp", "cred", "creds"];

/// The values of a field of a plan, which is called what its path says.
const OF_FIELD: [&str; 3] = ["expected", "also", "from"];

/// A secret that is shorter is looked for only where it is called one: to hide a common word everywhere would spoil what is
/// said.
const SHORTEST: usize = 4;

/// Whether a member of that name, or at that path, holds a secret: `Admin Password`, `properties.otp`, `user[api-key]`.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let plain = |part: &str| {
        let letters = part.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>()
    };
    let whole = plain(name);
    let last = name.split(['.', '[', ']']).rfind(|part| !part.is_empty()).unwrap_or_default();
    let mut words = last.split(|sign: char| !sign.is_ascii_alphanumeric()).map(plain);
    IN_NAMES.iter().any(|part| whole.contains(part))
        || NAMES.contains(&plain(last).as_str())
        || words.any(|word| NAMES.contains(&word.as_str()))
}

/// Whether a word of a command line gives a secret its value: `password=…`, `-fpassword=…`.
#[must_use]
pub fn is_given(word: &str) -> bool {
    let mut names = word.split('=');
    // What stands behind the last sign is a value.
    names.next_back();
    names.any(|name| {
        let name = name.trim_start_matches('-');
        is_secret(name) || name.get(1..).is_some_and(is_secret)
    })
}

/// Masks the secrets in a value, at any depth: in a body, or in a plan that is stored.
pub fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let path = members.get("path").and_then(Value::as_str);
            let is_field = path.is_some_and(is_secret);
            for (name, member) in members {
                match is_secret(name) || is_field && OF_FIELD.contains(&name.as_str()) {
                    true => cover(member),
                    false => mask(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

/// The same of a copy.
#[must_use]
pub fn masked(value: &Value) -> Value {
    let mut copy = value.clone();
    mask(&mut copy);
    copy
}

/// What people see of the value of a member.
#[must_use]
pub fn shown(name: &str, value: &Value) -> Value {
    let mut copy = value.clone();
    match is_secret(name) {
        true => cover(&mut copy),
        false => mask(&mut copy),
    }
    copy
}

/// Masks all that a secret's value holds; nothing, yes and no are none.
fn cover(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(cover),
        Value::Array(items) => items.iter_mut().for_each(cover),
        Value::Number(_) => *value = Value::from(MASK),
        Value::String(text) if !text.is_empty() => MASK.clone_into(text),
        _ => {}
    }
}

/// The secrets that a body has, for whatever comes back.
pub(crate) struct Sent(Vec<String>);

impl Sent {
    /// Those of bodies.
    pub(crate) fn of<'b>(bodies: impl IntoIterator<Item = &'b Value>) -> Self {
        let mut found = Vec::new();
        bodies.into_iter().for_each(|body| collect(body, false, &mut found));
        // One that is a part of another would leave the rest of it.
        found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(found)
    }

    /// What a server said, without them.
    pub(crate) fn text(&self, text: &mut String) {
        let long = self.0.iter().filter(|secret| secret.len() >= SHORTEST);
        for secret in long.filter(|secret| text.contains(secret.as_str())).collect::<Vec<_>>() {
            *text = text.replace(secret.as_str(), MASK);
        }
    }

    /// A record or an answer without them.
    pub(crate) fn hide(&self, value: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let is_sent =
                        |said: &Value| said_as(said).is_some_and(|said| self.0.contains(&said));
                    match is_secret(name) && is_sent(member) {
                        true => cover(member),
                        false => self.hide(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item)),
            Value::String(text) => self.text(text),
            _ => {}
        }
    }
}

fn collect(value: &Value, is_one: bool, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| collect(member, is_one || is_secret(name), found)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, is_one, found)),
        leaf => found.extend(said_as(leaf).filter(|said| is_one && !said.is_empty())),
    }
}

/// A text, or the digits of a number.
fn said_as(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in [
            "password",
            "password_confirmation",
            "newPassword",
            "user[password]",
            "properties.Admin Password",
            "WiFi passphrase",
            "token",
            "access_token",
            "otp",
            "properties.PIN",
            "properties[Door PIN]",
            "WiFi pw",
            "user-pass",
            "secret",
            "client_secret",
            "api_key",
            "API key",
            "x-api-key",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["", "name", "subject", "passenger", "pinned", "shipping", "key", "code", "."] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_word_that_gives_a_secret_is_known() {
        for word in ["password=x", "-fpassword=x", "-fpin=7", "--raw-field=user[otp]=1=2", "token="]
        {
            assert!(is_given(word), "{word}");
        }
        for word in ["password", "-f", "name=password", "-fname=Ada", "tickets/7?page=2"] {
            assert!(!is_given(word), "{word}");
        }
    }

    #[test]
    fn all_that_a_secret_holds_is_masked_and_nothing_else() {
        let body = json!({
            "name": "Ada", "password": "s", "otp": 123_456, "token": null, "use_token": true, "secret": "",
            "users": [{"login": "ada", "password": "s"}], "credentials": {"all": ["s", 7]},
        });
        let wanted = json!({
            "name": "Ada", "password": "***", "otp": "***", "token": null, "use_token": true, "secret": "",
            "users": [{"login": "ada", "password": "***"}], "credentials": {"all": ["***", "***"]},
        });
        assert_eq!(masked(&body), wanted);
        let field = json!({"path": "properties.PIN", "label": "PIN", "expected": "s", "also": ["s"], "from": "t"});
        let masked = masked(&field);
        assert_eq!(masked["expected"], "***");
        assert_eq!((&masked["also"], &masked["from"]), (&json!(["***"]), &json!("***")));
        assert_eq!((&masked["path"], &masked["label"]), (&field["path"], &field["label"]));
    }

    #[test]
    fn what_comes_back_has_none_of_what_was_sent() {
        let body = json!({"password": "hunter-two", "pin": 1, "x": {"token": "hunter"}});
        let sent = Sent::of([&body]);
        let mut text = "'hunter-two' is too short, and 1 too".to_owned();
        sent.text(&mut text);
        assert_eq!(text, "'***' is too short, and 1 too");
        let mut answer = json!({"pin": 1, "count": 1, "note": "is hunter", "token": "another"});
        sent.hide(&mut answer);
        assert_eq!(answer, json!({"pin": "***", "count": 1, "note": "is ***", "token": "another"}));
    }
}
