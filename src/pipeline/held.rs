//! Documents that are ready for comparison, for as long as pairs need them.
//!
//! Pairs are taken in their order, in blocks that need at most
//! [`BLOCK_BYTES`] of text that is not yet prepared. A document is held until
//! its last pair, as long as what is held is less than [`HELD_BYTES`] of text;
//! beyond that, a block keeps only what it needs itself, and the rest is
//! prepared again when its turn comes. Neither limit shows in the result. 16
//! bytes a document of the corpus, besides what is held.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::candidates::CandidatePair;
use crate::collection::Collection;
use crate::document::DocId;
use crate::passage::kind::Side;
use crate::passage::prepared::Prepared;

/// Bytes of text prepared side by side: enough documents for many cores, and
/// few enough that memory is used again instead of asked for.
const BLOCK_BYTES: usize = 4 << 20;

/// Bytes of text whose documents are held for later pairs: about 8 million
/// tokens of English and 330 MB of indices.
const HELD_BYTES: usize = 48 << 20;

/// Parts of a budget that a block and what is held may have in text; prepared
/// it is seven times as much.
const PART_A_BLOCK: u64 = 96;
const PART_HELD: u64 = 48;

/// A document with what a comparison needs.
struct Ready<'c> {
    text: Cow<'c, str>,
    prepared: Prepared,
}

/// The documents of the pairs that are being compared.
pub(super) struct Held<'c, 'p> {
    corpus: Collection<'c>,
    pairs: &'p [CandidatePair],
    /// How many pairs the blocks so far have taken.
    taken: usize,
    /// By document.
    prepared: Vec<Option<Box<Ready<'c>>>>,
    /// By document: the number of pairs up to the last one that needs it.
    needed_to: Vec<u32>,
    /// By document: the last block that needs it.
    needed_in: Vec<u32>,
    block: u32,
    /// The documents that are held.
    documents: Vec<DocId>,
    /// Bytes of their texts.
    bytes: usize,
    /// [`BLOCK_BYTES`], or less under a budget.
    block_bytes: usize,
    /// The same of [`HELD_BYTES`].
    held_bytes: usize,
}

impl<'c, 'p> Held<'c, 'p> {
    /// Nothing yet; `pairs` are in order, and fewer than 2^32.
    pub(super) fn new(corpus: Collection<'c>, pairs: &'p [CandidatePair]) -> Self {
        let mut needed_to = vec![0; corpus.len()];
        for (number, (a, b)) in (1..).zip(pairs) {
            (needed_to[a.index()], needed_to[b.index()]) = (number, number);
        }
        let prepared = std::iter::repeat_with(|| None).take(corpus.len()).collect();
        let needed_in = vec![0; corpus.len()];
        let room = |most: usize, part: u64| corpus.spill().map_or(most, |spill| spill.part(part).min(most));
        Self {
            corpus,
            pairs,
            taken: 0,
            prepared,
            needed_to,
            needed_in,
            block: 0,
            documents: Vec::new(),
            bytes: 0,
            block_bytes: room(BLOCK_BYTES, PART_A_BLOCK),
            held_bytes: room(HELD_BYTES, PART_HELD),
        }
    }

    /// The next pairs, at least one, with those of their documents that have to
    /// be prepared, in order; nothing at the end. Releases what is not needed.
    pub(super) fn next_block(&mut self) -> Option<(&'p [CandidatePair], Vec<DocId>)> {
        let rest = &self.pairs[self.taken..];
        if rest.is_empty() {
            return None;
        }
        let mut needed: Vec<DocId> = Vec::new();
        self.block += 1;
        let (mut bytes, mut len) = (0, 0);
        for &(a, b) in rest {
            for document in [a, b] {
                if std::mem::replace(&mut self.needed_in[document.index()], self.block) != self.block {
                    needed.push(document);
                    let is_new = self.prepared[document.index()].is_none();
                    bytes += if is_new { self.corpus.text_len(document) } else { 0 };
                }
            }
            if len > 0 && bytes > self.block_bytes {
                break;
            }
            len += 1;
        }
        self.release();
        self.taken += len;
        let block = &rest[..len];
        // The pair that did not fit may have named documents of its own.
        needed.retain(|id| self.prepared[id.index()].is_none());
        needed.sort_unstable();
        Some((block, needed))
    }

    /// Holds a document of the last block.
    pub(super) fn hold(&mut self, document: DocId, text: Cow<'c, str>, prepared: Prepared) {
        self.bytes += self.corpus.text_len(document);
        self.documents.push(document);
        self.prepared[document.index()] = Some(Box::new(Ready { text, prepared }));
    }

    /// A document of the last block.
    pub(super) fn side(&self, document: DocId) -> Side<'_> {
        let ready = self.prepared[document.index()].as_deref();
        let Ready { text, prepared } = ready.expect("a block holds the documents of its pairs");
        Side { text, prepared }
    }

    /// Drops documents whose last pair is over, and, if those that are left are
    /// too much, all that the next block does not need. All threads do, since it
    /// takes a while to give back what indices are made of.
    fn release(&mut self) {
        let Self {
            corpus, taken, prepared, needed_to, needed_in, block, documents, bytes, held_bytes, ..
        } = self;
        let is_full = bytes > held_bytes;
        let mut released = Vec::new();
        documents.retain(|document| {
            let id = document.index();
            let is_kept = needed_in[id] == *block || !is_full && needed_to[id] as usize > *taken;
            if !is_kept {
                released.extend(prepared[id].take());
                *bytes -= corpus.text_len(*document);
            }
            is_kept
        });
        released.into_par_iter().for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Corpus, Document};
    use crate::params::Params;

    /// Documents of a megabyte each, with short pairs first.
    fn corpus(documents: usize) -> Corpus {
        let text = "word ".repeat(1 << 18);
        let document =
            |n: usize| Document { id: format!("{n:03}"), text: text.clone(), ..Document::default() };
        Corpus::try_new((0..documents).map(document).collect()).unwrap()
    }

    #[test]
    fn blocks_hold_their_documents_and_release_what_is_over() {
        let corpus = corpus(60);
        let pair = |a: usize, b: usize| (DocId::new(a), DocId::new(b));
        let pairs: Vec<CandidatePair> =
            (1..60).map(|n| pair(0, n)).chain((2..60).map(|n| pair(1, n))).collect();
        let mut held = Held::new((&corpus).into(), &pairs);
        let (mut taken, mut prepared, mut most) = (Vec::new(), 0, 0);
        while let Some((block, new)) = held.next_block() {
            assert!(new.len() <= 1 + (BLOCK_BYTES >> 20) + 1, "{} at once", new.len());
            for &document in &new {
                let prepared = Prepared::new("one two three four five", &Params::default());
                held.hold(document, "".into(), prepared);
            }
            prepared += new.len();
            most = most.max(held.bytes);
            block.iter().for_each(|&(a, b)| {
                assert_eq!(held.side(a).prepared.len(), held.side(b).prepared.len());
            });
            taken.extend_from_slice(block);
        }
        assert_eq!(taken, pairs);
        assert!(most <= HELD_BYTES + 2 * BLOCK_BYTES, "{most}");
        // What did not fit the first time round was prepared twice.
        assert!((61..120).contains(&prepared), "{prepared}");
    }
}
