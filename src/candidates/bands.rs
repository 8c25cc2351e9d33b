//! LSH bands: documents whose signatures agree in a whole band.
//!
//! A signature is cut into `bands` bands of `rows` values; two documents of
//! Jaccard similarity `j` share a band with probability
//! `1 - (1 - j^rows)^bands` ([`Bands`] chooses the division; Leskovec,
//! Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).
//!
//! Each band is joined on its own, and bands in parallel. Its 32-bit keys are
//! sorted into parts by their upper bits, so that a part and its table of
//! counts fit into the nearest cache; there the keys that stand alone are put
//! aside and the rest is sorted (`join.rs`). Time O(n) a band as long as most
//! keys stand alone, space 4 bytes a document and band at hand and 24 a document
//! and thread at most. A hash map of the keys takes a cache miss for each and ten
//! times as long.
//!
//! Proposed pairs whose signatures suggest a similarity far below the
//! threshold are dropped here, before any text is touched. That takes with it
//! the pairs that share a key by chance: of 32 bits, or by the bits that
//! packing took away.

use rayon::prelude::*;

use super::join::Slots;
use super::{ALL_PAIRS_BUCKET, CandidatePair, all_pairs, sort_and_dedup};
use crate::document::DocId;
use crate::hash;
use crate::limits::PairLimits;
use crate::params::{Level, Params};
use crate::sketch::Sketches;
pub use crate::sketch::signature::{Bands, RECALL_AT_THRESHOLD};
use crate::sketch::signature::{Packing, Place};

/// Keys in a part: 8 KiB of them and 4 KiB of counts, half of the smallest
/// nearest cache in use.
const KEYS_IN_PART: usize = 1024;

/// Most bits that number a part: beyond, the ends of the parts no longer fit
/// into the second cache.
const MAX_PART_BITS: u32 = 14;

/// Bands, at least, whose keys are held at the same time: signatures are read
/// once for all of them, which is most of the time where they exceed the
/// caches, but every band takes 4 bytes a document.
const BANDS_AT_ONCE: usize = 7;

/// The same where memory is scarce.
const FEW_BANDS_AT_ONCE: usize = 4;

/// Documents whose keys one task makes.
const DOCUMENTS_AT_ONCE: usize = 4096;

/// Pairs, beside as many as there are, that may be kept again before they are
/// sorted: 512 KiB.
const PAIRS_KEPT_TWICE: usize = 1 << 16;

/// Pairs that a thread remembers, at most: 8 MiB.
const MOST_JUDGED: usize = 1 << 20;

/// Spreads the numbers of two documents over the upper bits of a word: odd, with
/// bits set throughout.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many standard errors an estimate may lie below the threshold before
/// its pair is dropped: 4.5 loses one true pair in 290,000.
const ESTIMATE_MARGIN: f64 = 4.5;

/// Pairs that share a band and whose signatures do not speak against it;
/// in no particular order, possibly repeated.
pub fn similar_pairs(
    documents: &[DocId],
    sketches: &Sketches,
    params: &Params,
    limits: &PairLimits,
) -> Vec<CandidatePair> {
    if documents.len() < 2 {
        return Vec::new();
    }
    let join = BandJoin {
        documents,
        sketches,
        params,
        limits,
        least_agreeing: least_agreeing(sketches.packing(), params, params.min_jaccard),
    };
    let division = Bands::new(params);
    let rows: Vec<Place> =
        (0..division.bands * division.rows).map(|number| sketches.packing().place(number)).collect();
    let threads = rayon::current_num_threads();
    let mut parts = vec![Parts::of(documents.len()); threads];
    let mut keys = Vec::new();
    let mut found = Vec::new();
    let mut distinct = 0;
    let at_once = if sketches.are_held() { BANDS_AT_ONCE } else { FEW_BANDS_AT_ONCE };
    // So that all threads have as many.
    let at_once = at_once.next_multiple_of(threads);
    for rows in rows.chunks(division.rows * at_once) {
        let bands: Vec<&[Place]> = rows.chunks(division.rows).collect();
        join.fill_keys(&bands, &mut keys);
        let of_thread = |(first, parts): (usize, &mut Parts)| -> Vec<CandidatePair> {
            let own = (first..bands.len()).step_by(threads);
            own.flat_map(|band| join.pairs(keys.iter().skip(band).step_by(bands.len()), parts)).collect()
        };
        let more: Vec<Vec<CandidatePair>> = parts.par_iter_mut().enumerate().map(of_thread).collect();
        more.into_iter().for_each(|more| found.extend(more));
        // Bands often propose the same.
        if found.len() > 2 * distinct + PAIRS_KEPT_TWICE {
            sort_and_dedup(&mut found);
            distinct = found.len();
        }
    }
    found
}

/// The keys of a signature, as the bands of these parameters have them.
#[cfg(feature = "arrow")]
#[derive(Debug)]
pub(crate) struct Keys {
    rows: Vec<Place>,
    rows_a_band: usize,
}

#[cfg(feature = "arrow")]
impl Keys {
    /// For signatures made under these parameters.
    pub(crate) fn new(params: &Params) -> Self {
        let Bands { bands, rows } = Bands::new(params);
        let packing = Packing::new(params);
        Self { rows: (0..bands * rows).map(|number| packing.place(number)).collect(), rows_a_band: rows }
    }

    /// One key for each band, with the number of the band above.
    pub(crate) fn of(&self, signature: &[u64]) -> impl Iterator<Item = u64> {
        let bands = (0u64..).zip(self.rows.chunks(self.rows_a_band));
        bands.map(|(band, rows)| {
            band << u32::BITS | u64::from(hash::band(rows.iter().map(|place| place.value(signature))))
        })
    }
}

/// The pairs of a bucket, given in ascending order: all up to
/// [`ALL_PAIRS_BUCKET`] members; beyond, each with the first, or else, where the
/// signatures speak against that, the second pair: with the one before it.
#[inline]
pub(crate) fn propose(members: &[DocId], mut pair: impl FnMut(CandidatePair, Option<CandidatePair>)) {
    if members.len() <= ALL_PAIRS_BUCKET {
        return all_pairs(members, |all| pair(all, None));
    }
    for link in members.windows(2) {
        pair((members[0], link[1]), Some((link[0], link[1])));
    }
}

/// In how many places a pair of this similarity hardly ever fails to agree.
pub(super) fn least_agreeing(packing: Packing, params: &Params, jaccard: f64) -> usize {
    let share = packing.expected_share(jaccard);
    let error = (share * (1.0 - share) / params.num_hashes as f64).sqrt();
    ((share - ESTIMATE_MARGIN * error).max(0.0) * params.num_hashes as f64).ceil() as usize
}

/// What every band is joined with.
struct BandJoin<'s> {
    documents: &'s [DocId],
    sketches: &'s Sketches,
    params: &'s Params,
    limits: &'s PairLimits,
    /// Places in which the signatures of near duplicates agree.
    least_agreeing: usize,
}

/// The keys of one band, in parts; kept from band to band.
#[derive(Clone)]
struct Parts {
    /// Each key above its document, part by part.
    entries: Vec<u64>,
    /// Where each part ends.
    ends: Vec<usize>,
    judged: Judged,
}

impl Parts {
    /// Room for so many documents.
    fn of(documents: usize) -> Self {
        Self { entries: Vec::with_capacity(documents), ends: Vec::new(), judged: Judged::of(documents) }
    }

    /// Sorts the keys of documents into parts by their upper `bits`.
    fn fill<'k>(&mut self, documents: &[DocId], bits: u32, keys: impl Iterator<Item = &'k u32> + Clone) {
        let Self { entries, ends, .. } = self;
        let part = |key: u32| (u64::from(key) >> (u32::BITS - bits)) as usize;
        // Sizes, one place on; then starts, which become ends.
        ends.clear();
        ends.resize((1 << bits) + 1, 0);
        keys.clone().for_each(|&key| ends[part(key) + 1] += 1);
        (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
        entries.resize(documents.len(), 0);
        for (&key, document) in keys.zip(documents) {
            let place = &mut ends[part(key)];
            entries[*place] = u64::from(key) << 32 | u64::from(document.as_u32());
            *place += 1;
        }
        ends.truncate(1 << bits);
    }
}

impl BandJoin<'_> {
    /// The keys of some bands, document by document.
    fn fill_keys(&self, bands: &[&[Place]], keys: &mut Vec<u32>) {
        keys.resize(self.documents.len() * bands.len(), 0);
        let fill = |(documents, keys): (&[DocId], &mut [u32])| {
            let mut of_documents = keys.chunks_exact_mut(bands.len());
            self.sketches.each_signature(documents, |words| {
                for (key, rows) in of_documents.next().into_iter().flatten().zip(bands) {
                    *key = hash::band(rows.iter().map(|place| place.value(words)));
                }
            });
        };
        let of_documents = keys.par_chunks_mut(DOCUMENTS_AT_ONCE * bands.len());
        self.documents.par_chunks(DOCUMENTS_AT_ONCE).zip(of_documents).for_each(fill);
    }

    /// The pairs that the band with these keys, one for each document,
    /// proposes.
    fn pairs<'k>(
        &self,
        keys: impl Iterator<Item = &'k u32> + Clone,
        parts: &mut Parts,
    ) -> Vec<CandidatePair> {
        let part_bits = (self.documents.len() / KEYS_IN_PART).next_power_of_two().ilog2().min(MAX_PART_BITS);
        parts.fill(self.documents, part_bits, keys);
        let (mut slots, mut shared, mut members) = (Slots::default(), Vec::<u64>::new(), Vec::new());
        let mut pairs = Vec::new();
        let mut start = 0;
        for &end in &parts.ends {
            let part = &parts.entries[start..end];
            start = end;
            let key = |entry: u64| entry << part_bits >> (u32::BITS + part_bits);
            slots.reset(part.len(), u32::BITS - part_bits);
            part.iter().for_each(|&entry| slots.add(key(entry)));
            shared.clear();
            shared.extend(part.iter().filter(|&&entry| slots.may_recur(key(entry))));
            shared.sort_unstable();
            for bucket in shared.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
                members.clear();
                members.extend(bucket.iter().map(|&entry| DocId::from(entry as u32)));
                self.bucket_pairs(&members, &mut parts.judged, &mut pairs);
            }
        }
        pairs
    }

    /// The likely pairs of a bucket, in ascending order, but for some of those that
    /// an earlier one had.
    fn bucket_pairs(&self, members: &[DocId], judged: &mut Judged, pairs: &mut Vec<CandidatePair>) {
        let mut take = |pair: CandidatePair| {
            let known = judged.of_pair(pair);
            let is_likely = known.unwrap_or_else(|| self.is_likely(pair));
            if known.is_none() {
                judged.remember(pair, is_likely);
                pairs.extend(is_likely.then_some(pair));
            }
            is_likely
        };
        propose(members, |pair, other| {
            _ = take(pair) || other.is_some_and(&mut take);
        });
        if members.len() > ALL_PAIRS_BUCKET {
            self.limits.links(members).into_iter().for_each(|pair| _ = take(pair));
        }
    }

    /// Whether the signatures allow that a pair is what is looked for: near
    /// duplicates, and, where no fingerprints find them, a document inside a
    /// longer one.
    fn is_likely(&self, pair: CandidatePair) -> bool {
        let (a, b) = (self.sketches.signature(pair.0), self.sketches.signature(pair.1));
        let agreeing = self.sketches.packing().agreeing(&a, &b);
        agreeing >= self.least_agreeing
            || self.params.level == Level::Documents && agreeing >= self.least_agreeing_of_contained(pair)
    }

    fn least_agreeing_of_contained(&self, (a, b): CandidatePair) -> usize {
        let tokens = [self.sketches.tokens(a), self.sketches.tokens(b)];
        least_agreeing(self.sketches.packing(), self.params, jaccard_of_contained(self.params, tokens))
    }
}

/// What was said of the last pairs that fell into each slot: documents that are
/// alike share many bands, and to look at two signatures again is to wait for memory.
#[derive(Clone)]
struct Judged {
    /// The lower number above the higher one if the pair is likely, the other way
    /// round if not; nothing is zero.
    slots: Vec<u64>,
}

impl Judged {
    /// One slot or two a document, as most documents are in few pairs.
    fn of(documents: usize) -> Self {
        Self { slots: vec![0; documents.next_power_of_two().clamp(2, MOST_JUDGED)] }
    }

    fn words((a, b): CandidatePair) -> [u64; 2] {
        let (a, b) = (u64::from(a.as_u32()), u64::from(b.as_u32()));
        [a << u32::BITS | b, b << u32::BITS | a]
    }

    fn slot(&self, word: u64) -> usize {
        (word.wrapping_mul(SPREAD) >> (u64::BITS - self.slots.len().ilog2())) as usize
    }

    /// Whether a pair is likely, if that is remembered.
    fn of_pair(&self, pair: CandidatePair) -> Option<bool> {
        let [likely, unlikely] = Self::words(pair);
        let found = self.slots[self.slot(likely)];
        (found == likely || found == unlikely).then_some(found == likely)
    }

    fn remember(&mut self, pair: CandidatePair, is_likely: bool) {
        let [likely, unlikely] = Self::words(pair);
        let slot = self.slot(likely);
        self.slots[slot] = if is_likely { likely } else { unlikely };
    }
}

/// The Jaccard similarity of two documents with so many tokens of which the
/// longer contains the shorter as far as the threshold asks.
pub(super) fn jaccard_of_contained(params: &Params, [a, b]: [usize; 2]) -> f64 {
    let (a, b) = (a as f64, b as f64);
    let shared = params.min_containment * a.min(b);
    shared / (a + b - shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::tests::sketch;

    #[test]
    fn alike_documents_are_proposed_and_unlike_ones_are_not() {
        let words = |from: usize, to: usize| -> String { (from..to).map(|n| format!("w{n} ")).collect() };
        let sketches = sketch(&[words(0, 200), words(20, 220), words(500, 700), words(150, 350)]);
        let documents: Vec<DocId> = (0..4).map(DocId::new).collect();
        let mut pairs = similar_pairs(&documents, &sketches, &Params::default(), &PairLimits::default());
        pairs.dedup();
        assert_eq!(pairs, [(DocId::new(0), DocId::new(1))]);
    }

    #[test]
    fn what_is_remembered_of_a_pair_is_what_was_said_of_it() {
        let mut judged = Judged::of(3);
        let pair = |a: usize, b: usize| (DocId::new(a), DocId::new(b));
        let pairs: Vec<CandidatePair> = (0..30).flat_map(|a| (a + 1..30).map(move |b| pair(a, b))).collect();
        assert!(pairs.iter().all(|&pair| judged.of_pair(pair).is_none()));
        let is_likely = |(a, b): CandidatePair| (a.index() * b.index()).is_multiple_of(3);
        for &pair in &pairs {
            judged.remember(pair, is_likely(pair));
            assert_eq!(judged.of_pair(pair), Some(is_likely(pair)));
            let known = pairs.iter().filter_map(|&pair| Some((pair, judged.of_pair(pair)?)));
            assert!(known.clone().all(|(pair, said)| said == is_likely(pair)));
            assert!(known.count() <= 4);
        }
    }

    #[test]
    fn one_document_and_none_give_no_pair() {
        let sketches = sketch(&["one two three four five six".into()]);
        for documents in [&[][..], &[DocId::new(0)]] {
            assert_eq!(similar_pairs(documents, &sketches, &Params::default(), &PairLimits::default()), []);
        }
    }

    #[test]
    fn a_pair_at_the_threshold_agrees_in_enough_places() {
        for (num_hashes, min_jaccard, least) in [(128, 0.5, 39), (128, 0.9, 100), (4, 0.1, 0), (1, 1.0, 1)] {
            let params = Params { num_hashes, min_jaccard, ..Params::default() };
            assert_eq!(least_agreeing(Packing::new(&params), &params, min_jaccard), least);
        }
    }
}
