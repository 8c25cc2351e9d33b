//! A word without its marks.
//!
//! Marks are accents and vowel signs: what NFD makes a combining mark of. Some
//! texts have them and some do not, in the same language, so that two copies of
//! one story may not have a long word in common.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Tokenizer, class};

/// Takes marks off words; keeps its buffers.
#[derive(Debug, Default)]
pub(crate) struct Bare {
    tokenizer: Tokenizer,
    word: String,
}

impl Bare {
    /// The hash that the token `word` would have without marks; nothing if it
    /// has none, or is of a script without spaces (whose marks are no
    /// accents, and whose tokens are no words).
    pub(crate) fn hash(&mut self, word: &str) -> Option<u64> {
        if word.is_ascii() {
            return None;
        }
        self.word.clear();
        let mut has_mark = false;
        for c in word.nfd() {
            match is_combining_mark(c) {
                true => has_mark = true,
                false => self.word.push(c),
            }
        }
        let first = self.word.chars().next().filter(|_| has_mark)?;
        if class::kind_of_normalised(first) == class::Kind::Bigram {
            return None;
        }
        let (mut hash, mut tokens) = (0, 0);
        self.tokenizer.tokenize(&self.word, |token| (hash, tokens) = (token.hash, tokens + 1));
        (tokens == 1).then_some(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_the_token_that_the_same_word_without_marks_is() {
        let mut bare = Bare::default();
        let pairs = [
            ("Été", "ete"),
            ("ele\u{301}ve", "eleve"),
            ("ΑΘΉΝΑΣ", "αθηνας"),
            ("tiếng", "tieng"),
            ("مُحَمَّد", "محمد"),
            ("שָׁלוֹם", "שלום"),
            ("йод", "иод"),
        ];
        for (marked, unmarked) in pairs {
            let mut expected = Vec::new();
            Tokenizer::new().tokenize(unmarked, |token| expected.push(token.hash));
            assert_eq!(bare.hash(marked).as_slice(), expected, "{marked}");
            assert_eq!(bare.hash(unmarked), None, "{unmarked}");
        }
        for other in ["plain", "straße", "がく", "กำลัง", "½é"] {
            assert_eq!(bare.hash(other), None, "{other}");
        }
    }
}
