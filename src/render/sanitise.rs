//! Text from the server made safe for a terminal: control sequences, bidi overrides, invisible characters and portal
//! keys do not come through. Pure; knows no terminal.
//!
//! strip-ansi-escapes takes tabs away and lets C1 controls, DEL, bidi overrides and invisible characters through; what
//! is left to write, once those are handled, is the short list of where a sequence ends.

use super::secrets;

/// `text` with lines and tabs kept and everything that could steer or deceive a terminal removed. Whole control
/// sequences go, so that no debris like `[31m` stays behind.
#[must_use]
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '\u{1b}' => after_escape(after),
            '\u{9b}' => after_csi(after),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => after_string(after),
            '\r' => {
                out.push('\n');
                after.strip_prefix('\n').unwrap_or(after)
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => {
                out.push('\n');
                after
            }
            _ => {
                if !is_unsafe(first) {
                    out.push(first);
                }
                after
            }
        };
    }
    // Last, since an invisible character may have split the name.
    secrets::masked(&out).unwrap_or(out)
}

/// The same on one line: white space of any kind becomes one space, none at the ends.
#[must_use]
pub fn one_line(raw: &str) -> String {
    let text = text(raw);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether a character is kept from a terminal: controls, bidi controls, and what has no width or shape of its own.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        _ if c.is_control() => true,
        '\u{ad}' // soft hyphen
        | '\u{34f}' // grapheme joiner
        | '\u{61c}' // bidi: Arabic letter mark
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers: blanks that are letters
        | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' // zero width and direction marks
        | '\u{2028}'..='\u{202e}' // separators, bidi embeddings and overrides
        | '\u{2060}'..='\u{206f}' // joiners, invisible operators, bidi isolates
        | '\u{fe00}'..='\u{fe0f}' // variation selectors
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' // tags: text that nobody sees
        => true,
        _ => false,
    }
}

/// What follows an escape sequence; `rest` begins after ESC.
fn after_escape(rest: &str) -> &str {
    match rest.chars().next() {
        Some('[') => after_csi(&rest[1..]),
        Some(']' | 'P' | 'X' | '^' | '_') => after_string(&rest[1..]),
        Some(' '..='/') => {
            // Intermediates, then one final character: the choice of a character set, say.
            let tail = rest.trim_start_matches(|c| matches!(c, ' '..='/'));
            tail.strip_prefix(|c| matches!(c, '0'..='~')).unwrap_or(rest)
        }
        Some('0'..='~') => &rest[1..],
        _ => rest,
    }
}

/// What follows a control sequence: parameters, intermediates, a final character. Without the final one only the
/// introducer is taken, so that nothing else is lost.
fn after_csi(rest: &str) -> &str {
    rest.trim_start_matches(|c| matches!(c, '0'..='?'))
        .trim_start_matches(|c| matches!(c, ' '..='/'))
        .strip_prefix(|c| matches!(c, '@'..='~'))
        .unwrap_or(rest)
}

/// What follows a string sequence (a title, a link): all up to its terminator. One that does not end on its line or
/// before the next sequence is taken for its introducer alone: hiding the rest of a comment would deceive as well.
fn after_string(rest: &str) -> &str {
    let end = rest.find(['\u{7}', '\u{1b}', '\u{9c}', '\n', '\r', '\u{9d}', '\u{90}']);
    let Some(tail) = end.map(|end| &rest[end..]) else {
        return rest;
    };
    tail.strip_prefix(['\u{7}', '\u{9c}']).or_else(|| tail.strip_prefix("\u{1b}\\")).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_sequences_go() {
        for (raw, shown) in [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}[38;2;1;2;3mred\u{1b}[m", "red"),
            ("\u{1b}]0;owned\u{7}title", "title"),
            ("\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{9b}2Jclear", "clear"),
            ("\u{90}payload\u{9c}x", "x"),
            ("\u{1b}(0lines\u{1b}(B", "lines"),
            ("\u{1b}creset", "reset"),
            ("a\u{1b}", "a"),
            ("\u{1b}[", ""),
        ] {
            assert_eq!(text(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn an_endless_sequence_hides_nothing() {
        assert_eq!(text("\u{1b}]0;see me\nand me"), "0;see me\nand me");
        assert_eq!(text("\u{1b}[12é"), "12é");
    }

    #[test]
    fn invisible_and_turning_characters_go() {
        assert_eq!(text("user\u{202e}gpj.exe"), "usergpj.exe");
        assert_eq!(text("a\u{200b}b\u{feff}c\u{ad}d\u{e0041}e\u{fe0f}"), "abcde");
        assert_eq!(text("x\u{7f}\u{0}\u{8}y"), "xy");
        assert_eq!(text("👩\u{200d}🔧"), "👩🔧");
        assert_eq!(text("שלום עולם, 日本, é, 👋"), "שלום עולם, 日本, é, 👋");
    }

    #[test]
    fn lines_and_tabs_stay() {
        assert_eq!(text("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd\te");
        assert_eq!(one_line(" a\r\n\tb \u{a0} c\u{2029}"), "a b c");
    }

    #[test]
    fn portal_keys_are_masked_even_when_split() {
        assert_eq!(text("?portal\u{200b}_key=abc&y"), "?portal_key=***&y");
    }

    #[test]
    fn time_grows_with_length_only() {
        // A quadratic scan would take minutes here.
        let raw = "\u{1b}]".repeat(500_000) + &"\u{1b}[1".repeat(100_000);
        assert!(text(&raw).len() <= raw.len());
    }

    proptest! {
        #[test]
        fn no_control_character_comes_out(raw in any::<String>()) {
            prop_assert!(!text(&raw).chars().any(is_unsafe));
            prop_assert!(!one_line(&raw).contains(['\n', '\t']));
        }

        #[test]
        fn nothing_made_of_sequences_comes_out(
            raw in "[\u{1b}\u{9b}\u{9d}\u{90}\u{9c}\u{7}\\[\\]\\\\;0-9mPa-c\n\r\u{202e}\u{200b}]{0,60}"
        ) {
            prop_assert!(!text(&raw).chars().any(is_unsafe));
        }

        #[test]
        fn plain_text_is_untouched(raw in "[a-zA-Z0-9 .,<>&\n\tæøå日本]{0,80}") {
            prop_assert_eq!(text(&raw), raw);
        }
    }
}
