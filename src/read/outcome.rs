//! What was read, and what there is to say of it.

use super::adapter::Batch;
use crate::document::{Document, Skipped};

/// Something a user should know of a file that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file.
    pub path: String,
    /// The line in it, counted from 1, where it applies.
    pub line: Option<u64>,
    /// What to know.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOutcome {
    /// The documents, in the order of the inputs; their ids may collide.
    pub documents: Vec<Document>,
    /// What did not become a document, by path and line.
    pub skipped: Vec<Skipped>,
    /// What was read with reservations, by path and line: replaced
    /// characters, dates that were not understood, files named twice.
    pub notes: Vec<Note>,
    /// Bytes read.
    pub bytes: u64,
    /// How many of `skipped` are records of files that were read otherwise.
    pub bad_records: u64,
    /// Documents whose publication date was not understood.
    pub unread_dates: u64,
}

impl ReadOutcome {
    /// Adds what was said of a file, apart from its documents.
    pub(super) fn add(&mut self, batch: Batch<'_>) {
        self.bad_records += batch.bad_records;
        self.skipped.extend(batch.skipped);
        self.notes.extend(batch.notes);
        self.bytes += batch.bytes;
        self.unread_dates += batch.unread_dates;
    }
}
