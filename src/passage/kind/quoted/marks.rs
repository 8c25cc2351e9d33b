//! What stands between quotation marks.
//!
//! The marks are those of the usual typographies. A quotation goes
//! from an opening mark to the next mark that closes it; marks inside it are
//! part of it. It ends with its paragraph at the latest, unless the next one
//! opens with the same mark again, as quotations of several paragraphs do. A
//! straight mark that nothing closes opens nothing: it is an inch, an
//! apostrophe or an error. A few words between two quotations of a paragraph
//! (“…,” she said. “…”) belong to them, and so does the end of the sentence
//! behind a comma (“…,” said the mayor.). One pass over the bytes.

use std::ops::Range;

use memchr::{memchr, memchr3, memrchr};

/// Words between two quotations, or behind one, that say who speaks.
const MAX_SPEECH_WORDS: usize = 10;

/// Bytes of a line from which it is a paragraph of its own: wrapped lines are
/// shorter.
const LONG_LINE: usize = 120;

/// A quotation that has not been closed yet.
#[derive(Clone, Copy)]
struct Open {
    /// The mark that opened it.
    mark: char,
    /// Where its words begin.
    from: usize,
}

/// Finds what stands in quotation marks.
pub(super) struct Marks<'t> {
    text: &'t str,
    is_ascii: bool,
    /// Where the next mark stands, as far as it was looked for; ASCII only.
    next: usize,
    open: Option<Open>,
    /// Where the last quotation of this paragraph ended, and whether a comma
    /// stood before the mark.
    closed: Option<(usize, bool)>,
    found: Vec<Range<usize>>,
}

impl<'t> Marks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), next: 0, open: None, closed: None, found: Vec::new() }
    }

    /// The quotations, in order.
    pub(super) fn find(mut self) -> Vec<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(next) = self.next_mark(at) {
            at = next;
            if bytes[at] == b'\n' {
                if self.is_paragraph_end(at) {
                    self.end_paragraph(at);
                }
                at += 1;
                continue;
            }
            let (mark, len) = mark_at(self.text, at);
            self.meet(mark, at, len);
            at += len;
        }
        self.end_paragraph(bytes.len());
        self.found
    }

    /// Where the next mark may stand, or the next line break, if that can end
    /// something.
    fn next_mark(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if !self.is_ascii {
            return bytes[at..]
                .iter()
                .position(|&byte| MAY_BE_MARK[usize::from(byte)])
                .map(|passed| at + passed);
        }
        if self.next <= at {
            self.next = memchr3(b'"', b'\'', b'`', &bytes[at..]).map_or(bytes.len(), |passed| at + passed);
        }
        let is_inside = self.open.is_some() || self.closed.is_some();
        let line_break = if is_inside { memchr(b'\n', &bytes[at..self.next]) } else { None };
        let next = line_break.map_or(self.next, |passed| at + passed);
        (next < bytes.len()).then_some(next)
    }

    /// Whether the line break at `at` ends a paragraph: before a blank or an
    /// indented line, and behind a line longer than wrapped ones are.
    fn is_paragraph_end(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let next = &bytes[at + 1..];
        let indent = next.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        let is_behind_long_line =
            || at > LONG_LINE && memrchr(b'\n', &bytes[at - LONG_LINE - 1..at]).is_none();
        indent >= 2 || matches!(next.get(indent), Some(b'\n') | None) || is_behind_long_line()
    }

    fn meet(&mut self, mark: char, at: usize, len: usize) {
        let before = self.text[..at].chars().next_back();
        let behind = self.text[at + len..].chars().next();
        let may_open = before.is_none_or(|c| !c.is_alphanumeric() && !is_stop(c))
            && behind.is_some_and(|c| !c.is_whitespace());
        match self.open {
            Some(open) if closes(open.mark, mark) => {
                let ends_sentence = before.is_some_and(is_stop) || before == Some(',');
                let is_apostrophe = matches!(mark, '’' | '\'')
                    && (behind.is_some_and(char::is_alphanumeric) || !ends_sentence);
                let is_straight_opening = mark == '"' && before.is_some_and(char::is_whitespace);
                if is_straight_opening {
                    self.open = may_open.then_some(Open { mark, from: at + len });
                } else if !is_apostrophe {
                    self.push(open.from..at);
                    self.closed = Some((at + len, before == Some(',') || behind == Some(',')));
                    self.open = None;
                }
            }
            // The mark again, without one that closes: the first was an error.
            Some(open) if open.mark == mark && may_open => self.open = Some(Open { mark, from: at + len }),
            Some(_) => {}
            None if opens(mark) && (may_open || matches!(mark, '「' | '『')) => {
                self.bridge(at);
                self.open = Some(Open { mark, from: at + len });
            }
            None => {}
        }
    }

    /// Joins the quotation before with the one that opens at `at`, if only a
    /// few words stand between them.
    fn bridge(&mut self, at: usize) {
        let Some((end, _)) = self.closed.take() else { return };
        if self.text[end..at].split_whitespace().nth(MAX_SPEECH_WORDS).is_none() {
            self.push(end..at);
        }
    }

    fn end_paragraph(&mut self, at: usize) {
        if let Some((end, true)) = self.closed.take() {
            self.take_speaker(&self.text[end..at], end);
        }
        let Some(open) = self.open.take() else { return };
        let next = self.text[at..].trim_start();
        if next.starts_with(open.mark) && next.chars().nth(1).is_some_and(|c| !c.is_whitespace()) {
            self.push(open.from..at);
            // What follows meets the mark again and opens anew.
        } else if !matches!(open.mark, '"' | '\'' | '‘') {
            self.push(open.from..at);
        }
    }

    /// Takes in the end of a sentence that says who speaks.
    fn take_speaker(&mut self, rest: &str, from: usize) {
        let end = rest.find(['.', '!', '?', '。']).unwrap_or(rest.len());
        if rest[..end].split_whitespace().nth(MAX_SPEECH_WORDS).is_none() {
            self.push(from..from + end);
        }
    }

    fn push(&mut self, bytes: Range<usize>) {
        match self.found.last_mut() {
            // What joins on is one, the marks between included.
            Some(last) if bytes.start <= last.end + '“'.len_utf8() => last.end = bytes.end.max(last.end),
            _ if bytes.is_empty() => {}
            _ => self.found.push(bytes),
        }
    }
}

/// Bytes with which a quotation mark or a line break begins.
static MAY_BE_MARK: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = [b'"', b'\'', b'`', b'\n', 0xc2, 0xe2, 0xe3];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// The mark at a byte and its length; two graves or apostrophes are one mark,
/// given as what they stand for. Other characters come as they are.
fn mark_at(text: &str, at: usize) -> (char, usize) {
    match &text.as_bytes()[at..] {
        [b'`', b'`', ..] => ('“', 2),
        [b'\'', b'\'', ..] => ('”', 2),
        _ => text[at..].chars().next().map_or(('\0', 1), |c| (c, c.len_utf8())),
    }
}

/// Whether a quotation can begin with this mark.
fn opens(mark: char) -> bool {
    matches!(mark, '"' | '\'' | '“' | '”' | '„' | '«' | '»' | '‘' | '‚' | '「' | '『')
}

/// Whether a quotation that began with one mark ends with the other. German
/// closes with the mark that English opens with, and some turn the guillemets.
fn closes(open: char, mark: char) -> bool {
    match open {
        '"' | '\'' => mark == open,
        '“' => mark == '”',
        '”' => mark == '”' || mark == '“',
        '„' => matches!(mark, '“' | '”' | '"'),
        '«' => mark == '»',
        '»' => mark == '«' || mark == '»',
        '‘' => mark == '’',
        '‚' => mark == '‘' || mark == '’',
        '「' => mark == '」',
        '『' => mark == '』',
        _ => false,
    }
}

/// Whether a character ends a sentence, as far as quotations are concerned.
fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。')
}
