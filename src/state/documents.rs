//! The documents that were read.

use super::stage::{StageReader, StageWriter, part, rename, sum_of};
use super::{State, remove};
use crate::document::Skipped;
use crate::error::Error;
use crate::read::Note;
use crate::spill::documents::{SpooledCorpus, Spooler};
use crate::spill::file::SpillFile;

/// The documents, one behind the other.
pub(super) const DOCUMENTS: &str = "documents";

/// Where each lies, and what was said of the input.
pub(super) const READ: &str = "read";

/// Bytes of the place of a document.
const PLACE_BYTES: usize = 16;

/// What was read, and is kept.
#[derive(Debug)]
pub struct KeptDocuments {
    /// The documents.
    pub corpus: SpooledCorpus,
    /// What was read with reservations.
    pub notes: Vec<Note>,
    /// The paths of the documents, in the order in which they were read.
    pub paths: Vec<String>,
}

impl State {
    /// Takes documents into the folder; [`Self::keep_documents`] keeps them.
    ///
    /// # Errors
    ///
    /// If what was there before cannot be removed.
    pub fn spooler(&self) -> Result<Spooler, Error> {
        for name in [READ, super::candidates::NAME, super::compared::NAME] {
            remove(&self.path(name))?;
        }
        let file = SpillFile::named(self.spill(), &part(&self.path(DOCUMENTS)), None);
        Ok(Spooler::new_in(file, &self.run))
    }

    /// Keeps what was read into [`Self::spooler`].
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn keep_documents(&self, kept: &KeptDocuments) -> Result<(), Error> {
        let KeptDocuments { corpus, notes, paths } = kept;
        let length = corpus.file().sync();
        self.spill().check()?;
        let (unnamed, path) = (part(&self.path(DOCUMENTS)), self.path(DOCUMENTS));
        rename(&unnamed, &path).unwrap_or_else(|error| self.spill().fail(error));
        let mut writer = StageWriter::create(&self.path(READ), self.spill());
        writer.number(length);
        writer.number(sum_of(&path, length).unwrap_or_default());
        writer.number(corpus.renamed() as u64);
        writer.number(corpus.len() as u64);
        for (offset, about, text) in corpus.places() {
            writer.bytes(&offset.to_le_bytes());
            writer.bytes(&about.to_le_bytes());
            writer.bytes(&text.to_le_bytes());
        }
        let notes: Vec<(&String, Option<u64>, &String)> =
            notes.iter().map(|note| (&note.path, note.line, &note.text)).collect();
        let said = serde_json::to_string(&(corpus.skipped(), notes, paths));
        writer.text(&said.expect("plain fields can always be written"));
        writer.finish();
        self.spill().check()
    }

    /// What was read, if that was finished.
    pub fn documents(&self) -> Option<KeptDocuments> {
        let mut reader = StageReader::open(&self.path(READ))?;
        let (length, sum) = (reader.number()?, reader.number()?);
        let renamed = usize::try_from(reader.number()?).ok()?;
        let count = reader.number()?;
        let places = reader.bytes(count.checked_mul(PLACE_BYTES as u64)?)?;
        let said = reader.text()?;
        let path = self.path(DOCUMENTS);
        if !reader.is_whole() || sum_of(&path, length)? != sum {
            return None;
        }
        type Said = (Vec<Skipped>, Vec<(String, Option<u64>, String)>, Vec<String>);
        let (skipped, notes, paths): Said = serde_json::from_str(&said).ok()?;
        let places = places.chunks_exact(PLACE_BYTES).map(|place| {
            let (offset, sizes) = place.split_at(8);
            let (about, text) = sizes.split_at(4);
            let size = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes were cut off"));
            (
                u64::from_le_bytes(offset.try_into().expect("eight bytes were cut off")),
                size(about),
                size(text),
            )
        });
        let file = SpillFile::named(self.spill(), &path, Some(length));
        let corpus = SpooledCorpus::of_parts((file, &self.run), places, skipped, renamed);
        let notes = notes.into_iter().map(|(path, line, text)| Note { path, line, text }).collect();
        Some(KeptDocuments { corpus, notes, paths })
    }
}
