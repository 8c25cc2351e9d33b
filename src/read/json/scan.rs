//! Where strings of JSON stop being plain text.
//!
//! Three things end a run of text in a JSON string: the closing quote, an
//! escape, a control character. Runs are as short as a line of prose, as every
//! line break in it is an escape, so the cost of a start counts as much as that
//! of the bytes; that is why they are found for 64 bytes at a time, as a mask
//! that is kept while runs begin and end in it. AVX2 where the machine has it,
//! portable code elsewhere, the same bits everywhere. Time is linear, as long
//! as the places asked for go forward.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
};

use multiversion::multiversion;
use multiversion::target::match_target;

/// Bytes to a mask.
const BLOCK: usize = 64;

/// The places of quotes, backslashes and control characters in a line.
pub(crate) struct Specials<'l> {
    bytes: &'l [u8],
    /// Where the block begins that the mask is of.
    block: usize,
    mask: u64,
}

impl<'l> Specials<'l> {
    pub(crate) fn new(bytes: &'l [u8]) -> Self {
        let mut specials = Self { bytes, block: 0, mask: 0 };
        specials.load(0);
        specials
    }

    /// The first of them from `from` on; nothing if there is none.
    #[inline]
    pub(crate) fn next(&mut self, from: usize) -> Option<usize> {
        let block = from & !(BLOCK - 1);
        if block != self.block {
            self.load(block);
        }
        let mut ahead = self.mask & (u64::MAX << (from % BLOCK));
        while ahead == 0 {
            if self.block + BLOCK >= self.bytes.len() {
                return None;
            }
            self.load(self.block + BLOCK);
            ahead = self.mask;
        }
        Some(self.block + ahead.trailing_zeros() as usize)
    }

    fn load(&mut self, block: usize) {
        self.block = block;
        let rest = self.bytes.get(block..).unwrap_or_default();
        self.mask = match rest.first_chunk() {
            Some(block) => specials(block),
            None => {
                let mut block = [b'x'; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                specials(&block)
            }
        };
    }
}

/// A bit for each special byte.
#[multiversion(targets("x86_64+avx2"))]
fn specials(block: &[u8; BLOCK]) -> u64 {
    match_target! {
        "x86_64+avx2" => specials_by_avx2(block),
        _ => specials_portably(block),
    }
}

// No closures in these two: their intrinsics would not be inlined everywhere.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn specials_by_avx2(block: &[u8; BLOCK]) -> u64 {
    let [low, high]: [__m256i; 2] = bytemuck::cast(*block);
    u64::from(specials_of_half(low)) | u64::from(specials_of_half(high)) << 32
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn specials_of_half(bytes: __m256i) -> u32 {
    let quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'"'.cast_signed()));
    let escapes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\\'.cast_signed()));
    let controls = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
    let found = _mm256_or_si256(_mm256_or_si256(quotes, escapes), controls);
    _mm256_movemask_epi8(found).cast_unsigned()
}

/// The same, eight bytes at a time.
#[inline(always)]
fn specials_portably(block: &[u8; BLOCK]) -> u64 {
    /// The lowest bit of every byte.
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// All bits of every byte but the highest.
    const LOW: u64 = 0x7f * ONES;
    let eighths = block.as_chunks::<8>().0.iter().enumerate();
    eighths.fold(0, |found, (number, bytes)| {
        let bytes = u64::from_le_bytes(*bytes);
        // The top bit of each byte that is not `byte`: the sum cannot carry.
        let are_not = |byte: u8| {
            let differences = bytes ^ (u64::from(byte) * ONES);
            ((differences & LOW) + LOW) | differences
        };
        let are_no_controls = ((bytes & LOW) + 0x60 * ONES) | bytes;
        let tops = !(are_not(b'"') & are_not(b'\\') & are_no_controls) & !LOW;
        // The top bits, side by side: each is moved to its place in the top
        // byte, and no two sums of this product meet.
        found | (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56 << (8 * number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_special(byte: u8) -> bool {
        matches!(byte, 0..0x20 | b'"' | b'\\')
    }

    #[test]
    fn every_byte_at_every_place_is_judged_as_one_alone() {
        for place in 0..BLOCK {
            for byte in 0..=u8::MAX {
                for around in [b'x', b' ', b'!', b'#', b'[', b']', b'"', 0, 0x1f, 0x7f, 0x80, 0xff] {
                    let mut block = [around; BLOCK];
                    block[place] = byte;
                    let slow = (0..BLOCK).fold(0, |mask, at| mask | u64::from(is_special(block[at])) << at);
                    assert_eq!(specials(&block), slow, "{byte} at {place}");
                    assert_eq!(specials_portably(&block), slow, "{byte} at {place}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn each_special_byte_is_found_from_wherever_one_asks(
            line in prop::collection::vec(prop_oneof![20 => Just(b'x'), 1 => any::<u8>()], 0..300),
            steps in prop::collection::vec(0usize..90, 0..20),
        ) {
            let mut specials = Specials::new(&line);
            let mut from = 0;
            for step in steps {
                let slow = line.get(from..).and_then(|rest| rest.iter().position(|&b| is_special(b)));
                prop_assert_eq!(specials.next(from), slow.map(|at| from + at));
                from += step;
            }
        }
    }
}
