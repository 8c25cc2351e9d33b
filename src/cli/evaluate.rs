//! `wirecopy eval`: a report against labels.

use std::io;

use serde::Serialize;

use super::args::EvalArgs;
use super::render::report_at;
use super::{Outcome, output};
use crate::error::Error;
use crate::eval::{self, Kinds, Truth};

/// Reads report and labels and prints the measures.
pub(super) fn run(args: &EvalArgs) -> Result<Outcome, Error> {
    let mut truth = Truth::read(&args.truth, args.truth_kind.into())?;
    if let Some(kinds) = &args.kinds {
        truth = truth.with_kinds(&Kinds::read(kinds)?)?;
    }
    let report = report_at(&args.report)?;
    if let Some(parameter) = args.sweep {
        let curve = eval::sweep(&report, &truth, parameter.into())?;
        write(args, &curve, |out| curve.write_text(out))?;
    } else {
        let evaluation = eval::evaluate(&report, &truth);
        write(args, &evaluation, |out| evaluation.write_text(out))?;
    }
    Ok(Outcome::Done)
}

/// Prints a result as it was asked for.
fn write(
    args: &EvalArgs,
    result: &impl Serialize,
    write_text: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), Error> {
    output::write(None, |out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, result)?;
            return writeln!(out);
        }
        write_text(out)
    })
}
