//! Text that looks like a credential, so that none is mailed to a customer or printed on an invoice. A guess on the
//! careful side: it only ever leads to a question.

/// Words after which a value follows that should stay secret.
const WORDS: [&str; 13] = [
    "password",
    "passwort",
    "passord",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "pw",
    "secret",
    "api key",
    "api_key",
    "apikey",
    "token",
];

/// Beginnings of well-known kinds of keys.
const PREFIXES: [&str; 8] = [
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "github_pat_",
    "xoxb-",
    "xoxp-",
    "eyJhbGciOi",
];

/// Why `text` looks like it holds a credential, without repeating it; `None` if it does not.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    text.lines().enumerate().find_map(|(index, line)| {
        let what = labelled(line).or_else(|| shaped(line))?;
        Some(format!("line {} looks like it holds {what}", index + 1))
    })
}

/// "password: value", "pw = value", "the token is value".
fn labelled(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    WORDS.iter().find_map(|word| {
        lower.match_indices(word).find_map(|(at, _)| {
            let starts = !lower[..at].ends_with(|c: char| c.is_alphanumeric());
            let rest = lower[at + word.len()..]
                .trim_start_matches(['"', '\'', '*', '_', '`'])
                .trim_start();
            let value = rest
                .strip_prefix(':')
                .or_else(|| rest.strip_prefix('='))
                .or_else(|| {
                    rest.strip_prefix("is ")
                        .filter(|value| has_digit_or_mark(value))
                })?;
            (starts && is_value(value)).then(|| format!("a {word}"))
        })
    })
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

/// "the password is expired" names no password; "is Tr1cky!" does.
fn has_digit_or_mark(text: &str) -> bool {
    let word = first_word(text).trim_end_matches(['.', ',', ';', '!', '?']);
    word.chars()
        .any(|c| !c.is_alphabetic() && c != '-' && c != '\'')
}

fn is_value(text: &str) -> bool {
    let word = first_word(text);
    word.chars().count() >= 4
        && word.chars().any(char::is_alphanumeric)
        && !word.starts_with("http")
}

/// Private keys, well-known prefixes, and long runs of mixed letters and digits.
fn shaped(line: &str) -> Option<String> {
    if line.contains("-----BEGIN") && line.contains("PRIVATE KEY") {
        return Some("a private key".to_owned());
    }
    let word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let known = PREFIXES.iter().any(|prefix| word.starts_with(prefix)) && word.len() >= 16;
        let mixed = word.len() >= 24
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            && word.chars().filter(char::is_ascii_digit).count() >= 3
            && word.chars().any(|c| c.is_ascii_lowercase())
            && word.chars().any(|c| c.is_ascii_uppercase());
        known || mixed
    };
    line.split_whitespace()
        .find(word)
        .map(|_| "a key or token".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::find;

    #[test]
    fn credentials_are_seen() {
        for text in [
            "Your new password: hunter22",
            "Done.\nPassword = \"Blue-Horse-7\"",
            "the wifi pw: bakery2026",
            "passord: sommer26",
            "The password is Tr1cky!9",
            "api_key=abcd1234",
            "-----BEGIN RSA PRIVATE KEY-----",
            "use AKIAABCDEFGHIJKLMNOP",
            "session aB3dE5fG7hJ9kL1mN3pQ5rS7",
        ] {
            assert!(find(text).is_some(), "{text}");
        }
        let said = find("ok\npassword: hunter22").unwrap();
        assert_eq!(said, "line 2 looks like it holds a password");
    }

    #[test]
    fn ordinary_prose_is_not() {
        for text in [
            "Reset the password and tested the log-in",
            "The password is expired, she will call back",
            "Replaced the print head, see ticket 32181",
            "The secret to a good print: clean heads", // a word after a colon that is no value of "secret"
            "Token ring is dead",
            "https://example.com/a/very/long/path/with-Words-and-123",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
