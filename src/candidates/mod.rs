//! Sketches → candidate pairs.
//!
//! Two joins propose pairs: [`bands`] finds documents that are alike as a
//! whole, [`postings`] those that share a passage. Both group their keys by
//! sorting, and both are linear in hot buckets without hiding anything: a
//! bucket of up to [`ALL_PAIRS_BUCKET`] documents proposes every pair in it,
//! a larger one a chain through its documents and a star around the first, so
//! that each still meets one that shares the key. No key is ignored for being
//! frequent.
//!
//! Candidates are hints: what they propose is compared exactly, and what they
//! both propose is compared once.

pub mod bands;
pub mod postings;

use rayon::slice::ParallelSliceMut;

use crate::document::DocId;
use crate::params::Params;
use crate::sketch::Sketch;

/// Documents in a bucket up to which all its pairs are proposed; beyond, a
/// chain and a star. The same size up to which a component lists all pairs,
/// so that a bucket is never the reason why one is missing.
pub const ALL_PAIRS_BUCKET: usize = 100;

/// A pair of documents to be compared; the lower number comes first.
pub type CandidatePair = (DocId, DocId);

/// The candidate pairs among `documents`, sorted, each once. `sketches` is
/// indexed by `DocId`; documents that are not named are left out.
pub fn candidate_pairs(documents: &[DocId], sketches: &[Sketch], params: &Params) -> Vec<CandidatePair> {
    let mut pairs = bands::similar_pairs(documents, sketches, params);
    pairs.extend(postings::sharing_pairs(documents, sketches));
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// The pairs that a bucket proposes, `members` being in ascending order.
fn bucket_pairs(members: &[DocId], mut propose: impl FnMut(CandidatePair)) {
    if members.len() <= ALL_PAIRS_BUCKET {
        for (at, &a) in members.iter().enumerate() {
            members[at + 1..].iter().for_each(|&b| propose((a, b)));
        }
        return;
    }
    for link in members.windows(2) {
        propose((link[0], link[1]));
    }
    for &other in &members[2..] {
        propose((members[0], other));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(count: usize) -> Vec<CandidatePair> {
        let members: Vec<DocId> = (0..count).map(DocId::new).collect();
        let mut pairs = Vec::new();
        bucket_pairs(&members, |pair| pairs.push(pair));
        pairs
    }

    #[test]
    fn small_buckets_propose_every_pair_and_large_ones_a_linear_number() {
        assert_eq!(proposed(ALL_PAIRS_BUCKET).len(), ALL_PAIRS_BUCKET * (ALL_PAIRS_BUCKET - 1) / 2);
        let large = proposed(100_000);
        assert!(large.len() < 200_000, "{}", large.len());
        let chain: Vec<CandidatePair> = (1..100_000).map(|n| (DocId::new(n - 1), DocId::new(n))).collect();
        assert_eq!(large[..99_999], chain);
    }
}
