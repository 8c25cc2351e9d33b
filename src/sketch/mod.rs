//! Shingles → sketches, all from one pass over a document's tokens.
//!
//! Two sketches propose candidate pairs, for two kinds of likeness:
//!
//! - a MinHash signature ([`minhash`]) estimates the Jaccard similarity of
//!   whole documents; its size is fixed. Use it where documents are alike as
//!   a whole.
//! - fingerprints ([`winnow`]) are shingles selected so that any shared run
//!   of a guaranteed length shares one; they know their place, and their
//!   number grows with the text. Use them where a part is shared.
//!
//! Neither decides anything: [`crate::verify`] compares exactly.

pub mod minhash;
pub mod winnow;

use crate::hash;
use crate::params::{MIN_LINE_TOKENS, Params};
use crate::shingle;
use crate::text::Tokenizer;

use minhash::MinHasher;
use winnow::{Fingerprint, Winnower};

/// Bits of the filter of seen shingles per shingle: at this size about one
/// document of 400 tokens in ten is looked at again without need.
const SEEN_BITS_PER_SHINGLE: usize = 32;

/// What is kept of one document after its text was read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// How many tokens it has.
    pub tokens: usize,
    /// Digest of its token sequence; equal for documents with equal tokens.
    pub digest: u128,
    /// MinHash signature of its shingle set; empty without shingles.
    pub signature: Vec<u32>,
    /// Selected shingles with their places, in order.
    pub fingerprints: Vec<Fingerprint>,
    /// Whether a line or a longer run of tokens may occur twice in it; never
    /// false where one does.
    pub may_repeat: bool,
}

/// Makes sketches, keeping its buffers from document to document.
#[derive(Debug)]
pub struct Sketcher {
    tokenizer: Tokenizer,
    hasher: MinHasher,
    winnower: Winnower,
    tokens: Vec<u64>,
    shingles: Vec<u64>,
    seen: Vec<u64>,
    shingle_len: usize,
}

impl Sketcher {
    /// Buffers for documents under these parameters.
    pub fn new(params: &Params) -> Self {
        Self {
            tokenizer: Tokenizer::new(),
            hasher: MinHasher::new(params.num_hashes),
            winnower: Winnower::new(params),
            tokens: Vec::new(),
            shingles: Vec::new(),
            seen: Vec::new(),
            shingle_len: params.shingle_len,
        }
    }

    /// Reads `text` once and returns its sketch. Time is linear in the text.
    pub fn sketch(&mut self, text: &str) -> Sketch {
        let Self { tokenizer, tokens, shingles, .. } = self;
        tokens.clear();
        shingles.clear();
        tokenizer.tokenize(text, |token| tokens.push(token.hash));
        shingle::append_shingles(tokens, self.shingle_len, shingles);
        Sketch {
            tokens: self.tokens.len(),
            digest: hash::digest(&self.tokens),
            signature: self.hasher.signature(&self.shingles),
            fingerprints: self.winnower.select(&self.tokens, &self.shingles),
            may_repeat: self.may_repeat(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketcher::new(&Params::default()).sketch(text)
    }

    fn words(range: std::ops::Range<usize>) -> String {
        range.map(|n| format!("word{n} ")).collect()
    }

    #[test]
    fn equal_tokens_give_equal_sketches() {
        let one = sketch("The ferry left Port Halven at noon, the harbour master said.");
        assert_eq!(one, sketch("the ferry left PORT HALVEN\nat noon — the harbour-master said"));
        assert_ne!(one.digest, sketch("The ferry left Port Halven at nine, the harbour master said.").digest);
    }

    #[test]
    fn a_sketcher_forgets_the_document_before() {
        let mut sketcher = Sketcher::new(&Params::default());
        sketcher.sketch(&words(0..50));
        assert_eq!(sketcher.sketch(&words(20..90)), sketch(&words(20..90)));
    }

    #[test]
    fn a_line_that_recurs_is_never_missed() {
        for shingle_len in 1..12 {
            let params = Params { shingle_len, ..Params::default() };
            for distance in [0, 1, 7, 300] {
                let text = format!("{} {} {}", words(0..6), words(1000..1000 + distance), words(0..6));
                let sketch = Sketcher::new(&params).sketch(&text);
                assert!(sketch.may_repeat, "at distance {distance}, shingles of {shingle_len}");
            }
        }
    }

    #[test]
    fn text_without_repeats_is_mostly_passed_over() {
        let flagged = (0..200).filter(|n| sketch(&words(n * 1000..n * 1000 + 400)).may_repeat).count();
        assert!(flagged < 60, "{flagged} of 200");
    }

    #[test]
    fn a_text_without_shingles_has_an_empty_signature() {
        let short = sketch("one two three four");
        assert_eq!((short.tokens, short.signature.len(), short.fingerprints.len()), (4, 0, 0));
    }
}
