//! The words of a command line as bash gives it: whole, up to the cursor, in the shell's own quotes.

/// A line in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The words before the last one, unquoted.
    pub words: Vec<String>,
    /// The word that the cursor is in, unquoted; empty after a blank.
    pub current: String,
    /// The quote that is open at the cursor.
    pub open: Option<char>,
}

impl Typed {
    /// The words of a line. Nothing in it is expanded.
    #[must_use]
    pub fn of(line: &str) -> Self {
        let mut typed = Self::default();
        let mut is_begun = false;
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            match (typed.open, letter) {
                (Some(quote), _) if letter == quote => typed.open = None,
                (None, '\'' | '"') => typed.open = Some(letter),
                (None, '\\') => typed.current.extend(letters.next()),
                (Some('"'), '\\') => match letters.next() {
                    Some(escaped @ ('"' | '\\' | '$' | '`')) => typed.current.push(escaped),
                    other => typed.current.extend(std::iter::once('\\').chain(other)),
                },
                (None, letter) if letter.is_ascii_whitespace() => {
                    if is_begun {
                        typed.words.push(std::mem::take(&mut typed.current));
                    }
                    is_begun = false;
                    continue;
                }
                _ => typed.current.push(letter),
            }
            is_begun = true;
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_as_a_shell_splits_it() {
        for (line, words, current, open) in [
            ("syncro bill 321", vec!["syncro", "bill"], "321", None),
            ("syncro bill ", vec!["syncro", "bill"], "", None),
            (
                r"syncro t --status Waiting\ on\ C",
                vec!["syncro", "t", "--status"],
                "Waiting on C",
                None,
            ),
            (r#"s --status "Waiting on"#, vec!["s", "--status"], "Waiting on", Some('"')),
            ("s 'a \"b' '$(x)", vec!["s", "a \"b"], "$(x)", Some('\'')),
            (r#"s "a\"b\c" x\"#, vec!["s", r#"a"b\c"#], "x", None),
            ("s '' x", vec!["s", ""], "x", None),
        ] {
            let typed = Typed::of(line);
            assert_eq!(
                (typed.words, &*typed.current, typed.open),
                (words.iter().map(ToString::to_string).collect(), current, open),
                "{line}"
            );
        }
    }
}
