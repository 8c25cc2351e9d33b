//! Raw text → its letters and digits alone.
//!
//! What damage to a text changes least is the order of its letters: spaces are
//! lost or put into words, hyphens stand at the ends of lines, marks are
//! dropped (vowel signs of Arabic and Hebrew, accents), ligatures and the long
//! s are written in other ways. So a letter here is a character of the
//! compatibility decomposition, in lower case, that is a letter or digit and
//! no combining mark; everything else is left out, and so are the tatweel and
//! the default-ignorables. One pass, linear in the bytes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The Arabic line that only stretches a word; it counts as a letter elsewhere.
const TATWEEL: char = '\u{640}';

/// Hands over every letter of `text` as its code, with the first byte of the
/// character it comes from and the one behind.
pub fn letters(text: &str, mut emit: impl FnMut(u64, usize, usize)) {
    for (start, c) in text.char_indices() {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                emit(u64::from(c.to_ascii_lowercase()), start, start + 1);
            }
            continue;
        }
        let end = start + c.len_utf8();
        for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
            if part.is_alphanumeric() && !is_combining_mark(part) && part != TATWEEL {
                emit(u64::from(part), start, end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let mut found = String::new();
        letters(text, |letter, _, _| found.push(char::from_u32(letter as u32).unwrap()));
        found
    }

    #[test]
    fn damage_that_is_no_letter_leaves_no_trace() {
        let cases = [
            ("The mayor re-\nsigned yester day.", "The mayor resigned yesterday"),
            ("Theminister said", "The min ister said"),
            ("une élève naïve", "une e\u{301}leve naive"),
            ("le cœur du ﬁlm", "le cœur du film"),
            ("the Houſe of Commons", "the House of Commons"),
            ("مُحَمَّد يَكْتُبُ", "محمد يكتب"),
            ("كتـــاب جديد", "كتاب جديد"),
            ("שָׁלוֹם עוֹלָם", "שלום עולם"),
            ("soft\u{ad}ware", "software"),
            ("Αθήνα", "Αθηνα"),
            ("12 500,50 kr", "12500.50 kr"),
        ];
        for (one, other) in cases {
            assert_eq!(of(one), of(other), "{one}");
            assert!(!of(one).is_empty());
        }
        assert_eq!(of("Ab — c!"), "abc");
    }

    #[test]
    fn letters_know_the_bytes_they_come_from() {
        let mut found = Vec::new();
        letters("a ﬁ é", |letter, start, end| found.push((letter as u8 as char, start, end)));
        assert_eq!(found, [('a', 0, 1), ('f', 2, 5), ('i', 2, 5), ('e', 6, 8)]);
    }
}
