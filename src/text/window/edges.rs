//! Where words begin and end: the places at which a mask changes.
//!
//! Where a processor can take the chosen bytes of a vector together, the places
//! of a block are one such instruction; elsewhere they are written in steps of
//! [`STEP`]. Time is linear in the blocks and the places.

use std::ops::Range;

use multiversion::multiversion;
use multiversion::target::match_target;

use super::{BLOCK, EDGES, Masks};

/// Edges written in one step, mostly more than there are left: a step costs
/// less than a loop whose end is not foretold.
const STEP: usize = 8;

/// Writes the places of `range` where a word begins or ends, in order, and
/// returns how many there are. A word that touches the end of the range has no
/// end.
#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx512vbmi+avx512vbmi2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn find_edges(words: &Masks, range: Range<usize>, edges: &mut [u16; EDGES]) -> usize {
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
        match_target! {
            "x86_64+avx512f+avx512bw+avx512vl+avx512vbmi2" => write_by_avx512(changes, first, &mut edges[count..]),
            _ => write_portably(changes, first, &mut edges[count..]),
        }
        count += changes.count_ones() as usize;
    }
    count
}

/// Writes `first` and the place of each bit that is set.
#[inline(always)]
fn write_portably(mut bits: u64, first: usize, mut edges: &mut [u16]) {
    while bits != 0 {
        let Some((step, behind)) = edges.split_first_chunk_mut::<STEP>() else { break };
        for edge in step {
            *edge = (first + bits.trailing_zeros() as usize) as u16;
            bits &= bits.wrapping_sub(1);
        }
        edges = behind;
    }
}

/// The same, of half a block at a time, since few blocks have more.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2")]
#[inline]
fn write_by_avx512(bits: u64, first: usize, edges: &mut [u16]) {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm512_add_epi16, _mm512_castsi512_si256, _mm512_cvtepu8_epi16,
        _mm512_extracti64x4_epi64, _mm512_maskz_compress_epi8, _mm512_set1_epi16,
    };
    const HALF: usize = BLOCK / 2;
    const PLACES: [u8; BLOCK] = {
        let mut places = [0; BLOCK];
        let mut place = 0;
        while place < BLOCK {
            places[place] = place as u8;
            place += 1;
        }
        places
    };
    let places: __m512i = _mm512_maskz_compress_epi8(bits, bytemuck::cast(PLACES));
    let first = _mm512_set1_epi16((first as u16).cast_signed());
    let halves: [__m256i; 2] = [_mm512_castsi512_si256(places), _mm512_extracti64x4_epi64::<1>(places)];
    let Some((low, behind)) = edges.split_first_chunk_mut::<HALF>() else { return };
    *low = bytemuck::cast(_mm512_add_epi16(_mm512_cvtepu8_epi16(halves[0]), first));
    if bits.count_ones() as usize > HALF
        && let Some(high) = behind.first_chunk_mut::<HALF>()
    {
        *high = bytemuck::cast(_mm512_add_epi16(_mm512_cvtepu8_epi16(halves[1]), first));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{BLOCKS, WINDOW};
    use super::*;

    proptest! {
        #[test]
        fn edges_are_where_one_byte_is_of_a_word_and_its_neighbour_is_not(
            words in prop::array::uniform32(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), Just(0x5555 << 48)]),
            ends in (0..=WINDOW, 0..=WINDOW),
        ) {
            const { assert!(BLOCKS == 32) };
            let range = ends.0.min(ends.1)..ends.0.max(ends.1);
            let is_word = |at: usize| range.contains(&at) && words[at / BLOCK] >> (at % BLOCK) & 1 == 1;
            let before = |at: usize| at.checked_sub(1).is_some_and(is_word);
            let expected: Vec<u16> =
                range.clone().filter(|&at| is_word(at) != before(at)).map(|at| at as u16).collect();
            let mut edges = [0; EDGES];
            let found = find_edges(&words, range, &mut edges);
            prop_assert_eq!(&edges[..found], &expected[..]);
        }

        #[test]
        fn both_ways_write_the_same(bits in prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], block in 0..BLOCKS) {
            let mut words = [0; BLOCKS];
            // Each second bit that is set ends what the one before began.
            words[block] = (0..BLOCK).fold((0, false), |(word, is_word), at| {
                let is_word = is_word ^ (bits >> at & 1 == 1);
                (word | u64::from(is_word) << at, is_word)
            }).0;
            let mut edges = [0; EDGES];
            let range = block * BLOCK..(block + 1) * BLOCK;
            let found = find_edges(&words, range.clone(), &mut edges);
            let mut slow = [0; EDGES];
            write_portably(bits, range.start, &mut slow);
            prop_assert_eq!(found, bits.count_ones() as usize);
            prop_assert_eq!(&edges[..found], &slow[..found]);
        }
    }
}
