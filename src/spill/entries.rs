//! What of a report is one entry a document or a pair, in a temporary file.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Spill;
use super::codec::{put_number, take_number};
use super::file::SpillFile;
use super::run::{Record, Run, RunWriter};
use crate::error::Error;
use crate::report::{DocumentEntry, Pair};

/// An entry as JSON, as it will be in the report.
#[derive(Debug)]
struct Json<T>(T);

impl<T: Serialize + DeserializeOwned> Record for Json<T> {
    fn write(&self, out: &mut Vec<u8>) {
        write(&self.0, out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let len = usize::try_from(take_number(bytes)?).ok()?;
        let (json, rest) = bytes.split_at_checked(len)?;
        *bytes = rest;
        serde_json::from_slice(json).ok().map(Self)
    }
}

fn write(entry: &impl Serialize, out: &mut Vec<u8>) {
    let json = serde_json::to_vec(entry).expect("an entry has no keys but names of fields");
    put_number(out, json.len() as u64);
    out.extend_from_slice(&json);
}

/// Takes entries in their order.
#[derive(Debug)]
pub(crate) struct EntryWriter<T> {
    file: SpillFile,
    writer: RunWriter<Json<T>>,
    len: usize,
}

impl<T: Serialize + DeserializeOwned> EntryWriter<T> {
    /// None yet.
    pub(crate) fn new(spill: &Spill) -> Self {
        Self { file: SpillFile::new(spill), writer: RunWriter::default(), len: 0 }
    }

    /// Takes the next.
    pub(crate) fn push(&mut self, entry: &T) {
        self.writer.push_bytes(|out| write(entry, out), &self.file);
        self.len += 1;
    }

    /// All of them.
    pub(crate) fn finish(self) -> SpooledEntries<T> {
        let Self { file, writer, len } = self;
        let run = writer.finish(&file);
        SpooledEntries { file, run, len }
    }
}

/// Entries outside of memory. Where one cannot be read any more, the list ends
/// there, and [`Self::check`] says so.
#[derive(Debug)]
pub struct SpooledEntries<T> {
    file: SpillFile,
    run: Run<Json<T>>,
    len: usize,
}

impl<T: Serialize + DeserializeOwned> SpooledEntries<T> {
    /// The entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.run.read(&self.file).map(|Json(entry)| entry)
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

/// The long lists of a report, outside of memory; in the report they are
/// empty then.
#[derive(Debug)]
pub struct Lists {
    /// [`Report::documents`](crate::report::Report::documents).
    pub documents: SpooledEntries<DocumentEntry>,
    /// [`Report::pairs`](crate::report::Report::pairs).
    pub pairs: SpooledEntries<Pair>,
}

impl Lists {
    /// Whether all that was read so far could be.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn check(&self) -> Result<(), Error> {
        self.documents.check()
    }
}
