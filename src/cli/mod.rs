//! The `wirecopy` command: arguments in, exit code out.
//!
//! Arguments are taken in two steps, as typed (`args`) and validated
//! (`config`); each command has a file; what is said while it runs is in
//! `progress` and `log`. Data goes to standard output, everything else to standard
//! error.

mod args;
#[cfg(feature = "arrow")]
pub mod asked;
#[cfg(feature = "index")]
mod batches;
mod compare;
mod config;
mod config_file;
mod corpus;
mod dedup;
mod evaluate;
mod explain;
#[cfg(feature = "index")]
mod follow;
#[cfg(feature = "index")]
mod index;
mod log;
mod memory;
mod output;
mod progress;
mod read;
mod render;
mod resume;
mod scan;
mod settings;
mod shared_args;
mod unfinished;

use std::process::ExitCode;
use std::time::Instant;

use args::{Args, Command};

use crate::error::Error;

/// How a command ended, where it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    /// There are duplicates, and the user asked to be told by the exit code.
    DuplicatesFound,
}

/// Exit code of a command that did its work.
const DONE: u8 = 0;

/// Exit code of a command that could not do its work.
const COULD_NOT: u8 = 1;

/// Exit code of wrong usage; clap's too.
const USAGE: u8 = 2;

/// Exit code under `--fail-on-duplicates`.
const DUPLICATES: u8 = 3;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let since = Instant::now();
    let result = config_file::parse(std::env::args_os().collect()).and_then(|args| {
        args.command.log().map(log::begin);
        unfinished::end_on_signals()?;
        dispatch(args)
    });
    let status = match result {
        Ok(Outcome::Done) => DONE,
        Ok(Outcome::DuplicatesFound) => DUPLICATES,
        // Whoever read our output has seen enough.
        Err(error) if error.is_broken_pipe() => DONE,
        Err(error) => {
            log::complain(&error);
            if error.is_usage() { USAGE } else { COULD_NOT }
        }
    };
    log::end(status, since);
    ExitCode::from(status)
}

fn dispatch(args: Args) -> Result<Outcome, Error> {
    match args.command {
        Command::Scan(args) => scan::run(args),
        Command::Dedup(args) => dedup::run(&args),
        Command::Compare(args) => compare::run(args),
        #[cfg(feature = "index")]
        Command::Index(command) => index::run(&command),
        Command::Read(args) => read::run(&args),
        Command::Eval(args) => evaluate::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Config(args) => settings::print(&args),
        Command::Completions(args) => settings::complete(&args),
        Command::Man(args) => settings::manual(&args),
    }
}
