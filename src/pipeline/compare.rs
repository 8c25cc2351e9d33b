//! Candidate pairs → verified pairs, in blocks of bounded memory.
//!
//! Texts are read again only for documents that a candidate names. Pairs are
//! taken in their order, in blocks whose documents hold at most
//! [`BLOCK_TOKENS`] tokens together; a block's documents are prepared once
//! and its pairs compared in parallel. The blocks do not show in the result.

use std::collections::HashMap;

use rayon::prelude::*;

use super::Observer;
use crate::candidates::CandidatePair;
use crate::document::{Corpus, DocId, Span};
use crate::params::Params;
use crate::passage::align::{self, Place};
use crate::passage::extend::Stretch;
use crate::passage::prepared::Prepared;
use crate::report::{Passage, PassageKind, ratio};
use crate::verify::{self, Shares, Verified};

/// Bytes of text whose documents are prepared side by side: about 8 million
/// tokens of English and 300 MB of indices.
const BLOCK_BYTES: usize = 48 << 20;

/// A pair that reached a threshold.
pub(super) struct VerifiedPair {
    pub(super) a: DocId,
    pub(super) b: DocId,
    pub(super) verdict: crate::report::Verdict,
    pub(super) shares: Shares,
    pub(super) passages: Vec<Passage>,
}

/// The pairs compared so far.
#[derive(Default)]
pub(super) struct Comparison {
    /// Those that reached a threshold.
    pub(super) pairs: Vec<VerifiedPair>,
    /// How many were compared.
    pub(super) compared: usize,
}

impl Comparison {
    /// Compares more pairs, given in order.
    pub(super) fn extend(
        &mut self,
        corpus: &Corpus,
        params: &Params,
        pairs: &[CandidatePair],
        observer: &dyn Observer,
    ) {
        observer.begin("verify", pairs.len());
        let mut rest = pairs;
        while !rest.is_empty() {
            let (block, documents) = next_block(corpus, rest);
            rest = &rest[block.len()..];
            self.compare_block(corpus, params, block, &documents);
            observer.advance(block.len());
        }
        self.compared += pairs.len();
        observer.end();
    }

    /// The pairs whose verdict unites.
    pub(super) fn uniting(&self) -> impl Iterator<Item = &VerifiedPair> {
        self.pairs.iter().filter(|pair| pair.verdict.is_uniting())
    }

    pub(super) fn sort(&mut self) {
        // The parts are sorted, which a stable sort makes use of.
        self.pairs.sort_by_key(|pair| (pair.a, pair.b));
    }

    fn compare_block(
        &mut self,
        corpus: &Corpus,
        params: &Params,
        block: &[CandidatePair],
        documents: &[DocId],
    ) {
        let prepared: Vec<Prepared> =
            documents.par_iter().map(|&document| Prepared::new(corpus.text(document), params)).collect();
        let of = |document: DocId| {
            let at = documents.binary_search(&document).expect("a block lists the documents of its pairs");
            &prepared[at]
        };
        let verified = block.par_iter().filter_map(|&(a, b)| {
            let Verified { verdict, shares, passages } = verify::verify(of(a), of(b), params)?;
            let passages = passage_entries(corpus, (a, of(a)), (b, of(b)), &passages);
            Some(VerifiedPair { a, b, verdict, shares, passages })
        });
        self.pairs.par_extend(verified);
    }
}

/// The longest beginning of `pairs` whose documents fit into a block, at
/// least one pair, and these documents in order.
fn next_block<'p>(corpus: &Corpus, pairs: &'p [CandidatePair]) -> (&'p [CandidatePair], Vec<DocId>) {
    let mut bytes = 0;
    let mut documents: HashMap<DocId, ()> = HashMap::new();
    let mut len = 0;
    for (at, &(a, b)) in pairs.iter().enumerate() {
        for document in [a, b] {
            if documents.insert(document, ()).is_none() {
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
