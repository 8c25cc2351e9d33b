//! `wirecopy scan`: the main job.

use std::collections::{HashMap, HashSet};

use super::args::ScanArgs;
use super::corpus::Input;
use super::log;
use super::memory::Memory;
use super::progress::Watch;
use super::resume::{Known, Run};
use super::shared_args::Format;
use super::{Outcome, config, explain, output};
use crate::error::Error;
use crate::pipeline;
use crate::read::ReadOptions;
use crate::report::{DocumentEntry, ExactGroup, Report, Verdict};
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
    let input = Input { paths: &args.paths, kept_stdin: None, options: &options, strict: args.input.strict };
    let memory = Memory::of(&args.memory)?;
    let known = Known { params: &params, args: &args.input, index: None };
    let run = pool.install(|| Run::of(&args.long, &input, &known, memory.budget()))?;
    let (corpus, mut report, lists) = pool.install(|| -> Result<_, Error> {
        let quiet = args.output.run.log.quiet;
        let corpus = input.documents(&watch, (&memory, run.as_ref()), quiet)?;
        let state = run.as_ref().map(|run| &run.state);
        let (mut report, lists) = pipeline::scan_streamed(corpus.collection(), &params, state, &watch)?;
        watch.fill(&mut report.stats);
        report.stats.memory_budget = memory.kept_to(corpus.collection(), run.is_some());
        Ok((corpus, report, lists))
    })?;
    log::found(&report, lists.as_ref());
    if !args.output.run.log.quiet && args.output.format != Format::Text {
        log::remark_skipped(&report.skipped);
    }
    let path = args.output.output.as_ref();
    let written = pool.install(|| match &lists {
        None => output::write_report(&report, corpus.texts(), path, &form),
        Some(lists) => output::write_spooled(&mut report, lists, corpus.texts(), path, &form),
    });
    match written {
        // The exit code is an answer of its own, whoever reads the report.
        Err(error) if !error.is_broken_pipe() => return Err(error),
        _ => {}
    }
    let is_failure = args.fail_on_duplicates && has_duplicates(&report, lists.as_ref());
    // The process ends and its memory with it, in less time than to give back one
    // string after the other.
    std::mem::forget((report, corpus));
    Ok(if is_failure { Outcome::DuplicatesFound } else { Outcome::Done })
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
        return !report.exact_groups.is_empty() || lists.is_some_and(|lists| !lists.exact_groups.is_empty());
    }
    let apart: Vec<ExactGroup> = lists.into_iter().flat_map(|lists| lists.exact_groups.iter()).collect();
    let groups = || report.exact_groups.iter().chain(&apart);
    let grouped: HashSet<&str> =
        groups().flat_map(|group| group.documents.iter().map(String::as_str)).collect();
    let is_grouped = |document: &DocumentEntry| grouped.contains(document.id.as_str());
    let spooled: Vec<DocumentEntry> =
        lists.into_iter().flat_map(|lists| lists.documents.iter()).filter(is_grouped).collect();
    let by_id: HashMap<&str, &DocumentEntry> =
        report.documents.iter().chain(&spooled).map(|document| (document.id.as_str(), document)).collect();
    groups().any(|group| {
        let of_group = || group.documents.iter().filter_map(|id| by_id.get(id.as_str()));
        let is_mixed = |is_other: &dyn Fn(&DocumentEntry, &DocumentEntry) -> bool| {
            of_group().zip(of_group().skip(1)).any(|(one, next)| is_other(one, next))
        };
        (!params.against || is_mixed(&|one, next| one.against != next.against))
            && (!params.across_sources_only || is_mixed(&|one, next| one.source != next.source))
    })
}
