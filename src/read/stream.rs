//! One stream of bytes, or one line of a file, read alone.

use std::io::Read;
use std::sync::atomic::AtomicBool;

use super::adapter::Batch;
#[cfg(feature = "arrow")]
use super::fields::FieldTree;
#[cfg(feature = "arrow")]
use super::json::jsonl;
use super::open::{Source, read_source};
use super::{Progress, ReadOptions, ReadOutcome};
use crate::error::Error;

/// Reads the documents of one stream of bytes, as those of a file called
/// `path`: its name counts where the content leaves the format open.
///
/// # Errors
///
/// Options out of range. What cannot be read is in [`ReadOutcome::skipped`].
pub fn read_stream<'a>(
    path: &'a str,
    stream: impl Read + Send + 'a,
    options: &ReadOptions,
    progress: &'a dyn Progress,
) -> Result<ReadOutcome, Error> {
    options.validate()?;
    let tree = options.fields.tree();
    let mut batch = Batch::default();
    let source = Source { path, size: None, file: None };
    let is_stopped = AtomicBool::new(false);
    read_source(&source, stream, &options.context(&tree, progress, &is_stopped), &mut batch);
    let mut documents = std::mem::take(&mut batch.documents);
    options.families.apply(&mut documents);
    let mut outcome = ReadOutcome { documents, ..ReadOutcome::default() };
    outcome.add(batch);
    outcome.skipped.sort();
    outcome.notes.sort();
    Ok(outcome)
}

/// Where a record stands in a file of several, as an engine that cuts files
/// into lines knows it.
#[cfg(feature = "arrow")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordAt {
    /// Its line, counted from 1, blank ones among them.
    pub(crate) line: u64,
    /// Its number among the records, counted from 1.
    pub(crate) record: u64,
    /// Whether the file has no other.
    pub(crate) is_alone: bool,
}

/// Reads single lines of files as [`read_stream`] would read the files.
#[cfg(feature = "arrow")]
#[derive(Debug)]
pub(crate) struct Records {
    options: ReadOptions,
    tree: FieldTree,
}

#[cfg(feature = "arrow")]
impl Records {
    /// A reader with these options.
    pub(crate) fn new(options: ReadOptions) -> Self {
        let tree = options.fields.tree();
        Self { options, tree }
    }

    /// The options.
    pub(crate) fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// Reads one line of JSON Lines, a part of the file called `path`.
    pub(crate) fn read(&self, path: &str, line: &[u8], at: RecordAt) -> ReadOutcome {
        let is_stopped = AtomicBool::new(false);
        let context = self.options.context(&self.tree, &(), &is_stopped);
        let mut batch = Batch::default();
        jsonl::read_line(path, line, at, &context, &mut batch);
        let mut documents = std::mem::take(&mut batch.documents);
        self.options.families.apply(&mut documents);
        let mut outcome = ReadOutcome { documents, ..ReadOutcome::default() };
        outcome.add(batch);
        outcome
    }
}
