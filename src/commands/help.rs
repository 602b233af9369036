//! `syncro help`: the page of a command, or a topic. Reads neither configuration nor network.

use crate::context::Start;
use crate::error::{Error, Result};
use crate::help::{self, Topic};

/// Show the help of a command or a topic
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro help
  syncro help invoice create
  syncro help exit-codes")]
pub struct HelpArgs {
    /// Command, or topic
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// Runs `syncro help` for the command line that is described.
///
/// # Errors
/// Exit 2 where there is no such command or topic.
pub fn run(start: &Start, args: &HelpArgs, root: &mut clap::Command) -> Result<()> {
    if let [word] = args.words.as_slice()
        && let Some(topic) = Topic::named(word)
    {
        return start.ui.stdout(&topic.page(start.ui.width()));
    }
    let Some(page) = help::page(std::mem::take(root), &args.words, start.ui.width()) else {
        let error =
            Error::usage(format!("there is no command or topic {:?}", args.words.join(" ")));
        return Err(error.next("help", "list them"));
    };
    match start.ui.colour() {
        true => start.ui.stdout(&page.ansi().to_string()),
        false => start.ui.stdout(&page.to_string()),
    }
}
