//! What a command reads: its documents, in memory or in a file.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::progress::Watch;
use super::resume::Run;
use super::{log, output};
use crate::collection::Collection;
use crate::document::{Corpus, Document};
use crate::error::Error;
use crate::pipeline::Observer;
use crate::read::{self, Note, ReadOptions, ReadOutcome};
use crate::render::Texts;
use crate::spill::Spill;
use crate::spill::documents::{SpooledCorpus, Spooler};
use crate::state::KeptDocuments;

/// What to read, and how strictly.
pub(super) struct Input<'a> {
    pub(super) paths: &'a [String],
    /// Where standard input was kept, if it was.
    pub(super) kept_stdin: Option<&'a Path>,
    pub(super) options: &'a ReadOptions,
    pub(super) strict: bool,
}

/// The documents, in memory or in a file.
pub(super) enum Documents {
    Held(Corpus),
    Spooled(SpooledCorpus),
}

impl Documents {
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

/// Takes documents as they come, to where they will be.
pub(super) struct Gathering {
    place: Place,
    /// The paths of the documents of the input, numbered as they came.
    paths: HashMap<Arc<str>, usize>,
    /// The path of the last document.
    last: Arc<str>,
}

enum Place {
    Held(Vec<Document>),
    Spooled(Box<Spooler>),
}

impl Gathering {
    /// Nothing yet: in memory, or under a budget or in a run that is kept
    /// outside of it.
    pub(super) fn new(spill: Option<&Spill>, run: Option<&Run>) -> Result<Self, Error> {
        let place = match (run, spill) {
            (Some(run), _) => Place::Spooled(Box::new(run.state.spooler()?)),
            (None, Some(spill)) => Place::Spooled(Box::new(Spooler::new(spill))),
            (None, None) => Place::Held(Vec::new()),
        };
        Ok(Self { place, paths: HashMap::new(), last: "".into() })
    }

    /// Takes documents, as long as there is room.
    pub(super) fn take(&mut self, documents: Vec<Document>) -> ControlFlow<()> {
        for document in documents.iter().filter(|document| !document.is_against) {
            // Most documents are of the file of the one before.
            if document.path != self.last || self.paths.is_empty() {
                self.last = Arc::clone(&document.path);
                let next = self.paths.len();
                self.paths.entry(Arc::clone(&document.path)).or_insert(next);
            }
        }
        match &mut self.place {
            Place::Held(held) if held.is_empty() => *held = documents,
            Place::Held(held) => held.extend(documents),
            Place::Spooled(spooler) => {
                spooler.extend(documents);
                // What went wrong is told when they are finished.
                if spooler.spill().check().is_err() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// All of them in their order, with the paths in theirs; what else was read
    /// is remarked on, where it is odd.
    pub(super) fn finish(
        self,
        read: ReadOutcome,
        run: Option<&Run>,
        quiet: bool,
    ) -> Result<(Documents, Vec<String>), Error> {
        let mut numbered: Vec<(Arc<str>, usize)> = self.paths.into_iter().collect();
        numbered.sort_unstable_by_key(|(_, number)| *number);
        let paths: Vec<String> = numbered.into_iter().map(|(path, _)| path.to_string()).collect();
        let spooler = match self.place {
            Place::Held(documents) => {
                return held(documents, read, quiet).map(|corpus| (Documents::Held(corpus), paths));
            }
            Place::Spooled(spooler) => spooler,
        };
        let corpus = spooler.try_finish(read.skipped)?;
        let kept = KeptDocuments { corpus, notes: read.notes, paths };
        if let Some(run) = run {
            run.check_unchanged()?;
            run.state.keep_documents(&kept)?;
        }
        Ok(spooled(kept, quiet))
    }
}

impl Input<'_> {
    /// The documents of all paths: those that a run has kept, or read now.
    pub(super) fn documents(
        &self,
        watch: &Watch,
        (spill, run): (Option<&Spill>, Option<&Run>),
        quiet: bool,
    ) -> Result<Documents, Error> {
        if let Some(kept) = run.and_then(|run| run.state.documents()) {
            return Ok(spooled(kept, quiet).0);
        }
        let mut gathering = Gathering::new(spill, run)?;
        let read = self.read_to(watch, &mut |documents| gathering.take(documents))?;
        gathering.finish(read, run, quiet).map(|(documents, _)| documents)
    }

    /// The same, in memory.
    pub(super) fn corpus(&self, quiet: bool, watch: &Watch) -> Result<Corpus, Error> {
        let mut documents = Vec::new();
        let read = self.read_to(watch, &mut |read| {
            documents.extend(read);
            ControlFlow::Continue(())
        })?;
        held(documents, read, quiet)
    }

    /// Hands the documents of all paths to `outlet` as they are read; what was
    /// read beside them.
    pub(super) fn read_to(
        &self,
        watch: &Watch,
        outlet: &mut (dyn FnMut(Vec<Document>) -> ControlFlow<()> + Send),
    ) -> Result<ReadOutcome, Error> {
        watch.begin_reading();
        let outcome = match self.kept_stdin {
            None => read::read_paths_to(self.paths, self.options, watch, outlet),
            Some(file) => read::read_kept_stdin_to(file, self.options, watch, outlet),
        };
        watch.end();
        output::strictly(outcome?, self.strict)
    }
}

/// What is kept in a file, with remarks on what is odd about it.
pub(super) fn spooled(kept: KeptDocuments, quiet: bool) -> (Documents, Vec<String>) {
    if !quiet {
        remark(&kept.notes, kept.corpus.renamed());
    }
    (Documents::Spooled(kept.corpus), kept.paths)
}

fn held(documents: Vec<Document>, read: ReadOutcome, quiet: bool) -> Result<Corpus, Error> {
    let corpus = Corpus::try_new(documents)?.with_skipped(read.skipped);
    if !quiet {
        // Those of an index go by another name anyway.
        let is_renamed = |document: &&Document| document.original_id.is_some() && !document.is_against;
        let renamed = corpus.documents().iter().filter(is_renamed).count();
        remark(&read.notes, renamed);
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
