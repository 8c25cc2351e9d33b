//! The letters of a document, ready for comparison with another's: where each
//! stands, and an index of the short runs of them.
//!
//! Made for documents that are compared with a noisy one; 33 bytes a letter,
//! O(n) to build.

use super::prepared::{Prepared, Range};
use super::shingle_index::ShingleIndex;
use crate::shingle;
use crate::text::letters;

/// Letters in a row that begin an anchor: of a text that both sides misread
/// in one character of ten, so many are left every thirty letters.
pub const ANCHOR_LETTERS: usize = 8;

/// The letters of a document.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    /// Their codes, in the order of the text.
    pub letters: Vec<u64>,
    /// Byte ranges of the characters they come from.
    places: Vec<(u32, u32)>,
    /// Where every run of [`ANCHOR_LETTERS`] stands.
    pub grams: ShingleIndex,
}

impl Letters {
    /// Reads one text.
    pub fn new(text: &str) -> Self {
        let (mut found, mut places) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
        letters::letters(text, |letter, start, end| {
            found.push(letter);
            places.push((start as u32, end as u32));
        });
        let mut grams = Vec::with_capacity(found.len());
        shingle::append_shingles(&found, ANCHOR_LETTERS, &mut grams);
        Self { letters: found, places, grams: ShingleIndex::new(grams) }
    }

    /// The tokens that lie at least half inside a range of letters.
    pub fn tokens(&self, document: &Prepared, range: Range) -> Range {
        if range.is_empty() {
            return Range::new(0, 0);
        }
        let (from, to) = (self.places[range.start].0 as usize, self.places[range.end - 1].1 as usize);
        let middle = |token: usize| usize::midpoint(document.token_start(token), document.token_end(token));
        let start = partition_point(document.len(), |token| middle(token) < from);
        let end = partition_point(document.len(), |token| middle(token) < to);
        Range::new(start, end.max(start))
    }
}

/// The first of `count` numbers for which `is_before` no longer holds.
fn partition_point(count: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;

    #[test]
    fn letters_lie_in_tokens() {
        let text = "The ma-\nyor, re signed";
        let document = Prepared::new(text, &Params::default());
        let letters = Letters::new(text);
        assert_eq!(letters.letters.len(), 16);
        let cases =
            [((0, 3), (0, 1)), ((3, 8), (1, 3)), ((0, 16), (0, 5)), ((9, 16), (3, 5)), ((5, 5), (0, 0))];
        for ((from, to), (start, end)) in cases {
            let tokens = letters.tokens(&document, Range::new(from, to));
            assert_eq!((tokens.start, tokens.end), (start, end), "{from}..{to}");
        }
    }
}
