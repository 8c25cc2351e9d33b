//! How often words stand in a sample of a collection.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU16, Ordering};

use rayon::prelude::*;

use super::spelling::Spelling;
use super::{JUDGED_BYTES, marks, middle};
use crate::document::DocId;
use crate::hash;
use crate::text::Tokenizer;
use crate::text::bare::Bare;

/// Bytes of text that words are counted in, about, and at most of one document; a
/// larger sample would make common errors look like words.
pub(super) const COUNTED_BYTES: usize = 4 << 20;

/// Documents that common words are taken from, at most about.
const READ_DOCUMENTS: usize = 512;

/// Bytes of counted text for a slot: of the words of a sample, so few are
/// distinct that seldom two share one, and the table stays in a cache.
const BYTES_PER_SLOT: usize = 16;

/// Times up to which a word is rare.
pub(super) const RARE: u16 = 2;

/// Times from which a word is common.
pub(super) const COMMON: u16 = 32;

/// Times from which a word is known, where so many bytes are counted that hardly a
/// word of a document in the language of most is rare.
const KNOWN: u16 = 8;

/// These bytes: in a small collection one story in a few outlets makes its words
/// known, and most of another text is rare.
const KNOWN_BYTES: usize = 1 << 20;

/// Counts stop here: large enough for every question, and far enough from the
/// end that threads cannot carry it over.
pub(super) const COUNTED: u16 = 1 << 15;

/// Which documents of a collection its words are counted in: the first of every
/// so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    documents: usize,
    /// The step between those that are counted.
    pub(crate) counted: usize,
    /// The same of those that common words are taken from.
    pub(crate) read: usize,
}

impl Sample {
    /// Of a collection of so many documents with so many bytes of text.
    pub(crate) fn new(documents: usize, bytes: usize) -> Self {
        let counted = bytes.div_ceil(COUNTED_BYTES).max(1);
        Self { documents, counted, read: documents.div_ceil(READ_DOCUMENTS).max(1) }
    }

    fn counted(&self) -> impl IndexedParallelIterator<Item = DocId> {
        (0..self.documents).into_par_iter().step_by(self.counted).map(DocId::new)
    }

    fn read(&self) -> impl Iterator<Item = DocId> {
        (0..self.documents).step_by(self.read).map(DocId::new)
    }
}

/// How often words stand in a sample of the documents.
pub(crate) struct Words {
    pub(super) counts: Vec<AtomicU16>,
    /// How often they have marks there, by the words without ([`marks`]).
    pub(super) marked: Vec<u8>,
    /// Spellings of the common words, whole and with each letter left out.
    pub(super) near_common: Spellings,
    /// The same of other known words.
    pub(super) near_known: Spellings,
}

pub(super) type Spellings = HashSet<u64, hash::AsTheyAre>;

/// The text of a document of the sample.
pub(crate) type TextOf<'t> = &'t (dyn Fn(DocId) -> Cow<'t, str> + Sync);

impl Words {
    /// Counts the words of the documents in the sample.
    pub(crate) fn new(sample: &Sample, text_of: TextOf<'_>) -> Self {
        let bytes: usize = sample.counted().map(|id| text_of(id).len().min(COUNTED_BYTES)).sum();
        let slots = (bytes / BYTES_PER_SLOT).next_power_of_two().clamp(1 << 14, 1 << 22);
        let counts: Vec<AtomicU16> = (0..slots).map(|_| AtomicU16::new(0)).collect();
        let mut words = Self {
            counts,
            marked: Vec::new(),
            near_common: HashSet::default(),
            near_known: HashSet::default(),
        };
        let marked = marks::Count::new(slots);
        let tools = || (Tokenizer::new(), Bare::default());
        sample.counted().for_each_init(tools, |(tokenizer, bare), id| {
            let text = text_of(id);
            let text = middle(&text, COUNTED_BYTES);
            let has_marks = !text.is_ascii();
            tokenizer.tokenize(text, |token| {
                let count = &words.counts[words.slot(token.hash)];
                if count.load(Ordering::Relaxed) < COUNTED {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                if has_marks {
                    let bare = bare.hash(&text[token.start as usize..token.end as usize]);
                    bare.into_iter().for_each(|bare| marked.add(words.slot(bare)));
                }
            });
        });
        words.marked = marked.shares(&words.counts);
        words.learn_spellings(sample, text_of, if bytes < KNOWN_BYTES { COMMON } else { KNOWN });
        words
    }

    /// Takes in the spellings of the words that stand `least` times or more, and that
    /// some of the documents have.
    fn learn_spellings(&mut self, sample: &Sample, text_of: TextOf<'_>, least: u16) {
        let mut tokenizer = Tokenizer::new();
        let mut spelling = Spelling::default();
        let mut read = Spellings::default();
        let [mut near_common, mut near_known] = [Spellings::default(), Spellings::default()];
        for id in sample.read() {
            let text = text_of(id);
            let text = middle(&text, JUDGED_BYTES);
            tokenizer.tokenize(text, |token| {
                let count = self.count(token.hash);
                let is_new = count >= least && read.insert(token.hash);
                if is_new && spelling.read(&text[token.start as usize..token.end as usize], token.hash) {
                    let near = if count >= COMMON { &mut near_common } else { &mut near_known };
                    near.insert(spelling.whole());
                    near.extend(spelling.shortened());
                }
            });
        }
        (self.near_common, self.near_known) = (near_common, near_known);
    }

    pub(super) fn slot(&self, word: u64) -> usize {
        (word >> 8) as usize & (self.counts.len() - 1)
    }

    pub(super) fn count(&self, word: u64) -> u16 {
        self.counts[self.slot(word)].load(Ordering::Relaxed)
    }
}
