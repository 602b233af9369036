//! Programs that the environment names: `PAGER`, `BROWSER`. They are never started through a shell.

use std::path::{Path, PathBuf};

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
        true => shell_words::split(&typed.replace('\\', "\\\\")).ok(),
        false => shell_words::split(typed).ok(),
    }
}

/// The file of a program in one of the folders of `PATH`.
pub(super) fn found(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_words() {
        let split = |typed: &str| words(typed).map(|words| words.join("|"));
        assert_eq!(split("less -R").as_deref(), Some("less|-R"));
        assert_eq!(split(" 'my pager' \"a b\" ").as_deref(), Some("my pager|a b"));
        assert_eq!(split("").as_deref(), Some(""));
        assert_eq!(split("sh 'x"), None);
        // A folder with a space in it.
        let folder = std::env::temp_dir().join("a pager of ours");
        assert!(std::fs::write(&folder, "").is_ok());
        let path = folder.display().to_string();
        assert_eq!(words(&path), Some(vec![path]));
    }
}
