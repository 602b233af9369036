//! Obtaining the key, when the first request needs it: from where it stands, a file, the keyring or a command. A key
//! command runs without a shell; nothing that it prints is
//! ever shown, on either stream, since a failing one may print the very secret.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{KeySource, keyring};
use crate::api::ApiKey;
use crate::error::{Error, Result};
use crate::programs;

/// How long a key command may take: it may have to ask a person for a passphrase.
const PATIENCE: Duration = Duration::from_secs(30);
/// A first line longer than this is no key.
const LONGEST: usize = 4096;
/// How often a running command is looked at.
const TICK: Duration = Duration::from_millis(5);

impl KeySource {
    /// The key, running the key command if there is one. Blocks for as long as that takes.
    ///
    /// # Errors
    /// Exit 10: no key was given, or the command failed; never with anything of its output.
    pub fn read(&self) -> Result<ApiKey> {
        match self {
            Self::Missing => Err(Error::configuration("no API key is set")
                .next("init", "set one up")
                .hint("or set SYNCRO_API_KEY; --sandbox needs none")),
            Self::Given(key) => Ok(key.clone()),
            Self::Command(command) => run(command, PATIENCE),
            Self::File(path) => of_file(path),
            Self::Keyring(entry) => of_keyring(entry),
        }
    }
}

/// The first line of `api_key_file`.
fn of_file(path: &Path) -> Result<ApiKey> {
    let failed = |why: &str| {
        Error::configuration(format!("api_key_file ({}) {why}", path.display()))
            .next("init", "write it again")
    };
    let mut bytes = Vec::new();
    let limit = u64::try_from(4 * LONGEST).unwrap_or(u64::MAX);
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| failed(&format!("cannot be read: {}", in_words(error.kind()))))?;
    let line = text_line(&bytes).map_err(failed)?;
    checked(&line).map_err(failed)
}

/// That a file has a key and nothing else.
///
/// # Errors
/// Exit 10 when it has none or cannot be read, 5 when it has more than that.
pub(super) fn only_a_key(path: &Path) -> Result<()> {
    of_file(path)?;
    let bytes = std::fs::read(path).map_err(|error| {
        let why = in_words(error.kind());
        Error::configuration(format!("{} cannot be read: {why}", path.display()))
    })?;
    let mut rest = bytes.split(|byte| *byte == b'\n').skip(1).flatten();
    // In UTF-16, each letter of a text has a second byte.
    match rest.all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        true => Ok(()),
        false => Err(Error::refused(format!("{} contains more than the key", path.display()))
            .hint("remove the key's line by hand")),
    }
}

/// The first line of a text in UTF-8, or in UTF-16 with a mark, as PowerShell writes it.
pub(super) fn text_line(bytes: &[u8]) -> Result<String, &'static str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "contains no text")
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => line_of(rest)?,
        bytes => line_of(bytes)?,
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Up to the line's end: what follows need not be text.
fn line_of(bytes: &[u8]) -> Result<String, &'static str> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8(line.to_vec()).map_err(|_| "contains no text")
}

/// The entry of the system's keyring.
fn of_keyring(entry: &str) -> Result<ApiKey> {
    let failed = |why: &str| {
        Error::configuration(format!("api_key_keyring ({entry}): {why}"))
            .next("init", "store the key again; --key-store file uses a file")
    };
    let text = keyring::read(entry).map_err(|why| failed(&why))?;
    checked(&text).map_err(failed)
}

/// The usual failures as people know them; the library's own words are for programmers.
pub(super) fn in_words(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "it was not found".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        other => other.to_string(),
    }
}

/// A key as it may be sent: printable ASCII without white space, since it travels in an address or a header.
pub(super) fn checked(text: &str) -> Result<ApiKey, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        Err("contains no key")
    } else if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err("contains something that is not an API key")
    } else {
        Ok(ApiKey::new(text))
    }
}

fn run(command: &[String], patience: Duration) -> Result<ApiKey> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| Error::configuration("api_key_command is empty"))?;
    let failed = |why: String| {
        Error::configuration(format!("api_key_command ({program}) {why}"))
            .hint("run the command by hand to see why; its output is never shown here")
    };
    let deadline = Instant::now() + patience;
    let mut child = programs::command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => not_found(program),
            kind => failed(format!("could not be started: {}", in_words(kind))),
        })?;

    let line = first_line(&mut child);
    let late = || failed(format!("did not answer within {} s", patience.as_secs()));
    let Some(status) = wait(&mut child, deadline) else {
        // Best effort: a command that cannot be killed is as late as one that can.
        drop(child.kill());
        drop(child.wait());
        return Err(late());
    };
    if !status.success() {
        let how = status
            .code()
            .map_or_else(|| "was killed".to_owned(), |code| format!("ended with {code}"));
        return Err(failed(how));
    }
    // A process that the command left behind may hold the pipe open: the line counts, not the end of the stream.
    let rest = deadline.saturating_duration_since(Instant::now()).max(TICK);
    let line = line.recv_timeout(rest).map_err(|_| late())?;
    let text = String::from_utf8(line).map_err(|_| failed("did not print text".to_owned()))?;
    checked(&text).map_err(|why| failed(format!("printed a first line that {why}")))
}

/// A program that is not there is the usual mistake of a new machine.
fn not_found(program: &str) -> Error {
    let named = Path::new(program).components().count() > 1;
    let place = if named { "" } else { " in PATH" };
    let error = Error::configuration(format!(
        "api_key_command: the program {program} was not found{place}"
    ));
    let there = "install it, or use its full path as the first word of api_key_command";
    if program.contains(char::is_whitespace) {
        error.hint("write each word as a separate string: [\"pass\", \"show\", \"syncro\"]")
    } else {
        error.hint(there)
    }
}

/// Hands over the first line, then reads on to the end, so that the command never stalls on a full pipe.
fn first_line(child: &mut Child) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut line = Vec::new();
            let mut sender = Some(sender);
            let mut chunk = [0; 1024];
            while let Ok(length) = stdout.read(&mut chunk) {
                let Some(chunk) = chunk.get(..length).filter(|chunk| !chunk.is_empty()) else {
                    break;
                };
                if sender.is_none() {
                    continue;
                }
                let end = chunk.iter().position(|&byte| byte == b'\n');
                line.extend_from_slice(chunk.get(..end.unwrap_or(length)).unwrap_or(chunk));
                if end.is_some() || line.len() > LONGEST {
                    sender.take().map(|sender| sender.send(std::mem::take(&mut line)));
                }
            }
            sender.map(|sender| sender.send(line))
        });
    }
    receiver
}

/// How the command ended, or `None` when it has not by the deadline.
fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(TICK),
            _ => return None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_says_how_to_set_one() {
        let error = KeySource::Missing.read().unwrap_err();
        assert_eq!(error.kind.exit_code(), 10);
        let hints = error.hint_lines().collect::<Vec<_>>().join(" ");
        assert!(hints.contains("SYNCRO_API_KEY") && hints.contains("--sandbox"), "{hints}");
    }

    #[test]
    fn only_printable_keys_without_spaces_count() {
        assert!(checked(" T123-abc\r\n").is_ok());
        for bad in ["", "  ", "two words", "tab\there", "clé", &"x".repeat(5000)] {
            assert!(checked(bad).is_err());
        }
    }

    #[test]
    fn the_first_line_of_a_file_is_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("acme.key");
        let of = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            KeySource::File(path.clone()).read()
        };
        assert!(of(b"T1-secret\r\nsecond line \xff").is_ok());
        assert!(of(b"\xef\xbb\xbfT1-secret\n").is_ok());
        assert!(of(b"\xff\xfeT\x001\x00\r\x00\n\x00").is_ok());
        assert!(of(b"\xfe\xff\x00T\x001").is_ok());
        for bytes in [&b""[..], b"\nT1-secret", b"T1-secret two", b"\xffT1-secret", &[b'x'; 5000]] {
            let error = of(bytes).unwrap_err();
            assert_eq!(error.kind.exit_code(), 10);
            assert!(!format!("{error:?}").contains("secret"), "{error}");
        }
        let gone = KeySource::File(folder.path().join("gone")).read().unwrap_err();
        assert!(gone.message.ends_with("it was not found"), "{gone}");
    }

    /// A script of Windows is found and run by the name that people type, without its ending.
    #[cfg(windows)]
    #[test]
    fn a_script_of_windows_says_the_key() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.cmd"), "@echo T1-secret\r\n").unwrap();
        let named = folder.path().join("key").to_str().unwrap().to_owned();
        assert!(run(&[named], PATIENCE).is_ok());
    }

    #[cfg(unix)]
    mod commands {
        use super::*;

        fn shell(script: &str, patience: Duration) -> Result<ApiKey> {
            run(&["/bin/sh", "-c", script].map(str::to_owned), patience)
        }

        #[test]
        fn the_first_line_is_the_key() {
            assert!(shell("printf 'T1\\r\\nsecond\\n'", PATIENCE).is_ok());
            assert!(shell("printf T1", PATIENCE).is_ok());
        }

        #[test]
        fn a_long_rest_does_not_stall_the_command() {
            let script = "echo T1; head -c 1000000 /dev/zero";
            assert!(shell(script, PATIENCE).is_ok());
        }

        #[test]
        fn failures_never_show_output() {
            for script in [
                "echo T-secret; echo T-secret >&2; exit 3",
                "printf 'T-secret with spaces'",
                "printf '\\377T-secret'",
                "true",
            ] {
                let error = shell(script, PATIENCE).unwrap_err();
                assert_eq!(error.kind.exit_code(), 10);
                let shown =
                    format!("{error:?} {}", error.hint_lines().collect::<Vec<_>>().join(" "));
                assert!(!shown.contains("T-secret"), "{shown}");
            }
        }

        #[test]
        fn a_hanging_command_is_ended() {
            let error = shell("exec sleep 60", Duration::from_millis(100)).unwrap_err();
            assert!(error.message.contains("did not answer"));
        }

        #[test]
        fn what_cannot_be_started_is_named() {
            for (program, said) in [
                ("/no/such/program", "the program /no/such/program was not found"),
                ("no-such-program", "the program no-such-program was not found in PATH"),
                ("/tmp", "could not be started: permission denied"),
            ] {
                let error = run(&[program.to_owned()], PATIENCE).unwrap_err();
                assert!(error.message.ends_with(said), "{error}");
            }
            let error = run(&["pass show".to_owned()], PATIENCE).unwrap_err();
            assert!(error.hint_lines().any(|hint| hint.contains("each word")));
        }

        #[test]
        fn no_shell_touches_the_arguments() {
            let key = run(&["/bin/echo", "$HOME;*"].map(str::to_owned), PATIENCE);
            assert!(key.is_ok());
        }
    }
}
