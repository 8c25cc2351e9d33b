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
//! **Damaged texts** are read as what was meant: markup, references such as
//! `&#8217;`, escapes and UTF-8 that was read as another encoding (`mended.rs`).
//!
//! **Spans** lie on character boundaries and are in order: neither starts nor
//! ends ever go back. They overlap where bigrams do, and where one character
//! gives several tokens (`½` is `1` and `2`), each of which has that character's
//! span. Ignorable characters belong to a span inside a token, not at its edge.
//!
//! | file | what it does |
//! | --- | --- |
//! | `window` | words of characters whose form is as long as they are, by masks of 64 bytes |
//! | `class` | what a character is and what it becomes, from lazily built pages |
//! | `unicode` | runs with other characters: segments, bigrams, spans |
//! | `mended` | damaged texts: what their tokens are read from, and where that stands |
//! | `hints` | which forms of damage a text may have, by one pass over its bytes |
//! | `markup` | elements, references and escapes that stand in a text |
//! | `mojibake` | UTF-8 that was read as another encoding |
//! | `disguised` | letters of another script that look the same, and lines through letters |
//! | `letters` | the letters alone, for texts that were misread |
//! | `bare` | a word without its marks |
//! | `normalize` | the general NFKC and folding of one segment, with provenance |

pub(crate) mod bare;
mod class;
mod disguised;
mod hints;
pub mod letters;
pub(crate) mod markup;
mod mended;
mod mojibake;
mod normalize;
#[cfg(test)]
mod tests;
mod unicode;
mod window;

use std::borrow::Cow;

use crate::hash;
pub(crate) use crate::text::mended::Mended;
use crate::text::unicode::Run;
use crate::text::window::{WINDOW, Window, Words};

/// `text` as what it was meant to be, where it was damaged.
pub(crate) fn as_meant(text: &str) -> Cow<'_, str> {
    Mended::of(text).map_or(text.into(), |mended| mended.into_text().into())
}

/// One token: the hash of its normalised form and where it stands in the raw
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Hash of the normalised UTF-8 bytes.
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
    window: Window,
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
        self.tokenize_into(text, |form, start, end| {
            emit(Token { hash: form.hash(), start: start as u32, end: end as u32 });
        });
    }

    /// Adds the hash of every token of `text`, in order: for those who need no
    /// places, which takes a tenth less.
    pub(crate) fn append_hashes(&mut self, text: &str, hashes: &mut Vec<u64>) {
        let mended = Mended::of(text);
        self.tokenize_to(mended.as_ref().map_or(text, Mended::text), &mut Hashes(hashes));
    }

    /// [`tokenize`](Self::tokenize), handing over the normalised bytes, start
    /// and end of every token: for those who need few of the hashes.
    #[inline(always)]
    pub(crate) fn tokenize_into(&mut self, text: &str, mut sink: impl FnMut(Form<'_>, usize, usize)) {
        let Some(mended) = Mended::of(text) else { return self.tokenize_to(text, &mut OneByOne(sink)) };
        let sink = |form: Form<'_>, start, end| {
            let (start, end) = mended.raw(start, end);
            sink(form, start, end);
        };
        self.tokenize_to(mended.text(), &mut OneByOne(sink));
    }

    /// Hands over the tokens of a text that needs no mending.
    #[inline(always)]
    fn tokenize_to(&mut self, text: &str, sink: &mut impl Sink) {
        let mut at = 0;
        while at < text.len() {
            at = self.tokenize_window(text, at, sink);
        }
        self.run.shrink_to(KEPT_BYTES);
    }

    /// Hands over the tokens of the window that begins at `first`, and of a
    /// run that goes on behind it; returns where the next window begins.
    #[inline(always)]
    fn tokenize_window(&mut self, text: &str, first: usize, sink: &mut impl Sink) -> usize {
        let Self { window, run } = self;
        let behind = text.floor_char_boundary(first + WINDOW);
        window.fill(&text.as_bytes()[first..behind]);
        let mut at = first;
        while at < behind {
            let stop = first + window.resolve(&text.as_bytes()[first..], at - first);
            let words = window.find_words(at - first..stop - first);
            sink.take_all(&words, first);
            let open = first + words.open;
            if stop == text.len() {
                if open < stop {
                    sink.take(words.form(open - first..stop - first), open, stop);
                }
                return stop;
            }
            if stop == behind && open > first {
                // What comes next may belong to the open word.
                return open;
            }
            at = run.tokenize(text.as_bytes(), open, &mut |bytes, start, end| {
                sink.take(Form::Long(bytes), start, end);
            });
        }
        at
    }
}

/// Takes the tokens of a text.
trait Sink {
    /// Takes one token and where it starts and ends.
    fn take(&mut self, form: Form<'_>, start: usize, end: usize);

    /// Takes the words of a window that begins at `first`.
    fn take_all(&mut self, words: &Words<'_>, first: usize);
}

/// Hands over one by one.
struct OneByOne<F>(F);

impl<F: FnMut(Form<'_>, usize, usize)> Sink for OneByOne<F> {
    #[inline(always)]
    fn take(&mut self, form: Form<'_>, start: usize, end: usize) {
        self.0(form, start, end);
    }

    #[inline(always)]
    fn take_all(&mut self, words: &Words<'_>, first: usize) {
        words.each(|form, place| self.0(form, first + place.start, first + place.end));
    }
}

/// Keeps the hashes.
struct Hashes<'a>(&'a mut Vec<u64>);

impl Sink for Hashes<'_> {
    #[inline(always)]
    fn take(&mut self, form: Form<'_>, _: usize, _: usize) {
        self.0.push(form.hash());
    }

    #[inline(always)]
    fn take_all(&mut self, words: &Words<'_>, _: usize) {
        words.append_hashes(self.0);
    }
}

/// The normalised bytes of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    /// The first bytes of a block, this many.
    Short(&'a [u8; hash::SHORT_TOKEN], usize),
    /// These.
    Long(&'a [u8]),
}

impl Form<'_> {
    /// The hash of the token.
    #[inline(always)]
    pub(crate) fn hash(self) -> u64 {
        match self {
            Self::Short(block, length) => hash::token_in_block(block, length),
            Self::Long(bytes) => hash::token(bytes),
        }
    }
}
