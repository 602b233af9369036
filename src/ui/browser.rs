//! A web page opened where there is a display, in the browser that `BROWSER` names or in the system's. No shell sees the
//! address, nobody waits for the browser, and what it says is not shown: the answer has these streams to itself.

use std::process::{Command, Stdio};

use super::terminal::Ui;
use super::words::{set, words};
use crate::programs::{self, Programs};

impl Ui {
    /// Opens an address; where there is no display and no `BROWSER`, nothing happens. One that cannot be opened is said.
    pub fn open(&self, address: &str) {
        let named = set("BROWSER").filter(|value| !value.trim().is_empty());
        let opened = match &named {
            Some(typed) => opened_by(typed, address),
            None => system().is_none_or(|way| start(&way, address)),
        };
        if !opened {
            let what = named.map_or_else(|| "the browser".to_owned(), |name| format!("\"{name}\""));
            self.warn(&format!("cannot run {what}; open the address by hand, or set BROWSER"));
        }
    }
}

/// The first of the browsers, which colons part, that can be run.
fn opened_by(typed: &str, address: &str) -> bool {
    let alternatives: Vec<&str> = match cfg!(windows) {
        true => vec![typed],
        false => typed.split(':').collect(),
    };
    alternatives.into_iter().filter_map(words).any(|words| start(&words, address))
}

/// Starts a command line; `%s` in it is the address, which else comes last.
fn start(words: &[String], address: &str) -> bool {
    let [program, args @ ..] = words else {
        return false;
    };
    let takes = args.iter().any(|arg| arg.contains("%s"));
    let mut command = programs::command(program);
    command.args(args.iter().map(|arg| arg.replace("%s", address)));
    command.args((!takes).then_some(address));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    alone(&mut command);
    command.spawn().is_ok()
}

/// Has a program outlive the window and the Ctrl-C of this one.
#[cfg(unix)]
fn alone(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

/// There, a browser is no program of the console.
#[cfg(not(unix))]
const fn alone(_: &mut Command) {}

/// How this system opens an address; nothing without a display.
fn system() -> Option<Vec<String>> {
    let line = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    if cfg!(windows) {
        return Some(line(&["rundll32", "url.dll,FileProtocolHandler"]));
    }
    if cfg!(target_os = "macos") {
        return Some(line(&["open"]));
    }
    let has_display =
        [set("WAYLAND_DISPLAY"), set("DISPLAY")].iter().flatten().any(|name| !name.is_empty());
    (has_display && Programs::of_process().find("xdg-open").is_some()).then(|| line(&["xdg-open"]))
}
