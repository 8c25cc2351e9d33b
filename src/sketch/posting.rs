//! Postings: the fingerprints of a chunk of documents, compact and by the
//! upper bits of their hash.
//!
//! A posting is one word: 40 bits of the shingle's hash behind
//! those that name its partition, the two context bytes, and the number of
//! its document within the chunk. With the partition 48 bits of the hash are
//! kept, enough for the hints that candidates are: among 10^9 postings a
//! given one meets a wrong partner with probability 4 in a million. The
//! position of the shingle is not: exact comparison finds it anyway. Sorting
//! into partitions takes two passes over a chunk that still lies in the
//! cache, and every chunk has its own, so that nothing is shared between
//! threads.

use super::winnow::Fingerprint;

/// Parts that postings are joined in, by the upper bits of their hash; a
/// power of two well above the number of cores of a large machine, so that
/// they even out.
pub const PARTITIONS: usize = 1 << PARTITION_BITS;

/// Upper bits of a hash that name its partition.
const PARTITION_BITS: u32 = 8;

/// Most documents in a chunk: what a posting's bits for its document can
/// number.
pub const MAX_CHUNK: usize = 1 << DOCUMENT_BITS;

/// Bits for the number of a document in its chunk.
const DOCUMENT_BITS: u32 = 8;
/// Bits of each context.
const CONTEXT_BITS: u32 = 8;
/// Bits of the hash behind those of the partition.
const HASH_BITS: u32 = u64::BITS - DOCUMENT_BITS - 2 * CONTEXT_BITS;

/// A fingerprint of a document in a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting(u64);

impl Posting {
    /// The hash behind its partition's bits, then the contexts; postings of
    /// one partition have one shingle if [`shingle`] of their keys agree.
    pub fn key(self) -> u64 {
        self.0 >> DOCUMENT_BITS
    }

    /// All of it.
    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// What [`Self::word`] gave.
    pub(super) fn of_word(word: u64) -> Self {
        Self(word)
    }

    /// Number of the document in its chunk.
    pub fn document(self) -> usize {
        (self.0 & (MAX_CHUNK as u64 - 1)) as usize
    }
}

/// A key with the bits of its partition before it: shingle, then contexts.
#[cfg(feature = "arrow")]
pub(crate) fn whole_key(partition: usize, key: u64) -> u64 {
    (partition as u64) << (u64::BITS - PARTITION_BITS) | key
}

/// The part of a key that stands for the shingle, [`SHINGLE_BITS`] wide.
pub fn shingle(key: u64) -> u64 {
    key >> (2 * CONTEXT_BITS)
}

/// The context before the shingle of a key.
pub fn before(key: u64) -> u8 {
    (key >> CONTEXT_BITS) as u8
}

/// The context behind the shingle of a key.
pub fn behind(key: u64) -> u8 {
    key as u8
}

/// The place of the shingle of a key that has one, modulo 2^16: differences
/// of places are what matters.
pub fn place(key: u64) -> u16 {
    key as u16
}

/// Bits of [`shingle`], the upper ones of which are as random as the lower.
pub const SHINGLE_BITS: u32 = HASH_BITS;

/// The postings of a chunk.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    /// By partition, in the order of the documents.
    postings: Vec<Posting>,
    /// Where each partition ends; empty where there are no postings.
    ends: Vec<u32>,
}

impl Postings {
    /// The postings of one partition, below [`PARTITIONS`].
    pub fn partition(&self, number: usize) -> &[Posting] {
        let Some(&end) = self.ends.get(number) else { return &[] };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.postings[start as usize..end as usize]
    }
}

/// Takes the fingerprints of a chunk, document by document; keeps its buffers
/// from chunk to chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct PostingsBuilder {
    partitions: Vec<u8>,
    postings: Vec<Posting>,
}

impl PostingsBuilder {
    /// Adds a fingerprint of the document with this number in the chunk.
    pub(super) fn push(&mut self, document: u8, fingerprint: &Fingerprint) {
        let contexts = u16::from(fingerprint.before) << CONTEXT_BITS | u16::from(fingerprint.behind);
        self.push_word(document, fingerprint.hash, contexts);
    }

    /// Adds a hash that has a place where fingerprints have their contexts.
    pub(super) fn push_placed(&mut self, document: u8, hash: u64, place: usize) {
        self.push_word(document, hash, place as u16);
    }

    fn push_word(&mut self, document: u8, hash: u64, beside: u16) {
        let kept = hash << PARTITION_BITS >> (u64::BITS - HASH_BITS);
        self.partitions.push((hash >> (u64::BITS - PARTITION_BITS)) as u8);
        let key = kept << (2 * CONTEXT_BITS) | u64::from(beside);
        self.postings.push(Posting(key << DOCUMENT_BITS | u64::from(document)));
    }

    /// Hands out the postings so far by partition, and forgets them.
    pub(super) fn take(&mut self) -> Postings {
        if self.postings.is_empty() {
            return Postings::default();
        }
        let mut sizes = [0usize; PARTITIONS];
        self.partitions.iter().for_each(|&partition| sizes[usize::from(partition)] += 1);
        let mut next = [0usize; PARTITIONS];
        (1..PARTITIONS).for_each(|at| next[at] = next[at - 1] + sizes[at - 1]);
        let mut postings = vec![Posting(0); self.postings.len()];
        for (&partition, &posting) in self.partitions.iter().zip(&self.postings) {
            let place = &mut next[usize::from(partition)];
            postings[*place] = posting;
            *place += 1;
        }
        self.partitions.clear();
        self.postings.clear();
        let end =
            |place: usize| u32::try_from(place).expect("256 documents have fewer than 2^32 fingerprints");
        Postings { postings, ends: next.into_iter().map(end).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn postings_keep_what_a_join_needs(
            fingerprints in prop::collection::vec((any::<u8>(), any::<u64>(), any::<u8>(), any::<u8>()), 0..400),
        ) {
            let mut builder = PostingsBuilder::default();
            for chunk in [&fingerprints[..fingerprints.len() / 3], &fingerprints] {
                for &(document, hash, before, behind) in chunk {
                    builder.push(document, &Fingerprint { hash, position: 0, before, behind });
                }
                if chunk.len() < fingerprints.len() {
                    builder.take();
                }
            }
            let postings = builder.take();
            for partition in 0..PARTITIONS {
                let expected: Vec<_> = fingerprints
                    .iter()
                    .filter(|f| (f.1 >> 56) as usize == partition)
                    .map(|f| (f.1 << 8 >> 24, f.2, f.3, usize::from(f.0)))
                    .collect();
                let kept: Vec<_> = postings
                    .partition(partition)
                    .iter()
                    .map(|p| (shingle(p.key()), before(p.key()), behind(p.key()), p.document()))
                    .collect();
                prop_assert_eq!(kept, expected);
            }
        }
    }
}
