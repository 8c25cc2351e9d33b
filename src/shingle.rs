//! Tokens → shingles: a hash for every window of `shingle_len` tokens.
//!
//! The hash of a window is a polynomial in its token hashes, modulo 2^64, so
//! that the next window costs two multiplications whatever its length; a
//! final xxh3 mix spreads the result over all bits. Time O(1) a token, in a
//! loop of its own over the token hashes. Hashing the joined words gives the
//! same sets and reads every word `shingle_len` times.

use crate::hash;

/// Multiplier of the polynomial: odd, so that multiplying loses no bits, and
/// with bits set throughout (2^64 divided by the golden ratio).
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Appends the shingles of a document's tokens, in order: one for every
/// `shingle_len` tokens in a row, which is at least 1.
pub fn append_shingles(tokens: &[u64], shingle_len: usize, shingles: &mut Vec<u64>) {
    let push = |rolled: u64, token: u64| rolled.wrapping_mul(MULTIPLIER).wrapping_add(token);
    let Some((first, rest)) = tokens.split_at_checked(shingle_len) else { return };
    let leaving = (0..shingle_len).fold(1u64, |power, _| power.wrapping_mul(MULTIPLIER));
    let mut rolled = first.iter().fold(0, |rolled, token| push(rolled, *token));
    shingles.push(hash::shingle(rolled));
    shingles.extend(rest.iter().zip(tokens).map(|(token, left)| {
        rolled = push(rolled, *token).wrapping_sub(left.wrapping_mul(leaving));
        hash::shingle(rolled)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn order_and_content_of_the_window_matter() {
        let one = shingles(&[1, 2, 3], 3);
        assert_ne!(one, shingles(&[3, 2, 1], 3));
        assert_ne!(one, shingles(&[1, 2, 4], 3));
        assert_eq!(shingles(&[1, 2], 3), Vec::<u64>::new());
    }
}
