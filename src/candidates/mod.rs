//! Sketches → candidate pairs.
//!
//! Two joins propose pairs: [`bands`] finds documents that are alike as a
//! whole, [`postings`] those that share a passage. Both go through their keys
//! in parts that fit a cache, and sort what is left when those that stand
//! alone are put aside. Both are linear in hot buckets without hiding
//! anything: a bucket of up to [`ALL_PAIRS_BUCKET`] documents proposes every
//! pair in it (where more than `LONE_BUCKET` have a fingerprint, if another
//! one says so too), a larger one a chain through its documents and a star
//! around the first, so that each still meets one that shares the key. No key
//! is ignored for being frequent.
//!
//! Candidates are hints: what they propose is compared exactly, and what they
//! both propose is compared once.

pub mod bands;
mod join;
pub mod postings;

use rayon::slice::ParallelSliceMut;

use crate::document::DocId;
use crate::params::{Level, Params};
use crate::sketch::Sketches;

/// Documents in a bucket up to which all its pairs are proposed; beyond, a
/// chain and a star. The same size up to which a component lists all pairs,
/// so that a bucket is never the reason why one is missing.
pub const ALL_PAIRS_BUCKET: usize = 100;

/// Places of a fingerprint up to which it alone may propose every pair that
/// has it. Beyond, pairs outside its chain and star need a second one. With 8
/// instead of 100, 20news has 55,709 candidates instead of 79,342 and Reuters
/// 12,925 instead of 30,647, and what is found at an overlap of a half or more
/// stays the same (`benches/README.md`).
const LONE_BUCKET: usize = 8;

/// A pair of documents to be compared; the lower number comes first.
pub type CandidatePair = (DocId, DocId);

/// The candidate pairs among `documents`, sorted, each once. The
/// documents are named in ascending order; others are left out.
pub fn candidate_pairs(documents: &[DocId], sketches: &Sketches, params: &Params) -> Vec<CandidatePair> {
    let mut pairs = bands::similar_pairs(documents, sketches, params);
    if params.level == Level::Passages {
        pairs.extend(postings::sharing_pairs(documents, sketches));
    }
    sort_and_dedup(&mut pairs);
    pairs
}

fn sort_and_dedup(pairs: &mut Vec<CandidatePair>) {
    pairs.par_sort_unstable_by_key(sort_key);
    pairs.dedup();
}

/// A pair as one number in the same order, which is compared without a branch.
fn sort_key(&(a, b): &CandidatePair) -> u64 {
    u64::from(a.as_u32()) << 32 | u64::from(b.as_u32())
}

/// The pairs that a bucket proposes, `members` being in ascending order: all
/// up to `all_pairs` members, else a chain and a star.
fn bucket_pairs(members: &[DocId], all_pairs: usize, mut propose: impl FnMut(CandidatePair)) {
    if members.len() <= all_pairs {
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
mod tests;
