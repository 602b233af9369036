//! `syncro config get`: the value of one setting, alone.

use super::read::read;
use crate::config::known::{self, Kind, Setting};
use crate::context::Start;
use crate::error::{Error, Kind as Failure, Result};
use crate::render::setting::lines;

/// Print the value of a setting
///
/// Prints the value in force and nothing else; of several values, one a line. The API key is never printed.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro config get tickets.priority
  syncro config get tickets.closed --json
  syncro config get labor.remote.product_id --profile sam

Exit code 3 if the setting has no value.")]
pub struct GetArgs {
    /// Setting, such as tickets.priority
    #[arg(value_name = "SETTING")]
    key: String,
}

/// Runs `syncro config get`.
///
/// # Errors
/// Exit 2 for what is no setting or may not be shown, 3 for one without a value.
pub fn run(start: &Start, args: &GetArgs) -> Result<()> {
    let key = &args.key;
    showable(key)?;
    let found = read(start)?.0.of(key);
    if found.value.is_null() {
        return Err(Error::new(Failure::NotFound, format!("{key} has no value"))
            .next(format!("config set {key} VALUE"), "set it"));
    }
    if start.run.json {
        return start.json(&found.value);
    }
    let text: String = lines(&found.value).iter().map(|line| format!("{line}\n")).collect();
    start.ui.stdout(&text)
}

/// The setting called `key`, if its value may be printed.
///
/// # Errors
/// Exit 2 for what is no setting, or may hold the key.
pub fn showable(key: &str) -> Result<&'static Setting> {
    let setting = known::find(key)?;
    match setting.kind {
        Kind::Secret => Err(Error::usage(format!("{key} is not shown: it may hold the API key"))
            .next("whoami", "see whose key it is and where it comes from")),
        _ => Ok(setting),
    }
}
