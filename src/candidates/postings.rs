//! Fingerprint postings: documents that share a selected shingle.
//!
//! Postings come in partitions by the upper bits of their hash
//! ([`crate::sketch::posting`]), and partitions are joined in parallel. In
//! one, the shingles that stand alone are put aside (`join.rs`) and the rest
//! is sorted; each run of equal shingles is a bucket. Time O(n) in the
//! postings that stand alone and O(m log m) in the others; space 20 bytes a
//! posting of the partitions at hand, and 8 a proposed pair.
//!
//! One shared shingle alone is often a common phrase, so a pair is proposed
//! when the surroundings agree before or behind the shingle (inside a shared
//! run of [`guarantee_tokens`](crate::sketch::winnow::guarantee_tokens) or
//! more, one side always does) or when two different shingles are shared
//! (noisy copies, where edits separate the shingles).
//!
//! The more documents have a shingle, the less it says, and the more pairs
//! they would make. From more than [`LONE_BUCKET`] places on, places with the same
//! surroundings are joined as `bucket_pairs` does, by a chain and a star, so
//! that each meets others that have it; all further pairs whose surroundings
//! agree count half, so that they are proposed where two shingles say so.
//! Beyond [`ALL_PAIRS_BUCKET`] places there are no further pairs. So a story in
//! forty outlets has all its pairs, and a standing phrase of a dozen tokens,
//! from which one shingle is selected, a linear number.

use rayon::prelude::*;

use super::join::Slots;
use super::{ALL_PAIRS_BUCKET, CandidatePair, LONE_BUCKET, bucket_pairs, sort_key};
use crate::document::DocId;
use crate::sketch::Sketches;
use crate::sketch::posting::{PARTITIONS, SHINGLE_BITS, before, behind, shingle};
use crate::sketch::winnow::contexts_agree;

/// A posting that may have a partner: shingle and contexts, and its document.
type Place = (u64, DocId);

/// Pairs that share a passage as far as fingerprints tell; in no particular
/// order, possibly repeated.
pub fn sharing_pairs(documents: &[DocId], sketches: &Sketches) -> Vec<CandidatePair> {
    let mut is_named = vec![false; sketches.len()];
    documents.iter().for_each(|document| is_named[document.index()] = true);
    let join = |number: usize| join_buckets(&shared_places(number, &is_named, sketches));
    let found: Vec<(Vec<CandidatePair>, Vec<CandidatePair>)> =
        (0..PARTITIONS).into_par_iter().map(join).collect();
    let (strong, weak): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut pairs = strong.concat();
    let mut weak = weak.concat();
    weak.par_sort_unstable_by_key(sort_key);
    pairs.extend(weak.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]));
    pairs
}

/// The postings of one partition without most of those that stand alone,
/// sorted.
fn shared_places(number: usize, is_named: &[bool], sketches: &Sketches) -> Vec<Place> {
    let parts = || sketches.chunks().map(|(first, chunk)| (first, chunk.postings().partition(number)));
    let count = parts().map(|(_, postings)| postings.len()).sum();
    let mut slots = Slots::default();
    slots.reset(count, SHINGLE_BITS);
    let mut places: Vec<Place> = Vec::with_capacity(count);
    for (first, postings) in parts() {
        let of_chunk = &is_named[first..];
        for posting in postings.iter().filter(|posting| of_chunk[posting.document()]) {
            slots.add(shingle(posting.key()));
            places.push((posting.key(), DocId::new(first + posting.document())));
        }
    }
    places.retain(|&(key, _)| slots.may_recur(shingle(key)));
    places.sort_unstable_by_key(|&(key, _)| key);
    places
}

/// The pairs of one partition: those to be proposed, and those that need
/// another shingle to be.
fn join_buckets(places: &[Place]) -> (Vec<CandidatePair>, Vec<CandidatePair>) {
    let (mut strong, mut weak) = (Vec::new(), Vec::new());
    for bucket in places.chunk_by(|a, b| shingle(a.0) == shingle(b.0)) {
        if bucket.len() <= LONE_BUCKET {
            for (pair, agree) in bucket_places(bucket) {
                if agree { &mut strong } else { &mut weak }.push(pair);
            }
            continue;
        }
        join_by_context(bucket, before, &mut strong);
        join_by_context(bucket, behind, &mut strong);
        if bucket.len() <= ALL_PAIRS_BUCKET {
            weak.extend(bucket_places(bucket).filter(|&(_, agree)| agree).map(|(pair, _)| pair));
        }
    }
    strong.sort_unstable_by_key(sort_key);
    strong.dedup();
    (strong, weak)
}

/// All pairs of places in a bucket, and whether their surroundings agree on one
/// side.
fn bucket_places(bucket: &[Place]) -> impl Iterator<Item = (CandidatePair, bool)> {
    let pair = |a: &Place, b: &Place| {
        let agree = contexts_agree(before(a.0), before(b.0)) || contexts_agree(behind(a.0), behind(b.0));
        ((a.1.min(b.1), a.1.max(b.1)), agree)
    };
    bucket
        .iter()
        .enumerate()
        .flat_map(move |(at, a)| bucket[at + 1..].iter().filter(move |b| b.1 != a.1).map(move |b| pair(a, b)))
}

/// Joins the places of a large bucket that agree on one side.
fn join_by_context(bucket: &[Place], side: fn(u64) -> u8, strong: &mut Vec<CandidatePair>) {
    let mut places: Vec<(u8, DocId)> = bucket.iter().map(|&(key, document)| (side(key), document)).collect();
    places.sort_unstable();
    places.dedup();
    let mut members = Vec::new();
    for group in places.chunk_by(|a, b| a.0 == b.0) {
        members.clear();
        members.extend(group.iter().map(|&(_, document)| document));
        bucket_pairs(&members, LONE_BUCKET, |pair| strong.push(pair));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::tests::sketch;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn pairs_of(texts: &[String]) -> Vec<(usize, usize)> {
        let documents: Vec<DocId> = (0..texts.len()).map(DocId::new).collect();
        let mut pairs = sharing_pairs(&documents, &sketch(texts));
        pairs.sort_unstable();
        pairs.dedup();
        pairs.into_iter().map(|(a, b)| (a.index(), b.index())).collect()
    }

    #[test]
    fn a_passage_inside_different_documents_is_proposed() {
        let shared = words(0, 25);
        let texts = [
            format!("{} {shared} {}", words(100, 300), words(300, 400)),
            words(1000, 1200),
            format!("{} {shared}", words(2000, 2500)),
        ];
        assert_eq!(pairs_of(&texts), [(0, 2)]);
    }

    #[test]
    fn one_common_phrase_is_not_a_passage() {
        let phrase = words(0, 5);
        let texts: Vec<String> = (1..60)
            .map(|n| {
                format!(
                    "{} {phrase} {}",
                    words(n * 1000, n * 1000 + 90),
                    words(n * 1000 + 500, n * 1000 + 590)
                )
            })
            .collect();
        // The context bytes of unrelated places agree once in 128 times.
        let proposed = pairs_of(&texts).len();
        assert!(proposed < 59 * 58 / 2 / 20, "{proposed}");
    }

    #[test]
    fn a_passage_in_very_many_documents_links_all_of_them_in_linear_time() {
        let count = 3000;
        let shared = words(0, 30);
        let texts: Vec<String> =
            (0..count).map(|n| format!("{} {shared}", words(n * 100 + 100, n * 100 + 130))).collect();
        let pairs = pairs_of(&texts);
        assert!(pairs.len() < 12 * count, "{}", pairs.len());
        for n in 1..count {
            assert!(pairs.binary_search(&(n - 1, n)).is_ok(), "{n} is not linked");
        }
    }
}
