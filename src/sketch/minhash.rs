//! MinHash: a signature whose agreement estimates Jaccard similarity.
//!
//! For each of `num_hashes` functions the signature keeps the minimum over
//! the document's shingles; two signatures agree at a place with probability
//! J, so the share of agreeing places estimates J with standard error
//! `sqrt(J (1 - J) / num_hashes)` (Broder 1997). Time is `num_hashes` 32-bit
//! multiplications a shingle, space 4 bytes a place.
//!
//! The functions are `(a * x + b) mod 2^32` over the upper half of the
//! shingle's xxh3 value, with odd `a`: bijections of a value that is random
//! already. 32-bit lanes let the compiler use whole vectors; the copies for
//! wider vectors are chosen at run time and give the same bits. One-permutation
//! hashing would be cheaper still, but fills empty bins of short documents
//! with copies and so loses accuracy where recall is hardest.

use multiversion::multiversion;

use crate::hash;

/// Computes signatures with one family of hash functions.
#[derive(Clone, Debug)]
pub struct MinHasher {
    multipliers: Vec<u32>,
    offsets: Vec<u32>,
}

impl MinHasher {
    /// The first `num_hashes` functions of the family.
    pub fn new(num_hashes: usize) -> Self {
        let parameters = (0..num_hashes as u64).map(hash::minhash_parameter);
        let (multipliers, offsets) = parameters.map(|p| ((p >> 32) as u32 | 1, p as u32)).unzip();
        Self { multipliers, offsets }
    }

    /// The signature of a set of shingles, given in any order and with any
    /// repetition; empty for the empty set.
    pub fn signature(&self, shingles: &[u64]) -> Vec<u32> {
        if shingles.is_empty() {
            return Vec::new();
        }
        let mut minima = vec![u32::MAX; self.multipliers.len()];
        update(&mut minima, &self.multipliers, &self.offsets, shingles);
        minima
    }
}

/// Functions evaluated side by side: their minima stay in registers while
/// all shingles pass (8 vectors of 4 lanes, or 4 of 8).
const LANES: usize = 32;

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn update(minima: &mut [u32], multipliers: &[u32], offsets: &[u32], shingles: &[u64]) {
    let blocks = minima.chunks_mut(LANES).zip(multipliers.chunks(LANES)).zip(offsets.chunks(LANES));
    for ((minima, multipliers), offsets) in blocks {
        let (Ok(a), Ok(b)) = (<&[u32; LANES]>::try_from(multipliers), <&[u32; LANES]>::try_from(offsets))
        else {
            for ((minimum, a), b) in minima.iter_mut().zip(multipliers).zip(offsets) {
                for shingle in shingles {
                    let x = (shingle >> 32) as u32;
                    *minimum = (*minimum).min(x.wrapping_mul(*a).wrapping_add(*b));
                }
            }
            continue;
        };
        let mut lanes = [u32::MAX; LANES];
        for shingle in shingles {
            let x = (shingle >> 32) as u32;
            for lane in 0..LANES {
                lanes[lane] = lanes[lane].min(x.wrapping_mul(a[lane]).wrapping_add(b[lane]));
            }
        }
        minima.copy_from_slice(&lanes);
    }
}

/// The Jaccard similarity that two signatures of one family suggest; their
/// lengths must agree.
pub fn estimated_jaccard(a: &[u32], b: &[u32]) -> f64 {
    debug_assert_eq!(a.len(), b.len(), "signatures of one family have one length");
    if a.is_empty() {
        return 0.0;
    }
    let agreeing = a.iter().zip(b).filter(|(x, y)| x == y).count();
    agreeing as f64 / a.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(range: std::ops::Range<u64>) -> Vec<u64> {
        range.map(|n| hash::token(&n.to_le_bytes())).collect()
    }

    #[test]
    fn signatures_are_pinned() {
        let signature = MinHasher::new(128).signature(&set(0..100));
        let golden: Vec<u32> = signature.iter().copied().step_by(40).collect();
        assert_eq!(golden, [15157351, 41299114, 26581164, 22645566]);
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        let hasher = MinHasher::new(128);
        let once = set(0..50);
        let mut twice: Vec<u64> = once.iter().rev().chain(&once).copied().collect();
        twice.rotate_left(13);
        assert_eq!(hasher.signature(&once), hasher.signature(&twice));
    }

    #[test]
    fn a_longer_signature_begins_with_the_shorter_one() {
        let shingles = set(0..70);
        let long = MinHasher::new(135).signature(&shingles);
        for num_hashes in [1, 31, 32, 33, 64, 100] {
            assert_eq!(MinHasher::new(num_hashes).signature(&shingles), long[..num_hashes]);
        }
    }

    /// 40 pairs at each similarity: the mean lies within four standard errors
    /// and no single estimate beyond five.
    #[test]
    fn estimates_agree_with_exact_jaccard() {
        let hasher = MinHasher::new(128);
        for (shared, own) in [(900, 50), (500, 250), (300, 350), (100, 450), (20, 10), (30, 30)] {
            let exact = shared as f64 / (shared + 2 * own) as f64;
            let error = (exact * (1.0 - exact) / 128.0).sqrt();
            let mut sum = 0.0;
            for trial in 0..40u64 {
                let from = trial * 10_000;
                let a = set(from..from + shared + own);
                let b = [set(from..from + shared), set(from + 5000..from + 5000 + own)].concat();
                let estimate = estimated_jaccard(&hasher.signature(&a), &hasher.signature(&b));
                assert!((estimate - exact).abs() < 5.0 * error, "{estimate} for {exact}");
                sum += estimate;
            }
            let mean = sum / 40.0;
            assert!((mean - exact).abs() < 4.0 * error / 40f64.sqrt(), "mean {mean} for {exact}");
        }
    }
}
