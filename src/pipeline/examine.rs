//! Candidate pairs and suspects → verified pairs and repeats, in bounded
//! memory.
//!
//! Texts are read again only for documents that a candidate names or that may
//! repeat themselves. Pairs are taken in their order, in blocks that need at
//! most [`BLOCK_BYTES`] of text that is not yet prepared; a block's new
//! documents are prepared, looked through for repeats, and its pairs
//! compared, all in parallel. A document is held until its last pair, as long
//! as what is held is less than [`HELD_BYTES`] of text; beyond that, a block
//! keeps only what it needs itself, and the rest is prepared again when its
//! turn comes. Neither limit shows in the result.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::Observer;
use crate::candidates::CandidatePair;
use crate::document::{Corpus, DocId, Span};
use crate::params::Params;
use crate::passage::align::{self, Place};
use crate::passage::extend::Stretch;
use crate::passage::prepared::{Prepared, Preparer};
use crate::passage::repeat::{self, Repeated};
use crate::report::{Passage, PassageKind, Repeat, Verdict, ratio};
use crate::sketch::Sketch;
use crate::verify::{self, Shares, Verified};

/// Bytes of text prepared side by side: enough documents for many cores, and
/// few enough that memory is used again instead of asked for.
const BLOCK_BYTES: usize = 4 << 20;

/// Bytes of text whose documents are held for later pairs: about 8 million
/// tokens of English and 330 MB of indices.
const HELD_BYTES: usize = 48 << 20;

/// A pair that reached a threshold.
pub(super) struct VerifiedPair {
    pub(super) a: DocId,
    pub(super) b: DocId,
    pub(super) verdict: Verdict,
    pub(super) shares: Shares,
    pub(super) passages: Vec<Passage>,
}

/// The repeats of one document.
pub(super) struct DocumentRepeats {
    pub(super) document: DocId,
    pub(super) repeats: Vec<Repeat>,
    /// Tokens in second and later occurrences.
    pub(super) repeated_tokens: usize,
}

/// What exact examination has found so far.
pub(super) struct Examination<'c> {
    corpus: &'c Corpus,
    params: &'c Params,
    /// By document: whether it is still to be looked through for repeats.
    suspects: Vec<bool>,
    /// Documents that are ready for comparison.
    held: HashMap<DocId, Prepared>,
    /// Bytes of their texts.
    held_bytes: usize,
    /// Pairs that reached a threshold.
    pub(super) pairs: Vec<VerifiedPair>,
    /// Documents that repeat themselves.
    pub(super) repeats: Vec<DocumentRepeats>,
    /// How many pairs were compared.
    pub(super) compared: usize,
}

impl<'c> Examination<'c> {
    pub(super) fn new(corpus: &'c Corpus, params: &'c Params, sketches: &[Sketch]) -> Self {
        Self {
            corpus,
            params,
            suspects: sketches.iter().map(|sketch| sketch.may_repeat).collect(),
            held: HashMap::new(),
            held_bytes: 0,
            pairs: Vec::new(),
            repeats: Vec::new(),
            compared: 0,
        }
    }

    /// Compares more pairs, given in order.
    pub(super) fn compare(&mut self, pairs: &[CandidatePair], observer: &dyn Observer) {
        observer.begin("verify", pairs.len());
        let mut last_pair = vec![0; self.corpus.len()];
        for (at, (a, b)) in pairs.iter().enumerate() {
            (last_pair[a.index()], last_pair[b.index()]) = (at, at);
        }
        let mut done = 0;
        while done < pairs.len() {
            let (block, documents) = self.next_block(&pairs[done..]);
            self.release(done, &last_pair, &documents);
            self.prepare(documents);
            self.compare_block(block);
            done += block.len();
            observer.advance(block.len());
        }
        self.held = HashMap::new();
        self.held_bytes = 0;
        self.compared += pairs.len();
        observer.end();
    }

    /// Looks for repeats where no comparison has come by yet, and puts what
    /// was found in order.
    pub(super) fn finish(mut self, observer: &dyn Observer) -> Findings {
        let rest: Vec<DocId> =
            (0..self.suspects.len()).filter(|&id| self.suspects[id]).map(DocId::new).collect();
        observer.begin("repeats", rest.len());
        let look = |preparer: &mut Preparer, &document: &DocId| {
            observer.advance(1);
            repeats_of(self.corpus, self.params, document, &preparer.prepare(self.corpus.text(document)))
        };
        let found = rest.par_iter().map_init(|| Preparer::new(self.params), look).flatten_iter();
        self.repeats.par_extend(found);
        observer.end();
        // Both are made of sorted parts, which a stable sort makes use of.
        self.repeats.sort_by_key(|found| found.document);
        self.pairs.sort_by_key(|pair| (pair.a, pair.b));
        Findings { pairs: self.pairs, repeats: self.repeats, compared: self.compared }
    }

    /// The pairs whose verdict unites.
    pub(super) fn uniting(&self) -> impl Iterator<Item = &VerifiedPair> {
        self.pairs.iter().filter(|pair| pair.verdict.is_uniting())
    }

    /// The longest beginning of `pairs` whose documents, as far as they are not
    /// held, fit into a block, at least one pair; and all its documents.
    fn next_block<'p>(&self, pairs: &'p [CandidatePair]) -> (&'p [CandidatePair], HashSet<DocId>) {
        let mut bytes = 0;
        let mut documents = HashSet::new();
        for (at, &(a, b)) in pairs.iter().enumerate() {
            let new = [a, b].map(|document| {
                let is_new = !documents.contains(&document) && !self.held.contains_key(&document);
                if is_new { self.corpus.text(document).len() } else { 0 }
            });
            bytes += new[0] + new[1];
            if at > 0 && bytes > BLOCK_BYTES {
                return (&pairs[..at], documents);
            }
            documents.extend([a, b]);
        }
        (pairs, documents)
    }

    /// Drops documents without a pair from `next` on, and, if those that are
    /// left are too much, all that the next block does not need.
    fn release(&mut self, next: usize, last_pair: &[usize], needed: &HashSet<DocId>) {
        let Self { corpus, held, held_bytes, .. } = self;
        let is_full = *held_bytes > HELD_BYTES;
        held.retain(|document, _| {
            let is_kept = needed.contains(document) || !is_full && last_pair[document.index()] >= next;
            if !is_kept {
                *held_bytes -= corpus.text(*document).len();
            }
            is_kept
        });
    }

    /// Prepares those of `documents` that are not held, and looks for repeats
    /// in those of them that may have some.
    fn prepare(&mut self, documents: HashSet<DocId>) {
        let mut new: Vec<DocId> = documents.into_iter().filter(|id| !self.held.contains_key(id)).collect();
        new.sort_unstable();
        let Self { corpus, params, suspects, .. } = self;
        let prepare = |preparer: &mut Preparer, &document: &DocId| {
            let prepared = preparer.prepare(corpus.text(document));
            let is_suspect = suspects[document.index()];
            let found = is_suspect.then(|| repeats_of(corpus, params, document, &prepared)).flatten();
            (prepared, found)
        };
        let prepared: Vec<(Prepared, Option<DocumentRepeats>)> =
            new.par_iter().map_init(|| Preparer::new(params), prepare).collect();
        for (document, (prepared, found)) in new.into_iter().zip(prepared) {
            self.suspects[document.index()] = false;
            self.repeats.extend(found);
            self.held_bytes += self.corpus.text(document).len();
            self.held.insert(document, prepared);
        }
    }

    fn compare_block(&mut self, pairs: &[CandidatePair]) {
        let of = |document: DocId| &self.held[&document];
        let verified = pairs.par_iter().filter_map(|&(a, b)| {
            let Verified { verdict, shares, passages } = verify::verify(of(a), of(b), self.params)?;
            let passages = passage_entries(self.corpus, (a, of(a)), (b, of(b)), &passages);
            Some(VerifiedPair { a, b, verdict, shares, passages })
        });
        self.pairs.par_extend(verified);
    }
}

/// What examination found, in order.
pub(super) struct Findings {
    /// Pairs that reached a threshold, by their documents.
    pub(super) pairs: Vec<VerifiedPair>,
    /// Documents that repeat themselves.
    pub(super) repeats: Vec<DocumentRepeats>,
    /// How many pairs were compared.
    pub(super) compared: usize,
}

/// The repeats of one document, if it has any.
fn repeats_of(
    corpus: &Corpus,
    params: &Params,
    document: DocId,
    prepared: &Prepared,
) -> Option<DocumentRepeats> {
    let text = corpus.text(document);
    let found = repeat::repeats(text, prepared, params.min_repeat_tokens);
    let entry = |repeated: &Repeated| Repeat {
        document: corpus[document].id.clone(),
        spans: repeated.spans(text, prepared),
        tokens: repeated.tokens(),
        identity: ratio(repeated.identity),
    };
    let repeats: Vec<Repeat> = found.iter().map(entry).collect();
    let repeated_tokens = repeat::repeated_tokens(&found);
    (!repeats.is_empty()).then_some(DocumentRepeats { document, repeats, repeated_tokens })
}

fn passage_entries(
    corpus: &Corpus,
    a: (DocId, &Prepared),
    b: (DocId, &Prepared),
    stretches: &[Stretch],
) -> Vec<Passage> {
    let entry = |stretch: &Stretch| {
        let places = [
            Place { text: corpus.text(a.0), document: a.1, range: stretch.a },
            Place { text: corpus.text(b.0), document: b.1, range: stretch.b },
        ];
        let spans: Vec<Span> = align::spans(&places);
        Passage {
            a: spans[0],
            b: spans[1],
            tokens: stretch.tokens(),
            identity: ratio(stretch.identity()),
            kind: PassageKind::Copy,
            reason: "the same running text in the same order".into(),
        }
    };
    stretches.iter().map(entry).collect()
}
