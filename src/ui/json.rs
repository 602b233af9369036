//! JSON as text that any pipe carries and no terminal acts on: what JSON itself leaves bare is escaped where it matters.
//! The values stay the same.

use std::fmt::Write as _;

use serde_json::Value;

use crate::render::sanitise;

/// `value` with two spaces a level and a line feed at the end; with `ascii`, nothing but ASCII.
#[must_use]
pub fn pretty(value: &Value, ascii: bool) -> String {
    // The alternate form of a value is the same as the pretty printer's, and cannot fail.
    let mut text = escape(&format!("{value:#}"), ascii);
    text.push('\n');
    text
}

/// `value` on one line.
#[must_use]
pub fn compact(value: &Value, ascii: bool) -> String {
    escape(&value.to_string(), ascii)
}

/// Escapes in JSON text what could steer a terminal, or with `ascii` everything else beyond ASCII too. Such characters
/// stand only inside strings there, so each may become `\uXXXX`.
#[must_use]
pub fn escape(json: &str, ascii: bool) -> String {
    let escaped = |c: char| match c {
        // Almost all of it; asked first, since this is done to all that is printed.
        ' '..='~' => false,
        '\u{7f}' => true,
        _ => sanitise::is_unsafe(c) && !c.is_ascii_control() || (ascii && !c.is_ascii()),
    };
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| escaped(*c)) {
        out.push_str(&rest[..at]);
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn two_spaces_and_the_servers_own_digits() {
        let value: Value = serde_json::from_str("{\"a\":[1.50,\"é\"],\"b\":{}}").unwrap();
        assert_eq!(
            pretty(&value, false),
            "{\n  \"a\": [\n    1.50,\n    \"é\"\n  ],\n  \"b\": {}\n}\n"
        );
    }

    #[test]
    fn pipes_on_windows_get_ascii() {
        let value = json!({"é": "日 👋"});
        assert_eq!(compact(&value, true), "{\"\\u00e9\":\"\\u65e5 \\ud83d\\udc4b\"}");
    }

    #[test]
    fn what_steers_terminals_is_escaped_always() {
        let value = json!("a\u{1b}b\u{9b}c\u{202e}d\u{7f}e\u{200b}f");
        assert_eq!(compact(&value, false), "\"a\\u001bb\\u009bc\\u202ed\\u007fe\\u200bf\"");
    }

    proptest! {
        #[test]
        fn the_value_survives(text in any::<String>(), ascii in any::<bool>()) {
            let value = json!({ text.clone(): [text] });
            let shown = pretty(&value, ascii);
            prop_assert!(!ascii || shown.is_ascii());
            prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        }
    }
}
