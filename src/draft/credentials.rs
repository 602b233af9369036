//! Text that looks like a credential, so that none is mailed to a customer or printed on an invoice. A guess on the
//! careful side: it only ever leads to a question.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::render::sanitise;

/// Words after which a value follows that should stay secret, and what that would be.
const WORDS: [(&str, &str); 23] = [
    ("password", "a password"),
    ("pass word", "a password"),
    ("p/w", "a password"),
    ("passwort", "a password"),
    ("kennwort", "a password"),
    ("passord", "a password"),
    ("wachtwoord", "a password"),
    ("mot de passe", "a password"),
    ("mdp", "a password"),
    ("contrase\u{f1}a", "a password"),
    ("passwd", "a password"),
    ("passphrase", "a passphrase"),
    ("passcode", "a passcode"),
    ("pwd", "a password"),
    ("pw", "a password"),
    ("secret", "a secret"),
    ("api key", "an API key"),
    ("api_key", "an API key"),
    ("apikey", "an API key"),
    ("token", "a token"),
    ("psk", "a network key"),
    ("zugangsdaten", "credentials"),
    ("wi-fi code", "a network key"),
];

/// Words that mean something else as often: only a value that looks like a secret counts after them.
const WEAK: [(&str, &str); 10] = [
    ("pass", "a password"),
    ("pin", "a PIN"),
    ("pin code", "a PIN"),
    ("door code", "a code"),
    ("gate code", "a code"),
    ("alarm code", "a code"),
    ("key", "a key"),
    ("credentials", "credentials"),
    ("creds", "credentials"),
    ("login", "credentials"),
];

/// Words before one that tell that a password follows.
const NEW: [&str; 7] = ["new", "temp", "temporary", "your", "wifi", "wi-fi", "guest"];

/// What is done with a password that ends in another one.
const SET: [&str; 6] = ["changed", "set", "reset", "updated", "back", "temporarily"];

/// Beginnings of well-known kinds of keys.
const PREFIXES: [&str; 8] =
    ["AKIA", "ASIA", "ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "eyJhbGciOi"];

/// Signs of other alphabets that look like letters of ours, in lower case, and like a colon.
const LOOK_ALIKE: [(char, char); 27] = [
    ('\u{430}', 'a'),
    ('\u{435}', 'e'),
    ('\u{43a}', 'k'),
    ('\u{43e}', 'o'),
    ('\u{440}', 'p'),
    ('\u{441}', 'c'),
    ('\u{442}', 't'),
    ('\u{443}', 'y'),
    ('\u{445}', 'x'),
    ('\u{455}', 's'),
    ('\u{456}', 'i'),
    ('\u{458}', 'j'),
    ('\u{4cf}', 'l'),
    ('\u{501}', 'd'),
    ('\u{51d}', 'w'),
    ('\u{131}', 'i'),
    ('\u{261}', 'g'),
    ('\u{3b1}', 'a'),
    ('\u{3b5}', 'e'),
    ('\u{3b9}', 'i'),
    ('\u{3ba}', 'k'),
    ('\u{3bd}', 'v'),
    ('\u{3bf}', 'o'),
    ('\u{3c1}', 'p'),
    ('\u{2d0}', ':'),
    ('\u{2236}', ':'),
    ('\u{a789}', ':'),
];

/// A text as it looks: in plain letters, without what nobody sees.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let seen = plain.chars().filter(|c| *c == '\r' || !sanitise::is_unsafe(*c));
    seen.map(|c| {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let alike = LOOK_ALIKE.iter().find(|(sign, _)| *sign == lower).map(|(_, letter)| *letter);
        match (alike, c.is_uppercase()) {
            (Some(letter), true) => letter.to_ascii_uppercase(),
            (Some(letter), false) => letter,
            (None, _) => c,
        }
    })
    .collect()
}

/// Why `text` looks like it holds a credential, without repeating it; `None` if it does not.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    plain(text).lines().enumerate().find_map(|(index, line)| {
        let what = labelled(line)
            .or_else(|| told(line))
            .or_else(|| weakly(line))
            .or_else(|| shaped(line))?;
        Some(format!("line {} looks like it holds {what}", index + 1))
    })
}

/// The same where the value is on a line behind its word. There it counts only with a digit or a mark in it: headings end
/// in a colon, too.
#[must_use]
pub fn find_across(text: &str) -> Option<String> {
    let text = plain(text);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let found = WORDS.iter().chain(&WEAK).find(|(word, _)| {
        behind(&joined, word).any(|(_, rest)| match marked(rest) {
            Some(value) => is_value(value) && has_digit_or_mark(value.trim_start()),
            None => has_all(first_word(rest)),
        })
    });
    found.map(|(_, what)| format!("it looks like it holds {what}"))
}

/// What follows a word in a line, wherever it stands as a word of its own, and what is before it.
fn behind<'l>(lower: &'l str, word: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
    lower.match_indices(word).filter_map(move |(at, _)| {
        let before = &lower[..at];
        let starts = !before.ends_with(|c: char| c.is_alphanumeric());
        let rest =
            lower[at + word.len()..].trim_start_matches(['"', '\'', '*', '_', '`']).trim_start();
        starts.then_some((before, rest))
    })
}

/// The value after `:` or `=`.
fn marked(rest: &str) -> Option<&str> {
    rest.strip_prefix(':').or_else(|| rest.strip_prefix('='))
}

/// "password: value", "pw = value", "the token is value".
fn labelled(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let found = WORDS.iter().find(|(word, _)| {
        behind(&lower, word).any(|(_, rest)| {
            let said = || rest.strip_prefix("is ").filter(|value| has_digit_or_mark(value));
            marked(rest).or_else(said).is_some_and(is_value)
        })
    });
    found.map(|(_, what)| (*what).to_owned())
}

/// "the password is: value", "password for the till: value", "the passcode was changed to value", "new password value":
/// words of the same sentence may stand between, and then only what looks like a secret counts.
fn told(line: &str) -> Option<String> {
    let plain = line.to_lowercase().replace('\u{2192}', " -> ");
    let found = WORDS.iter().find(|(word, _)| {
        behind(&plain, word).any(|(before, rest)| is_led(before, rest) || is_beside(before, rest))
    });
    found.map(|(_, what)| (*what).to_owned())
}

/// Whether a value follows behind what leads to one.
fn is_led(before: &str, rest: &str) -> bool {
    let mut is_set = before.split_whitespace().any(|word| SET.contains(&word));
    // "The password for the till is", and not "the password manager is".
    let is_its_own = ["for", "of", "on"].contains(&first_word(rest));
    let (mut leads, mut by_verb) = (false, false);
    for (at, word) in rest.split_whitespace().take(8).enumerate() {
        if leads && is_secret(word) || by_verb && is_pin(word) {
            return true;
        }
        let is_verb = is_verb(word.trim_end_matches(':'));
        // Of a number alone there is no doubt only right behind "is".
        by_verb = is_verb && at == 0;
        leads = match word {
            "-" | "\u{2013}" | "\u{2014}" | "/" => true,
            "to" => is_set,
            _ if is_verb => leads || at == 0 || is_its_own || word == "be" || word == "as",
            _ => word.ends_with([':', '=', '>']),
        };
        is_set |= SET.contains(&word);
        if word.ends_with([',', ';', '.']) {
            return false;
        }
    }
    false
}

fn is_verb(word: &str) -> bool {
    ["is", "was", "be", "as", "now", "ist", "lautet", "est"].contains(&word)
}

/// Whether a value stands right beside its word. A name of a program has digits, too: one without a mark counts only where
/// the word before tells that a password follows.
fn is_beside(before: &str, rest: &str) -> bool {
    let value = first_word(rest);
    let last = before.split_whitespace().next_back().map(bare);
    let is_told = last.is_none_or(|last| NEW.contains(&last)) || names_user(before);
    has_all(value) || is_told && (is_secret(value) && is_mixed(value) || is_pin(value))
}

fn names_user(before: &str) -> bool {
    before.contains("user") || before.contains("login")
}

/// Letters with a digit or a mark among them, as no word, name, number or mail address has them.
fn is_secret(word: &str) -> bool {
    let word = bare(word);
    let is_mail = word.rsplit_once('@').is_some_and(|(_, host)| host.contains('.'));
    let is_path = word.contains(['/', '\\']);
    word.chars().count() >= 6
        && !is_mail
        && !is_path
        && word.chars().any(char::is_alphabetic)
        && word.chars().any(|c| c.is_ascii_digit() || is_mark(c))
}

/// Letters, a digit and a mark in one word.
fn has_all(word: &str) -> bool {
    is_secret(word) && is_mixed(word) && word.chars().any(is_mark)
}

/// A sign that people put into a password and not into a word.
fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() && !"-'./\\,:;()\"`?".contains(c)
}

/// "PIN: 4711", "the wifi key is abcd1234", "user: bob / pass: value", "login: admin / value".
fn weakly(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let found = WEAK.iter().find(|(word, _)| {
        behind(&lower, word).any(|(before, rest)| {
            let value = marked(rest);
            let said = || rest.strip_prefix("is ");
            match *word {
                "pass" => match value {
                    Some(value) => {
                        is_value(value) && (names_user(before) || has_digit_or_mark(value))
                    }
                    None => !before.trim().is_empty() && is_beside(before, rest),
                },
                "pin" | "pin code" | "door code" | "gate code" | "alarm code" => {
                    is_pin(value.or_else(said).unwrap_or(rest))
                }
                "key" => value.or_else(said).is_some_and(|value| {
                    let word = bare(first_word(value));
                    is_mixed(word) && word.len() >= 8
                }),
                _ => match value {
                    Some(value) => {
                        let mut words = value.split_whitespace().map(bare);
                        words.any(|word| is_mixed(word) && word.len() >= 6)
                    }
                    None => first_word(rest).split('/').skip(1).any(has_all),
                },
            }
        })
    });
    found.map(|(_, what)| (*what).to_owned())
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

/// A word without what a sentence puts around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['.', ',', ';', '!', '?', '"', '\'', '(', ')', '`'])
}

/// "the password is expired" names no password; "is Tr1cky!" does.
fn has_digit_or_mark(text: &str) -> bool {
    let word = first_word(text).trim_end_matches(['.', ',', ';', '!', '?']);
    word.chars().any(|c| !c.is_alphabetic() && c != '-' && c != '\'')
}

fn is_value(text: &str) -> bool {
    let word = first_word(text);
    word.chars().count() >= 4
        && word.chars().any(char::is_alphanumeric)
        && !word.starts_with("http")
}

/// Letters and digits in one word, which ordinary words are not.
fn is_mixed(word: &str) -> bool {
    word.chars().any(char::is_alphabetic) && word.chars().any(|c| c.is_ascii_digit())
}

/// Four digits or more, and nothing else.
fn is_pin(text: &str) -> bool {
    let word = bare(first_word(text));
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// "https://user:value@host/".
fn in_address(line: &str) -> bool {
    line.match_indices("://").any(|(at, _)| {
        let rest = &line[at + 3..];
        let end = rest.find(|c: char| c == '/' || c.is_whitespace());
        let host = &rest[..end.unwrap_or(rest.len())];
        let login = host.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, value)| !value.is_empty())
    })
}

/// Eight groups of six digits, as BitLocker writes its recovery keys.
fn is_recovery_key(line: &str) -> bool {
    let mut run = 0;
    line.split(|c: char| c == '-' || c.is_whitespace())
        .filter(|group| !group.is_empty())
        .map(bare)
        .any(|group| {
            let fits = group.len() == 6 && group.bytes().all(|byte| byte.is_ascii_digit());
            run = if fits { run + 1 } else { 0 };
            run == 8
        })
}

/// Private keys, well-known prefixes, and long runs of mixed letters and digits.
fn shaped(line: &str) -> Option<String> {
    if line.contains("-----BEGIN") && line.contains("PRIVATE KEY") {
        return Some("a private key".to_owned());
    }
    if in_address(line) {
        return Some("a password in an address".to_owned());
    }
    if is_recovery_key(line) {
        return Some("a recovery key".to_owned());
    }
    let word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let known = PREFIXES.iter().any(|prefix| word.starts_with(prefix)) && word.len() >= 16;
        let mixed = word.len() >= 24
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            && word.chars().filter(char::is_ascii_digit).count() >= 3
            && word.chars().any(|c| c.is_ascii_lowercase())
            && word.chars().any(|c| c.is_ascii_uppercase());
        known || mixed
    };
    line.split_whitespace().find(word).map(|_| "a key or token".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::{find, find_across};

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
            "pass: Tr0ub4dor",
            "user: bob / pass: hunter",
            "PIN: 4711",
            "The new pin is 471147.",
            "psk=abcd1234efgh",
            "the wifi key is abcd1234efgh",
            "Wi-Fi key: abcd1234efgh, please keep it",
            "credentials: admin / Secret99",
            "login: admin / Secret99",
            "see https://user:pw1234@host.example/",
            "ftp://bob:x@host.example",
            "123456-234567-345678-456789-567890-678901-789012-890123",
            "Key ID 1; 123456 234567 345678 456789 567890 678901 789012 890123.",
            "mot de passe : soleil99",
            "Mot de passe: soleil",
            "Passwort: Sommer",
            "Kennwort: Sommer2026",
            "The password is: Xy7!kk22pq",
            "Password for the till: Hunter22",
            "I changed the password of Imelda's mailbox to Xy7!kk22pq",
            "password reset to Blue7Horse, please change it",
            "The new password for the portal is Sommer26",
            "new password Hunter22! as discussed",
            "passcode -> abc1234",
            "Das Passwort lautet: Sommer26",
            "Password is now P@ssw0rd",
            "Password temporarily set to Winter26",
            "Password - Hunter22",
            "Password \u{2013} Hunter22!",
            "password\u{2192}Hunter22",
            "Password\tHunter22",
            "Username admin password Hunter22",
            "password will be Hunter22",
            "password was Hunter22",
            "password set as Hunter22",
            "I set her password as Hunter22!",
            "password ist Hunter22",
            "passwort lautet 12345678",
            "password is: 12345678",
            "wifi password GuestNet2026",
            "pw Hunter22",
            "P/W: Hunter22",
            "un/pw: bob / Hunter22",
            "pass word: Hunter22",
            "user bob pass Hunter22!",
            "Temp pass Welcome123",
            "passcode 123456",
            "login admin/Hunter22!",
            "PIN 4711",
            "pin code: 4711",
            "The door code is 4711",
            "alarm code 4711",
        ] {
            assert!(find(text).is_some(), "{text}");
        }
        let said = find("api_key=abcd1234").unwrap();
        assert_eq!(said, "line 1 looks like it holds an API key");
        let said = find("ok\npassword: hunter22").unwrap();
        assert_eq!(said, "line 2 looks like it holds a password");
    }

    #[test]
    fn a_value_may_be_on_the_next_line() {
        for text in [
            "Password:\nhunter22",
            "PIN\n: 4711",
            "the new pw =\n\n Tr1cky!",
            "Password\nHunter22!",
        ] {
            assert!(find_across(text).is_some(), "{text}");
        }
        for text in ["Password:\nreset", "Steps for the password:\n1. Open it", "Key:\n- two"] {
            assert_eq!(find_across(text), None, "{text}");
        }
    }

    #[test]
    fn ordinary_prose_is_not() {
        for text in [
            "Reset the password and tested the login",
            "The password was reset; the link went to imelda@quillfeather.example",
            "Password policy: at least 12 characters",
            "Copied the password manager to PC-2 and tested it",
            "The password prompt of Windows11 is back",
            "Reset the password and told them: works again",
            "Token ring to be replaced; next: order 2 switches",
            "The password has to be changed by 2026-04-01",
            "The password manager is 1Password",
            "Reset her password, then upgraded to Windows11",
            "Password reset; rebooted, now SRV-01 is fine",
            "Password reset done. Next step: Windows11 on PC-02-BACK",
            "Moved the password vault to Office365",
            "Reset the password of PC-0231 and of Office365",
            "New passwords policy since 2026",
            "Password policy: 2026 edition",
            "Replaced the pin header, 2 of 4",
            "Door code reader replaced",
            "Logins: 2026 users moved",
            "Password rules moved to https://example.com/rules7",
            "The password is expired, she will call back",
            "Replaced the print head, see ticket 32181",
            "The secret to a good print: clean heads", // a word after a colon that is no value of "secret"
            "Token ring is dead",
            "the key is at the front desk",
            "PIN pad replaced",
            "The pin is bent, replaced it",
            "PIN: not changed",
            "Second pass: cleaned the rollers",
            "Keys: two for the server room",
            "login: works again",
            "user: bob, who passes by on Monday",
            "Credentials: checked with Imelda",
            "https://example.com:8080/a@b and mail to a@b.example",
            "Serial 123456-234567, part 345678",
            "The bypass: switched off",
            "https://example.com/a/very/long/path/with-Words-and-123",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
