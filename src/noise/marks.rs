//! Which documents have marks where others have none, or none where others
//! have them: Vietnamese or Greek from an outlet that writes plain letters,
//! vocalised Arabic.
//!
//! Of each word without its marks ([`crate::text::bare`]) the share of places
//! at which it has some is counted over the sample, so that a document can be
//! expected to have as many marked words as its words have on average; words
//! that marks tell apart (`la` and `là`) are expected in their own proportion. A
//! document is in another writing if [`DIFFERENT_SHARE`] of its words lack marks
//! beyond that, or have marks that hardly any other has. (Usual ones do not
//! count: texts of one language among many in another have them on words
//! which the other has without.) Where half of the words have marks, as in Greek
//! and Vietnamese, documents without are told as long as a quarter of the rest
//! has them. Where fewer words have any, enough whole ones are left.
//!
//! Of 9,018 manual and help pages in ten languages (1,500 characters of each,
//! marked in 0.5 to 62 of 100 words) the most extreme has a share of 0.105, 999
//! of 1,000 one below 0.08; of 2,876 pages of all these languages together, one
//! is beyond 0.125. Time O(1) a letter.

use std::sync::atomic::{AtomicU16, Ordering};

use super::words::{COUNTED, RARE, Words};
use super::{MIN_WORDS, is_number};
use crate::text::Tokenizer;
use crate::text::bare::Bare;

/// Share of a document's words by which those with marks are more or fewer
/// than expected in another writing.
const DIFFERENT_SHARE: f64 = 0.125;

/// One marked word of so many makes marks worth asking for.
const MARKED_OF: u64 = 1024;

/// Places of a word that say something of it.
const MIN_PLACES: u16 = 2;

/// All places of a word, as shares are kept.
const ALL: i64 = 254;

/// Counts marked words.
pub(super) struct Count {
    marked: Vec<AtomicU16>,
}

impl Count {
    pub(super) fn new(slots: usize) -> Self {
        Self { marked: (0..slots).map(|_| AtomicU16::new(0)).collect() }
    }

    /// A marked word, by the slot of the bare one.
    pub(super) fn add(&self, slot: usize) {
        if self.marked[slot].load(Ordering::Relaxed) < COUNTED {
            self.marked[slot].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The share of marked places of each slot, in 254ths, and 1 at least
    /// where there are any; nothing where hardly a word has marks. `bare` has
    /// the counts of words as they are.
    pub(super) fn shares(&self, bare: &[AtomicU16]) -> Vec<u8> {
        let read = |count: &AtomicU16| count.load(Ordering::Relaxed).min(COUNTED);
        let sum = |counts: &[AtomicU16]| counts.iter().map(|count| u64::from(read(count))).sum::<u64>();
        if sum(&self.marked) * MARKED_OF < sum(bare) {
            return Vec::new();
        }
        let share = |(marked, bare): (&AtomicU16, &AtomicU16)| {
            let (marked, bare) = (i64::from(read(marked)), i64::from(read(bare)));
            match marked {
                0 => 0,
                _ if marked + bare < i64::from(MIN_PLACES) => 0,
                _ => (marked * ALL / (marked + bare)).max(1) as u8,
            }
        };
        self.marked.iter().zip(bare).map(share).collect()
    }
}

/// Compares marks; keeps its buffers.
#[derive(Default)]
pub(super) struct Marks {
    tokenizer: Tokenizer,
    bare: Bare,
}

impl Marks {
    /// Whether `text` is in another writing than the words of the collection.
    pub(super) fn differ(&mut self, text: &str, words: &Words) -> bool {
        if words.marked.is_empty() && text.is_ascii() {
            return false;
        }
        let Self { tokenizer, bare } = self;
        let (mut known, mut missing, mut own) = (0, 0, 0);
        tokenizer.tokenize(text, |token| {
            if is_number(text, token.start as usize) {
                return;
            }
            let unmarked = bare.hash(&text[token.start as usize..token.end as usize]);
            let slot = words.slot(unmarked.unwrap_or(token.hash));
            let share = words.marked.get(slot).map_or(0, |&share| i64::from(share));
            if share == 0 && words.counts[slot].load(Ordering::Relaxed) < MIN_PLACES {
                return;
            }
            known += 1;
            missing += share;
            if unmarked.is_some() {
                missing -= ALL;
                own += if words.count(token.hash) <= RARE { ALL - share } else { 0 };
            }
        });
        let least = DIFFERENT_SHARE * f64::from(known) * ALL as f64;
        known >= MIN_WORDS as i32 && missing.max(own) as f64 >= least
    }
}
