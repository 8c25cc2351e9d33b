//! `wirecopy scan`: the main job.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use super::args::ScanArgs;
use super::log;
use super::progress::Watch;
use super::shared_args::Format;
use super::{Outcome, config, explain, output};
use crate::collection::Collection;
use crate::document::Corpus;
use crate::error::Error;
use crate::pipeline::{self, Observer};
use crate::read::{self, Note, ReadOptions, ReadOutcome};
use crate::render::Texts;
use crate::report::{DocumentEntry, Report, Verdict};
use crate::spill::Spill;
use crate::spill::documents::{SpooledCorpus, Spooler};
use crate::spill::entries::Lists;

/// Reads, detects and reports.
pub(super) fn run(args: ScanArgs) -> Result<Outcome, Error> {
    let (params, options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    let params = config::limited(params, &args)?;
    if args.explain_params {
        output::write(args.output.output.as_ref(), |out| explain::write(&params, out))?;
        return Ok(Outcome::Done);
    }
    let options = ReadOptions { against: args.against.clone(), ..options };
    let form = output::form(&args.output, output::terminal(config::look(&args.output)));
    output::check_form(&form, args.output.output.as_ref())?;
    let pool = config::thread_pool(&args.output)?;
    let watch = Watch::new(&args.output.run.log);
    let input = Input { paths: &args.paths, options: &options, strict: args.input.strict };
    let spill = config::spill(args.memory.as_deref(), args.temp_dir.as_deref())?;
    let (corpus, mut report, lists) = pool.install(|| -> Result<_, Error> {
        let corpus = match &spill {
            None => Read::Held(read_corpus(&input, args.output.run.log.quiet, &watch)?),
            Some(spill) => Read::Spooled(spool(&input, args.output.run.log.quiet, &watch, spill)?),
        };
        let (mut report, lists) = pipeline::scan_streamed(corpus.collection(), &params, &watch)?;
        watch.fill(&mut report.stats);
        report.stats.memory_budget = spill.as_ref().map(Spill::budget);
        Ok((corpus, report, lists))
    })?;
    log::found(&report, lists.as_ref());
    if !args.output.run.log.quiet && args.output.format != Format::Text {
        log::remark_skipped(&report.skipped);
    }
    let path = args.output.output.as_ref();
    let written = match &lists {
        None => output::write_report(&report, corpus.texts(), path, &form),
        Some(lists) => output::write_spooled(&mut report, lists, corpus.texts(), path, &form),
    };
    match written {
        // The exit code is an answer of its own, whoever reads the report.
        Err(error) if !error.is_broken_pipe() => Err(error),
        _ if args.fail_on_duplicates && has_duplicates(&report, lists.as_ref()) => {
            Ok(Outcome::DuplicatesFound)
        }
        _ => Ok(Outcome::Done),
    }
}

/// What to read, and how strictly.
pub(super) struct Input<'a> {
    pub(super) paths: &'a [String],
    pub(super) options: &'a ReadOptions,
    pub(super) strict: bool,
}

/// The documents, in memory or in a temporary file.
pub(super) enum Read {
    Held(Corpus),
    Spooled(SpooledCorpus),
}

impl Read {
    pub(super) fn collection(&self) -> Collection<'_> {
        match self {
            Self::Held(corpus) => corpus.into(),
            Self::Spooled(corpus) => corpus.into(),
        }
    }

    pub(super) fn texts(&self) -> &dyn Texts {
        match self {
            Self::Held(corpus) => corpus,
            Self::Spooled(corpus) => corpus,
        }
    }
}

/// Reads the documents of all paths into a temporary file, and remarks on
/// what is odd about them.
fn spool(input: &Input<'_>, quiet: bool, watch: &Watch, spill: &Spill) -> Result<SpooledCorpus, Error> {
    watch.begin_reading();
    let mut spooler = Spooler::new(spill);
    let outcome = read::read_paths_to(input.paths, input.options, watch, &mut |documents| {
        spooler.extend(documents);
        match spill.check() {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    watch.end();
    spill.check()?;
    let ReadOutcome { skipped, notes, .. } = output::strictly(outcome?, input.strict)?;
    let corpus = spooler.try_finish(skipped)?;
    if !quiet {
        remark(&notes, corpus.renamed());
    }
    Ok(corpus)
}

/// Reads the documents of all paths and remarks on what is odd about them.
pub(super) fn read_corpus(input: &Input<'_>, quiet: bool, watch: &Watch) -> Result<Corpus, Error> {
    watch.begin_reading();
    let outcome = read::read_paths(input.paths, input.options, watch);
    watch.end();
    corpus_of(output::strictly(outcome?, input.strict)?, quiet)
}

/// The documents of what was read, with remarks on what is odd about them.
pub(super) fn corpus_of(outcome: ReadOutcome, quiet: bool) -> Result<Corpus, Error> {
    let ReadOutcome { documents, skipped, notes, .. } = outcome;
    let corpus = Corpus::try_new(documents)?.with_skipped(skipped);
    if !quiet {
        let renamed = corpus.documents().iter().filter(|document| document.original_id.is_some()).count();
        remark(&notes, renamed);
    }
    Ok(corpus)
}

fn remark(notes: &[Note], renamed: usize) {
    log::remark_all(notes);
    if renamed > 0 {
        log::remark(&format!(
            "{renamed} documents had the id of another one and got a number behind it; see original_id"
        ));
    }
}

fn has_duplicates(report: &Report, lists: Option<&Lists>) -> bool {
    let is_duplicate = |verdict| {
        matches!(verdict, Verdict::Exact | Verdict::NearDuplicate | Verdict::Contains | Verdict::ContainedIn)
    };
    report.pairs.iter().any(|pair| is_duplicate(pair.verdict))
        || lists.is_some_and(|lists| lists.pairs.iter().any(|pair| is_duplicate(pair.verdict)))
        || has_identical(report, lists)
}

/// Whether any two documents have the same tokens and may be a pair. A group
/// that is listed because it stands in a pair may be of one side.
fn has_identical(report: &Report, lists: Option<&Lists>) -> bool {
    let params = &report.params;
    if !params.against && !params.across_sources_only {
        return !report.exact_groups.is_empty();
    }
    let grouped: HashSet<&str> =
        report.exact_groups.iter().flat_map(|group| group.documents.iter().map(String::as_str)).collect();
    let is_grouped = |document: &DocumentEntry| grouped.contains(document.id.as_str());
    let spooled: Vec<DocumentEntry> =
        lists.into_iter().flat_map(|lists| lists.documents.iter()).filter(is_grouped).collect();
    let by_id: HashMap<&str, &DocumentEntry> =
        report.documents.iter().chain(&spooled).map(|document| (document.id.as_str(), document)).collect();
    report.exact_groups.iter().any(|group| {
        let of_group = || group.documents.iter().filter_map(|id| by_id.get(id.as_str()));
        let is_mixed = |is_other: &dyn Fn(&DocumentEntry, &DocumentEntry) -> bool| {
            of_group().zip(of_group().skip(1)).any(|(one, next)| is_other(one, next))
        };
        (!params.against || is_mixed(&|one, next| one.against != next.against))
            && (!params.across_sources_only || is_mixed(&|one, next| one.source != next.source))
    })
}
