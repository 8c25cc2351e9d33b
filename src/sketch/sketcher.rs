//! Texts → sketches, each text read once.

use super::minhash::MinHasher;
use super::posting::{Postings, PostingsBuilder};
use super::signature::Packing;
use super::winnow::Winnower;
use super::{Chunk, triples};
use crate::hash;
use crate::params::{Level, MIN_LINE_TOKENS, Params};
use crate::shingle;
use crate::text::Tokenizer;

/// Bits of the filter of seen shingles per shingle: at this size about one
/// document of 400 tokens in ten is looked at again without need.
const SEEN_BITS_PER_SHINGLE: usize = 32;

/// Makes sketches, keeping its buffers from document to document.
#[derive(Debug)]
pub struct Sketcher {
    tokenizer: Tokenizer,
    hasher: MinHasher,
    packing: Packing,
    winnower: Option<Winnower>,
    tokens: Vec<u64>,
    shingles: Vec<u64>,
    minima: Vec<u32>,
    postings: PostingsBuilder,
    triples: PostingsBuilder,
    /// The triples of a document before they are sampled.
    rolled: Vec<u64>,
    seen: Vec<u64>,
    shingle_len: usize,
}

impl Sketcher {
    /// Buffers for documents under these parameters: fingerprints are made where
    /// passages are looked for.
    pub fn new(params: &Params) -> Self {
        Self {
            tokenizer: Tokenizer::new(),
            hasher: MinHasher::new(params.num_hashes),
            packing: Packing::new(params),
            winnower: (params.level == Level::Passages).then(|| Winnower::new(params)),
            tokens: Vec::new(),
            shingles: Vec::new(),
            minima: Vec::new(),
            postings: PostingsBuilder::default(),
            triples: PostingsBuilder::default(),
            rolled: Vec::new(),
            seen: Vec::new(),
            shingle_len: params.shingle_len,
        }
    }

    /// Reads each text once and returns their sketches. Time is linear in the
    /// texts, of which there are at most [`MAX_CHUNK`](super::posting::MAX_CHUNK).
    pub fn sketch(&mut self, texts: impl ExactSizeIterator<Item = impl AsRef<str>>) -> Chunk {
        let count = texts.len();
        let mut chunk = Chunk {
            tokens: Vec::with_capacity(count),
            digests: Vec::with_capacity(count),
            may_repeat: Vec::with_capacity(count),
            signatures: Vec::with_capacity(count * self.packing.words()),
            postings: Postings::default(),
            triples: Postings::default(),
        };
        for (number, text) in texts.enumerate() {
            let number = u8::try_from(number).expect("a chunk has at most 256 documents");
            self.read(text.as_ref());
            drop(text);
            chunk
                .tokens
                .push(u32::try_from(self.tokens.len()).expect("a document has less than 4 GiB of text"));
            chunk.digests.push(hash::digest(&self.tokens));
            self.hasher.sign(&self.shingles, &mut self.minima);
            self.packing.pack(&self.minima, &mut chunk.signatures);
            chunk.may_repeat.push(self.winnower.is_some() && self.may_repeat());
            let Self { winnower, tokens, shingles, postings, triples, rolled, .. } = self;
            if let Some(winnower) = winnower {
                winnower.select(tokens, shingles, |fingerprint| postings.push(number, &fingerprint));
                triples::sample(tokens, rolled, |hash, place| triples.push_placed(number, hash, place));
            }
        }
        chunk.postings = self.postings.take();
        chunk.triples = self.triples.take();
        chunk
    }

    fn read(&mut self, text: &str) {
        let Self { tokenizer, tokens, shingles, .. } = self;
        tokens.clear();
        shingles.clear();
        tokenizer.append_hashes(text, tokens);
        shingle::append_shingles(tokens, self.shingle_len, shingles);
    }

    /// Whether as many shingles in a row were seen before as a line has that
    /// is said twice: a bit table of the shingles so far, which may say so
    /// wrongly but never misses one.
    fn may_repeat(&mut self) -> bool {
        let Some(more) = MIN_LINE_TOKENS.checked_sub(self.shingle_len) else {
            // The shingles of such a line say nothing.
            return self.tokens.len() >= 2 * MIN_LINE_TOKENS;
        };
        let needed = more + 1;
        let bits = (self.shingles.len() * SEEN_BITS_PER_SHINGLE).next_power_of_two().max(64);
        self.seen.clear();
        self.seen.resize(bits / 64, 0);
        let mut in_a_row = 0;
        for shingle in &self.shingles {
            let bit = (shingle >> 20) as usize & (bits - 1);
            let mask = 1 << (bit % 64);
            let word = &mut self.seen[bit / 64];
            in_a_row = if *word & mask == 0 { 0 } else { in_a_row + 1 };
            *word |= mask;
            if in_a_row >= needed {
                return true;
            }
        }
        false
    }
}
