//! Which bytes are letters and digits, which are not ASCII, and all in lower case.
//!
//! By AVX2 or SSE2 instructions on x86-64 (SSE2 from processors with SSE4.1 on,
//! chosen at run time, since the choice is what makes calling them safe), and by
//! portable code elsewhere.

use multiversion::multiversion;
use multiversion::target::match_target;

use super::{BLOCK, Masks, WINDOW};
use crate::hash::SHORT_TOKEN;

/// Copies the bytes in lower case and says which are letters and digits and
/// which are not ASCII.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt", "x86_64+sse4.1"))]
pub(super) fn classify(
    bytes: &[u8],
    text: &mut [u8; WINDOW + SHORT_TOKEN],
    words: &mut Masks,
    high: &mut Masks,
) {
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

#[cfg(test)]
mod tests {
    use super::super::Window;
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
