//! Where lines end, and whether a bracket or a slash stands on them, in masks
//! of 64 bytes: a search for each would look at every short line anew, and
//! cost more than all that is done with the few lines that may hold a credit.
//!
//! AVX2 where the machine has it, portable code elsewhere; the bits are the
//! same. Time is linear.

use multiversion::multiversion;
use multiversion::target::match_target;

/// Bytes to a mask.
const BLOCK: usize = 64;

/// Walks through the line breaks of a text.
pub(super) struct Breaks<'t> {
    bytes: &'t [u8],
    /// Where the current block begins.
    block: usize,
    /// Line breaks in it that are still to come.
    breaks: u64,
    /// Opening brackets and slashes in it since the last break.
    openings: u64,
    /// Whether one stands in an earlier block since the last break.
    has_opening: bool,
}

impl<'t> Breaks<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let mut first = Self { bytes, block: 0, breaks: 0, openings: 0, has_opening: false };
        first.load();
        first
    }

    /// Where the next break is, or the end of the text; and whether `(`, `[`
    /// or `/` stands between the break before and this one.
    #[inline]
    pub(super) fn next_break(&mut self) -> (usize, bool) {
        while self.breaks == 0 {
            self.has_opening |= self.openings != 0;
            self.block += BLOCK;
            if self.block >= self.bytes.len() {
                return (self.bytes.len(), self.has_opening);
            }
            self.load();
        }
        let place = self.breaks.trailing_zeros();
        let line = (1 << place) - 1;
        let has_opening = self.has_opening || self.openings & line != 0;
        self.openings &= !line;
        self.breaks &= self.breaks - 1;
        self.has_opening = false;
        (self.block + place as usize, has_opening)
    }

    fn load(&mut self) {
        let rest = &self.bytes[self.block..];
        (self.breaks, self.openings) = match rest.first_chunk() {
            Some(block) => masks(block),
            None => {
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                masks(&block)
            }
        };
    }
}

/// The places of line breaks, and those of `(`, `[` and `/`.
#[multiversion(targets("x86_64+avx2"))]
fn masks(block: &[u8; BLOCK]) -> (u64, u64) {
    match_target! {
        "x86_64+avx2" => masks_by_avx2(block),
        _ => masks_portably(block),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn masks_by_avx2(block: &[u8; BLOCK]) -> (u64, u64) {
    use std::arch::x86_64::{_mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8};
    let halves = block.as_chunks::<32>().0;
    let half = |number: usize| {
        let bytes = bytemuck::cast(halves[number]);
        let are = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte.cast_signed()));
        let mask = |values| u64::from(_mm256_movemask_epi8(values).cast_unsigned()) << (32 * number);
        let breaks = _mm256_or_si256(are(b'\n'), are(b'\r'));
        let openings = _mm256_or_si256(_mm256_or_si256(are(b'('), are(b'[')), are(b'/'));
        (mask(breaks), mask(openings))
    };
    let (first, last) = (half(0), half(1));
    (first.0 | last.0, first.1 | last.1)
}

/// The same, eight bytes at a time.
#[inline(always)]
fn masks_portably(block: &[u8; BLOCK]) -> (u64, u64) {
    /// The lowest bit of every byte.
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// All bits of every byte but the highest.
    const LOW: u64 = 0x7f * ONES;
    let (mut breaks, mut openings) = (0, 0);
    for (number, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*bytes);
        // The top bit of each byte that is `byte`; the sum cannot carry.
        let are = |byte: u8| {
            let differences = bytes ^ (u64::from(byte) * ONES);
            !(((differences & LOW) + LOW) | differences) & !LOW
        };
        // The top bits, side by side: each is moved to its place in the top
        // byte, and no two sums of this product meet.
        let gather = |tops: u64| (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56 << (8 * number);
        breaks |= gather(are(b'\n') | are(b'\r'));
        openings |= gather(are(b'(') | are(b'[') | are(b'/'));
    }
    (breaks, openings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_byte_at_every_place_is_taken_for_what_it_is() {
        for place in 0..BLOCK {
            for byte in 0..=u8::MAX {
                for around in [b'x', 0x0b, 0x8a, b'\n'] {
                    let mut block = [around; BLOCK];
                    block[place] = byte;
                    let bits = |is: fn(u8) -> bool| {
                        (0..BLOCK).fold(0, |bits, at| bits | u64::from(is(block[at])) << at)
                    };
                    let expected = (
                        bits(|byte| matches!(byte, b'\n' | b'\r')),
                        bits(|byte| matches!(byte, b'(' | b'[' | b'/')),
                    );
                    assert_eq!(masks(&block), expected, "{byte} at {place}");
                    assert_eq!(masks_portably(&block), expected, "{byte} at {place}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn lines_end_where_a_search_finds_their_ends(bytes in "[a\\n\\r(/\\[é]{0,300}|[a(]{0,200}\\n[a(/]{0,200}") {
            let mut breaks = Breaks::new(bytes.as_bytes());
            let mut next = 0;
            while next < bytes.len() {
                let end = bytes[next..].find(['\n', '\r']).map_or(bytes.len(), |at| next + at);
                let has_opening = bytes[next..end].contains(['(', '[', '/']);
                prop_assert_eq!(breaks.next_break(), (end, has_opening));
                next = end + 1;
            }
        }
    }
}
