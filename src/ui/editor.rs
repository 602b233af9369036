//! The person's own editor, for comments: started on a private file; a text that was changed there is taken.
//! Instructions stand below a line that is cut.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::Command;

use super::decode::decoded;
use super::terminal::{Modal, Ui};
use super::words::words;
use crate::error::{Error, Kind, Result};
use crate::private;
use crate::programs::Programs;
use crate::render::wrap;

/// Everything from this line on is instructions and is cut.
pub const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// So many columns the instructions have: editors cut off what is wider than their window.
const WIDTH: usize = 76;

/// A template with instructions below the cut.
#[must_use]
pub fn with_instructions(text: &str, instructions: &str) -> String {
    let mut template = format!("{text}\n\n{SCISSORS}\n");
    for line in wrap::page(instructions, Some(WIDTH)).lines() {
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
    let programs = Programs::of_process();
    let editor = editor.as_deref().unwrap_or_else(|| fallback(&programs));
    let failed = |what: String| {
        let error = Error::new(Kind::Failure, what).nothing_sent();
        error.hint("set EDITOR, or use -m to pass the text")
    };
    let mut command = command(editor, &programs)?;
    // Editors expect the last line to end, too.
    let text = format!("{}\n", template.trim_end_matches('\n'));
    let draft = Draft::new(&text, extension)
        .map_err(|error| failed(format!("cannot write a file for the editor: {}", error.kind())))?;
    command.arg(&draft.0).status().map_err(|error| {
        failed(match error.kind() {
            ErrorKind::NotFound => {
                format!("the editor \"{editor}\" is not installed or not in PATH")
            }
            kind => format!("the editor \"{editor}\" failed: {kind}"),
        })
    })?;
    let bytes = std::fs::read(&draft.0)
        .map_err(|error| failed(format!("cannot read the editor's file: {}", error.kind())))?;
    let edited = match decoded(&bytes) {
        Ok(edited) => edited,
        Err(why) => {
            let file = draft.kept();
            let error = Error::new(Kind::Failure, format!("the editor's file {why}"));
            let hint = format!("your text is in {}: save it as UTF-8", file.display());
            return Err(error.nothing_sent().hint(hint));
        }
    };
    let kept = above_the_cut(&edited);
    Ok(match kept {
        kept if kept == above_the_cut(&text) => Edited::Unchanged,
        Some(kept) => Edited::Changed(kept),
        None => Edited::Emptied,
    })
}

/// The editor where none was chosen: on Debian, the one that was chosen for the whole system.
fn fallback(programs: &Programs) -> &'static str {
    match cfg!(windows) {
        true => "notepad.exe",
        false if programs.find("editor").is_some() => "editor",
        false => "vi",
    }
}

/// What `EDITOR` starts: words, quotes respected. One whose quotes stay open is taken for a name.
fn command(editor: &str, programs: &Programs) -> Result<Command> {
    // Of a comment, or of an escaped line's end, no word would be left.
    let first = editor.trim_start();
    if first.is_empty() || first.starts_with('#') || editor.contains('\n') {
        return Err(Error::new(Kind::Failure, "EDITOR is set to an empty command"));
    }
    let words = words(editor).unwrap_or_else(|| vec![editor.to_owned()]);
    let [program, args @ ..] = words.as_slice() else {
        return Err(Error::new(Kind::Failure, "EDITOR is set to an empty command"));
    };
    let mut command = Command::new(programs.to_start(program));
    command.args(args);
    Ok(command)
}

/// A text in a private file, which goes when this is dropped. It is closed: on Windows, Notepad cannot save what another
/// program holds open.
struct Draft(PathBuf);

impl Draft {
    fn new(text: &str, extension: &str) -> io::Result<Self> {
        let name = format!("syncro-{:016x}{extension}", fastrand::u64(..));
        let draft = Self(std::env::temp_dir().join(name));
        private::anew(&draft.0, text.as_bytes())?;
        Ok(draft)
    }

    /// Leaves the file where it is, since it is all that there is of the text.
    fn kept(self) -> PathBuf {
        let file = self.0.clone();
        std::mem::forget(self);
        file
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // The editor may have taken it away.
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

fn above_the_cut(text: &str) -> Option<String> {
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
    fn a_heading_is_text() {
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
        let marked =
            run("printf \"\\357\\273\\277one\\r\\n\\r\\n  two  \\r\\n\" > \"$1\"").unwrap();
        assert_eq!(marked, changed("one\n\n  two"));
        let wide = run("printf \"\\377\\376o\\0k\\0\" > \"$1\"").unwrap();
        assert_eq!(wide, changed("ok"));
        assert_eq!(run("case $1 in *.md) echo yes > \"$1\";; esac").unwrap(), changed("yes"));
    }

    /// What cannot be read as text was written all the same.
    #[cfg(unix)]
    #[test]
    fn a_text_in_other_letters_stays_where_it_is_named() {
        let editor = "/bin/sh -c 'printf \"Gr\\374\\337e\" > \"$1\"' editor".to_owned();
        let error = edit(Some(editor), "", ".md").unwrap_err();
        let hint = error.hint_lines().next().unwrap();
        let file = hint.strip_prefix("your text is in ").unwrap().split_once(": ").unwrap().0;
        assert_eq!(std::fs::read(file).unwrap(), b"Gr\xfc\xdfe");
        std::fs::remove_file(file).unwrap();
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
        let path = folder.path().join("the code.cmd");
        let of = |has_endings| {
            Programs::of(has_endings, |name| (name == "PATH").then(|| folder.path().into()))
        };
        assert_ne!(fallback(&of(false)), "editor");
        for name in ["editor", "editor.exe", "the code.cmd"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let usual = if cfg!(windows) { "notepad.exe" } else { "editor" };
        assert_eq!(fallback(&of(cfg!(windows))), usual);
        let started = |typed: &str| {
            let command = command(typed, &of(true)).unwrap();
            let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
            (PathBuf::from(command.get_program()), args.collect::<Vec<_>>())
        };
        assert_eq!(started("'the code' --wait"), (path, vec!["--wait".to_owned()]));
        for (typed, program) in [
            ("code.cmd", "code.cmd"),
            ("vim", "vim"),
            ("'C:\\a b\\code'", "C:\\a b\\code"),
            ("sh 'x", "sh 'x"),
        ] {
            assert_eq!(started(typed), (program.into(), vec![]));
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_script_of_windows_writes_the_file_that_nobody_holds_open() {
        let folder = tempfile::tempdir().unwrap();
        let script = "@echo off\r\nif \"%~1\"==\"--wait\" echo more>>%2\r\n";
        std::fs::write(folder.path().join("ed.cmd"), script).unwrap();
        let editor = format!("\"{}\" --wait", folder.path().join("ed").display());
        let edited = edit(Some(editor), "draft", ".md").unwrap();
        assert_eq!(edited, Edited::Changed("draft\nmore".to_owned()));
    }

    #[test]
    fn an_editor_is_named_as_it_was_typed() {
        let typed = r"C:\nosuch\code.exe --wait";
        let error = edit(Some(typed.to_owned()), "", ".md").unwrap_err();
        let said = format!("the editor \"{typed}\" is not installed or not in PATH");
        assert_eq!(error.message, said);
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
