//! A document ready for exact comparison: its tokens, where they stand, and
//! an index of its shingles.
//!
//! Made for the documents that candidates name and dropped afterwards; 32
//! bytes a token, O(n log n) to build.

use crate::document::Span;
use crate::params::Params;
use crate::shingle::Shingler;
use crate::text::Tokenizer;

/// Where a shingle stands: its hash and the index of its first token.
pub type Occurrence = (u64, u32);

/// A document's tokens and shingles.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// Token hashes in the order of the text.
    pub tokens: Vec<u64>,
    /// Byte ranges of the tokens.
    places: Vec<(u32, u32)>,
    /// Every shingle, sorted by hash, then by place.
    pub shingles: Vec<Occurrence>,
    /// How many different shingles there are.
    pub distinct_shingles: usize,
}

impl Prepared {
    /// Reads `text` under the parameters that its sketch was made with.
    pub fn new(text: &str, params: &Params) -> Self {
        let mut prepared = Self::default();
        let mut shingler = Shingler::new(params.shingle_len);
        Tokenizer::new().tokenize(text, |token| {
            prepared.tokens.push(token.hash);
            prepared.places.push((token.start, token.end));
            if let Some(shingle) = shingler.push(token.hash) {
                prepared.shingles.push((shingle, prepared.shingles.len() as u32));
            }
        });
        prepared.shingles.sort_unstable();
        prepared.distinct_shingles = prepared.shingles.chunk_by(|a, b| a.0 == b.0).count();
        prepared
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The bytes from the first to the last token of a range that is not empty.
    pub fn span(&self, range: Range) -> Span {
        Span::new(self.places[range.start].0 as usize, self.places[range.end - 1].1 as usize)
    }

    /// Where token `index` starts in the text.
    pub fn token_start(&self, index: usize) -> usize {
        self.places[index].0 as usize
    }

    /// Where token `index` ends in the text.
    pub fn token_end(&self, index: usize) -> usize {
        self.places[index].1 as usize
    }
}

/// A half-open range of token indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first token.
    pub start: usize,
    /// The token behind the last one.
    pub end: usize,
}

impl Range {
    /// The tokens `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many tokens it holds.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// How many tokens both hold.
    pub fn overlap(self, other: Self) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
}

/// How many tokens the ranges cover together.
pub fn covered(mut ranges: Vec<Range>) -> usize {
    ranges.sort_unstable();
    let (mut total, mut behind) = (0, 0);
    for range in ranges {
        total += range.end.saturating_sub(range.start.max(behind));
        behind = behind.max(range.end);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_are_sorted_and_know_their_places() {
        let text = "a b c d e x a b c d e";
        let prepared = Prepared::new(text, &Params::default());
        assert_eq!((prepared.len(), prepared.shingles.len(), prepared.distinct_shingles), (11, 7, 6));
        assert!(prepared.shingles.is_sorted());
        let twice: Vec<_> = prepared.shingles.chunk_by(|a, b| a.0 == b.0).filter(|c| c.len() == 2).collect();
        assert_eq!((twice.len(), twice[0][0].1, twice[0][1].1), (1, 0, 6));
        assert_eq!(prepared.span(Range::new(6, 11)), Span::new(12, 21));
    }

    #[test]
    fn covered_counts_shared_tokens_once() {
        let ranges = [(5, 10), (0, 3), (8, 12), (9, 11)].map(|(s, e)| Range::new(s, e));
        assert_eq!(covered(ranges.to_vec()), 10);
        assert_eq!(covered(Vec::new()), 0);
    }
}
