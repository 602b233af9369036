//! The person's own editor: started on a private file, whose text is taken once it was changed there. Instructions stand
//! below a line that is cut.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use super::decode::decoded;
use super::terminal::{Modal, Ui};
use super::words::words;
use crate::error::{Error, Kind, Result};
use crate::programs::Programs;
use crate::render::wrap;

/// Everything from this line on is instructions and is cut.
pub const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// What the first line below the cut says.
const CUT: &str = "Only the text above this line is sent.";

/// So many columns the instructions have: editors cut off what is wider than their window.
const WIDTH: usize = 76;

/// A template with instructions below the cut.
#[must_use]
pub fn with_instructions(text: &str, instructions: &str) -> String {
    let mut template = format!("{text}\n\n{SCISSORS}\n");
    let instructions = format!("{CUT}\n{instructions}");
    for line in wrap::page(&instructions, Some(WIDTH)).lines() {
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
    /// The editor was not started, for this reason.
    Unopened(String),
}

impl Edited {
    /// The same of an editor that was started.
    ///
    /// # Errors
    /// When it was not.
    pub fn opened(self) -> Result<Self> {
        match self {
            Self::Unopened(why) => Err(failed(why)),
            edited => Ok(edited),
        }
    }
}

impl Ui {
    /// Opens a text file in the editor (`VISUAL`, else `EDITOR`), and tells what became of what stands above the cut.
    ///
    /// # Errors
    /// When the file cannot be read, before or after.
    pub fn edit(&self, file: &Path) -> Result<Edited> {
        if !self.is_interactive() {
            return Err(Error::usage("cannot open an editor without a terminal"));
        }
        let _modal = self.enter(Modal::Editor);
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        edit(set("VISUAL").or_else(|| set("EDITOR")), file)
    }
}

fn failed(what: String) -> Error {
    let error = Error::new(Kind::Failure, what).nothing_sent();
    error.hint("set EDITOR, or use -m to pass the text")
}

fn edit(editor: Option<String>, file: &Path) -> Result<Edited> {
    let programs = Programs::of_process();
    let editor = editor.as_deref().unwrap_or_else(|| fallback(&programs));
    let before = text_of(file)?;
    let mut command = match command(editor, &programs) {
        Ok(command) => command,
        Err(why) => return Ok(Edited::Unopened(why)),
    };
    if let Err(error) = command.arg(file).status() {
        return Ok(Edited::Unopened(match error.kind() {
            ErrorKind::NotFound => {
                format!("the editor \"{editor}\" is not installed or not in PATH")
            }
            kind => format!("the editor \"{editor}\" failed: {kind}"),
        }));
    }
    Ok(match text_of(file)? {
        text if text == before => Edited::Unchanged,
        Some(text) => Edited::Changed(text),
        None => Edited::Emptied,
    })
}

/// What stands above the cut in a file.
fn text_of(file: &Path) -> Result<Option<String>> {
    let bytes = std::fs::read(file)
        .map_err(|error| failed(format!("cannot read the editor's file: {}", error.kind())))?;
    let text = decoded(&bytes).map_err(|why| {
        let error = Error::new(Kind::Failure, format!("the editor's file {why}"));
        error.nothing_sent().hint("save it as UTF-8")
    })?;
    Ok(above_the_cut(&text))
}

/// The editor where none was chosen: on Debian, the one that was chosen for the whole system.
fn fallback(programs: &Programs) -> &'static str {
    match cfg!(windows) {
        true => "notepad.exe",
        false if programs.find("editor").is_some() => "editor",
        false => "vi",
    }
}

/// Why nothing can be started.
const EMPTY: &str = "EDITOR is set to an empty command";

/// What `EDITOR` starts: words, quotes respected. One whose quotes stay open is taken for a name.
fn command(editor: &str, programs: &Programs) -> Result<Command, String> {
    // Of a comment, or of an escaped line's end, no word would be left.
    let first = editor.trim_start();
    if first.is_empty() || first.starts_with('#') || editor.contains('\n') {
        return Err(EMPTY.to_owned());
    }
    let words = words(editor).unwrap_or_else(|| vec![editor.to_owned()]);
    let [program, args @ ..] = words.as_slice() else {
        return Err(EMPTY.to_owned());
    };
    let mut command = Command::new(programs.to_start(program));
    command.args(args);
    Ok(command)
}

/// The text of a file as the editor leaves it, without the instructions; none where nothing is left.
#[must_use]
pub fn above_the_cut(text: &str) -> Option<String> {
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
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn instructions_are_cut() {
        let template =
            with_instructions("Replaced the roller", "The customer sees this.\n\nEmpty: cancel");
        assert!(template.contains("# The customer sees this.\n#\n# Empty: cancel\n"));
        assert!(template.contains(&format!("{SCISSORS}\n# {CUT}\n")));
        assert_eq!(above_the_cut(&template).as_deref(), Some("Replaced the roller"));
        assert_eq!(above_the_cut(&with_instructions("", "x")), None);
    }

    #[test]
    fn a_heading_is_text() {
        assert_eq!(above_the_cut("# a heading\n").as_deref(), Some("# a heading"));
    }

    /// What an editor makes of a text in a file of that name.
    fn edited(editor: &str, text: &str, name: &str) -> Result<Edited> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        edit(Some(editor.to_owned()), &file)
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_is_run_and_believed() {
        let run = |script: &str| {
            let editor = format!("/bin/sh -c '{script}' editor");
            edited(&editor, "draft\n", "text.md")
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
    fn a_text_in_other_letters_stays_in_its_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let editor = "/bin/sh -c 'printf \"Gr\\374\\337e\" > \"$1\"' editor".to_owned();
        let error = edit(Some(editor), file.path()).unwrap_err();
        assert!(error.hint_lines().any(|hint| hint == "save it as UTF-8"));
        assert_eq!(std::fs::read(file.path()).unwrap(), b"Gr\xfc\xdfe");
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_that_changes_nothing_gives_nothing() {
        for script in ["true", "exit 1", "kill -9 $$"] {
            let editor = format!("/bin/sh -c '{script}' editor");
            assert_eq!(edited(&editor, "draft\n", "text.md").unwrap(), Edited::Unchanged);
        }
    }

    #[test]
    fn an_editor_that_cannot_be_run_is_an_error() {
        let unopened = |editor: &str| edited(editor, "", "text.md").unwrap().opened().unwrap_err();
        assert!(unopened("/no/such/editor").message.contains("/no/such/editor"));
        for nothing in ["", "  ", "# vi", "\\\n", "sh 'x", "''"] {
            assert_eq!(unopened(nothing).kind, Kind::Failure);
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
        let edited = edited(&editor, "draft\n", "text.md").unwrap();
        assert_eq!(edited, Edited::Changed("draft\nmore".to_owned()));
    }

    #[test]
    fn an_editor_is_named_as_it_was_typed() {
        let typed = r"C:\nosuch\code.exe --wait";
        let error = edited(typed, "", "text.md").unwrap().opened().unwrap_err();
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
        let edited = edited(&editor, "", "text.md").unwrap();
        assert_eq!(edited, Edited::Changed("written".to_owned()));
    }
}
