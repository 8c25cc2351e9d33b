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
            // 0.5 less 4.5 standard errors, of 128 places.
            let is_likely = |pair: &CandidatePair| agreeing(*pair) >= 39;
            for (at, &b) in members.iter().enumerate().skip(1) {
                let few = members.len() <= ALL_PAIRS_BUCKET;
                let partners = if few { members[..at].to_vec() } else { vec![members[0], members[at - 1]] };
                let likely = partners.into_iter().map(|a| (a, b)).filter(is_likely);
                pairs.extend(likely.take(if few { usize::MAX } else { 1 }));
            }
        }
    }
    pairs
}

fn postings_oracle(
    documents: &[DocId],
    fingerprints: &[Vec<Fingerprint>],
    tokens: &[usize],
) -> BTreeSet<CandidatePair> {
    let mut buckets: BTreeMap<u64, Vec<(&Fingerprint, DocId)>> = BTreeMap::new();
    for &document in documents {
        for fingerprint in &fingerprints[document.index()] {
            buckets.entry(fingerprint.hash >> 16).or_default().push((fingerprint, document));
        }
    }
    let mut strong = BTreeSet::new();
    let (mut few, mut many) = (BTreeMap::new(), BTreeMap::new());
    let mut stars: Vec<BTreeMap<DocId, bool>> = Vec::new();
    for bucket in buckets.values() {
        let sides = |of: &Fingerprint| [(0, of.before), (1, of.behind)];
        let mut sizes: BTreeMap<(u8, u8), usize> = BTreeMap::new();
        let places = bucket.iter().filter(|_| bucket.len() > LONE_BUCKET);
        places.clone().flat_map(|(of, _)| sides(of)).for_each(|side| *sizes.entry(side).or_default() += 1);
        let mut groups: BTreeMap<(u8, u8), BTreeMap<DocId, bool>> = BTreeMap::new();
        for (of, document) in places {
            let joined = usize::from(sizes[&sides(of)[0]] < sizes[&sides(of)[1]]);
            for (at, side) in sides(of).into_iter().enumerate() {
                *groups.entry(side).or_default().entry(*document).or_default() |= at == joined;
            }
        }
        for group in groups.into_values() {
            if group.len() > LONE_BUCKET {
                if group.values().any(|&is_joined| is_joined) && group.len() * 64 > bucket.len() {
                    stars.push(group);
                }
                continue;
            }
            let pairs = group.iter().flat_map(|one| group.iter().map(move |other| (one, other)));
            let needed = pairs.filter(|((a, one), (b, other))| a < b && (**one || **other));
            for ((a, _), (b, _)) in needed {
                if bucket.len() > ALL_PAIRS_BUCKET {
                    *few.entry((*a, *b)).or_insert(0) += 1;
                } else {
                    strong.insert((*a, *b));
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
                } else if bucket.len() <= LONE_BUCKET {
                    *few.entry(pair).or_insert(0) += 1;
                } else if agree {
                    *many.entry(pair).or_insert(0) += 1;
                }
            }
        }
    }
    strong.extend(few.iter().filter(|&(_, &count)| count > 1).map(|(&pair, _)| pair));
    // A fingerprint stands for 8.5 tokens, and a quarter of the shorter one is asked for.
    let is_enough = |pair: &CandidatePair, count: u32| {
        let shorter = tokens[pair.0.index()].min(tokens[pair.1.index()]);
        few.contains_key(pair) || count > 1 && f64::from(count) * 34.0 >= shorter as f64
    };
    strong.extend(many.iter().filter(|&(pair, &count)| is_enough(pair, count)).map(|(&pair, _)| pair));
    let mut groups_of: BTreeMap<DocId, usize> = BTreeMap::new();
    stars.iter().flat_map(BTreeMap::keys).for_each(|&document| *groups_of.entry(document).or_default() += 1);
    for star in &stars {
        let density = |document: &DocId| groups_of[document] as f64 / tokens[document.index()] as f64;
        let mut members: Vec<DocId> = star.keys().copied().collect();
        members.sort_by(|a, b| {
            let of_length = tokens[b.index()].cmp(&tokens[a.index()]);
            density(b).total_cmp(&density(a)).then(of_length).then(a.cmp(b))
        });
        let hub = members[0];
        let others: Vec<(DocId, bool)> =
            star.iter().map(|(other, is)| (*other, *is)).filter(|(other, _)| *other != hub).collect();
        let is_alone = others.iter().all(|(_, is_joined)| !is_joined);
        let joined =
            others.iter().enumerate().filter(|(at, (_, is_joined))| *is_joined || is_alone && *at == 0);
        strong.extend(joined.map(|(_, &(other, _))| (hub.min(other), hub.max(other))));
    }
    strong
}

/// Compares the joins with the oracles, some documents being left out.
fn check(texts: &[String], is_named: impl Fn(usize) -> bool) -> usize {
    let documents: Vec<DocId> = (0..texts.len()).filter(|&n| is_named(n)).map(DocId::new).collect();
    let (signatures, fingerprints): (Vec<_>, Vec<_>) = texts.iter().map(|text| unpacked(text)).unzip();
    let sketches = sketch(texts);
    let params = Params::default();
    let sharing: BTreeSet<_> =
        postings::sharing_pairs(&documents, &sketches, &params, &PairLimits::default()).into_iter().collect();
    let tokens: Vec<usize> = (0..texts.len()).map(|n| sketches.tokens(DocId::new(n))).collect();
    assert_eq!(sharing, postings_oracle(&documents, &fingerprints, &tokens));
    // Values agree more often when the upper bits are gone: that adds pairs,
    // and in a hot bucket members, which changes its chain.
    let similar: BTreeSet<_> =
        bands::similar_pairs(&documents, &sketches, &params, &PairLimits::default()).into_iter().collect();
    let kept: Vec<Vec<u32>> =
        signatures.iter().map(|values| values.iter().map(|value| value & 0x3ff).collect()).collect();
    assert_eq!(similar, bands_oracle(&documents, &kept));
    let exact = bands_oracle(&documents, &signatures);
    let lost = exact.difference(&similar).count();
    assert!(lost <= exact.len() / 100, "{lost} of {}", exact.len());
    let together = candidate_pairs(&documents, &sketches, &params);
    assert!(together.is_sorted());
    let least_agreeing = bands::least_agreeing(sketches.packing(), &params, params.min_jaccard);
    let sharing: Vec<CandidatePair> = sharing.into_iter().collect();
    let thinned = family::thinned(similar.iter().copied().collect(), &sharing, &sketches, least_agreeing);
    let mut expected: BTreeSet<_> = thinned.into_iter().collect();
    expected.extend(edited_pairs(&documents, &sketches, &PairLimits::default()));
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
        .map(|n| words(n * 90, n * 90 + 40) + &words(7, 28 + n % 3) + &words(n * 90 + 40, n * 90 + 80))
        .collect();
    let both: Vec<String> = copies.iter().chain(&phrase).cloned().collect();
    for texts in [&copies, &phrase, &both] {
        let proposed = check(texts, |n| n % 11 != 3);
        // A star needs one pair less than it has documents.
        let named = (0..texts.len()).filter(|n| n % 11 != 3).count();
        assert!(proposed + 2 >= named, "{proposed} pairs of {named} documents");
    }
}

#[test]
fn small_buckets_propose_every_pair_and_large_ones_a_linear_number() {
    let copies = |count: usize| -> Vec<String> {
        (0..count)
            .map(|n| (0..300).map(|word| format!("w{word} ")).collect::<String>() + &format!("x{n}"))
            .collect()
    };
    let pairs =
        |count: usize| candidate_pairs(&all(count), &sketch(&copies(count)), &Params::default()).len();
    assert_eq!(pairs(ALL_PAIRS_BUCKET), ALL_PAIRS_BUCKET * (ALL_PAIRS_BUCKET - 1) / 2);
    let many = pairs(2000);
    assert!((1999..8 * 2000).contains(&many), "{many}");
}
