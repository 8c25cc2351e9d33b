//! The non-blank lines of a text, stripped of what quotes and marks them up.
//!
//! Most lines of most texts hold no credit, so what decides that is found for
//! 64 bytes at a time: where lines end, and which have a bracket or a slash
//! ([`super::breaks`]).

use super::breaks::Breaks;

/// Marks that mail, Markdown and extracted pages put before a line.
const LEADING_MARKS: [char; 9] = ['>', '|', '*', '_', '#', '•', '“', '"', '\u{feff}'];

/// Marks that close emphasis or a quotation.
const TRAILING_MARKS: [char; 4] = ['*', '_', '"', '”'];

/// A line with something on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// Offset of `content` in the text.
    pub(super) start: usize,
    /// What stands between white space and marks.
    pub(super) content: &'t str,
    /// How many non-blank lines precede it.
    pub(super) nth: usize,
    /// Whether an opening bracket, round or square, or a slash stands on it.
    pub(super) has_opening: bool,
    /// The content of the line before it, if that is not empty.
    before: Option<&'t str>,
}

impl Line<'_> {
    /// What stands on the line before it, if that is not empty.
    pub(super) fn before(&self) -> Option<&str> {
        self.before
    }

    /// Whether it follows an empty line or the end of a sentence.
    pub(super) fn opens_paragraph(&self) -> bool {
        self.before.is_none_or(ends_sentence)
    }
}

/// Walks through the non-blank lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    breaks: Breaks<'t>,
    next: usize,
    nth: usize,
    before: Option<&'t str>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, breaks: Breaks::new(text.as_bytes()), next: 0, nth: 0, before: None }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    #[inline]
    fn next(&mut self) -> Option<Line<'t>> {
        while self.next < self.text.len() {
            let (end, has_opening) = self.breaks.next_break();
            let line = &self.text[self.next..end];
            let is_half_of_pair = line.is_empty()
                && self.text.as_bytes()[end] == b'\n'
                && end.checked_sub(1).is_some_and(|before| self.text.as_bytes()[before] == b'\r');
            if is_half_of_pair {
                self.next = end + 1;
                continue;
            }
            let opened = opened(line);
            let start = end - opened.len();
            self.next = end + 1;
            let content = closed(opened);
            if content.is_empty() {
                self.before = None;
                continue;
            }
            let found = Line { start, content, nth: self.nth, has_opening, before: self.before };
            self.nth += 1;
            self.before = Some(content);
            return Some(found);
        }
        None
    }
}

/// A line without white space and marks in front; most begin with a letter.
fn opened(line: &str) -> &str {
    let line = line.trim_ascii_start();
    if line.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return line;
    }
    line.trim_start_matches(|c: char| c.is_whitespace() || LEADING_MARKS.contains(&c))
}

/// A line without white space and marks behind.
fn closed(line: &str) -> &str {
    let line = line.trim_ascii_end();
    if line.as_bytes().last().is_some_and(u8::is_ascii_alphanumeric) {
        return line;
    }
    line.trim_end_matches(|c: char| c.is_whitespace() || TRAILING_MARKS.contains(&c))
}

/// Whether a sentence may begin behind `text`: it is empty, ends with a line
/// break, or with what ends sentences.
pub(super) fn ends_sentence(text: &str) -> bool {
    let mut rest = text.trim_end_matches([' ', '\t', '\u{a0}']);
    if rest.is_empty() || rest.ends_with(['\n', '\r']) {
        return true;
    }
    rest = rest.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '」', '）']);
    rest.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟'])
}

/// At most `limit` bytes from the start of `text`, cut between characters.
pub(super) fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// At most `limit` bytes from the end of `text`, cut between characters.
pub(super) fn tail(text: &str, limit: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(limit))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_stripped_and_know_their_place() {
        let text = "\u{feff}Title\r\n\r\n> \tBody one.\rBody two\n\u{a0}\n\n* (Source: **X**)\n";
        let lines: Vec<_> = Lines::new(text).map(|l| (l.content, l.nth, l.opens_paragraph())).collect();
        let expected =
            [("Title", 0, true), ("Body one.", 1, true), ("Body two", 2, true), ("(Source: **X**)", 3, true)];
        assert_eq!(lines, expected);
        for line in Lines::new(text) {
            assert!(text[line.start..].starts_with(line.content));
        }
        let wrapped: Vec<_> = Lines::new("one\ntwo").map(|l| l.opens_paragraph()).collect();
        assert_eq!(wrapped, [true, false]);
    }

    #[test]
    fn windows_are_cut_between_characters() {
        assert_eq!((head("aé", 2), tail("éa", 2)), ("a", "a"));
        assert_eq!((head("ab", 9), tail("ab", 9)), ("ab", "ab"));
    }
}
