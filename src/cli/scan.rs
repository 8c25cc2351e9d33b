//! `wirecopy scan`: the main job.

use super::args::{Format, ScanArgs};
use super::progress::{self, Watch};
use super::{Outcome, config, explain, output};
use crate::document::Corpus;
use crate::error::Error;
use crate::pipeline::{self, Observer};
use crate::read::{self, ReadOptions, ReadOutcome};
use crate::report::{Report, Verdict};

/// Reads, detects and reports.
pub(super) fn run(args: ScanArgs) -> Result<Outcome, Error> {
    let (params, options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    if args.explain_params {
        output::write(args.output.output.as_ref(), |out| explain::write(&params, out))?;
        return Ok(Outcome::Done);
    }
    output::check(args.output.output.as_ref())?;
    let pool = config::thread_pool(&args.output)?;
    let watch = Watch::new(args.output.quiet);
    let (corpus, report) = pool.install(|| -> Result<_, Error> {
        let input = Input { paths: &args.paths, options: &options, strict: args.input.strict };
        let corpus = read_corpus(&input, args.output.quiet, &watch)?;
        let mut report = pipeline::scan(&corpus, &params, &watch)?;
        watch.fill(&mut report.stats);
        Ok((corpus, report))
    })?;
    if !args.output.quiet && args.output.format != Format::Text {
        progress::remark_skipped(&report.skipped);
    }
    let text = output::terminal(config::look(&args.output));
    let form = output::form(args.output.format, text);
    match output::write_report(&report, &corpus, args.output.output.as_ref(), form.as_ref()) {
        // The exit code is an answer of its own, whoever reads the report.
        Err(error) if !error.is_broken_pipe() => Err(error),
        _ if args.fail_on_duplicates && has_duplicates(&report) => Ok(Outcome::DuplicatesFound),
        _ => Ok(Outcome::Done),
    }
}

/// What to read, and how strictly.
pub(super) struct Input<'a> {
    pub(super) paths: &'a [String],
    pub(super) options: &'a ReadOptions,
    pub(super) strict: bool,
}

/// Reads the documents of all paths and remarks on what is odd about them.
pub(super) fn read_corpus(input: &Input<'_>, quiet: bool, watch: &Watch) -> Result<Corpus, Error> {
    watch.begin_reading();
    let outcome = read::read_paths(input.paths, input.options, watch);
    watch.end();
    let ReadOutcome { documents, skipped, notes, .. } = output::strictly(outcome?, input.strict)?;
    let corpus = Corpus::try_new(documents)?.with_skipped(skipped);
    if !quiet {
        progress::remark_all(&notes);
        let renamed = corpus.documents().iter().filter(|document| document.original_id.is_some()).count();
        if renamed > 0 {
            progress::remark(&format!(
                "{renamed} documents had the id of another one and got a number behind it; see original_id"
            ));
        }
    }
    Ok(corpus)
}

fn has_duplicates(report: &Report) -> bool {
    let is_duplicate = |verdict| {
        matches!(verdict, Verdict::Exact | Verdict::NearDuplicate | Verdict::Contains | Verdict::ContainedIn)
    };
    !report.exact_groups.is_empty() || report.pairs.iter().any(|pair| is_duplicate(pair.verdict))
}
