//! What was typed at prompts before: a small private file a kind of prompt. Nobody's answer waits for one: a file that
//! is missing or broken is an empty one, and one that cannot be written is done without.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::draft::credentials;
use crate::private;

/// Below the state folder: that of all prompts, and in it that of an account.
const LEVELS: usize = 2;

/// So many lines of each kind of prompt are remembered.
const LINES: usize = 100;

/// No line that is remembered is longer, in bytes.
const LONGEST: usize = 4_000;

/// No file is larger: every byte of a line takes six at most.
const LARGEST: u64 = 100 * (6 * 4_000 + 3) + 2;

/// The lines that were typed before.
#[derive(Debug, Clone)]
pub struct History {
    folder: PathBuf,
}

impl History {
    /// The one kept in `state_dir` of the account called `whose`. Nothing is made before it is needed.
    #[must_use]
    pub fn new(state_dir: &Path, whose: &str) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        let whose: String = whose.chars().map(plain).collect();
        Self { folder: state_dir.join("prompts").join(whose) }
    }

    /// What was typed at prompts of this kind, latest last.
    #[must_use]
    pub fn of(&self, kind: &str) -> Vec<String> {
        let read = || read(&self.path(kind));
        private::no_links(&self.folder, LEVELS).and_then(|()| read()).unwrap_or_default()
    }

    /// Remembers a line, but for one that may be a secret.
    pub fn add(&self, kind: &str, line: &str) {
        if line.trim().is_empty() || line.len() > LONGEST || is_secret(line) {
            return;
        }
        let mut lines = self.of(kind);
        lines.retain(|old| old != line);
        lines.push(line.to_owned());
        let first = lines.len().saturating_sub(LINES);
        let path = self.path(kind);
        let fresh = path.with_extension(format!("{}.tmp", std::process::id()));
        if self.write(&path, &fresh, &lines[first..]).is_err() {
            fs::remove_file(&fresh).unwrap_or_default();
        }
    }

    /// Renamed into place, so that a second process never reads half a file.
    fn write(&self, path: &Path, fresh: &Path, lines: &[String]) -> io::Result<()> {
        let json = serde_json::to_vec(lines).map_err(io::Error::other)?;
        private::make_nested_folder(&self.folder, LEVELS)?;
        private::anew(fresh, &json)?;
        fs::rename(fresh, path)
    }

    fn path(&self, kind: &str) -> PathBuf {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let name: String = kind.chars().map(plain).collect();
        self.folder.join(format!("{name}.json"))
    }
}

/// A word and its value may be on two lines.
fn is_secret(line: &str) -> bool {
    let joined = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let looks = [credentials::find(line), credentials::find(&joined)];
    looks.iter().any(Option::is_some) || credentials::find_across(line).is_some()
}

fn read(path: &Path) -> io::Result<Vec<String>> {
    let file = private::file(OpenOptions::new().read(true)).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut json = Vec::new();
    file.take(LARGEST).read_to_end(&mut json)?;
    serde_json::from_slice(&json).map_err(io::Error::other)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_and_the_latest_stay() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path(), "acme.example");
        for number in 0..150 {
            history.add("Comment", &format!("line {number}"));
        }
        for line in ["two\nlines", "line 148", "  ", &"long ".repeat(LONGEST)] {
            history.add("Comment", line);
        }
        let lines = history.of("Comment");
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0], "line 51");
        assert_eq!(lines[LINES - 3..], ["line 149", "two\nlines", "line 148"]);
        assert!(history.of("../Comment").is_empty());
        assert!(folder.path().join("prompts/acme.example/comment.json").is_file());
    }

    #[test]
    fn no_secret_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path(), "acme.example");
        for secret in [
            "password: hunter-two",
            "The password is\nhunter-2",
            "T1234567890abcdef1-1234567890abcdef1234567890abcdef12",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "Password:\nhunter-2",
        ] {
            history.add("Comment", secret);
        }
        assert_eq!(history.of("Comment"), [""; 0]);
    }

    #[test]
    fn a_file_that_cannot_be_used_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path(), "acme.example");
        history.add("Comment", "one");
        let path = history.path("Comment");
        fs::write(&path, "[\"one\", 2").unwrap();
        assert!(history.of("Comment").is_empty());
        history.add("Comment", "two");
        assert_eq!(history.of("Comment"), ["two"]);
        let nowhere = History::new(&path, "acme.example");
        nowhere.add("Comment", "three");
        assert!(nowhere.of("Comment").is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it_and_no_link_leads_it_elsewhere() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path(), "acme.example");
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "[\"not ours\"]").unwrap();
        private::make_folder(&history.folder).unwrap();
        symlink(&elsewhere, history.path("Comment")).unwrap();
        assert!(history.of("Comment").is_empty());
        history.add("Comment", "one");
        assert_eq!(history.of("Comment"), ["one"]);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "[\"not ours\"]");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&history.path("Comment")), 0o600);
        assert_eq!(mode(&history.folder), 0o700);
    }
}
