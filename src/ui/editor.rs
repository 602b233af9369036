//! The person's own editor, for comments: dialoguer starts it on a private file; a text that was changed there is taken.
//! Instructions stand below a line that is cut.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use dialoguer::Editor;

use super::terminal::{Modal, Ui};
use crate::error::{Error, Kind, Result};

/// Everything from this line on is instructions and is cut.
pub const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// A template with instructions below the cut.
#[must_use]
pub fn with_instructions(text: &str, instructions: &str) -> String {
    let mut template = format!("{text}\n\n{SCISSORS}\n");
    for line in instructions.lines() {
        template.push_str(format!("# {line}").trim_end());
        template.push('\n');
    }
    template
}

/// What came of a text in the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// It was changed: what is above the cut now.
    Changed(String),
    /// It is what it was. An editor that was left without saving, or that failed, cannot be told from it.
    Unchanged,
    /// Nothing is left of it.
    Emptied,
}

impl Ui {
    /// Opens `template` in the editor (`VISUAL`, else `EDITOR`) as a file ending in `extension` (`.md`), and returns
    /// what is left of it above the cut; `None` when that is nothing, or nothing but what it was before: an editor that
    /// was left without saving, or that failed, cannot be told from it.
    ///
    /// # Errors
    /// When the editor cannot be run.
    pub fn editor(&self, template: &str, extension: &str) -> Result<Option<String>> {
        Ok(match self.edit(template, extension)? {
            Edited::Changed(text) => Some(text),
            Edited::Unchanged | Edited::Emptied => None,
        })
    }

    /// The same for a template that may be kept as it is: tells a text that was left alone from one that was emptied.
    ///
    /// # Errors
    /// As for [`Ui::editor`].
    pub fn edit(&self, template: &str, extension: &str) -> Result<Edited> {
        if !self.is_interactive() {
            return Err(Error::usage("cannot open an editor without a terminal"));
        }
        let _modal = self.enter(Modal::Editor);
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        edit(set("VISUAL").or_else(|| set("EDITOR")), template, extension)
    }
}

fn edit(editor: Option<String>, template: &str, extension: &str) -> Result<Edited> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let editor = editor.as_deref().unwrap_or_else(|| fallback(&folders));
    // Editors expect the last line to end, too.
    let text = format!("{}\n", template.trim_end_matches('\n'));
    let edited = Editor::new()
        .executable(command(editor, &folders)?)
        .extension(extension)
        // By the clock of the file system, one that saves at once has not saved: the texts are compared instead.
        .require_save(false)
        .edit(&text)
        .map_err(|dialoguer::Error::IO(error)| {
            let what = match error.kind() {
                ErrorKind::InvalidData => "the editor's file is not UTF-8".to_owned(),
                ErrorKind::NotFound => {
                    format!("the editor {editor:?} is not installed or not in PATH")
                }
                kind => format!("the editor {editor:?} failed: {kind}"),
            };
            Error::new(Kind::Failure, what)
                .nothing_sent()
                .hint("set EDITOR, or use -m to pass the text")
        })?;
    // Nothing is given where nothing was written.
    let kept = above_the_cut(edited.as_deref().unwrap_or(&text));
    Ok(match kept {
        kept if kept == above_the_cut(&text) => Edited::Unchanged,
        Some(kept) => Edited::Changed(kept),
        None => Edited::Emptied,
    })
}

/// The editor where none was chosen: on Debian, the one that was chosen for the whole system.
fn fallback(folders: &OsStr) -> &'static str {
    match cfg!(windows) {
        true => "notepad.exe",
        false if found("editor", folders, &[""]).is_some() => "editor",
        false => "vi",
    }
}

/// The file of a program, with one of these endings.
fn found(program: &str, folders: &OsStr, endings: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(folders).collect();
    let named = |folder: &PathBuf| {
        let paths = endings.iter().map(|ending| folder.join(format!("{program}{ending}")));
        paths.into_iter().find(|path| path.is_file())
    };
    folders.iter().find_map(named)
}

/// `code --wait`, with the file that Windows would not find by this name: there, it is `code.cmd`.
fn with_ending(editor: &str, folders: &OsStr) -> String {
    let (program, rest) = editor.split_once(' ').unwrap_or((editor, ""));
    let is_name = !program.contains(['/', '\\', '\'', '"', '.']);
    let path = found(program, folders, &[".exe", ".com", ".cmd", ".bat"]).filter(|_| is_name);
    match path {
        Some(path) => format!("{} {rest}", one_word(&path.to_string_lossy())),
        None => editor.to_owned(),
    }
}

fn one_word(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\\''"))
}

/// `EDITOR` as dialoguer splits it into words, quotes respected. On Windows a backslash is part of a path, and a value
/// that is a file's whole path is one word, spaces and all.
fn command(editor: &str, folders: &OsStr) -> Result<String> {
    // Of a comment, or of an escaped line's end, no word would be left.
    let first = editor.trim_start();
    if first.is_empty() || first.starts_with('#') || editor.contains('\n') {
        return Err(Error::new(Kind::Failure, "EDITOR is set to an empty command"));
    }
    if Path::new(editor).is_file() {
        return Ok(one_word(editor));
    }
    if !cfg!(windows) {
        return Ok(editor.to_owned());
    }
    let named = with_ending(first, folders);
    Ok(if named == first { first.replace('\\', "\\\\") } else { named })
}

fn above_the_cut(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n");
    let mut kept = String::new();
    for line in text.lines().take_while(|line| line.trim_end() != SCISSORS) {
        kept.push_str(line);
        kept.push('\n');
    }
    let kept = kept.trim_end().trim_start_matches('\n');
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_cut() {
        let template =
            with_instructions("Replaced the roller", "The customer sees this.\n\nEmpty: cancel");
        assert!(template.contains("# The customer sees this.\n#\n# Empty: cancel\n"));
        assert_eq!(above_the_cut(&template).as_deref(), Some("Replaced the roller"));
        assert_eq!(above_the_cut(&with_instructions("", "x")), None);
    }

    #[test]
    fn text_from_windows_is_read() {
        assert_eq!(
            above_the_cut("\u{feff}one\r\n\r\n  two  \r\n").as_deref(),
            Some("one\n\n  two")
        );
        assert_eq!(above_the_cut("# a heading\n").as_deref(), Some("# a heading"));
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_is_run_and_believed() {
        let run = |script: &str| {
            let editor = format!("/bin/sh -c '{script}' editor");
            edit(Some(editor), "draft\n", ".md")
        };
        let changed = |text: &str| Edited::Changed(text.to_owned());
        assert_eq!(run("echo more >> \"$1\"").unwrap(), changed("draft\nmore"));
        assert_eq!(run(": > \"$1\"").unwrap(), Edited::Emptied);
        let windows = run("printf \"one\\r\\ntwo\\r\\n\" > \"$1\"").unwrap();
        assert_eq!(windows, changed("one\ntwo"));
        assert!(run("printf \"\\377\" > \"$1\"").is_err());
        assert_eq!(run("case $1 in *.md) echo yes > \"$1\";; esac").unwrap(), changed("yes"));
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_that_changes_nothing_gives_nothing() {
        for script in ["true", "exit 1", "kill -9 $$"] {
            let editor = format!("/bin/sh -c '{script}' editor");
            let edited = edit(Some(editor), "draft\n", ".md").unwrap();
            assert_eq!(edited, Edited::Unchanged);
        }
    }

    #[test]
    fn an_editor_that_cannot_be_run_is_an_error() {
        let error = edit(Some("/no/such/editor".to_owned()), "", ".md").unwrap_err();
        assert!(error.message.contains("/no/such/editor"));
        for nothing in ["", "  ", "# vi", "\\\n", "sh 'x", "''"] {
            let error = edit(Some(nothing.to_owned()), "", ".md").unwrap_err();
            assert_eq!(error.kind, Kind::Failure);
        }
    }

    #[test]
    fn an_editor_is_found_by_the_name_that_people_use() {
        let folder = tempfile::tempdir().unwrap();
        let folders = folder.path().as_os_str();
        assert_ne!(fallback(folders), "editor");
        for name in ["editor", "code.cmd"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(fallback(folders), if cfg!(windows) { "notepad.exe" } else { "editor" });
        let path = folder.path().join("code.cmd");
        let named = with_ending("code --wait", folders);
        assert_eq!(named, format!("'{}' --wait", path.display()));
        for as_it_is in ["code.cmd --wait", "vim", "\"C:\\a b\\code\" -w", "./code"] {
            assert_eq!(with_ending(as_it_is, folders), as_it_is);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_with_spaces_and_quotes_is_one_word() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("the editor's own");
        std::fs::write(&path, "#!/bin/sh\necho written > \"$1\"\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let editor = path.to_str().unwrap().to_owned();
        assert_eq!(edit(Some(editor), "", ".md").unwrap(), Edited::Changed("written".to_owned()));
    }
}
