//! The one hash function: xxh3 with named, versioned seeds.
//!
//! Every hash that can reach an output or a file comes from here. A seed is
//! never reused for another purpose and never changed; a new meaning gets a
//! new seed with the next version number. Golden tests pin the values.

mod blocks;

pub(crate) use self::blocks::{Block, TOGETHER, tokens_in_blocks};

use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed, xxh3_128_with_seed};

/// Bytes up to which tokens are hashed as one block: nearly all are shorter.
pub(crate) const SHORT_TOKEN: usize = 16;

/// Seed of token hashes, version 2: short tokens are filled up with zeros.
const TOKEN_SEED_V2: u64 = 0x7763_746f_6b65_6e02;
/// Seed of shingle hashes, version 1.
const SHINGLE_SEED_V1: u64 = 0x7763_7368_696e_6701;
/// Seed of the digest of a document's token sequence, version 1.
const DIGEST_SEED_V1: u64 = 0x7763_6469_6765_7301;
/// Seed from which the MinHash permutations are drawn, version 1.
const MINHASH_SEED_V1: u64 = 0x7763_6d69_6e68_6101;
/// Seed of LSH band keys, version 2.
const BAND_SEED_V2: u64 = 0x7763_6261_6e64_6b02;

/// Seed of the spellings of words, version 1.
const SPELLING_SEED_V1: u64 = 0x7763_7370_656c_6c01;

/// Seed of the checksums of an index's files, version 1.
#[cfg(feature = "index")]
const CHECKSUM_SEED_V1: u64 = 0x7763_6368_6563_6b01;
/// Seed of the digests of texts as they are, version 1.
#[cfg(feature = "index")]
const TEXT_SEED_V1: u64 = 0x7763_7465_7874_7301;
/// Seed of the digests of documents' ids, version 1.
#[cfg(feature = "index")]
const ID_SEED_V1: u64 = 0x7763_6964_656e_7401;

/// Seed of the checksums of what a run keeps to be resumed, version 1.
const STATE_SEED_V1: u64 = 0x7763_7374_6174_6501;
/// Seed of the digests of inputs, version 1.
#[cfg(feature = "cli")]
const INPUT_SEED_V1: u64 = 0x7763_696e_7075_7401;

/// Joins the values of a band to one: odd, with bits set throughout.
const BAND_MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hash of a token's normalised UTF-8 bytes.
///
/// Up to [`SHORT_TOKEN`] bytes are filled up with zeros and hashed as that
/// many: no token holds a zero, so no two become the same, and the way through
/// xxh3 does not depend on the length.
#[inline]
pub(crate) fn token(normalised: &[u8]) -> u64 {
    if normalised.len() > SHORT_TOKEN {
        return xxh3_64_with_seed(normalised, TOKEN_SEED_V2);
    }
    xxh3_64_with_seed(&filled_up(normalised).to_le_bytes(), TOKEN_SEED_V2)
}

/// At most [`SHORT_TOKEN`] bytes, the first in the lowest bits: the first and
/// the last ones in one piece each, which may overlap, since a call to copy
/// them would cost more than the hash.
#[inline]
fn filled_up(bytes: &[u8]) -> u128 {
    let length = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return u128::from(first) | u128::from(last) << (8 * (length - 8));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return (u64::from(first) | u64::from(last) << (8 * (length - 4))).into();
    }
    bytes.iter().rev().fold(0, |filled, byte| filled << 8 | u128::from(*byte))
}

/// [`token`] of the first bytes of a block.
#[inline(always)]
pub(crate) fn token_in_block(block: &[u8; SHORT_TOKEN], length: usize) -> u64 {
    blocks::token(cut(block, length))
}

/// The first bytes of a block, filled up with zeros.
#[inline(always)]
pub(crate) fn cut(block: &[u8; SHORT_TOKEN], length: usize) -> Block {
    /// The bits of a token, by its length.
    const KEPT: [u128; SHORT_TOKEN + 1] = {
        let mut kept = [0; SHORT_TOKEN + 1];
        let mut length = 1;
        while length <= SHORT_TOKEN {
            kept[length] = u128::MAX >> (8 * (SHORT_TOKEN - length));
            length += 1;
        }
        kept
    };
    (u128::from_le_bytes(*block) & KEPT[length]).to_le_bytes()
}

/// Final mix of a rolled shingle value.
#[inline]
pub(crate) fn shingle(rolled: u64) -> u64 {
    xxh3_64_with_seed(&rolled.to_le_bytes(), SHINGLE_SEED_V1)
}

/// Final mix of a polynomial in the letters of a word.
#[inline]
pub(crate) fn spelling(polynomial: u64) -> u64 {
    xxh3_64_with_seed(&polynomial.to_le_bytes(), SPELLING_SEED_V1)
}

/// Builds the hasher of tables whose keys are hashes already.
pub(crate) type AsTheyAre = std::hash::BuildHasherDefault<AsItIs>;

/// A hasher that takes a hash for what it is.
#[derive(Default)]
pub(crate) struct AsItIs(u64);

impl std::hash::Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The `index`-th parameter of the MinHash family.
pub(crate) fn minhash_parameter(index: u64) -> u64 {
    xxh3_64_with_seed(&index.to_le_bytes(), MINHASH_SEED_V1)
}

/// Key of an LSH band: its values of the signature, in order.
pub(crate) fn band(values: impl Iterator<Item = u64>) -> u32 {
    let joined = values.fold(0u64, |joined, value| joined.wrapping_mul(BAND_MULTIPLIER).wrapping_add(value));
    (xxh3_64_with_seed(&joined.to_le_bytes(), BAND_SEED_V2) >> 32) as u32
}

/// Checksum of bytes on disk.
#[cfg(feature = "index")]
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, CHECKSUM_SEED_V1)
}

/// Begins the checksum of what a run keeps on disk.
pub(crate) fn state() -> Xxh3 {
    Xxh3::with_seed(STATE_SEED_V1)
}

/// Begins the digest of an input; equal digests are taken for equal inputs.
#[cfg(feature = "cli")]
pub(crate) fn input() -> Xxh3 {
    Xxh3::with_seed(INPUT_SEED_V1)
}

/// Digest of a text as it is; equal digests are taken for equal texts.
#[cfg(feature = "index")]
pub(crate) fn text(text: &str) -> u128 {
    xxh3_128_with_seed(text.as_bytes(), TEXT_SEED_V1)
}

/// Digest of a document's id; equal digests are taken for equal ids.
#[cfg(feature = "index")]
pub(crate) fn id(id: &str) -> u128 {
    xxh3_128_with_seed(id.as_bytes(), ID_SEED_V1)
}

/// 128-bit digest of a sequence of token hashes: equal digests are taken for
/// equal sequences (two of 10^9 different ones agree by chance with a
/// probability below 10^-20).
pub(crate) fn digest(tokens: &[u64]) -> u128 {
    if cfg!(target_endian = "little") {
        return xxh3_128_with_seed(bytemuck::cast_slice(tokens), DIGEST_SEED_V1);
    }
    let bytes: Vec<u8> = tokens.iter().flat_map(|token| token.to_le_bytes()).collect();
    xxh3_128_with_seed(&bytes, DIGEST_SEED_V1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept on disk of a run, and what tells its inputs apart.
    #[cfg(feature = "cli")]
    #[test]
    fn seeds_of_states_and_inputs_are_pinned() {
        let mut hashers = [state(), input()];
        hashers.iter_mut().for_each(|hasher| hasher.update(b"wire"));
        let digests = hashers.map(|hasher| format!("{:032x}", hasher.digest128()));
        assert_eq!(digests, ["017b00105c7e4fa1f06f3d693c17f4a1", "8aba05efef13eb42e470326bbd73ad7d"]);
    }

    /// What an index has on disk.
    #[cfg(feature = "index")]
    #[test]
    fn seeds_of_indexes_are_pinned() {
        assert_eq!(format!("{:016x}", checksum(b"wire")), "26bb5a3c5bb9c9a6");
        assert_eq!(
            format!("{:032x} {:032x}", text("wire"), id("wire")),
            "b0777aa1b89d66445fa2ecd3ccffd581 c14e39ca347f75e15894e865ef548b86"
        );
    }

    #[test]
    fn hashes_are_pinned() {
        assert_eq!(format!("{:016x}", spelling(1)), "cdc307ee060bf31a");
        let golden = [token(b"wire"), shingle(1), minhash_parameter(0)];
        assert_eq!(
            golden.map(|h| format!("{h:016x}")),
            ["2330d1e194bd9fd8", "83237d24038b711e", "72bdb536626f8229"]
        );
        assert_eq!(token(b""), token_in_block(&[7; SHORT_TOKEN], 0));
        for length in 1..=40 {
            let bytes: Vec<u8> = (b'a'..).take(length).collect();
            let mut block = [b'~'; SHORT_TOKEN];
            match bytes.len() {
                ..=SHORT_TOKEN => {
                    block[..length].copy_from_slice(&bytes);
                    assert_eq!(token_in_block(&block, length), token(&bytes));
                }
                _ => assert_eq!(token(&bytes), xxh3_64_with_seed(&bytes, TOKEN_SEED_V2)),
            }
        }
        assert_eq!(format!("{:08x}", band([1, 2, 3].into_iter())), "e633db67");
        let long: Vec<u64> = (0..65).collect();
        let bytes: Vec<u8> = long.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(digest(&long), xxh3_128_with_seed(&bytes, DIGEST_SEED_V1));
        assert_eq!(format!("{:032x}", digest(&[1, 2])), "07bef4368ac724eff4c1522d421ff06b");
    }
}
