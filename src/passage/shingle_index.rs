//! The shingles of one document, sorted, with a way to look one up.
//!
//! Hashes are uniform, so a counting sort by their upper bits into half as many
//! buckets as there are shingles leaves little to sort in each: O(n) to build,
//! 17 bytes a shingle, and a look-up is a bucket of a few. Most look-ups are
//! for shingles that are not there; a bit table in front answers 15 of 16 of
//! these from one word.

/// Shingles in a bucket, about.
const BUCKET_LEN: usize = 2;

/// Bits in the table of present shingles for each of them.
const PRESENT_BITS: usize = 16;

/// Shingles with their places, sorted by hash, then by place.
#[derive(Clone, Debug, Default)]
pub struct ShingleIndex {
    hashes: Vec<u64>,
    /// For each hash the index of the shingle's first token.
    places: Vec<u32>,
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
        let mut hashes = vec![0; shingles.len()];
        let mut places = vec![0; shingles.len()];
        for (place, &shingle) in shingles.iter().enumerate().rev() {
            let slot = &mut starts[(shingle >> shift) as usize];
            *slot -= 1;
            hashes[*slot as usize] = shingle;
            places[*slot as usize] = place as u32;
        }
        for bounds in starts.windows(2) {
            let bucket = bounds[0] as usize..bounds[1] as usize;
            if !hashes[bucket.clone()].is_sorted() {
                sort_bucket(&mut hashes[bucket.clone()], &mut places[bucket]);
            }
        }
        let bits = (shingles.len() * PRESENT_BITS).next_power_of_two().max(64);
        let mut present = vec![0u64; bits / 64];
        for shingle in shingles {
            present[word_of(*shingle, bits)] |= 1 << (shingle % 64);
        }
        let distinct = hashes.chunk_by(|a, b| a == b).count();
        Self { hashes, places, starts, shift, present, distinct }
    }

    /// How many different shingles there are.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// Each shingle with its places, in the order of the hashes.
    pub fn groups(&self) -> impl Iterator<Item = (u64, &[u32])> {
        let mut at = 0;
        self.hashes.chunk_by(|a, b| a == b).map(move |group| {
            let places = &self.places[at..at + group.len()];
            at += group.len();
            (group[0], places)
        })
    }

    /// Hands each shingle that both documents have to `emit`: its places here
    /// and there.
    pub fn for_each_shared<'i>(&'i self, other: &'i Self, mut emit: impl FnMut(&'i [u32], &'i [u32])) {
        let bits = other.present.len() * 64;
        for (at, &shingle) in self.hashes.iter().enumerate() {
            let may_be_there = other.present[word_of(shingle, bits)] >> (shingle % 64) & 1 == 1;
            if !may_be_there || at > 0 && self.hashes[at - 1] == shingle {
                continue;
            }
            let there = other.find(shingle);
            if !there.is_empty() {
                let len = self.hashes[at..].iter().take_while(|&&next| next == shingle).count();
                emit(&self.places[at..at + len], there);
            }
        }
    }

    /// Where one shingle stands; empty if it does not.
    fn find(&self, shingle: u64) -> &[u32] {
        let bucket = (shingle >> self.shift) as usize;
        let (start, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let bucket = &self.hashes[start..end];
        let before = bucket.partition_point(|&hash| hash < shingle);
        let len = bucket[before..].partition_point(|&hash| hash == shingle);
        &self.places[start + before..start + before + len]
    }
}

/// Buckets up to this size are sorted by insertion; hashes would have to be
/// made on purpose to fill a larger one with different shingles.
const INSERTION_LEN: usize = 32;

/// Sorts hashes with their places; equal hashes stay in the order of places.
fn sort_bucket(hashes: &mut [u64], places: &mut [u32]) {
    if hashes.len() > INSERTION_LEN {
        let mut both: Vec<(u64, u32)> = hashes.iter().copied().zip(places.iter().copied()).collect();
        both.sort_unstable();
        for (slot, (hash, place)) in both.into_iter().enumerate() {
            (hashes[slot], places[slot]) = (hash, place);
        }
        return;
    }
    for next in 1..hashes.len() {
        let mut at = next;
        while at > 0 && hashes[at - 1] > hashes[at] {
            hashes.swap(at - 1, at);
            places.swap(at - 1, at);
            at -= 1;
        }
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

    fn sorted(shingles: &[u64]) -> Vec<(u64, u32)> {
        let mut sorted: Vec<(u64, u32)> = shingles.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        sorted
    }

    fn listed(index: &ShingleIndex) -> Vec<(u64, u32)> {
        index.groups().flat_map(|(hash, places)| places.iter().map(move |&place| (hash, place))).collect()
    }

    proptest! {
        #[test]
        fn an_index_holds_what_a_sorted_list_holds(
            values in prop::collection::vec(0u64..40, 0..200),
            others in prop::collection::vec(20u64..60, 0..200),
        ) {
            let hashed = |values: &[u64]| -> Vec<u64> { values.iter().map(|v| hash::shingle(*v)).collect() };
            let (here, there) = (hashed(&values), hashed(&others));
            let (index, other) = (ShingleIndex::new(&here), ShingleIndex::new(&there));
            prop_assert_eq!(listed(&index), sorted(&here));
            let mut found = Vec::new();
            index.for_each_shared(&other, |a, b| found.push((a.to_vec(), b.to_vec())));
            let places = |all: &[u64], shingle: u64| -> Vec<u32> {
                (0..).zip(all).filter(|(_, s)| **s == shingle).map(|(place, _)| place).collect()
            };
            let mut distinct = here.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(index.distinct(), distinct.len());
            let expected: Vec<_> = distinct
                .iter()
                .filter(|shingle| there.contains(shingle))
                .map(|&shingle| (places(&here, shingle), places(&there, shingle)))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn hashes_that_share_all_upper_bits_are_sorted_too() {
        let shingles: Vec<u64> = (0..1000).rev().collect();
        let index = ShingleIndex::new(&shingles);
        assert_eq!(listed(&index), sorted(&shingles));
        assert_eq!((index.distinct(), index.find(7), index.find(1000)), (1000, &[992][..], &[][..]));
    }
}
