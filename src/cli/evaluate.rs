//! `wirecopy eval`: a report against labels.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::args::EvalArgs;
use super::{Outcome, output};
use crate::error::Error;
use crate::eval::{self, Truth};
use crate::render::read_report;

/// Reads report and labels and prints the measures.
pub(super) fn run(args: &EvalArgs) -> Result<Outcome, Error> {
    let truth = Truth::read(&args.truth, args.truth_kind.into())?;
    let path = args.report.as_path();
    let report = if path == Path::new("-") {
        read_report("standard input".as_ref(), &mut io::stdin().lock())?
    } else {
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        read_report(path, &mut BufReader::new(file))?
    };
    let evaluation = eval::evaluate(&report, &truth);
    output::write(None, |out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &evaluation)?;
            return writeln!(out);
        }
        evaluation.write_text(out)
    })?;
    Ok(Outcome::Done)
}
