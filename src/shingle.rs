//! Tokens → shingles: a hash for every window of `shingle_len` tokens.
//!
//! The hash of a window is a polynomial in its token hashes, modulo 2^64, so
//! that the next window costs two multiplications whatever its length; a
//! final xxh3 mix spreads the result over all bits. Where a processor multiplies
//! eight numbers of 64 bits at once, short windows are made eight at a time, with a
//! multiplication for each token, as none then waits for the one before. Time O(1)
//! a token, in loops of their own over the token hashes. Hashing the joined words
//! gives the same sets and reads every word `shingle_len` times.

use multiversion::multiversion;

use crate::hash;

/// Multiplier of the polynomial: odd, so that multiplying loses no bits, and
/// with bits set throughout (2^64 divided by the golden ratio).
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Shingles that are made together: they and their tokens fit the nearest cache.
const TOGETHER: usize = 512;

/// Tokens of a shingle up to which it is cheaper to go over the tokens once for
/// each, eight shingles to an instruction, than to wait for the shingle before.
const MOST_PASSES: usize = 12;

/// Appends the shingles of a document's tokens, in order: one for every
/// `shingle_len` tokens in a row, which is at least 1.
pub fn append_shingles(tokens: &[u64], shingle_len: usize, shingles: &mut Vec<u64>) {
    let Some(more) = tokens.len().checked_sub(shingle_len) else { return };
    let start = shingles.len();
    shingles.resize(start + more + 1, 0);
    let shingles = &mut shingles[start..];
    if shingle_len <= MOST_PASSES && multiplies_together() {
        fill_by_passes(tokens, shingle_len, shingles);
    } else {
        fill_by_rolling(tokens, shingle_len, shingles);
    }
}

/// Whether this processor multiplies several numbers of 64 bits at once.
fn multiplies_together() -> bool {
    #[cfg(target_arch = "x86_64")]
    let multiplies = std::arch::is_x86_feature_detected!("avx512dq");
    #[cfg(not(target_arch = "x86_64"))]
    let multiplies = false;
    multiplies
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl"))]
fn fill_by_passes(tokens: &[u64], shingle_len: usize, shingles: &mut [u64]) {
    for (number, shingles) in shingles.chunks_mut(TOGETHER).enumerate() {
        let tokens = &tokens[number * TOGETHER..];
        shingles.copy_from_slice(&tokens[..shingles.len()]);
        for ahead in 1..shingle_len {
            let tokens = &tokens[ahead..];
            shingles.iter_mut().zip(tokens).for_each(|(shingle, token)| *shingle = pushed(*shingle, *token));
        }
        shingles.iter_mut().for_each(|shingle| *shingle = hash::shingle(*shingle));
    }
}

fn fill_by_rolling(tokens: &[u64], shingle_len: usize, shingles: &mut [u64]) {
    let leaving = (0..shingle_len).fold(1u64, |power, _| power.wrapping_mul(MULTIPLIER));
    let (before, ahead) = tokens.split_at(shingle_len - 1);
    let mut rolled = before.iter().fold(0, |rolled, token| pushed(rolled, *token));
    // Nothing leaves the first one.
    let left = std::iter::once(&0).chain(tokens);
    for ((shingle, token), left) in shingles.iter_mut().zip(ahead).zip(left) {
        rolled = pushed(rolled, *token).wrapping_sub(left.wrapping_mul(leaving));
        *shingle = hash::shingle(rolled);
    }
}

/// The polynomial with one token more.
#[inline(always)]
fn pushed(polynomial: u64, token: u64) -> u64 {
    polynomial.wrapping_mul(MULTIPLIER).wrapping_add(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shingles(tokens: &[u64], shingle_len: usize) -> Vec<u64> {
        let mut shingles = Vec::new();
        append_shingles(tokens, shingle_len, &mut shingles);
        shingles
    }

    #[test]
    fn a_window_has_one_hash_wherever_it_stands() {
        let text = [7, 1, 2, 3, 9, 1, 2, 3, 4];
        let rolled = shingles(&text, 3);
        assert_eq!(rolled.len(), 7);
        assert_eq!(rolled[1], rolled[5]);
        for (place, window) in text.windows(3).enumerate() {
            assert_eq!(shingles(window, 3), [rolled[place]]);
        }
    }

    proptest! {
        #[test]
        fn both_ways_give_the_same_shingles(
            tokens in prop::collection::vec(any::<u64>(), 1..1300),
            shingle_len in 1usize..MOST_PASSES + 2,
        ) {
            let mut rolled = vec![0; tokens.len().saturating_sub(shingle_len - 1)];
            let mut by_passes = rolled.clone();
            if !rolled.is_empty() {
                fill_by_rolling(&tokens, shingle_len, &mut rolled);
                fill_by_passes(&tokens, shingle_len, &mut by_passes);
            }
            prop_assert_eq!(&rolled, &by_passes);
            prop_assert_eq!(shingles(&tokens, shingle_len), rolled);
        }
    }

    #[test]
    fn order_and_content_of_the_window_matter() {
        let one = shingles(&[1, 2, 3], 3);
        assert_ne!(one, shingles(&[3, 2, 1], 3));
        assert_ne!(one, shingles(&[1, 2, 4], 3));
        assert_eq!(shingles(&[1, 2], 3), Vec::<u64>::new());
    }
}
