//! `syncro man`: the manual pages, made from the command line's own description. Reads neither configuration nor network.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::context::Start;
use crate::error::{Error, Result};
use crate::help;

/// Print a manual page, or write them all
///
/// Without a command, prints the page of the program. With --dir, writes a page for each command into a folder.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro man bill | man -l -
  syncro man --dir ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Command
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    words: Vec<String>,
    /// Folder to write the pages of all commands to
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs `syncro man` for the command line that is described.
///
/// # Errors
/// Exit 2 where there is no such command; when stdout or the folder cannot be written.
pub fn run(start: &Start, args: &ManArgs, root: &clap::Command) -> Result<()> {
    if let Some(dir) = &args.dir {
        let count = write_all(dir, root)?;
        return start.ui.stdout(&format!("{count} manual pages written to {}\n", dir.display()));
    }
    match page(root, &args.words)? {
        Some(page) => start.ui.stdout(&page),
        None => {
            let error = Error::usage(format!("there is no command {:?}", args.words.join(" ")));
            Err(error.next("help", "list them"))
        }
    }
}

/// The page of the command that `words` name, as its help has it.
fn page(root: &clap::Command, words: &[String]) -> Result<Option<String>> {
    let Some(command) = help::command(root.clone(), words) else {
        return Ok(None);
    };
    let name = name(words);
    let command = command.name(name.clone()).display_name(name);
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).context("cannot make the page")?;
    Ok(Some(String::from_utf8_lossy(&page).into_owned()))
}

/// What a page is called.
fn name(words: &[String]) -> String {
    iter::once("syncro").chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join("-")
}

fn write_all(dir: &Path, root: &clap::Command) -> Result<usize> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let all = help::all(root);
    for words in &all {
        let path = dir.join(format!("{}.1", name(words)));
        let text = page(root, words)?.unwrap_or_default();
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(all.len())
}
