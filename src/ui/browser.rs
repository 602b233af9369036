//! A web page opened where there is a display, in the browser that `BROWSER` names or in the system's. No shell sees the
//! address.

use std::process::{Command, Stdio};

use super::terminal::{Modal, Ui};
use super::words::{set, words};
use crate::programs::{self, Programs};

impl Ui {
    /// Opens an address; where there is no display and no `BROWSER`, nothing happens. One that cannot be opened is said.
    pub fn open(&self, address: &str) {
        let named = set("BROWSER").filter(|value| !value.trim().is_empty());
        let opened = match &named {
            Some(typed) => self.named(typed, address),
            None => ours(address),
        };
        if !opened {
            let what = named.map_or_else(|| "the browser".to_owned(), |name| format!("\"{name}\""));
            self.warn(&format!("cannot run {what}; open the address by hand, or set BROWSER"));
        }
    }

    /// The first of the browsers, which colons part, that can be run; it may be one of the terminal's.
    fn named(&self, typed: &str, address: &str) -> bool {
        let _modal = self.enter(Modal::Editor);
        let alternatives: Vec<&str> = match cfg!(windows) {
            true => vec![typed],
            false => typed.split(':').collect(),
        };
        alternatives.into_iter().filter_map(words).any(|words| {
            let [program, args @ ..] = words.as_slice() else {
                return false;
            };
            let takes = args.iter().any(|arg| arg.contains("%s"));
            let args = args.iter().map(|arg| arg.replace("%s", address));
            let mut command = programs::command(program);
            command.args(args).args((!takes).then_some(address));
            if self.width().is_none() {
                command.stdin(Stdio::null()).stdout(Stdio::null());
            }
            command.status().is_ok_and(|status| status.success())
        })
    }
}

/// Starts the system's own way, and does not wait for it; `false` where that fails.
fn ours(address: &str) -> bool {
    let Some([program, args @ ..]) = system() else {
        return true;
    };
    let mut command = Command::new(program);
    command.args(args.iter().filter(|arg| !arg.is_empty())).arg(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().is_ok()
}

/// How this system opens an address; nothing without a display.
fn system() -> Option<[&'static str; 2]> {
    if cfg!(windows) {
        return Some(["rundll32", "url.dll,FileProtocolHandler"]);
    }
    if cfg!(target_os = "macos") {
        return Some(["open", ""]);
    }
    let has_display =
        [set("WAYLAND_DISPLAY"), set("DISPLAY")].iter().flatten().any(|name| !name.is_empty());
    (has_display && Programs::of_process().find("xdg-open").is_some()).then_some(["xdg-open", ""])
}
