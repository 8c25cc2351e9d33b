//! What a text quotes: block quotes and quotation marks.
//!
//! *Block quotes* are lines that begin with `>` (indented by a few columns,
//! behind initials as in `xx>`, behind another mark as in `|>`), and runs of
//! at least two lines that begin with the same other mark (`|`, `:`, `}`, `;`
//! and the like; not `-` and `*`, which begin the items of lists).
//! A short line between two of them is the rest of a line that a mailer
//! wrapped, and a paragraph of up to three lines above that ends in a colon
//! says who is quoted; both belong to the block.
//!
//! *Indented* paragraphs are quoted, all of them, in a text where a line that
//! ends in a colon stands above an indented one. This is a weaker sign, since
//! lists and tables look alike.
//!
//! *Quotation marks* are those of the usual typographies. A quotation goes
//! from an opening mark to the next mark that closes it; marks inside it are
//! part of it. It ends with its paragraph at the latest, unless the next one
//! opens with the same mark again, as quotations of several paragraphs do. A
//! straight mark that nothing closes opens nothing: it is an inch, an
//! apostrophe or an error. A few words between two quotations of a paragraph
//! (“…,” she said. “…”) belong to them, and so does the end of the sentence
//! behind a comma (“…,” said the mayor.).
//!
//! No word is looked at, so the rules serve any language. One pass over the
//! bytes and one over the lines; O(n) in time, and space for the spans found.

use std::ops::Range;

use memchr::{memchr_iter, memchr3, memrchr};

/// How something is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Line by line, with a mark before each.
    Block,
    /// By indentation.
    Indented,
    /// Between quotation marks.
    Marks,
}

/// A stretch of a text that is quoted, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Where it stands.
    pub bytes: Range<usize>,
    /// How it is quoted.
    pub form: Form,
}

/// Columns that may stand before the mark of a block quote.
const MAX_INDENT: usize = 8;

/// Letters of the initials before a `>`.
const MAX_INITIALS: usize = 5;

/// Bytes of a line that a mailer wrapped off the line before: a few words.
const MAX_WRAPPED: usize = 32;

/// Lines of a paragraph that names who is quoted.
const MAX_ATTRIBUTION_LINES: usize = 3;

/// Words between two quotations, or behind one, that say who speaks.
const MAX_SPEECH_WORDS: usize = 10;

/// Bytes of a line from which it is a paragraph of its own: wrapped lines are
/// shorter.
const LONG_LINE: usize = 120;

/// The quoted stretches of a text, in order, apart from each other. Where both
/// forms meet, the block has it.
pub fn quoted(text: &str) -> Vec<Quoted> {
    let blocks = blocks(text);
    let marks = Marks::new(text).find();
    if blocks.is_empty() {
        return marks.into_iter().map(|bytes| Quoted { bytes, form: Form::Marks }).collect();
    }
    let mut found: Vec<Quoted> = Vec::with_capacity(blocks.len() + marks.len());
    let mut blocks = blocks.into_iter().peekable();
    for mut mark in marks {
        while let Some(block) = blocks.next_if(|block| block.bytes.start < mark.end) {
            if mark.start < block.bytes.start {
                found.push(Quoted { bytes: mark.start..block.bytes.start, form: Form::Marks });
            }
            mark.start = mark.start.max(block.bytes.end);
            found.push(block);
        }
        mark.start = mark.start.max(found.last().map_or(0, |last| last.bytes.end));
        if mark.start < mark.end {
            found.push(Quoted { bytes: mark, form: Form::Marks });
        }
    }
    found.extend(blocks);
    found
}

/// Columns of a tab stop.
const TAB: usize = 8;

/// Marks that some put before the lines of a block quote.
const LINE_MARKS: &[u8] = b"|:;}]%#!";

/// Columns by which an indented paragraph stands further in than the line that
/// announces it.
const MIN_INDENTED: usize = 2;

/// A line of a text.
struct TextLine {
    bytes: Range<usize>,
    looks: Line,
    /// Columns before its first character.
    indent: usize,
}

/// What a line looks like from its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Blank,
    Plain,
    /// Certainly quoted.
    Quoted,
    /// Quoted if its neighbour begins with the same mark.
    Perhaps(u8),
}

impl Line {
    /// Of a line that begins with so many blanks.
    fn of(line: &[u8], blanks: usize) -> Self {
        let rest = &line[blanks..];
        let Some(&first) = rest.first() else { return Self::Blank };
        if first == b'\r' && rest.len() == 1 {
            return Self::Blank;
        }
        if blanks > MAX_INDENT {
            return Self::Plain;
        }
        let initials = rest.iter().take(MAX_INITIALS).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        match (rest.get(initials), rest.get(1)) {
            (Some(b'>'), _) => Self::Quoted,
            (_, Some(b'>')) if LINE_MARKS.contains(&first) => Self::Quoted,
            (_, Some(b'>')) if first == b'-' => Self::Perhaps(first),
            _ if LINE_MARKS.contains(&first) => Self::Perhaps(first),
            _ => Self::Plain,
        }
    }
}

/// The block quotes and indented paragraphs of a text, each from its first
/// line to its last.
fn blocks(text: &str) -> Vec<Quoted> {
    let mut lines: Vec<TextLine> = Vec::new();
    let (mut start, mut may_quote) = (0, false);
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text.as_bytes()[start..end];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let looks = Line::of(line, blanks);
        let tabs = line[..blanks].iter().filter(|&&byte| byte == b'\t').count();
        let indent = blanks + (TAB - 1) * tabs;
        may_quote |= matches!(looks, Line::Quoted | Line::Perhaps(_)) || indent >= MIN_INDENTED;
        lines.push(TextLine { bytes: start..end, looks, indent });
        start = end + 1;
    }
    if !may_quote {
        return Vec::new();
    }
    let mut forms: Vec<Option<Form>> =
        (0..lines.len()).map(|at| is_marked(&lines, at).then_some(Form::Block)).collect();
    let wrapped: Vec<usize> = (0..lines.len()).filter(|&at| is_wrapped(&lines, &forms, at)).collect();
    wrapped.into_iter().for_each(|at| forms[at] = Some(Form::Block));
    mark_indented(text, &lines, &mut forms);
    let mut found: Vec<Quoted> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(form) = forms[at] else {
            at += 1;
            continue;
        };
        let first = at;
        at += forms[first..].iter().take_while(|of_line| **of_line == Some(form)).count();
        let least = found.last().map_or(0, |last| last.bytes.end);
        let from = attribution(text, &lines, &forms, first).max(least);
        found.push(Quoted { bytes: from..lines[at - 1].bytes.end, form });
    }
    found
}

/// Whether a mark says that a line is quoted.
fn is_marked(lines: &[TextLine], at: usize) -> bool {
    let own = lines[at].looks;
    match own {
        Line::Quoted => true,
        Line::Perhaps(_) => {
            // Some leave a blank line between the lines of a quotation.
            let is_text = |line: &&TextLine| line.looks != Line::Blank;
            let before = lines[at.saturating_sub(2)..at].iter().rev().find(is_text);
            let behind = lines[at + 1..lines.len().min(at + 3)].iter().find(is_text);
            [before, behind].into_iter().flatten().any(|line| line.looks == own)
        }
        _ => false,
    }
}

/// Whether an unmarked line between two marked ones was wrapped off the first.
fn is_wrapped(lines: &[TextLine], forms: &[Option<Form>], at: usize) -> bool {
    lines[at].looks == Line::Plain
        && lines[at].bytes.len() <= MAX_WRAPPED
        && at > 0
        && forms[at - 1].is_some()
        && forms.get(at + 1).is_some_and(Option::is_some)
}

/// Marks the indented paragraphs of a text in which a colon announces one.
fn mark_indented(text: &str, lines: &[TextLine], forms: &mut [Option<Form>]) {
    let is_plain = |at: usize| lines[at].looks == Line::Plain;
    let announces = |&at: &usize| {
        is_plain(at) && ends_in_colon(text, &lines[at]) && {
            let next = lines[at + 1..].iter().take(2).find(|line| line.looks != Line::Blank);
            next.is_some_and(|next| {
                next.looks == Line::Plain && next.indent >= lines[at].indent + MIN_INDENTED
            })
        }
    };
    let Some(announced) = (0..lines.len()).find(announces) else { return };
    let least = lines[announced].indent + MIN_INDENTED;
    let is_blank = |at: Option<&TextLine>| at.is_none_or(|line| line.looks == Line::Blank);
    let mut at = announced + 1;
    while at < lines.len() {
        let is_inside = |line: &&TextLine| line.looks == Line::Plain && line.indent >= least;
        let count = lines[at..].iter().take_while(is_inside).count();
        // One indented line alone may be the first of a paragraph.
        if count > 1 || count == 1 && is_blank(lines.get(at + 1)) && is_blank(lines.get(at - 1)) {
            forms[at..at + count].iter_mut().for_each(|form| *form = Some(Form::Indented));
        }
        at += count.max(1);
    }
}

fn ends_in_colon(text: &str, line: &TextLine) -> bool {
    text[line.bytes.clone()].trim_end().ends_with([':', '：'])
}

/// Where the attribution above a block begins, or else the block itself.
fn attribution(text: &str, lines: &[TextLine], forms: &[Option<Form>], first: usize) -> usize {
    let block = lines[first].bytes.start;
    let above = lines[..first].iter().rposition(|line| line.looks != Line::Blank);
    let Some(last) = above.filter(|&last| forms[last].is_none() && last + 3 > first) else { return block };
    if !ends_in_colon(text, &lines[last]) {
        return block;
    }
    let is_text = |at: usize| lines[at].looks != Line::Blank && forms[at].is_none();
    let count = (0..=last).rev().take_while(|&at| is_text(at)).take(MAX_ATTRIBUTION_LINES + 1).count();
    // The line above the colon alone, where a paragraph of prose ends in one.
    let taken = if count > MAX_ATTRIBUTION_LINES { 1 } else { count };
    lines[last + 1 - taken].bytes.start
}

/// A quotation that has not been closed yet.
#[derive(Clone, Copy)]
struct Open {
    /// The mark that opened it.
    mark: char,
    /// Where its words begin.
    from: usize,
}

/// Finds what stands in quotation marks.
struct Marks<'t> {
    text: &'t str,
    is_ascii: bool,
    open: Option<Open>,
    /// Where the last quotation of this paragraph ended, and whether a comma
    /// stood before the mark.
    closed: Option<(usize, bool)>,
    found: Vec<Range<usize>>,
}

impl<'t> Marks<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), open: None, closed: None, found: Vec::new() }
    }

    fn find(mut self) -> Vec<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(next) = self.next_mark(&bytes[at..]) {
            at += next;
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
    fn next_mark(&self, rest: &[u8]) -> Option<usize> {
        if self.is_ascii && self.open.is_none() && self.closed.is_none() {
            return memchr3(b'"', b'\'', b'`', rest);
        }
        rest.iter().position(|&byte| MAY_BE_MARK[usize::from(byte)])
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

#[cfg(test)]
mod tests;
