//! `syncro completions <shell>`: the completion script of a shell, made from the command line's own description. Reads
//! neither configuration nor network.

use clap_complete::Shell;

use crate::context::Start;
use crate::error::Result;

/// Print a shell completion script
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro completions bash > ~/.local/share/bash-completion/completions/syncro
  syncro completions zsh > ~/.zfunc/_syncro
  syncro completions fish > ~/.config/fish/completions/syncro.fish
  eval (syncro completions elvish | slurp)
  syncro completions powershell | Out-String | Invoke-Expression

See README.md for the folder that each shell uses.")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Runs `syncro completions` for the command line that is described.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(start: &Start, args: &CompletionsArgs, mut command: clap::Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "syncro", &mut script);
    start.ui.stdout(&String::from_utf8_lossy(&script))
}
