//! A stretch of text, normalised where it stands, and where its words are.
//!
//! A word of four letters and a space costs less than one branch that is
//! foretold wrongly, so nothing here branches on the length of a word. The
//! stretch is first copied in lower case and classified, 64 bytes to a mask of
//! letters and digits and a mask of what is not ASCII. Then the characters
//! outside ASCII are looked up, one by one: separators need nothing (their bits
//! are clear), letters whose normal form has as many bytes as they have (`É`,
//! `я`, `ß`) are overwritten by it and their bits set, and all others are left
//! to the exact way (`unicode`), with the run they stand in. Last, the places where
//! the mask changes are written to a list: two of them are a word, and its bytes
//! lie ready in the copy.
//!
//! Masks ([`masks`]) and the list ([`edges`]) come from vector instructions where
//! the processor has them, chosen at run time, and from portable code elsewhere.
//! The bits are the same everywhere. Time is linear.

mod edges;
mod masks;

use std::ops::Range;

use crate::hash::{self, SHORT_TOKEN, TOGETHER};
use crate::text::Form;
use crate::text::class::{self, Kind};

/// Bytes of a stretch: little enough to stay in the nearest cache with its
/// masks and list, long enough that the word cut off at its end, which the next
/// one begins with, is soon paid for.
pub(super) const WINDOW: usize = 2048;
/// Bytes to a mask.
const BLOCK: usize = 64;
/// Masks of a window.
const BLOCKS: usize = WINDOW / BLOCK;
/// The most edges of a window, and room for what the last step writes behind them.
const EDGES: usize = WINDOW + 1 + BLOCK;

type Masks = [u64; BLOCKS];

/// The stretch, kept for its memory.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The bytes, normalised where they are ASCII or resolved; behind them
    /// anything, so that a short token is always read as one block.
    text: [u8; WINDOW + SHORT_TOKEN],
    /// Bytes of letters and digits, as far as they are resolved.
    words: Masks,
    /// Bytes outside ASCII.
    high: Masks,
    /// Where words begin and end, in turns.
    edges: [u16; EDGES],
    length: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            text: [0; WINDOW + SHORT_TOKEN],
            words: [0; BLOCKS],
            high: [0; BLOCKS],
            edges: [0; EDGES],
            length: 0,
        }
    }
}

impl Window {
    /// Takes the next stretch, of whole characters and at most [`WINDOW`] bytes.
    pub(super) fn fill(&mut self, bytes: &[u8]) {
        self.length = bytes.len();
        masks::classify(bytes, &mut self.text, &mut self.words, &mut self.high);
    }

    /// Puts the normal forms of the characters from `from` on in their places.
    /// Returns the place of the first one that has to go the exact way, or the
    /// length of the stretch. `bytes` is the text that the stretch begins.
    pub(super) fn resolve(&mut self, bytes: &[u8], from: usize) -> usize {
        let mut at = from;
        for block in from / BLOCK..self.length.div_ceil(BLOCK) {
            let first = block * BLOCK;
            let mut high = self.high[block];
            if at > first {
                // What stands before was resolved or belongs to the last one.
                high &= u64::MAX << (at - first);
            }
            let mut found = 0;
            while high != 0 {
                let offset = high.trailing_zeros() as usize;
                let cell = class::read(bytes, first + offset);
                let length = cell.end - cell.start;
                if let Some(form) = cell.entry.in_place(length) {
                    self.put(cell.start, length, form);
                    let bits = !(u64::MAX << length);
                    found |= bits << offset;
                    if offset + length > BLOCK {
                        self.words[block + 1] |= bits >> (BLOCK - offset);
                    }
                } else if cell.entry.kind != Kind::Separator {
                    self.words[block] |= found;
                    return cell.start;
                }
                at = cell.end;
                high &= u64::MAX.checked_shl((offset + length) as u32).unwrap_or(0);
            }
            self.words[block] |= found;
        }
        self.length
    }

    /// Writes the `length` bytes of a form and no other: reading four, to keep
    /// some, would wait for those that were just written.
    #[inline(always)]
    fn put(&mut self, place: usize, length: usize, form: u32) {
        let Some(bytes) = self.text[place..].first_chunk_mut::<4>() else { return };
        let form = form.to_le_bytes();
        match length {
            2 => bytes[..2].copy_from_slice(&form[..2]),
            3 => bytes[..3].copy_from_slice(&form[..3]),
            _ => *bytes = form,
        }
    }

    /// Lists the words of a range that is resolved.
    pub(super) fn find_words(&mut self, range: Range<usize>) -> Words<'_> {
        let mut count = edges::find_edges(&self.words, range.clone(), &mut self.edges);
        let mut open = range.end;
        if count % 2 == 1 {
            count -= 1;
            open = self.edges[count].into();
        }
        let edges = self.edges[..count].as_chunks().0;
        Words { text: &self.text, edges, open }
    }
}

/// The words of a range.
#[derive(Debug)]
pub(super) struct Words<'a> {
    text: &'a [u8; WINDOW + SHORT_TOKEN],
    edges: &'a [[u16; 2]],
    /// Where the word that touches the end of the range begins, which is none
    /// of the others; else the end.
    pub(super) open: usize,
}

impl<'a> Words<'a> {
    /// Hands every word and its place to `sink`.
    #[inline(always)]
    pub(super) fn each(&self, mut sink: impl FnMut(Form<'a>, Range<usize>)) {
        for &[start, end] in self.edges {
            let place = usize::from(start)..usize::from(end);
            sink(self.form(place.clone()), place);
        }
    }

    /// Adds the hash of every word: first as if all were short, many at a time and
    /// without a branch on their lengths, then those of the long ones again.
    #[inline(always)]
    pub(super) fn append_hashes(&self, hashes: &mut Vec<u64>) {
        let before = hashes.len();
        let mut longest = 0;
        let mut blocks = [hash::Block::default(); TOGETHER];
        for edges in self.edges.chunks(TOGETHER) {
            for (place, &[start, end]) in blocks.iter_mut().zip(edges) {
                let length = usize::from(end - start);
                longest = longest.max(length);
                // It lies in the window, so this changes nothing but what is known of it.
                let block = self.text[usize::from(start) % WINDOW..].first_chunk();
                let block = block.expect("a block lies behind every place of the window");
                *place = hash::cut(block, length.min(SHORT_TOKEN));
            }
            hashes.extend_from_slice(&hash::tokens_in_blocks(&blocks)[..edges.len()]);
        }
        if longest > SHORT_TOKEN {
            for (hash, &[start, end]) in hashes[before..].iter_mut().zip(self.edges) {
                if usize::from(end - start) > SHORT_TOKEN {
                    *hash = hash::token(&self.text[usize::from(start)..usize::from(end)]);
                }
            }
        }
    }

    /// The normalised bytes of a place.
    #[inline(always)]
    pub(super) fn form(&self, place: Range<usize>) -> Form<'a> {
        match self.text[place.start..].first_chunk() {
            Some(block) if place.len() <= SHORT_TOKEN => Form::Short(block, place.len()),
            _ => Form::Long(&self.text[place]),
        }
    }
}
