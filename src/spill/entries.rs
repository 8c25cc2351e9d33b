//! What of a report is one entry a document or a finding, in a temporary file.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Spill;
use super::codec::{put_number, take_number};
use super::file::SpillFile;
use super::near::NearReads;
use super::run::{Record, Run, RunWriter};
use crate::error::Error;
use crate::report::{Cluster, DocumentEntry, ExactGroup, Pair, Repeat, Report};

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

    /// Takes the next, and gives its place.
    pub(crate) fn push(&mut self, entry: &T) -> u64 {
        self.push_record(|out| write(entry, out))
    }

    /// Takes the next as [`Self::record`] gives it.
    pub(crate) fn push_made(&mut self, record: &[u8]) {
        self.push_record(|out| out.extend_from_slice(record));
    }

    /// An entry as it is written.
    pub(crate) fn record(entry: &T) -> Vec<u8> {
        let mut out = Vec::new();
        write(entry, &mut out);
        out
    }

    fn push_record(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u64 {
        // Nothing else is written into the file.
        let place = self.file.len() + self.writer.waiting() as u64;
        self.writer.push_bytes(write, &self.file);
        self.len += 1;
        place
    }

    /// All of them.
    pub(crate) fn finish(self) -> SpooledEntries<T> {
        let Self { file, writer, len } = self;
        let run = writer.finish(&file);
        SpooledEntries { file, run, len, near: NearReads::default() }
    }
}

/// Entries outside of memory. Where one cannot be read any more, the list ends
/// there, and [`Self::check`] says so.
#[derive(Debug)]
pub struct SpooledEntries<T> {
    file: SpillFile,
    run: Run<Json<T>>,
    len: usize,
    near: NearReads,
}

impl<T: Serialize + DeserializeOwned> SpooledEntries<T> {
    /// The entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.run.read(&self.file).map(|Json(entry)| entry)
    }

    /// The entries as JSON, in order.
    pub(crate) fn iter_json(&self) -> impl Iterator<Item = Vec<u8>> {
        self.run.read_as(&self.file, |bytes| {
            let len = usize::try_from(take_number(bytes)?).ok()?;
            let (json, rest) = bytes.split_at_checked(len)?;
            *bytes = rest;
            Some(json.to_vec())
        })
    }

    /// The entry at a place, up to that of the next one.
    pub(crate) fn at(&self, place: u64, next: Option<u64>) -> Option<T> {
        let end = next.unwrap_or_else(|| self.file.len());
        let mut bytes = vec![0; (end - place) as usize];
        self.near.read(&self.file, place, &mut bytes);
        Json::read(&mut &bytes[..]).map(|Json(entry)| entry)
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
    /// [`Report::documents`].
    pub documents: SpooledEntries<DocumentEntry>,
    /// [`Report::repeats`].
    pub repeats: SpooledEntries<Repeat>,
    /// [`Report::exact_groups`].
    pub exact_groups: SpooledEntries<ExactGroup>,
    /// [`Report::pairs`].
    pub pairs: SpooledEntries<Pair>,
    /// [`Report::clusters`].
    pub clusters: SpooledEntries<Cluster>,
}

impl Lists {
    /// Puts them into the report.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn load(&self, report: &mut Report) -> Result<(), Error> {
        let Self { documents, repeats, exact_groups, pairs, clusters } = self;
        report.documents.extend(documents.iter());
        report.repeats.extend(repeats.iter());
        report.exact_groups.extend(exact_groups.iter());
        report.pairs.extend(pairs.iter());
        report.clusters.extend(clusters.iter());
        self.check()
    }

    /// Whether all that was read so far could be.
    ///
    /// # Errors
    ///
    /// The first error of a temporary file.
    pub fn check(&self) -> Result<(), Error> {
        self.documents.check()
    }
}
