//! NFKC, case folding, NFKC of a few characters, with their provenance.
//!
//! The iterators of `unicode-normalization` give the characters but not where
//! they came from, so the two steps of canonical ordering and composition
//! (Unicode 3.11, D109 and D117) are spelt out here; the tables are the crate's.
//! Time n log n in the characters, for sorting marks, space linear.

use std::iter;
use std::ops::Range;

use caseless::Caseless;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

/// A character and the bytes of the text that it was made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) character: char,
    combining_class: u8,
    start: usize,
    end: usize,
}

impl Source {
    /// A character that stands at `span`.
    pub(super) fn new(character: char, span: Range<usize>) -> Self {
        let combining_class = canonical_combining_class(character);
        Self { character, combining_class, start: span.start, end: span.end }
    }

    /// The bytes of the text.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    fn becomes(&self, character: char) -> Self {
        Self::new(character, self.span())
    }

    fn cover(&mut self, other: &Self) {
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
    }
}

/// Normalises; keeps its buffers.
#[derive(Debug, Default)]
pub(super) struct Normalizer {
    sources: Vec<Source>,
    spare: Vec<Source>,
}

impl Normalizer {
    /// The normal form of `sources`, which hold no ignorable character.
    pub(super) fn normalize(&mut self, sources: impl Iterator<Item = Source>) -> &[Source] {
        self.sources.clear();
        self.sources.extend(sources);
        self.compose_compatible();
        self.spare.clear();
        for source in &self.sources {
            let folded = iter::once(source.character).default_case_fold();
            self.spare.extend(folded.map(|c| source.becomes(c)));
        }
        std::mem::swap(&mut self.sources, &mut self.spare);
        self.compose_compatible();
        &self.sources
    }

    /// Gives back memory beyond `bytes` per buffer.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        for buffer in [&mut self.sources, &mut self.spare] {
            buffer.clear();
            buffer.shrink_to(bytes / size_of::<Source>());
        }
    }

    /// NFKC of `sources`.
    fn compose_compatible(&mut self) {
        self.spare.clear();
        for source in &self.sources {
            decompose_compatible(source.character, |c| self.spare.push(source.becomes(c)));
        }
        for marks in self.spare.chunk_by_mut(|_, next| next.combining_class != 0) {
            order(marks);
        }
        self.sources.clear();
        compose_into(&mut self.sources, &self.spare);
    }
}

/// Puts a starter and the marks behind it, or marks alone, in canonical order.
/// Marks that change places all get the span of the whole sequence, so that
/// spans stay in order.
fn order(marks: &mut [Source]) {
    let from = usize::from(marks.first().is_some_and(|first| first.combining_class == 0));
    let marks = &mut marks[from..];
    if marks.is_sorted_by_key(|mark| mark.combining_class) {
        return;
    }
    marks.sort_by_key(|mark| mark.combining_class);
    let mut all = marks[0];
    marks.iter().for_each(|mark| all.cover(mark));
    for mark in marks {
        mark.cover(&all);
    }
}

/// Composes the ordered `decomposed` behind the empty `composed`.
fn compose_into(composed: &mut Vec<Source>, decomposed: &[Source]) {
    let mut starter: Option<usize> = None;
    for next in decomposed {
        if let Some(starter) = starter {
            let last = composed.len() - 1;
            let is_blocked = last > starter && composed[last].combining_class >= next.combining_class;
            let pair = compose(composed[starter].character, next.character);
            if let (false, Some(character)) = (is_blocked, pair) {
                composed[starter].character = character;
                composed[starter].cover(next);
                continue;
            }
        }
        if next.combining_class == 0 {
            starter = Some(composed.len());
        }
        composed.push(*next);
    }
}
