//! All documents of one run: their order, and ids that are distinct.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Index;

use rayon::slice::ParallelSliceMut;

use super::{DocId, Document, Skipped};
use crate::error::Error;

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
fn sort(documents: &mut [Document]) {
    if documents.is_sorted_by(|a, b| order(a, b).is_le()) {
        return;
    }
    let mut places: Vec<(u128, usize)> =
        documents.iter().enumerate().map(|(place, document)| (beginning(&document.id), place)).collect();
    places.par_sort_by(|&(a, a_place), &(b, b_place)| {
        a.cmp(&b).then_with(|| order(&documents[a_place], &documents[b_place]))
    });
    bring(documents, places.into_iter().map(|(_, place)| place).collect());
}

/// Brings to each place what stands at the one that `from` has for it: along the
/// circles that these make, so that no second list of documents is needed, whose
/// memory would have to be had from the system first.
fn bring(documents: &mut [Document], mut from: Vec<usize>) {
    for start in 0..documents.len() {
        let mut place = start;
        loop {
            let next = std::mem::replace(&mut from[place], place);
            if next == start {
                break;
            }
            documents.swap(place, next);
            place = next;
        }
    }
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
