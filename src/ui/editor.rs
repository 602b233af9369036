//! The person's own editor, for comments: started on a private file, its text taken when it ends well. Instructions
//! stand below a line that is cut.

use std::io::Write;
use std::process::Command;

use super::{Modal, Ui};
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

impl Ui {
    /// Opens `template` in the editor (`VISUAL`, else `EDITOR`) as a file ending in `extension` (`.md`), and returns
    /// what is left of it above the cut; `None` when that is nothing.
    ///
    /// # Errors
    /// Cancelled when the editor says that it failed; otherwise when it cannot be run.
    pub fn editor(&self, template: &str, extension: &str) -> Result<Option<String>> {
        if !self.is_interactive() {
            return Err(Error::usage("there is no terminal to open an editor on"));
        }
        let _modal = self.enter(Modal::Editor);
        let set = |name: &str| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        };
        edit(set("VISUAL").or_else(|| set("EDITOR")), template, extension)
    }
}

fn edit(editor: Option<String>, template: &str, extension: &str) -> Result<Option<String>> {
    let failed = |what: &str, error: &std::io::Error| {
        Error::new(Kind::Failure, format!("{what}: {}", error.kind()))
    };
    let fallback = if cfg!(windows) { "notepad.exe" } else { "vi" };
    let words = split(editor.as_deref().unwrap_or(fallback))?;
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| Error::new(Kind::Failure, "EDITOR names no program"))?;

    let mut file = tempfile::Builder::new()
        .prefix("syncro-")
        .suffix(extension)
        .tempfile()
        .map_err(|error| failed("no file for the editor could be made", &error))?;
    // Editors expect the last line to end, too.
    file.write_all(format!("{}\n", template.trim_end_matches('\n')).as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| failed("the editor's file could not be written", &error))?;
    // Closed before the editor opens it, which Windows insists on; removed when `path` is dropped.
    let path = file.into_temp_path();

    let status = Command::new(program)
        .args(arguments)
        .arg(&path)
        .status()
        .map_err(|error| {
            failed(
                &format!("the editor {program:?} could not be started"),
                &error,
            )
            .hint("set EDITOR, or give the text with -m, --file or - (stdin)")
        })?;
    if !status.success() {
        return Err(Error::new(
            Kind::Cancelled,
            "the editor ended with a failure; its text is not used",
        ));
    }
    let bytes = std::fs::read(&path)
        .map_err(|error| failed("the editor's file could not be read", &error))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::new(Kind::Failure, "the editor's file is not UTF-8"))?;
    Ok(above_the_cut(&text))
}

/// The words of `EDITOR`, quotes respected. On Windows a backslash is part of a path, and a value that is a file's
/// whole path is one word, spaces and all.
fn split(editor: &str) -> Result<Vec<String>> {
    if std::path::Path::new(editor).is_file() {
        return Ok(vec![editor.to_owned()]);
    }
    let editor = if cfg!(windows) {
        editor.replace('\\', "\\\\")
    } else {
        editor.to_owned()
    };
    shell_words::split(&editor)
        .map_err(|_| Error::new(Kind::Failure, "EDITOR has an unclosed quote"))
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
        let template = with_instructions(
            "Replaced the roller",
            "The customer sees this.\n\nEmpty: cancel",
        );
        assert!(template.contains("# The customer sees this.\n#\n# Empty: cancel\n"));
        assert_eq!(
            above_the_cut(&template).as_deref(),
            Some("Replaced the roller")
        );
        assert_eq!(above_the_cut(&with_instructions("", "x")), None);
    }

    #[test]
    fn text_from_windows_is_read() {
        assert_eq!(
            above_the_cut("\u{feff}one\r\n\r\n  two  \r\n").as_deref(),
            Some("one\n\n  two")
        );
        assert_eq!(
            above_the_cut("# a heading\n").as_deref(),
            Some("# a heading")
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_is_run_and_believed() {
        let run = |script: &str| {
            let editor = format!("/bin/sh -c '{script}' editor");
            edit(Some(editor), "draft\n", ".md")
        };
        assert_eq!(
            run("echo more >> \"$1\"").unwrap().as_deref(),
            Some("draft\nmore")
        );
        assert_eq!(run("true").unwrap().as_deref(), Some("draft"));
        assert_eq!(run(": > \"$1\"").unwrap(), None);
        assert_eq!(run("exit 1").unwrap_err().kind, Kind::Cancelled);
        let error = edit(Some("/no/such/editor".to_owned()), "", ".md").unwrap_err();
        assert!(error.message.contains("/no/such/editor"));
        assert!(edit(Some("sh 'x".to_owned()), "", ".md").is_err());
    }
}
