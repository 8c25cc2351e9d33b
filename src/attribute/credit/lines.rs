//! The non-blank lines of a text, stripped of what quotes and marks them up.
//!
//! Most lines of most texts hold no credit, so what decides that is found for
//! 64 bytes at a time: where lines end, and which have a bracket or a slash
//! ([`super::breaks`]).

use super::breaks::Breaks;

/// Marks that mail, Markdown and extracted pages put before a line.
const LEADING_MARKS: [char; 9] = ['>', '|', '*', '_', '#', '•', '“', '"', '\u{feff}'];

/// Bytes of a word that headlines write with a capital.
const LONG_WORD_BYTES: usize = 4;

/// Bytes of a place in capitals, and of a place with its date.
const PLACE_BYTES: usize = 24;
const DATED_BYTES: usize = 48;

/// What the names of months begin with, in small letters.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

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

    /// Whether a sentence runs on from the line before it: that one is not
    /// finished, and most of its longer words are small, as in no headline.
    pub(super) fn continues_prose(&self) -> bool {
        let Some(before) = self.before.filter(|before| !ends_sentence(before)) else { return false };
        let long = before.split_whitespace().filter(|word| word.len() >= LONG_WORD_BYTES);
        let (small, all) = long.fold((0, 0), |(small, all), word| {
            (small + usize::from(word.starts_with(char::is_lowercase)), all + 1)
        });
        small >= 2 && 2 * small > all
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

/// Whether the next line begins like a dateline: a place in capitals, or one
/// and a date, "Washington, May 24."
pub(super) fn is_before_dateline(line: &Line<'_>, text: &str) -> bool {
    let behind = text[line.start + line.content.len()..].trim_start_matches(|c: char| !c.is_alphanumeric());
    if !behind.starts_with(char::is_uppercase) {
        // A speck may stand before it.
        let is_speck = behind.as_bytes().get(1) == Some(&b' ');
        return is_speck && is_place_in_capitals(behind);
    }
    is_place_in_capitals(behind) || is_dated(head(behind, DATED_BYTES))
}

fn is_place_in_capitals(text: &str) -> bool {
    let place = head(text, PLACE_BYTES);
    let place = &place[..place.find([',', '.', '(', ';']).unwrap_or(0)];
    let capitals = place.chars().filter(|c| c.is_uppercase()).count();
    capitals >= 3 && 2 * capitals > place.len()
}

/// Whether a month and no word in small letters follow a few capitalised words
/// and specks. The date of a paper has a day of the week.
fn is_dated(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_month = |word: &str| {
        word.get(..3).is_some_and(|start| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(start)))
    };
    let is_place = |word: &str| !word.starts_with(char::is_lowercase) || word.len() == 1;
    // A place may begin like a month: "Marathon".
    let has_place = words.next().is_some_and(is_place);
    has_place
        && words.by_ref().take_while(|word| is_place(word)).any(is_month)
        && words.next().is_none_or(|day| !day.starts_with(char::is_lowercase) || day.len() <= 2)
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
