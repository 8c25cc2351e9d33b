//! `wirecopy dedup`: the input without its copies.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dedup_args::{DedupArgs, DedupFormat, ShortArg};
use super::dedup_output::Destination;
use super::log;
use super::progress::Watch;
use super::scan::corpus_of;
use super::{Outcome, config, output};
use crate::dedup::{self, Edited, Keep, Options, Plan, StripKind};
use crate::document::{Corpus, DocId, Document};
use crate::error::Error;
use crate::params::Level;
use crate::pipeline;
use crate::read::again::{self, Original};
use crate::read::{self, Families, ReadOptions};
use crate::render::{Audit, write_document};
use crate::report::{Report, Verdict};
use crate::rewrite::{Rewriter, Uncut};

/// Reads, chooses, and writes what stays.
pub(super) fn run(args: &DedupArgs) -> Result<Outcome, Error> {
    let (params, read_options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    let keep = keep(&args.choice.keep, &read_options.families)?;
    let strip = strip_kinds(args, params.level)?;
    if !(0.0..=1.0).contains(&args.choice.min_agreed) {
        return Err(Error::param("min-agreed", args.choice.min_agreed.to_string(), "0 to 1".to_owned()));
    }
    let pool = config::pool_of(args.output.run.threads)?;
    let spool = Spool::of(&args.paths)?;
    let originals = again::originals(&args.paths, spool.as_ref().map(|spool| spool.path.as_path()))?;
    let destination = Destination::new(&args.output, &originals)?;
    let watch = Watch::new(&args.output.run.log);
    let work = pool.install(|| -> Result<Work, Error> {
        let (corpus, places) = read_corpus(args, spool.as_ref(), &read_options, &watch)?;
        let report = pipeline::scan(&corpus, &params, &watch)?;
        let options = Options {
            keep,
            remove: args.choice.remove.into(),
            min_agreed: args.choice.min_agreed,
            removes_short: args.choice.short == ShortArg::Exact,
            places,
        };
        let plan = pipeline::plan_dedup(&corpus, &report, &options, &watch)?;
        let edited = dedup::strip(&report, &corpus, &plan, &strip);
        Ok(Work { corpus, report, options, plan, edited, strip })
    })?;
    let uncut = work.write(&destination, &originals, &read_options)?;
    log::found(&work.report, None);
    log::kept(work.corpus.len() - work.plan.removed.len(), work.plan.removed.len());
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
    corpus: Corpus,
    report: Report,
    options: Options,
    plan: Plan,
    edited: Vec<Edited>,
    strip: Vec<StripKind>,
}

impl Work {
    /// Writes what stays and what is to be known of the rest; both appear
    /// when both are whole.
    fn write(
        &self,
        destination: &Destination,
        originals: &[Original],
        read_options: &ReadOptions,
    ) -> Result<Uncut, Error> {
        let kept = self.plan.kept();
        let rewriter = Rewriter::new(&self.corpus, &kept, &self.edited, &read_options.fields);
        let mut uncut = Uncut::new();
        let mut trouble = None;
        let mut finish = |found: Uncut| -> io::Result<()> {
            uncut = found;
            let unchanged = originals.iter().try_for_each(Original::check_unchanged);
            let written = unchanged.and_then(|()| self.write_audit(destination, &uncut));
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
        let Self { corpus, options, plan, edited, strip, .. } = self;
        let skipped = &self.report.skipped;
        let audit = Audit { corpus, options, strip, plan, edited, uncut, skipped };
        output::write(Some(path), |out| audit.write(out))
    }

    /// Each document that stays as it was understood, in the order of the
    /// input.
    fn write_as_read(&self, kept: &[bool], out: &mut dyn Write) -> io::Result<()> {
        let mut order: Vec<usize> = (0..kept.len()).filter(|&document| kept[document]).collect();
        order.sort_by_key(|&document| self.options.places[document]);
        let cuts: HashMap<usize, &Edited> =
            self.edited.iter().map(|edited| (edited.document.index(), edited)).collect();
        for document in order {
            let original = &self.corpus.documents()[document];
            match cuts.get(&document) {
                None => write_document(original, out)?,
                Some(edited) => {
                    let text = dedup::apply(&original.text, &edited.cuts);
                    write_document(&Document { text, ..original.clone() }, out)?;
                }
            }
        }
        Ok(())
    }

    /// Says in a few lines what was done.
    fn summarise(&self, uncut: &Uncut, destination: &Destination) {
        let removed = &self.plan.removed;
        let total = self.corpus.len();
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
        let by_reason = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
        log::remark(&format!(
            "{} read, {} removed{by_reason}, {} kept",
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
            let id = &self.corpus[*document].id;
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

/// Reads the documents, and says for each where it stands in the input.
fn read_corpus(
    args: &DedupArgs,
    spool: Option<&Spool>,
    options: &ReadOptions,
    watch: &Watch,
) -> Result<(Corpus, Vec<usize>), Error> {
    watch.begin_reading();
    let outcome = match spool {
        None => read::read_paths(&args.paths, options, watch),
        Some(spool) => spool.read(options, watch),
    };
    pipeline::Observer::end(watch);
    let outcome = output::strictly(outcome?, args.input.strict)?;
    let mut paths: HashMap<Arc<str>, usize> = HashMap::new();
    for document in &outcome.documents {
        let next = paths.len();
        paths.entry(Arc::clone(&document.path)).or_insert(next);
    }
    let corpus = corpus_of(outcome, args.output.run.log.quiet)?;
    let documents = corpus.documents();
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|&at| (paths[&documents[at].path], documents[at].record, documents[at].line, at));
    let mut places = vec![0; order.len()];
    order.into_iter().enumerate().for_each(|(place, document)| places[document] = place);
    Ok((corpus, places))
}

/// Standard input, kept in a file, as it is read twice. The file goes with
/// this value.
struct Spool {
    path: PathBuf,
}

impl Spool {
    /// Takes in standard input, if the paths name it.
    fn of(paths: &[String]) -> Result<Option<Self>, Error> {
        if !paths.iter().any(|path| path == "-") {
            return Ok(None);
        }
        if paths.len() > 1 {
            let range = "alone where standard input is read, which is kept in a file meanwhile";
            return Err(Error::param("path", "-".to_owned(), range.to_owned()));
        }
        let name = format!("wirecopy-{}.stdin", std::process::id());
        let spool = Self { path: std::env::temp_dir().join(name) };
        let taken = File::create_new(&spool.path).and_then(|mut file| io::copy(&mut io::stdin(), &mut file));
        taken.map_err(|error| Error::io("keep standard input in", &spool.path, error))?;
        Ok(Some(spool))
    }

    fn read(&self, options: &ReadOptions, watch: &Watch) -> Result<read::ReadOutcome, Error> {
        let file = File::open(&self.path).map_err(|error| Error::io("read", &self.path, error))?;
        let outcome = read::read_stream("-", file, options, watch)?;
        match outcome.skipped.first().filter(|skipped| skipped.line.is_none()) {
            Some(skipped) if outcome.documents.is_empty() => {
                Err(Error::format(Path::new("-"), None, skipped.reason.clone()))
            }
            _ => Ok(outcome),
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nothing is left to do about a file that does not go.
        let _ = std::fs::remove_file(&self.path);
    }
}
