//! Raw text → tokens.
//!
//! A token is a maximal run of letters, combining marks and digits of the
//! *normalised* text; everything else separates, apostrophes, points, commas
//! and underscores too. Its hash is that of its normalised UTF-8 bytes, its
//! span that of the raw bytes it was made of. One pass over the bytes, linear
//! in their number (marks are sorted: n log n in the length of one sequence of
//! combining marks), no allocation per token.
//!
//! **Normalised** is NFKC(fold(NFKC(strip(text)))): strip removes the
//! default-ignorable code points (soft hyphen, zero-width space and joiners,
//! word joiner, byte-order mark, variation selectors, bidi controls, U+034F,
//! Hangul fillers, …), fold is the full, locale-independent case folding.
//!
//! **Letters and digits** are the characters of the property Alphabetic and of
//! the categories Nd, Nl and No (`char::is_alphanumeric`), *marks* those of the
//! category M. A mark belongs to the letter or digit before it; behind a
//! separator it is dropped (the acute of `´`, which is a space with an accent).
//!
//! **Scripts without spaces** (Han, Hiragana, Katakana, Hangul, Thai, Lao,
//! Khmer, Myanmar) give overlapping bigrams: a *unit* is a letter of such a
//! script with the marks behind it, and a run of n > 1 units gives n - 1 tokens
//! of two units each, a lone unit one token. Their digits are digits like all
//! others. A change between these letters and other characters ends a token.
//!
//! **Spans** lie on character boundaries and are in order: neither starts nor
//! ends ever go back. They overlap where bigrams do, and where one character
//! gives several tokens (`½` is `1` and `2`), each of which has that character's
//! span. Ignorable characters belong to a span inside a token, not at its edge.
//!
//! | file | what it does |
//! | --- | --- |
//! | `ascii` | runs of ASCII letters and digits, eight bytes at a time |
//! | `class` | what a character is and what it becomes, from lazily built pages |
//! | `unicode` | runs with other characters: segments, bigrams, spans |
//! | `normalize` | the general NFKC and folding of one segment, with provenance |

mod ascii;
mod class;
mod normalize;
#[cfg(test)]
mod tests;
mod unicode;

use crate::text::class::Kind;
use crate::text::unicode::Run;

/// One token: the hash of its normalised form and where it stands in the raw
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// xxh3 of the normalised UTF-8 bytes.
    pub hash: u64,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset of the first byte behind it.
    pub end: u32,
}

/// Bytes a buffer may keep from one text to the next: far more than any real
/// word needs, little enough to have one per thread.
const KEPT_BYTES: usize = 1 << 16;

/// Splits texts into tokens; keeps its buffers from text to text.
///
/// ```
/// use wirecopy::text::Tokenizer;
///
/// let mut spans = Vec::new();
/// Tokenizer::new().tokenize("L’été, 2024", |token| spans.push((token.start, token.end)));
/// assert_eq!(spans, [(0, 1), (4, 9), (11, 15)]);
/// ```
#[derive(Debug, Default)]
pub struct Tokenizer {
    word: Vec<u8>,
    run: Run,
}

impl Tokenizer {
    /// A tokenizer with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hands every token of `text` to `emit`, in order. Texts are shorter
    /// than 4 GiB; the reader refuses longer ones.
    pub fn tokenize(&mut self, text: &str, mut emit: impl FnMut(Token)) {
        self.tokenize_into(text.as_bytes(), |normalised, start, end| {
            let hash = crate::hash::token(normalised);
            emit(Token { hash, start: start as u32, end: end as u32 });
        });
    }

    /// [`tokenize`](Self::tokenize), handing over the normalised bytes, start
    /// and end of every token. `bytes` is valid UTF-8.
    fn tokenize_into(&mut self, bytes: &[u8], mut sink: impl FnMut(&[u8], usize, usize)) {
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            let (start, mut ascii_end) = (at, at);
            if first.is_ascii() {
                if !ascii::is_word(first) {
                    at += 1;
                    continue;
                }
                ascii_end = ascii::take_word(bytes, start, &mut self.word);
                if bytes.get(ascii_end).is_none_or(u8::is_ascii) {
                    sink(&self.word, start, ascii_end);
                    at = ascii_end;
                    continue;
                }
            }
            let next = class::read(bytes, ascii_end);
            at = match next.entry.kind {
                Kind::Separator if start == ascii_end => next.end,
                Kind::Separator => {
                    sink(&self.word, start, ascii_end);
                    next.end
                }
                Kind::Ignorable if start == ascii_end => next.end,
                _ => {
                    let word = &self.word[..ascii_end - start];
                    self.run.tokenize(bytes, start..ascii_end, word, &mut sink)
                }
            };
        }
        self.word.clear();
        self.word.shrink_to(KEPT_BYTES);
        self.run.shrink_to(KEPT_BYTES);
    }
}
