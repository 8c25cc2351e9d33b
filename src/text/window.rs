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
//! Masks come from AVX2 or SSE2 instructions on x86-64 (SSE2 from processors
//! with SSE4.1 on, chosen at run time, since the choice is what makes calling
//! them safe) and from portable code elsewhere. The bits are the same
//! everywhere. Time is linear.

use std::ops::Range;

use multiversion::multiversion;
use multiversion::target::match_target;

use crate::hash::{self, SHORT_TOKEN};
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
/// Edges written in one step, mostly more than there are left: a step costs
/// less than a loop whose end is not foretold.
const STEP: usize = 8;
/// The most edges of a window, and room for what the last step writes.
const EDGES: usize = WINDOW + 1 + STEP;

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
        classify(bytes, &mut self.text, &mut self.words, &mut self.high);
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
        let mut count = find_edges(&self.words, range.clone(), &mut self.edges);
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

    /// Adds the hash of every word: first as if all were short, without a branch on
    /// it and without asking for room, then those of the long ones again.
    #[inline(always)]
    pub(super) fn append_hashes(&self, hashes: &mut Vec<u64>) {
        let before = hashes.len();
        let mut longest = 0;
        hashes.extend(self.edges.iter().map(|&[start, end]| {
            let length = usize::from(end - start);
            longest = longest.max(length);
            // It lies in the window, so this changes nothing but what is known of it.
            let block = self.text[usize::from(start) % WINDOW..].first_chunk();
            let block = block.expect("a block lies behind every place of the window");
            hash::token_in_block(block, length.min(SHORT_TOKEN))
        }));
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

/// Copies the bytes in lower case and says which are letters and digits and
/// which are not ASCII.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt", "x86_64+sse4.1"))]
fn classify(bytes: &[u8], text: &mut [u8; WINDOW + SHORT_TOKEN], words: &mut Masks, high: &mut Masks) {
    let classify_block = |block: &_, lower: &mut _| {
        match_target! {
            "x86_64+avx2" => classify_block_by_avx2(block, lower),
            "x86_64+sse4.1" => classify_block_by_sse2(block, lower),
            _ => classify_block_portably(block, lower),
        }
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let masks = words.iter_mut().zip(high);
    let mut places = text.as_chunks_mut::<BLOCK>().0.iter_mut().zip(masks);
    for (block, (lower, (word, high))) in blocks.iter().zip(&mut places) {
        (*word, *high) = classify_block(block, lower);
    }
    if let Some((lower, (word, high))) = places.next()
        && !rest.is_empty()
    {
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        (*word, *high) = classify_block(&block, lower);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn classify_block_by_avx2(block: &[u8; BLOCK], lower: &mut [u8; BLOCK]) -> (u64, u64) {
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_sub_epi8,
    };
    let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
    let within = |values: __m256i, first: u8, last: u8| {
        let offsets = _mm256_sub_epi8(values, all(first));
        _mm256_cmpeq_epi8(_mm256_min_epu8(offsets, all(last - first)), offsets)
    };
    let (halves, lower) = (block.as_chunks::<32>().0, lower.as_chunks_mut::<32>().0);
    let (mut words, mut high) = (0, 0);
    // By index: of a chain of iterators the compiler makes calls.
    for number in 0..BLOCK / 32 {
        let bytes: __m256i = bytemuck::cast(halves[number]);
        let letters = within(_mm256_or_si256(bytes, all(0x20)), b'a', b'z');
        let digits = within(bytes, b'0', b'9');
        lower[number] = bytemuck::cast(_mm256_or_si256(bytes, _mm256_and_si256(letters, all(0x20))));
        let mask = |values| u64::from(_mm256_movemask_epi8(values).cast_unsigned()) << (32 * number);
        words |= mask(_mm256_or_si256(letters, digits));
        high |= mask(bytes);
    }
    (words, high)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn classify_block_by_sse2(block: &[u8; BLOCK], lower: &mut [u8; BLOCK]) -> (u64, u64) {
    use std::arch::x86_64::{
        __m128i, _mm_and_si128, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
        _mm_sub_epi8,
    };
    let all = |byte: u8| _mm_set1_epi8(byte.cast_signed());
    let within = |values: __m128i, first: u8, last: u8| {
        let offsets = _mm_sub_epi8(values, all(first));
        _mm_cmpeq_epi8(_mm_min_epu8(offsets, all(last - first)), offsets)
    };
    let (mut words, mut high) = (0, 0);
    let (quarters, lower) = (block.as_chunks::<16>().0, lower.as_chunks_mut::<16>().0);
    for number in 0..BLOCK / 16 {
        let bytes: __m128i = bytemuck::cast(quarters[number]);
        let letters = within(_mm_or_si128(bytes, all(0x20)), b'a', b'z');
        let digits = within(bytes, b'0', b'9');
        lower[number] = bytemuck::cast(_mm_or_si128(bytes, _mm_and_si128(letters, all(0x20))));
        let mask = |values| u64::from(_mm_movemask_epi8(values) as u16) << (16 * number);
        words |= mask(_mm_or_si128(letters, digits));
        high |= mask(bytes);
    }
    (words, high)
}

/// The same, eight bytes at a time.
#[inline(always)]
fn classify_block_portably(block: &[u8; BLOCK], lower: &mut [u8; BLOCK]) -> (u64, u64) {
    /// The lowest bit of every byte.
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// The highest bit of every byte.
    const TOPS: u64 = 0x80 * ONES;
    // Additions on seven bits cannot carry into the next byte; the top bit of
    // each sum then says "at least".
    let at_least = |values: u64, bound: u8| values + u64::from(0x80 - bound) * ONES;
    // The top bits, side by side: each is moved to its place in the top byte,
    // and no two sums of this product meet.
    let gather = |tops: u64| (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (mut words, mut high) = (0, 0);
    let eighths = block.as_chunks::<8>().0.iter().zip(lower.as_chunks_mut::<8>().0);
    for (number, (bytes, lower)) in eighths.enumerate() {
        let bytes = u64::from_le_bytes(*bytes);
        let low = bytes & !TOPS;
        let folded = low | (0x20 * ONES);
        let letters = at_least(folded, b'a') & !at_least(folded, b'z' + 1) & !bytes & TOPS;
        let digits = at_least(low, b'0') & !at_least(low, b'9' + 1) & !bytes & TOPS;
        *lower = (bytes | (letters >> 2)).to_le_bytes();
        words |= gather(letters | digits) << (8 * number);
        high |= gather(bytes & TOPS) << (8 * number);
    }
    (words, high)
}

/// Writes the places of `range` where a word begins or ends, in order, and
/// returns how many there are. A word that touches the end of the range has no
/// end.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn find_edges(words: &Masks, range: Range<usize>, edges: &mut [u16; EDGES]) -> usize {
    let mut count = 0;
    let mut carried = 0;
    let blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
    for (word, block) in words[blocks.clone()].iter().zip(blocks) {
        let (mut word, first) = (*word, block * BLOCK);
        if first < range.start {
            word &= u64::MAX << (range.start - first);
        }
        let mut changes = word ^ (word << 1 | carried);
        if range.end - first < BLOCK {
            changes &= !(u64::MAX << (range.end - first));
        }
        carried = word >> 63;
        let behind = count + changes.count_ones() as usize;
        while changes != 0 {
            let Some(step) = edges[count..].first_chunk_mut::<STEP>() else { break };
            for edge in step {
                *edge = (first + changes.trailing_zeros() as usize) as u16;
                changes &= changes.wrapping_sub(1);
            }
            count += STEP;
        }
        count = behind;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_taken_as_std_takes_it() {
        let mut window = Window::default();
        for place in 0..2 * BLOCK {
            for byte in 0..=u8::MAX {
                for around in [b'x', b'-', 0xe9] {
                    let mut bytes = [around; 2 * BLOCK];
                    bytes[place] = byte;
                    window.fill(&bytes[..=place.max(BLOCK)]);
                    let (block, from) = (place / BLOCK, place / BLOCK * BLOCK);
                    let mut whole = [0; BLOCK];
                    let known = window.length.min(from + BLOCK) - from;
                    whole[..known].copy_from_slice(&bytes[from..from + known]);
                    let mut lower = [0; BLOCK];
                    let portable = classify_block_portably(&whole, &mut lower);
                    assert_eq!((window.words[block], window.high[block]), portable, "{byte} at {place}");
                    assert_eq!(window.text[from..from + BLOCK], lower);
                    assert_eq!(lower, whole.map(|byte| byte.to_ascii_lowercase()));
                    for (place, byte) in whole.iter().enumerate() {
                        let is_set = |mask: u64| mask >> place & 1 == 1;
                        assert_eq!(is_set(portable.0), byte.is_ascii_alphanumeric(), "{byte}");
                        assert_eq!(is_set(portable.1), !byte.is_ascii(), "{byte}");
                    }
                }
            }
        }
    }
}
