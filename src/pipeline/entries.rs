//! The documents as the report has them, with their credits.
//!
//! In memory all are held. Under a budget each is made, written out in its
//! order, and read again when something is said of it.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Compared, Observer, is_read_for_credits};
use crate::attribute::agency::Agencies;
use crate::attribute::credit;
use crate::attribute::outlet::Hints;
use crate::attribute::source::source_of;
use crate::collection::Stretch;
use crate::document::{DocId, Document, SpanBase};
use crate::report::{Credit, DocumentEntry, ratio};
use crate::spill::Spill;
use crate::spill::entries::{EntryWriter, SpooledEntries};

/// Entries that are made at the same time before they are written out.
const AT_ONCE: usize = 2048;

/// Entries of documents that are at hand: of all, or of some.
pub(super) struct Entries {
    held: Vec<DocumentEntry>,
    /// Whose they are, in order, where they are not those of all.
    documents: Option<Vec<DocId>>,
}

impl Entries {
    /// The entries of all documents, with their credits.
    pub(super) fn of_all(compared: &Compared<'_>, credits: Vec<Vec<Credit>>) -> Self {
        let of_document = |(index, credits): (usize, Vec<Credit>)| {
            let id = DocId::new(index);
            entry(compared, id, &compared.corpus.about(id), credits)
        };
        let mut held: Vec<DocumentEntry> = credits.into_par_iter().enumerate().map(of_document).collect();
        for (document, found) in compared.found.repeats.iter() {
            let entry = &mut held[document.index()];
            entry.repeated_share = ratio(found.tokens as f64 / entry.tokens as f64);
        }
        Self { held, documents: None }
    }

    /// All at hand, in order.
    pub(super) fn held(&self) -> &[DocumentEntry] {
        &self.held
    }

    /// The entry of a document, by its number.
    pub(super) fn of(&self, document: usize) -> &DocumentEntry {
        &self.held[self.place(document)]
    }

    /// Its place among those at hand.
    pub(super) fn place(&self, document: usize) -> usize {
        let Some(documents) = &self.documents else { return document };
        documents.binary_search(&DocId::new(document)).expect("only documents that were asked for are named")
    }

    /// The document whose entry is at a place.
    pub(super) fn document(&self, place: usize) -> DocId {
        self.documents.as_ref().map_or_else(|| DocId::new(place), |documents| documents[place])
    }

    /// All of them.
    pub(super) fn into_held(self) -> Vec<DocumentEntry> {
        self.held
    }
}

/// The entries of all documents in a temporary file.
pub(super) struct WrittenEntries {
    written: SpooledEntries<DocumentEntry>,
    /// Where each begins.
    places: Vec<u64>,
    /// All publishers, with the number of their documents.
    pub(super) sources: BTreeMap<String, usize>,
}

impl WrittenEntries {
    /// Makes and writes them, with their credits.
    pub(super) fn new(compared: &Compared<'_>, spill: &Spill, observer: &dyn Observer) -> Self {
        let corpus = compared.corpus;
        let is_read = is_read_for_credits(compared);
        let agencies = Agencies::with(&compared.params.agencies);
        let hints = Hints::new(&compared.found.publishers.named, &agencies);
        let mut writer = EntryWriter::new(spill);
        let mut places = Vec::with_capacity(corpus.len());
        let mut sources: BTreeMap<String, usize> = BTreeMap::new();
        let mut repeats = compared.found.repeats.iter().peekable();
        let with_credits = |stretch: &Stretch<'_>, id: DocId| -> (Document, Vec<Credit>) {
            if !is_read[id.index()] {
                return (stretch.about(id).into_owned(), Vec::new());
            }
            let document = stretch.document(id).into_owned();
            let credits = credit::credits_of(&document, &agencies);
            (Document { text: String::new(), ..document }, credits)
        };
        observer.begin("credits", is_read.iter().filter(|&&is_read| is_read).count());
        for first in (0..corpus.len()).step_by(AT_ONCE) {
            let numbers = first..corpus.len().min(first + AT_ONCE);
            let (documents, mut credits): (Vec<Document>, Vec<Vec<Credit>>) =
                corpus.map_some(numbers, with_credits).into_iter().unzip();
            hints.add(&mut credits);
            for (index, (document, credits)) in (first..).zip(documents.iter().zip(credits)) {
                let id = DocId::new(index);
                let mut entry = entry(compared, id, document, credits);
                if let Some((_, found)) = repeats.next_if(|(document, _)| *document == id) {
                    entry.repeated_share = ratio(found.tokens as f64 / entry.tokens as f64);
                }
                places.push(writer.push(&entry));
                match sources.get_mut(&entry.source) {
                    Some(count) => *count += 1,
                    None => _ = sources.insert(entry.source, 1),
                }
            }
        }
        observer.end();
        Self { written: writer.finish(), places, sources }
    }

    /// The entries of these documents, which are sorted, each once.
    pub(super) fn of(&self, documents: Vec<DocId>) -> Entries {
        let read = |document: &DocId| {
            let (place, next) = (self.places[document.index()], self.places.get(document.index() + 1));
            // Behind an error of the file an entry says nothing, and nothing is
            // reported.
            self.written.at(place, next.copied()).unwrap_or_else(nothing)
        };
        Entries { held: documents.par_iter().map(read).collect(), documents: Some(documents) }
    }

    /// All of them, in order.
    pub(super) fn into_written(self) -> SpooledEntries<DocumentEntry> {
        self.written
    }
}

/// An entry that says nothing.
fn nothing() -> DocumentEntry {
    DocumentEntry {
        id: String::new(),
        original_id: None,
        path: String::new(),
        span_base: SpanBase::Raw,
        source: String::new(),
        against: false,
        title: None,
        url: None,
        published: None,
        dated_by: None,
        language: None,
        bytes: 0,
        tokens: 0,
        too_short: false,
        repeated_share: 0.0,
        credits: Vec::new(),
    }
}

fn entry(compared: &Compared<'_>, id: DocId, document: &Document, credits: Vec<Credit>) -> DocumentEntry {
    let tokens = compared.sketches.tokens(id);
    let declared = compared.found.publishers.declared(id);
    DocumentEntry {
        id: document.id.clone(),
        original_id: document.original_id.clone(),
        path: document.path.to_string(),
        span_base: document.span_base,
        against: document.is_against,
        source: declared.map_or_else(|| source_of(document, &credits), str::to_owned),
        title: document.title.clone(),
        url: document.url.clone(),
        published: document.published,
        dated_by: document.dated_by(),
        language: document.language.clone(),
        bytes: compared.corpus.text_len(id),
        tokens,
        too_short: tokens < compared.params.shingle_len,
        repeated_share: 0.0,
        credits,
    }
}
