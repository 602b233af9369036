//! The settings as they are written, whichever account they are for.

use crate::config::layers::Layers;
use crate::config::{Environment, Existing, Settings, sandbox_wanted};
use crate::context::Start;
use crate::error::Result;
use crate::sandbox;

/// What is written, on the practice server what it comes with; and the settings that follow from it.
pub(super) fn read(start: &Start) -> Result<(Layers, Settings)> {
    if sandbox_wanted(start.overrides.sandbox)? {
        let text = sandbox::config();
        let layers = Layers::read("the practice server", text, None, &Environment::default())?;
        return Ok((layers, start.settings()?));
    }
    let environment = Environment::of_process()?;
    let found = Existing::there(&start.overrides, &environment)?;
    Ok((found.layers(&environment)?, found.offline(&environment)?))
}
