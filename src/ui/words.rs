//! Programs that the environment names: `PAGER`, `BROWSER`. They are never started through a shell.

use std::path::Path;

/// An environment variable, also an empty one.
pub(super) fn set(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A command line as words, quotes respected; nothing where a quote stays open. What is a file's whole path is one word, and
/// on Windows a backslash is part of one.
pub(super) fn words(typed: &str) -> Option<Vec<String>> {
    let typed = typed.trim();
    if Path::new(typed).is_file() {
        return Some(vec![typed.to_owned()]);
    }
    match cfg!(windows) {
        true => with_backslashes(typed),
        false => shell_words::split(typed).ok(),
    }
}

/// Words where a backslash stands for itself: only quotes keep blanks together.
fn with_backslashes(typed: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in typed.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_words() {
        let split = |typed: &str| words(typed).map(|words| words.join("|"));
        assert_eq!(split("less -R").as_deref(), Some("less|-R"));
        assert_eq!(split(" 'my pager' \"a b\" ").as_deref(), Some("my pager|a b"));
        assert_eq!(split("").as_deref(), Some(""));
        assert_eq!(split("sh 'x"), None);
        let split = |typed: &str| with_backslashes(typed).map(|words| words.join("|"));
        for (typed, wanted) in [
            (r#""C:\Program Files\e\e.exe" -w"#, Some(r"C:\Program Files\e\e.exe|-w")),
            (r"'C:\my tools\e' --wait ''", Some(r"C:\my tools\e|--wait|")),
            (r"C:\tools\new.exe  -n", Some(r"C:\tools\new.exe|-n")),
            (r#"e "x"#, None),
            ("", Some("")),
        ] {
            assert_eq!(split(typed).as_deref(), wanted, "{typed}");
        }
        // A folder with a space in it.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a pager of ours");
        std::fs::write(&path, "").unwrap();
        let path = path.display().to_string();
        assert_eq!(words(&path), Some(vec![path]));
    }
}
