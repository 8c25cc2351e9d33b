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
//! aside and the rest is sorted ([`Slots`]). Time O(n) a band as long as most
//! keys stand alone, space 12 bytes a document and running band. A hash map
//! of the keys takes a cache miss for each and ten times as long.
//!
//! Proposed pairs whose signatures suggest a similarity far below the
//! threshold are dropped here, before any text is touched. That takes with it
//! the pairs that share a key by chance: of 32 bits, or by the bits that
//! packing took away.

use rayon::prelude::*;

use super::join::Slots;
use super::{CandidatePair, add_pairs, bucket_pairs};
use crate::document::DocId;
use crate::hash;
use crate::params::Params;
use crate::sketch::Sketches;
pub use crate::sketch::signature::{Bands, RECALL_AT_THRESHOLD};

/// Keys in a part: 8 KiB of them and 4 KiB of counts, half of the smallest
/// nearest cache in use.
const KEYS_IN_PART: usize = 1024;

/// Most bits that number a part: beyond, the ends of the parts no longer fit
/// into the second cache.
const MAX_PART_BITS: u32 = 14;

/// How many standard errors an estimate may lie below the threshold before
/// its pair is dropped: 4.5 loses one true pair in 290,000.
const ESTIMATE_MARGIN: f64 = 4.5;

/// Pairs that share a band and whose signatures do not speak against it;
/// in no particular order, possibly repeated.
pub fn similar_pairs(documents: &[DocId], sketches: &Sketches, params: &Params) -> Vec<CandidatePair> {
    let join = BandJoin {
        documents,
        sketches,
        rows: Bands::new(params).rows,
        least_agreeing: least_agreeing(sketches, params),
    };
    let bands: Vec<usize> = (0..Bands::new(params).bands).collect();
    let mut found = Vec::new();
    // As many at a time as run at a time: what they find is often the same.
    for bands in bands.chunks(rayon::current_num_threads()) {
        let more: Vec<Vec<CandidatePair>> = bands.par_iter().map(|&band| join.pairs(band)).collect();
        add_pairs(&mut found, more);
    }
    found
}

/// In how many places a pair at the threshold hardly ever fails to agree.
fn least_agreeing(sketches: &Sketches, params: &Params) -> usize {
    let share = sketches.packing().expected_share(params.min_jaccard);
    let error = (share * (1.0 - share) / params.num_hashes as f64).sqrt();
    ((share - ESTIMATE_MARGIN * error).max(0.0) * params.num_hashes as f64).ceil() as usize
}

/// What every band is joined with.
struct BandJoin<'s> {
    documents: &'s [DocId],
    sketches: &'s Sketches,
    rows: usize,
    /// Places in which the signatures of a pair must agree.
    least_agreeing: usize,
}

impl BandJoin<'_> {
    /// The pairs that one band proposes.
    fn pairs(&self, band: usize) -> Vec<CandidatePair> {
        let (entries, ends) = self.parts(band);
        let mut pairs = Vec::new();
        let (mut slots, mut shared, mut members) = (Slots::default(), Vec::<u64>::new(), Vec::new());
        let part_bits = ends.len().ilog2();
        let mut start = 0;
        for end in ends {
            let part = &entries[start..end];
            start = end;
            let key = |entry: u64| entry << part_bits >> (32 + part_bits);
            slots.reset(part.len(), 32 - part_bits);
            part.iter().for_each(|&entry| slots.add(key(entry)));
            shared.clear();
            shared.extend(part.iter().filter(|&&entry| slots.may_recur(key(entry))));
            shared.sort_unstable();
            for bucket in shared.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
                members.clear();
                members.extend(bucket.iter().map(|&entry| DocId::from(entry as u32)));
                bucket_pairs(&members, |pair| {
                    if self.is_likely(pair) {
                        pairs.push(pair);
                    }
                });
            }
        }
        pairs
    }

    /// Keys with their documents, in parts by the upper bits of the key, and
    /// where each part ends.
    fn parts(&self, band: usize) -> (Vec<u64>, Vec<usize>) {
        let packing = self.sketches.packing();
        let rows = band * self.rows..(band + 1) * self.rows;
        let bits = (self.documents.len() / KEYS_IN_PART).next_power_of_two().ilog2().min(MAX_PART_BITS);
        let part = |key: u32| (u64::from(key) >> (32 - bits)) as usize;
        let mut keys = Vec::with_capacity(self.documents.len());
        let mut next = vec![0usize; (1 << bits) + 1];
        for &document in self.documents {
            let words = self.sketches.signature(document);
            let values = rows.clone().map(|place| packing.value(words, place));
            let key = hash::band(values);
            next[part(key) + 1] += 1;
            keys.push(key);
        }
        (1..next.len()).for_each(|at| next[at] += next[at - 1]);
        let mut entries = vec![0u64; keys.len()];
        for (&key, document) in keys.iter().zip(self.documents) {
            let place = &mut next[part(key)];
            entries[*place] = u64::from(key) << 32 | u64::from(document.as_u32());
            *place += 1;
        }
        next.truncate(1 << bits);
        (entries, next)
    }

    fn is_likely(&self, (a, b): CandidatePair) -> bool {
        let (a, b) = (self.sketches.signature(a), self.sketches.signature(b));
        self.sketches.packing().agreeing(a, b) >= self.least_agreeing
    }
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
        assert_eq!(
            similar_pairs(&documents, &sketches, &Params::default()),
            [(DocId::new(0), DocId::new(1))]
        );
    }

    #[test]
    fn a_pair_at_the_threshold_agrees_in_enough_places() {
        for (num_hashes, min_jaccard, least) in [(128, 0.5, 39), (128, 0.9, 100), (4, 0.1, 0), (1, 1.0, 1)] {
            let params = Params { num_hashes, min_jaccard, ..Params::default() };
            assert_eq!(least_agreeing(&Sketches::new(&params, Vec::new()), &params), least);
        }
    }
}
