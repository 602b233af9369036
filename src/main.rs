//! Arguments in, exit code out.

use std::panic;
use std::process::{self, ExitCode};

/// The exit code of a panic, as it is where the stack is unwound.
const PANICKED: i32 = 101;

fn main() -> ExitCode {
    // Nothing is unwound in a release build. Ended here, the process leaves the terminal in order and no image of its
    // memory, which holds the key; what it was about to write, the journal knows.
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        tell(what);
        syncro::ui::put_back();
        process::exit(PANICKED);
    }));
    syncro::cli::main(std::env::args_os().collect())
}
