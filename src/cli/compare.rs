//! `wirecopy compare A B`: one pair explained.

use std::path::Path;

use super::args::CompareArgs;
use super::corpus::Input;
use super::memory::Memory;
use super::progress::Watch;
use super::{Outcome, config, output};
use crate::document::{Corpus, Document};
use crate::error::Error;
use crate::params::Level;
use crate::pipeline;
use crate::read::ReadOptions;
use crate::render::CompareRender;
use crate::spill::gathered::Documents;

/// Reads the two documents, compares them and explains.
pub(super) fn run(args: CompareArgs) -> Result<Outcome, Error> {
    let (params, options) = config::params_and_options(&args.detection, Level::Passages, &args.input)?;
    // The text needs what is found; the other forms tell already where they can go.
    let form = |shares| {
        let look = config::look(&args.output);
        let text = CompareRender { width: look.width, color: look.color, shares };
        output::form(&args.output, Box::new(text))
    };
    output::check_form(&form(None), args.output.output.as_ref())?;
    let pool = config::thread_pool(&args.output)?;
    let watch = Watch::new(&args.output.run.log);
    let (corpus, report, shares) = pool.install(|| -> Result<_, Error> {
        let corpus = Corpus::try_new(read_pair(&args, &options, &watch)?)?;
        let (mut report, shares) = pipeline::compare(&corpus, &params, &watch)?;
        watch.fill(&mut report.stats);
        Ok((corpus, report, shares))
    })?;
    let form = form(Some(shares));
    pool.install(|| output::write_report(&report, &corpus, args.output.output.as_ref(), &form))?;
    Ok(Outcome::Done)
}

fn read_pair(args: &CompareArgs, options: &ReadOptions, watch: &Watch) -> Result<Vec<Document>, Error> {
    let memory = Memory::of(&args.memory)?;
    let read = |paths: &[String]| {
        let input = Input { paths, kept_stdin: None, options, strict: args.input.strict };
        input.documents(watch, (&memory, None), args.output.run.log.quiet)
    };
    if args.among.is_empty() {
        let one = only_document(&args.a, &read(std::slice::from_ref(&args.a))?)?;
        let other = only_document(&args.b, &read(std::slice::from_ref(&args.b))?)?;
        return Ok(vec![one, other]);
    }
    let corpus = read(&args.among)?;
    let find = |id: &String| {
        let corpus = corpus.collection();
        let found = corpus.find(id).map(|document| corpus.document(document).into_owned());
        // What could not be read back must not pass as missing.
        corpus.check()?;
        let place = args.among.join(" ");
        found.ok_or_else(|| Error::format(place.as_ref(), None, format!("no document has the id {id}")))
    };
    if args.a == args.b {
        return Err(Error::format(Path::new(&args.a), None, "is named twice; name two documents"));
    }
    Ok(vec![find(&args.a)?, find(&args.b)?])
}

/// The document of a file that holds one.
fn only_document(path: &str, documents: &Documents) -> Result<Document, Error> {
    let corpus = documents.collection();
    let first = corpus.ids().next().map(|first| corpus.document(first));
    // A text that could not be read back must not be taken for an empty one.
    corpus.check()?;
    match (first, corpus.len()) {
        (Some(document), 1) => Ok(document.into_owned()),
        (None, _) => Err(Error::format(path.as_ref(), None, "holds no document")),
        (Some(first), count) => Err(Error::format(
            path.as_ref(),
            None,
            format!("holds {count} documents; name two by id with --in {path}, such as {}", first.id),
        )),
    }
}
