//! MinHash: a signature whose agreement estimates Jaccard similarity.
//!
//! For each of `num_hashes` functions the signature keeps the minimum over
//! the document's shingles; two signatures agree at a place with probability
//! J, so the share of agreeing places estimates J with standard error
//! `sqrt(J (1 - J) / num_hashes)` (Broder 1997). Time is `num_hashes` 32-bit
//! multiplications a shingle; space 4 bytes a place, until it is packed
//! ([`super::signature`]).
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
    blocks: Vec<Block>,
    num_hashes: usize,
}

impl MinHasher {
    /// The first `num_hashes` functions of the family.
    pub fn new(num_hashes: usize) -> Self {
        let block = |block: usize| {
            let parameter = |lane| hash::minhash_parameter((block * LANES + lane) as u64);
            Block {
                multipliers: std::array::from_fn(|lane| (parameter(lane) >> 32) as u32 | 1),
                offsets: std::array::from_fn(|lane| parameter(lane) as u32),
            }
        };
        Self { blocks: (0..num_hashes.div_ceil(LANES)).map(block).collect(), num_hashes }
    }

    /// Writes the signature of a set of shingles, given in any order and with
    /// any repetition, over `minima`. That of the empty set is all ones.
    pub fn sign(&self, shingles: &[u64], minima: &mut Vec<u32>) {
        minima.clear();
        self.blocks.iter().for_each(|block| minima.extend(least(block, shingles)));
        minima.truncate(self.num_hashes);
    }
}

/// Functions evaluated side by side: their minima stay in registers while
/// all shingles pass (8 vectors of 4 lanes, or 4 of 8).
const LANES: usize = 32;

/// The parameters of a few functions, each array from the start of a cache
/// line: where vectors of them cross lines, signatures take twice as long.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
struct Block {
    multipliers: [u32; LANES],
    offsets: [u32; LANES],
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn least(block: &Block, shingles: &[u64]) -> [u32; LANES] {
    let (a, b) = (&block.multipliers, &block.offsets);
    let mut lanes = [u32::MAX; LANES];
    for shingle in shingles {
        let x = (shingle >> 32) as u32;
        // By index: of a chain of iterators the compiler makes no vectors.
        for lane in 0..LANES {
            lanes[lane] = lanes[lane].min(x.wrapping_mul(a[lane]).wrapping_add(b[lane]));
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use crate::sketch::signature::Packing;

    fn set(range: std::ops::Range<u64>) -> Vec<u64> {
        range.map(|n| hash::token(&n.to_le_bytes())).collect()
    }

    fn signature(num_hashes: usize, shingles: &[u64]) -> Vec<u32> {
        let mut minima = vec![7; 3];
        MinHasher::new(num_hashes).sign(shingles, &mut minima);
        minima
    }

    #[test]
    fn signatures_are_pinned() {
        let signature = signature(128, &set(0..100));
        let golden: Vec<u32> = signature.iter().copied().step_by(40).collect();
        assert_eq!(golden, [16874735, 40846146, 32640839, 36680630]);
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        let once = set(0..50);
        let mut twice: Vec<u64> = once.iter().rev().chain(&once).copied().collect();
        twice.rotate_left(13);
        assert_eq!(signature(128, &once), signature(128, &twice));
    }

    #[test]
    fn a_longer_signature_begins_with_the_shorter_one() {
        let shingles = set(0..70);
        let long = signature(135, &shingles);
        for num_hashes in [1, 31, 32, 33, 64, 100] {
            assert_eq!(signature(num_hashes, &shingles), long[..num_hashes]);
        }
    }

    /// 40 pairs at each similarity, packed: the mean lies within four standard errors
    /// and no single estimate beyond five.
    #[test]
    fn estimates_agree_with_exact_jaccard() {
        let packing = Packing::new(&Params::default());
        let packed = |shingles: &[u64]| {
            let mut words = Vec::new();
            packing.pack(&signature(128, shingles), &mut words);
            words
        };
        for (shared, own) in [(900, 50), (500, 250), (300, 350), (100, 450), (20, 10), (30, 30)] {
            let exact = shared as f64 / (shared + 2 * own) as f64;
            let error = (exact * (1.0 - exact) / 128.0).sqrt();
            let mut sum = 0.0;
            for trial in 0..40u64 {
                let from = trial * 10_000;
                let a = set(from..from + shared + own);
                let b = [set(from..from + shared), set(from + 5000..from + 5000 + own)].concat();
                let estimate = packing.estimated_jaccard(packing.agreeing(&packed(&a), &packed(&b)));
                assert!((estimate - exact).abs() < 5.0 * error, "{estimate} for {exact}");
                sum += estimate;
            }
            let mean = sum / 40.0;
            assert!((mean - exact).abs() < 4.0 * error / 40f64.sqrt(), "mean {mean} for {exact}");
        }
    }
}
