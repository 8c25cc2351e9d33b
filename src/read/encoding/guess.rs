//! In which encoding bytes are of which nobody says so: a guess (`chardetng`)
//! from a sample.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};

/// Bytes the encoding is guessed from: more does not change the guess for
/// prose, and guessing runs at some 50 MB/s.
const SAMPLE_LEN: usize = 1 << 20;

/// The likeliest encoding of bytes that are not UTF-8 from `first_odd` on.
pub(super) fn guess(bytes: &[u8], first_odd: usize) -> &'static Encoding {
    // From a line border on, so that no sequence is cut.
    let line = memchr::memrchr(b'\n', &bytes[..first_odd]).map_or(0, |newline| newline + 1);
    let start = if first_odd - line < SAMPLE_LEN / 2 { line } else { first_odd };
    let end = bytes.len().min(start + SAMPLE_LEN);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[start..end], end == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    if has_lone_signs(&bytes[start..end], guess) { WINDOWS_1252 } else { guess }
}

/// Whether all that tells `guess` from Western European are letters that stand
/// apart from other letters, and are signs in Western European: one `£` in an
/// English text is guessed to be a Polish `Ł` before a number.
fn has_lone_signs(sample: &[u8], guess: &'static Encoding) -> bool {
    if !guess.is_single_byte() || guess == WINDOWS_1252 {
        return false;
    }
    let high: Vec<u8> = (0x80..=0xff).collect();
    let of = |encoding: &'static Encoding| -> Vec<char> {
        encoding.decode_without_bom_handling(&high).0.chars().collect()
    };
    let (guessed, western) = (of(guess), of(WINDOWS_1252));
    let is_letter = |at: Option<usize>| at.and_then(|at| sample.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let mut differ = sample.iter().enumerate().filter_map(|(at, &byte)| {
        let place = usize::from(byte).checked_sub(0x80)?;
        let both = (*guessed.get(place)?, *western.get(place)?);
        (both.0 != both.1).then_some((at, both))
    });
    differ.all(|(at, (letter, sign))| {
        let is_apart = !is_letter(at.checked_sub(1)) && !is_letter(Some(at + 1));
        letter.is_alphabetic() && !sign.is_alphabetic() && is_apart
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1250;

    use crate::read::encoding::decode;

    #[test]
    fn a_sign_that_stands_alone_is_no_letter() {
        let english = [
            "The lock cost £7,000 and was paid for by all of the town.",
            "Keeper wins £80m deal",
            "It costs “£97m”, the keeper’s wife said – or more.",
        ];
        for text in english {
            let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
            assert_eq!(decode(bytes).unwrap().text, text);
        }
        let polish = ["Śluza w Łodzi została zamknięta.", "Ładna pogoda, mało wody, a śluza stoi."];
        for text in polish {
            let bytes = WINDOWS_1250.encode(text).0.into_owned();
            assert_eq!(decode(bytes).unwrap().text, text);
        }
    }
}
