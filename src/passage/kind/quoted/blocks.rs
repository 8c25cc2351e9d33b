//! Block quotes and indented paragraphs, line by line.
//!
//! *Block quotes* are lines that begin with `>` (indented by a few columns,
//! behind initials as in `xx>`, behind another mark as in `|>`), and runs of
//! at least two lines that begin with the same other mark (`|`, `:`, `=` and
//! the like, or initials before a bracket as in `[XX]`; not `-` and `*`, which
//! begin the items of lists). The marks of a line are counted: a reply to a
//! reply has two. A short line between two of them is the rest of a line that a mailer
//! wrapped, and a paragraph of up to three lines above that ends in a colon
//! says who is quoted; both belong to the block.
//!
//! *Indented* paragraphs are quoted, all of them, in a text where a line that
//! ends in a colon stands above an indented one. This is a weaker sign, since
//! lists and tables look alike; a document quotes another by it only where its
//! lines stand further in than there ([`mean_columns`]). A list, of which each item
//! begins with a bullet, is set in by everybody, and is quoted only behind other
//! indented lines. One pass over the lines.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use super::{Form, Quoted};
use crate::text::markup;

/// Columns that may stand before the mark of a block quote.
const MAX_INDENT: usize = 8;

/// Letters of the initials before a `>`.
const MAX_INITIALS: usize = 5;

/// Bytes of a line that a mailer wrapped off the line before: a few words.
const MAX_WRAPPED: usize = 32;

/// Lines of a paragraph that names who is quoted.
const MAX_ATTRIBUTION_LINES: usize = 3;

/// Columns of a tab stop.
const TAB: usize = 8;

/// Marks that some put before the lines of a block quote.
const LINE_MARKS: &[u8] = b"|:;}]%#!=+<$&~^`";

/// What begins the items of lists.
const BULLETS: [char; 6] = ['*', '-', '\u{2013}', '\u{2022}', '\u{b7}', '\u{25aa}'];

/// Columns counted at most, so that a line set to the right does not outweigh
/// the others.
const MAX_COLUMNS: usize = 16;

/// Marks counted at most; nobody reads deeper.
const MAX_DEPTH: u8 = 15;

/// Columns by which an indented paragraph stands further in than the line that
/// announces it, or than the same words where they are not quoted.
pub const MIN_INDENTED: u32 = 2;

/// A line of a text, which is shorter than 4 GiB.
struct TextLine {
    start: u32,
    end: u32,
    /// Columns before its first character.
    indent: u32,
    looks: Line,
    /// Marks that it begins with.
    depth: u8,
}

impl TextLine {
    fn bytes(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
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
    /// What a line looks like that begins with so many blanks, and how many
    /// marks it begins with.
    fn of(line: &[u8], blanks: usize) -> (Self, u8) {
        let mut rest = &line[blanks..];
        // What a page has in angle brackets says nothing of the line.
        while let Some((len, _)) = markup::tag(rest) {
            rest = rest[len..].trim_ascii_start();
        }
        if rest.is_empty() || rest == b"\r" {
            return (Self::Blank, 0);
        }
        let Some((looks, len)) = Self::mark(rest).filter(|_| blanks <= MAX_INDENT) else {
            return (Self::Plain, 0);
        };
        let (mut at, mut depth) = (len, 1);
        while depth < MAX_DEPTH {
            at += rest[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let Some((_, len)) = Self::mark(&rest[at..]) else { break };
            (at, depth) = (at + len, depth + 1);
        }
        (looks, depth)
    }

    /// The mark that a line begins with, behind its indentation, and its length.
    fn mark(line: &[u8]) -> Option<(Self, usize)> {
        let &first = line.first()?;
        let initials = |from: usize| {
            from + line[from..]
                .iter()
                .take(MAX_INITIALS)
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count()
        };
        let closed = |behind: usize| match line.get(behind) {
            Some(&closing @ (b']' | b'}' | b'|')) => Some((Self::Perhaps(closing | INITIALS), behind + 1)),
            _ => None,
        };
        let is_arrow = line.get(1) == Some(&b'>');
        match first {
            _ if first.is_ascii_alphanumeric() => {
                let behind = initials(0);
                let is_quoted = line.get(behind) == Some(&b'>');
                if is_quoted { Some((Self::Quoted, behind + 1)) } else { closed(behind) }
            }
            b'>' => Some((Self::Quoted, 1)),
            b'[' => closed(initials(1)).filter(|(_, len)| *len > 2),
            b'&' if line.starts_with(b"&gt;") => Some((Self::Quoted, 4)),
            b'&' if markup::reference(line).is_some() => None,
            b'-' => is_arrow.then_some((Self::Perhaps(first), 2)),
            _ if !LINE_MARKS.contains(&first) => None,
            _ if is_arrow => Some((Self::Quoted, 2)),
            _ => Some((Self::Perhaps(first), 1)),
        }
    }
}

/// Sets a bracket behind initials apart from one alone.
const INITIALS: u8 = 0x80;

/// The block quotes and indented paragraphs of a text, each from its first
/// line to its last.
pub(super) fn blocks(text: &str) -> Vec<Quoted> {
    let mut lines: Vec<TextLine> = Vec::with_capacity(memchr_iter(b'\n', text.as_bytes()).count() + 1);
    let (mut start, mut may_quote) = (0, false);
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text.as_bytes()[start..end];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let (looks, depth) = Line::of(line, blanks);
        let tabs = line[..blanks].iter().filter(|&&byte| byte == b'\t').count();
        let indent = (blanks + (TAB - 1) * tabs) as u32;
        may_quote |= matches!(looks, Line::Quoted | Line::Perhaps(_)) || indent >= MIN_INDENTED;
        lines.push(TextLine { start: start as u32, end: end as u32, indent, looks, depth });
        start = end + 1;
    }
    if !may_quote {
        return Vec::new();
    }
    let mut forms: Vec<Option<Form>> =
        (0..lines.len()).map(|at| is_marked(&lines, at).then(|| Form::Block(lines[at].depth))).collect();
    let wrapped: Vec<usize> = (0..lines.len()).filter(|&at| is_wrapped(&lines, &forms, at)).collect();
    wrapped.into_iter().for_each(|at| forms[at] = forms[at - 1]);
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
        let least = found.last().map_or(0, |last: &Quoted| last.bytes.end);
        let from = attribution(text, &lines, &forms, first).max(least);
        found.push(Quoted { bytes: from..lines[at - 1].bytes().end, form });
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
        && lines[at].bytes().len() <= MAX_WRAPPED
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
    // Whether indented lines that begin no item stand above, and none that is not
    // indented between.
    let mut is_quoting = false;
    while at < lines.len() {
        let is_inside = |line: &&TextLine| line.looks == Line::Plain && line.indent >= least;
        let count = lines[at..].iter().take_while(is_inside).count();
        // One indented line alone may be the first of a paragraph.
        if count > 1 || count == 1 && is_blank(lines.get(at + 1)) && is_blank(lines.get(at - 1)) {
            is_quoting |= !is_item(text, &lines[at]);
            if is_quoting {
                forms[at..at + count].iter_mut().for_each(|form| *form = Some(Form::Indented));
            }
        }
        is_quoting &= count > 0 || lines[at].looks == Line::Blank;
        at += count.max(1);
    }
}

/// Whether a line begins an item of a list.
fn is_item(text: &str, line: &TextLine) -> bool {
    let mut letters = text[line.bytes()].trim_start().chars();
    letters.next().is_some_and(|first| BULLETS.contains(&first))
        && letters.next().is_some_and(char::is_whitespace)
}

/// Columns before the first word of the lines of tokens that begin at `starts`,
/// in order: a mean over the tokens, each counted up to `MAX_COLUMNS`.
pub fn mean_columns(text: &str, starts: impl ExactSizeIterator<Item = usize>) -> f64 {
    let (mut sum, mut columns, mut behind) = (0, 0, 0);
    let count = starts.len().max(1);
    for start in starts {
        if start >= behind {
            let first = memrchr(b'\n', &text.as_bytes()[..start]).map_or(0, |end| end + 1);
            behind = memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |len| start + len);
            let is_before = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
            let before = text.as_bytes()[first..start].iter().take_while(is_before);
            columns = before.map(|&byte| if byte == b'\t' { TAB } else { 1 }).sum::<usize>().min(MAX_COLUMNS);
        }
        sum += columns;
    }
    sum as f64 / count as f64
}

fn ends_in_colon(text: &str, line: &TextLine) -> bool {
    match text.as_bytes()[line.bytes()].last() {
        Some(last) if last.is_ascii_graphic() => *last == b':',
        _ => text[line.bytes()].trim_end().ends_with([':', '：']),
    }
}

/// Where the attribution above a block begins, or else the block itself.
fn attribution(text: &str, lines: &[TextLine], forms: &[Option<Form>], first: usize) -> usize {
    let block = lines[first].bytes().start;
    let above = lines[..first].iter().rposition(|line| line.looks != Line::Blank);
    let Some(last) = above.filter(|&last| forms[last].is_none() && last + 3 > first) else { return block };
    if !ends_in_colon(text, &lines[last]) {
        return block;
    }
    let is_text = |at: usize| lines[at].looks != Line::Blank && forms[at].is_none();
    let count = (0..=last).rev().take_while(|&at| is_text(at)).take(MAX_ATTRIBUTION_LINES + 1).count();
    // The line above the colon alone, where a paragraph of prose ends in one.
    let taken = if count > MAX_ATTRIBUTION_LINES { 1 } else { count };
    lines[last + 1 - taken].bytes().start
}
