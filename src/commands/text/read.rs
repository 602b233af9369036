//! Text from a file or from standard input, whatever system wrote it.

use std::path::Path;

use crate::error::{Error, Result};
use crate::ui::{Ui, decoded};

/// No text that a person wrote is larger.
const LARGEST: u64 = 1 << 20;

/// The text of a file.
///
/// # Errors
/// Exit 2 when it cannot be read or is no text.
pub(super) fn file(path: &Path) -> Result<String> {
    let failed = |why: &str| Error::usage(format!("{}: {why}", path.display()));
    let about = std::fs::metadata(path).map_err(|error| failed(&cause(&error)))?;
    if about.is_dir() {
        return Err(failed("is a folder"));
    }
    if about.len() > LARGEST {
        return Err(failed("is too large for a text"));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(&cause(&error)))?;
    decoded(&bytes).map_err(|why| failed(&why))
}

fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => format!("cannot be read: {kind}"),
    }
}

/// The text on standard input, to its end.
///
/// # Errors
/// Exit 2 when it cannot be read or is no text.
pub(super) fn standard_input(ui: &Ui) -> Result<String> {
    let bytes = ui.standard_input(LARGEST)?;
    decoded(&bytes).map_err(|why| Error::usage(format!("standard input {why}")))
}
