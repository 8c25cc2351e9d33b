//! What a command reads: its documents, in memory or in a file.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::memory::{self, Memory};
use super::progress::Watch;
use super::resume::Run;
use super::{log, output};
use crate::document::{Corpus, Document};
use crate::error::Error;
use crate::pipeline::Observer;
use crate::read::{self, Note, ReadOptions, ReadOutcome};
use crate::spill::gathered::{Documents, Gathered};
use crate::state::KeptDocuments;

/// What to read, and how strictly.
pub(super) struct Input<'a> {
    pub(super) paths: &'a [String],
    /// Where standard input was kept, if it was.
    pub(super) kept_stdin: Option<&'a Path>,
    pub(super) options: &'a ReadOptions,
    pub(super) strict: bool,
}

/// Takes documents as they come, to where they will be.
pub(super) struct Gathering {
    gathered: Gathered,
    /// Whether they go to a file only because they are many.
    is_free: bool,
    /// The paths of the documents of the input, numbered as they came.
    paths: HashMap<Arc<str>, usize>,
    /// The path of the last document.
    last: Arc<str>,
}

impl Gathering {
    /// Nothing yet: under a budget or in a run that is kept outside of memory, else
    /// in it as long as there is room.
    pub(super) fn new(memory: &Memory, run: Option<&Run>) -> Result<Self, Error> {
        let gathered = match run {
            Some(run) => Gathered::spooled(run.state.spooler()?),
            None => memory.gathered(),
        };
        let is_free = run.is_none() && memory.budget().is_none();
        Ok(Self { gathered, is_free, paths: HashMap::new(), last: "".into() })
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
        self.gathered.extend(documents);
        // What went wrong is told when they are finished.
        if self.gathered.is_well() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
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
        let corpus = match self.gathered.finish(read.skipped)? {
            Documents::Held(corpus) => {
                remark_on(&corpus, &read.notes, quiet);
                return Ok((Documents::Held(corpus), paths));
            }
            Documents::Spooled(corpus) => corpus,
        };
        if self.is_free && !quiet {
            memory::remark_on_files(corpus.spill());
        }
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
        (memory, run): (&Memory, Option<&Run>),
        quiet: bool,
    ) -> Result<Documents, Error> {
        if let Some(kept) = run.and_then(|run| run.state.documents()) {
            return Ok(spooled(kept, quiet).0);
        }
        let mut gathering = Gathering::new(memory, run)?;
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
        let corpus = Corpus::try_new(documents)?.with_skipped(read.skipped);
        remark_on(&corpus, &read.notes, quiet);
        Ok(corpus)
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

/// Remarks on what is odd about documents in memory.
fn remark_on(corpus: &Corpus, notes: &[Note], quiet: bool) {
    if !quiet {
        // Those of an index go by another name anyway.
        let is_renamed = |document: &&Document| document.original_id.is_some() && !document.is_against;
        remark(notes, corpus.documents().iter().filter(is_renamed).count());
    }
}

fn remark(notes: &[Note], renamed: usize) {
    log::remark_all(notes);
    if renamed > 0 {
        log::remark(&format!(
            "{renamed} documents had the id of another one and got a number behind it; see original_id"
        ));
    }
}
