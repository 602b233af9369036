//! The version that the program tells, and the build script that puts commit and date into it: the script is compiled and
//! run by itself, in repositories of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::TestEnv;

/// The version that a build of these sources has.
const VERSION: &str = env!("SYNCRO_VERSION");

/// A folder in which the script can be run.
struct Build {
    dir: tempfile::TempDir,
    script: PathBuf,
}

impl Build {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let script = dir.path().join(format!("version{}", std::env::consts::EXE_SUFFIX));
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        rustc.args(["--edition", "2024", "-o"]).arg(&script);
        out_of(rustc.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/version.rs")));
        Self { dir, script }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A folder with what the script looks at.
    fn folder(&self, name: &str) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = self.path(name);
        std::fs::create_dir_all(folder.join(".ci")).unwrap();
        for file in [".ci/archived", ".gitattributes", "Cargo.toml"] {
            std::fs::copy(root.join(file), folder.join(file)).unwrap();
        }
        folder
    }

    /// One with all of it committed on that day; and the commit.
    fn repository(&self, name: &str) -> (PathBuf, String) {
        let folder = self.folder(name);
        git(&folder, &["init", "--quiet"]);
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", "x"]);
        let commit = git(&folder, &["rev-parse", "HEAD"])[..7].to_owned();
        (folder, commit)
    }

    /// What the script says in the folder.
    fn said(&self, folder: &Path, more: &[(&str, &str)]) -> Said {
        let mut script = Command::new(&self.script);
        script.current_dir(folder).env_remove("SYNCRO_BUILD").env("PROFILE", "release");
        script.env("CARGO_PKG_VERSION", "1.2.3").env("TARGET", "pdp11-unknown-none");
        Said(out_of(script.envs(more.iter().copied())))
    }

    fn version(&self, folder: &Path) -> String {
        self.said(folder, &[]).version()
    }
}

struct Said(String);

impl Said {
    fn all<'a>(&'a self, what: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.lines().filter_map(move |line| line.strip_prefix(what))
    }

    fn version(&self) -> String {
        self.all("cargo::rustc-env=SYNCRO_VERSION=").next().unwrap().to_owned()
    }

    /// The files that have the script run again once they change, and what they hold now.
    fn watched(&self, folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = self.all("cargo::rerun-if-changed=").map(|path| folder.join(path));
        let files = files.filter(|path| path != &folder.join(".ci/version.rs"));
        files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
    }
}

/// What a program prints that must end well.
#[track_caller]
fn out_of(program: &mut Command) -> String {
    let output = program.output().unwrap();
    assert!(output.status.success(), "{program:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What git prints, with a clock that stands still and nothing of the user's own.
fn git(folder: &Path, words: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(folder).args(["-c", "user.name=Robin", "-c", "user.email=robin@x.example"]);
    git.args(words).env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1");
    git.env("GIT_AUTHOR_DATE", "2026-03-17T09:00:00Z");
    out_of(git.env("GIT_COMMITTER_DATE", "2026-03-17T09:00:00Z"))
}

#[test]
fn version_and_doctor_tell_one_version() {
    assert!(VERSION.starts_with(env!("CARGO_PKG_VERSION")));
    let env = TestEnv::new();
    for flag in ["--version", "-V"] {
        assert_eq!(env.run(&[flag]).ends(0).stdout, format!("syncro {VERSION}\n"));
    }
    let doctor = env.run(&["doctor", "--json"]).ends(0).json().unwrap();
    let told = format!("syncro {VERSION}, {}", env!("SYNCRO_TARGET"));
    assert_eq!(
        (&doctor["checks"][0]["name"], &doctor["checks"][0]["message"]),
        (&"version".into(), &told.into())
    );
}

#[test]
fn a_release_tells_the_commit_and_its_day_wherever_they_can_be_had() {
    let build = Build::new();
    let (folder, commit) = build.repository("checkout");
    let told = format!("1.2.3 ({commit} 2026-03-17)");
    assert_eq!(build.version(&folder), told);

    git(&folder, &["worktree", "add", "--quiet", "--detach", "../worktree"]);
    assert!(build.path("worktree/.git").is_file());
    assert_eq!(build.version(&build.path("worktree")), told);

    git(&folder, &["archive", "--format=tar", "--output=../all.tar", "HEAD"]);
    std::fs::create_dir(build.path("archive")).unwrap();
    out_of(Command::new("tar").arg("-xf").arg("../all.tar").current_dir(build.path("archive")));
    assert_eq!(build.version(&build.path("archive")), told);

    let package = build.folder("package");
    let info = format!("{{\n  \"git\": {{\n    \"sha1\": \"{commit}{}\"\n  }}\n}}", "0".repeat(33));
    std::fs::write(package.join(".cargo_vcs_info.json"), info).unwrap();
    assert_eq!(build.version(&package), format!("1.2.3 ({commit})"));

    // Unpacked within the repository of something else.
    assert_eq!(build.version(&build.folder("checkout/vendored")), "1.2.3");
    let given = [("SYNCRO_BUILD", "distribution 7")];
    assert_eq!(build.said(&package, &given).version(), "1.2.3 (distribution 7)");
    assert_eq!(build.said(&folder, &[("PROFILE", "debug")]).version(), "1.2.3 (debug build)");
}

#[test]
fn a_release_of_changed_sources_says_so() {
    let build = Build::new();
    let (folder, commit) = build.repository("checkout");
    std::fs::write(folder.join("notes.txt"), "not in the program").unwrap();
    assert_eq!(build.version(&folder), format!("1.2.3 ({commit} 2026-03-17)"));
    std::fs::write(folder.join("Cargo.toml"), "").unwrap();
    assert_eq!(build.version(&folder), format!("1.2.3 ({commit} 2026-03-17, modified)"));
}

#[test]
fn a_commit_has_the_script_run_again_and_nothing_else_does() {
    let build = Build::new();
    let (folder, _) = build.repository("checkout");
    git(&folder, &["worktree", "add", "--quiet", "-b", "other", "../worktree"]);
    for folder in [folder, build.path("worktree")] {
        let said = build.said(&folder, &[]);
        let before = said.watched(&folder);
        assert_eq!(said.watched(&folder), before);
        git(&folder, &["commit", "--quiet", "--allow-empty", "--message", "y"]);
        assert_ne!(said.watched(&folder), before);
        // A debug build would be built anew after each commit.
        assert_eq!(build.said(&folder, &[("PROFILE", "debug")]).watched(&folder).len(), 0);
    }
}
