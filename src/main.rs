//! Arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    syncro::cli::main(std::env::args_os().collect())
}
