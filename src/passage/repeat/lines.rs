//! Lines that a document repeats in another line.
//!
//! A line of at least [`MIN_LINE_TOKENS`] tokens that makes up `LINE_SHARE` of
//! another (a headline printed twice, with or without a label) is found by
//! looking up the parts of every line among the whole lines. Time O(n) in the
//! tokens of lines in which anything recurs.

use std::collections::HashMap;

use super::{Occurrences, Repeated};
use crate::hash;
use crate::params::MIN_LINE_TOKENS;
use crate::passage::prepared::{Prepared, Range};

/// Share of another line's tokens that the repeated line must make up.
const LINE_SHARE: f64 = 0.8;

/// Lines that make up most of another line and lie in no repeat yet.
pub(super) fn repeated_lines(
    text: &str,
    document: &Prepared,
    min_tokens: usize,
    known: &[Repeated],
) -> Vec<Repeated> {
    let is_line = |line: &Range| (MIN_LINE_TOKENS..min_tokens).contains(&line.len());
    let recurring = Recurring::new(document);
    if recurring.is_nowhere() {
        return Vec::new();
    }
    let lines = lines(text, document, &recurring);
    let digest = |range: Range| hash::digest(&document.tokens[range.start..range.end]);
    let mut whole: HashMap<u128, Range> = HashMap::new();
    for &line in lines.iter().filter(|line| is_line(line)) {
        whole.entry(digest(line)).or_insert(line);
    }
    let inside = Inside::new(known);
    let mut places = Occurrences::default();
    for &line in &lines {
        let least = MIN_LINE_TOKENS.max((LINE_SHARE * line.len() as f64).ceil() as usize);
        if least >= min_tokens || inside.contains(line) {
            continue;
        }
        for len in (least..=line.len()).rev() {
            let parts = (line.start..=line.end - len).map(|start| Range::new(start, start + len));
            let mut matches = parts
                .filter(|part| recurring.starts_at(part.start))
                .filter_map(|part| Some((part, *whole.get(&digest(part))?)));
            if let Some((part, other)) = matches.find(|(part, other)| part.overlap(*other) == 0) {
                places.add(other, part, 1.0);
                break;
            }
        }
    }
    places.into_repeats()
}

/// Where shingles begin that the document has more than once. Nothing of
/// `MIN_LINE_TOKENS` tokens recurs elsewhere, as long as a shingle is not
/// longer than that.
struct Recurring {
    starts: Vec<bool>,
}

impl Recurring {
    fn new(document: &Prepared) -> Self {
        let is_unknown = document.shingle_len() > MIN_LINE_TOKENS;
        if !is_unknown && document.shingles.recurring().next().is_none() {
            return Self { starts: Vec::new() };
        }
        let mut starts = vec![is_unknown; document.len()];
        for places in document.shingles.recurring() {
            places.iter().for_each(|&place| starts[place as usize] = true);
        }
        Self { starts }
    }

    /// Whether nothing recurs.
    fn is_nowhere(&self) -> bool {
        self.starts.is_empty()
    }

    fn starts_at(&self, token: usize) -> bool {
        self.starts[token]
    }

    /// The first token from `token` on that begins such a shingle.
    fn next(&self, token: usize) -> Option<usize> {
        self.starts[token..].iter().position(|&starts| starts).map(|passed| token + passed)
    }
}

/// Characters that end a line.
const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Token ranges of the lines in which something begins that recurs, in order.
fn lines(text: &str, document: &Prepared, recurring: &Recurring) -> Vec<Range> {
    let begins_line = |token: usize| {
        let (from, to) = (document.token_end(token - 1), document.token_start(token));
        let gap = &text[from.min(to)..to];
        gap != " " && gap.contains(LINE_ENDS)
    };
    let mut lines = Vec::new();
    let mut behind = 0;
    while let Some(token) = recurring.next(behind) {
        let start = (behind + 1..=token).rev().find(|&token| begins_line(token)).unwrap_or(behind);
        let end = (token + 1..document.len()).find(|&token| begins_line(token)).unwrap_or(document.len());
        lines.push(Range::new(start, end));
        behind = end;
    }
    lines
}

/// The token ranges that repeats cover, for look-up.
struct Inside {
    ranges: Vec<Range>,
}

impl Inside {
    fn new(repeats: &[Repeated]) -> Self {
        let mut all: Vec<Range> = repeats.iter().flat_map(|repeat| repeat.ranges.iter().copied()).collect();
        all.sort_unstable();
        let mut ranges: Vec<Range> = Vec::with_capacity(all.len());
        for range in all {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        Self { ranges }
    }

    fn contains(&self, range: Range) -> bool {
        let behind = self.ranges.partition_point(|known| known.start <= range.start);
        behind > 0 && self.ranges[behind - 1].end >= range.end
    }
}
