//! How many of the shared shingles each passage holds, and what of all that
//! counts.
//!
//! Each distinct shared shingle is charged, in either document by itself, to
//! the place where it stands first: to the first passage that it lies in
//! there, else to the run. What is left out takes the shingles charged to it
//! away, so a shingle counts if its first place does. The sizes of the whole
//! documents stay what shares are of: coverage says how much of a document is
//! copied, and leaving something out can only lower it.
//!
//! Time O(n) in the shared tokens and space O(passages).

use super::{Judgement, Side};
use crate::passage::anchor::{Run, Shared};
use crate::passage::extend::Stretch;
use crate::passage::prepared::{Prepared, Range, covered};
use crate::report::PassageKind;
use crate::short;

/// The overlap of two documents, in parts that may count or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Tokens of either document.
    pub tokens: [usize; 2],
    /// Distinct shingles of either document.
    pub distinct: [usize; 2],
    /// Distinct shingles that both have.
    pub shingles: usize,
    /// The passages.
    pub parts: Vec<Part>,
    /// Shingles outside passages, by the number of their kind, then document.
    pub loose: [[usize; 2]; 4],
    /// Whether one is a short text, and the other has not all of its words.
    pub changes_short_text: bool,
}

/// A passage as a part of the overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its tokens in either document.
    pub ranges: [Range; 2],
    /// Shared shingles charged to it in either document.
    pub shingles: [usize; 2],
}

/// What of an overlap counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Shared shingles of either document.
    pub shingles: [usize; 2],
    /// Tokens of either document in passages.
    pub aligned: [usize; 2],
    /// Whether a passage is among it.
    pub has_passage: bool,
}

impl Overlap {
    /// Charges what is shared to `passages` and to the kinds of runs.
    pub fn new(sides: [Side<'_>; 2], shared: &Shared, passages: &[Stretch], judgement: &Judgement) -> Self {
        let documents = sides.map(|side| side.prepared);
        let part = |passage: &Stretch| Part { ranges: [passage.a, passage.b], shingles: [0; 2] };
        let mut overlap = Self {
            tokens: documents.map(Prepared::len),
            distinct: documents.map(|document| document.shingles.distinct()),
            shingles: shared.distinct_shingles,
            parts: passages.iter().map(part).collect(),
            loose: [[0; 2]; 4],
            changes_short_text: short::changes_words(documents[0], documents[1], shared.distinct_shingles),
        };
        if passages.is_empty() && judgement.runs.is_empty() {
            overlap.loose[PassageKind::Copy as usize] = [shared.distinct_shingles; 2];
        } else {
            for (side, document) in documents.into_iter().enumerate() {
                overlap.charge(side, document, &shared.runs, judgement);
            }
        }
        overlap
    }

    fn charge(&mut self, side: usize, document: &Prepared, runs: &[Run], judgement: &Judgement) {
        let range = |run: &Run| if side == 0 { run.range_a() } else { run.range_b() };
        let mut ranges: Vec<(Range, PassageKind)> =
            runs.iter().enumerate().map(|(at, run)| (range(run), judgement.of_run(at))).collect();
        ranges.sort_by_key(|(range, _)| *range);
        let mut parts: Vec<(Range, usize)> =
            self.parts.iter().enumerate().map(|(at, part)| (part.ranges[side], at)).collect();
        parts.sort_unstable();
        let len = document.shingle_len();
        let (mut charged_to, mut part) = (0, 0);
        for (range, kind) in ranges {
            for place in range.start.max(charged_to)..range.end + 1 - len {
                let is_first = !document.shingles.recurs(place)
                    || document.shingles.find(document.shingles.in_order()[place]) == Some(place);
                if !is_first {
                    continue;
                }
                while parts.get(part).is_some_and(|(of_part, _)| of_part.end < place + len) {
                    part += 1;
                }
                match parts.get(part).filter(|(of_part, _)| of_part.start <= place) {
                    Some(&(_, owner)) => self.parts[owner].shingles[side] += 1,
                    None => self.loose[kind as usize][side] += 1,
                }
            }
            charged_to = charged_to.max(range.end + 1 - len);
        }
    }

    /// Takes the shingles outside passages that are of one kind to another.
    pub fn retell_loose(&mut self, from: PassageKind, to: PassageKind) {
        let moved = std::mem::take(&mut self.loose[from as usize]);
        for (sum, shingles) in self.loose[to as usize].iter_mut().zip(moved) {
            *sum += shingles;
        }
    }

    /// What counts, if passages are of these kinds and those that `is_counted`
    /// accepts count.
    pub fn counted(
        &self,
        kinds: impl Iterator<Item = PassageKind>,
        is_counted: impl Fn(PassageKind) -> bool,
    ) -> Counted {
        let mut counted = Counted { shingles: [self.shingles; 2], ..Counted::default() };
        let mut ranges = [Vec::new(), Vec::new()];
        let mut leave_out = |shingles: &[usize; 2]| {
            counted.shingles[0] -= shingles[0];
            counted.shingles[1] -= shingles[1];
        };
        for (part, kind) in self.parts.iter().zip(kinds) {
            if is_counted(kind) {
                ranges[0].push(part.ranges[0]);
                ranges[1].push(part.ranges[1]);
            } else {
                leave_out(&part.shingles);
            }
        }
        for kind in PassageKind::LEFT_OUT.into_iter().filter(|&kind| !is_counted(kind)) {
            leave_out(&self.loose[kind as usize]);
        }
        counted.has_passage = !ranges[0].is_empty();
        counted.aligned = ranges.map(|ranges| covered(ranges.into_iter()));
        counted
    }
}
