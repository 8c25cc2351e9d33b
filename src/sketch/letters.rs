//! A few letters in a row, sampled by value, with their places.
//!
//! For texts that were misread: where one character in ten is wrong, a word in
//! two is, and three words in a row are left at one place in six; eight
//! letters are left at two in five, whatever became of the spaces between
//! them. If both sides were misread so, at one in five. Single ones mean
//! nothing, as with [`super::triples`], and [`crate::candidates::aligned`]
//! says which pairs have enough of them.
//!
//! O(1) a letter; 8 bytes for one letter in eight, which is as much as the
//! text itself. So they are made only where some documents are noisy
//! ([`crate::noise`]).

use super::posting::{Postings, PostingsBuilder};
use crate::shingle;
use crate::text::letters;

/// Letters in a gram: six are common to too many texts, and of ten a third
/// fewer are left.
pub const GRAM_LETTERS: usize = 8;

/// One gram of so many is kept. A reprint of 60 words, misread at one
/// character in ten on both sides, then shares seven on average.
pub const KEPT_OF: u64 = 8;

/// The sampled grams of a few documents, at most
/// [`MAX_CHUNK`](super::posting::MAX_CHUNK).
pub fn sketch(texts: impl Iterator<Item = impl AsRef<str>>) -> Postings {
    let mut builder = PostingsBuilder::default();
    let (mut of_text, mut rolled) = (Vec::new(), Vec::new());
    for (number, text) in (0..=u8::MAX).zip(texts) {
        of_text.clear();
        rolled.clear();
        letters::letters(text.as_ref(), |letter, _, _| of_text.push(letter));
        shingle::append_shingles(&of_text, GRAM_LETTERS, &mut rolled);
        let kept = rolled.iter().enumerate().filter(|(_, gram)| **gram % KEPT_OF == 0);
        kept.for_each(|(place, &gram)| builder.push_placed(number, gram, place));
    }
    builder.take()
}
