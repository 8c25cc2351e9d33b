//! Sketches → candidate pairs.
//!
//! Three joins propose pairs: [`bands`] finds documents that are alike as a
//! whole, [`postings`] those that share a passage, [`aligned`] those of which
//! only small parts are left unchanged, but many in the same order. All go
//! through their keys in parts that fit a cache, and sort what is left when those
//! that stand alone are put aside. They are linear in hot buckets without hiding
//! anything: a bucket of up to [`ALL_PAIRS_BUCKET`] documents proposes every
//! pair in it (where more than [`LONE_BUCKET`] have a fingerprint, if enough
//! others say so too), a larger one a star around one of them, so that each
//! still meets one that shares the key, and of a fingerprint its surroundings. No
//! key is ignored for being frequent.
//! What the first two propose in very large families is thinned out ([`family`]).
//!
//! Candidates are hints: what they propose is compared exactly, and what
//! several propose is compared once.

pub mod aligned;
#[cfg(feature = "index")]
pub(crate) mod alone;
pub mod bands;
pub mod family;
mod join;
#[cfg(any(feature = "arrow", feature = "index"))]
pub(crate) mod likeness;
pub mod postings;

use rayon::slice::ParallelSliceMut;

use crate::document::DocId;
use crate::limits::PairLimits;
use crate::params::{Level, Params};
use crate::sketch::Sketches;
use crate::sketch::columns::Parts;

/// Documents in a bucket up to which all its pairs are proposed; beyond, a
/// star. The same size up to which a component lists all pairs, so that a bucket
/// is never the reason why one is missing.
pub const ALL_PAIRS_BUCKET: usize = 100;

/// Places of a fingerprint up to which it alone may propose every pair that
/// has it. Beyond, pairs outside of its star need others that say so too. What is
/// found at an overlap of a half or more is the same as with 100 but for 2 of 908
/// pairs in Reuters (`ARCHITECTURE.md`).
pub const LONE_BUCKET: usize = 8;

/// A pair of documents to be compared; the lower number comes first.
pub type CandidatePair = (DocId, DocId);

/// The candidate pairs among `documents`, sorted, each once. The
/// documents are named in ascending order; others are left out.
pub fn candidate_pairs(documents: &[DocId], sketches: &Sketches, params: &Params) -> Vec<CandidatePair> {
    limited_pairs(documents, sketches, params, &PairLimits::default())
}

/// The same, and, where limits leave out pairs, further ones that they allow:
/// in a large bucket each document has one, if any of the bucket can be its
/// partner. Those that the limits do not allow are in the list too.
pub fn limited_pairs(
    documents: &[DocId],
    sketches: &Sketches,
    params: &Params,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    let alike = || alike_pairs(documents, sketches, params, limits);
    let edited = || edited_pairs(documents, sketches, limits);
    let (mut pairs, edited) = match params.level {
        Level::Documents => (alike(), Vec::new()),
        Level::Passages => one_beside_the_other(sketches, alike, edited),
    };
    pairs.extend(edited);
    sort_and_dedup(&mut pairs);
    pairs
}

/// Two joins at the same time, so that what one does alone is no time in which
/// nothing else is done; one after the other where memory is counted.
fn one_beside_the_other<A: Send, B: Send>(
    sketches: &Sketches,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    match sketches.are_held() {
        true => rayon::join(one, other),
        false => (one(), other()),
    }
}

/// The pairs that are alike as a whole, or share a passage.
fn alike_pairs(
    documents: &[DocId],
    sketches: &Sketches,
    params: &Params,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    let similar = || bands::similar_pairs(documents, sketches, params, limits);
    let sharing = || postings::sharing_pairs(documents, sketches, params, limits);
    let (similar, sharing) = match params.level {
        Level::Documents => (similar(), Vec::new()),
        Level::Passages => one_beside_the_other(sketches, similar, sharing),
    };
    let thin = |similar: Vec<CandidatePair>, sharing: &[CandidatePair]| {
        let least_agreeing = bands::least_agreeing(sketches.packing(), params, params.min_jaccard);
        family::thinned(similar, sharing, sketches, least_agreeing)
    };
    let mut pairs = Vec::new();
    if limits.are_set() {
        // What a large family keeps may all be of one side.
        let allowed = |pairs: &[CandidatePair]| -> Vec<CandidatePair> {
            pairs.iter().copied().filter(|&pair| limits.allow(pair)).collect()
        };
        pairs = thin(allowed(&similar), &allowed(&sharing));
    }
    pairs.extend(thin(similar, &sharing));
    pairs
}

/// Triples of one passage: between those of a copy, words are dropped and
/// inserted, seldom more than so many; how far it goes on does not matter.
pub(crate) const TRIPLES: aligned::Kind = aligned::Kind { band: 16, span: u16::MAX };

/// Grams of letters of one passage: in two hundred words, misreading inserts
/// and drops fewer letters than so many. Long pages share so many grams by
/// chance that those farther apart say nothing together.
pub(crate) const LETTERS: aligned::Kind = aligned::Kind { band: 32, span: 1024 };

/// Pairs that share triples of words in the same order.
fn edited_pairs(documents: &[DocId], sketches: &Sketches, limits: &PairLimits) -> Vec<CandidatePair> {
    aligned::aligned_pairs(&sketches.triples(), &is_named(documents, sketches.len()), TRIPLES, limits)
}

/// Adds the pairs that share letters in the same order and have a noisy side
/// to candidates. `letters` are the sampled grams of all documents.
pub fn add_noisy_pairs(
    pairs: &mut Vec<CandidatePair>,
    documents: &[DocId],
    letters: &Parts<'_>,
    is_noisy: &[bool],
    limits: &PairLimits,
) {
    let found = aligned::aligned_pairs(letters, &is_named(documents, is_noisy.len()), LETTERS, limits);
    pairs.extend(found.into_iter().filter(|(a, b)| is_noisy[a.index()] || is_noisy[b.index()]));
    sort_and_dedup(pairs);
}

fn is_named(documents: &[DocId], count: usize) -> Vec<bool> {
    let mut is_named = vec![false; count];
    documents.iter().for_each(|document| is_named[document.index()] = true);
    is_named
}

fn sort_and_dedup(pairs: &mut Vec<CandidatePair>) {
    pairs.par_sort_unstable_by_key(sort_key);
    pairs.dedup();
}

/// A pair as one number in the same order, which is compared without a branch.
fn sort_key(&(a, b): &CandidatePair) -> u64 {
    u64::from(a.as_u32()) << 32 | u64::from(b.as_u32())
}

/// All pairs of documents in ascending order.
fn all_pairs(members: &[DocId], mut propose: impl FnMut(CandidatePair)) {
    for (at, &a) in members.iter().enumerate() {
        members[at + 1..].iter().for_each(|&b| propose((a, b)));
    }
}

#[cfg(test)]
mod tests;
