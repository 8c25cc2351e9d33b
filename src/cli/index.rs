//! `wirecopy index`: what was seen, kept on disk.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

mod answers;
pub(super) mod args;
pub(super) mod params;

use self::answers::{Answers, Kept};
use self::args::{
    AddArgs, AnswerArgs, ChangedArg, IndexCommand, PruneArgs, QueryArgs, ReportArgs, StatsArgs, VerifyArgs,
};
use super::batches::Input;
use super::follow::Folder;
use super::log;
use super::memory::{self, Memory};
use super::progress::Watch;
use super::{Outcome, config, output};
use crate::document::Skipped;
use crate::error::Error;
use crate::index::{Changed, Index, IndexStats, Settings, Writer, verify};
use crate::pipeline::{self, Observer};
use crate::read::{ReadOptions, ReadOutcome};

/// Most documents of a batch: they are in memory together.
const MAX_BATCH: usize = 1_000_000;

/// How often a folder that is followed is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub(super) fn run(command: &IndexCommand) -> Result<Outcome, Error> {
    match command {
        IndexCommand::Add(args) => add(args),
        IndexCommand::Query(args) => query(args),
        IndexCommand::Report(args) => report(args),
        IndexCommand::Prune(args) => prune(args),
        IndexCommand::Stats(args) => stats(args),
        IndexCommand::Verify(args) => check(args),
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

fn add(args: &AddArgs) -> Result<Outcome, Error> {
    let (settings, options) = settings(args)?;
    if !(1..=MAX_BATCH).contains(&args.batch) {
        return Err(Error::param("batch", args.batch.to_string(), format!("1 to {MAX_BATCH}")));
    }
    let idle = args.idle.as_deref().map(|text| config::seconds("idle", text)).transpose()?;
    let follow = args.follow.as_deref().map(Folder::open).transpose()?;
    output::check(args.output.output.as_ref())?;
    let pool = config::pool_of(args.output.run.threads)?;
    let mut writer = Writer::open(&args.index, &settings)?;
    let watch = Watch::new(&args.output.run.log);
    let answers = answer(&args.output, Kept::AsTheyCome, |answers| {
        let input = Input { paths: &args.paths, options: &options, batch: args.batch, pool: &pool };
        let mut result = Ok(ReadOutcome::default());
        if !args.paths.is_empty() {
            result = input.read(&watch, &mut |documents| answers.write(&writer.add(documents, now())?))?;
            if let Ok(outcome) = &result {
                writer.skip(&outcome.skipped, now())?;
            }
        }
        let outcome = output::strictly(result?, args.input.strict)?;
        remark(&outcome, args.output.run.log.quiet);
        if let Some(folder) = follow {
            take_as_they_come(folder, idle, &mut |paths| {
                let input = Input { paths, ..input };
                let read = input.read(&(), &mut |documents| answers.write(&writer.add(documents, now())?))?;
                // One that cannot be read, or went in between, is no end.
                let outcome = read.or_else(|error| unreadable(paths, error, args.input.strict))?;
                writer.skip(&outcome.skipped, now())?;
                remark(&outcome, args.output.run.log.quiet);
                Ok(())
            })?;
        }
        Ok(())
    })?;
    if !args.output.run.log.quiet {
        log::remark(&answers);
    }
    Ok(Outcome::Done)
}

/// How the index is written to, and how to read.
fn settings(args: &AddArgs) -> Result<(Settings, ReadOptions), Error> {
    let (typed, options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    let exists = Index::exists(&args.index);
    let params = match exists {
        true => params::with_given(&Index::params_of(&args.index)?, &typed, &args.given),
        false => typed,
    };
    let settings = Settings {
        params: Some(params),
        // An index knows by itself whether it keeps texts.
        keeps_texts: (!exists || args.no_texts).then_some(!args.no_texts),
        changed: match args.changed {
            ChangedArg::Keep => Changed::Keep,
            ChangedArg::Replace => Changed::Replace,
        },
        read: options.clone(),
    };
    Ok((settings, options))
}

/// What is known of a file that cannot be read.
fn unreadable(paths: &[String], error: Error, strict: bool) -> Result<ReadOutcome, Error> {
    if strict {
        return Err(error);
    }
    let path = paths.first().cloned().unwrap_or_default();
    let skipped = Skipped { path, line: None, document: None, reason: error.to_string() };
    Ok(ReadOutcome { skipped: vec![skipped], ..ReadOutcome::default() })
}

/// Hands on the files of a folder as they come.
fn take_as_they_come(
    mut folder: Folder,
    idle: Option<u64>,
    take: &mut dyn FnMut(&[String]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut last = SystemTime::now();
    loop {
        for path in folder.ready(SystemTime::now())? {
            take(&[path])?;
            last = SystemTime::now();
        }
        let since = last.elapsed().unwrap_or_default();
        if idle.is_some_and(|idle| since >= Duration::from_secs(idle)) {
            return Ok(());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn query(args: &QueryArgs) -> Result<Outcome, Error> {
    let options = config::read_options(&args.input)?;
    output::check(args.output.output.as_ref())?;
    let pool = config::pool_of(args.output.run.threads)?;
    let index = Index::open(&args.index)?.with_options(options.clone());
    let watch = Watch::new(&args.output.run.log);
    let answers = answer(&args.output, Kept::WhenWhole, |answers| {
        let input = Input { paths: &args.paths, options: &options, batch: 1000, pool: &pool };
        let outcome = input.read(&watch, &mut |documents| answers.write(&index.query(documents)?))??;
        remark(&output::strictly(outcome, args.input.strict)?, args.output.run.log.quiet);
        Ok(())
    })?;
    if !args.output.run.log.quiet {
        log::remark(&answers);
    }
    Ok(Outcome::Done)
}

/// Opens the output for answers; gives how many there were of which kind.
fn answer(
    args: &AnswerArgs,
    kept: Kept,
    work: impl FnOnce(&mut Answers<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut result = Ok(String::new());
    let content = |out: &mut (dyn Write + Send)| {
        let mut answers = Answers::new(args.format, kept, out)?;
        result = work(&mut answers).map(|()| answers.summary());
        match (&result, kept) {
            (Ok(_), _) => answers.finish(),
            // What was added is told whole; the error is told in its place.
            (Err(_), Kept::AsTheyCome) => answers.finish(),
            (Err(_), Kept::WhenWhole) => Err(io::Error::other("the answers are not complete")),
        }
    };
    let written = match kept {
        Kept::WhenWhole => output::write(args.output.as_ref(), content),
        Kept::AsTheyCome => output::write_as_it_comes(args.output.as_ref(), content),
    };
    let summary = result?;
    written?;
    Ok(summary)
}

fn remark(outcome: &ReadOutcome, quiet: bool) {
    if !quiet {
        log::remark_all(&outcome.notes);
        log::remark_skipped(&outcome.skipped);
    }
}

fn report(args: &ReportArgs) -> Result<Outcome, Error> {
    let options = config::read_options(&args.input)?;
    let form = output::form(&args.output, output::terminal(config::look(&args.output)));
    output::check_form(&form, args.output.output.as_ref())?;
    let pool = config::thread_pool(&args.output)?;
    let watch = Watch::new(&args.output.run.log);
    let index = Index::open(&args.index)?.with_options(options);
    let memory = Memory::of(&args.memory)?;
    let (corpus, mut report, lists) = pool.install(|| -> Result<_, Error> {
        Observer::begin(&watch, "load", index.len());
        let corpus = index.gather(memory.gathered());
        Observer::end(&watch);
        let corpus = corpus?;
        let spill = corpus.collection().spill().filter(|_| memory.budget().is_none());
        if let Some(spill) = spill.filter(|_| !args.output.run.log.quiet) {
            memory::remark_on_files(spill);
        }
        let (mut report, lists) = pipeline::scan_streamed(corpus.collection(), index.params(), None, &watch)?;
        watch.fill(&mut report.stats);
        report.stats.memory_budget = memory.kept_to(corpus.collection(), false);
        Ok((corpus, report, lists))
    })?;
    let path = args.output.output.as_ref();
    pool.install(|| match &lists {
        None => output::write_report(&report, corpus.texts(), path, &form),
        Some(lists) => output::write_spooled(&mut report, lists, corpus.texts(), path, &form),
    })?;
    Ok(Outcome::Done)
}

fn prune(args: &PruneArgs) -> Result<Outcome, Error> {
    let seconds = config::seconds("older-than", &args.older_than)?;
    let mut writer = existing(&args.index)?;
    let pruned = writer.prune(now().saturating_sub(i64::try_from(seconds).unwrap_or(i64::MAX)))?;
    if !args.log.quiet {
        log::remark(&format!("{} documents went, {} stay", pruned.documents, pruned.kept));
    }
    Ok(Outcome::Done)
}

/// Opens an index that is there for writing.
fn existing(folder: &Path) -> Result<Writer, Error> {
    Index::params_of(folder)?;
    Writer::open(folder, &Settings::default())
}

fn stats(args: &StatsArgs) -> Result<Outcome, Error> {
    let stats = Index::open(&args.index)?.stats()?;
    output::write(None, |out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &stats)?;
            return out.write_all(b"\n");
        }
        write_stats(&stats, out)
    })?;
    Ok(Outcome::Done)
}

fn write_stats(stats: &IndexStats, out: &mut dyn Write) -> io::Result<()> {
    let IndexStats { documents, gone, skipped, bytes, segments, segment_bytes, packs, pack_bytes, .. } =
        stats;
    writeln!(out, "documents            {documents}")?;
    writeln!(out, "gone, to be tidied   {gone}")?;
    writeln!(out, "skipped records      {skipped}")?;
    writeln!(out, "bytes of text        {bytes}")?;
    writeln!(out, "segments             {segments}, {segment_bytes} bytes")?;
    writeln!(out, "packs of documents   {packs}, {pack_bytes} bytes")?;
    writeln!(out, "bytes a document     {:.0}, beside packs", stats.bytes_a_document)?;
    writeln!(out, "texts                {}", if stats.keeps_texts { "kept" } else { "not kept" })?;
    let params = serde_json::to_string(&stats.params)?;
    writeln!(out, "parameters           {params}")
}

fn check(args: &VerifyArgs) -> Result<Outcome, Error> {
    let problems = verify(&args.index)?;
    for problem in &problems {
        log::complain(problem);
    }
    match problems.len() {
        0 => {
            if !args.log.quiet {
                log::remark(&"all of it is as it was written");
            }
            Ok(Outcome::Done)
        }
        1 => Err(Error::format(&args.index, None, "has a broken file")),
        count => Err(Error::format(&args.index, None, format!("has {count} broken files"))),
    }
}
