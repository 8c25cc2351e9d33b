//! `wirecopy render REPORT`: a report made earlier, in another form.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
#[cfg(feature = "parquet")]
use std::{fs, path::PathBuf};

use super::args::RenderArgs;
use super::corpus::Input;
use super::log;
use super::progress::Watch;
use super::{Outcome, config, output};
use crate::document::Corpus;
use crate::error::Error;
#[cfg(feature = "parquet")]
use crate::render::tables::read_tables;
use crate::render::{Texts, read_report};
use crate::report::Report;

/// Reads the report, and its texts where they are named, and writes it.
pub(super) fn run(args: &RenderArgs) -> Result<Outcome, Error> {
    let options = config::read_options(&args.input)?;
    let form = output::form(&args.output, output::terminal(config::look(&args.output)));
    output::check_form(&form, args.output.output.as_ref())?;
    let report = report_at(&args.report)?;
    let pool = config::thread_pool(&args.output)?;
    let corpus = if args.texts.is_empty() {
        Corpus::default()
    } else {
        let watch = Watch::new(&args.output.run.log);
        let input =
            Input { paths: &args.texts, kept_stdin: None, options: &options, strict: args.input.strict };
        pool.install(|| input.corpus(args.output.run.log.quiet, &watch))?
    };
    let texts = SameTexts::new(&report, &corpus);
    if !args.texts.is_empty() && !args.output.run.log.quiet {
        remark_missing(&report, &texts);
    }
    pool.install(|| output::write_report(&report, &texts, args.output.output.as_ref(), &form))?;
    Ok(Outcome::Done)
}

/// The report in a file or a folder of tables, or on standard input for `-`.
pub(super) fn report_at(path: &Path) -> Result<Report, Error> {
    if path.is_dir() {
        return report_in(path);
    }
    if path == Path::new("-") {
        return read_report("standard input".as_ref(), &mut io::stdin().lock());
    }
    let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
    read_report(path, &mut BufReader::new(file))
}

/// The report whose tables lie in a folder.
#[cfg(feature = "parquet")]
fn report_in(folder: &Path) -> Result<Report, Error> {
    read_tables(|table| {
        let path = folder.join(format!("{table}.parquet"));
        let open = |path: PathBuf| {
            let file = File::open(&path).map_err(|error| Error::io("open", &path, error))?;
            Ok((Cow::Owned(path), file))
        };
        if !path.is_dir() {
            return Ok(vec![open(path)?]);
        }
        // As engines that work side by side write a table.
        let of_folder = |error| Error::io("list", &path, error);
        let entries: io::Result<Vec<PathBuf>> =
            fs::read_dir(&path).map_err(of_folder)?.map(|entry| Ok(entry?.path())).collect();
        let is_part = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "parquet");
        let mut parts: Vec<PathBuf> = entries.map_err(of_folder)?.into_iter().filter(is_part).collect();
        parts.sort_unstable();
        parts.into_iter().map(open).collect()
    })
}

#[cfg(not(feature = "parquet"))]
fn report_in(folder: &Path) -> Result<Report, Error> {
    Err(Error::format(folder, None, "is a directory, and this build reads no tables; name a file"))
}

/// The texts of a corpus that are those of the report: a text of another
/// length has changed since, and the spans of the report would point
/// anywhere in it.
struct SameTexts<'a> {
    corpus: &'a Corpus,
    is_same: HashSet<&'a str>,
}

impl<'a> SameTexts<'a> {
    fn new(report: &'a Report, corpus: &'a Corpus) -> Self {
        let is_same = |id: &str, bytes| Texts::text(corpus, id).is_some_and(|text| text.len() == bytes);
        let same = report.documents.iter().filter(|document| is_same(&document.id, document.bytes));
        Self { corpus, is_same: same.map(|document| document.id.as_str()).collect() }
    }
}

impl Texts for SameTexts<'_> {
    fn text(&self, document: &str) -> Option<Cow<'_, str>> {
        Texts::text(self.corpus, document).filter(|_| self.is_same.contains(document))
    }
}

fn remark_missing(report: &Report, texts: &SameTexts<'_>) {
    let all = report.documents.len();
    let absent = report.documents.iter().filter(|document| texts.corpus.find(&document.id).is_none()).count();
    let changed = all - texts.is_same.len() - absent;
    if absent > 0 {
        log::remark(&format!(
            "{absent} of {all} documents are not in the paths given with --texts; they are shown without text"
        ));
    }
    if changed > 0 {
        log::remark(&format!(
            "{changed} of {all} documents have changed since the report was made; they are shown without text"
        ));
    }
}
