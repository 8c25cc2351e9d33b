//! Runs of ASCII letters and digits, eight bytes at a time.
//!
//! Feeds are mostly ASCII words of about five bytes between single spaces, so
//! one load of eight bytes usually sees a whole word: three comparisons in one
//! register tell where it ends and which of its bytes are letters.

/// Bytes looked at in one step.
const STEP: usize = 8;
/// The lowest bit of every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte.
const TOPS: u64 = 0x80 * ONES;

/// Whether this byte is an ASCII letter or digit.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Puts the run of ASCII letters and digits that begins at `start`, in lower
/// case, into `word` in place of what stood there. Returns the run's end.
pub(super) fn take_word(bytes: &[u8], start: usize, word: &mut Vec<u8>) -> usize {
    word.clear();
    let mut at = start;
    loop {
        let (lower, length) = lower_prefix(load(&bytes[at..]));
        word.extend_from_slice(&lower.to_le_bytes());
        at += length;
        if length < STEP {
            word.truncate(at - start);
            return at;
        }
    }
}

/// The first eight bytes, the first in the lowest bits; zeros behind the end.
fn load(bytes: &[u8]) -> u64 {
    if let Some(step) = bytes.first_chunk::<STEP>() {
        return u64::from_le_bytes(*step);
    }
    let mut step = [0; STEP];
    step[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(step)
}

/// The bytes with their ASCII letters in lower case, and how many of the first
/// ones are ASCII letters or digits.
fn lower_prefix(step: u64) -> (u64, usize) {
    // Additions on seven bits cannot carry into the next byte; the top bit of
    // each sum then says "at least".
    let low = step & !TOPS;
    let at_least = |values: u64, bound: u8| values + u64::from(0x80 - bound) * ONES;
    let folded = low | (0x20 * ONES);
    let letters = at_least(folded, b'a') & !at_least(folded, b'z' + 1) & !step & TOPS;
    let digits = at_least(low, b'0') & !at_least(low, b'9' + 1) & !step & TOPS;
    let others = !(letters | digits) & TOPS;
    (step | (letters >> 2), others.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_taken_as_std_takes_it() {
        for place in 0..20 {
            for byte in 0..=u8::MAX {
                let mut bytes = vec![b'x'; 24];
                bytes[place] = byte;
                let mut word = vec![7; 3];
                let end = take_word(&bytes, 0, &mut word);
                let expected = if byte.is_ascii_alphanumeric() { 24 } else { place };
                assert_eq!(end, expected, "{byte} at {place}");
                assert_eq!(word, bytes[..end].to_ascii_lowercase());
            }
        }
    }
}
