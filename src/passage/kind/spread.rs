//! Page furniture, found by its spread.
//!
//! A footer, a comment form or a column's heading stands in many documents of
//! one source that have nothing else in common; a story that was carried many
//! times makes up most of its carriers, and versions of a story are about the
//! same matter. So two documents of a source are a *witness* for what they
//! share where
//!
//! - all passages of the pair together cover less than [`MAX_COVERED`] of
//!   either document, and
//! - outside of them the two have less than [`MAX_COMMON`] of their longer
//!   words in common,
//!
//! and the places of a document for which [`MIN_CARRIERS`] other documents are
//! witnesses are furniture. A passage of any pair that lies there, in either
//! document, is `boilerplate`, or `template` where it is not the same word for
//! word: the two may well be related otherwise. No word
//! has a meaning here, and no document of another source is needed; where the
//! input names no sources, all documents of a folder are of one.
//!
//! Vocabularies are compared by samples: the `SAMPLE` least hashes of a
//! document's longer words, which are all of them in an article. Time O(n) in
//! the documents that may be witnesses and O(p log p) in the passages, however
//! many documents share one.

use std::borrow::Cow;

use rayon::prelude::*;

use super::Kind;
use crate::document::{Corpus, DocId, Span};
use crate::report::{Passage, PassageKind};
use crate::text::Tokenizer;

/// Share of a document from which what it has in common with another is more
/// than furniture.
pub const MAX_COVERED: f64 = 0.5;

/// Share of the smaller vocabulary that unrelated texts have in common at
/// most. Of pairs drawn at random from one newsgroup or one newswire 98 in 100
/// have less.
pub const MAX_COMMON: f64 = 0.25;

/// Other documents of the source that have the same words: with the one at
/// hand three, each unrelated to it.
pub const MIN_CARRIERS: usize = 2;

/// Agreement from which furniture is verbatim; below, it is standing wording
/// that is filled in each time.
const MIN_VERBATIM: f64 = 0.95;

/// Share of a passage that must be furniture for all of it to be.
const MIN_INSIDE: f64 = 0.8;

/// Bytes of a word that says what a text is about; shorter ones are mostly the
/// grammar of a language.
const LONG_WORD: u32 = 6;

/// Words of a document that are compared.
const SAMPLE: usize = 256;

/// A verified pair, as far as spread is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Sharing<'p> {
    /// The two documents.
    pub documents: [DocId; 2],
    /// How many tokens they have.
    pub tokens: [usize; 2],
    /// What they share.
    pub passages: &'p [Passage],
    /// How many tokens of either are in passages that are copies.
    pub aligned: [usize; 2],
}

/// A place of a document that another one has too.
type Carried = (DocId, Span);

/// The passages that are furniture: pair, passage, and the kind with its
/// reason; in order. `sources` numbers the publisher of every document.
/// `vocabularies` has those of the same corpus that an earlier call has read.
pub fn furniture(
    pairs: &[Sharing<'_>],
    corpus: &Corpus,
    sources: &[u32],
    vocabularies: &mut Vocabularies,
) -> Vec<(usize, usize, Kind)> {
    let source = |document: DocId| sources[document.index()];
    let is_possible = |pair: &&Sharing<'_>| {
        let [a, b] = pair.documents;
        let share = |side: usize| pair.aligned[side] as f64 / pair.tokens[side].max(1) as f64;
        let covered = share(0).max(share(1));
        source(a) == source(b) && covered > 0.0 && covered < MAX_COVERED
    };
    let mut possible: Vec<&Sharing<'_>> = pairs.iter().filter(is_possible).collect();
    let mut partners = vec![0u32; sources.len()];
    for document in possible.iter().flat_map(|pair| pair.documents) {
        partners[document.index()] += 1;
    }
    let has_enough = |document: &DocId| partners[document.index()] as usize >= MIN_CARRIERS;
    possible.retain(|pair| pair.documents.iter().any(has_enough));
    vocabularies.read(possible.iter().flat_map(|pair| pair.documents), corpus);
    let carried = witnessed(&possible, vocabularies, sources.len());
    let furniture: Vec<Vec<(Span, usize)>> = carried.into_par_iter().map(widely_carried).collect();
    let mut found = Vec::new();
    for (number, pair) in pairs.iter().enumerate() {
        let [of_a, of_b] = pair.documents.map(|document| furniture[document.index()].as_slice());
        if of_a.is_empty() && of_b.is_empty() {
            continue;
        }
        for (at, passage) in pair.passages.iter().enumerate() {
            if passage.kind != PassageKind::Copy {
                continue;
            }
            let carriers = carriers(of_a, passage.a).max(carriers(of_b, passage.b));
            if let Some(carriers) = carriers {
                found.push((number, at, kind(carriers, passage.identity)));
            }
        }
    }
    found
}

fn kind(carriers: usize, identity: f64) -> Kind {
    let (kind, words) = if identity >= MIN_VERBATIM {
        (PassageKind::Boilerplate, "the same words stand")
    } else {
        (PassageKind::Template, "the same wording with changes stands")
    };
    let reason = format!("{words} in {carriers} other documents of a source whose text is unrelated");
    Kind { kind, reason: Cow::Owned(reason) }
}

/// For each document the places that unrelated documents of its source have.
fn witnessed(possible: &[&Sharing<'_>], vocabularies: &Vocabularies, documents: usize) -> Vec<Vec<Carried>> {
    let is_witness = |pair: &Sharing<'_>| {
        let copies = pair.passages.iter().filter(|passage| passage.kind == PassageKind::Copy);
        let (of_a, of_b): (Vec<Span>, Vec<Span>) = copies.map(|passage| (passage.a, passage.b)).unzip();
        let [a, b] = pair.documents.map(|document| vocabularies.of(document));
        Vocabulary::common((a, &of_a), (b, &of_b)) < MAX_COMMON
    };
    let are_witnesses: Vec<bool> = possible.par_iter().map(|pair| is_witness(pair)).collect();
    let mut carried: Vec<Vec<Carried>> = vec![Vec::new(); documents];
    for (pair, _) in possible.iter().zip(are_witnesses).filter(|(_, is_witness)| *is_witness) {
        let [a, b] = pair.documents;
        for passage in pair.passages.iter().filter(|passage| passage.kind == PassageKind::Copy) {
            carried[a.index()].push((b, passage.a));
            carried[b.index()].push((a, passage.b));
        }
    }
    carried
}

/// Where at least [`MIN_CARRIERS`] others have the same as a document, in
/// order, with the number of others at the most.
fn widely_carried(mut carried: Vec<Carried>) -> Vec<(Span, usize)> {
    if carried.len() < MIN_CARRIERS {
        return Vec::new();
    }
    carried.sort_unstable_by_key(|(document, span)| (*document, span.start, span.end));
    let mut edges: Vec<(usize, bool)> = Vec::with_capacity(2 * carried.len());
    for of_one in carried.chunk_by(|one, two| one.0 == two.0) {
        // What one document has twice counts once.
        let mut behind = 0;
        for (_, span) in of_one {
            let start = span.start.max(behind);
            if start < span.end {
                edges.extend([(start, true), (span.end, false)]);
                behind = span.end;
            }
        }
    }
    // Ends before beginnings at the same place, so that what touches is apart.
    edges.sort_unstable();
    let (mut depth, mut most, mut start) = (0, 0, 0);
    let mut wide: Vec<(Span, usize)> = Vec::new();
    for (at, begins) in edges {
        if begins {
            depth += 1;
            most = most.max(depth);
            if depth == MIN_CARRIERS {
                (start, most) = (at, depth);
            }
        } else {
            if depth == MIN_CARRIERS && start < at {
                wide.push((Span::new(start, at), most));
            }
            depth -= 1;
        }
    }
    wide
}

/// How many others carry a passage, if it is furniture.
fn carriers(furniture: &[(Span, usize)], passage: Span) -> Option<usize> {
    let first = furniture.partition_point(|(span, _)| span.end <= passage.start);
    let (mut inside, mut most) = (0, 0);
    for (span, carriers) in furniture[first..].iter().take_while(|(span, _)| span.start < passage.end) {
        inside += span.end.min(passage.end) - span.start.max(passage.start);
        most = most.max(*carriers);
    }
    (inside as f64 >= MIN_INSIDE * (passage.end - passage.start) as f64).then_some(most)
}

/// The vocabularies of documents, each read once.
#[derive(Debug, Default)]
pub struct Vocabularies {
    /// By document.
    known: Vec<Option<Vocabulary>>,
}

impl Vocabularies {
    fn read(&mut self, documents: impl Iterator<Item = DocId>, corpus: &Corpus) {
        self.known.resize_with(corpus.len(), || None);
        let mut new: Vec<DocId> =
            documents.filter(|document| self.known[document.index()].is_none()).collect();
        new.sort_unstable();
        new.dedup();
        let read =
            |tokenizer: &mut Tokenizer, &document: &DocId| Vocabulary::new(tokenizer, corpus.text(document));
        let found: Vec<Vocabulary> = new.par_iter().map_init(Tokenizer::new, read).collect();
        for (document, vocabulary) in new.iter().zip(found) {
            self.known[document.index()] = Some(vocabulary);
        }
    }

    fn of(&self, document: DocId) -> &Vocabulary {
        self.known[document.index()].as_ref().expect("every document of a pair has been read")
    }
}

/// A sample of the longer words of a document, each with its first place.
#[derive(Debug)]
struct Vocabulary {
    /// Sorted by hash.
    words: Vec<(u64, u32)>,
    is_complete: bool,
}

impl Vocabulary {
    fn new(tokenizer: &mut Tokenizer, text: &str) -> Self {
        let mut words = Vec::new();
        tokenizer.tokenize(text, |token| {
            if token.end - token.start >= LONG_WORD {
                words.push((token.hash, token.start));
            }
        });
        words.sort_unstable();
        words.dedup_by_key(|(hash, _)| *hash);
        let is_complete = words.len() <= SAMPLE;
        words.truncate(SAMPLE);
        words.shrink_to_fit();
        Self { words, is_complete }
    }

    /// The share of the smaller of two vocabularies that both have, outside of
    /// the given spans, of which there are few.
    fn common((a, of_a): (&Self, &[Span]), (b, of_b): (&Self, &[Span])) -> f64 {
        let bound = |words: &Self| match words.words.last() {
            Some((last, _)) if !words.is_complete => *last,
            _ => u64::MAX,
        };
        let bound = bound(a).min(bound(b));
        let rest = |words: &Self, spans: &[Span]| -> Vec<u64> {
            let is_outside =
                |place: u32| !spans.iter().any(|span| (span.start..span.end).contains(&(place as usize)));
            let inside = words.words.iter().filter(|(hash, place)| *hash <= bound && is_outside(*place));
            inside.map(|(hash, _)| *hash).collect()
        };
        let (a, b) = (rest(a, of_a), rest(b, of_b));
        let both = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
        let smaller = a.len().min(b.len());
        if smaller == 0 { 0.0 } else { both as f64 / smaller as f64 }
    }
}
