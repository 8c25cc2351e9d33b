//! The documents of a report in a temporary file, in order.

use super::Spill;
use super::codec::{put_number, take_number};
use super::file::SpillFile;
use super::run::{Record, Run, RunWriter};
use crate::error::Error;
use crate::report::DocumentEntry;

impl Record for DocumentEntry {
    fn write(&self, out: &mut Vec<u8>) {
        let json = serde_json::to_vec(self).expect("an entry has no keys but names of fields");
        put_number(out, json.len() as u64);
        out.extend_from_slice(&json);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let len = usize::try_from(take_number(bytes)?).ok()?;
        let (json, rest) = bytes.split_at_checked(len)?;
        *bytes = rest;
        serde_json::from_slice(json).ok()
    }
}

/// Takes entries in their order.
#[derive(Debug)]
pub(crate) struct EntryWriter {
    file: SpillFile,
    writer: RunWriter<DocumentEntry>,
    len: usize,
}

impl EntryWriter {
    /// None yet.
    pub(crate) fn new(spill: &Spill) -> Self {
        Self { file: SpillFile::new(spill), writer: RunWriter::default(), len: 0 }
    }

    /// Takes the next.
    pub(crate) fn push(&mut self, entry: &DocumentEntry) {
        self.writer.push(entry, &self.file);
        self.len += 1;
    }

    /// All of them.
    pub(crate) fn finish(self) -> SpooledEntries {
        let Self { file, writer, len } = self;
        let run = writer.finish(&file);
        SpooledEntries { file, run, len }
    }
}

/// The documents of a report, outside of memory. Where one cannot be read
/// any more, the list ends there, and the error is the [`Spill`]'s to tell.
#[derive(Debug)]
pub struct SpooledEntries {
    file: SpillFile,
    run: Run<DocumentEntry>,
    len: usize,
}

impl SpooledEntries {
    /// The entries, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = DocumentEntry> {
        self.run.read(&self.file)
    }

    /// Whether all that was read so far could be.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn check(&self) -> Result<(), Error> {
        self.file.spill().check()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}
