//! Tokens → shingles: a hash for every window of `shingle_len` tokens.
//!
//! The hash of a window is a polynomial in its token hashes, modulo 2^64, so
//! that the next window costs two multiplications whatever its length; a
//! final xxh3 mix spreads the result over all bits. Time O(1) a token, space
//! O(`shingle_len`). Hashing the joined words gives the same sets and reads
//! every word `shingle_len` times.

use crate::hash;

/// Multiplier of the polynomial: odd, so that multiplying loses no bits, and
/// with bits set throughout (2^64 divided by the golden ratio).
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Rolls a window over a stream of token hashes.
#[derive(Clone, Debug)]
pub struct Shingler {
    window: Vec<u64>,
    /// Where the oldest token of the window stands.
    oldest: usize,
    filled: usize,
    rolled: u64,
    /// `MULTIPLIER` to the power of the window's length.
    leaving: u64,
}

impl Shingler {
    /// A window of `shingle_len` tokens, which is at least 1.
    pub fn new(shingle_len: usize) -> Self {
        let leaving = (0..shingle_len).fold(1u64, |power, _| power.wrapping_mul(MULTIPLIER));
        Self { window: vec![0; shingle_len.max(1)], oldest: 0, filled: 0, rolled: 0, leaving }
    }

    /// Forgets the tokens seen, for the next document.
    pub fn reset(&mut self) {
        self.window.fill(0);
        (self.oldest, self.filled, self.rolled) = (0, 0, 0);
    }

    /// Takes the next token; returns the shingle that ends with it, once
    /// there are enough tokens.
    #[inline]
    pub fn push(&mut self, token: u64) -> Option<u64> {
        let left = std::mem::replace(&mut self.window[self.oldest], token);
        self.oldest += 1;
        if self.oldest == self.window.len() {
            self.oldest = 0;
        }
        self.rolled = (self.rolled.wrapping_mul(MULTIPLIER))
            .wrapping_add(token)
            .wrapping_sub(left.wrapping_mul(self.leaving));
        if self.filled + 1 < self.window.len() {
            self.filled += 1;
            return None;
        }
        Some(hash::shingle(self.rolled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shingles(tokens: &[u64], shingle_len: usize) -> Vec<u64> {
        let mut shingler = Shingler::new(shingle_len);
        tokens.iter().filter_map(|&token| shingler.push(token)).collect()
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

    #[test]
    fn reset_forgets_the_last_document() {
        let mut shingler = Shingler::new(2);
        shingler.push(5);
        shingler.push(6);
        shingler.reset();
        assert_eq!(shingler.push(1), None);
        assert_eq!(shingler.push(2), shingles(&[1, 2], 2).pop());
    }
}
