//! The fault matrix of all plain writing commands: every fault at every write of every command, and what follows.
//!
//! A command is registered in the file of its noun below `write_faults/` (a new noun: a file and a `mod` line here):
//!
//! ```text
//! Case::new("line remove", &["line", "remove", "32181", "{0}"])    // without --yes --json
//!     .after(|env| vec![env.account().line(..)["id"].to_string()]) // what must be there; `{0}` is what it returns
//!     .step("remove_line", "line-remove", Removes)                 // each write: name in --json, op of faults, effect
//! ```
//!
//! Effects are `Makes` (a record), `Sets`, `Removes`, `Unseen` (a mail). What the command changes is learned from a run
//! without faults, and what each of its steps changes from one stopped there; both are taken from the server's own disk.
//! Run one noun with `cargo test --test it write_faults::line -- --nocapture`; a case costs about 0.2 s of one core.

mod api;
mod appointment;
mod case;
mod check;
mod conversation;
mod fault;
#[cfg(unix)]
mod kill;
mod line;
mod money;
#[cfg(unix)]
mod no;
mod office;
mod read;
mod strike;
mod ticket;
mod timer;

use case::{Case, Command};

use crate::support::many;

/// Takes each command of a noun through everything.
fn matrix(noun: &str, cases: Vec<Case>) {
    let commands: Vec<Command> = cases.into_iter().map(Command::learn).collect();
    let title = |what: &str| format!("matrix, {noun}, {what}");
    let strikes = strike::all(&commands);
    many(&title("(command, step, fault)"), &strikes, |one, problems| one.check(problems));
    let readings = read::all(&commands);
    many(&title("(command, read, fault)"), &readings, |one, problems| one.check(problems));
    #[cfg(unix)]
    {
        let noes = no::all(&commands);
        many(&title("answered with No"), &noes, |one, problems| {
            one.check(problems);
        });
        let kills = kill::all(&commands);
        many(&title("killed"), &kills, |one, problems| {
            one.check(problems);
        });
        many(&title("killed while it gathers"), &commands, kill::gathering);
    }
}
