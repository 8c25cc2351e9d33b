//! Which documents were misread: texts of optical recognition; and which are in
//! another writing than the rest, with or without accents (`marks.rs`). Their
//! words say too little, so they are compared letter by letter.
//!
//! A misread word is nearly always a word that nobody else has and that one
//! change makes a common one. Names, numbers, code, tables and other languages
//! are rare too, but not so often a letter away from a common word. So the
//! words of [`MIN_WORD_LETTERS`] letters or more are counted over a sample of
//! the collection, and the share of a document's words that look misread is
//! the share that is rare times the share of those that lie one change from a
//! common word. A document is noisy from [`NOISY_SHARE`] on, or where so many
//! words are rare that the common ones are gone and some of the rare are near
//! them, or, since a language of few documents has hardly a common word, near
//! words that are known. Where the mean over all documents reaches [`SCANNED_SHARE`], the
//! collection was scanned, and all of them count as noisy. Nothing here knows
//! a language; scripts without spaces have no words to judge.
//!
//! One change: a word and a common one are equal when at most one letter
//! inside is left out of each, looked up among the common words with each
//! letter left out (symmetric deletion, Garbe 2012). First and last letters
//! are not left out, since that is how words are inflected. Spellings are
//! polynomials in their letters, so that one without a letter is made of what
//! stands before and behind it in O(1). Time O(1) a letter, of at most
//! `JUDGED_BYTES` a document; space two bytes a slot of the sample.
//!
//! The constants rest on copies of newswire and Usenet articles with 2, 5 and
//! 10 per cent of their characters misread, and on pages of newspapers;
//! figures in `benches/README.md`.

use std::ops::Range;

use rayon::prelude::*;

use crate::collection::Collection;
use crate::document::DocId;
use crate::params::{Noise, Params};
use crate::text::Tokenizer;
use marks::Marks;
use spelling::Spelling;
use words::RARE;
pub(crate) use words::{Sample, Words};

/// Letters of a word that is judged: shorter ones are all near each other.
pub const MIN_WORD_LETTERS: usize = 5;

/// Share of misread words from which a document is noisy.
pub const NOISY_SHARE: f64 = 0.05;

/// Mean share from which a collection of 16 MiB was scanned: newspaper pages
/// have 0.011, Usenet 0.005, and 0.007 with copies of which some were misread,
/// newswire 0.001 and 0.004.
pub const SCANNED_SHARE: f64 = 0.0085;

/// Bytes of text from which the share does not depend on them any more. The fewer
/// there are, the fewer words are common, and the fewer of the misread ones are
/// seen: newspaper pages have 0.009 in 4 MB, 0.006 in one, Usenet 0.003 and 0.0025.
const MANY_BYTES: usize = 16 << 20;

/// Bytes of text below which that is not relied on: 50 pages of newspapers have no
/// more than other texts do.
const FEW_BYTES: usize = 1 << 20;

/// The share in a collection of less.
const SCANNED_SHARE_OF_FEW: f64 = 0.01;

/// Share of rare words from which a document has hardly any other: one
/// document of newswire or Usenet in a hundred, mostly code and foreign ones.
const MOSTLY_RARE: f64 = 0.45;

/// Share of its rare words near common ones from which such a document was
/// misread: code has fewer.
const MOSTLY_RARE_NEAR: f64 = 0.08;

/// Share of rare words from which hardly a word of a document is known: one
/// document in ten in languages of two per cent of a collection.
const HARDLY_KNOWN: f64 = 0.6;

/// Share of its rare words near known ones from which such a document was
/// misread. (Copies with 10 per cent of their letters misread, in sixteen
/// languages side by side: 91 of 97 are told by it and 71 without, and 12 of
/// 1,000 other documents instead of 10.)
const HARDLY_KNOWN_NEAR: f64 = 0.06;

/// Words that a document must have to be judged.
const MIN_WORDS: usize = 20;

/// Bytes in the middle of a document that are looked at: some 300 words,
/// without what stands at the head of all documents of a source.
const JUDGED_BYTES: usize = 2048;

/// Rare words of a document that are looked up.
const LOOKED_UP: usize = 64;

/// Rare words near common ones that a noisy document has, at least.
const MIN_NEAR: usize = 3;

/// Share of rare words below which they are not looked up.
const MIN_RARE_SHARE: f64 = 0.1;

/// Parts in which misread words are counted.
const PARTS_OF_A_WORD: u64 = 1 << 20;

/// Documents whose judgements are held at the same time.
const AT_ONCE: usize = 1 << 16;

/// Documents that one task reads.
const READ_AT_ONCE: usize = 32;

/// For each document whether it is noisy.
pub fn noisy_documents(corpus: Collection<'_>, params: &Params) -> Vec<bool> {
    match params.noise {
        Noise::Clean => vec![false; corpus.len()],
        Noise::Ocr => vec![true; corpus.len()],
        Noise::Auto => judge(corpus),
    }
}

fn judge(corpus: Collection<'_>) -> Vec<bool> {
    let bytes = corpus.ids().map(|id| corpus.text_len(id)).sum();
    let words = Words::new(&Sample::new(corpus.len(), bytes), &|id| corpus.text(id));
    let mut is_noisy = Vec::with_capacity(corpus.len());
    let (mut all, mut misread) = (0, 0);
    for first in (0..corpus.len()).step_by(AT_ONCE) {
        let numbers: Vec<usize> = (first..corpus.len().min(first + AT_ONCE)).step_by(READ_AT_ONCE).collect();
        let judged = |buffers: &mut Judge, &first: &usize| -> Vec<Judgement> {
            let numbers = first..corpus.len().min(first + READ_AT_ONCE);
            let stretch = corpus.stretch(numbers.clone());
            numbers.map(|number| buffers.judge(&stretch.text(DocId::new(number)), &words)).collect()
        };
        let judged: Vec<Judgement> =
            numbers.par_iter().map_init(Judge::default, judged).flatten_iter().collect();
        for judgement in judged {
            all += judgement.words;
            misread += judgement.misread;
            is_noisy.push(judgement.is_noisy);
        }
    }
    if is_scanned(all, misread, bytes) {
        is_noisy.fill(true);
    }
    is_noisy
}

/// Whether a collection of so many bytes of text was scanned, of whose words so
/// many were judged, and so many parts of a word look misread.
pub(crate) fn is_scanned(words: u64, misread: u64, bytes: usize) -> bool {
    let least = match bytes {
        ..FEW_BYTES => SCANNED_SHARE_OF_FEW,
        // Square roots, unlike powers, are the same on every platform.
        FEW_BYTES..MANY_BYTES => SCANNED_SHARE * (bytes as f64 / MANY_BYTES as f64).sqrt().sqrt(),
        _ => SCANNED_SHARE,
    };
    words > 0 && misread as f64 / PARTS_OF_A_WORD as f64 >= least * words as f64
}

/// What the words of a document look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Words judged; none where there are too few, or fewer than numbers:
    /// tables abbreviate, and the letters of two tables of one form agree.
    pub(crate) words: u64,
    /// How many look misread, in [`PARTS_OF_A_WORD`]: whole numbers have one
    /// sum in any order.
    pub(crate) misread: u64,
    /// Whether the document is noisy, whatever the collection is.
    pub(crate) is_noisy: bool,
}

/// The middle of a text, of so many bytes at most.
fn middle(text: &str, bytes: usize) -> &str {
    let from = text.floor_char_boundary(text.len().saturating_sub(bytes) / 2);
    &text[from..text.floor_char_boundary(from + bytes)]
}

/// Judges documents; keeps its buffers.
#[derive(Default)]
pub(crate) struct Judge {
    tokenizer: Tokenizer,
    marks: Marks,
    spelling: Spelling,
    /// Rare words as places in the text, with their hashes.
    rare: Vec<(u32, u32, u64)>,
}

impl Judge {
    /// Judges a text by its middle.
    pub(crate) fn judge(&mut self, text: &str, words: &Words) -> Judgement {
        let text = middle(text, JUDGED_BYTES);
        let is_otherwise_marked = self.marks.differ(text, words);
        let Self { tokenizer, rare, .. } = self;
        rare.clear();
        let (mut count, mut numbers) = (0, 0);
        tokenizer.tokenize_into(text, |form, start, end| {
            if is_number(text, start) {
                numbers += 1;
            } else if has_letters(text, start..end) {
                count += 1;
                let hash = form.hash();
                if words.count(hash) <= RARE {
                    rare.push((start as u32, end as u32, hash));
                }
            }
        });
        if count < MIN_WORDS || count < numbers {
            return Judgement { is_noisy: is_otherwise_marked, ..Judgement::default() };
        }
        let rare_share = self.rare.len() as f64 / count as f64;
        if rare_share < MIN_RARE_SHARE {
            return Judgement { words: count as u64, is_noisy: is_otherwise_marked, ..Judgement::default() };
        }
        // Those looked up are spread over the text.
        let step = self.rare.len().div_ceil(LOOKED_UP);
        let looked_up: Vec<(u32, u32, u64)> = self.rare.iter().step_by(step).copied().collect();
        let spelling = &mut self.spelling;
        let near = near_one(spelling, text, &looked_up, |spelling| words.near_common.contains(&spelling));
        let share = |near: usize| near as f64 / looked_up.len() as f64;
        let is_scattered = rare_share >= MOSTLY_RARE && share(near) >= MOSTLY_RARE_NEAR;
        let is_misread = near >= MIN_NEAR && (is_scattered || rare_share * share(near) >= NOISY_SHARE)
            || rare_share >= HARDLY_KNOWN && {
                let is_known =
                    |spelling| words.near_common.contains(&spelling) || words.near_known.contains(&spelling);
                let near = near_one(spelling, text, &looked_up, is_known);
                near >= MIN_NEAR && share(near) >= HARDLY_KNOWN_NEAR
            };
        Judgement {
            words: count as u64,
            misread: near as u64 * self.rare.len() as u64 * PARTS_OF_A_WORD / looked_up.len() as u64,
            is_noisy: is_misread || is_otherwise_marked,
        }
    }
}

/// How many of the words at these places, with these hashes, have a spelling, or
/// one without a letter, that `is_one` knows.
fn near_one(
    spelling: &mut Spelling,
    text: &str,
    places: &[(u32, u32, u64)],
    is_one: impl Fn(u64) -> bool,
) -> usize {
    let is_near = |&&(start, end, hash): &&(u32, u32, u64)| {
        spelling.read(&text[start as usize..end as usize], hash)
            && (is_one(spelling.whole()) || spelling.shortened().any(&is_one))
    };
    places.iter().filter(is_near).count()
}

/// Whether the token at `start` begins like a number.
#[inline]
fn is_number(text: &str, start: usize) -> bool {
    match text.as_bytes()[start] {
        first if first.is_ascii() => first.is_ascii_digit(),
        _ => text[start..].starts_with(char::is_numeric),
    }
}

/// Whether the word at a place has the letters to be judged.
#[inline]
fn has_letters(text: &str, place: Range<usize>) -> bool {
    let bytes = &text.as_bytes()[place.clone()];
    bytes.len() >= MIN_WORD_LETTERS
        && (bytes.is_ascii() || text[place].chars().nth(MIN_WORD_LETTERS - 1).is_some())
}

mod marks;
mod spelling;
#[cfg(feature = "arrow")]
mod stored;
#[cfg(test)]
mod tests;
mod words;
