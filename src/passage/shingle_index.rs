//! The shingles of one document, sorted, with a way to look one up.
//!
//! Hashes are uniform, so a counting sort by their upper bits into half as many
//! buckets as there are shingles leaves little to sort in each: O(n) to build,
//! 21 bytes a shingle, and a look-up is a bucket of a few. Most look-ups are
//! for shingles that are not there; a bit table in front answers 15 of 16 of
//! these from one word.

/// Where a shingle stands: its hash and the index of its first token.
pub type Occurrence = (u64, u32);

/// Shingles in a bucket, about.
const BUCKET_LEN: usize = 2;

/// Bits in the table of present shingles for each of them.
const PRESENT_BITS: usize = 16;

/// Shingles with their places, sorted by hash, then by place.
#[derive(Clone, Debug, Default)]
pub struct ShingleIndex {
    occurrences: Vec<Occurrence>,
    /// Where each bucket begins, and the end of the last.
    starts: Vec<u32>,
    /// By what a hash is shifted to give its bucket.
    shift: u32,
    present: Vec<u64>,
    distinct: usize,
}

impl ShingleIndex {
    /// Indexes shingles given in the order of their places.
    pub fn new(shingles: &[u64]) -> Self {
        let buckets = (shingles.len() / BUCKET_LEN).next_power_of_two().max(2);
        let shift = u64::BITS - buckets.ilog2();
        let mut starts = vec![0u32; buckets + 1];
        for shingle in shingles {
            starts[(shingle >> shift) as usize] += 1;
        }
        let mut behind = 0;
        for start in &mut starts {
            behind += *start;
            *start = behind;
        }
        // Each bucket is filled from its end, which leaves its start behind.
        let mut occurrences = vec![(0, 0); shingles.len()];
        for (place, &shingle) in shingles.iter().enumerate().rev() {
            let slot = &mut starts[(shingle >> shift) as usize];
            *slot -= 1;
            occurrences[*slot as usize] = (shingle, place as u32);
        }
        for bounds in starts.windows(2) {
            let bucket = &mut occurrences[bounds[0] as usize..bounds[1] as usize];
            if !bucket.is_sorted() {
                // Stable: equal hashes stay in the order of their places.
                bucket.sort_by_key(|occurrence| occurrence.0);
            }
        }
        let bits = (shingles.len() * PRESENT_BITS).next_power_of_two().max(64);
        let mut present = vec![0u64; bits / 64];
        for shingle in shingles {
            present[word_of(*shingle, bits)] |= 1 << (shingle % 64);
        }
        let distinct = occurrences.chunk_by(|a, b| a.0 == b.0).count();
        Self { occurrences, starts, shift, present, distinct }
    }

    /// How many different shingles there are.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// All occurrences, sorted by hash, then by place.
    pub fn occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// The occurrences of each shingle, in the order of the hashes.
    pub fn groups(&self) -> impl Iterator<Item = &[Occurrence]> {
        self.occurrences.chunk_by(|a, b| a.0 == b.0)
    }

    /// Where one shingle stands; empty if it does not.
    #[inline]
    pub fn places(&self, shingle: u64) -> &[Occurrence] {
        let bits = self.present.len() * 64;
        if self.present[word_of(shingle, bits)] & (1 << (shingle % 64)) == 0 {
            return &[];
        }
        self.find(shingle)
    }

    fn find(&self, shingle: u64) -> &[Occurrence] {
        let bucket = (shingle >> self.shift) as usize;
        let bucket = &self.occurrences[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        let start = bucket.partition_point(|occurrence| occurrence.0 < shingle);
        let len = bucket[start..].partition_point(|occurrence| occurrence.0 == shingle);
        &bucket[start..start + len]
    }
}

/// The word of a table of `bits` bits, a power of two, that a shingle's bit is in.
#[inline]
fn word_of(shingle: u64, bits: usize) -> usize {
    (shingle >> 6) as usize & (bits / 64 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_index_holds_what_a_sorted_list_holds(values in prop::collection::vec(0u64..40, 0..200)) {
            let shingles: Vec<u64> = values.iter().map(|value| hash::shingle(*value)).collect();
            let index = ShingleIndex::new(&shingles);
            let mut sorted: Vec<Occurrence> = shingles.iter().zip(0u32..).map(|(&s, place)| (s, place)).collect();
            sorted.sort_unstable();
            prop_assert_eq!(index.occurrences(), &sorted[..]);
            for value in 0..60 {
                let shingle = hash::shingle(value);
                let expected: Vec<Occurrence> = sorted.iter().copied().filter(|o| o.0 == shingle).collect();
                prop_assert_eq!(index.places(shingle), &expected[..]);
            }
        }
    }

    #[test]
    fn hashes_that_share_all_upper_bits_are_sorted_too() {
        let shingles: Vec<u64> = (0..1000).rev().collect();
        let index = ShingleIndex::new(&shingles);
        assert!(index.occurrences().is_sorted());
        assert_eq!((index.distinct(), index.places(7).len(), index.places(1000).len()), (1000, 1, 0));
    }
}
