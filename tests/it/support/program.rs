//! The program as a process: started, awaited with a deadline, killed.

use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No run takes longer, or it hangs.
const PATIENCE: Duration = Duration::from_secs(100);

/// Held while a process is started: a terminal's descriptors must not leak into another test's process.
static STARTING: Mutex<()> = Mutex::new(());

pub(super) fn starting<T>(start: impl FnOnce() -> T) -> T {
    let _held = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    start()
}

/// Starts a program. Now and then Wine fails to, with an internal error, before anything of the program has run.
fn started(command: &mut Command) -> std::io::Result<Child> {
    const INTERNAL_ERROR: i32 = 1359;
    for _ in 0..3 {
        match starting(|| command.spawn()) {
            Err(error) if cfg!(windows) && error.raw_os_error() == Some(INTERNAL_ERROR) => {}
            spawned => return spawned,
        }
    }
    starting(|| command.spawn())
}

/// What a run has left.
#[derive(Clone, Debug)]
#[must_use = "a run that nobody looks at tests nothing"]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// -1 when it was killed.
    pub(crate) code: i32,
}

impl Ran {
    /// The one JSON value on stdout, if it is that and nothing else.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.stdout).ok()
    }

    /// The error on stderr under `--json`.
    pub(crate) fn error(&self) -> Value {
        let line = self.stderr.lines().find(|line| line.starts_with("{\"error\""));
        let value: Value =
            line.and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
        value["error"].clone()
    }

    /// The end in a few words: the code, what became of each write, the error.
    pub(crate) fn brief(&self) -> String {
        let json = self.json().unwrap_or_default();
        let writes = json["writes"].as_array().cloned().unwrap_or_default();
        let fates: Vec<String> =
            writes.iter().map(|write| format!("{} {}", write["step"], write["outcome"])).collect();
        let (outcome, error) = (&json["outcome"], self.error());
        format!(
            "exit {}, {outcome} [{}] {} {}",
            self.code,
            fates.join(", "),
            error["message"],
            error["hint"]
        )
    }

    /// The page on stdout but for its own web address, which is another one on each server.
    pub(crate) fn page(&self) -> String {
        let lines = self.stdout.lines().filter(|line| !line.starts_with("Web "));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Fails with both streams unless it ended so.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Fails unless it ended well without a write, since all is so already.
    #[track_caller]
    pub(crate) fn is_so_already(&self) {
        self.ends(0);
        let (text, writes) = match self.json() {
            Some(json) => (json["already"].to_string(), json["writes"].clone()),
            None => (self.stdout.clone(), Value::Array(Vec::new())),
        };
        assert!(text.contains("already") && writes.as_array().is_some_and(Vec::is_empty), "{self}");
    }

    /// Fails unless stderr has the text.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "`{text}` is not said: {self}");
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n-- stdout\n{}\n-- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// A run under way; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

/// What comes from one of its streams.
struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Stream {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let thread = std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut part) {
                kept.lock().unwrap().extend_from_slice(&part[..count]);
            }
        });
        Self { bytes, thread: Some(thread) }
    }

    fn so_far(&self) -> String {
        String::from_utf8(self.bytes.lock().unwrap().clone()).unwrap()
    }

    /// All of it, once the process has ended.
    fn whole(&mut self) -> String {
        self.thread.take().unwrap().join().unwrap();
        self.so_far()
    }
}

impl Running {
    /// Starts `command` with nothing on its stdin.
    pub(crate) fn start(command: Command) -> Self {
        Self::start_on(command, Stdio::null())
    }

    /// Starts `command` with these bytes on its stdin, which should be few enough for a pipe.
    pub(crate) fn fed(command: Command, bytes: &[u8]) -> Self {
        let mut running = Self::start_on(command, Stdio::piped());
        let mut stdin = running.child.stdin.take().unwrap();
        // It may have ended without reading them.
        let _written = stdin.write_all(bytes);
        running
    }

    fn start_on(mut command: Command, stdin: Stdio) -> Self {
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = started(&mut command).unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self { child, stdout: Stream::of(stdout), stderr: Stream::of(stderr) }
    }

    /// What it has written to stdout by now.
    pub(crate) fn stdout_so_far(&self) -> String {
        self.stdout.so_far()
    }

    /// Waits until it has computed for a second, which is much more than it needs for anything but a task without end.
    #[cfg(unix)]
    pub(crate) fn until_busy(&self) {
        let id = self.child.id().to_string();
        super::until("it computes", || {
            let ps = Command::new("ps").args(["-o", "time=", "-p", &id]).output().unwrap();
            let time = String::from_utf8(ps.stdout).unwrap();
            // Hours, minutes and seconds: any that is not zero will do, but for the parts of a second that some show.
            let whole = time.trim().split('.').next().unwrap_or_default();
            whole.contains(|digit: char| ('1'..='9').contains(&digit))
        });
    }

    /// What Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let kill = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) -> Ran {
        let has_ended = self.child.try_wait().unwrap().is_some();
        self.child.kill().unwrap();
        let ran = self.wait();
        // Windows has no signals: who is ended there has a code like any other.
        if cfg!(windows) && !has_ended { Ran { code: -1, ..ran } } else { ran }
    }

    /// Ends it at once when so much time has passed, unless it has ended before.
    pub(crate) fn kill_after(self, time: Duration) -> Ran {
        let until = Instant::now() + time;
        self.kill_when(|| Instant::now() >= until, Duration::ZERO)
    }

    /// Ends it at once so long after that has come, unless it has ended before.
    pub(crate) fn kill_when(mut self, mut has_come: impl FnMut() -> bool, later: Duration) -> Ran {
        while !has_come() && self.child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(500));
        }
        std::thread::sleep(later);
        self.kill()
    }

    /// Waits for its end, and says how much memory it had at most, in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait_measured(mut self) -> (Ran, u64) {
        let (exe, status) =
            (format!("/proc/{}/exe", self.child.id()), format!("/proc/{}/status", self.child.id()));
        let mut most = 0;
        while self.child.try_wait().unwrap().is_none() {
            // For a moment after its start it still has the memory of the test that starts it.
            if !std::fs::read_link(&exe).is_ok_and(|exe| exe.ends_with("syncro")) {
                continue;
            }
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let amount = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            most = amount.unwrap_or(0).max(most);
            std::thread::sleep(Duration::from_millis(2));
        }
        (self.wait(), most)
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ran {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                self.child.kill().unwrap();
                break self.child.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        Ran {
            stdout: self.stdout.whole(),
            stderr: self.stderr.whole(),
            code: status.code().unwrap_or(-1),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has usually ended already.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}
