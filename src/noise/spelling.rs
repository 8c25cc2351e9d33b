//! Words letter by letter, whole and with a letter left out.

use super::MIN_WORD_LETTERS;
use crate::hash;

/// A word letter by letter; keeps its buffers.
#[derive(Default)]
pub(super) struct Spelling {
    /// The word in lower case.
    word: String,
    /// The polynomials of its first letters, by their number.
    firsts: Vec<u64>,
    letters: Vec<u64>,
}

impl Spelling {
    /// Takes a word in lower case; false if that is not how tokens are hashed,
    /// or it is too short.
    pub(super) fn read(&mut self, word: &str, hash: u64) -> bool {
        let Self { word: lower, firsts, letters } = self;
        lower.clear();
        letters.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
            letters.extend(lower.bytes().map(u64::from));
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase));
            letters.extend(lower.chars().map(u64::from));
        }
        firsts.clear();
        firsts.push(0);
        for (at, &letter) in letters.iter().enumerate() {
            firsts.push(polynomial(firsts[at], letter));
        }
        letters.len() >= MIN_WORD_LETTERS && hash::token(lower.as_bytes()) == hash
    }

    /// The spelling of the whole word.
    pub(super) fn whole(&self) -> u64 {
        hash::spelling(self.firsts[self.letters.len()])
    }

    /// The spellings of the word without one letter each, the first and the
    /// last excepted.
    pub(super) fn shortened(&self) -> impl Iterator<Item = u64> {
        let Self { firsts, letters, .. } = self;
        // What stands behind the letter that is left out, and its place value.
        let (mut behind, mut value) = (0u64, 1u64);
        (1..letters.len().saturating_sub(1)).rev().map(move |at| {
            behind = behind.wrapping_add(letters[at + 1].wrapping_mul(value));
            value = value.wrapping_mul(PLACE_VALUE);
            hash::spelling(firsts[at].wrapping_mul(value).wrapping_add(behind))
        })
    }
}

/// Place value of a letter over that of the next one: odd, with bits set
/// throughout.
const PLACE_VALUE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A polynomial with one letter more.
fn polynomial(firsts: u64, letter: u64) -> u64 {
    firsts.wrapping_mul(PLACE_VALUE).wrapping_add(letter)
}
