//! Arguments in, exit code out.

use std::process::{self, ExitCode};

/// The exit code of a panic, as it is where the stack is unwound.
const PANICKED: i32 = 101;

fn main() -> ExitCode {
    syncro::ui::end_on_panic(|| process::exit(PANICKED));
    syncro::cli::main(std::env::args_os().collect())
}
