//! UTF-8 that was read as a code page of one byte: `â€™` for `’`, `Ð¿Ñ€Ð¸` and
//! `РїСЂРё` for `при`.
//!
//! Characters stand for the bytes that they have in the code page. A *unit* is
//! so many of them as make one character of UTF-8. Texts have units that are
//! none: `é »` of French, `ß“` of German. But what can follow a letter there is
//! nearly only punctuation, and hardly ever do two units touch. So a unit is
//! read as what it stands for if another touches it, or if it has a character
//! that follows no letter (which only units of the Latin code page do, since
//! in the Cyrillic one these are letters). A text with [`CERTAIN`] units that
//! touch was read wrongly as a whole, and so each unit counts in it: words of
//! one letter stand alone.

use memchr::memchr_iter;
use memchr::memmem::Finder;

use super::mended::Edited;

/// Units that touch, from which on all are mended.
const CERTAIN: usize = 16;

/// What bytes 0x80 to 0x9f are in Windows-1252; those that it lacks are controls.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What bytes 0x80 to 0xbf are in Windows-1251.
const CP1251: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’', '“', '”',
    '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{a0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦', '§',
    'Ё', '©', 'Є', '«', '¬', '\u{ad}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є', '»',
    'ј', 'Ѕ', 'ѕ', 'ї',
];

/// What may follow a letter in a text that is as it should be: punctuation, and
/// other signs behind words in capitals.
const PUNCTUATION: &str = "\u{a0}\u{ad}‘’“”«»‹›–—…‚„";
const SIGNS: &str = "™®©²³¹·ºª°§†‡•";

/// The code pages that UTF-8 is read as.
#[derive(Clone, Copy, PartialEq)]
enum Page {
    Latin,
    Cyrillic,
}

/// The character that a byte is in Windows-1252.
pub(super) fn of_cp1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => CP1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl Page {
    /// The byte that a character was read from, if it was one outside of ASCII.
    fn byte(self, c: char) -> Option<u8> {
        let place = |table: &[char]| table.iter().position(|&of| of == c).map(|at| 0x80 + at as u8);
        match (self, c) {
            (Self::Latin, '\u{80}'..='\u{ff}') => u8::try_from(u32::from(c)).ok(),
            (Self::Latin, _) => place(&CP1252),
            (Self::Cyrillic, 'А'..='я') => Some(0xc0 + (u32::from(c) - u32::from('А')) as u8),
            (Self::Cyrillic, _) => place(&CP1251),
        }
    }
}

/// Some characters that are one of UTF-8.
#[derive(Clone, Copy)]
struct Unit {
    start: usize,
    end: usize,
    stands_for: char,
    /// Whether one of them follows no letter.
    is_sure: bool,
}

/// Puts into the place of units what they stand for.
pub(super) fn replace(text: &str, edited: &mut Edited<'_>) {
    // Units begin with À to ô, or with one of two Cyrillic capitals (and with в,
    // where they stand for punctuation).
    let latin = memchr_iter(0xc3, text.as_bytes());
    let mut units = units(text, Page::Latin, latin);
    if units.is_empty() {
        // Typographic marks in other code pages stay: without these two nothing is a word.
        let [er, es] = [Finder::new("Р"), Finder::new("С")];
        let mut starts: Vec<usize> =
            er.find_iter(text.as_bytes()).chain(es.find_iter(text.as_bytes())).collect();
        starts.sort_unstable();
        units = self::units(text, Page::Cyrillic, starts.into_iter());
    }
    let touches = |at: usize| {
        let before = at > 0 && units[at - 1].end == units[at].start;
        before || units.get(at + 1).is_some_and(|next| next.start == units[at].end)
    };
    let is_whole = (0..units.len()).filter(|&at| touches(at)).count() >= CERTAIN;
    for (at, unit) in units.iter().enumerate() {
        if is_whole || unit.is_sure || touches(at) {
            edited.replace(unit.start, unit.end, unit.stands_for.encode_utf8(&mut [0; 4]));
        }
    }
}

/// The units that begin at one of `starts`, in order.
fn units(text: &str, page: Page, starts: impl Iterator<Item = usize>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for start in starts {
        if units.last().is_none_or(|last| last.end <= start) {
            units.extend(unit(text, page, start));
        }
    }
    units
}

/// The unit that begins at `start`.
fn unit(text: &str, page: Page, start: usize) -> Option<Unit> {
    let mut chars = text[start..].chars();
    let first = page.byte(chars.next()?)?;
    let len = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [first, 0, 0, 0];
    let mut is_sure = false;
    for byte in &mut bytes[1..len] {
        let c = chars.next()?;
        *byte = page.byte(c).filter(|byte| (0x80..0xc0).contains(byte))?;
        is_sure |= page == Page::Latin && !may_follow(first, c, chars.as_str());
    }
    let stands_for = str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
    let end = text.len() - chars.as_str().len();
    Some(Unit { start, end, stands_for, is_sure })
}

/// Whether `c` may follow the letter that is the byte `first`, before `rest`, in
/// a text that is as it should be. Hardly a word ends in Â, and few in Ã, Ä or Å.
fn may_follow(first: u8, c: char, rest: &str) -> bool {
    match first {
        0xc2 => false,
        0xc3 => c != '\u{a0}' && PUNCTUATION.contains(c),
        0xc4 | 0xc5 => PUNCTUATION.contains(c) && !rest.starts_with(|next: char| next.is_ascii_lowercase()),
        _ => PUNCTUATION.contains(c) || SIGNS.contains(c),
    }
}

#[cfg(test)]
mod tests {
    use super::super::mended::Mended;
    use super::*;

    fn mended(text: &str) -> String {
        Mended::of(text).map_or_else(|| text.to_owned(), |mended| mended.text().to_owned())
    }

    /// `text` as it is read in a code page.
    fn misread(text: &str, page: Page) -> String {
        let char_of = |byte: u8| match (byte, page) {
            (..0x80, _) => char::from(byte),
            (_, Page::Latin) => of_cp1252(byte),
            (0x80..0xc0, Page::Cyrillic) => CP1251[usize::from(byte - 0x80)],
            (_, Page::Cyrillic) => char::from_u32(u32::from('А') + u32::from(byte - 0xc0)).unwrap(),
        };
        text.bytes().map(char_of).collect()
    }

    #[test]
    fn words_are_read_as_what_they_were() {
        let both = ["правительство", "Ελλάδα", "日本語の文章", "שלום", "مرحبا"];
        let latin = ["don’t", "“Yes”, he said — twice…", "Łódź świat", "naïve é", "Größe"];
        for text in both {
            assert_eq!(mended(&misread(text, Page::Latin)), text);
            assert_eq!(mended(&misread(&misread(text, Page::Latin), Page::Latin)), text);
        }
        for text in latin {
            assert_eq!(mended(&misread(text, Page::Latin)), text);
        }
        assert_eq!(mended(&misread("правительство", Page::Cyrillic)), "правительство");
        assert_eq!(mended("Â£5 at 20Â°"), "£5 at 20°", "hardly a word ends in Â");
    }

    #[test]
    fn words_of_one_letter_follow_the_rest() {
        let text = "В начале было слово, и слово было у Бога, а в нём";
        for page in [Page::Latin, Page::Cyrillic] {
            assert_eq!(mended(&misread(text, page)), text);
        }
        assert_eq!(mended("Ð² x"), "Ð² x");
    }

    #[test]
    fn marks_behind_letters_are_no_such_form() {
        for text in [
            "« santé\u{a0}»",
            "„Spaß“",
            "LE CAFÉ”",
            "salarié·e·s",
            "CAFÉ… À “",
            "km² à 3²",
            "Рівне, Січень, Сёмга",
            "СССР» и РФ”",
            "MAÇÃ”",
        ] {
            assert!(Mended::of(text).is_none(), "{text}: {}", mended(text));
        }
    }
}
