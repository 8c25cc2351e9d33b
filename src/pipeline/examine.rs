//! Candidate pairs and suspects → verified pairs and repeats, in blocks of
//! bounded memory.
//!
//! Texts are read again only for documents that a candidate names or that may
//! repeat themselves. Pairs are taken in their order, in blocks whose
//! documents hold at most [`BLOCK_BYTES`] of text together; a block's
//! documents are prepared once, looked through for repeats, and its pairs
//! compared, all in parallel. What the next block needs again is kept. The
//! blocks do not show in the result.

use std::collections::HashSet;

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
use crate::sketch::Sketches;
use crate::verify::{self, Shares, Verified};

/// Bytes of text whose documents are prepared side by side: about 8 million
/// tokens of English and 330 MB of indices.
const BLOCK_BYTES: usize = 48 << 20;

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
    /// The documents of the last block, in order.
    block: Vec<(DocId, Prepared)>,
    /// Pairs that reached a threshold.
    pub(super) pairs: Vec<VerifiedPair>,
    /// Documents that repeat themselves.
    pub(super) repeats: Vec<DocumentRepeats>,
    /// How many pairs were compared.
    pub(super) compared: usize,
}

impl<'c> Examination<'c> {
    pub(super) fn new(corpus: &'c Corpus, params: &'c Params, sketches: &Sketches) -> Self {
        Self {
            corpus,
            params,
            suspects: (0..sketches.len()).map(|id| sketches.may_repeat(DocId::new(id))).collect(),
            block: Vec::new(),
            pairs: Vec::new(),
            repeats: Vec::new(),
            compared: 0,
        }
    }

    /// Compares more pairs, given in order.
    pub(super) fn compare(&mut self, pairs: &[CandidatePair], observer: &dyn Observer) {
        observer.begin("verify", pairs.len());
        let mut rest = pairs;
        while !rest.is_empty() {
            let (block, documents) = next_block(self.corpus, rest);
            rest = &rest[block.len()..];
            self.prepare(&documents);
            self.compare_block(block);
            observer.advance(block.len());
        }
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

    /// Makes `documents`, which are in order, the block; looks through those
    /// that are new and may repeat themselves.
    fn prepare(&mut self, documents: &[DocId]) {
        let mut known = std::mem::take(&mut self.block).into_iter().peekable();
        let mut block = Vec::with_capacity(documents.len());
        for &document in documents {
            while known.next_if(|(id, _)| *id < document).is_some() {}
            block.push((document, known.next_if(|(id, _)| *id == document).map(|(_, prepared)| prepared)));
        }
        drop(known);
        let prepare = |preparer: &mut Preparer, (document, known): (DocId, Option<Prepared>)| {
            (document, known.unwrap_or_else(|| preparer.prepare(self.corpus.text(document))))
        };
        self.block = block.into_par_iter().map_init(|| Preparer::new(self.params), prepare).collect();
        let suspects = self.block.par_iter().filter(|(document, _)| self.suspects[document.index()]);
        let found =
            suspects.flat_map_iter(|(id, prepared)| repeats_of(self.corpus, self.params, *id, prepared));
        self.repeats.par_extend(found);
        documents.iter().for_each(|document| self.suspects[document.index()] = false);
    }

    fn compare_block(&mut self, pairs: &[CandidatePair]) {
        let of = |document: DocId| {
            let at = self.block.binary_search_by_key(&document, |(id, _)| *id);
            &self.block[at.expect("a block holds the documents of its pairs")].1
        };
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

/// The longest beginning of `pairs` whose documents fit into a block, at
/// least one pair, and these documents in order.
fn next_block<'p>(corpus: &Corpus, pairs: &'p [CandidatePair]) -> (&'p [CandidatePair], Vec<DocId>) {
    let mut bytes = 0;
    let mut documents: HashSet<DocId> = HashSet::new();
    let mut len = 0;
    for (at, &(a, b)) in pairs.iter().enumerate() {
        for document in [a, b] {
            if documents.insert(document) {
                bytes += corpus.text(document).len();
            }
        }
        if at > 0 && bytes > BLOCK_BYTES {
            break;
        }
        len = at + 1;
    }
    let block = &pairs[..len];
    let mut documents: Vec<DocId> = block.iter().flat_map(|&(a, b)| [a, b]).collect();
    documents.sort_unstable();
    documents.dedup();
    (block, documents)
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
