//! What an adapter is: one file format → documents.

use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use encoding_rs::UTF_8;

use super::encoding::{self, Decoded, ToUtf8};
use super::fields::{FieldMap, FieldTree};
use super::format::HEAD_LEN;
use super::meter::Meter;
use super::{Note, Progress};
use crate::document::{Document, Skipped};

/// Most bytes of a file that is held in memory since its index is at its end
/// and it cannot be sought in: some times what a scraper packs at once.
const MAX_HELD_BYTES: u64 = 256 << 20;

/// Reads one format.
pub(crate) trait Adapter: Sync {
    /// Adds what `content` holds to `batch`. The error is the reason why the
    /// whole file is skipped; what was added until then is kept.
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String>;
}

/// The bytes of one file: those its format was told by, then the others.
pub(crate) struct Content<'a> {
    /// The path as documents carry it.
    pub(crate) path: &'a str,
    /// The name that tells what is inside, where the content leaves it open:
    /// the path without the endings of what was unpacked.
    pub(crate) name: &'a str,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
    /// The bytes behind them.
    pub(crate) rest: Box<dyn Read + Send + 'a>,
    /// The size of the whole, if it is known.
    pub(crate) size: Option<u64>,
    /// The file, if these are its bytes, for formats that are read from their
    /// end.
    pub(crate) file: Option<&'a Path>,
    /// Compression and archives around it.
    pub(crate) layers: u32,
    /// What the input it is part of has cost.
    pub(crate) meter: &'a Meter,
}

/// What is the same for every file of a run.
pub(crate) struct Context<'a> {
    pub(crate) fields: &'a FieldMap,
    /// The same fields, to walk along a record.
    pub(crate) tree: &'a FieldTree,
    pub(crate) max_document_bytes: u64,
    pub(crate) progress: &'a dyn Progress,
    /// Set when nobody waits for more.
    pub(crate) is_stopped: &'a AtomicBool,
}

/// Takes documents as they are read.
pub(crate) type Outlet<'a> = &'a mut (dyn FnMut(Vec<Document>) + Send);

/// What came out of one file.
#[derive(Default)]
pub(crate) struct Batch<'a> {
    /// The documents that the outlet, if there is one, has not had yet.
    pub(crate) documents: Vec<Document>,
    /// How many documents there were in all.
    pub(crate) given: u64,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) notes: Vec<Note>,
    pub(crate) bytes: u64,
    /// How many of `skipped` are records of a file that was read otherwise.
    pub(crate) bad_records: u64,
    pub(crate) unread_dates: u64,
    pub(crate) outlet: Option<Outlet<'a>>,
}

impl<'a> Content<'a> {
    /// The whole file, for formats that hold one document. The error is the
    /// reason why it cannot be had.
    pub(crate) fn into_bytes(self, context: &Context<'_>) -> Result<Vec<u8>, String> {
        let limit = context.max_document_bytes;
        if self.size.is_some_and(|size| size > limit) {
            return Err(too_large(self.size, limit));
        }
        let mut bytes = self.head;
        let expected = self.size.map_or(0, |size| (size as usize).saturating_sub(bytes.len()));
        // One byte more than expected, to see the end without growing.
        bytes.reserve_exact(expected + 1);
        let room = (limit + 1).saturating_sub(bytes.len() as u64);
        self.rest.take(room).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(None, limit));
        }
        Ok(bytes)
    }

    /// The whole file, for formats that have their index at their end and
    /// come in a stream or in an archive. `what` it is tells a user where that
    /// cannot be done.
    pub(crate) fn into_held(self, what: &str) -> Result<Vec<u8>, String> {
        let mut bytes = self.head;
        let room = (MAX_HELD_BYTES + 1).saturating_sub(bytes.len() as u64);
        self.rest.take(room).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > MAX_HELD_BYTES {
            return Err(format!(
                "a {what} of more than {} MiB in a stream or in another file, where all of it must be held in memory \
                 since its index is at its end; unpack it to a file of its own and name that",
                MAX_HELD_BYTES >> 20
            ));
        }
        Ok(bytes)
    }

    /// Its text as UTF-8 without a byte order mark, where the beginning shows
    /// the encoding: what is in memory and what follows. A malformed sequence
    /// of another encoding becomes a byte that UTF-8 does not have.
    pub(crate) fn into_utf8(self) -> Result<(Vec<u8>, Box<dyn Read + Send + 'a>), String> {
        let Self { mut head, rest, .. } = self;
        let announced = encoding::announced(&head)?;
        head.drain(..announced.map_or(0, |(_, mark_len)| mark_len));
        match announced {
            Some((encoding, _)) if encoding != UTF_8 => {
                let mut stream = ToUtf8::new(io::Cursor::new(head).chain(rest), encoding);
                let mut head = Vec::new();
                (&mut stream)
                    .take(HEAD_LEN as u64)
                    .read_to_end(&mut head)
                    .map_err(|error| unreadable(&error))?;
                Ok((head, Box::new(stream)))
            }
            _ => Ok((head, rest)),
        }
    }

    /// All its bytes as one stream.
    pub(crate) fn into_stream(self) -> impl Read + Send + 'a {
        io::Cursor::new(self.head).chain(self.rest)
    }
}

impl Batch<'_> {
    /// Says why the file as a whole was skipped.
    pub(crate) fn skip(&mut self, path: &str, reason: String) {
        self.skipped.push(Skipped { path: path.to_owned(), line: None, document: None, reason });
    }

    /// Says why one record of a file was skipped.
    pub(crate) fn skip_record(&mut self, path: &str, line: Option<u64>, reason: String) {
        self.bad_records += 1;
        self.skipped.push(Skipped { path: path.to_owned(), line, document: None, reason });
    }

    /// Takes a document. Its id is settled.
    pub(crate) fn push(&mut self, document: Document) {
        self.given += 1;
        self.documents.push(document);
    }

    /// Hands on what was read so far, if somebody waits for it.
    pub(crate) fn flush(&mut self) {
        if let Some(outlet) = self.outlet.as_mut().filter(|_| !self.documents.is_empty()) {
            // The next will be about as many.
            let room = Vec::with_capacity(self.documents.len());
            outlet(std::mem::replace(&mut self.documents, room));
        }
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
