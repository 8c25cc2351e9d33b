//! The hashes of many short tokens at once.
//!
//! xxh3 of sixteen bytes is a product of 128 bits and some mixing. Processors that
//! multiply eight numbers of 64 bits by an instruction make eight hashes together,
//! the product from four of 32 bits; elsewhere each is made by itself. The values
//! are those of `xxhash_rust`, which tests hold them to.

use multiversion::multiversion;
use multiversion::target::match_target;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{SHORT_TOKEN, TOKEN_SEED_V2};

/// The bytes of a short token, filled up with zeros.
pub(crate) type Block = [u8; SHORT_TOKEN];

/// Tokens that are hashed together: few enough for the nearest cache, enough that
/// what is left of a window's words costs little.
pub(crate) const TOGETHER: usize = 64;

/// Hash of the token that a block is.
#[inline(always)]
pub(super) fn token(block: Block) -> u64 {
    xxh3_64_with_seed(&block, TOKEN_SEED_V2)
}

/// The same of many.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl"))]
pub(crate) fn tokens_in_blocks(blocks: &[Block; TOGETHER]) -> [u64; TOGETHER] {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512dq+avx512vl" => by_avx512(blocks),
        _ => blocks.map(token),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
#[inline]
fn by_avx512(blocks: &[Block; TOGETHER]) -> [u64; TOGETHER] {
    use std::arch::x86_64::{
        __m512i, _mm512_add_epi64, _mm512_and_si512, _mm512_mul_epu32, _mm512_mullo_epi64, _mm512_or_si512,
        _mm512_permutexvar_epi64, _mm512_set1_epi64, _mm512_shuffle_epi8, _mm512_slli_epi64,
        _mm512_srli_epi64, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64, _mm512_xor_si512,
    };
    /// Numbers of 64 bits in a vector.
    const LANES: usize = 8;
    /// Bytes 24 to 55 of the secret of xxh3, as numbers.
    const SECRET: [u64; 4] =
        [0x1f67_b3b7_a4a4_4072, 0x78e5_c0cc_4ee6_79cb, 0x2172_ffcc_7dd0_5a82, 0x8e24_43f7_7446_08b8];
    /// What either half of a block is joined with.
    const FLIPS: [u64; 2] = [
        (SECRET[0] ^ SECRET[1]).wrapping_add(TOKEN_SEED_V2),
        (SECRET[2] ^ SECRET[3]).wrapping_sub(TOKEN_SEED_V2),
    ];
    /// The multiplier of the last mixing.
    const AVALANCHE: u64 = 0x1656_6791_9e37_79f9;
    /// The bytes of each number from the last to the first.
    const TURNED: [u8; 64] = {
        let mut turned = [0; 64];
        let mut byte = 0;
        while byte < 64 {
            turned[byte] = (byte as u8 ^ 7) & 15;
            byte += 1;
        }
        turned
    };
    /// Halves of two vectors taken in turns give the blocks in another order.
    const ORDER: [u64; LANES] = [0, 2, 4, 6, 1, 3, 5, 7];

    let all = |value: u64| _mm512_set1_epi64(value.cast_signed());
    let (turned, order): (__m512i, __m512i) = (bytemuck::cast(TURNED), bytemuck::cast(ORDER));
    let low_bits = all(u32::MAX.into());
    let mut hashes = [0; TOGETHER];
    let eights = blocks.as_chunks::<LANES>().0.iter().zip(hashes.as_chunks_mut::<LANES>().0);
    for (blocks, hashes) in eights {
        let [one, two]: [__m512i; 2] = bytemuck::cast(*blocks);
        let low = _mm512_xor_si512(_mm512_unpacklo_epi64(one, two), all(FLIPS[0]));
        let high = _mm512_xor_si512(_mm512_unpackhi_epi64(one, two), all(FLIPS[1]));
        // The product of both, in four of their halves.
        let (upper_low, upper_high) = (_mm512_srli_epi64::<32>(low), _mm512_srli_epi64::<32>(high));
        let lowest = _mm512_mul_epu32(low, high);
        let cross = _mm512_mul_epu32(low, upper_high);
        let crossed = _mm512_mul_epu32(upper_low, high);
        let highest = _mm512_mul_epu32(upper_low, upper_high);
        let carried = _mm512_add_epi64(_mm512_srli_epi64::<32>(lowest), _mm512_and_si512(cross, low_bits));
        let middle = _mm512_add_epi64(carried, crossed);
        let upper = _mm512_add_epi64(highest, _mm512_srli_epi64::<32>(cross));
        let upper = _mm512_add_epi64(upper, _mm512_srli_epi64::<32>(middle));
        let lower = _mm512_or_si512(_mm512_slli_epi64::<32>(middle), _mm512_and_si512(lowest, low_bits));
        let folded = _mm512_xor_si512(upper, lower);
        let sum = _mm512_add_epi64(_mm512_shuffle_epi8(low, turned), high);
        let sum = _mm512_add_epi64(sum, _mm512_add_epi64(folded, all(SHORT_TOKEN as u64)));
        let mixed = _mm512_xor_si512(sum, _mm512_srli_epi64::<37>(sum));
        let mixed = _mm512_mullo_epi64(mixed, all(AVALANCHE));
        let mixed = _mm512_xor_si512(mixed, _mm512_srli_epi64::<32>(mixed));
        *hashes = bytemuck::cast(_mm512_permutexvar_epi64(order, mixed));
    }
    hashes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn many_hashes_are_those_of_each(
            words in prop::collection::vec(prop_oneof![any::<[u64; 2]>(), Just([0, 0]), Just([u64::MAX; 2])], TOGETHER),
        ) {
            let blocks: [Block; TOGETHER] = std::array::from_fn(|at| bytemuck::cast(words[at]));
            prop_assert_eq!(tokens_in_blocks(&blocks), blocks.map(token));
        }
    }
}
