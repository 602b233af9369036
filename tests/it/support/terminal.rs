//! The program on a pseudo-terminal, talked to as a person does.

use std::process::Command;
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Expect as _, Session};

use super::program::starting;

/// How long a person waits for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ctrl-C as a keyboard sends it.
pub(crate) const CTRL_C: &str = "\u{3}";
/// Ctrl-D as a terminal sends it.
pub(crate) const CTRL_D: &str = "\u{4}";

/// A conversation.
pub(crate) struct Terminal {
    session: OsSession,
    /// All that was shown so far, without what only moves the cursor or colours.
    shown: Vec<u8>,
    /// How much of it was waited for already.
    read: usize,
}

impl Terminal {
    /// Starts `command` on a terminal of its own.
    pub(crate) fn of(command: Command) -> Self {
        let session = starting(|| Session::spawn(command)).unwrap();
        Self { session, shown: Vec::new(), read: 0 }
    }

    /// Reads what is there; `false` at its end.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        loop {
            match self.session.try_read(&mut bytes) {
                Ok(0) => return false,
                Ok(count) => self.shown.extend_from_slice(&bytes[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return true,
                // The terminal is gone with its process.
                Err(_) => return false,
            }
        }
    }

    /// All that was shown, as text.
    pub(crate) fn shown(&self) -> String {
        plain(&String::from_utf8_lossy(&self.shown))
    }

    /// The same with colors and all.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    /// Waits until `text` is shown, after what was waited for before; returns what came up to it.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let came = self.until_end(text);
        assert!(
            came.is_some(),
            "`{text}` did not appear after {} characters of:\n{}",
            self.read,
            self.shown()
        );
        came.unwrap_or_default()
    }

    /// The same; nothing where the program ends without it.
    pub(crate) fn until_end(&mut self, text: &str) -> Option<String> {
        self.until(&|rest| Some(rest.find(text)? + text.len()))
    }

    /// Waits for whichever of `texts` is shown first, after what was waited for before; its place among them.
    #[track_caller]
    pub(crate) fn expect_any(&mut self, texts: &[&str]) -> usize {
        let first = |rest: &str| {
            let found = texts.iter().enumerate();
            let found = found.filter_map(|(place, text)| Some((rest.find(text)?, place)));
            found.min()
        };
        let end = |rest: &str| first(rest).map(|(at, place)| at + texts[place].len());
        let came = self.until(&end);
        assert!(came.is_some(), "none of {texts:?} appeared in:\n{}", self.shown());
        let found = came.as_deref().and_then(first);
        found.map_or(0, |(_, place)| place)
    }

    /// Waits until something is asked; `false` where the program ends without.
    pub(crate) fn is_asked(&mut self) -> bool {
        let ends = [": ", "] "];
        let asks = |rest: &str| ends.iter().any(|end| rest.ends_with(end)).then_some(rest.len());
        self.until(&asks).is_some()
    }

    /// Waits until `found` tells where in what was shown since to go on; returns what came up to there.
    fn until(&mut self, found: &dyn Fn(&str) -> Option<usize>) -> Option<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let open = self.read();
            let shown = self.shown();
            if let Some(end) = shown.get(self.read..).and_then(found) {
                let end = self.read + end;
                let came = shown[self.read..end].to_owned();
                self.read = end;
                return Some(came);
            }
            if !open || Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for `prompt` and answers it; returns what came before.
    #[track_caller]
    pub(crate) fn answer(&mut self, prompt: &str, typed: &str) -> String {
        let came = self.expect(prompt);
        self.reply(prompt, typed);
        came
    }

    /// Answers `prompt`, which was waited for, and waits until the answer is taken: its line ends then.
    #[track_caller]
    pub(crate) fn reply(&mut self, prompt: &str, typed: &str) {
        self.say(typed);
        let taken = self.until(&|rest| line_end(rest, typed));
        assert!(taken.is_some(), "`{prompt}` did not take `{typed}`:\n{}", self.shown());
    }

    /// Types a line.
    pub(crate) fn say(&mut self, text: &str) {
        self.send(&format!("{text}\r"));
    }

    /// Types.
    pub(crate) fn send(&mut self, text: &str) {
        self.session.send(text).unwrap();
    }

    /// Interrupts the program as another program does.
    pub(crate) fn interrupt(&self) {
        let pid = self.session.get_process().pid().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    /// Closes the window, and waits until the program has gone with it.
    pub(crate) fn hang_up(self) {
        let pid = self.session.get_process().pid();
        drop(self);
        super::until("the program has gone", || {
            !std::path::Path::new(&format!("/proc/{pid}/exe")).exists()
        });
    }

    /// Waits for the end; the exit code, and all that was shown.
    #[track_caller]
    pub(crate) fn end(mut self) -> (i32, String) {
        let deadline = Instant::now() + PATIENCE;
        while self.read() {
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.shown());
            std::thread::sleep(Duration::from_millis(5));
        }
        let code = match self.session.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            WaitStatus::Signaled(_, signal, _) => 128 + signal as i32,
            other => panic_at(&format!("{other:?}")),
        };
        (code, self.shown())
    }
}

#[expect(clippy::panic, reason = "a status that no ended process has")]
fn panic_at(what: &str) -> i32 {
    panic!("{what}")
}

/// Where the line ends that says `typed`, perhaps in several rows.
fn line_end(shown: &str, typed: &str) -> Option<usize> {
    shown.match_indices('\n').map(|(at, _)| at).find_map(|end| {
        let line = shown[..end].replace('\n', "");
        line.ends_with(typed).then_some(end + 1)
    })
}

/// Without escape sequences, and with plain line ends.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' if letters.peek() == Some(&'[') => {
                letters.next();
                letters.find(|end| ('@'..='~').contains(end));
            }
            // A link: its words stay.
            '\u{1b}' if letters.peek() == Some(&']') => {
                letters.find(|end| *end == '\\');
            }
            '\r' => {}
            other => out.push(other),
        }
    }
    out
}
