//! A document ready for exact comparison: its tokens, where they stand, and
//! an index of its shingles.
//!
//! Made for the documents that candidates name and dropped afterwards; about
//! 35 bytes a token, O(n) to build.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::kind::facts::Fact;
use super::kind::quoted::{self, Form};
use super::kind::spread::vocabulary::Vocabulary;
use super::letters::Letters;
use super::shingle_index::ShingleIndex;
use super::shingle_set::ShingleSet;
use crate::document::Span;
use crate::params::{Level, Params};
use crate::shingle;
use crate::text::Tokenizer;

/// Bytes of text a token, at least: tokens of English and its separators take
/// six on average, and room that is not used costs nothing for long.
const BYTES_PER_TOKEN: usize = 5;

/// Prepares documents, keeping its buffers from text to text.
#[derive(Debug)]
pub struct Preparer {
    tokenizer: Tokenizer,
    /// The tokens of a text of which the shingles alone are kept, and these.
    tokens: Vec<u64>,
    shingles: Vec<u64>,
    shingle_len: usize,
    level: Level,
}

impl Preparer {
    /// A preparer for documents under these parameters.
    pub fn new(params: &Params) -> Self {
        Self {
            tokenizer: Tokenizer::new(),
            tokens: Vec::new(),
            shingles: Vec::new(),
            shingle_len: params.shingle_len,
            level: params.level,
        }
    }

    /// Reads `text` under the parameters that its sketch was made with.
    /// Where passages are not looked for, the shingles are all that is kept.
    pub fn prepare(&mut self, text: &str) -> Prepared {
        match self.level {
            Level::Passages => self.read(text, ShingleIndex::new),
            Level::Documents => self.prepare_to_count(text),
        }
    }

    /// Reads a text that is looked through for repeats alone: nothing can be looked
    /// up in its shingles.
    pub fn prepare_for_repeats(&mut self, text: &str) -> Prepared {
        self.read(text, ShingleIndex::of_recurring)
    }

    fn read(&mut self, text: &str, index: impl FnOnce(Vec<u64>) -> ShingleIndex) -> Prepared {
        let mut tokens = Vec::with_capacity(text.len() / BYTES_PER_TOKEN);
        let mut places = Vec::with_capacity(text.len() / BYTES_PER_TOKEN);
        self.tokenizer.tokenize(text, |token| {
            tokens.push(token.hash);
            places.push((token.start, token.end));
        });
        let mut shingles = Vec::with_capacity(tokens.len());
        shingle::append_shingles(&tokens, self.shingle_len, &mut shingles);
        let (len, shingles) = (tokens.len(), index(shingles));
        Prepared { tokens, places, shingles, shingle_len: self.shingle_len, len, ..Prepared::default() }
    }

    fn prepare_to_count(&mut self, text: &str) -> Prepared {
        let Self { tokenizer, tokens, shingles, shingle_len, .. } = self;
        tokens.clear();
        shingles.clear();
        tokenizer.append_hashes(text, tokens);
        shingle::append_shingles(tokens, *shingle_len, shingles);
        let counted = Some(ShingleSet::new(shingles));
        Prepared { counted, shingle_len: *shingle_len, len: tokens.len(), ..Prepared::default() }
    }
}

/// A document's tokens and shingles.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// Token hashes in the order of the text, where passages are looked for.
    pub tokens: Vec<u64>,
    /// Byte ranges of the tokens.
    places: Vec<(u32, u32)>,
    /// Where every shingle stands, where passages are looked for.
    pub shingles: ShingleIndex,
    /// The shingles, where they are counted and nothing else is asked of them.
    pub(super) counted: Option<ShingleSet>,
    shingle_len: usize,
    len: usize,
    /// Its letters, if it is compared with a noisy document or is one.
    pub letters: Option<Box<Letters>>,
    /// Whether its text was misread.
    pub is_noisy: bool,
    /// What is quoted, once that was asked.
    quoted: OnceLock<Vec<(Range, Form)>>,
    /// What each token says, once that was asked.
    facts: OnceLock<Vec<Fact>>,
    /// Its longer words, once they were asked for.
    vocabulary: OnceLock<Vocabulary>,
}

impl Prepared {
    /// Reads one text; [`Preparer`] is for many.
    pub fn new(text: &str, params: &Params) -> Self {
        Preparer::new(params).prepare(text)
    }

    /// Tokens in a shingle.
    pub fn shingle_len(&self) -> usize {
        self.shingle_len
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many different shingles there are.
    pub fn distinct(&self) -> usize {
        self.counted.as_ref().map_or_else(|| self.shingles.distinct(), ShingleSet::len)
    }

    /// The bytes from the first to the last token of a range that is not empty.
    pub fn span(&self, range: Range) -> Span {
        Span::new(self.places[range.start].0 as usize, self.places[range.end - 1].1 as usize)
    }

    /// What `text`, the one this was made of, quotes, in order. The text is read
    /// the first time alone.
    pub fn quoted(&self, text: &str) -> &[(Range, Form)] {
        self.quoted.get_or_init(|| {
            let mut rest = self.places.as_slice();
            // They are in order, and most are short.
            let mut tokens = |bytes: &std::ops::Range<usize>| {
                rest = &rest[nearest_point(rest, |place| (place.0 as usize) < bytes.start)..];
                let first = self.places.len() - rest.len();
                let len = nearest_point(rest, |place| place.1 as usize <= bytes.end);
                Range::new(first, first + len)
            };
            let quoted = quoted::quoted(text).into_iter().map(|quoted| (tokens(&quoted.bytes), quoted.form));
            quoted.filter(|(range, _)| !range.is_empty()).collect()
        })
    }

    /// What each token says; `tell` is asked the first time alone.
    pub fn facts(&self, tell: impl FnOnce() -> Vec<Fact>) -> &[Fact] {
        self.facts.get_or_init(tell)
    }

    /// A sample of the longer words.
    pub fn vocabulary(&self) -> &Vocabulary {
        let words = || self.tokens.iter().copied().zip(self.places.iter().copied());
        self.vocabulary.get_or_init(|| Vocabulary::new(words()))
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

/// The partition point of a slice where it lies near the beginning: O(log n) in
/// its place.
fn nearest_point<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut step = 8;
    while sorted.get(step).is_some_and(&is_before) {
        step *= 2;
    }
    sorted[..sorted.len().min(step)].partition_point(is_before)
}

/// A half-open range of token indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
pub fn covered(ranges: impl Iterator<Item = Range> + Clone) -> usize {
    let (mut total, mut behind, mut last) = (0, 0, 0);
    for range in ranges.clone() {
        if range.start < last {
            let mut ranges: Vec<Range> = ranges.collect();
            ranges.sort_unstable();
            return covered(ranges.iter().copied());
        }
        total += range.end.saturating_sub(range.start.max(behind));
        behind = behind.max(range.end);
        last = range.start;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_and_tokens_know_their_places() {
        let text = "a b c d e x a b c d e";
        let prepared = Prepared::new(text, &Params::default());
        assert_eq!((prepared.len(), prepared.distinct()), (11, 6));
        let recurring: Vec<&[u32]> = prepared.shingles.recurring().collect();
        assert_eq!(recurring, [[0, 6]]);
        assert_eq!(prepared.span(Range::new(6, 11)), Span::new(12, 21));
    }

    #[test]
    fn covered_counts_shared_tokens_once() {
        let ranges = [(5, 10), (0, 3), (8, 12), (9, 11)].map(|(s, e)| Range::new(s, e));
        assert_eq!(covered(ranges.iter().copied()), 10);
        assert_eq!(covered(std::iter::empty()), 0);
    }
}
