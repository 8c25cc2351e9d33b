//! What an adapter is: one file format → documents.

use std::io::{self, Read};

use super::encoding::Decoded;
use super::fields::{FieldMap, FieldTree};
use super::{Note, Progress};
use crate::document::{Document, Skipped};

/// Reads one format.
pub(crate) trait Adapter: Sync {
    /// Adds what `content` holds to `batch`. The error is the reason why the
    /// whole file is skipped; what was added until then is kept.
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch) -> Result<(), String>;
}

/// The bytes of one file: those its format was told by, then the others.
pub(crate) struct Content<'a> {
    /// The path as documents carry it.
    pub(crate) path: &'a str,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
    /// The bytes behind them.
    pub(crate) rest: Box<dyn Read + Send + 'a>,
    /// The size of the whole, if it is known.
    pub(crate) size: Option<u64>,
}

/// What is the same for every file of a run.
pub(crate) struct Context<'a> {
    pub(crate) fields: &'a FieldMap,
    /// The same fields, to walk along a record.
    pub(crate) tree: &'a FieldTree,
    pub(crate) max_document_bytes: u64,
    pub(crate) progress: &'a dyn Progress,
}

/// What came out of one file.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) documents: Vec<Document>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) notes: Vec<Note>,
    pub(crate) bytes: u64,
    pub(crate) unread_dates: u64,
}

impl Content<'_> {
    /// The whole file, for formats that hold one document. The error is the
    /// reason why it cannot be had.
    pub(crate) fn into_bytes(self, context: &Context<'_>, batch: &mut Batch) -> Result<Vec<u8>, String> {
        let limit = context.max_document_bytes;
        if self.size.is_some_and(|size| size > limit) {
            return Err(too_large(self.size, limit));
        }
        let mut bytes = self.head;
        let expected = self.size.map_or(0, |size| (size as usize).saturating_sub(bytes.len()));
        // One byte more than expected, to see the end without growing.
        bytes.reserve_exact(expected + 1);
        let room = (limit + 1).saturating_sub(bytes.len() as u64);
        let result = self.rest.take(room).read_to_end(&mut bytes);
        batch.bytes += bytes.len() as u64;
        context.progress.advance(bytes.len() as u64);
        result.map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(None, limit));
        }
        Ok(bytes)
    }
}

impl Batch {
    /// Says why the file as a whole was skipped.
    pub(crate) fn skip(&mut self, path: &str, reason: String) {
        self.skipped.push(Skipped { path: path.to_owned(), line: None, document: None, reason });
    }

    /// Says that decoding replaced something, if it did.
    pub(crate) fn note_replaced(&mut self, path: &str, decoded: &Decoded) {
        if decoded.replaced > 0 {
            self.notes.push(Note {
                path: path.to_owned(),
                line: None,
                text: format!(
                    "malformed {} sequences replaced by U+FFFD: {}",
                    decoded.encoding, decoded.replaced
                ),
            });
        }
    }
}

/// The reason for skipping what is larger than `limit`.
pub(crate) fn too_large(size: Option<u64>, limit: u64) -> String {
    let size = size.map_or_else(|| "more".to_owned(), |size| format!("{size} bytes"));
    format!("{size} where a document may have {limit} bytes; raise the limit or split it")
}

/// The reason for skipping what could not be read.
pub(crate) fn unreadable(error: &io::Error) -> String {
    format!("cannot be read: {error}")
}
