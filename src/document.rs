//! The words every stage shares: a document, its number, a span of its text.

mod corpus;
mod provenance;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::corpus::Corpus;
pub(crate) use self::corpus::order;
pub use self::provenance::{DatedBy, Provenance};

/// The number of a document within one [`Corpus`].
///
/// Numbers follow the order of the documents' string ids, so that a decision
/// which falls back on `DocId` does not depend on the order of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(u32);

impl DocId {
    /// The document at `index` of its corpus.
    ///
    /// # Panics
    ///
    /// If `index` does not fit into 32 bits; [`Corpus::try_new`] refuses
    /// such a corpus before any `DocId` is made.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a corpus holds fewer than 2^32 documents"))
    }

    /// The number as an index into per-document tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The number itself, for packed keys.
    pub fn as_u32(self) -> u32 {
        self.0
    }
}

impl From<u32> for DocId {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

/// A half-open byte range `[start, end)` into a document's raw text, always on
/// character boundaries. In reports it is written as `[start, end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the first byte behind the span.
    pub end: usize,
}

impl Span {
    /// The range `[start, end)`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Its length in bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte lies inside.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The bytes that both spans cover.
    pub fn overlap(self, other: Self) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
}

impl From<[usize; 2]> for Span {
    fn from([start, end]: [usize; 2]) -> Self {
        Self { start, end }
    }
}

impl From<Span> for [usize; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

/// What the offsets of a document's spans refer to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanBase {
    /// Plain UTF-8 text: spans are file offsets.
    #[default]
    Raw,
    /// Text decoded from another encoding or taken out of a record.
    Decoded,
    /// Text extracted from a page or a feed.
    Extracted,
}

/// One scraped document: its text as it was decoded, never altered, and what
/// the input says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The id in reports: the record's own, else its path, with `#n` when a
    /// file holds several documents.
    pub id: String,
    /// The id as the input gave it, where it collided and was made distinct.
    pub original_id: Option<String>,
    /// The file it came from, as the user named it; `-` is standard input.
    /// Documents of one file share it.
    pub path: Arc<str>,
    /// The line of a record in a file of several, counted from 1.
    pub line: Option<u64>,
    /// The number of its record in the file, counted from 1, bad ones among
    /// them; 0 where the file is one document.
    pub record: u64,
    /// What spans refer to.
    pub span_base: SpanBase,
    /// The text.
    pub text: String,
    /// The title, if the input has one; it is not part of the tokens.
    pub title: Option<String>,
    /// Where it was published on the web.
    pub url: Option<String>,
    /// The publisher, if the input names one.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<crate::time::Published>,
    /// Whether it is of the other side: of what `--against` names.
    pub is_against: bool,
    /// The language, if the input names one.
    pub language: Option<String>,
    /// What the input says of where the text comes from, if it does. Most
    /// documents of most collections say nothing, so it is kept apart.
    pub provenance: Option<Box<Provenance>>,
}

impl Document {
    /// What its time of publication was taken from, where nothing states one.
    pub fn dated_by(&self) -> Option<DatedBy> {
        self.provenance.as_ref().and_then(|told| told.dated_by)
    }
}

/// A record of the input that did not become a document, or became one
/// without anything to compare, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// The file it came from.
    pub path: String,
    /// The line of the record, counted from 1, where the file has several.
    pub line: Option<u64>,
    /// The id of the document, if it became one.
    pub document: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
}
