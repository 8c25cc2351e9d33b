//! The `wirecopy` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    wirecopy::cli::run()
}
