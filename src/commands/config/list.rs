//! `syncro config list`: every setting, its value in force and where that comes from.

use super::read::read;
use crate::commands::answer::{Printed, print};
use crate::commands::listing::Total;
use crate::config::layers::InForce;
use crate::context::Start;
use crate::error::Result;
use crate::output::ListFlags;
use crate::render::setting;

/// List settings, their values and where they come from
///
/// A value comes from the file, a profile, the environment or the defaults. Of the API key, only where it is kept is
/// shown. No request is made.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro config list
  syncro config list --profile sam
  syncro config list --json | jq '.[] | select(.source != \"default\")'")]
pub struct ListArgs {
    /// In which form
    #[command(flatten)]
    form: ListFlags,
}

/// Runs `syncro config list`.
///
/// # Errors
/// Exit 10 when the configuration cannot be read.
pub fn run(start: &Start) -> Result<()> {
    let (layers, settings) = read(start)?;
    let all = layers.all();
    let records = all.iter().map(InForce::json).collect::<Vec<_>>();
    let printed = Printed {
        shape: &setting::LIST,
        total: Total::all_of(&records),
        rows: setting::rows(&all).into(),
        records,
    };
    print(&start.context(settings), printed, "no settings")
}
