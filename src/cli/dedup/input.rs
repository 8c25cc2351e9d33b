//! What `wirecopy dedup` reads: its input, and what is had already.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::Seen;
use crate::cli::corpus::{self, Gathering, Input};
use crate::cli::memory::Memory;
use crate::cli::progress::Watch;
use crate::cli::resume::Run;
use crate::collection::Collection;
use crate::error::Error;
use crate::spill::gathered::Documents;

/// The documents of the input, with those of an index that they are to be
/// compared with, as a run has kept them or read now; says for each where it
/// stands in the input.
pub(super) fn read(
    input: &Input<'_>,
    seen: Option<Seen>,
    (watch, quiet): (&Watch, bool),
    (memory, run): (&Memory, Option<&Run>),
) -> Result<(Documents, Vec<usize>), Error> {
    let kept = run.and_then(|run| run.state.documents());
    let (documents, paths) = match kept {
        Some(kept) => corpus::spooled(kept, quiet),
        None => {
            let mut gathering = Gathering::new(memory, run)?;
            let mut seen = seen;
            let outcome = input.read_to(watch, &mut |documents| match &mut seen {
                None => gathering.take(documents),
                Some(seen) => seen.take(documents, &mut gathering),
            })?;
            if let Some(seen) = seen {
                seen.finish(&mut gathering)?;
            }
            gathering.finish(outcome, run, quiet)?
        }
    };
    let places = places(documents.collection(), &paths);
    Ok((documents, places))
}

/// For each document its place in the input; those of an index come last.
fn places(corpus: Collection<'_>, paths: &[String]) -> Vec<usize> {
    let paths: HashMap<&str, usize> =
        paths.iter().enumerate().map(|(number, path)| (path.as_str(), number)).collect();
    let keys = corpus.map(|_, document| {
        let path = paths.get(&*document.path).copied().filter(|_| !document.is_against);
        (path.unwrap_or(usize::MAX), document.record, document.line)
    });
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|&at| (keys[at], at));
    let mut places = vec![0; order.len()];
    order.into_iter().enumerate().for_each(|(place, document)| places[document] = place);
    places
}

/// Standard input, kept in a file, as it is read twice. The file goes with
/// this value.
pub(super) struct Spool {
    pub(super) path: PathBuf,
}

impl Spool {
    /// Takes in standard input, if the paths name it.
    pub(super) fn of(paths: &[String]) -> Result<Option<Self>, Error> {
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
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nothing is left to do about a file that does not go.
        let _ = std::fs::remove_file(&self.path);
    }
}
