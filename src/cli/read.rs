//! `wirecopy read`: what was understood of the input.

use std::io;
use std::ops::ControlFlow;

use super::args::ReadArgs;
use super::log;
use super::progress::Watch;
use super::{Outcome, config, output};
use crate::document::Document;
use crate::error::Error;
use crate::pipeline::Observer;
use crate::read::{self, ReadOutcome};
use crate::render::write_document;

/// Reads, and writes each document as a line while the next is read.
pub(super) fn run(args: &ReadArgs) -> Result<Outcome, Error> {
    let options = config::read_options(&args.input)?;
    output::check(args.output.as_ref())?;
    let pool = config::pool_of(args.run.threads)?;
    let watch = Watch::new(&args.run.log);
    watch.begin_reading();
    let mut result = Ok(ReadOutcome::default());
    let written = output::write(args.output.as_ref(), |out| {
        let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<Document>>(1);
        std::thread::scope(|scope| {
            let reading = scope.spawn(|| {
                // Nobody is left to read for if the other end is gone; the
                // error it ended with is the one that is told.
                let mut outlet = move |documents| match sender.send(documents) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                };
                pool.install(|| read::read_paths_to(&args.paths, &options, &watch, &mut outlet))
            });
            let written =
                receiver.into_iter().flatten().try_for_each(|document| write_document(&document, out));
            let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            result = read.and_then(|outcome| output::strictly(outcome, args.input.strict));
            // An unfinished file must not take the name of a whole one.
            match &result {
                Ok(_) => written,
                Err(_) => Err(io::Error::other("the input could not be read")),
            }
        })
    });
    watch.end();
    let outcome = result?;
    written?;
    if !args.run.log.quiet {
        log::remark_all(&outcome.notes);
        log::remark_skipped(&outcome.skipped);
    }
    Ok(Outcome::Done)
}
