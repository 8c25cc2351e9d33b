//! Where a string of JSON stops being plain text.
//!
//! [`special`] looks at eight bytes at a time for the three things that end a
//! run of text in a JSON string: the closing quote, an escape, a control
//! character. Runs are as short as a line of prose, as every line break in it
//! is an escape, so the cost of a start counts as much as the speed of the
//! loop; that is why this is arithmetic on a register and not a search that
//! first has to be chosen for the processor.

/// Bytes looked at together.
const STEP: usize = size_of::<u64>();

/// The place of the first byte from `from` on that is a quote, a backslash or
/// a control character; nothing if there is none.
#[inline(always)]
pub(crate) fn special(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (blocks, tail) = rest.as_chunks::<STEP>();
    for (number, block) in blocks.iter().enumerate() {
        let found = specials(*block);
        if found != 0 {
            return Some(from + number * STEP + found.trailing_zeros() as usize / 8);
        }
    }
    let found = tail.iter().position(|&byte| is_special(byte))?;
    Some(bytes.len() - tail.len() + found)
}

fn is_special(byte: u8) -> bool {
    matches!(byte, 0..0x20 | b'"' | b'\\')
}

/// The highest bit of each special byte, after Mycroft: a byte that is less
/// than what is taken from it borrows from its highest bit. A borrow that
/// reaches into the next byte starts at a special one, so the lowest bit of
/// the result is always right.
#[inline(always)]
fn specials(block: [u8; STEP]) -> u64 {
    /// The lowest bit of every byte.
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// The highest bit of every byte.
    const TOPS: u64 = 0x80 * ONES;
    let bytes = u64::from_le_bytes(block);
    let quotes = bytes ^ (u64::from(b'"') * ONES);
    let escapes = bytes ^ (u64::from(b'\\') * ONES);
    let controls = bytes.wrapping_sub(0x20 * ONES) & !bytes;
    let quotes = quotes.wrapping_sub(ONES) & !quotes;
    let escapes = escapes.wrapping_sub(ONES) & !escapes;
    (controls | quotes | escapes) & TOPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_judged_as_one_alone() {
        for place in 0..20 {
            for byte in 0..=u8::MAX {
                for around in [b'x', b' ', b'!', b'#', b'[', b']', b'"', 0, 0x1f, 0x7f, 0x80, 0xff] {
                    let mut bytes = [b'x'; 20];
                    bytes[place] = byte;
                    bytes[place + 1..].fill(around);
                    for from in [0, 1, place, 19, 20] {
                        let slow = bytes[from..].iter().position(|&b| is_special(b)).map(|at| from + at);
                        assert_eq!(special(&bytes, from), slow, "{byte} at {place} from {from}");
                    }
                }
            }
        }
        assert_eq!(special(b"", 0), None);
    }
}
