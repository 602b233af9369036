//! The build script: it gives the program its version, as in `0.1.0 (abc1234 2026-11-26)`. Commit and date come from
//! SYNCRO_BUILD, which may be set to any two such words; else from the repository; else from what `git archive` or
//! `cargo package` left in its place. The date is the commit's, so that a build can be repeated.
//!
//! A debug build says only that it is one: what a script hands over is built in everywhere, so that each commit would
//! build everything anew.

#![expect(clippy::print_stdout, reason = "a build script tells cargo so")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What of the repository is in the program.
const BUILT_IN: [&str; 5] = ["src", "Cargo.toml", "Cargo.lock", ".cargo", ".ci/version.rs"];

fn main() {
    let variable = |name| env::var(name).unwrap_or_default();
    let build = match variable("SYNCRO_BUILD") {
        given if !given.is_empty() => Some(given),
        _ if variable("PROFILE") == "debug" => Some("debug build".to_owned()),
        _ => repository().or_else(archive).or_else(package),
    };
    let build = build.map_or_else(String::new, |build| format!(" ({build})"));
    println!("cargo::rustc-env=SYNCRO_VERSION={}{build}", variable("CARGO_PKG_VERSION"));
    println!("cargo::rustc-env=SYNCRO_TARGET={}", variable("TARGET"));
    // A debug build is started thousands of times: at a fixed address its pages need not be written before they are read.
    if variable("PROFILE") == "debug"
        && (variable("CARGO_CFG_TARGET_OS"), variable("CARGO_CFG_TARGET_ENV"))
            == ("linux".to_owned(), "gnu".to_owned())
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-env-changed=SYNCRO_BUILD");
    println!("cargo::rerun-if-changed=.ci/version.rs");
}

/// What git prints, if it is there and understands.
fn git(words: &[&str]) -> Option<String> {
    let output = Command::new("git").args(words).output().ok().filter(|it| it.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The commit that is checked out here: not that of a repository around this folder. In a worktree `.git` is a file.
fn repository() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    let commit = shortened(&git(&["log", "-1", "--format=%H %cs"])?)?;
    // Only what exists: a path that does not would have the script run each time.
    let moves = ["HEAD", "logs/HEAD"].map(|name| git(&["rev-parse", "--git-path", name]));
    let moves = moves.into_iter().flatten();
    for path in moves.chain(BUILT_IN.map(str::to_owned)).filter(|path| Path::new(path).exists()) {
        println!("cargo::rerun-if-changed={path}");
    }
    let is_as_committed = git(&[&["diff", "--quiet", "HEAD", "--"], &BUILT_IN[..]].concat());
    Some(if is_as_committed.is_some() { commit } else { format!("{commit}, modified") })
}

/// `git archive` writes commit and date into that file, as `.gitattributes` asks it to.
fn archive() -> Option<String> {
    shortened(fs::read_to_string(".ci/archived").ok()?.trim())
}

/// `cargo package` names the commit alone.
fn package() -> Option<String> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    shortened(rest.split('"').nth(1)?)
}

/// A commit, and whatever follows it, with as many of its digits as tell it from others.
fn shortened(commit: &str) -> Option<String> {
    let (hash, rest) = commit.split_at_checked(40)?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("{}{rest}", &hash[..7]))
}
