//! `wirecopy dedup`: the input without its copies.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

#[cfg(feature = "index")]
mod against;
pub(super) mod args;
mod input;
mod output;
#[cfg(not(feature = "index"))]
mod without_index;

#[cfg(feature = "index")]
use self::against::Seen;
use self::args::{DedupArgs, DedupFormat, ShortArg};
use self::input::Spool;
use self::output::Destination;
#[cfg(not(feature = "index"))]
use self::without_index::Seen;
use super::corpus::Input;
use super::log;
use super::memory::Memory;
use super::progress::Watch;
use super::resume::{Known, Run};
use super::{Outcome, config};
use crate::collection::Collection;
use crate::dedup::{self, Edited, Keep, Options, Plan, Removed, StripKind};
use crate::document::{DocId, Document};
use crate::error::Error;
use crate::params::Level;
use crate::pipeline;
use crate::read::again::{self, Original};
use crate::read::{Families, ReadOptions};
use crate::render::{Audit, write_document};
use crate::report::{Report, Verdict};
use crate::rewrite::{Rewriter, Uncut};
use crate::spill::gathered::Documents;

/// Reads, chooses, and writes what stays.
pub(super) fn run(args: &DedupArgs) -> Result<Outcome, Error> {
    let (typed, read_options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    let seen = Seen::open(&args.choice.against, &read_options)?;
    let params = seen.as_ref().map_or(Ok(typed.clone()), |seen| seen.params(&typed, &args.given))?;
    let keep = keep(&args.choice.keep, &read_options.families)?;
    let strip = strip_kinds(args, params.level)?;
    if !(0.0..=1.0).contains(&args.choice.min_agreed) {
        return Err(Error::param("min-agreed", args.choice.min_agreed.to_string(), "0 to 1".to_owned()));
    }
    let pool = config::pool_of(args.output.run.threads)?;
    let spool = Spool::of(&args.paths)?;
    let kept_stdin = spool.as_ref().map(|spool| spool.path.as_path());
    let originals = again::originals(&args.paths, kept_stdin)?;
    let destination = Destination::new(&args.output, &originals)?;
    let memory = Memory::of(&args.memory)?;
    let index = seen.as_ref().map(|seen| seen.name().to_owned());
    let against = if index.is_none() { args.choice.against.clone() } else { Vec::new() };
    let read_options = ReadOptions { against, ..read_options };
    let input = Input { paths: &args.paths, kept_stdin, options: &read_options, strict: args.input.strict };
    let watch = Watch::new(&args.output.run.log);
    let known = Known { params: &params, args: &args.input, index: seen.as_ref().map(Seen::fact) };
    let run = pool.install(|| Run::of(&args.long, &input, &known, memory.budget()))?;
    let work = pool.install(|| -> Result<Work, Error> {
        let quiet = args.output.run.log.quiet;
        let kept = (&memory, run.as_ref());
        let (documents, places) = input::read(&input, seen, (&watch, quiet), kept)?;
        let corpus = documents.collection();
        let state = run.as_ref().map(|run| &run.state);
        let (report, lists) = pipeline::scan_streamed(corpus, &params, state, &watch)?;
        log::found(&report, lists.as_ref());
        let report = match lists {
            None => report,
            Some(lists) => dedup::with_lists(report, &lists)?,
        };
        let options = Options {
            keep,
            remove: args.choice.remove.into(),
            min_agreed: args.choice.min_agreed,
            removes_short: args.choice.short == ShortArg::Exact,
            places,
        };
        let plan = pipeline::plan_dedup(corpus, &report, &options, &watch)?;
        let edited = dedup::strip(&report, corpus, &plan, &strip);
        corpus.check()?;
        Ok(Work { documents, report, options, plan, edited, strip, index })
    })?;
    let uncut = work.write(&destination, &originals, &read_options)?;
    log::kept(work.count() - work.plan.removed.len(), work.plan.removed.len());
    if !args.output.run.log.quiet {
        work.summarise(&uncut, &destination);
        if args.output.format == DedupFormat::Input {
            remark_transcoded(&originals);
        }
    }
    Ok(Outcome::Done)
}

/// What was decided.
struct Work {
    documents: Documents,
    report: Report,
    options: Options,
    plan: Plan,
    edited: Vec<Edited>,
    strip: Vec<StripKind>,
    /// The index that was asked.
    index: Option<String>,
}

impl Work {
    fn corpus(&self) -> Collection<'_> {
        self.documents.collection()
    }

    /// How many documents the input has.
    fn count(&self) -> usize {
        self.report.documents.iter().filter(|document| !document.against).count()
    }

    /// Writes what stays and what is to be known of the rest; both appear
    /// when both are whole.
    fn write(
        &self,
        destination: &Destination,
        originals: &[Original],
        read_options: &ReadOptions,
    ) -> Result<Uncut, Error> {
        let kept = self.plan.kept();
        let rewriter = Rewriter::new(self.corpus(), &kept, &self.edited, &read_options.fields);
        let mut uncut = Uncut::new();
        let mut trouble = None;
        let mut finish = |found: Uncut| -> io::Result<()> {
            uncut = found;
            let unchanged = originals.iter().try_for_each(Original::check_unchanged);
            // What could not be read back must not pass as what stays.
            let is_whole = unchanged.and_then(|()| self.corpus().check());
            let written = is_whole.and_then(|()| self.write_audit(destination, &uncut));
            written.map_err(|error| {
                trouble = Some(error);
                io::Error::other("the list of what went could not be written")
            })
        };
        let written = match destination.format {
            DedupFormat::Input => destination.write(originals, &rewriter, &mut finish),
            DedupFormat::Jsonl => {
                destination.write_as_read(&mut finish, |out| self.write_as_read(&kept, out))
            }
        };
        match trouble {
            Some(error) => Err(error),
            None => written.map(|()| uncut),
        }
    }

    fn write_audit(&self, destination: &Destination, uncut: &Uncut) -> Result<(), Error> {
        let Some(path) = &destination.removed else { return Ok(()) };
        let Self { options, plan, edited, strip, .. } = self;
        let (skipped, corpus, index) = (&self.report.skipped, self.corpus(), self.index.as_deref());
        let audit = Audit { corpus, options, strip, plan, edited, uncut, skipped, index };
        super::output::write(Some(path), |out| {
            audit.write(out)?;
            corpus.check().map_err(io::Error::other)
        })
    }

    /// Each document that stays as it was understood, in the order of the
    /// input.
    fn write_as_read(&self, kept: &[bool], out: &mut dyn Write) -> io::Result<()> {
        let is_own = |document: usize| !self.report.documents[document].against;
        let stays = |&document: &usize| kept[document] && is_own(document);
        let mut order: Vec<usize> = (0..kept.len()).filter(stays).collect();
        order.sort_by_key(|&document| self.options.places[document]);
        let cuts: HashMap<usize, &Edited> =
            self.edited.iter().map(|edited| (edited.document.index(), edited)).collect();
        for document in order {
            let original = self.corpus().document(DocId::new(document));
            match cuts.get(&document) {
                None => write_document(&original, out)?,
                Some(edited) => {
                    let text = dedup::apply(&original.text, &edited.cuts);
                    write_document(&Document { text, ..original.into_owned() }, out)?;
                }
            }
        }
        Ok(())
    }

    /// Says in a few lines what was done.
    fn summarise(&self, uncut: &Uncut, destination: &Destination) {
        let removed = &self.plan.removed;
        let total = self.count();
        let of = |verdict: Verdict| removed.iter().filter(|removed| removed.verdict == verdict).count();
        let kinds = [
            (Verdict::Exact, "identical"),
            (Verdict::NearDuplicate, "near duplicates"),
            (Verdict::ContainedIn, "contained in another"),
            (Verdict::Derived, "versions"),
        ];
        let counts: Vec<String> = kinds
            .iter()
            .filter(|(verdict, _)| of(*verdict) > 0)
            .map(|(verdict, name)| format!("{} {name}", of(*verdict)))
            .collect();
        let is_known = |gone: &&Removed| self.report.documents[gone.survivor.index()].against;
        let known = removed.iter().filter(is_known).count();
        let known = if known > 0 { format!(", {known} of them known before") } else { String::new() };
        let by_reason = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
        log::remark(&format!(
            "{} read, {} removed{by_reason}{known}, {} kept",
            counted(total, "document"),
            removed.len(),
            total - removed.len()
        ));
        let is_uncut: BTreeSet<DocId> = uncut.iter().map(|(document, _)| *document).collect();
        let cut: Vec<&Edited> =
            self.edited.iter().filter(|edited| !is_uncut.contains(&edited.document)).collect();
        if !cut.is_empty() {
            let cuts: usize = cut.iter().map(|edited| edited.cuts.len()).sum();
            log::remark(&format!(
                "{} cut out of {}",
                counted(cuts, "passage"),
                counted(cut.len(), "document")
            ));
        }
        if let Some((document, reason)) = uncut.first() {
            let id = &self.corpus().about(*document).id;
            log::remark(&format!(
                "{} could not be cut, the first is {id}: {reason}; --format jsonl writes it as it was read",
                counted(uncut.len(), "document")
            ));
        }
        if let Some(first) = self.report.skipped.first() {
            let place = first.line.map_or(first.path.clone(), |line| format!("{}:{line}", first.path));
            let count = counted(self.report.skipped.len(), "record");
            log::remark(&format!("{count} not compared, and kept; the first is {place}: {}", first.reason));
        }
        if destination.removed.is_none() && !removed.is_empty() {
            log::remark(&"what went is written down nowhere; name a file with --removed");
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Names what is written in another encoding than it was read in.
fn remark_transcoded(originals: &[Original]) {
    let transcoded: Vec<&str> =
        originals.iter().filter(|input| input.is_transcoded()).map(|input| input.path.as_str()).collect();
    if let [first, others @ ..] = transcoded.as_slice() {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        log::remark(&format!("{first}{more} is in another encoding than UTF-8, and is written as UTF-8"));
    }
}

fn keep(typed: &str, families: &Families) -> Result<Keep, Error> {
    const NAMES: &str = "earliest, origin, longest, latest-revision, first, or prefer=SOURCE,SOURCE…";
    let wrong = || Error::param("keep", typed.to_owned(), NAMES.to_owned());
    Ok(match typed {
        "earliest" => Keep::Earliest,
        "origin" => Keep::Origin,
        "longest" => Keep::Longest,
        "latest-revision" => Keep::LatestRevision,
        "first" => Keep::First,
        _ => {
            let list = typed.strip_prefix("prefer=").ok_or_else(wrong)?;
            let names: Vec<String> = list
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(|name| families.of(name).unwrap_or(name).to_owned())
                .collect();
            if names.is_empty() {
                return Err(wrong());
            }
            Keep::Prefer(names)
        }
    })
}

fn strip_kinds(args: &DedupArgs, level: Level) -> Result<Vec<StripKind>, Error> {
    let mut kinds: Vec<StripKind> = args.choice.strip.iter().map(|&kind| kind.into()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if level == Level::Documents && !kinds.is_empty() {
        let range = "passages where --strip is given, since no repeats are looked for otherwise";
        return Err(Error::param("level", "documents".to_owned(), range.to_owned()));
    }
    Ok(kinds)
}
