//! Fingerprint postings: documents that share a selected shingle.
//!
//! All fingerprints of all documents are sorted by hash; each run of equal
//! hashes is a bucket. Time O(n log n) in the number of fingerprints, in
//! parallel over partitions by the hash's upper bits; space 16 bytes a
//! posting and 8 a proposed pair.
//!
//! One shared shingle alone is often a common phrase, so a pair is proposed
//! when the surroundings agree before or behind the shingle (inside a shared
//! run of [`guarantee_tokens`](crate::sketch::winnow::guarantee_tokens) or
//! more, one side always does) or when two different shingles are shared
//! (noisy copies, where edits separate the shingles). In a bucket of more
//! than [`ALL_PAIRS_BUCKET`] places, only those
//! whose surroundings agree are joined: what is common to so many and has
//! different surroundings each time is a phrase.

use rayon::prelude::*;

use super::{ALL_PAIRS_BUCKET, CandidatePair, bucket_pairs};
use crate::document::DocId;
use crate::sketch::Sketch;
use crate::sketch::winnow::contexts_agree;

/// Partitions sorted side by side; a power of two well above the number of
/// cores of a large machine, so that they even out.
const PARTITIONS: usize = 256;

/// Low bits of a hash that give way to the two context bytes. 48 bits remain,
/// enough for the hints that candidates are: among 10^9 postings a given one
/// meets a wrong partner with probability 4 in a million.
const CONTEXT_BITS: u32 = 16;

/// One fingerprint of one document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    /// The upper bits of the hash, then the context before, then behind.
    key: u64,
    document: DocId,
    position: u32,
}

impl Posting {
    fn shingle(self) -> u64 {
        self.key >> CONTEXT_BITS
    }

    fn before(self) -> u8 {
        (self.key >> 8) as u8
    }

    fn behind(self) -> u8 {
        self.key as u8
    }
}

/// Pairs that share a passage as far as fingerprints tell; in no particular
/// order, possibly repeated.
pub fn sharing_pairs(documents: &[DocId], sketches: &[Sketch]) -> Vec<CandidatePair> {
    let partitions = partition(documents, sketches);
    let found: Vec<(Vec<CandidatePair>, Vec<CandidatePair>)> =
        partitions.into_par_iter().map(join_partition).collect();
    let (strong, weak): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut pairs = strong.concat();
    let mut weak = weak.concat();
    weak.par_sort_unstable();
    pairs.extend(weak.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]));
    pairs
}

/// The postings by the upper bits of their hash, each partition sorted.
fn partition(documents: &[DocId], sketches: &[Sketch]) -> Vec<Vec<Posting>> {
    let part = |hash: u64| (hash >> (u64::BITS - PARTITIONS.ilog2())) as usize;
    let mut sizes = vec![0usize; PARTITIONS];
    for document in documents {
        for fingerprint in &sketches[document.index()].fingerprints {
            sizes[part(fingerprint.hash)] += 1;
        }
    }
    let mut partitions: Vec<Vec<Posting>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for &document in documents {
        for fingerprint in &sketches[document.index()].fingerprints {
            let context = u64::from(fingerprint.before) << 8 | u64::from(fingerprint.behind);
            let key = fingerprint.hash >> CONTEXT_BITS << CONTEXT_BITS | context;
            partitions[part(fingerprint.hash)].push(Posting {
                key,
                document,
                position: fingerprint.position,
            });
        }
    }
    partitions.par_iter_mut().for_each(|postings| postings.sort_unstable());
    partitions
}

/// The pairs of one partition: those whose surroundings agree, and those that
/// share a shingle only.
fn join_partition(postings: Vec<Posting>) -> (Vec<CandidatePair>, Vec<CandidatePair>) {
    let (mut strong, mut weak) = (Vec::new(), Vec::new());
    for bucket in postings.chunk_by(|a, b| a.shingle() == b.shingle()) {
        if bucket.len() > ALL_PAIRS_BUCKET {
            join_by_context(bucket, Posting::before, &mut strong);
            join_by_context(bucket, Posting::behind, &mut strong);
            continue;
        }
        for (at, a) in bucket.iter().enumerate() {
            for b in bucket[at + 1..].iter().filter(|b| b.document != a.document) {
                let pair = (a.document.min(b.document), a.document.max(b.document));
                let agree = contexts_agree(a.before(), b.before()) || contexts_agree(a.behind(), b.behind());
                if agree { &mut strong } else { &mut weak }.push(pair);
            }
        }
    }
    strong.sort_unstable();
    strong.dedup();
    (strong, weak)
}

/// Joins the places of a large bucket that agree on one side.
fn join_by_context(bucket: &[Posting], side: fn(Posting) -> u8, strong: &mut Vec<CandidatePair>) {
    let mut places: Vec<(u8, DocId)> = bucket.iter().map(|&p| (side(p), p.document)).collect();
    places.sort_unstable();
    places.dedup();
    let mut members = Vec::new();
    for group in places.chunk_by(|a, b| a.0 == b.0) {
        members.clear();
        members.extend(group.iter().map(|&(_, document)| document));
        bucket_pairs(&members, |pair| strong.push(pair));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use crate::sketch::Sketcher;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn pairs_of(texts: &[String]) -> Vec<(usize, usize)> {
        let mut sketcher = Sketcher::new(&Params::default());
        let sketches: Vec<Sketch> = texts.iter().map(|text| sketcher.sketch(text)).collect();
        let documents: Vec<DocId> = (0..texts.len()).map(DocId::new).collect();
        let mut pairs = sharing_pairs(&documents, &sketches);
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
