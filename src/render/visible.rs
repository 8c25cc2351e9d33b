//! Text of the input, made safe and measurable for a terminal.
//!
//! A scraped page may hold escape sequences, carriage returns, characters
//! that reverse the direction of a line, or a letter with a million accents.
//! Two readings neutralise them, in one pass, linear in the text read:
//!
//! * a *label* (id, path, source) keeps everything distinguishable: what
//!   cannot be printed is written as an escape such as `\u{1b}`;
//! * *prose* (title, excerpt) reads well: white space of any kind becomes one
//!   space, invisible format characters vanish, other control characters
//!   become U+FFFD.
//!
//! Both keep at most [`MAX_MARKS`] zero-width marks on one character, so that
//! text of a bounded width has a bounded length. Widths are sums over
//! characters: what terminals do that place each character alone, and never
//! less than what those do that join emoji.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// Zero-width marks kept on one character. Stacks of real scripts (vocalised
/// Hebrew with cantillation, Tibetan) stay below.
const MAX_MARKS: usize = 8;

/// Stands for what was cut off.
pub(crate) const ELLIPSIS: &str = "…";

/// What a character does to a terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// Takes one or two columns.
    Printable,
    /// Sits on the character before it.
    Mark,
    /// Separates words, and in part moves the cursor.
    Space,
    /// Takes no column and does nothing, or changes direction.
    Invisible,
    /// Moves, erases, colours, rings.
    Control,
}

fn nature(c: char) -> Nature {
    match c {
        ' '..='~' => Nature::Printable,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Nature::Space,
        // Joiners shape Persian, Indic scripts and emoji.
        '\u{200c}' | '\u{200d}' => Nature::Mark,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e007f}' => Nature::Invisible,
        _ if c.is_control() => Nature::Control,
        _ if columns(c) == 0 => Nature::Mark,
        _ => Nature::Printable,
    }
}

/// Columns that one printable character takes.
fn columns(c: char) -> usize {
    UnicodeWidthChar::width(c).unwrap_or(0)
}

/// Columns that neutral text takes.
pub(crate) fn width(neutral: &str) -> usize {
    if neutral.is_ascii() { neutral.len() } else { neutral.chars().map(columns).sum() }
}

/// `text` as a label. Neutral text comes back unchanged.
pub(crate) fn label(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut neutral = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        match nature(c) {
            Nature::Printable => neutral.push(c),
            Nature::Mark if marks < MAX_MARKS => neutral.push(c),
            Nature::Mark => {}
            Nature::Space | Nature::Invisible | Nature::Control => escape(c, &mut neutral),
        }
        marks = if nature(c) == Nature::Mark { marks + 1 } else { 0 };
    }
    Cow::Owned(neutral)
}

fn escape(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes every write"),
    }
}

/// The beginning of `text` as prose in at most `max_width` columns, and
/// whether that is all of it. White space at the ends is left out.
pub(crate) fn prose_prefix(text: &str, max_width: usize) -> (String, bool) {
    let mut neutral = String::new();
    let (mut used, mut marks, mut space) = (0, 0, false);
    for c in text.chars() {
        let nature = nature(c);
        if c == ' ' || nature == Nature::Space || (nature == Nature::Printable && c.is_whitespace()) {
            space = !neutral.is_empty();
            marks = 0;
            continue;
        }
        let shown = match nature {
            Nature::Invisible => continue,
            Nature::Control => '\u{fffd}',
            // A mark without a character to sit on is not shown.
            Nature::Mark if marks >= MAX_MARKS || space || neutral.is_empty() => continue,
            _ => c,
        };
        let needed = columns(shown) + usize::from(space);
        if used + needed > max_width {
            return (neutral, false);
        }
        if space {
            neutral.push(' ');
            space = false;
        }
        neutral.push(shown);
        used += needed;
        marks = if nature == Nature::Mark { marks + 1 } else { 0 };
    }
    (neutral, true)
}

/// The end of `text` as prose in at most `max_width` columns.
pub(crate) fn prose_suffix(text: &str, max_width: usize) -> String {
    let mut start = text.len();
    let (mut used, mut space) = (0, false);
    for (offset, c) in text.char_indices().rev() {
        let nature = nature(c);
        if nature == Nature::Space || c.is_whitespace() {
            space = used > 0;
            continue;
        }
        let needed = match nature {
            Nature::Mark | Nature::Invisible => continue,
            Nature::Control => 1,
            _ => columns(c),
        } + usize::from(space);
        if used + needed > max_width {
            break;
        }
        used += needed;
        space = false;
        start = offset;
    }
    prose_prefix(&text[start..], max_width).0
}

/// All of `text` as prose.
pub(crate) fn prose(text: &str) -> String {
    prose_prefix(text, usize::MAX).0
}

/// All of `text` as prose whose white space is still one space for each
/// character, also at the ends: for stretches of a text to be joined again.
pub(crate) fn spaced(text: &str) -> String {
    let mut marks = 0;
    let mut neutral = String::with_capacity(text.len());
    for c in text.chars() {
        let nature = nature(c);
        marks = if nature == Nature::Mark { marks + 1 } else { 0 };
        match nature {
            Nature::Invisible => {}
            Nature::Control => neutral.push('\u{fffd}'),
            Nature::Mark if marks > MAX_MARKS => {}
            Nature::Space => neutral.push(' '),
            _ if c.is_whitespace() => neutral.push(' '),
            _ => neutral.push(c),
        }
    }
    neutral
}

/// Length in bytes of the longest beginning of neutral text that takes at
/// most `max_width` columns, marks on its last character included.
pub(crate) fn fitting_len(neutral: &str, max_width: usize) -> usize {
    let mut used = 0;
    for (offset, c) in neutral.char_indices() {
        used += columns(c);
        if used > max_width {
            return offset;
        }
    }
    neutral.len()
}

/// A label in at most `max_width` columns, cut in its middle: ids and paths
/// differ at their ends.
pub(crate) fn short_label(text: &str, max_width: usize) -> String {
    let neutral = label(text);
    if fitting_len(&neutral, max_width) == neutral.len() {
        return neutral.into_owned();
    }
    let room = max_width.saturating_sub(1);
    let head = &neutral[..fitting_len(&neutral, room / 2)];
    format!("{head}{ELLIPSIS}{}", prose_suffix(&neutral, room - width(head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_show_what_cannot_be_printed() {
        let cases = [
            ("plain id-7", "plain id-7"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("line\nbreak\ttab\rreturn", "line\\nbreak\\ttab\\rreturn"),
            ("\u{9b}2J\u{7f}\0", "\\u{9b}2J\\u{7f}\\u{0}"),
            ("abc\u{202e}cba\u{2066}", "abc\\u{202e}cba\\u{2066}"),
            ("soft\u{ad}hyphen\u{200b}\u{feff}", "soft\\u{ad}hyphen\\u{200b}\\u{feff}"),
            ("\u{2028}\u{85}\u{e0041}", "\\u{2028}\\u{85}\\u{e0041}"),
            ("Zürich 東京 👩\u{200d}🚀", "Zürich 東京 👩\u{200d}🚀"),
        ];
        for (text, expected) in cases {
            assert_eq!(label(text), expected);
            assert_eq!(label(expected), expected, "neutral text stays");
        }
    }

    #[test]
    fn prose_reads_on_one_line() {
        let cases = [
            ("  two\r\n\r\n\twords\u{a0}here\u{2029} ", "two words here"),
            ("a\u{1b}[2Jb\u{7}", "a\u{fffd}[2Jb\u{fffd}"),
            ("co\u{ad}op\u{200b} \u{202e}x\u{200f}", "coop x"),
            ("\u{301}e\u{301} \u{301}", "e\u{301}"),
            ("东\u{3000}京", "东 京"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(prose(text), expected);
        }
    }

    #[test]
    fn marks_on_one_character_are_bounded() {
        let tower = format!("e{}x", "\u{301}".repeat(1_000_000));
        assert_eq!(prose(&tower).chars().count(), 2 + MAX_MARKS);
        assert_eq!(label(&tower).chars().count(), 2 + MAX_MARKS);
        assert_eq!(prose_suffix(&tower, 9), prose(&tower));
    }

    #[test]
    fn prefixes_and_suffixes_fit_and_do_not_split_characters() {
        let cases = [
            ("wire copy", 6, "wire c", "e copy"),
            ("wire copy", 5, "wire", "copy"),
            ("東京新聞", 5, "東京", "新聞"),
            ("cafe\u{301} e\u{301}", 4, "cafe\u{301}", "fe\u{301} e\u{301}"),
            ("abc", 0, "", ""),
        ];
        for (text, max_width, head, tail) in cases {
            assert_eq!(prose_prefix(text, max_width), (head.to_owned(), false), "{text:?}");
            assert_eq!(prose_suffix(text, max_width), tail, "{text:?}");
        }
        assert_eq!(prose_prefix("東京", 4), ("東京".to_owned(), true));
    }

    #[test]
    fn long_labels_lose_their_middle() {
        assert_eq!(short_label("feeds/2026/05/11/articles.jsonl#77", 15), "feeds/2…sonl#77");
        assert_eq!(short_label("short", 15), "short");
        assert!(width(&short_label(&"x".repeat(1 << 20), 24)) == 24);
    }
}
