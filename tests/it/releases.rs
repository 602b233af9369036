//! What makes a release cannot run in a test. That what it names is there can be seen.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// The words of a text that `is` finds, without what stands around them.
fn words(text: &str, is: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let around = |c: char| !c.is_ascii_alphanumeric() && !"._/-".contains(c);
    let words = text.split(around).map(|word| word.trim_end_matches('.'));
    words.filter(|word| is(word)).map(str::to_owned).collect()
}

#[test]
fn what_the_workflows_call_is_there() {
    for (file, named) in [
        (".github/workflows/ci.yml", &[".ci/run"][..]),
        (".github/workflows/release.yml", &[".ci/package"]),
        (".github/CONTRIBUTING.md", &[".ci/package", ".ci/run"]),
        (".ci/run", &[".ci/deny.toml", ".ci/tools"]),
        (".ci/package", &[".ci/package", ".ci/tools", ".ci/wine"]),
    ] {
        let found = words(&text(file), |word| word.contains(".ci/"));
        let found: BTreeSet<_> =
            found.iter().map(|word| &word[word.find(".ci/").unwrap()..]).collect();
        let missing = found.iter().filter(|path| !Path::new(ROOT).join(path).exists());
        assert_eq!(missing.count(), 0, "{file}: {found:?}");
        assert!(named.iter().all(|path| found.contains(*path)), "{file}: {found:?}");
    }
}

#[test]
fn the_targets_of_a_release_are_known_to_rust() {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let known = Command::new(rustc).args(["--print", "target-list"]).output().unwrap();
    let known = String::from_utf8(known.stdout).unwrap();
    let is_target = |word: &str| word.starts_with("x86_64-") || word.starts_with("aarch64-");
    let built = words(&text(".github/workflows/release.yml"), is_target);
    assert_eq!(built.len(), 5, "{built:?}");
    assert!(built.iter().all(|target| known.lines().any(|line| line == target)), "{built:?}");
    // What can be built and tried on one machine is what the script builds when nothing is named.
    let usual = words(&text(".ci/package"), |word| known.lines().any(|line| line == word));
    assert!(!usual.is_empty() && usual.is_subset(&built), "{usual:?}");
}

/// A tag can be moved to other code, a commit cannot; a workflow of this repository is what is checked out.
#[test]
fn foreign_actions_are_named_by_their_commit() {
    let files = [text(".github/workflows/ci.yml"), text(".github/workflows/release.yml")];
    let uses =
        files.iter().flat_map(|file| file.lines()).filter_map(|line| line.split_once("uses: "));
    let foreign: Vec<&str> =
        uses.map(|(_, used)| used).filter(|used| !used.starts_with("./")).collect();
    assert!(foreign.len() >= 8, "{foreign:?}");
    for used in foreign {
        let (commit, version) = used.split_once('@').unwrap().1.split_once(" # v").unwrap();
        assert!(
            commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{used}"
        );
        assert!(version.starts_with(|figure: char| figure.is_ascii_digit()), "{used}");
    }
}

/// A shell that is added is packaged without a word: the archive takes all scripts, the Debian package names each.
#[test]
fn the_debian_package_has_a_place_for_each_completion_script() {
    let manifest = text("Cargo.toml");
    let scripts = std::fs::read_dir(Path::new(ROOT).join("src/completion")).unwrap();
    let scripts = scripts.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let scripts: Vec<_> = scripts.filter(|name| name.starts_with("syncro.")).collect();
    assert_eq!(scripts.len(), 5);
    for name in scripts {
        let name = if name == "syncro.zsh" { "_syncro" } else { &name };
        assert!(manifest.contains(&format!("\"target/package/deb/completions/{name}\"")), "{name}");
    }
}
