//! Documents as they are read, in batches.
//!
//! A batch is worked on where it was read, on the same threads, and the reading
//! waits for it: a reader of its own would hold a thread of the pool while it
//! waits, the only one where there is one.

use std::ops::ControlFlow;

use super::progress::Watch;
use crate::document::Document;
use crate::error::Error;
use crate::pipeline::Observer;
use crate::read::{self, ReadOptions, ReadOutcome};

/// What is read, in batches.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) paths: &'a [String],
    pub(super) options: &'a ReadOptions,
    /// Documents of a batch.
    pub(super) batch: usize,
    pub(super) pool: &'a rayon::ThreadPool,
}

impl Input<'_> {
    /// Reads, and hands on batches. Fails if that fails; how the reading went is
    /// told apart.
    pub(super) fn read<W: Reading>(
        &self,
        watch: &W,
        take: &mut (dyn FnMut(&[Document]) -> Result<(), Error> + Send),
    ) -> Result<Result<ReadOutcome, Error>, Error> {
        watch.begin();
        let result = self.pool.install(|| {
            let mut waiting: Vec<Document> = Vec::new();
            let mut taken = Ok(());
            let mut outlet = |documents: Vec<Document>| {
                waiting.extend(documents);
                while taken.is_ok() && waiting.len() >= self.batch {
                    let rest = waiting.split_off(self.batch);
                    taken = take(&waiting);
                    waiting = rest;
                }
                if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let read = read::read_paths_to(self.paths, self.options, watch, &mut outlet);
            taken?;
            if !waiting.is_empty() {
                take(&waiting)?;
            }
            Ok(read)
        });
        watch.done();
        result
    }
}

/// Hears of reading.
pub(super) trait Reading: read::Progress {
    fn begin(&self);
    fn done(&self);
}

impl Reading for Watch {
    fn begin(&self) {
        self.begin_reading();
    }
    fn done(&self) {
        Observer::end(self);
    }
}

impl Reading for () {
    fn begin(&self) {}
    fn done(&self) {}
}
