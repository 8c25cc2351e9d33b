//! The words every stage shares: a document, its number, a span of its text.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Index;
use std::sync::Arc;

use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};

use crate::error::Error;

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

/// What a page, feed or record says about where its text comes from, in its
/// own words: claims to weigh, not facts. Addresses are as they were written.
/// Written out, fields are named as the reader looks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// Who wrote it; several are joined by "; ".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The organisation named as publisher, where it is not the source.
    #[serde(rename = "publisher_name", skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The address the page gives as its proper one (`rel=canonical`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// The address of the text this is a licensed copy of
    /// (`syndication-source`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syndication_source: Option<String>,
    /// Who had it first (`original-source`, the source of a feed's item).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_source: Option<String>,
    /// The work this is based on (`isBasedOn`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub based_on: Option<String>,
    /// The credit line, as an agency delivers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<crate::time::Published>,
    /// Until when it must not be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<crate::time::Published>,
    /// Which version of the text it is, as an agency counts them.
    #[serde(rename = "text_version", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The feed it was an item of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    /// The folder it lay in, where it was read from there and written into a
    /// file of several since.
    #[serde(rename = "from_folder", skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What the time of publication was taken from, where nothing states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<DatedBy>,
}

/// Where a time of publication comes from that the input does not state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatedBy {
    /// The day that the address of the page names.
    Address,
}

impl DatedBy {
    /// As it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
        }
    }

    /// The one that stands as this in files.
    pub fn of_name(name: &str) -> Option<Self> {
        (name == Self::Address.name()).then_some(Self::Address)
    }
}

impl Document {
    /// What its time of publication was taken from, where nothing states one.
    pub fn dated_by(&self) -> Option<DatedBy> {
        self.provenance.as_ref().and_then(|told| told.dated_by)
    }
}

impl Provenance {
    /// Itself in a box, or nothing where it says nothing.
    pub fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
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

/// All documents of one run, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    documents: Vec<Document>,
    skipped: Vec<Skipped>,
}

impl Corpus {
    /// Sorts `documents` by id and makes colliding ids distinct: the first of
    /// them (by text, path and line, never by position in the input alone)
    /// keeps the id, the others get `#2`, `#3` … appended and remember the
    /// original one in [`Document::original_id`].
    ///
    /// # Errors
    ///
    /// If there are more documents than 32 bits can number.
    pub fn try_new(mut documents: Vec<Document>) -> Result<Self, Error> {
        if u32::try_from(documents.len()).is_err() {
            return Err(Error::too_many_documents(documents.len()));
        }
        sort(&mut documents);
        rename_collisions(&mut documents);
        Ok(Self { documents, skipped: Vec::new() })
    }

    /// The same documents, and what of the input did not become one.
    #[must_use]
    pub fn with_skipped(mut self, skipped: Vec<Skipped>) -> Self {
        self.skipped = skipped;
        self
    }

    /// What of the input did not become a document.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The documents, sorted by id; the position is the [`DocId`].
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The same, no longer as one.
    pub fn into_documents(self) -> Vec<Document> {
        self.documents
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The text of one document.
    pub fn text(&self, id: DocId) -> &str {
        &self.documents[id.index()].text
    }

    /// The number of the document with this id.
    pub fn find(&self, id: &str) -> Option<DocId> {
        let found = self.documents.binary_search_by(|d| d.id.as_str().cmp(id));
        found.ok().map(DocId::new)
    }
}

impl Index<DocId> for Corpus {
    type Output = Document;

    fn index(&self, id: DocId) -> &Document {
        &self.documents[id.index()]
    }
}

/// Brings documents into the order that [`Corpus::try_new`] tells.
///
/// Documents are large and their ids lie elsewhere in memory, so what is
/// sorted is the beginning of each id with the document's place; only where
/// two begin alike are the documents looked at.
fn sort(documents: &mut Vec<Document>) {
    if documents.is_sorted_by(|a, b| order(a, b).is_le()) {
        return;
    }
    let mut places: Vec<(u128, usize)> =
        documents.iter().enumerate().map(|(place, document)| (beginning(&document.id), place)).collect();
    places.par_sort_by(|&(a, a_place), &(b, b_place)| {
        a.cmp(&b).then_with(|| order(&documents[a_place], &documents[b_place]))
    });
    let sorted = places.iter().map(|&(_, place)| std::mem::take(&mut documents[place])).collect();
    *documents = sorted;
}

/// The first bytes of an id as a number: two that differ are in the order of
/// their ids.
fn beginning(id: &str) -> u128 {
    const LEN: usize = size_of::<u128>();
    let mut bytes = [0; LEN];
    let length = id.len().min(LEN);
    bytes[..length].copy_from_slice(&id.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

/// The order of documents in a corpus, before equal ids become distinct.
pub(crate) fn order(a: &Document, b: &Document) -> Ordering {
    (a.id.cmp(&b.id))
        .then_with(|| a.text.cmp(&b.text))
        .then_with(|| a.path.cmp(&b.path))
        .then_with(|| (&a.source, &a.title, &a.url).cmp(&(&b.source, &b.title, &b.url)))
        .then_with(|| a.published.cmp(&b.published))
        .then_with(|| a.language.cmp(&b.language))
        .then_with(|| a.provenance.cmp(&b.provenance))
        .then_with(|| (a.line, a.record).cmp(&(b.line, b.record)))
        .then_with(|| a.is_against.cmp(&b.is_against))
}

/// Gives the second and later documents of one id a suffix no other id has.
/// `documents` is sorted by id, and is again afterwards.
fn rename_collisions(documents: &mut [Document]) {
    if documents.windows(2).all(|pair| pair[0].id != pair[1].id) {
        return;
    }
    let taken: HashSet<String> = documents.iter().map(|d| d.id.clone()).collect();
    let mut copies: u64 = 1;
    let mut last: Option<String> = None;
    for document in documents.iter_mut() {
        if last.as_deref() != Some(document.id.as_str()) {
            last = Some(document.id.clone());
            copies = 1;
            continue;
        }
        loop {
            copies += 1;
            let id = format!("{}#{copies}", document.id);
            if !taken.contains(&id) {
                document.original_id = Some(std::mem::replace(&mut document.id, id));
                break;
            }
        }
    }
    documents.sort_by(|a, b| a.id.cmp(&b.id));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(id: &str, text: &str) -> Document {
        Document { id: id.into(), text: text.into(), ..Document::default() }
    }

    #[test]
    fn colliding_ids_become_distinct_whatever_the_order() {
        let input = [document("a", "two"), document("a#2", "x"), document("a", "one"), document("a", "two")];
        let mut reversed = input.to_vec();
        reversed.reverse();
        let ids = |documents: Vec<Document>| -> Vec<(String, String, Option<String>)> {
            let corpus = Corpus::try_new(documents).unwrap();
            corpus.documents().iter().map(|d| (d.id.clone(), d.text.clone(), d.original_id.clone())).collect()
        };
        let expected =
            [("a", "one", None), ("a#2", "x", None), ("a#3", "two", Some("a")), ("a#4", "two", Some("a"))];
        let expected: Vec<_> =
            expected.iter().map(|(i, t, o)| (i.to_string(), t.to_string(), o.map(str::to_owned))).collect();
        assert_eq!(ids(input.to_vec()), expected);
        assert_eq!(ids(reversed), expected);
    }

    proptest! {
        #[test]
        fn the_quick_sort_is_the_plain_one(
            ids in prop::collection::vec("(id-of-a-record-)?[ab\\x00é]{0,3}", 0..40),
            texts in prop::collection::vec("[ab]?", 40),
        ) {
            let mut quick: Vec<Document> = ids.iter().zip(&texts).map(|(id, text)| document(id, text)).collect();
            let mut plain = quick.clone();
            sort(&mut quick);
            plain.sort_by(order);
            prop_assert_eq!(quick, plain);
        }
    }

    #[test]
    fn documents_are_found_by_id() {
        let corpus = Corpus::try_new(vec![document("b", ""), document("a", "")]).unwrap();
        assert_eq!(corpus.find("b"), Some(DocId::new(1)));
        assert_eq!(corpus.find("c"), None);
    }
}
