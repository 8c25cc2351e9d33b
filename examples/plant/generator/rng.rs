//! Seeded draws that stay the same on every machine and in every version:
//! splitmix64, whole numbers only, a stream of its own for every task.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// A stream of draws.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream for one task. Streams of other tasks do not shift it, so
    /// that adding a kind leaves the draws of the other kinds as they are.
    pub(crate) fn new(seed: u64, task: &str, index: usize) -> Self {
        let keyed = xxh3_64_with_seed(task.as_bytes(), seed);
        Self(xxh3_64_with_seed(&(index as u64).to_le_bytes(), keyed))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not 0. The bias of multiply-shift is
    /// below 2^-32 for any limit a text reaches.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        debug_assert!(limit > 0, "there is no number below 0");
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in `percent` of 100 draws.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `count` different numbers below `limit`, sorted; all of them if there
    /// are fewer.
    pub(crate) fn sample(&mut self, limit: usize, count: usize) -> Vec<usize> {
        let count = count.min(limit);
        let mut numbers: Vec<usize> = (0..limit).collect();
        for place in 0..count {
            numbers.swap(place, self.between(place, limit - 1));
        }
        numbers.truncate(count);
        numbers.sort_unstable();
        numbers
    }
}

/// A document id that tells neither kind nor order: 12 hexadecimal digits.
pub(crate) fn id(seed: u64, kind: &str, index: usize) -> String {
    let key = format!("id {seed} {kind} {index}");
    format!("{:012x}", xxh3_64(key.as_bytes()) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_pinned_and_samples_are_sorted_and_distinct() {
        let mut rng = Rng::new(1, "cut60", 0);
        let drawn: Vec<usize> = (0..8).map(|_| rng.below(100)).collect();
        assert_eq!(drawn, PINNED);
        let sample = rng.sample(50, 20);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]) && sample.len() == 20);
        assert_eq!(rng.sample(3, 9), [0, 1, 2]);
    }

    const PINNED: [usize; 8] = [61, 96, 35, 51, 11, 59, 1, 68];
}
