//! Both joins against straightforward ones that keep every value and every
//! fingerprint as it is, and buckets in a map.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::shingle;
use crate::sketch::Sketcher;
use crate::sketch::minhash::MinHasher;
use crate::sketch::winnow::{Fingerprint, Winnower, contexts_agree};
use crate::text::Tokenizer;

/// The sketches of these texts.
pub(super) fn sketch(texts: &[String]) -> Sketches {
    let params = Params::default();
    let mut sketcher = Sketcher::new(&params);
    let chunks = texts.chunks(Sketches::chunk_len(texts.len()));
    Sketches::new(&params, chunks.map(|texts| sketcher.sketch(texts.iter().map(String::as_str))).collect())
}

fn all(count: usize) -> Vec<DocId> {
    (0..count).map(DocId::new).collect()
}

/// The signature and the fingerprints of a text.
fn unpacked(text: &str) -> (Vec<u32>, Vec<Fingerprint>) {
    let params = Params::default();
    let (mut tokens, mut shingles) = (Vec::new(), Vec::new());
    Tokenizer::new().tokenize(text, |token| tokens.push(token.hash));
    shingle::append_shingles(&tokens, params.shingle_len, &mut shingles);
    let (mut signature, mut fingerprints) = (Vec::new(), Vec::new());
    MinHasher::new(params.num_hashes).sign(&shingles, &mut signature);
    Winnower::new(&params).select(&tokens, &shingles, |fingerprint| fingerprints.push(fingerprint));
    (signature, fingerprints)
}

fn bands_oracle(documents: &[DocId], signatures: &[Vec<u32>]) -> BTreeSet<CandidatePair> {
    let division = bands::Bands::new(&Params::default());
    let agreeing = |(a, b): CandidatePair| {
        let both = signatures[a.index()].iter().zip(&signatures[b.index()]);
        both.filter(|(a, b)| a == b).count()
    };
    let mut pairs = BTreeSet::new();
    for band in 0..division.bands {
        let mut buckets: BTreeMap<&[u32], Vec<DocId>> = BTreeMap::new();
        for &document in documents {
            let rows = &signatures[document.index()][band * division.rows..][..division.rows];
            buckets.entry(rows).or_default().push(document);
        }
        for members in buckets.values().filter(|members| members.len() > 1) {
            bucket_pairs(members, ALL_PAIRS_BUCKET, |pair| {
                // 0.5 less 4.5 standard errors, of 128 places.
                if agreeing(pair) >= 39 {
                    pairs.insert(pair);
                }
            });
        }
    }
    pairs
}

fn postings_oracle(documents: &[DocId], fingerprints: &[Vec<Fingerprint>]) -> BTreeSet<CandidatePair> {
    let mut buckets: BTreeMap<u64, Vec<(&Fingerprint, DocId)>> = BTreeMap::new();
    for &document in documents {
        for fingerprint in &fingerprints[document.index()] {
            buckets.entry(fingerprint.hash >> 16).or_default().push((fingerprint, document));
        }
    }
    let mut strong = BTreeSet::new();
    let mut weak: BTreeMap<CandidatePair, usize> = BTreeMap::new();
    for bucket in buckets.values() {
        if bucket.len() > LONE_BUCKET {
            for side in [|f: &Fingerprint| f.before, |f: &Fingerprint| f.behind] {
                let mut groups: BTreeMap<u8, BTreeSet<DocId>> = BTreeMap::new();
                for (fingerprint, document) in bucket {
                    groups.entry(side(fingerprint)).or_default().insert(*document);
                }
                for members in groups.into_values() {
                    bucket_pairs(&members.into_iter().collect::<Vec<_>>(), LONE_BUCKET, |pair| {
                        strong.insert(pair);
                    });
                }
            }
        }
        if bucket.len() > ALL_PAIRS_BUCKET {
            continue;
        }
        for (at, (a, one)) in bucket.iter().enumerate() {
            for (b, other) in bucket[at + 1..].iter().filter(|(_, other)| other != one) {
                let pair = (*one.min(other), *one.max(other));
                let agree = contexts_agree(a.before, b.before) || contexts_agree(a.behind, b.behind);
                if agree && bucket.len() <= LONE_BUCKET {
                    strong.insert(pair);
                } else if agree || bucket.len() <= LONE_BUCKET {
                    *weak.entry(pair).or_default() += 1;
                }
            }
        }
    }
    strong.extend(weak.into_iter().filter(|(_, count)| *count > 1).map(|(pair, _)| pair));
    strong
}

/// Compares the joins with the oracles, some documents being left out.
fn check(texts: &[String], is_named: impl Fn(usize) -> bool) -> usize {
    let documents: Vec<DocId> = (0..texts.len()).filter(|&n| is_named(n)).map(DocId::new).collect();
    let (signatures, fingerprints): (Vec<_>, Vec<_>) = texts.iter().map(|text| unpacked(text)).unzip();
    let sketches = sketch(texts);
    let params = Params::default();
    let sharing: BTreeSet<_> = postings::sharing_pairs(&documents, &sketches).into_iter().collect();
    assert_eq!(sharing, postings_oracle(&documents, &fingerprints));
    // Values agree more often when the upper bits are gone: that adds pairs,
    // and in a hot bucket members, which changes its chain.
    let similar: BTreeSet<_> = bands::similar_pairs(&documents, &sketches, &params).into_iter().collect();
    let kept: Vec<Vec<u32>> =
        signatures.iter().map(|values| values.iter().map(|value| value & 0x3ff).collect()).collect();
    assert_eq!(similar, bands_oracle(&documents, &kept));
    let exact = bands_oracle(&documents, &signatures);
    let lost = exact.difference(&similar).count();
    assert!(lost <= exact.len() / 100, "{lost} of {}", exact.len());
    let together = candidate_pairs(&documents, &sketches, &params);
    assert!(together.is_sorted());
    let mut expected: BTreeSet<_> = similar.union(&sharing).copied().collect();
    expected.extend(edited_pairs(&documents, &sketches));
    assert_eq!(together, expected.into_iter().collect::<Vec<_>>());
    together.len()
}

/// Texts of words from a few, which share much in all kinds of ways.
fn texts(vocabulary: u32) -> impl Strategy<Value = Vec<String>> {
    let piece = (0u32..6, prop::collection::vec(0..vocabulary, 1..12));
    let text = prop::collection::vec(piece, 0..12).prop_map(|pieces| {
        let sentence = |n: u32| (0..30).map(|at| format!("standing{} ", n * 17 + at)).collect::<String>();
        let piece = |(kind, words): (u32, Vec<u32>)| match kind {
            0 => sentence(words[0] % 8),
            _ => words.iter().map(|word| format!("w{word} ")).collect(),
        };
        pieces.into_iter().map(piece).collect()
    });
    prop::collection::vec(text, 2..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn joins_propose_what_maps_of_everything_do(
        texts in prop_oneof![texts(3), texts(40), texts(5000)],
        left_out in prop::collection::btree_set(0usize..60, 0..20),
    ) {
        check(&texts, |n| !left_out.contains(&n));
    }
}

#[test]
fn hot_buckets_are_joined_as_maps_of_everything_would() {
    let words = |from: usize, to: usize| -> String { (from..to).map(|n| format!("w{n} ")).collect() };
    let copies: Vec<String> =
        (0..400).map(|n| words(0, 300 + n % 7) + &words(n * 50, n * 50 + n % 50)).collect();
    let phrase: Vec<String> = (0..400)
        .map(|n| words(n * 90, n * 90 + 40) + &words(7, 22 + n % 3) + &words(n * 90 + 40, n * 90 + 80))
        .collect();
    let both: Vec<String> = copies.iter().chain(&phrase).cloned().collect();
    for texts in [&copies, &phrase, &both] {
        let proposed = check(texts, |n| n % 11 != 3);
        assert!(proposed > texts.len(), "{proposed} pairs of {} documents", texts.len());
    }
}

fn proposed(count: usize) -> Vec<CandidatePair> {
    let mut pairs = Vec::new();
    bucket_pairs(&all(count), ALL_PAIRS_BUCKET, |pair| pairs.push(pair));
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
