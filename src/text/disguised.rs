//! Letters that are made to look like others, or like nothing else.
//!
//! *Letters of another script*: `Тhе сounсil` with a Cyrillic Т, е and с. A word
//! of Latin and Cyrillic letters is Latin if all of its Cyrillic letters look
//! like Latin ones, and else Cyrillic if all of its Latin letters look like
//! Cyrillic ones. Others stay, and words of one script too.
//!
//! *Lines through or under letters*: combining characters as posts have them,
//! that change no letter.
//!
//! Linear in the bytes; texts without either are passed over by one look at
//! each three bytes, and by none where [`super::hints`] says so.

use memchr::memchr_iter;

use super::mended::Edited;

/// Cyrillic letters and the Latin ones that look the same.
const ALIKE: [(char, char); 30] = [
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('ԁ', 'd'),
    ('һ', 'h'),
    ('ѵ', 'v'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
];

/// The first byte of the combining lines and strokes, U+0332 to U+0338 but for
/// those that are no line, and the second of the first and of the last.
const LINES: [u8; 3] = [0xcc, 0xb2, 0xb8];

/// Bytes that are asked at once.
const TOGETHER: usize = 256;

fn is_line(bytes: &[u8]) -> bool {
    bytes.get(1).is_some_and(|byte| (LINES[1]..=LINES[2]).contains(byte) && *byte != 0xb4)
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&c)
}

fn latin(c: char) -> Option<char> {
    ALIKE.iter().find(|(cyrillic, _)| *cyrillic == c).map(|&(_, latin)| latin)
}

fn cyrillic(c: char) -> Option<char> {
    ALIKE.iter().find(|(_, latin)| *latin == c).map(|&(cyrillic, _)| cyrillic)
}

/// Puts letters of the script that a word is in into the place of those that
/// look the same.
pub(super) fn replace(text: &str, edited: &mut Edited<'_>) {
    if memchr_iter(LINES[0], text.as_bytes()).any(|at| is_line(&text.as_bytes()[at..])) {
        for at in memchr_iter(LINES[0], text.as_bytes()) {
            if is_line(&text.as_bytes()[at..]) {
                edited.replace(at, at + 2, "");
            }
        }
        // The letters without them are looked at in the next round.
        return;
    }
    if !has_mixed(text.as_bytes()) {
        return;
    }
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let letters = word.trim_end_matches(|c: char| !c.is_alphabetic());
        if has_mixed(letters.as_bytes()) {
            mend(letters, start, edited);
        }
        start += word.len();
    }
}

/// Whether a Cyrillic letter stands beside one of ASCII. Asked for many bytes
/// at once without a branch, of which the compiler makes vectors.
fn has_mixed(bytes: &[u8]) -> bool {
    let is_lead = |byte: u8| byte.wrapping_sub(0xd0) < 5;
    let is_letter = |byte: u8| (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_mixed =
        |three: &[u8]| (is_letter(three[0]) & is_lead(three[1])) | (is_lead(three[0]) & is_letter(three[2]));
    let starts = 0..bytes.len().saturating_sub(2);
    starts.step_by(TOGETHER).any(|first| {
        let behind = bytes.len().min(first + TOGETHER + 2);
        bytes[first..behind].windows(3).fold(false, |found, three| found | is_mixed(three))
    })
}

fn mend(word: &str, start: usize, edited: &mut Edited<'_>) {
    let is_latin = word.chars().all(|c| !is_cyrillic(c) || latin(c).is_some());
    let is_other = word.chars().all(|c| !c.is_ascii() || cyrillic(c).is_some());
    for (at, c) in word.char_indices() {
        let meant = match (is_latin, is_other) {
            (true, _) => latin(c),
            (false, true) => cyrillic(c),
            (false, false) => None,
        };
        if let Some(meant) = meant {
            let at = start + at;
            edited.replace(at, at + c.len_utf8(), meant.encode_utf8(&mut [0; 4]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TOGETHER;
    use crate::text::as_meant;

    #[test]
    fn a_disguised_word_is_found_wherever_it_stands() {
        for before in 0..2 * TOGETHER + 8 {
            let text = format!("{}Т.h {}", "-".repeat(before), "-".repeat(TOGETHER));
            for word in ["Тhе", "hТ"] {
                assert_ne!(
                    as_meant(&text.replace("Т.h", word)),
                    text.replace("Т.h", word),
                    "{before} {word}"
                );
            }
            assert_eq!(as_meant(&text), text);
        }
    }

    #[test]
    fn letters_that_look_the_same_are_those_of_the_word() {
        let cases = [
            ("Тhе сounсil mеt", "The council met"),
            ("в cpeду пpавительство", "в среду правительство"),
            ("the TV-сериал и 5G", "the TV-сериал и 5G"),
            ("wi-fi, Windows и iPhone", "wi-fi, Windows и iPhone"),
            ("Qжw", "Qжw"),
            ("s\u{336}t\u{336}r\u{336}uck, u\u{332}nder", "struck, under"),
            ("Т\u{336}h\u{336}е\u{336}", "The"),
            ("o\u{334}h e\u{301}", "o\u{334}h e\u{301}"),
        ];
        for (text, meant) in cases {
            assert_eq!(as_meant(text), meant, "{text}");
        }
    }
}
