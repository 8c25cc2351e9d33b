//! Invented text, the same in every run.

use std::fmt::Write as _;

/// A stream of numbers (`SplitMix64`): equal seeds give equal streams.
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    /// Puts `items` into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }

    /// `count` words out of a vocabulary of `vocabulary`.
    pub(crate) fn words(&mut self, count: usize, vocabulary: usize) -> String {
        let mut text = String::with_capacity(count * 8);
        for _ in 0..count {
            if !text.is_empty() {
                text.push(' ');
            }
            push_word(&mut text, self.below(vocabulary));
        }
        text
    }
}

/// The words with these numbers, all different: no two ranges that do not
/// overlap share one.
pub(crate) fn range(numbers: std::ops::Range<usize>) -> String {
    numbers.fold(String::new(), |mut text, number| {
        let space = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{space}w{number}");
        text
    })
}

/// A word that can be spoken: one to four syllables.
fn push_word(text: &mut String, mut number: usize) {
    const SYLLABLES: [&str; 16] = [
        "ba", "den", "fo", "gur", "hi", "jal", "ke", "lom", "mu", "nar", "pe", "ris", "so", "tav", "wi", "zu",
    ];
    loop {
        text.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
        if number == 0 {
            return;
        }
    }
}
