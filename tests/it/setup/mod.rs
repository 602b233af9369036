//! Setting up: `init`, `config`, `whoami`, `doctor`, `logout`, `completions`.

mod completions;
pub(crate) mod doctor;
mod doctor_account;
mod init;
mod init_files;
#[cfg(unix)]
mod init_terminal;
mod logout;
mod settings;
mod way;
mod whoami;

use std::path::{Path, PathBuf};
use std::process::Command;

use syncro::sandbox::KEY;

use crate::support::{Office, Ran, Running, TestEnv, files};
use programs::{FAILS, SAYS, SHOWS};

/// A key that no server takes, and that stands out wherever it would show.
const WRONG: &str = "wrong-key-0f1e2d3c-for-tests";

/// What prints a text, what prints a file, and what fails, on this system.
#[cfg(unix)]
mod programs {
    pub(super) const SAYS: &[&str] = &["/bin/echo"];
    pub(super) const SHOWS: &[&str] = &["/bin/cat"];
    pub(super) const FAILS: &[&str] = &["/bin/false"];
}

#[cfg(not(unix))]
mod programs {
    pub(super) const SAYS: &[&str] = &["cmd", "/c", "echo"];
    pub(super) const SHOWS: &[&str] = &["cmd", "/c", "type"];
    pub(super) const FAILS: &[&str] = &["cmd", "/c", "exit", "1"];
}

/// `api_key_command` of these words.
fn key_command(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("api_key_command = [{}]", words.join(", "))
}

/// A newcomer to the account: no configuration, no key in the environment, and the address of the practice server.
struct Newcomer {
    env: TestEnv,
}

impl Newcomer {
    fn new() -> Self {
        Self { env: TestEnv::new() }
    }

    fn with(faults: &[&str]) -> Self {
        Self { env: TestEnv::with(faults) }
    }

    /// Where the configuration will be.
    fn config(&self) -> PathBuf {
        self.folder().join("config.toml")
    }

    fn folder(&self) -> PathBuf {
        self.env.dir().join("new")
    }

    fn key_file(&self) -> PathBuf {
        self.folder().join("acme.key")
    }

    fn written(&self) -> String {
        std::fs::read_to_string(self.config()).unwrap()
    }

    /// Puts a configuration there.
    fn write(&self, text: &str) {
        std::fs::create_dir_all(self.folder()).unwrap();
        std::fs::write(self.config(), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.env.command();
        command.env("SYNCRO_CONFIG", self.config()).env_remove("SYNCRO_API_KEY").args(args);
        command
    }

    /// Runs the program.
    fn run(&self, args: &[&str]) -> Ran {
        self.fed(args, b"")
    }

    /// Runs the program with this on its stdin.
    fn fed(&self, args: &[&str], stdin: &[u8]) -> Ran {
        Running::fed(self.command(args), stdin).wait()
    }

    /// Runs it through the office to `acme.syncromsp.com`, and to no address from the environment.
    fn through(&self, office: &Office, args: &[&str], stdin: &[u8]) -> Ran {
        let mut command = self.command(args);
        command.env_remove("SYNCRO_BASE_URL").envs(office.variables());
        Running::fed(command, stdin).wait()
    }

    /// Nothing was written, and the key is nowhere.
    #[track_caller]
    fn wrote_nothing(&self, ran: &Ran) {
        assert!(!self.folder().exists(), "{ran}");
        secret(ran);
    }
}

/// The key is not in what was said.
#[track_caller]
fn secret(ran: &Ran) {
    for part in [KEY, &KEY[4..], WRONG, &WRONG[4..]] {
        assert!(!ran.stdout.contains(part) && !ran.stderr.contains(part), "{ran}");
    }
    assert!(!ran.stderr.contains("panicked"), "{ran}");
}

/// The files below `dir` that hold the key.
fn with_key(dir: &Path) -> Vec<PathBuf> {
    let mut found = files(dir);
    found.retain(|path| {
        let bytes = std::fs::read(path).unwrap();
        String::from_utf8_lossy(&bytes).contains(KEY)
    });
    found
}

/// A file's rights.
#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Takes a file's rights from all but its owner.
fn private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, private).unwrap();
    }
    #[cfg(not(unix))]
    let _unchanged = path;
}
