//! The documents as the report has them, with their credits.
//!
//! In memory all are held. Under a budget each is made, written out in its
//! order, and held only if a finding names it: the rest of the report asks for
//! no other.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Compared, Observer, is_read_for_credits};
use crate::attribute::agency::Agencies;
use crate::attribute::credit;
use crate::attribute::outlet::Hints;
use crate::attribute::source::source_of;
use crate::attribute::sources::{sources, sources_of};
use crate::document::{DocId, Document};
use crate::report::{Cluster, Credit, DocumentEntry, SourceEntry, ratio};
use crate::spill::Spill;
use crate::spill::entries::{EntryWriter, SpooledEntries};

/// Entries that are made at the same time before they are written out.
const AT_ONCE: usize = 2048;

/// Where the entries of documents are, and those in memory.
pub(super) struct Entries {
    held: Vec<DocumentEntry>,
    /// What those of them are that are held, where some are not.
    some: Option<Named>,
}

/// Which entries are held, and what is said of the others.
struct Named {
    /// By document: its place among those held, if it is.
    places: Vec<u32>,
    /// By place: the document.
    documents: Vec<DocId>,
    /// All publishers, with the number of their documents.
    sources: BTreeMap<String, usize>,
}

impl Entries {
    /// The entries of all documents, with their credits.
    pub(super) fn of_all(compared: &Compared<'_>, credits: Vec<Vec<Credit>>) -> Self {
        let of_document = |(index, credits): (usize, Vec<Credit>)| {
            let id = DocId::new(index);
            entry(compared, id, &compared.corpus.about(id), credits)
        };
        let mut held: Vec<DocumentEntry> = credits.into_par_iter().enumerate().map(of_document).collect();
        for found in &compared.found.repeats {
            let entry = &mut held[found.document.index()];
            entry.repeated_share = ratio(found.repeated_tokens as f64 / entry.tokens as f64);
        }
        Self { held, some: None }
    }

    /// Those that findings name; all are written out.
    pub(super) fn of_named(
        compared: &Compared<'_>,
        spill: &Spill,
        observer: &dyn Observer,
    ) -> (Self, SpooledEntries<DocumentEntry>) {
        let corpus = compared.corpus;
        let is_named = named(compared);
        let is_read = is_read_for_credits(compared);
        let agencies = Agencies::with(&compared.params.agencies);
        let hints = Hints::new(corpus, &agencies);
        let mut writer = EntryWriter::new(spill);
        let mut held = Vec::new();
        let mut some =
            Named { places: vec![u32::MAX; corpus.len()], documents: Vec::new(), sources: BTreeMap::new() };
        let mut repeats = compared.found.repeats.iter().peekable();
        let with_credits = |index: usize| -> (Document, Vec<Credit>) {
            let id = DocId::new(index);
            if !is_read[index] {
                return (corpus.about(id).into_owned(), Vec::new());
            }
            let document = corpus.document(id).into_owned();
            let credits = credit::credits_of(&document, &agencies);
            (Document { text: String::new(), ..document }, credits)
        };
        observer.begin("credits", is_read.iter().filter(|&&is_read| is_read).count());
        for first in (0..corpus.len()).step_by(AT_ONCE) {
            let numbers = first..corpus.len().min(first + AT_ONCE);
            let (documents, mut credits): (Vec<Document>, Vec<Vec<Credit>>) =
                numbers.into_par_iter().map(with_credits).unzip();
            hints.add(&mut credits);
            for (index, (document, credits)) in (first..).zip(documents.iter().zip(credits)) {
                let id = DocId::new(index);
                let mut entry = entry(compared, id, document, credits);
                if let Some(found) = repeats.next_if(|found| found.document == id) {
                    entry.repeated_share = ratio(found.repeated_tokens as f64 / entry.tokens as f64);
                }
                writer.push(&entry);
                match some.sources.get_mut(&entry.source) {
                    Some(count) => *count += 1,
                    None => _ = some.sources.insert(entry.source.clone(), 1),
                }
                if is_named[index] {
                    some.places[index] = held.len() as u32;
                    some.documents.push(id);
                    held.push(entry);
                }
            }
        }
        observer.end();
        (Self { held, some: Some(some) }, writer.finish())
    }

    /// Those in memory, in order.
    pub(super) fn held(&self) -> &[DocumentEntry] {
        &self.held
    }

    /// The entry of a document, by its number, that a finding names.
    pub(super) fn of(&self, document: usize) -> &DocumentEntry {
        &self.held[self.place(document)]
    }

    /// Its place among those held.
    pub(super) fn place(&self, document: usize) -> usize {
        self.some.as_ref().map_or(document, |some| some.places[document] as usize)
    }

    /// The document whose entry is held at a place.
    pub(super) fn document(&self, place: usize) -> DocId {
        self.some.as_ref().map_or_else(|| DocId::new(place), |some| some.documents[place])
    }

    /// The table of publishers.
    pub(super) fn sources(&self, clusters: &[Cluster]) -> Vec<SourceEntry> {
        match &self.some {
            None => sources(&self.held, clusters),
            Some(some) => {
                let counts = some.sources.iter().map(|(source, &documents)| (source.as_str(), documents));
                sources_of(counts, &self.held, clusters)
            }
        }
    }

    /// All entries, or none where they were written out.
    pub(super) fn into_listed(self) -> Vec<DocumentEntry> {
        if self.some.is_none() { self.held } else { Vec::new() }
    }
}

/// For each document whether a finding names it.
fn named(compared: &Compared<'_>) -> Vec<bool> {
    let mut is_named = vec![false; compared.corpus.len()];
    let mut name = |document: DocId| is_named[document.index()] = true;
    compared.groups.exact.iter().flatten().for_each(|&document| name(document));
    for pair in &compared.found.pairs {
        [pair.a, pair.b, pair.shown.0, pair.shown.1].into_iter().for_each(&mut name);
    }
    for story in &compared.stories {
        story.groups.iter().for_each(|&group| name(DocId::new(group)));
        story.excerpts.iter().for_each(|excerpt| name(DocId::new(excerpt.group)));
    }
    is_named
}

fn entry(compared: &Compared<'_>, id: DocId, document: &Document, credits: Vec<Credit>) -> DocumentEntry {
    let tokens = compared.sketches.tokens(id);
    DocumentEntry {
        id: document.id.clone(),
        original_id: document.original_id.clone(),
        path: document.path.to_string(),
        span_base: document.span_base,
        against: document.is_against,
        source: source_of(document, &credits),
        title: document.title.clone(),
        url: document.url.clone(),
        published: document.published,
        language: document.language.clone(),
        bytes: compared.corpus.text_len(id),
        tokens,
        too_short: tokens < compared.params.shingle_len,
        repeated_share: 0.0,
        credits,
    }
}
