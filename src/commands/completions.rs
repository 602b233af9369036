//! `syncro completions <shell>`: the completion script of a shell, made from the command line's own description. Reads
//! neither configuration nor network.

use clap_complete::Shell;

use crate::context::Start;
use crate::error::Result;

/// Print a shell completion script
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc ~/.config/fish/completions
  syncro completions bash > ~/.local/share/bash-completion/completions/syncro
  syncro completions zsh > ~/.zfunc/_syncro
  syncro completions fish > ~/.config/fish/completions/syncro.fish
  eval (syncro completions elvish | slurp)
  syncro completions powershell | Out-String | Invoke-Expression

bash needs the package bash-completion; without it, in ~/.bashrc: source <(syncro completions bash)
zsh reads ~/.zfunc with this line in ~/.zshrc, before compinit: fpath+=~/.zfunc
elvish and PowerShell: the line above, in rc.elv or in $PROFILE")]
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
