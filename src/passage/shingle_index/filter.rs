//! A Bloom filter of shingles, with both bits of one in one word.

/// Bits for each shingle, at least.
const BITS: usize = 16;

/// Bits of a hash that choose the two within a word.
pub(super) const BITS_OF_HASH: u32 = 12;

/// Which shingles may have been put in.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    words: Vec<u64>,
    /// By what a hash is shifted to give its word.
    shift: u32,
}

impl Filter {
    /// An empty one for so many shingles.
    pub(super) fn new(shingles: usize) -> Self {
        let words = (shingles * BITS).next_power_of_two().max(64) / 64;
        Self { shift: u64::BITS - words.ilog2().max(1), words: vec![0; words.max(2)] }
    }

    /// Whether nothing can be in it, as it was made for nothing.
    #[inline(always)]
    pub(super) fn is_none(&self) -> bool {
        self.words.is_empty()
    }

    /// Puts a shingle in; whether that, or what looks like it, is there already.
    #[inline(always)]
    pub(super) fn put(&mut self, shingle: u64) -> bool {
        let word = &mut self.words[(shingle >> self.shift) as usize];
        let is_known = *word & bits(shingle) == bits(shingle);
        *word |= bits(shingle);
        is_known
    }

    /// Whether a shingle may be there.
    #[inline(always)]
    pub(super) fn may_hold(&self, shingle: u64) -> bool {
        let word = self.words[(shingle >> self.shift) as usize];
        word & bits(shingle) == bits(shingle)
    }
}

/// The bits of a shingle in its word.
#[inline(always)]
fn bits(shingle: u64) -> u64 {
    (1 << (shingle % 64)) | (1 << ((shingle >> 6) % 64))
}
