//! Which documents were misread: texts of optical recognition.
//!
//! A misread word is nearly always a word that nobody else has and that one
//! change makes a common one. Names, numbers, code, tables and other languages
//! are rare too, but not so often a letter away from a common word. So the
//! words of [`MIN_WORD_LETTERS`] letters or more are counted over a sample of
//! the collection, and a document is noisy where the share of its words that
//! are rare, times the share of those that lie one change from a common word,
//! reaches [`NOISY_SHARE`]. Where half of the documents reach
//! [`SCANNED_SHARE`], the collection was scanned, and all of them count as
//! noisy. Nothing here knows a language; scripts without spaces have no words
//! to judge.
//!
//! One change: a word and a common one are equal when at most one letter
//! is left out of each, looked up among the common words with each letter left
//! out (symmetric deletion, Garbe 2012). Time O(1) a word of at most
//! `JUDGED_BYTES` a document; space two bytes a word slot of the sample.
//!
//! Measured on planted copies with 2, 5 and 10 per cent of the characters
//! misread, and on pages of newspapers; figures in `benches/README.md`.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU16, Ordering};

use rayon::prelude::*;

use crate::document::{Corpus, Document};
use crate::hash;
use crate::params::{Noise, Params};
use crate::text::Tokenizer;

/// Letters of a word that is judged: shorter ones are all near each other.
pub const MIN_WORD_LETTERS: usize = 5;

/// Share of misread words from which a document is noisy.
pub const NOISY_SHARE: f64 = 0.06;

/// Share that half of a scanned collection reaches: in newswire and Usenet
/// half of the documents have none.
pub const SCANNED_SHARE: f64 = 0.01;

/// Words that a document must have to be judged.
const MIN_WORDS: usize = 30;

/// Documents that words are counted in, at most about.
const COUNTED_DOCUMENTS: usize = 4096;

/// Documents that common words are taken from, at most about.
const READ_DOCUMENTS: usize = 512;

/// Bytes of a document that are looked at: some 400 words.
const JUDGED_BYTES: usize = 4096;

/// Times up to which a word is rare.
const RARE: u16 = 2;

/// Times from which a word is common.
const COMMON: u16 = 32;

/// Rare words of a document that are looked up.
const LOOKED_UP: usize = 32;

/// Rare words near common ones that a noisy document has, at least.
const MIN_NEAR: usize = 4;

/// Share of rare words below which they are not looked up.
const MIN_RARE_SHARE: f64 = 0.03;

/// Counts stop here: large enough for every question, and far enough from the
/// end that threads cannot carry it over.
const COUNTED: u16 = 1 << 15;

/// For each document whether it is noisy.
pub fn noisy_documents(corpus: &Corpus, params: &Params) -> Vec<bool> {
    let documents = corpus.documents();
    match params.noise {
        Noise::Clean => vec![false; documents.len()],
        Noise::Ocr => vec![true; documents.len()],
        Noise::Auto => judge(documents),
    }
}

fn judge(documents: &[Document]) -> Vec<bool> {
    let words = Words::new(documents);
    let share = |buffers: &mut Judge, document: &Document| buffers.misread_share(&document.text, &words);
    let shares: Vec<Option<f64>> = documents.par_iter().map_init(Judge::default, share).collect();
    let judged = shares.iter().flatten().count();
    let scanned = shares.iter().flatten().filter(|share| **share >= SCANNED_SHARE).count();
    if judged > 0 && 2 * scanned >= judged {
        return vec![true; documents.len()];
    }
    shares.iter().map(|share| share.is_some_and(|share| share >= NOISY_SHARE)).collect()
}

/// How often words stand in a sample of the documents.
struct Words {
    counts: Vec<AtomicU16>,
    /// Common words, whole and with each letter left out.
    near_common: HashSet<u64>,
}

impl Words {
    fn new(documents: &[Document]) -> Self {
        let step = documents.len().div_ceil(COUNTED_DOCUMENTS).max(1);
        let counted = || documents.par_iter().step_by(step);
        let bytes: usize = counted().map(|document| document.text.len()).sum();
        // About as many slots as bytes: few words share one.
        let slots = bytes.next_power_of_two().clamp(1 << 12, 1 << 24);
        let counts: Vec<AtomicU16> = (0..slots).map(|_| AtomicU16::new(0)).collect();
        let mut words = Self { counts, near_common: HashSet::new() };
        counted().for_each_init(Tokenizer::new, |tokenizer, document| {
            tokenizer.tokenize(&document.text, |token| {
                let count = words.slot(token.hash);
                if count.load(Ordering::Relaxed) < COUNTED {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        });
        let step = documents.len().div_ceil(READ_DOCUMENTS).max(1);
        let mut tokenizer = Tokenizer::new();
        let mut judge = Judge::default();
        let mut near_common = HashSet::new();
        for document in documents.iter().step_by(step) {
            let text = beginning(&document.text);
            tokenizer.tokenize(text, |token| {
                let is_new = words.count(token.hash) >= COMMON && !near_common.contains(&token.hash);
                if is_new && judge.read(&text[token.start as usize..token.end as usize], token.hash) {
                    near_common.insert(token.hash);
                    judge.each_shortened(|shortened| {
                        near_common.insert(shortened);
                        false
                    });
                }
            });
        }
        words.near_common = near_common;
        words
    }

    fn slot(&self, word: u64) -> &AtomicU16 {
        &self.counts[(word >> 8) as usize & (self.counts.len() - 1)]
    }

    fn count(&self, word: u64) -> u16 {
        self.slot(word).load(Ordering::Relaxed)
    }
}

/// The beginning of a text that is looked at.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(JUDGED_BYTES)]
}

/// Judges documents; keeps its buffers.
#[derive(Default)]
struct Judge {
    tokenizer: Tokenizer,
    /// A word in lower case.
    word: String,
    shortened: String,
    /// Rare words as places in the text, with their hashes.
    rare: Vec<(u32, u32, u64)>,
}

impl Judge {
    /// The share of a text's words that look misread; nothing where there are
    /// too few words.
    fn misread_share(&mut self, text: &str, words: &Words) -> Option<f64> {
        let text = beginning(text);
        let Self { tokenizer, rare, .. } = self;
        rare.clear();
        let mut count = 0;
        tokenizer.tokenize(text, |token| {
            let letters = &text[token.start as usize..token.end as usize];
            if letters.len() < MIN_WORD_LETTERS || letters.chars().count() < MIN_WORD_LETTERS {
                return;
            }
            count += 1;
            if words.count(token.hash) <= RARE {
                rare.push((token.start, token.end, token.hash));
            }
        });
        if count < MIN_WORDS {
            return None;
        }
        let rare_share = self.rare.len() as f64 / count as f64;
        if rare_share < MIN_RARE_SHARE {
            return Some(0.0);
        }
        // Those looked up are spread over the text.
        let step = self.rare.len().div_ceil(LOOKED_UP);
        let looked_up: Vec<(u32, u32, u64)> = self.rare.iter().step_by(step).copied().collect();
        let is_near = |&&(start, end, hash): &&(u32, u32, u64)| {
            self.read(&text[start as usize..end as usize], hash)
                && (words.near_common.contains(&hash)
                    || self.each_shortened(|shortened| words.near_common.contains(&shortened)))
        };
        let near = looked_up.iter().filter(is_near).count();
        let near_share = near as f64 / looked_up.len() as f64;
        Some(if near * step < MIN_NEAR { 0.0 } else { rare_share * near_share })
    }

    /// Takes a word in lower case; false if that is not how tokens are hashed,
    /// or it is too short.
    fn read(&mut self, word: &str, hash: u64) -> bool {
        self.word.clear();
        self.word.extend(word.chars().flat_map(char::to_lowercase));
        self.word.chars().count() >= MIN_WORD_LETTERS && hash::token(self.word.as_bytes()) == hash
    }

    /// Hands out the hashes of the word without one letter each, until one is
    /// answered with true.
    fn each_shortened(&mut self, mut is_it: impl FnMut(u64) -> bool) -> bool {
        let Self { word, shortened, .. } = self;
        word.char_indices().any(|(at, c)| {
            shortened.clear();
            shortened.push_str(&word[..at]);
            shortened.push_str(&word[at + c.len_utf8()..]);
            is_it(hash::token(shortened.as_bytes()))
        })
    }
}
