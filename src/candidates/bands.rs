//! LSH bands: documents whose signatures agree in a whole band.
//!
//! A signature is cut into `bands` bands of `rows` values; two documents of
//! Jaccard similarity `j` share a band with probability
//! `1 - (1 - j^rows)^bands`. Of the divisions that the signature allows, the
//! one with most rows is taken whose probability at the threshold is at least
//! [`RECALL_AT_THRESHOLD`]: more rows mean fewer false candidates. Each band
//! is joined on its own by sorting its keys, in parallel; time is
//! O(n log n) a band, space 16 bytes a document and
//! band held, of which there are `BANDS_AT_ONCE`.
//!
//! Proposed pairs whose signatures suggest a similarity far below the
//! threshold are dropped here, before any text is touched.

use rayon::prelude::*;

use super::{CandidatePair, bucket_pairs};
use crate::document::DocId;
use crate::hash;
use crate::params::Params;
use crate::sketch::Sketch;
use crate::sketch::minhash::estimated_jaccard;

/// Least probability with which a pair exactly at the threshold is proposed.
pub const RECALL_AT_THRESHOLD: f64 = 0.99;

/// Bands whose keys are held at the same time: a cache line of a signature
/// holds the rows of five bands of three, and 16 keep as many cores busy.
const BANDS_AT_ONCE: usize = 16;

/// How many standard errors an estimate may lie below the threshold before
/// its pair is dropped: 4.5 loses one true pair in 290,000.
const ESTIMATE_MARGIN: f64 = 4.5;

/// How a signature is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands.
    pub bands: usize,
    /// Values in a band.
    pub rows: usize,
}

impl Bands {
    /// The division for these parameters. Where no division reaches
    /// [`RECALL_AT_THRESHOLD`], bands of one row come closest.
    pub fn new(params: &Params) -> Self {
        let of_rows = |rows: usize| Self { bands: params.num_hashes / rows, rows };
        let mut reaching = (1..=params.num_hashes)
            .map(of_rows)
            .filter(|bands| bands.probability(params.min_jaccard) >= RECALL_AT_THRESHOLD);
        reaching.next_back().unwrap_or_else(|| of_rows(1))
    }

    /// Probability that two documents of this Jaccard similarity are proposed.
    pub fn probability(self, jaccard: f64) -> f64 {
        1.0 - (1.0 - jaccard.powf(self.rows as f64)).powf(self.bands as f64)
    }
}

/// Pairs that share a band and whose signatures do not speak against it;
/// in no particular order, possibly repeated.
pub fn similar_pairs(documents: &[DocId], sketches: &[Sketch], params: &Params) -> Vec<CandidatePair> {
    let division = Bands::new(params);
    let least = least_estimate(params);
    let signature = |document: DocId| sketches[document.index()].signature.as_slice();
    let join = |mut keys: Vec<(u64, DocId)>| {
        keys.sort_unstable();
        let mut pairs = Vec::new();
        let mut members = Vec::new();
        for bucket in keys.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() > 1) {
            members.clear();
            members.extend(bucket.iter().map(|&(_, document)| document));
            bucket_pairs(&members, |(a, b)| {
                if estimated_jaccard(signature(a), signature(b)) >= least {
                    pairs.push((a, b));
                }
            });
        }
        pairs
    };
    let mut found = Vec::new();
    for first in (0..division.bands).step_by(BANDS_AT_ONCE) {
        let bands = first..(first + BANDS_AT_ONCE).min(division.bands);
        // By document, so that each signature is read once for several bands.
        let mut keys = vec![Vec::with_capacity(documents.len()); bands.len()];
        for &document in documents {
            let rows = signature(document).chunks_exact(division.rows).enumerate();
            for (keys, (band, rows)) in keys.iter_mut().zip(rows.skip(bands.start)) {
                keys.push((hash::band(band as u32, rows), document));
            }
        }
        found.par_extend(keys.into_par_iter().flat_map_iter(join));
    }
    found
}

/// The estimate below which a pair at the threshold hardly ever falls.
fn least_estimate(params: &Params) -> f64 {
    let threshold = params.min_jaccard;
    threshold - ESTIMATE_MARGIN * (threshold * (1.0 - threshold) / params.num_hashes as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Sketcher;

    #[test]
    fn the_division_reaches_its_recall_with_most_rows() {
        let cases =
            [(128, 0.5, 42, 3), (128, 0.8, 21, 6), (128, 0.9, 12, 10), (16, 0.5, 16, 1), (4, 0.1, 4, 1)];
        for (num_hashes, min_jaccard, bands, rows) in cases {
            let params = Params { num_hashes, min_jaccard, ..Params::default() };
            assert_eq!(Bands::new(&params), Bands { bands, rows }, "{num_hashes} at {min_jaccard}");
        }
    }

    #[test]
    fn alike_documents_are_proposed_and_unlike_ones_are_not() {
        let params = Params::default();
        let mut sketcher = Sketcher::new(&params);
        let words = |from: usize, to: usize| -> String { (from..to).map(|n| format!("w{n} ")).collect() };
        let texts = [words(0, 200), words(20, 220), words(500, 700), words(150, 350)];
        let sketches: Vec<Sketch> = texts.iter().map(|text| sketcher.sketch(text)).collect();
        let documents: Vec<DocId> = (0..4).map(DocId::new).collect();
        let mut pairs = similar_pairs(&documents, &sketches, &params);
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs, [(DocId::new(0), DocId::new(1))]);
    }
}
