//! Which forms of damage a text may have, by one pass over its bytes.
//!
//! Every form that [`super::mended`] replaces begins with one of a few bytes,
//! and what follows it is of a few kinds. So a text in which none of these
//! pairs stands needs no search of its own for each form. A block of [`BLOCK`]
//! bytes is first asked for any of these bytes at all, and only what has one
//! for pairs. Both loops have no branch, so that the compiler makes vectors of
//! them; the answer is the same on every machine.

use multiversion::multiversion;

/// Bytes that are asked together: few enough that one dash or quotation mark
/// costs little, enough to pay for the branch behind them.
const BLOCK: usize = 256;

/// An element, a reference or an escape may stand in the text.
const MARKUP: u8 = 1;
/// A character may be a byte of UTF-8 that was read as Windows-1252.
const LATIN: u8 = 2;
/// There may be lines through letters.
const LINES: u8 = 4;
/// There may be Cyrillic letters, or what UTF-8 that was read as Windows-1251
/// begins with.
const CYRILLIC: u8 = 8;

/// What a text may have. What is not said, it has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(u8);

impl Hints {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        Self(of_bytes(text.as_bytes()))
    }

    /// Whether nothing is to be looked for.
    pub(super) fn are_none(self) -> bool {
        self.0 == 0
    }

    /// Whether there may be elements, references or escapes.
    pub(super) fn markup(self) -> bool {
        self.0 & MARKUP != 0
    }

    /// Whether UTF-8 may have been read as another encoding.
    pub(super) fn mojibake(self) -> bool {
        self.0 & (LATIN | CYRILLIC) != 0
    }

    /// Whether letters may be disguised.
    pub(super) fn disguised(self) -> bool {
        self.0 & (LINES | CYRILLIC) != 0
    }
}

#[multiversion(targets("x86_64+avx2", "x86_64+sse4.1"))]
fn of_bytes(bytes: &[u8]) -> u8 {
    let mut all = 0;
    for first in (0..bytes.len()).step_by(BLOCK) {
        let behind = bytes.len().min(first + BLOCK);
        let block = &bytes[first..behind];
        let any = block.iter().fold(0, |any, &byte| {
            any | u8::from(byte == b'<') | u8::from(byte == b'&') | u8::from(byte == b'\\') | (byte & 0x80)
        });
        if any != 0 {
            // No form is complete with the last byte of a text.
            let next = &bytes[first + 1..bytes.len().min(behind + 1)];
            all |= block.iter().zip(next).fold(0, |all, (&byte, &next)| all | of_pair(byte, next));
        }
    }
    all
}

/// What a byte may begin, and the next one does not rule out.
#[inline(always)]
fn of_pair(byte: u8, next: u8) -> u8 {
    let is_letter = (next | 0x20).wrapping_sub(b'a') < 26;
    let is_escape = (next == b'u') | (next == b'n') | (next == b'r') | (next == b't');
    let is_tag = (byte == b'<') & (is_letter | (next == b'/') | (next == b'!'));
    let is_reference = (byte == b'&') & (is_letter | (next == b'#'));
    let is_markup = is_tag | is_reference | ((byte == b'\\') & is_escape);
    (u8::from(is_markup) * MARKUP)
        | (u8::from(byte == 0xc3) * LATIN)
        | (u8::from(byte == 0xcc) * LINES)
        | (u8::from(byte.wrapping_sub(0xd0) < 5) * CYRILLIC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::mended::Edited;
    use crate::text::{disguised, markup, mojibake};

    #[test]
    fn what_begins_no_form_is_no_hint() {
        for text in ["", "<", "3 < 4 & 5 > 4", "“L’ovest”, disse – oggi", "C:\\Data", "日本語の記事"]
        {
            assert!(Hints::of(text).are_none(), "{text}");
        }
        for (text, hint) in [("AT&T", MARKUP), ("così è", LATIN), ("Тhе", CYRILLIC), ("a\u{336}", LINES)]
        {
            assert_eq!(Hints::of(text), Hints(hint), "{text}");
        }
    }

    proptest! {
        /// Across the borders of blocks too.
        #[test]
        fn what_is_replaced_was_hinted_at(
            before in 0..2 * BLOCK,
            parts in prop::collection::vec(prop::sample::select(vec![
                "<p>", "</b>", "<!-- x -->", "<", "&amp;", "&#8217;", "&", "\\u043f", "\\n", "\\", "Ã©", "â€™",
                "Ð¿Ñ€Ð¸", "РїСЂРё", "Т", "he", "сouncil", "e\u{336}", "\u{332}", "é", "ь", " ", "a", "Â ",
            ]), 0..12),
        ) {
            let text = "x".repeat(before) + &parts.concat();
            let hints = Hints::of(&text);
            let is_replaced = |replace: fn(&str, &mut Edited<'_>)| {
                let mut edited = Edited::new(&text);
                replace(&text, &mut edited);
                edited.finish().is_some()
            };
            prop_assert!(hints.markup() || !is_replaced(markup::replace));
            prop_assert!(hints.mojibake() || !is_replaced(mojibake::replace));
            prop_assert!(hints.disguised() || !is_replaced(disguised::replace));
        }
    }
}
